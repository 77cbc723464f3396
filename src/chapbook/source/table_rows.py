"""Table rows with more cells than the header; both dialects would drop the text in them.

GitHub's Markdown says that "the excess is ignored" (GitHub Flavored Markdown Spec 0.29, section 4.10), and
Python-Markdown does the same. chapbook adds the words of such cells to the last one, because usually the bar was meant
as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from chapbook.model.diagnostics import Diagnostic
from chapbook.source.code_ranges import code_ranges
from chapbook.source.positions import Locator, SourceText

__all__ = ["join_long_rows", "mend_rows"]

_DELIMITER = re.compile(
    r"^([ \t>]*+)(?=[^\n|]*+\|)\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$", re.MULTILINE
)
_BEFORE = re.compile(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\n]{1,200}\]:|:)[ \t]++[ \t>]*+){0,4}+")
"""What can come before a table's header on its line: quotations, items, notes and definitions."""
_OTHER_BLOCK = re.compile(r"[ \t>]*+(?:[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]|`{3}|~{3})")
"""What ends a table without an empty line, in CommonMark."""
_BAR = re.compile(r"\\.|(`+)|\|")
_BAR_OR_FORMULA = re.compile(rf"{_BAR.pattern}|\$(?![\s$])(?:[^$\\\n]|\\.)+?(?<!\s)\$(?![\d$])")


class _LongRow(Struct, frozen=True, kw_only=True):
    """A row with more cells than its table."""

    at: int
    """The position of the first surplus cell, at its bar."""
    cells: int
    columns: int


def mend_rows(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
    """Like `join_long_rows`, and reports those rows."""
    text, rows = join_long_rows(source.text, source.dialect)
    places = Locator(text, source.first_line)
    return text, tuple(
        source.fault(
            "table-cells",
            f"a row has {row.cells} cells in a table of {row.columns} columns",
            at=places.offset(row.at),
            hint="chapbook joins the extra cells to the last one. To show a bar, write '\\|'",
        )
        for row in rows
    )


def join_long_rows(text: str, dialect: str) -> tuple[str, tuple[_LongRow, ...]]:
    """Escapes the bars before surplus cells in `text`; returns the text and those rows.

    The number of lines stays the same. A row whose surplus cells are empty loses nothing and stays; code stays too. If
    only bars in formulas (``$|x|$``) make a row too long, they are escaped and the row isn't reported.
    """
    rows = list(_Reading(text, dialect).rows()) if "|" in text else []
    if not rows:
        return text, ()
    code = code_ranges(text, dialect)
    rows = [(row, bars) for row, bars in rows if not any(start <= bars[0] < end for start, end in code)]
    cuts = [at for _, bars in rows for at in bars]
    parts = (text[start:end] for start, end in pairwise([0, *cuts, len(text)]))
    return "\\".join(parts), tuple(row for row, _ in rows if row is not None)


class _Reading:
    """Looks for delimiter rows, and follows each table from there."""

    def __init__(self, text: str, dialect: str) -> None:
        self._text = text
        self._python = dialect == "markdown"

    def rows(self) -> Iterator[tuple[_LongRow | None, list[int]]]:
        """The rows that are too long, each with its surplus bars."""
        text, at = self._text, 0
        while (delimiter := _DELIMITER.search(text, at)) is not None:
            at = delimiter.end()
            start, end = text.rfind("\n", 0, max(0, delimiter.start() - 1)) + 1, delimiter.start() - 1
            before = _BEFORE.match(text, start, max(start, end))
            start = before.end() if before else start
            head = text[start : max(start, end)].strip()
            framed = not self._python or head.startswith("|") or head.endswith("|")
            columns = len(self._bars(start, end, framed=framed)) + 1
            if head and columns == len(self._bars(delimiter.end(1), at, framed=framed)) + 1:
                for line, after in self._lines_below(at):
                    at = after
                    bars = self._bars(line, after, framed=framed)
                    if len(bars) < columns or not text[bars[columns - 1] : after].strip(" \t|"):
                        continue
                    outside = self._bars(line, after, framed=framed, pattern=_BAR_OR_FORMULA)
                    if len(outside) == columns - 1:
                        yield None, [bar for bar in bars if bar not in outside]
                    else:
                        yield _LongRow(at=bars[columns - 1], cells=len(bars) + 1, columns=columns), bars[columns - 1 :]

    def _lines_below(self, at: int) -> Iterator[tuple[int, int]]:
        while at < len(self._text):
            start, end = at + 1, self._text.find("\n", at + 1)
            at = end if end >= 0 else len(self._text)
            if not self._text[start:at].strip(" \t>"):
                return
            if not self._python and _OTHER_BLOCK.match(self._text, start, at):
                return
            yield start, at

    def _bars(self, start: int, end: int, *, framed: bool, pattern: re.Pattern[str] = _BAR) -> list[int]:
        """The bars that separate cells: not those around a framed row and, for Python-Markdown, not those in code."""
        text = self._text
        while start < end and text[start] in " \t>":
            start += 1
        while start < end and text[end - 1] in " \t":
            end -= 1
        bars, at = [], start
        while (match := pattern.search(text, at, end)) is not None:
            at = match.end()
            if match[0] == "|":
                bars.append(match.start())
            elif match[1] and self._python:
                closing = re.compile(rf"(?<!`){match[1]}(?!`)").search(text, at, end)
                at = closing.end() if closing else at
        if framed and bars and bars[0] == start:
            del bars[0]
        if framed and bars and bars[-1] == end - 1:
            del bars[-1]
        return bars
