"""The ``commonmark`` dialect: CommonMark and GitHub's additions, as pulldown-cmark reads them.

Tables, footnotes, strikethrough, task lists, alerts, mathematics and heading attributes are on. Definition
lists are off: ``: text`` means nothing in CommonMark, GitHub's Markdown or mdBook's default, and would change
texts written for them.
"""

from __future__ import annotations

import re
from html import unescape

import pyromark
from pyromark import Options

from chapbook.rendering.money import is_money

__all__ = ["OPTIONS", "render_commonmark"]

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
    | Options.ENABLE_MATH
    | Options.ENABLE_HEADING_ATTRIBUTES
)


_FORMULA = re.compile(r'<span class="math math-inline">([^<]*)</span>(?=(\d?))')
_CODE_IN_FORMULA = re.compile(r'<span class="math math-inline">[^<`\\]*`[^<\\]*<')
_MOST_READINGS = 5
"""A dollar sign that opens no formula leaves the next one to open its own."""

_REFERENCE = re.compile(r'(?<=<sup class="footnote-reference"><a href="#)[^"]*')
_DEFINITION = re.compile(r'<div class="footnote-definition" id="([^"]*)"')


def render_commonmark(text: str) -> str:
    """The HTML of `text`. Prices that pulldown-cmark takes for formulas (``$20-$30``) stay prices."""
    html = pyromark.html(text, options=OPTIONS)
    for _ in range(_MOST_READINGS):
        if "math-inline" not in html or _CODE_IN_FORMULA.search(html) is None:
            break
        text = _with_code_unbroken(text)
        html = pyromark.html(text, options=OPTIONS)
    if "math-inline" in html:
        html = _FORMULA.sub(_formula_or_price, html)
    if "footnote-reference" in html:
        labels = {label.casefold(): label for label in reversed(_DEFINITION.findall(html))}
        html = _REFERENCE.sub(lambda match: labels.get(match[0].casefold(), match[0]), html)
    return html


def _with_code_unbroken(text: str) -> str:
    """`text` with the dollar signs escaped that would open a formula and close it within code (``$A or `$B```)."""
    source = text.encode("utf-8", "replace")
    parts, at = [], 0
    for event, span in pyromark.events_with_range(source.decode(), options=OPTIONS):
        if isinstance(event, dict) and _breaks_code(str(event.get("InlineMath", ""))):
            parts += [source[at : span["start"]], b"\\"]
            at = span["start"]
    return b"".join([*parts, source[at:]]).decode()


def _breaks_code(tex: str) -> bool:
    """A grave accent is no mathematics; within a command of TeX it may open a quotation."""
    return "`" in tex and "\\" not in tex


def _formula_or_price(match: re.Match[str]) -> str:
    return f"${match[1]}$" if match[2] or is_money(unescape(match[1])) else match[0]
