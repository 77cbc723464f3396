"""Fenced code in the ``markdown`` dialect, where CommonMark has it: in items, notes, definitions and quotations."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from markdown.extensions.fenced_code import FencedBlockPreprocessor
from msgspec import Struct

__all__ = ["Fences", "list_depth", "width_of"]

_QUOTED = r" {0,3}>[> ]*"
"""A pattern for the start of a quotation's line."""
_OPENING = re.compile(rf"({_QUOTED})(`{{3,}}|~{{3,}})([^`]*)")
_MARK = re.compile(r" {0,3}> ?")


class _QuotedFence(Struct, frozen=True, kw_only=True):
    """A code fence in a quotation."""

    lines: Sequence[str]
    """The fence's lines, without the quotation's marks."""
    mark: str
    """What each line of the quotation begins with."""
    last: int
    """The index of its last line."""
    goes_on: bool
    """Whether the quotation continues below it."""


class _QuotedFences:
    """The code fences in the quotations of a text. It looks for each end only once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._unclosed: dict[str, int] = {}

    def beginning(self, at: int) -> _QuotedFence | None:
        """The fence that begins on the line `at`; ``None`` if none does or it isn't closed inside its quotation."""
        opening = _OPENING.fullmatch(self._lines[at])
        if opening is None or at < self._unclosed.get(opening[2], 0):
            return None
        depth, fence = opening[1].count(">"), opening[2]
        block = [opening[2] + opening[3]]
        for index in range(at + 1, len(self._lines)):
            line = _without_marks(self._lines[index], depth)
            if line is None:
                self._unclosed[fence] = index
                return None
            block.append(line)
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                block[-1] = fence
                below = self._lines[index + 1 : index + 2]
                goes_on = bool(below) and _MARK.match(below[0]) is not None
                return _QuotedFence(lines=block, mark="> " * depth, last=index, goes_on=goes_on)
        self._unclosed[fence] = len(self._lines)
        return None


def _without_marks(line: str, depth: int) -> str | None:
    """`line` without the marks of `depth` quotations; ``None`` if it has fewer."""
    at = 0
    for _ in range(depth):
        mark = _MARK.match(line, at)
        if mark is None:
            return None
        at = mark.end()
    return line[at:]


_LABEL = r"\[\^[^\]\n]+\]:[ ]*|:[ ]{1,3}"
"""A pattern for the start of a note or definition."""
_INDENTED_FENCE = re.compile(rf"^(?: +| *(?:[-+*]|\d+\.) +|{_LABEL}|{_QUOTED})(?:`{{3,}}|~{{3,}})", re.MULTILINE)
_FENCE = re.compile(r"( +)(`{3,}|~{3,})([^`]*)")
_PLAIN_FENCE = re.compile(r"`{3,}|~{3,}")
_FENCE_ALONE = re.compile(r"\s*+(?:`{3,}+|~{3,}+)\s*+")
_ITEM_FENCE = re.compile(rf"( *(?:[-+*]|\d+\.) +|{_LABEL})(`{{3,}}|~{{3,}})([^`]*)")
_ITEM = re.compile(r" *(?:(?:[-+*]|\d+\.)\s|\[\^[^\]\n]+\]:|:\s)")
"""The start of a block that others can be indented under: a list item, note or definition."""
_LONGEST_PARAGRAPH = 100
"""The most lines above a fence that are searched for the beginning of its item."""


class Fences(FencedBlockPreprocessor):
    """Fenced code, also at the start of a list item, indented below one by two, three or four spaces, or in a
    quotation.

    What follows the language on its line (``rust,ignore``, ``go {linenos=table}``) is ignored: Python-Markdown wouldn't
    recognise such a fence.
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
        quotations = _QuotedFences(lines)
        at = width = depth = 0
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
            inside = list_depth(result, len(fence[1])) if fence else 0
            end = (
                _closing(lines, closers, at, fence[2])
                if fence and (inside or len(fence[1]) < self.md.tab_length)
                else None
            )
            if fence is None or end is None:
                item, last = self._item(lines, closers, at)
                if item.strip() and depth:
                    depth = self._go_on(result, item, width, depth)
                else:
                    result.append(item)
                at = last + 1
                continue
            width, depth = len(fence[1]), inside
            block = [_cut(line, width) for line in lines[at : end + 1]]
            result += [" " * self.md.tab_length * depth + line if line else "" for line in super().run(block)]
            at = end + 1
        return result

    def _go_on(self, result: list[str], line: str, width: int, depth: int) -> int:
        """Adds a line below a fence in list items, indented by `width`. Returns the line's depth.

        A line indented like the fence belongs to the fence's item. The next item needs an empty line before it;
        otherwise Python-Markdown reads it as text of this one.
        """
        if width_of(line) >= width:
            result.append(" " * self.md.tab_length * depth + line[width:])
            return depth
        if _ITEM.match(line) and result and result[-1].strip():
            result.append("")
        result.append(line)
        return 0

    def _item(self, lines: list[str], closers: list[int], at: int) -> tuple[str, int]:
        """The line `at`, or the whole fence if it begins a list item there, as one line; and the number of its last
        line.
        """
        fence = _ITEM_FENCE.fullmatch(lines[at])
        end = _closing(lines, closers, at, fence[2]) if fence else None
        if fence is None or end is None or any(line[:1].strip() for line in lines[at + 1 : end + 1]):
            return lines[at], at
        width = len(fence[1])
        below = self.md.tab_length if fence[1].lstrip()[0] in "[:" else width
        block = [lines[at][width:], *(_cut(line, below) for line in lines[at + 1 : end + 1])]
        return fence[1] + "".join(super().run(block)), end


def _end_of_shown(lines: list[str], at: int, lasts: Mapping[str, int]) -> int:
    """The last line of an unindented fence, in which other fences are text; 0 if none begins here.

    `lasts` maps a line's text to its last occurrence.
    """
    fence = _PLAIN_FENCE.match(lines[at])
    if fence is None or lasts.get(fence[0], 0) <= at:
        return 0
    return next(index for index in range(at + 1, len(lines)) if lines[index].rstrip(" ") == fence[0])


def list_depth(lines: list[str], indent: int) -> int:
    """How many list items deep Python-Markdown puts a line with this indentation after `lines`."""
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        own = width_of(line)
        if line.strip() and own < indent:
            begin = _begin_of_item(lines, at, indent)
            if begin is not None:
                return width_of(lines[begin]) // 4 + 1
            indent = own
        if not indent:
            break
    return 0


def _begin_of_item(lines: Sequence[str], at: int, indent: int) -> int | None:
    """The first line of the list item that the line `at` continues, if that is indented less."""
    for above in range(at, max(-1, at - _LONGEST_PARAGRAPH), -1):
        if not lines[above].strip():
            return None
        if width_of(lines[above]) < indent and _ITEM.match(lines[above]):
            return above
    return None


def width_of(line: str) -> int:
    """The number of spaces at the start of `line`."""
    return len(line) - len(line.lstrip(" "))


def _closing(lines: list[str], closers: list[int], at: int, fence: str) -> int | None:
    """The line that closes the fence of the line `at`; `closers` are lines with only a fence."""
    for nth in range(bisect_right(closers, at), len(closers)):
        line = lines[closers[nth]].strip()
        if len(line) >= len(fence) and line[0] == fence[0]:
            return closers[nth]
    return None


def _cut(line: str, width: int) -> str:
    return line[min(width_of(line), width) :]
