"""A content folder in memory, from a ZIP file or an installed package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from chapbook.model.diagnostics import ChapbookError, Diagnostic

__all__ = ["MemoryFolder", "Traversable"]

_MOST_FILES = 50_000
"""The same limit as for a folder on disk."""
_MOST_BYTES = 2_000_000_000
"""The most bytes of all files together, because they are in memory."""
_MOST_LEVELS = 64


@runtime_checkable
class Traversable(Protocol):
    """The part of `importlib.resources.abc.Traversable` that chapbook needs."""

    @property
    def name(self) -> str: ...

    def iterdir(self) -> Iterator[Traversable]: ...

    def is_dir(self) -> bool: ...

    def is_file(self) -> bool: ...

    def open(self, mode: Any = ..., /) -> Any: ...  # noqa: ANN401 - a file, of text or bytes by its mode


class MemoryFolder(Struct, frozen=True):
    """The files of a folder, in memory. It can be used instead of a folder's path."""

    name: str
    """Of the folder itself."""
    files: Mapping[str, bytes]
    """By their paths relative to it, with slashes."""

    @classmethod
    def of(cls, folder: Traversable) -> MemoryFolder:
        """Reads all of `folder`, or the single file that it is.

        Raises ChapbookError if it is too large or can't be read.
        """
        files: dict[str, bytes] = {}
        size = 0
        for path, file in _files_in(folder):
            try:
                with file.open("rb") as stream:
                    files[path] = data = stream.read(_MOST_BYTES - size + 1)
            except Exception as error:  # a ZIP file can be damaged in many ways
                message = f"cannot be read: {type(error).__name__}"
                raise ChapbookError(Diagnostic.of("file-unreadable", message, path=path)) from error
            size += len(data)
            if size > _MOST_BYTES or len(files) > _MOST_FILES:
                message = f"the folder holds more than {_MOST_FILES:,} files or {_MOST_BYTES // 1_000_000_000} GB"
                raise ChapbookError(Diagnostic.of("too-many-files", message, hint="give the folder of the book alone"))
        return cls(_name_of(folder), files)

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file. Raises ChapbookError (``file-unreadable``, ``file-too-large``)."""
        data = self.files.get(path)
        if data is None:
            raise ChapbookError(Diagnostic.of("file-unreadable", "there is no such file", path=path))
        if len(data) > most:
            message = f"the file is larger than {most // 1_000_000} MB"
            raise ChapbookError(
                Diagnostic.of("file-too-large", message, path=path, hint="split it, or make it smaller")
            )
        return data


def _name_of(folder: Traversable) -> str:
    """The folder's name. The root of a ZIP file without a name (in memory) is called ``book``."""
    try:
        return folder.name
    except TypeError:  # `zipfile.Path` raises it then
        return "book"


def _files_in(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """The files of `folder` by path; names that lead outside are left out."""
    if not folder.is_dir():
        yield folder.name, folder
        return
    open_ = [("", folder, 0)]
    while open_:
        above, here, level = open_.pop()
        for each in here.iterdir():
            name = each.name
            if not name or name in {".", ".."} or "/" in name or "\\" in name or level > _MOST_LEVELS:
                continue
            if each.is_dir():
                open_.append((f"{above}{name}/", each, level + 1))
            elif each.is_file():
                yield above + name, each
