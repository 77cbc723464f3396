"""The settings that hold for one chapter: the book's, or those of the volume that it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from chapbook.building.values import BookValues
from chapbook.contents import Chapter
from chapbook.settings import VolumeSettings

__all__ = ["OwnSettings", "own_settings"]


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
