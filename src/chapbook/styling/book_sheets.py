"""The sheets of a book: those of its theme, with its accents, also for vertical text and for text from right to left.

Themes are written for left-to-right text and mirrored by rules that begin with ``[dir="rtl"]``. From these come the
sides of vertical text, and logical properties for engines that know them. Adobe's and Amazon's engines know only
physical sides, so those stay in the plain sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from chapbook.colour.colour import (
    Colour,
    accent_for_any,
    accent_for_dark,
    accent_for_light,
    by_text_colour,
    parse_colour,
)
from chapbook.styling.themes import Theme

__all__ = ["SHEET_NAMES", "VERTICAL", "accents_by_page_css", "accents_css", "book_sheets", "by_direction", "turned"]

SHEET_NAMES = ("styles/theme.css", "styles/accents.css", "styles/modern.css")
"""The sheets that all documents link, in this order, before the author's own."""


def book_sheets(
    theme: Theme, accents: Iterable[str] = (), accent: str = "", *, vertical: bool = False
) -> tuple[tuple[str, str], ...]:
    """The sheets of a book, by the names in `SHEET_NAMES`: those of its `theme` and of its accents.

    `accents` are the chapters' (CSS colours, or empty), `accent` is the whole book's. In a `vertical` book, lines run
    from top to bottom, the first at the right.
    """
    given = tuple(accents)
    plain, modern = theme.plain, by_direction(theme.plain) + theme.modern
    if vertical:
        plain, modern = (turned(each, theme.own) for each in (theme.plain, theme.modern))
        plain = VERTICAL + plain
    texts = (plain, accents_css(given, accent), modern + accents_by_page_css(given, accent))
    return tuple(zip(SHEET_NAMES, texts, strict=True))


def accents_css(accents: Iterable[str], book: str = "") -> str:
    """The rules for the chapters' `accents` and the whole `book`'s, legible on white and on black pages.

    Only titles and rules get the accent here: no colour of small type is legible on all pages. Takes CSS colours in any
    order, repeated or not; ignores what isn't a colour. A chapter's rules have precedence over the book's. Without
    accents the sheet contains only a comment.
    """
    rules = _rules(accents, book, lambda colour: accent_for_any(colour).hex, labels=False)
    whole = parse_colour(book)
    own = f" The book's own is {whole.hex}." if whole else ""
    return f"/* Accents that can be read on white and on black.{own} */\n" + "".join(rules)


def accents_by_page_css(accents: Iterable[str], book: str = "") -> str:
    """Like `accents_css`, with shades for light pages and for dark ones; empty without accents.

    First by media queries; then, for the newest reading systems, by the text's colour, which shows the real page's.
    """
    given = tuple(accents)
    shades: tuple[tuple[str, Shade, str], ...] = (
        ("@media (prefers-color-scheme: light)", lambda colour: accent_for_light(colour).hex, "color: "),
        ("@media (prefers-color-scheme: dark)", lambda colour: accent_for_dark(colour).hex, "color: "),
        (
            "@supports (-webkit-text-fill-color: rgb(from currentColor g g g))",
            lambda colour: by_text_colour(accent_for_light(colour), accent_for_dark(colour)),
            "color: inherit; -webkit-text-fill-color: ",
        ),
    )
    blocks = ((where, "".join(_rules(given, book, shade, text=text))) for where, shade, text in shades)
    return "".join(f"{where} {{\n{rules}}}\n" for where, rules in blocks if rules)


Shade = Callable[[Colour], str]
"""Returns the CSS colour for an accent."""


def _rules(
    accents: Iterable[str], book: str, shade: Shade, *, labels: bool = True, text: str = "color: "
) -> Iterator[str]:
    """The rules of each accent; `text` is the property that sets the colour of letters."""
    whole = parse_colour(book)
    if whole:
        yield _rule("", shade(whole), labels=labels, text=text)
        yield f".title-page .title {{ {text}{shade(whole)}; }}\n"
        yield f"section.title-page {{ border-color: {shade(whole)}; }}\n"
    for colour in sorted({colour for colour in map(parse_colour, accents) if colour}):
        yield _rule(f".accent-{colour.hex[1:]} ", shade(colour), labels=labels, text=text)


def _rule(scope: str, shade: str, *, labels: bool, text: str) -> str:
    label = f"{scope}.opening .label, " if labels else ""
    return f"{label}{scope}.opening .title {{ {text}{shade}; }}\n{scope}.opening {{ border-color: {shade}; }}\n"


VERTICAL = """\
/* Lines run from top to bottom, the first at the right; digits in a span.tcy stand beside one another. */
html { -epub-writing-mode: vertical-rl; -webkit-writing-mode: vertical-rl; writing-mode: vertical-rl; }
img, svg { max-width: 100%; }
.tcy { -epub-text-combine: horizontal; -webkit-text-combine: horizontal; text-combine-upright: all; }
"""
"""The comment before the theme in a book with vertical text."""

_BLOCK = re.compile(r"([^{}]*)\{([^{}]*)\}")
_OF_SIDES = re.compile(
    r"(?<![\w-])(margin|padding|border-width|border-style|border-color)(\s*:\s*)([^;{}()]+)"
    r"|(?<![\w-])((?:margin|padding|border)-)(top|right|bottom|left)(?![a-z])"
    r"|(?<![\w-])((?:max-|min-)?)(width|height)(?=\s*:)|(?<=\d)(vh|vw)\b"
)
_WIDTH = re.compile(r"(?<![\w-])width: [^;]*; ")
_NEXT = {"top": "right", "right": "bottom", "bottom": "left", "left": "top", "width": "height", "vh": "vw"}
_NEXT |= {"height": "width", "vw": "vh"}


def turned(css: str, own: Sequence[str] = ()) -> str:
    """A theme's rules with the sides of vertical text: top becomes right, left becomes top, heights become widths.

    The author's own rules, at the end, stay unchanged; so do formulas, whose lines stay horizontal and need their
    width.
    """
    last = next((each for each in own if each and css.endswith(each)), "")
    return _BLOCK.sub(_turned_block, css[: len(css) - len(last)]) + last


def _turned_block(found: re.Match[str]) -> str:
    if "mtable" in found[1] or "mtd" in found[1]:
        return f"{found[1]}{{{_WIDTH.sub('', found[2])}}}"
    return f"{found[1]}{{{_OF_SIDES.sub(_turn, found[2])}}}"


def _turn(found: re.Match[str]) -> str:
    if found[1]:
        values = found[3].split()
        if values[1:]:
            top, right, bottom, left = (values + values[-2:])[:4]  # of two or three, those left out are the opposite's
            values = [left, top, right, bottom]
        return f"{found[1]}{found[2]}{' '.join(values)}"
    return f"{found[4]}{_NEXT[found[5]]}" if found[4] else f"{found[6] or ''}{_NEXT[found[7] or found[8]]}"


_MIRRORED = '[dir="rtl"] '
_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_RIGHT_TO_LEFT = {"right": "start", "left": "end"}


def by_direction(css: str) -> str:
    """The rules for right-to-left text, repeated with logical properties, which follow each passage's own direction:
    for a left-to-right passage inside right-to-left text.
    """
    made = []
    for found in _BLOCK.finditer(_COMMENT.sub("", css)):
        parts = [each.strip() for each in found[1].split(",")]
        selectors = [f"[dir] {each.removeprefix(_MIRRORED)}" for each in parts if _goes_by_direction(each)]
        if selectors and not found[1].lstrip().startswith("@"):
            made.append(f"{', '.join(selectors)} {{ {' '.join(_logical(found[2]))} }}\n")
    return "/* Text goes by the direction of the passage that it is in. */\n" + "".join(made) if made else ""


def _goes_by_direction(selector: str) -> bool:
    """Whether a rule for right-to-left text means the start; the classes ``left`` and ``right`` mean sides."""
    rest = selector.removeprefix(_MIRRORED)
    return rest != selector and "[dir" not in rest and not rest.endswith((".left", ".right"))


def _logical(declarations: str) -> Iterator[str]:
    for each in declarations.split(";"):
        name, _, value = (part.strip() for part in each.partition(":"))
        sides = value.split()
        if name in {"margin", "padding"} and len(sides) == 4:  # noqa: PLR2004 - one value a side
            top, right, bottom, left = sides
            yield f"{name}-block: {top} {bottom}; {name}-inline: {right} {left};"
        elif name in {"text-align", "float"} and value in _RIGHT_TO_LEFT:
            yield f"{name}: {'inline-' if name == 'float' else ''}{_RIGHT_TO_LEFT[value]};"
        elif name:
            logical = re.sub("-(right|left)(?=-|$)", lambda side: f"-inline-{_RIGHT_TO_LEFT[side[1]]}", name)
            yield f"{logical}: {value};"
