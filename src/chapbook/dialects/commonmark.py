"""The ``commonmark`` dialect: CommonMark and GitHub's additions, as pulldown-cmark reads them.

Tables, footnotes, strikethrough, task lists, alerts, mathematics and heading attributes are always on; definition lists
are on if a line of the text begins like a definition.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pyromark
from pyromark import Options

__all__ = ["ATTRIBUTE", "OPTIONS", "is_money", "render_commonmark"]

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
    | Options.ENABLE_MATH
    | Options.ENABLE_HEADING_ATTRIBUTES
)


_DEFINES = re.compile(r"\n[ \t>*+-]{0,24}+:[ \t]+\S")


def _options_for(text: str) -> Any:  # noqa: ANN401 - pyromark's own
    return OPTIONS | Options.ENABLE_DEFINITION_LIST if _DEFINES.search(text) else OPTIONS


ATTRIBUTE = r"""(?:-|[#.][^\s{}="']+|[\w:.-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"'=]+))"""
"""What a list of attributes in braces holds, as a pattern; other braces are text."""
_ATTRIBUTES = re.compile(rf"\{{[ ]*{ATTRIBUTE}(?:[ ]+{ATTRIBUTE})*[ ]*\}}")
_BRACES = re.compile(
    r"^[ \t>*+\-0-9.)]*#{1,6}[ \t][^\n]*?(\{[^{}\n]*\})[ \t]*#*[ \t]*$|(\{[^{}\n]*\})[ \t]*\n[ >]*(?:=+|-+)[ \t]*$",
    re.MULTILINE,
)
_LAST_BRACES = re.compile(rb"(\\?)(\{[^{}\n]*\})(?=[ \t]*#*[ \t]*(?:\n[ >]*(?:=+|-+)[ \t]*)?\n?\Z)")
_FORMULA = re.compile(r'<span class="math math-inline">([^<]*)</span>(?=(\d?))')
_CODE_IN_FORMULA = re.compile(r'<span class="math math-inline">[^<`\\]*`[^<\\]*<')
_MOST_READINGS = 5
"""How often the text is parsed again: a dollar sign that opens no formula may let the next one open."""

_REFERENCE = re.compile(r'(<sup class="footnote-reference"><a href="#)([^"]*)')
_DEFINITION = re.compile(r'<div class="footnote-definition" id="([^"]*)"')


def render_commonmark(text: str, _extensions: object = (), _syntax: object = ()) -> str:
    """The HTML of `text`; extensions don't apply. Prices that the parser takes for formulas (``$20-$30``) stay."""
    if "}" in text and any(_ATTRIBUTES.fullmatch(found[1] or found[2]) is None for found in _BRACES.finditer(text)):
        text = _edited(text, _braces_of_words)
    html = pyromark.html(text, options=_options_for(text))
    for _ in range(_MOST_READINGS):
        if "math-inline" not in html or _CODE_IN_FORMULA.search(html) is None:
            break
        text = _edited(text, _formula_in_code)
        html = pyromark.html(text, options=_options_for(text))
    if "math-inline" in html:
        html = _FORMULA.sub(_formula_or_price, html)
    if "footnote-reference" in html:
        labels = {label.casefold(): label for label in reversed(_DEFINITION.findall(html))}
        html = _REFERENCE.sub(lambda match: f"{match[1]}{labels.get(match[2].casefold(), match[2])}", html)
    return html


_Edit = tuple[int, int, bytes]
"""Start and end in bytes, and the replacement."""


def _edited(text: str, edit_of: Callable[[Any, bytes, int, int], _Edit | None]) -> str:
    """`text`, with the edits that `edit_of` makes for the parser's events."""
    source = text.encode("utf-8", "replace")
    parts, at = [], 0
    for event, span in pyromark.events_with_range(source.decode(), options=_options_for(text)):
        edit = edit_of(event, source, span["start"], span["end"]) if isinstance(event, dict) else None
        if edit is not None:
            parts += [source[at : edit[0]], edit[2]]
            at = edit[1]
    return b"".join([*parts, source[at:]]).decode()


def _formula_in_code(event: Any, _source: bytes, start: int, _end: int) -> _Edit | None:  # noqa: ANN401 - pyromark's own union
    """Escapes a dollar sign whose partner is inside code (``$A or `$B```).

    A backtick isn't mathematics, except as a quotation mark in a TeX command.
    """
    tex = str(event.get("InlineMath", ""))
    return (start, start, b"\\") if "`" in tex and "\\" not in tex else None


def _braces_of_words(event: Any, source: bytes, start: int, end: int) -> _Edit | None:  # noqa: ANN401 - see above
    r"""Writes a brace before words at a heading's end as a reference: the parser reads even ``\{`` as attributes."""
    begun = event.get("Start")
    found = _LAST_BRACES.search(source, start, end) if isinstance(begun, dict) and "Heading" in begun else None
    if found is None or _ATTRIBUTES.fullmatch(found[2].decode()):
        return None
    return (found.start(), found.start(2) + 1, b"&#123;")


def _formula_or_price(match: re.Match[str]) -> str:
    return f"${match[1]}$" if match[2] or is_money(unescape(match[1])) else match[0]


_AMOUNT_AND_WORDS = re.compile(r"\d[\d.,]*(?:\s?[kKMmBb]n?)?(?:\s*[-–—/,;]?\s*[^\W\d_]{2,}[.,;:]?)+[^\\^_={}+<>|]*")


def is_money(tex: str) -> bool:
    """Whether `tex`, found between two dollar signs, starts with an amount and then words (``5 and more``).

    A formula doesn't begin with the end of a quotation either (``'^a$' or '^b$'``).
    """
    return tex[:1] in {"'", '"'} or (tex[:1].isdigit() and _AMOUNT_AND_WORDS.fullmatch(tex) is not None)
