"""Rewrites HTML comments in Markdown so that both dialects recognise them, even malformed ones; none ever ships.

Python-Markdown misses comments that begin inside a line and span several, CommonMark those with a blank line in a
paragraph, and both those that end in ``-- >``.
"""

from __future__ import annotations

import re

from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.source.positions import Locator, SourceText

__all__ = ["EMPTY_COMMENT", "settle_comments"]

EMPTY_COMMENT = "<!-- -->"
"""What remains of a comment; both the XML and the HTML parser drop it."""

_SHORT = re.compile(r"-?>")
_END = re.compile(r"--!?>")
_LOOSE_END = re.compile(r"--[ \t]+>")
_MAY_HOLD_CODE = re.compile(r"`|~~~|\t|    ")
"""A text without any of these has no code (CommonMark 0.31.2, 4.4, 4.5, 6.1), so it needn't be parsed for code."""
_LEADS = re.compile(r"(?:^|\n)[ ]{0,3}\Z")
_WORDS_AFTER = re.compile(r"[ \t]*+(?=[^\s<])")


def settle_comments(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
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
    return "".join(parts), tuple(_unclosed(source, places.offset(start)) for start in unclosed[:1])


def _unclosed(source: SourceText, at: Position) -> Diagnostic:
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
