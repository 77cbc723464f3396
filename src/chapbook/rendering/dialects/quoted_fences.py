"""Fenced code within quotations, which Python-Markdown does not know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

__all__ = ["QUOTED", "QuotedFence", "QuotedFences"]

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
