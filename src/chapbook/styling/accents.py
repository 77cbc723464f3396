"""The style sheets of the accents: for each colour that a book or chapter names, the shades that can be read.

Two sheets, since Adobe's old engine drops a whole sheet at a media query for colour schemes: one plain, one
for dark pages that is linked after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from chapbook.styling.colour import Colour, accent_for_dark, accent_for_light, parse_colour

__all__ = ["accent_class", "accents_css", "accents_dark_css"]


def accent_class(accent: str) -> str:
    """The class that wears `accent`, any CSS colour: ``accent-2f4f4f``; empty for what is none."""
    colour = parse_colour(accent)
    return f"accent-{colour.hex[1:]}" if colour else ""


def accents_css(accents: Iterable[str], book: str = "") -> str:
    """The rules of the chapters' `accents` and of the whole `book`'s, for light pages.

    Takes any CSS colours, in any order, given once or often; what is no colour gives nothing. The rules of a
    chapter's class weigh more than the book's. Without any accent the sheet holds a comment only.
    """
    return "/* Accents, dark enough for light pages. */\n" + "".join(_rules(accents, book, accent_for_light))


def accents_dark_css(accents: Iterable[str], book: str = "") -> str:
    """As `accents_css`, the shades for dark pages in a media query; empty without any accent."""
    rules = "".join(_rules(accents, book, accent_for_dark))
    return f"@media (prefers-color-scheme: dark) {{\n{rules}}}\n" if rules else ""


def _rules(accents: Iterable[str], book: str, shade: Callable[[Colour], Colour]) -> Iterator[str]:
    whole = parse_colour(book)
    if whole:
        yield _rule("", shade(whole))
        yield f".title-page .title {{ color: {shade(whole).hex}; }}\n"
        yield f"section.title-page {{ border-color: {shade(whole).hex}; }}\n"
    for colour in sorted({colour for colour in map(parse_colour, accents) if colour}):
        yield _rule(f".accent-{colour.hex[1:]} ", shade(colour))


def _rule(scope: str, colour: Colour) -> str:
    return (
        f"{scope}.opening .label, {scope}.opening .title {{ color: {colour.hex}; }}\n"
        f"{scope}.opening {{ border-color: {colour.hex}; }}\n"
    )
