"""The style sheets of a book: its theme, its chapters' accents, the author's own, in this order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from chapbook.building.values import BookValues
from chapbook.diagnostics import ChapbookError, Diagnostic
from chapbook.packaging.publication import Resource
from chapbook.settings import ContentFile
from chapbook.styling.colour import parse_colour
from chapbook.styling.sources import Asset
from chapbook.styling.themes import Theme, book_sheets, find_theme

if TYPE_CHECKING:
    from chapbook.styling.fonts import EmbeddedFonts, Subset
    from chapbook.styling.stylesheet import PackedStylesheet

__all__ = ["Style", "style_of"]


class Style(Struct, frozen=True, kw_only=True):
    """Everything about a book's looks that does not wait for its chapters."""

    theme: Theme
    accent: str = ""
    own: tuple[tuple[str, str], ...] = ()
    """The author's sheets: names in the publication, and CSS."""
    assets: tuple[Asset, ...] = ()
    subsets: tuple[Subset, ...] = ()
    """The fonts that wait for the book's characters."""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The sheets that every document links, in order."""
        return (*(name for name, _ in book_sheets(self.theme)), *(name for name, _ in self.own))

    @property
    def own_texts(self) -> tuple[str, ...]:
        """The CSS that does not ship with chapbook: that of an author's own theme and sheets."""
        return (*self.theme.own, *(css for _, css in self.own))

    def resources(self, accents: Iterable[str]) -> Iterator[Resource]:
        """The sheets and what they refer to, as publication resources; `accents` are the chapters' colours."""
        for name, css in (*book_sheets(self.theme, accents, self.accent), *self.own):
            yield Resource(name=name, media_type="text/css", data=css.encode())
        for asset in {asset.name: asset for asset in (*self.theme.assets, *self.assets)}.values():
            yield Resource(name=asset.name, media_type=asset.media_type, data=asset.data)


def style_of(book: BookValues) -> Style:
    """The style of `book`. A theme or sheet that is not there is an error among its diagnostics."""
    theme, theme_faults = _theme(book)
    fonts = _fonts(book) if book.settings.fonts else None
    sheets = tuple(_sheets(book)) if book.settings.css else ()
    own = [("styles/fonts.css", fonts.css)] if fonts and fonts.css else []
    own += [(f"styles/own-{number}.css", sheet.css) for number, sheet in enumerate(sheets, 1) if sheet.css.strip()]
    return Style(
        theme=theme,
        accent=book.settings.accent,
        own=tuple(own),
        assets=(*(fonts.assets if fonts else ()), *(asset for sheet in sheets for asset in sheet.assets)),
        subsets=fonts.subsets if fonts else (),
        diagnostics=(
            *theme_faults,
            *_accent_faults(book),
            *(fonts.diagnostics if fonts else ()),
            *(each for sheet in sheets for each in sheet.diagnostics),
        ),
    )


def _theme(book: BookValues) -> tuple[Theme, Sequence[Diagnostic]]:
    settings = book.settings
    at = settings.positions.get("theme")
    try:
        theme = find_theme(settings.theme, book.files, path=settings.source if at else None, at=at)
    except ChapbookError as error:
        return Theme(name="", plain=""), error.diagnostics
    return theme, theme.diagnostics


def _accent_faults(book: BookValues) -> Iterator[Diagnostic]:
    settings = book.settings
    if settings.accent and parse_colour(settings.accent) is None:
        at = settings.positions.get("accent")
        yield Diagnostic.of(
            "accent-invalid",
            f"the accent '{settings.accent}' is no CSS colour",
            path=settings.source if at else None,
            at=at,
            hint="write a name such as steelblue, '#4682b4' in quotes, or rgb(70 130 180)",
        )


def _fonts(book: BookValues) -> EmbeddedFonts:
    from chapbook.styling.fonts import embed_fonts  # noqa: PLC0415 - see _sheets

    settings = book.settings
    placed = [(font, settings.positions.get(f"fonts[{at}]")) for at, font in enumerate(settings.fonts)]
    return embed_fonts(placed, book.files, settings.source)


def _sheets(book: BookValues) -> Iterator[PackedStylesheet]:
    from chapbook.styling.stylesheet import pack_stylesheet  # noqa: PLC0415 - most books have none; start-up is dear

    settings = book.settings
    for at, sheet in enumerate(settings.css):
        position = settings.positions.get(f"css[{at}]") if isinstance(sheet, ContentFile) else None
        yield pack_stylesheet(sheet, book.files, path=settings.source if position else None, at=position)
