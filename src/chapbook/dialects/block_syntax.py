"""Headings that begin with number signs in the ``markdown`` dialect, which may end in one: ``# C#``."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockQuoteProcessor, HashHeaderProcessor
from markdown.util import ETX, STX
from msgspec import Struct

from chapbook.dialects.inline_syntax import AttributeLists

__all__ = ["QUOTED", "AtxHeadings", "Quotations", "QuotedFence", "QuotedFences"]

_HASH = f"{STX}{ord('#')}{ETX}"
"""As Python-Markdown writes an escaped one."""


class AtxHeadings(HashHeaderProcessor):
    """``# …``; the signs that close it have a space before them (CommonMark 0.31.2, section 4.2): ``# C#``."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?P<header>[^\n]*+)(?:\n|$)")

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        super().run(parent, blocks)
        heading = parent[-1]
        text = _unclosed(heading.text or "")
        attributes = AttributeLists.HEADER_RE.search(text) if "{" in text else None
        end = attributes.start() if attributes else len(text)
        heading.text = _unclosed(text[:end]) + text[end:]


def _unclosed(heading: str) -> str:
    """`heading` without the signs that close it; others at its end are escaped, or attribute lists would take them."""
    without = heading.rstrip("#")
    words = without.rstrip() if not without or without[-1].isspace() else heading
    without = words.rstrip("#")
    count = len(words) - len(without)
    if not count:
        return words
    return without + ("#" if without.endswith("\\") else _HASH) + _HASH * (count - 1)


_ALERT = re.compile(r"\s*\[!(?:note|tip|important|warning|caution)\][-+]?(?=\s|$)\s*(?P<words>\S)?", re.IGNORECASE)


class Quotations(BlockQuoteProcessor):
    """Python-Markdown joins quotations that a blank line parts; an alert is one of its own, as GitHub has it."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self._begins_alert = False

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Takes the quotation of the first of `blocks`."""
        first = self.RE.search(blocks[0])
        self._begins_alert = first is not None and _ALERT.match(first[2]) is not None
        super().run(parent, blocks)

    def lastChild(self, parent: ET.Element) -> ET.Element | None:  # noqa: N802 - Python-Markdown's name
        """What the quotation joins if it is one as well; nothing where either of the two is an alert."""
        last = super().lastChild(parent)
        return None if last is None or self._begins_alert or _is_whole_alert(last) else last


def _is_whole_alert(element: ET.Element) -> bool:
    first = element[0] if element.tag == "blockquote" and len(element) else None
    mark = _ALERT.match(first.text or "") if first is not None and first.tag == "p" else None
    return mark is not None and (mark["words"] is not None or len(element) > 1)


QUOTED = r" {0,3}>[> ]*"
"""Begins a line of a quotation, as a pattern."""
_OPENING = re.compile(rf"({QUOTED})(`{{3,}}|~{{3,}})([^`]*)")
_MARK = re.compile(r" {0,3}> ?")


class QuotedFence(Struct, frozen=True, kw_only=True):
    """A fence in a quotation."""

    lines: Sequence[str]
    """Of the fence, without the marks of the quotation."""
    mark: str
    """What a line of the quotation begins with."""
    last: int
    """The index of its last line."""
    goes_on: bool
    """Whether the quotation has lines below it."""


class QuotedFences:
    """The fences in the quotations of a text. Each search for an end is made once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._unclosed: dict[str, int] = {}

    def beginning(self, at: int) -> QuotedFence | None:
        """The fence that begins on the line `at`, if one does and closes before its quotation ends."""
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
                return QuotedFence(lines=block, mark="> " * depth, last=index, goes_on=goes_on)
        self._unclosed[fence] = len(self._lines)
        return None


def _without_marks(line: str, depth: int) -> str | None:
    """`line` without the marks of so many quotations; none where it has fewer."""
    at = 0
    for _ in range(depth):
        mark = _MARK.match(line, at)
        if mark is None:
            return None
        at = mark.end()
    return line[at:]
