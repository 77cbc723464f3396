"""Which content documents the book has, in what order, under which names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from chapbook.building.inputs import BookValues
from chapbook.model.contents import Chapter, Part, in_order
from chapbook.model.names import document_name, portable
from chapbook.model.settings import VolumeSettings

__all__ = ["OwnSettings", "PlannedDocument", "own_settings", "plan_documents", "walk"]

_DEEPEST_LEVEL = 6


class PlannedDocument(Struct, frozen=True, kw_only=True):
    """A content document to be: its chapter, its name in the publication and its place in the book."""

    chapter: Chapter
    name: str
    level: int
    kind: Literal["chapter", "part"]
    children: tuple[PlannedDocument, ...] = ()


def plan_documents(items: Iterable[Chapter | Part]) -> tuple[PlannedDocument, ...]:
    """The book's documents in its order, parts with what they contain."""
    return _plan_all(items, 1, set())


def _plan_all(items: Iterable[Chapter | Part], level: int, taken: set[str]) -> tuple[PlannedDocument, ...]:
    return tuple(_plan(item, level, taken) for item in in_order(items))


def _plan(item: Chapter | Part, level: int, taken: set[str]) -> PlannedDocument:
    depth = min(level, _DEEPEST_LEVEL)
    if isinstance(item, Chapter):
        return PlannedDocument(chapter=item, name=_name(item, taken), level=depth, kind="chapter")
    return PlannedDocument(
        chapter=item.opening,
        name=_name(item.opening, taken),
        level=depth,
        kind="part",
        children=_plan_all(item.contents, level + 1, taken),
    )


def _name(chapter: Chapter, taken: set[str]) -> str:
    """The name of the source path; for a chapter made in Python that of its slug or title, counted up if need be."""
    name = document_name(chapter.path or f"{portable(chapter.slug or chapter.title)}.md")
    stem, count = name.removesuffix(".xhtml"), 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}.xhtml"
    taken.add(name)
    return name


def walk(documents: Iterable[PlannedDocument]) -> Iterator[PlannedDocument]:
    """Every document in reading order: a part's opening before what the part contains."""
    for document in documents:
        yield document
        yield from walk(document.children)


class OwnSettings(Struct, frozen=True, kw_only=True):
    """The volumes of a book by what the paths of their chapters begin with; none where it is one volume."""

    whole: VolumeSettings
    volumes: Mapping[str, VolumeSettings]

    def of(self, chapter: Chapter) -> VolumeSettings:
        """What `chapter` is rendered with."""
        if not self.volumes:
            return self.whole
        found = (self.volumes.get(folder) for folder in _folders(chapter.path))
        return next((each for each in found if each), self.whole)


def own_settings(book: BookValues) -> OwnSettings:
    """The settings of `book`, ready to be asked for each of its chapters."""
    volumes = {each.folder: each for each in book.volumes}
    return OwnSettings(whole=VolumeSettings(folder="", settings=book.settings), volumes=volumes)


def _folders(path: str) -> Iterator[str]:
    """The folders that `path` lies in, the deepest first; the page of a volume, ``one.md``, is of ``one``."""
    yield path.removesuffix(".md")
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
