"""What Python-Markdown's core lacks: notes in the common form, strikethrough, mathematics, tasks, nested fences.

Each is a processor of Python-Markdown; `ChapbookSyntax` registers them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from bisect import bisect_right
from collections.abc import Mapping
from itertools import takewhile

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from chapbook.rendering.dialects.attribute_lists import AttributeLists
from chapbook.rendering.dialects.html_blocks import HtmlBlocks
from chapbook.rendering.dialects.money import is_money
from chapbook.rendering.dialects.quick_search import QuickInline, ask_blocks_by_sign
from chapbook.rendering.dialects.quotations import Quotations
from chapbook.rendering.dialects.quoted_fences import QUOTED, QuotedFences

__all__ = ["ChapbookSyntax"]

_NOTE = r"\[\^([^\]\n]+)\]"
_STRIKE = r"(?<!~)(~~)(?!~)(?=\S)(.+?)(?<=\S)~~(?!~)"
_DISPLAY = r"(?<!\\)\$\$(?!\$)(.+?)(?<!\\)\$\$"
_INLINE = r"(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?![\d$])"
_TASK = re.compile(r"\[([ xX])\](?:[ \t\n]+|$)")
_INDENTED_FENCE = re.compile(rf"^(?: +| *(?:[-+*]|\d+\.) +|{QUOTED})(?:`{{3,}}|~{{3,}})", re.MULTILINE)
_FENCE = re.compile(r"( +)(`{3,}|~{3,})([^`]*)")
_PLAIN_FENCE = re.compile(r"`{3,}|~{3,}")
_FENCE_ALONE = re.compile(r"\s*+(?:`{3,}+|~{3,}+)\s*+")
_ITEM_FENCE = re.compile(r"( *(?:[-+*]|\d+\.) +)(`{3,}|~{3,})([^`]*)")
_ITEM = re.compile(r" *(?:(?:[-+*]|\d+\.)\s|\[\^[^\]\n]+\]:)")
"""What a block belongs to that is indented below it: a list item, or a note."""
_STASHED = re.compile("\x02")
"""Python-Markdown's own sign for what it put aside: code and the like, which is no part of a formula."""


class ChapbookSyntax(Extension):
    """Registers the processors; a later extension may replace one by its name."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Called once for each instance of Markdown."""
        md.registerExtension(self)
        self._notes = _Notes(md)
        md.parser.blockprocessors.register(self._notes, "footnote", 17)
        md.parser.blockprocessors.register(Quotations(md.parser), "quote", 20)
        ask_blocks_by_sign(md)
        md.inlinePatterns.register(_NoteReference(self._notes, md), "footnote", 175)
        md.inlinePatterns.register(_Formula(_DISPLAY, md, "math-display"), "chapbook-display", 186)
        md.inlinePatterns.register(_Formula(_INLINE, md, "math-inline"), "chapbook-inline", 185)
        md.inlinePatterns.register(SimpleTagInlineProcessor(_STRIKE, "del"), "chapbook-strike", 65)
        signs = {_NOTE: "[^", _DISPLAY: "$$", _INLINE: "$", _STRIKE: "~~"}
        md.treeprocessors.register(QuickInline(md, signs), "inline", 20)
        md.treeprocessors.register(_Tasks(md), "chapbook-tasks", 25)
        md.treeprocessors.register(AttributeLists(md), "attr_list", 8)
        md.preprocessors.register(_Fences(md, {"lang_prefix": "language-"}), "fenced_code_block", 25)
        md.preprocessors.register(HtmlBlocks(md), "html_block", 20)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$", "~", "<", '"', "'"]

    def reset(self) -> None:
        """Called before each text."""
        self._notes.labels.clear()


class _Notes(BlockProcessor):
    """Parses ``[^label]: …`` with what is indented below it, in its place, as any other block."""

    _DEFINITION = re.compile(r"^[ ]{0,3}\[\^([^\]\n]+)\]:[ \t]*(.*)$", re.MULTILINE)

    def __init__(self, md: Markdown) -> None:
        super().__init__(md.parser)
        self.labels: dict[str, str] = {}

    def test(self, parent: ET.Element, block: str) -> bool:  # noqa: ARG002 - Python-Markdown's signature
        return "[^" in block and self._DEFINITION.search(block) is not None

    def run(self, parent: ET.Element, blocks: list[str]) -> bool | None:
        block = blocks.pop(0)
        definition = self._DEFINITION.search(block)
        if definition is None:
            blocks.insert(0, block)
            return False
        before = block[: definition.start()].strip("\n")
        if before.strip():
            self.parser.parseBlocks(parent, [before])
        definitions = list(self._DEFINITION.finditer(block))
        ends = [each.start() for each in definitions[1:]] + [len(block)]
        for each, end in zip(definitions, ends, strict=True):
            content = ["\n".join([each[2], _dedented(block[each.end() : end].lstrip("\n"))]).strip("\n")]
            if end == len(block):
                indented = list(takewhile(lambda following: following.lstrip("\n").startswith("    "), blocks))
                del blocks[: len(indented)]
                content += [_dedented(following.strip("\n")) for following in indented]
            self._add(parent, each[1], "\n\n".join(content))
        return True

    def _add(self, parent: ET.Element, label: str, content: str) -> None:
        self.labels.setdefault(_folded(label), label)
        note = ET.SubElement(parent, "div", {"class": "footnote-definition", "id": label})
        sign = ET.SubElement(note, "sup", {"class": "footnote-definition-label"})
        sign.text = AtomicString(str(len(self.labels)))
        self.parser.parseChunk(note, content)


class _NoteReference(InlineProcessor):
    """``[^label]`` where the label is defined; any other stays text."""

    def __init__(self, notes: _Notes, md: Markdown) -> None:
        super().__init__(_NOTE, md)
        self._notes = notes

    def handleMatch(  # type: ignore[override] # noqa: N802 - Python-Markdown's name; None says that it is no match
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element | None, int | None, int | None]:
        del data
        label = self._notes.labels.get(_folded(m[1]))
        if label is None:
            return None, None, None
        sign = ET.Element("sup", {"class": "footnote-reference"})
        link = ET.SubElement(sign, "a", {"href": f"#{label}"})
        link.text = AtomicString("1")
        return sign, m.start(0), m.end(0)


class _Formula(InlineProcessor):
    """``$…$`` and ``$$…$$`` as pandoc has them: no space inside the signs, no digit after the closing one."""

    def __init__(self, pattern: str, md: Markdown, kind: str) -> None:
        super().__init__(pattern, md)
        self._kind = kind

    def handleMatch(  # type: ignore[override] # noqa: N802 - see above
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element | None, int | None, int | None]:
        del data
        if _STASHED.search(m[1]) or (self._kind == "math-inline" and is_money(m[1])):
            return None, None, None
        formula = ET.Element("span", {"class": f"math {self._kind}"})
        formula.text = AtomicString(m[1])
        return formula, m.start(0), m.end(0)


class _Tasks(Treeprocessor):
    """``[ ]`` and ``[x]`` at the beginning of a list item become check boxes, as in GitHub's Markdown."""

    def run(self, root: ET.Element) -> None:
        for item in root.iter("li"):
            holder = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
            task = _TASK.match(holder.text or "")
            if task:
                box = ET.Element("input", {"type": "checkbox", "disabled": ""})
                if task[1] != " ":
                    box.set("checked", "")
                box.tail = (holder.text or "")[task.end() :]
                holder.text = ""
                holder.insert(0, box)


class _Fences(FencedBlockPreprocessor):
    """Fenced code, also where it begins a list item, is indented under one by two, three or four
    spaces, or stands in a quotation.

    What follows the language on its line (``rust,ignore``, ``go {linenos=table}``) is passed over: Python-Markdown
    would take no such fence for one.
    """

    FENCED_BLOCK_RE = re.compile(
        r"""
        ^(?P<fence>~{3,}|`{3,})[ ]*+
        (?:\{(?P<attrs>[^\n]*)\}(?=[ ]*\n)
          |(?:\.?(?P<lang>[\w\#.+-]*+)[ ]*+)?(?:hl_lines=(?P<quot>"|')(?P<hl_lines>[^\n"']*+)(?P=quot)[ ]*+)?)
        [^`\n]*+\n
        (?P<code>.*?)(?<=\n)
        (?P=fence)[ ]*$
        """,
        re.MULTILINE | re.DOTALL | re.VERBOSE,
    )

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        return super().run(self._unindented(lines) if _INDENTED_FENCE.search(text) else lines)

    def _unindented(self, lines: list[str]) -> list[str]:
        result: list[str] = []
        lasts = {line.rstrip(" "): index for index, line in enumerate(lines)}
        closers = [index for index, line in enumerate(lines) if _FENCE_ALONE.fullmatch(line)]
        quotations = QuotedFences(lines)
        at = 0
        while at < len(lines):
            shown = _end_of_shown(lines, at, lasts)
            if shown:
                result += lines[at : shown + 1]
                at = shown + 1
                continue
            quoted = quotations.beginning(at)
            if quoted:
                block = [f"{quoted.mark}{line}".rstrip(" ") for line in super().run(list(quoted.lines))]
                result += block if quoted.goes_on else block[:-1]
                at = quoted.last + 1
                continue
            fence = _FENCE.fullmatch(lines[at])
            depth = _list_depth(result, len(fence[1])) if fence else 0
            end = (
                _closing(lines, closers, at, fence[2])
                if fence and (depth or len(fence[1]) < self.md.tab_length)
                else None
            )
            if fence is None or end is None:
                item, last = self._item(lines, closers, at)
                result.append(item)
                at = last + 1
                continue
            width = len(fence[1])
            block = [_cut(line, width) for line in lines[at : end + 1]]
            result += [" " * self.md.tab_length * depth + line if line else "" for line in super().run(block)]
            at = end + 1
        return result

    def _item(self, lines: list[str], closers: list[int], at: int) -> tuple[str, int]:
        """The line `at`, or all of a fence that begins a list item there as one line; and the last line that it is."""
        fence = _ITEM_FENCE.fullmatch(lines[at])
        end = _closing(lines, closers, at, fence[2]) if fence else None
        if fence is None or end is None or any(line[:1].strip() for line in lines[at + 1 : end + 1]):
            return lines[at], at
        width = len(fence[1])
        block = [lines[at][width:], *(_cut(line, width) for line in lines[at + 1 : end + 1])]
        return fence[1] + "".join(super().run(block)), end


def _end_of_shown(lines: list[str], at: int, lasts: Mapping[str, int]) -> int:
    """The last line of a fence that is not indented, in which other fences are text; 0 where none begins.

    `lasts`: by its text, where a line stands last.
    """
    fence = _PLAIN_FENCE.match(lines[at])
    if fence is None or lasts.get(fence[0], 0) <= at:
        return 0
    return next(index for index in range(at + 1, len(lines)) if lines[index].rstrip(" ") == fence[0])


def _list_depth(lines: list[str], indent: int) -> int:
    """In how many list items, as Python-Markdown counts them, a line stands that is indented so and follows `lines`."""
    for line in reversed(lines):
        own = len(line) - len(line.lstrip(" "))
        if line.strip() and own < indent:
            if _ITEM.match(line):
                return own // 4 + 1
            indent = own
        if not indent:
            break
    return 0


def _closing(lines: list[str], closers: list[int], at: int, fence: str) -> int | None:
    """The line that closes the fence of the line `at`, of those (`closers`) that hold a fence and nothing else."""
    for nth in range(bisect_right(closers, at), len(closers)):
        line = lines[closers[nth]].strip()
        if len(line) >= len(fence) and line[0] == fence[0]:
            return closers[nth]
    return None


def _cut(line: str, width: int) -> str:
    own = len(line) - len(line.lstrip(" "))
    return line[min(own, width) :]


def _dedented(block: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in block.split("\n"))


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
