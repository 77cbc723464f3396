"""The style sheets of a book, in this order: its theme, its chapters' accents, the author's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from chapbook.assets.file_formats import Fit
from chapbook.building.cache_entries import fitted_image
from chapbook.building.inputs import BookValues
from chapbook.cache import Cache
from chapbook.colour.colour import parse_colour
from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.labels import label
from chapbook.model.metadata import Metadata
from chapbook.model.settings import ContentFile
from chapbook.packaging.publication import Resource
from chapbook.styling.book_sheets import SHEET_NAMES, book_sheets
from chapbook.styling.style_folders import Asset
from chapbook.styling.themes import Theme, find_theme

if TYPE_CHECKING:
    from chapbook.styling.fonts import EmbeddedFonts, Subset
    from chapbook.styling.stylesheet import PackedStylesheet

__all__ = ["Style", "style_of", "with_subsets"]


class Style(Struct, frozen=True, kw_only=True):
    """The parts of a book's style that don't depend on its chapters."""

    theme: Theme
    accent: str = ""
    vertical: bool = False
    """Whether lines run from top to bottom."""
    own: tuple[tuple[str, str], ...] = ()
    """The author's sheets: names in the publication, and CSS."""
    assets: tuple[Asset, ...] = ()
    subsets: tuple[Subset, ...] = ()
    """Fonts that still have to be subset, once the book's characters are known."""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The sheets that each document links, in order."""
        return (*SHEET_NAMES, *(name for name, _ in self.own))

    @property
    def own_texts(self) -> tuple[str, ...]:
        """The CSS that isn't part of chapbook: that of the author's own theme and sheets."""
        return (*self.theme.own, *(css for _, css in self.own))

    def resources(self, accents: Iterable[str]) -> Iterator[Resource]:
        """The sheets and the files they refer to, as publication resources; `accents` are the chapters' colours."""
        for name, css in (*book_sheets(self.theme, accents, self.accent, vertical=self.vertical), *self.own):
            yield Resource(name=name, media_type="text/css", data=css.encode())
        for asset in {asset.name: asset for asset in (*self.theme.assets, *self.assets)}.values():
            yield Resource(name=asset.name, media_type=asset.media_type, data=asset.data)


def style_of(book: BookValues, cache: Cache | None = None) -> Style:
    """The style of `book`; `cache` keeps the converted pictures of its sheets.

    A missing theme or sheet becomes an error in the style's diagnostics.
    """
    fit = partial(fitted_image, limits=book.settings.images, cache=cache)
    theme, theme_faults = _theme(book, fit)
    fonts = _fonts(book) if book.settings.fonts else None
    sheets = tuple(_sheets(book, fit)) if book.settings.css else ()
    own = [("styles/fonts.css", fonts.css)] if fonts and fonts.css else []
    own += [(f"styles/own-{number}.css", sheet.css) for number, sheet in enumerate(sheets, 1) if sheet.css.strip()]
    return Style(
        theme=theme,
        accent=book.settings.accent,
        vertical=book.metadata.writing_mode == "vertical-rl",
        own=tuple(own),
        assets=(*(fonts.assets if fonts else ()), *(asset for sheet in sheets for asset in sheet.assets)),
        subsets=fonts.subsets if fonts else (),
        diagnostics=(
            *theme_faults,
            *_accent_faults(book),
            *(fonts.diagnostics if fonts else ()),
            *(each for sheet in sheets for each in sheet.diagnostics),
            *_target_doubts(book, (*theme.own, *(css for _, css in own))),
        ),
    )


_NEGATIVE = re.compile(r"(?:^|[;{\s])margin(?:-[a-z]+)*\s*:[^;}]*(?<![\w.])-\s*\d*\.?\d", re.IGNORECASE)


def _target_doubts(book: BookValues, sheets: Iterable[str]) -> Iterator[Diagnostic]:
    """Warns of negative margins in the author's own `sheets`, which turn off Kindle's better typesetting."""
    if book.settings.target == "kindle" and any(map(_NEGATIVE.search, sheets)):
        message = "a style sheet has a negative margin, which Kindle doesn't take"
        yield Diagnostic.of("target-doubtful", message, hint="use padding, or a text-indent")


def _theme(book: BookValues, fit: Fit) -> tuple[Theme, Sequence[Diagnostic]]:
    settings = book.settings
    at = settings.positions.get("theme")
    try:
        theme = find_theme(settings.theme, book.files, path=settings.source if at else None, at=at, fit=fit)
    except ChapbookError as error:
        return Theme(plain=""), error.diagnostics
    return theme, theme.diagnostics


def _accent_faults(book: BookValues) -> Iterator[Diagnostic]:
    settings = book.settings
    if settings.accent and parse_colour(settings.accent) is None:
        at = settings.positions.get("accent")
        yield Diagnostic.of(
            "accent-invalid",
            f"'{settings.accent}' isn't a CSS colour",
            path=settings.source if at else None,
            at=at,
            hint="write a name such as steelblue, '#4682b4' in quotes, or rgb(70 130 180)",
        )


def _fonts(book: BookValues) -> EmbeddedFonts:
    from chapbook.styling.fonts import embed_fonts  # noqa: PLC0415 - see _sheets

    settings = book.settings
    placed = [(font, settings.positions.get(f"fonts[{at}]")) for at, font in enumerate(settings.fonts)]
    return embed_fonts(placed, book.files, settings.source)


def _sheets(book: BookValues, fit: Fit) -> Iterator[PackedStylesheet]:
    from chapbook.styling.stylesheet import PackedStylesheet, pack_stylesheet  # noqa: PLC0415 - most books have none; importing it takes time

    settings = book.settings
    size = 0
    for at, sheet in enumerate(settings.css):
        if at == _MOST_SHEETS or size > _MOST_CSS:
            yield PackedStylesheet(css="", diagnostics=(_too_many_sheets(book, at),))
            return
        position = settings.positions.get(f"css[{at}]") if isinstance(sheet, ContentFile) else None
        packed = pack_stylesheet(sheet, book.files, path=settings.source if position else None, at=position, fit=fit)
        size += len(packed.css)
        yield packed


_MOST_SHEETS = 50
"""The most style sheets of an author's; each chapter links them all."""
_MOST_CSS = 3_000_000
"""The most characters of these sheets together, with their imports."""


def _too_many_sheets(book: BookValues, number: int) -> Diagnostic:
    """The error for too many sheets; `number` is the first that is too many, counted from 0."""
    settings = book.settings
    place = settings.positions.get(f"css[{number}]")
    path = settings.source if place else None
    if number == _MOST_SHEETS:
        message = f"'css' names {len(settings.css):,} style sheets; chapbook reads up to {_MOST_SHEETS}"
        return Diagnostic.of("too-many-files", message, path=path, at=place, hint="join them to fewer files")
    message = f"the first {number} style sheets have more than {_MOST_CSS // 1_000_000} MB together"
    hint = "remove the rules and sheets that the book doesn't need"
    return Diagnostic.of("file-too-large", message, path=path, at=place, hint=hint)


_XHTML = "application/xhtml+xml"


def with_subsets(
    style: Style, pages: Iterable[Resource], metadata: Metadata, *, seconds: float
) -> tuple[Style, tuple[Diagnostic, ...]]:
    """Returns `style` with its fonts subset where the book asks for it, and diagnostics about those fonts.

    `pages` are all content documents except the table of contents, whose words are in the others. Each font may take
    `seconds`.
    """
    if not style.subsets:
        return style, ()
    # Only a book with font subsets needs this module and fontTools.
    from chapbook.styling.fonts import characters_of  # noqa: PLC0415 - see above

    words = label("contents", metadata.language)
    texts = (words.encode(), *_texts(pages))
    characters = characters_of(
        texts, (css for _, css in (*style.own, ("", style.theme.plain), ("", style.theme.modern)))
    )
    made: dict[str, Asset] = {}
    faults = []
    assets = {asset.name: asset for asset in style.assets}
    for subset in style.subsets:
        try:
            made[subset.asset] = _made(assets[subset.asset], characters, seconds)
        except ValueError as error:
            message = f"'{subset.shown}' is {error}"
            hint = "remove 'subset' to pack the whole font"
            faults.append(Diagnostic.of("font-invalid", message, path=subset.path, at=subset.at, hint=hint))
    smaller = tuple(made.get(asset.name, asset) for asset in style.assets)
    return replace(style, assets=smaller), tuple(faults)


def _texts(pages: Iterable[Resource]) -> Iterator[bytes]:
    for page in pages:
        if page.media_type == _XHTML:
            yield _bytes(page)


def _bytes(page: Resource) -> bytes:
    if isinstance(page.data, bytes):
        return page.data
    return page.data.content() if isinstance(page.data, Deflated) else page.data()


def _made(font: Asset, characters: frozenset[str], seconds: float) -> Asset:
    from chapbook.rendering.deadline import Overdue, deadline  # noqa: PLC0415 - see above
    from chapbook.styling.fonts import subset_font  # noqa: PLC0415 - see above

    try:
        with deadline(seconds):
            data = subset_font(font.data, characters)
    except Overdue:
        raise ValueError(f"a font of which a subset takes longer than {seconds:g} seconds") from None
    return replace(font, data=data) if len(data) < len(font.data) else font
