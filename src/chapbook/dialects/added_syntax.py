"""Syntax that Python-Markdown's core lacks: footnotes in the common form, strikethrough, mathematics, tasks.

Each is a Python-Markdown processor; `ChapbookSyntax` registers them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import takewhile

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from chapbook.dialects.commonmark import is_money
from chapbook.dialects.fences import Fences
from chapbook.dialects.mended_blocks import AtxHeadings, HtmlBlocks, ListsAfterText, Quotations
from chapbook.dialects.mended_inline import AttributeLists, Verbatim, keep_words
from chapbook.dialects.quick_search import QuickInline, ask_blocks_by_sign
from chapbook.model.diagnostics import ChapbookError, Diagnostic

__all__ = ["ChapbookSyntax"]

_NOTE = r"\[\^([^\]\n]+)\]"
_STRIKE = r"(?<!~)(~~)(?!~)(?=\S)(.+?)(?<=\S)~~(?!~)"
_DISPLAY = r"(?<!\\)\$\$(?!\$)(.+?)(?<!\\)\$\$"
_INLINE = r"(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?![\d$])"
_TASK = re.compile(r"\[([ xX])\](?:[ \t\n]+|$)")
_STASHED = re.compile("\x02")
"""Python-Markdown's placeholder for code and similar, which can't be part of a formula."""


class ChapbookSyntax(Extension):
    """Registers the processors; a later extension can replace one by its name."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Python-Markdown calls this once for each instance."""
        md.registerExtension(self)
        self._notes = _Notes(md)
        md.parser.blockprocessors.register(self._notes, "footnote", 17)
        md.parser.blockprocessors.register(Quotations(md.parser), "quote", 20)
        md.parser.blockprocessors.register(AtxHeadings(md.parser), "hashheader", 70)
        ask_blocks_by_sign(md)
        keep_words(md)
        reference = _NoteReference(self._notes, md)
        display, inline = _Formula(_DISPLAY, md, "math-display"), _Formula(_INLINE, md, "math-inline")
        md.inlinePatterns.register(reference, "footnote", 175)
        md.inlinePatterns.register(display, "chapbook-display", 186)
        md.inlinePatterns.register(inline, "chapbook-inline", 185)
        md.inlinePatterns.register(SimpleTagInlineProcessor(_STRIKE, "del"), "chapbook-strike", 65)
        signs = {_NOTE: "[^", _DISPLAY: "$$", _INLINE: "$", _STRIKE: "~~"}
        md.treeprocessors.register(QuickInline(md, signs), "inline", 20)
        md.treeprocessors.register(_Tasks(md), "chapbook-tasks", 25)
        verbatim = Verbatim(
            md, note=reference.end, formula=lambda text, at: display.end(text, at) or inline.end(text, at)
        )
        md.treeprocessors.register(verbatim, "chapbook-verbatim", 22)
        md.treeprocessors.register(AttributeLists(md), "attr_list", 8)
        md.treeprocessors.register(_Unfolded(md), "chapbook-unfolded", 5)
        md.preprocessors.register(Fences(md, {"lang_prefix": "language-"}), "fenced_code_block", 25)
        md.preprocessors.register(HtmlBlocks(md), "html_block", 20)
        md.preprocessors.register(ListsAfterText(md), "chapbook-lists", 15)
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$", "~", "<", '"', "'"]

    def reset(self) -> None:
        """Python-Markdown calls this before each text."""
        self._notes.labels.clear()


class _Notes(BlockProcessor):
    """Parses a footnote, ``[^label]: …`` with the indented text below it, in its place like other blocks."""

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
    """``[^label]``, if the label is defined; otherwise it stays text."""

    def __init__(self, notes: _Notes, md: Markdown) -> None:
        super().__init__(_NOTE, md)
        self._notes = notes

    def end(self, text: str, start: int) -> int:
        """The end of the reference that begins at `start`; 0 if there is none."""
        found = self.compiled_re.match(text, start)
        return found.end() if found and _folded(found[1]) in self._notes.labels else 0

    def handleMatch(  # type: ignore[override] # noqa: N802 - Python-Markdown's name; None means no match
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
    """``$…$`` and ``$$…$$`` by pandoc's rules: no space inside the signs, no digit after the closing one."""

    def __init__(self, pattern: str, md: Markdown, kind: str) -> None:
        super().__init__(pattern, md)
        self._kind = kind

    def end(self, text: str, start: int) -> int:
        """The end of the formula that begins at `start`; 0 if there is none, or if it may contain code."""
        found = self.compiled_re.match(text, start)
        return found.end() if found and "`" not in found[0] and not self._is_refused(found[1]) else 0

    def _is_refused(self, tex: str) -> bool:
        return _STASHED.search(tex) is not None or (self._kind == "math-inline" and is_money(tex))

    def handleMatch(  # type: ignore[override] # noqa: N802 - see above
        self, m: re.Match[str], data: str
    ) -> tuple[ET.Element | None, int | None, int | None]:
        del data
        if self._is_refused(m[1]):
            return None, None, None
        formula = ET.Element("span", {"class": f"math {self._kind}"})
        formula.text = AtomicString(m[1])
        return formula, m.start(0), m.end(0)


class _Tasks(Treeprocessor):
    """Turns ``[ ]`` and ``[x]`` at the beginning of a list item into check boxes, like GitHub."""

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


_MOST_UNFOLDED = 20_000_000
"""The most characters of a chapter's addresses and titles together, each counted where it is used."""


class _Unfolded(Treeprocessor):
    """Limits how much text references and abbreviations can expand to: 140 KB could become 1 GB."""

    def run(self, root: ET.Element) -> None:
        length = 0
        for element in root.iter():
            values = list(map(str, element.attrib.values()))  # an extension may give a number, or nothing
            length += sum(map(len, values))
            if length > _MOST_UNFOLDED:
                longest = max(values, key=len)
                raise ChapbookError(
                    Diagnostic.of(
                        "unfolded",
                        f"what references and abbreviations repeat is longer than {_MOST_UNFOLDED // 1_000_000} "
                        f"million characters, such as '{longest[:20]}…'",
                        hint="shorten the addresses and titles that are used many times",
                    )
                )


def _dedented(block: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in block.split("\n"))


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
