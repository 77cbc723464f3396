"""Rewrites what a dialect would misread: comments, indented raw HTML, table rows with more cells than the header.

Python-Markdown misses comments that begin inside a line and span several, CommonMark those with a blank line in a
paragraph, and both those that end in ``-- >``; none ever ships. CommonMark reads what follows an empty line in indented
HTML as code. Both drop the text in surplus cells: GitHub's Markdown says that "the excess is ignored" (GitHub Flavored
Markdown Spec 0.29, section 4.10). chapbook adds it to the last cell, because usually the bar was meant as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.marks import EMPTY_COMMENT
from chapbook.source.lines import code_ranges, width_of
from chapbook.source.positions import Changed, Locator, SourceText

__all__ = ["join_long_rows", "mend_rows", "settle_comments", "settle_indentation"]

_SHORT = re.compile(r"-?>")
_END = re.compile(r"--!?>")
_LOOSE_END = re.compile(r"--[ \t]+>")
_MAY_HOLD_CODE = re.compile(r"`|~~~|\t|    ")
"""A text without any of these has no code (CommonMark 0.31.2, 4.4, 4.5, 6.1), so it needn't be parsed for code."""
_LEADS = re.compile(r"(?:^|\n)[ ]{0,3}\Z")
_WORDS_AFTER = re.compile(r"[ \t]*+(?=[^\s<])")


def settle_comments(source: SourceText) -> Changed:
    """Empties each comment, keeping the number of lines, and reports comments that are never closed.

    Code is left alone. For an unclosed comment only its sign is removed; the words after it stay.
    """
    text = source.text
    places = Locator(text, source.first_line)
    may_hold_code = _MAY_HOLD_CODE.search(text) is not None
    parts: list[str] = []
    unclosed: list[int] = []
    loose_ends = _LOOSE_END.search(text) is not None
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        if may_hold_code and places.is_code(start):
            parts.append(text[at : start + 4])
            at = start + 4
            continue
        parts.append(text[at:start])
        end = -1 if unclosed else _end(text, start + 4)
        if loose_ends and (end < 0 or text.find("\n\n", start, end) >= 0):
            loose = _loose_end(text, start + 4)
            end = loose if loose >= 0 else end
        if end < 0:
            unclosed.append(start)
            at = start + 4
        else:
            words = _words_after(text, start, end)
            parts.append(("" if words else EMPTY_COMMENT) + "\n" * text.count("\n", start, end))
            at = words or end
    parts.append(text[at:])
    return "".join(parts), tuple(_unclosed_comment(source, places.offset(start)) for start in unclosed[:1])


def _unclosed_comment(source: SourceText, at: Position) -> Diagnostic:
    return source.fault(
        "markup-unwrapped",
        "a comment begins with '<!--' and never ends",
        at=at,
        hint="its text stays. End it with '-->', or put '<!--' in backticks to show the sign itself",
    )


def _words_after(text: str, start: int, end: int) -> int:
    """The position of the words after a comment that begins its line; 0 if there are none.

    CommonMark would read the whole line as raw HTML, but the words are the author's Markdown.
    """
    words = _WORDS_AFTER.match(text, end) if _LEADS.search(text, max(0, start - 4), start) else None
    return words.end() if words else 0


def _end(text: str, start: int) -> int:
    short = _SHORT.match(text, start)
    if short:
        return short.end()
    end = _END.search(text, start)
    return end.end() if end else -1


def _loose_end(text: str, start: int) -> int:
    """The last ``-- >`` on the line, which old manuals allowed as an end."""
    line = text.find("\n", start)
    found = [match.end() for match in _LOOSE_END.finditer(text, start, line if line >= 0 else len(text))]
    return found[-1] if found else -1


_HTML_NAMES = (
    "article|aside|blockquote|center|details|div|dl|fieldset|figure|footer|form|header|main|nav|ol|section|table|ul"
)
_BEGINS = re.compile(rf"[ ]{{0,3}}<(?:{_HTML_NAMES})(?=[\s>])", re.IGNORECASE)
_SOMEWHERE = re.compile(rf"\n[ ]{{0,3}}<(?:{_HTML_NAMES})(?=[\s>])", re.IGNORECASE)
_HTML_TAG = re.compile(rf"<(/?)(?:{_HTML_NAMES})(?=[\s>])[^<>]*>", re.IGNORECASE)
_CODE_FENCE = re.compile(r"[ ]*(`{3,}|~{3,})")
_CODE = 4
"""Spaces from which a line after an empty one is code."""


def settle_indentation(source: SourceText) -> Changed:
    """Removes indentation after an empty line in raw HTML if lines before it were indented too.

    If they weren't (``<details>``, an empty line, an indented line), code is meant.
    """
    if _SOMEWHERE.search(f"\n{source.text}") is None:
        return source.text, ()
    lines = source.text.split("\n")
    depth = cut = 0
    indented = below = False
    fence = ""
    for at, line in enumerate(lines):
        found = _CODE_FENCE.match(line)
        if found and (not fence or (found[1].startswith(fence) and not line.strip(" `~"))):
            fence = "" if fence else found[1]
        if not depth and (fence or not _BEGINS.match(line)):
            continue
        if not depth:
            indented = below = False
        if not line.strip():
            below, cut = True, -1
        else:
            width = width_of(line)
            if not below:
                indented = indented or (depth > 0 and width >= _CODE)
            elif indented and depth:
                cut = width if cut < 0 else cut
                lines[at] = line[min(width, cut) :]
        if not fence:
            depth = max(0, depth + sum(-1 if tag[1] else 1 for tag in _HTML_TAG.finditer(line)))
    return "\n".join(lines), ()


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


def mend_rows(source: SourceText) -> Changed:
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
    rows = list(_Tables(text, dialect).rows()) if "|" in text else []
    if not rows:
        return text, ()
    code = code_ranges(text, dialect)
    rows = [(row, bars) for row, bars in rows if not any(start <= bars[0] < end for start, end in code)]
    cuts = [at for _, bars in rows for at in bars]
    parts = (text[start:end] for start, end in pairwise([0, *cuts, len(text)]))
    return "\\".join(parts), tuple(row for row, _ in rows if row is not None)


class _Tables:
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
