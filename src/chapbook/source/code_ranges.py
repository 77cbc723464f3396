"""Finds code blocks in Markdown text, line by line, before a dialect reads it (CommonMark 0.31, 4.4, 4.5).

It needn't be exact in complex nesting: it only decides which shortcodes are examples.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

__all__ = ["Ranges", "code_ranges"]

_FENCE = re.compile(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+){0,4})(`{3,}|~{3,})([^\n]*)")
_CLOSING = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*")
_CONTAINER = re.compile(r"[ ]{0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]|\[\^[^\]\n]+\]:|:[ \t]|(?:!!!|\?\?\?)[ +])")
"""The start of a block whose further paragraphs are indented without being code."""


class Ranges:
    """Sorted, separate ranges of a text, prepared for many lookups."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self._ranges = ranges
        self._starts = [start for start, _ in ranges]

    def __contains__(self, index: int) -> bool:
        before = bisect_right(self._starts, index) - 1
        return before >= 0 and index < self._ranges[before][1]


def code_ranges(text: str, dialect: str) -> list[tuple[int, int]]:
    """The ranges of fenced and indented code in `text`, in order, including the fences.

    An unclosed fence makes the rest of the text code in CommonMark, and is text in Python-Markdown.
    """
    lines = list(_lines(text))
    ranges, nth = [], 0
    unclosed: dict[str, int] = {}
    blank, contained, indented = True, False, False
    while nth < len(lines):
        start, line = lines[nth]
        last = _fenced(lines, nth, dialect, unclosed)
        if last is not None:
            ranges.append((start, lines[last][0] + len(lines[last][1])))
            nth, blank, indented = last + 1, False, False
            continue
        if not line.strip():
            blank = True
        elif line.startswith(("    ", "\t")) and not contained and (blank or indented):
            ranges.append((start, start + len(line)))
            indented, blank = True, False
        else:
            contained = bool(_CONTAINER.match(line)) or (contained and (line[0] in " \t" or not blank))
            indented = blank = False
        nth += 1
    return ranges


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _fenced(lines: list[tuple[int, str]], nth: int, dialect: str, unclosed: dict[str, int]) -> int | None:
    """The last line of the fenced code that begins on the line `nth`; ``None`` if none does.

    `unclosed` has, by a fence's character and whether it is quoted, the shortest fence that isn't closed any more.
    """
    found = _FENCE.match(lines[nth][1])
    if not found or (found[2][0] == "`" and "`" in found[3]):
        return None
    kind = ("> " if ">" in found[1] else "") + found[2][0]
    if len(found[2]) >= unclosed.get(kind, len(found[2]) + 1):
        return None
    for last in range(nth + 1, len(lines)):
        line = lines[last][1]
        if kind[0] == ">" and not line.lstrip().startswith(">"):
            return last - 1
        closing = _CLOSING.fullmatch(line)
        if closing and closing[1][0] == found[2][0] and len(closing[1]) >= len(found[2]):
            return last
    unclosed[kind] = len(found[2])
    return len(lines) - 1 if dialect == "commonmark" else None
