"""Book: the object you build, change and write from Python."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from chapbook.assets.file_formats import FittedImage
from chapbook.building.additions import ADDITION_KINDS, Additions
from chapbook.building.bounded import checked_apart, written_apart
from chapbook.building.build import Built, build_publication
from chapbook.building.generated_pages import Cover, checked_cover
from chapbook.building.inputs import TARGET, BookValues, GivenFiles, Progress, build_options
from chapbook.building.own_code import hooks_of
from chapbook.building.spool import Spool
from chapbook.keys.given import GivenValues, PublishersData, book_value, values_of
from chapbook.keys.table import METADATA_KEYS, SETTINGS_KEYS
from chapbook.model.contents import CONTENTS, Chapter, Files, Part
from chapbook.model.diagnostics import ChapbookError, Report, has_errors
from chapbook.model.fields import checked, no_such_field
from chapbook.model.limits import DEFAULTS, Limits
from chapbook.model.metadata import Contributor, Direction, Identifier, Series
from chapbook.model.order import changed_items, check_order, iter_chapters
from chapbook.model.settings import ContentFile, DialectName, FontFile, ImageLimits, positions_left, with_changes
from chapbook.model.value import LIST, Several
from chapbook.packaging.destination import Destination, destination_of, refuse_sources
from chapbook.packaging.output import size_of
from chapbook.packaging.package import write_publication
from chapbook.reading.content_folder import ContentFolder, Traversable
from chapbook.reading.folder import FolderContents
from chapbook.reading.omnibus import read_omnibus
from chapbook.reading.source import read_book

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Book", "book_of"]

PathOrFile = str | PathLike[str] | ContentFile
"""A path from the user, or a file of the book's content folder."""


@dataclass(kw_only=True)
class Book(PublishersData, Additions):
    """A book: its metadata and settings, and its chapters and parts, sorted by weight.

    You can change each attribute until you write the book; writing changes none of them. Paths in `css`, `fonts` and
    `cover` are your own, relative to the current folder; files named in book.yaml are ContentFiles.
    """

    title: str
    authors: Several[str | Contributor] = field(default_factory=LIST)
    """Names, or Contributors if someone has another role than author, or a name for sorting."""
    language: str = "en"
    subtitle: str = ""
    identifier: str | Identifier = ""
    """An ISBN, UUID, DOI or URI; empty: a UUID made from title, authors, language and place in the series."""
    publisher: str = ""
    date: str | dt.date = ""
    """The date of publication: ``2024``, ``2024-10``, ``2024-10-05`` or a date."""
    modified: dt.datetime | None = None
    """``None``: SOURCE_DATE_EPOCH, else the newest date in the book, else a fixed date; never the clock."""
    rights: str = ""
    description: str = ""
    series: Series | None = None
    direction: Direction | None = None
    """The direction in which pages turn; ``None``: the writing mode and language decide."""
    theme: str | PathLike[str] | ContentFile = "classic"
    accent: str = ""
    css: Several[PathOrFile | bytes] = field(default_factory=LIST)
    """Style sheets after the theme, in order: paths, or their content as bytes or text."""
    fonts: Several[PathOrFile | FontFile | bytes] = field(default_factory=LIST)
    cover: PathOrFile | bytes | Image | BinaryIO | None = None
    """A path, bytes or a Pillow image; ``None``: chapbook draws a cover."""
    dialect: DialectName | Callable[[str], str] = "markdown"
    """A name, or a function that turns a chapter's text into HTML."""
    extensions: Several[object] = field(default_factory=LIST)
    """Python-Markdown extensions: names of any module, objects, or ExtensionSpecs with options."""
    syntax: Several[str] = field(default_factory=LIST)
    """The tools whose syntax is read beside the dialect's own."""
    link_prefix: Several[str] = field(default_factory=LIST)
    """Addresses under which a site shows the chapters."""
    smart: bool = True
    toc_depth: int = 2
    images: ImageLimits = field(default_factory=ImageLimits)
    render_seconds: float = 20.0
    root: str | PathLike[str] | None = None
    """The folder in which chapters' pictures are looked up; chapbook reads nothing outside it."""
    contents: Several[Chapter | Part] = field(default_factory=LIST, repr=False)
    """Chapters and parts, in any order."""
    _read: FolderContents | None = field(default=None, repr=False, compare=False)
    """The content folder as it was read, for messages and files."""

    @classmethod
    def from_folder(
        cls,
        folder: str | PathLike[str] | Traversable,
        *,
        drafts: bool = False,
        assets: Iterable[str | PathLike[str] | Traversable] = (),
    ) -> Book:
        """Reads a content folder or a single Markdown file. If a volumes.yaml lists the folder, its settings apply too.

        A source that isn't a path, such as a `zipfile.Path` or a resource from `importlib.resources.files`, is read
        into memory. `drafts` includes chapters marked as drafts; `assets` are folders whose files chapters can refer to
        as if they were in the folder. Raises ChapbookError with the diagnostics of all files that have an error.
        """
        return book_of(read_book(folder, drafts=drafts, assets=tuple(assets)), kind=cls, strict=True)

    @classmethod
    def from_library(cls, folder: str | PathLike[str], *, drafts: bool = False) -> Book:
        """Reads the volumes of a folder with volumes.yaml as one book (an omnibus); each volume becomes a part.

        Raises ChapbookError as `from_folder` does, and if there is no volumes.yaml.
        """
        return book_of(read_omnibus(folder, drafts=drafts), kind=cls, strict=True)

    @classmethod
    def from_epub(cls, source: str | PathLike[str] | BinaryIO) -> Book:
        """Reads an EPUB 2 or 3 file from any producer; each document of its spine becomes a chapter of HTML.

        `source` is a path or a binary file object; its whole content is held in memory. The report of `check` and
        `write` says what can't be kept. Raises ChapbookError if the file isn't an EPUB or is encrypted.
        """
        from chapbook.reading.epub import read_epub  # noqa: PLC0415 - few programs read one, and all start without

        return book_of(read_epub(source), kind=cls, strict=True)

    if not TYPE_CHECKING:  # a type checker should report attributes that aren't declared

        def __setattr__(self, name: str, value: object) -> None:
            """Raises FieldTypeError or FieldValueError for a value that the attribute doesn't accept."""
            if name in ADDITION_KINDS:
                value = checked(ADDITION_KINDS[name], f"Book.{name}", value)
                value = list(value) if isinstance(value, tuple) else value
            elif name in _FIELDS:
                value = book_value(name, value)
            elif not name.startswith("_") and name not in _FIELDS and not hasattr(type(self), name):
                raise no_such_field("Book", name, _FIELDS)
            object.__setattr__(self, name, value)

        def __getattr__(self, name: str) -> object:
            raise no_such_field("Book", name, _FIELDS)

    def add(self, *items: Chapter | Part | Iterable[Chapter | Part]) -> None:
        """Adds chapters and parts, or iterables of them; their weights decide the order."""
        for each in items:
            self.contents.extend(checked(CONTENTS, "Book.add", each))

    def change_chapters(self, change: Callable[[Chapter], Chapter | None]) -> None:
        """Replaces each chapter, also in parts, with what `change` returns; ``None`` removes the chapter."""
        self.contents = list(changed_items(self.contents, change))

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """All chapters, including those in parts, in the book's order."""
        return tuple(iter_chapters(self.contents))

    def check(
        self,
        *,
        jobs: int = 1,
        strict: bool = False,
        cache: str | PathLike[str] | None = None,
        progress: Progress | None = None,
        limits: Limits = DEFAULTS,
    ) -> Report:
        """Builds the book without writing it and returns the report. Takes the same options as `write`."""
        begun = time.perf_counter()
        options = build_options(jobs=jobs, cache=cache, progress=progress, limits=limits)
        if limits.needs_process:
            return checked_apart(self.check, options, strict=strict)
        with Spool() as spool:
            built = build_publication(self._values(), options, spool)
        return self._report(built, strict=strict, begun=begun)

    def write(
        self,
        target: str | PathLike[str] | BinaryIO,
        *,
        jobs: int = 1,
        strict: bool = False,
        cache: str | PathLike[str] | None = None,
        progress: Progress | None = None,
        limits: Limits = DEFAULTS,
    ) -> Report:
        """Writes the book to a path (replaced atomically) or to a binary file object; always the same bytes.

        `jobs` is the number of worker processes; 0 chooses automatically. `cache` is a folder that keeps rendered
        chapters for the next build. Neither changes the book's bytes. `limits` bound what the build may use. Raises
        ChapbookError, with the report if there is one, and writes nothing: if the content has errors (with `strict`:
        warnings), if the target is one of the book's own files, or if the system refuses.
        """
        begun = time.perf_counter()
        checked(TARGET, "target", target)
        place = destination_of(Path(target)) if isinstance(target, str | PathLike) else None
        if place:
            self.refuse_sources(place)
        options = build_options(jobs=jobs, cache=cache, progress=progress, limits=limits)
        if limits.needs_process:
            return written_apart(self.write, place.path if place else target, options, strict=strict)  # type: ignore[arg-type]  # one of the two
        with Spool() as spool:
            built = build_publication(self._values(), options, spool)
            report = self._report(built, strict=strict, begun=begun)
            report.raise_for_errors()
            assert built.publication is not None  # noqa: S101 - a report without an error comes with one
            written = write_publication(built.publication, place or target, limits.output_bytes)  # type: ignore[arg-type]  # one of the two
            if place:
                report = replace(report, output=place.path, size=size_of(place.path), unchanged=not written)
        return replace(report, seconds=time.perf_counter() - begun)

    def cover_image(self) -> FittedImage:
        """The book's cover image: your own, or the one chapbook draws.

        Raises ChapbookError if the cover, or a setting that it depends on, such as the theme, is wrong.
        """
        cover = self.check_cover()
        if cover.image is None or has_errors(cover.diagnostics):
            raise ChapbookError(*cover.diagnostics)
        return cover.image

    def check_cover(self) -> Cover:
        """The cover image, and the diagnostics of `check` that concern the cover."""
        return checked_cover(self._values(chapters=False))

    def refuse_sources(self, target: Destination) -> None:
        """Raises ChapbookError (``output-is-source``) if `target` is one of the book's own files."""
        source, read = (self._read.source, self._read.files) if self._read else (None, None)
        folders = (source, getattr(read, "root", None), self.root, None if isinstance(self.theme, str) else self.theme)
        css, fonts = (book_value(name, getattr(self, name)) for name in ("css", "fonts"))
        files = (each.file if isinstance(each, FontFile) else each for each in (*css, *fonts))
        refuse_sources(target, folders=folders, files=(source, *files, self.cover))

    def _report(self, built: Built, *, strict: bool, begun: float) -> Report:
        return Report(
            source=self._read.source if self._read else self.title,
            diagnostics=built.diagnostics,
            strict=strict,
            title=self.title,
            **built.facts(),
            seconds=time.perf_counter() - begun,
        )

    def _values(self, *, chapters: bool = True) -> BookValues:
        """A frozen copy of the book for a build, with diagnostics about the user's values and those of `chapters`."""
        given = GivenValues()
        read = self._read
        metadata = given.metadata(self)
        places = positions_left(read.settings, self) if read else {}
        settings = given.settings(self, positions=places, source=read.settings.source if read else "")
        contents = tuple(checked(CONTENTS, "Book.contents", self.contents))
        items = given.items(contents) if chapters else contents
        return BookValues(
            metadata=metadata,
            settings=replace(settings, target=self.target),
            items=items,
            files=self._files(given.content),
            left_out=read.left_out if read else frozenset(),
            made=read.made if read else {},
            broken=read.broken if read else frozenset(),
            hooks=hooks_of(self.own_codes(given.dialects)),
            own=self.own_parts(),
            folder_name=Path(os.path.abspath(read.source)).name if read else "",  # noqa: PTH100 - like in reading
            volumes=with_changes(read.volumes, read.settings, settings) if read else (),
            diagnostics=(
                *(read.diagnostics if read else ()),
                *given.said(metadata, settings),
                *(() if read else check_order(contents)),
            ),
        )

    def _files(self, content: Mapping[str, bytes]) -> Files:
        """The files of the folder, and the files that were added or given as `content`."""
        root = ContentFolder.at(Path(self.root)) if self.root is not None and not self._read else None
        folder = self._read.files if self._read else root
        given = {**self._added, **content}
        return folder if folder and not given else GivenFiles(given, folder)


def book_of(read: FolderContents, *, kind: type[Book] = Book, strict: bool = False) -> Book:
    """Makes a Book from what was read. `check` and `write` report its errors; with `strict` they are raised here."""
    if strict and has_errors(read.diagnostics):
        raise ChapbookError(*read.diagnostics)
    values = values_of(read.metadata, METADATA_KEYS) | values_of(read.settings, SETTINGS_KEYS)
    values["identifier"] = read.metadata.identifier or ""
    return kind(**values, contents=list(read.items), extra=dict(read.extra), _read=read)


_FIELDS = frozenset(each.name for each in fields(Book) if not each.name.startswith("_"))
