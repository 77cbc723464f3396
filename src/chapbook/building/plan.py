"""Decides which content documents the book has, their order and their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from chapbook.building.inputs import BookValues
from chapbook.model.contents import Chapter, Part
from chapbook.model.names import document_name, portable
from chapbook.model.order import every_chapter, in_order
from chapbook.model.settings import VolumeSettings
from chapbook.source.chapters_of_file import ChapterText, chapters_of_file

__all__ = ["OwnSettings", "PlannedDocument", "aliases_of", "own_settings", "plan_documents", "walk"]

_DEEPEST_LEVEL = 6
_NUMBER = re.compile(r"-\d+\.xhtml\Z", re.ASCII)


class PlannedDocument(Struct, frozen=True, kw_only=True):
    """A content document that will be made: its chapter, its name in the publication and its position."""

    chapter: Chapter
    name: str
    level: int
    kind: Literal["chapter", "part"]
    piece_mark: str = ""
    """See `RenderSettings`."""
    definitions: str = ""
    """Notes and references that the chapter uses, from other chapters of its file."""
    children: tuple[PlannedDocument, ...] = ()


def plan_documents(book: BookValues) -> tuple[PlannedDocument, ...]:
    """The book's documents in order; each part comes with its contents."""
    planned = _Planning(book).all_of(book.items, 1)
    stems = {_NUMBER.sub("", each.name) for each in walk(planned) if _NUMBER.search(each.name)}
    return tuple(_marked(each, stems) for each in planned) if stems else planned


def _marked(planned: PlannedDocument, stems: set[str]) -> PlannedDocument:
    """Keeps the names of pieces and documents apart: ``a-2.xhtml`` could come from ``a.md`` or ``a-2.md``."""
    children = tuple(_marked(each, stems) for each in planned.children)
    mark, stem = "", planned.name.removesuffix(".xhtml")
    while stem + mark in stems:
        mark += "-x"
    return replace(planned, piece_mark=mark, children=children)


class _Planning:
    """The state of one plan: names already used, and names reserved for files."""

    def __init__(self, book: BookValues) -> None:
        self._own = own_settings(book)
        self._whole = book.settings.source
        """If the book is one Markdown file, that file: its title is the book's."""
        self._taken: set[str] = set()
        self._ruled = {document_name(chapter.path) for chapter in every_chapter(book.items) if chapter.path}

    def all_of(self, items: Iterable[Chapter | Part], level: int) -> tuple[PlannedDocument, ...]:
        """The documents of sibling chapters and parts, in order."""
        return tuple(planned for item in in_order(items) for planned in self._planned(item, min(level, _DEEPEST_LEVEL)))

    def _planned(self, item: Chapter | Part, level: int) -> Iterator[PlannedDocument]:
        if isinstance(item, Part):
            name, children = self._name(item.opening), self.all_of(item.contents, level + 1)
            yield PlannedDocument(chapter=item.opening, name=name, level=level, kind="part", children=children)
            return
        name = self._name(item)
        found = self._chapters(item)
        if not found:
            yield PlannedDocument(chapter=item, name=name, level=level, kind="chapter")
        for number, each in enumerate(found, 1):
            plain = replace(item, title="", heading="", description="", authors=(), date=None)
            chapter = replace(plain if each.heading else item, text=each.text, first_line=item.first_line + each.line)
            yield PlannedDocument(
                chapter=chapter,
                name=name if number == 1 else self._piece_name(name, number),
                level=level,
                kind="chapter",
                definitions=each.definitions,
            )

    def _chapters(self, chapter: Chapter) -> tuple[ChapterText, ...]:
        """The chapters inside a file that has no title of its own."""
        has_title = chapter.contents_title or (chapter.title and chapter.path != self._whole)
        if not chapter.split or not chapter.path or has_title:
            return ()
        dialect = self._own.dialect(chapter)
        return () if dialect == "html" else chapters_of_file(chapter.text, dialect)

    def _name(self, chapter: Chapter) -> str:
        """The document's name: from the source path; for a chapter made in Python from its slug or title, numbered if
        taken.
        """
        name = document_name(chapter.path or f"{portable(chapter.slug or chapter.title)}.md")
        stem, count = name.removesuffix(".xhtml"), 1
        while name in self._taken:
            count += 1
            name = f"{stem}-{count}.xhtml"
        self._taken.add(name)
        return name

    def _piece_name(self, first: str, number: int) -> str:
        """``text/novel-2.xhtml``, unless that name belongs to a file."""
        stem = first.removesuffix(".xhtml")
        name = f"{stem}-{number}.xhtml"
        while name in self._ruled or name in self._taken:
            stem += "-x"
            name = f"{stem}-{number}.xhtml"
        self._taken.add(name)
        return name


def aliases_of(planned: Iterable[PlannedDocument]) -> dict[str, str]:
    """The other site paths of each chapter: its ``aliases`` and its ``slug``."""
    aliases: dict[str, str] = {}
    for document in planned:
        chapter = document.chapter
        for alias in chapter.aliases:
            aliases.setdefault(alias.strip("/"), chapter.path)
        if chapter.slug:
            folder = chapter.path.rpartition("/")[0]
            aliases.setdefault(f"{folder}/{chapter.slug}".strip("/"), chapter.path)
    return aliases


def walk(documents: Iterable[PlannedDocument]) -> Iterator[PlannedDocument]:
    """Yields all documents in reading order: a part's opening page, then its contents."""
    for document in documents:
        yield document
        yield from walk(document.children)


class OwnSettings(Struct, frozen=True, kw_only=True):
    """The settings of each volume, by the beginning of its chapters' paths; empty for a single volume."""

    whole: VolumeSettings
    volumes: Mapping[str, VolumeSettings]

    def of(self, chapter: Chapter) -> VolumeSettings:
        """The settings for rendering `chapter`."""
        if not self.volumes:
            return self.whole
        found = (self.volumes.get(folder) for folder in _folders(chapter.path))
        return next((each for each in found if each), self.whole)

    def dialect(self, chapter: Chapter) -> str:
        """The dialect of the chapter's text."""
        return chapter.dialect or self.of(chapter).settings.dialect


def own_settings(book: BookValues) -> OwnSettings:
    """Prepares the settings of `book` for looking up by chapter."""
    volumes = {each.folder: each for each in book.volumes}
    return OwnSettings(whole=VolumeSettings(folder="", settings=book.settings), volumes=volumes)


def _folders(path: str) -> Iterator[str]:
    """The folders that `path` is in, deepest first; a volume's own page, ``one.md``, belongs to ``one``."""
    yield path.removesuffix(".md")
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
