"""The pages that chapbook makes: cover, title page, copyright page and the page about the series."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from chapbook.assets.file_formats import FittedImage
from chapbook.building.cache_entries import drawn_cover, kept_cover
from chapbook.building.inputs import BookValues
from chapbook.building.style import style_of
from chapbook.building.workers import Lost
from chapbook.cache import Cache
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.labels import label, labelled
from chapbook.model.metadata import Metadata
from chapbook.model.settings import ContentFile, FileRef
from chapbook.model.value import Value
from chapbook.opening import regular_bytes
from chapbook.packaging.pages import copyright_page, cover_page, series_page, title_page
from chapbook.packaging.publication import COVER_PAGE_NAME, TITLE_PAGE_NAME, Resource, TocEntry
from chapbook.packaging.xhtml import one_line
from chapbook.passes.punctuation import set_metadata

__all__ = [
    "Cover",
    "FrontPages",
    "MadePages",
    "checked_cover",
    "cover_image_of",
    "cover_of",
    "cover_takes_long",
    "front_pages_of",
    "made_cover",
    "made_pages_of",
    "prepare_covers",
]


class FrontPages(Struct, frozen=True, kw_only=True):
    """The resources before the text, and their names."""

    resources: tuple[Resource, ...] = ()
    cover_image: str = ""
    cover_page: str = COVER_PAGE_NAME
    title_page: str = TITLE_PAGE_NAME
    diagnostics: tuple[Diagnostic, ...] = ()


class Cover(Value, frozen=True, kw_only=True):
    """The cover picture and its diagnostics; if there is no picture, one of them is an error."""

    image: FittedImage | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


def cover_of(book: BookValues, cache: Cache | None) -> Cover:
    """The cover of `book`: the author's own, or a drawn one."""
    try:
        image, warnings = cover_image_of(book, cache)
    except ChapbookError as error:
        return Cover(diagnostics=error.diagnostics)
    return Cover(image=image, diagnostics=warnings)


def made_cover(made: Cover | Lost) -> Cover:
    """The cover that a worker process `made`, or the fault of the process."""
    if isinstance(made, Cover):
        return made
    message = "the worker process crashed twice while making the cover"
    return Cover(diagnostics=(Diagnostic.of("worker-lost", message, hint="give another picture as the cover"),))


def checked_cover(book: BookValues) -> Cover:
    """The cover of `book`, and the book's diagnostics that concern the cover."""
    before = [each for each in book.diagnostics if _concerns_cover(each, book)]
    before += style_of(replace(book, settings=replace(book.settings, css=(), fonts=()))).diagnostics
    cover = cover_of(book, None)
    return replace(cover, diagnostics=tuple(dict.fromkeys((*before, *cover.diagnostics))))


def _concerns_cover(said: Diagnostic, book: BookValues) -> bool:
    """Whether a diagnostic concerns the book as a whole, or a value that the cover depends on."""
    if said.code in _NOT_SHOWN or said.path not in (None, book.settings.source):
        return False
    if said.line is None or said.code in _ABOUT_KEYS:
        return True
    at = Position(said.line, said.column or 1)
    positions = _positions(book)
    above = [key for key, position in positions.items() if position <= at]
    key = max(above, key=lambda each: positions[each], default="")
    return re.split(r"[.\[]", key)[0] not in _NOT_ON_COVERS


def _positions(book: BookValues) -> dict[str, Position]:
    """The positions of keys in the settings file, which may be the book's only chapter."""
    source = book.settings.source
    of_chapters = (each.positions for each in book.items if isinstance(each, Chapter) and each.path == source)
    return {key: at for positions in (*of_chapters, book.settings.positions) for key, at in positions.items()}


_NOT_SHOWN = frozenset({"no-chapters", "draft", "weight-equal", "identifier-invalid", "date-invalid"})
_ABOUT_KEYS = frozenset({"key-unknown", "key-doubled"})
_NOT_ON_COVERS = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "accessibility aliases assets audience css date description dialect direction draft edition extensions "
        "fonts heading identifier imprint in_toc isbn_print link_prefix messages modified order original_language "
        "original_title publisher render_seconds rights rights_uri show_title slug smart split subjects syntax "
        "toc_depth type weight writing_mode"
    ).split()
)
"""Keys that don't affect a cover, drawn or given."""


def shown_metadata(book: BookValues) -> Metadata:
    """The book's metadata as its pages and cover show it."""
    return set_metadata(book.metadata) if book.settings.smart else book.metadata


def front_pages_of(book: BookValues, stylesheets: Sequence[str], cover: Cover) -> FrontPages:
    """The cover image, cover page and title page of `book`; empty if there is no cover image."""
    image = cover.image
    if image is None:
        return FrontPages(diagnostics=cover.diagnostics)
    # At the publication's root, where its name can't clash with a picture from the content folder.
    name = f"cover{image.suffix}"
    shown = shown_metadata(book)
    return FrontPages(
        resources=(
            Resource(name=name, media_type=image.media_type, data=image.data),
            cover_page(shown, image=name, stylesheets=stylesheets),
            title_page(shown, stylesheets=stylesheets),
        ),
        cover_image=name,
        diagnostics=cover.diagnostics,
    )


def cover_takes_long(book: BookValues, cache: Cache | None) -> bool:
    """Whether the cover must be drawn or converted, which is slow and can run in another process."""
    return (
        book.settings.cover is not None
        or kept_cover(book.metadata, shown_metadata(book), book.settings, book.hooks, cache) is None
    )


def prepare_covers() -> None:
    """Imports what draws covers, so that workers forked later have it already."""
    from PIL import Image  # noqa: PLC0415 - Pillow is heavy

    import chapbook.covers.cover  # noqa: F401, PLC0415 - as above

    Image.preinit()


def cover_image_of(book: BookValues, cache: Cache | None = None) -> tuple[FittedImage, tuple[Diagnostic, ...]]:
    """The cover image and its diagnostics.

    Raises ChapbookError (``cover-invalid``, ``file-unreadable``) with the place that names the file.
    """
    settings = book.settings
    if settings.cover is None:
        drawn = drawn_cover(
            book.metadata, shown_metadata(book), settings, book.hooks, cache, host_fonts=book.host_fonts
        )
        return drawn, drawn.warnings
    from chapbook.assets.image import fit_cover  # noqa: PLC0415 - Pillow is heavy, and a drawn cover may be kept

    try:
        image = fit_cover(_read(settings.cover, book), settings.images)
    except ChapbookError as error:
        raise ChapbookError(*_placed(map(_as_cover, error.diagnostics), book)) from error
    return image, (*_found_beside(book), *_placed(image.warnings, book))


def _found_beside(book: BookValues) -> Iterator[Diagnostic]:
    """A note if chapbook uses a cover file that no setting names."""
    cover = book.settings.cover
    named = book.settings.positions if book.settings.source else {"cover"}
    if isinstance(cover, ContentFile) and "cover" not in named and Path(cover.path).stem.lower() == "cover":
        message, hint = (
            f"chapbook found '{cover.path}' and uses it as the cover",
            "add 'cover: …' to book.yaml to use another",
        )
        yield Diagnostic.of("cover-found", message, path=cover.path, hint=hint)


def _read(cover: FileRef, book: BookValues) -> bytes:
    if isinstance(cover, ContentFile):
        return book.files.read(cover.path)
    return read_given_file(cover)


def read_given_file(path: Path) -> bytes:
    """Reads a file that the user named. Raises ChapbookError (``file-unreadable``)."""
    try:
        data = regular_bytes(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), _MOST_BYTES)
    except OSError as error:
        reason = (error.strerror or "it is unreadable").lower()
        raise ChapbookError(
            Diagnostic.of("file-unreadable", f"cannot open '{path}': {reason}", path=str(path))
        ) from error
    if data is None:
        message = f"'{path}' is larger than {_MOST_BYTES // 1_000_000} MB"
        raise ChapbookError(Diagnostic.of("file-too-large", message, path=str(path), hint="make it smaller"))
    return data


_MOST_BYTES = 256_000_000
"""As of a file of the content folder."""


def _as_cover(fault: Diagnostic) -> Diagnostic:
    """The fault of a picture as one of a cover, of which fewer formats are taken; without it there is no book."""
    if fault.code == "file-outside":
        fault = Diagnostic.of("file-unreadable", fault.message, path=fault.path)
    svg = fault.code == "cover-invalid" and fault.hint and "SVG" in fault.hint
    return replace(fault, hint="save it as JPEG or PNG, 1600 × 2560 pixels") if svg else fault


def _placed(diagnostics: Iterable[Diagnostic], book: BookValues) -> tuple[Diagnostic, ...]:
    """The cover's diagnostics at the place that names the cover: a line in book.yaml, or the file itself."""
    cover = book.settings.cover
    if isinstance(cover, Path):
        return tuple(each.in_file(str(cover)) for each in diagnostics)
    at = book.settings.positions.get("cover")
    if isinstance(cover, ContentFile) and at is None:
        return tuple(each.in_file(cover.path) for each in diagnostics)
    return tuple(
        replace(each, path=book.settings.source, line=at.line, column=at.column) if at and each.path is None else each
        for each in diagnostics
    )


class MadePages(Struct, frozen=True, kw_only=True):
    """The copyright page and the series page of a book; either may be missing."""

    copyright_page: Resource | None = None
    """It comes after the title page, and a landmark leads to it."""
    series_page: Resource | None = None
    """It comes last. There is no landmark type for it, so it has an entry in the table of contents."""
    series_title: str = ""

    @property
    def resources(self) -> tuple[Resource, ...]:
        return tuple(page for page in (self.copyright_page, self.series_page) if page)

    @property
    def copyright_name(self) -> str:
        """The name of the copyright page; empty if there is none."""
        return self.copyright_page.name if self.copyright_page else ""

    @property
    def toc(self) -> tuple[TocEntry, ...]:
        """The entries at the end of the table of contents."""
        return (TocEntry(label=self.series_title, href=self.series_page.name),) if self.series_page else ()

    def spine(self, opening: Sequence[str], nav: str, documents: Iterable[str]) -> tuple[str, ...]:
        """The reading order: the `opening` pages, copyright page, contents, `documents`, series page."""
        return tuple(filter(None, (*opening, self.copyright_name, nav, *documents, *(each.href for each in self.toc))))


def made_pages_of(book: BookValues, stylesheets: Sequence[str], types: Iterable[str]) -> MadePages:
    """Makes the copyright and series pages of `book`; if a chapter's type is copyright page, that one is used."""
    own, metadata = "copyright-page" in types, shown_metadata(book)
    name, language = one_line(metadata.series.name) if metadata.series else "", metadata.language
    return MadePages(
        copyright_page=None if own else copyright_page(metadata, stylesheets=stylesheets),
        series_page=series_page(metadata, stylesheets=stylesheets),
        series_title=labelled(label("in-this-series", language), name, language),
    )
