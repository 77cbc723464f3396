"""The files of several content folders under one root, each read through its own folder alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from chapbook.contents import Files
from chapbook.diagnostics import ChapbookError, Diagnostic

__all__ = ["JoinedFiles"]


class JoinedFiles(Struct, frozen=True):
    """The files of each folder, by their paths from the common root. It pickles as its folders do."""

    folders: Mapping[str, Files]
    """Relative to the root, with slashes; none within another."""
    paths: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folders: Mapping[str, Files]) -> JoinedFiles:
        """The files of `folders` as they are now."""
        paths = frozenset(f"{folder}/{name}" for folder, files in folders.items() for name in files.names())
        return cls(folders, paths)

    def names(self) -> frozenset[str]:
        """Every file of every folder."""
        return self.paths

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises ChapbookError as the folder that it is of."""
        for folder in _above(path):
            if folder in self.folders:
                try:
                    return self.folders[folder].read(path[len(folder) + 1 :])
                except ChapbookError as error:
                    raise ChapbookError(*(_from_root(each, folder) for each in error.diagnostics)) from error
        raise ChapbookError(Diagnostic.of("file-unreadable", "there is no such file", path=path))


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _from_root(diagnostic: Diagnostic, folder: str) -> Diagnostic:
    return replace(diagnostic, path=f"{folder}/{diagnostic.path}") if diagnostic.path else diagnostic
