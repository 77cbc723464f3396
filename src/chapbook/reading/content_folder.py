"""Reads the files of a content folder; nothing outside it can be reached.

A folder in a ZIP file or in an installed package is first read into memory.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.settings import ContentFile, FileRef
from chapbook.opening import LinkOutError, NotRegularError, open_within, real_path, regular_bytes
from chapbook.reading.walk import MOST_FILES, MOST_LEVELS, shown, walk

__all__ = [
    "MOST_BYTES",
    "MOST_TEXT_BYTES",
    "AssetFolder",
    "ContentFolder",
    "MemoryFolder",
    "Traversable",
    "absolute_root",
    "decode_text",
    "place_of",
    "read_bytes",
]

MOST_BYTES = 256_000_000
"""The most bytes of a picture, font or other file; stores accept no book that large."""
MOST_TEXT_BYTES = 16_000_000
"""The most bytes of one Markdown file: four times the longest novels."""


_MOST_TOGETHER = 2_000_000_000
"""The most bytes of all files together, because they are in memory."""


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
                    files[path] = data = stream.read(_MOST_TOGETHER - size + 1)
            except Exception as error:  # a ZIP file can be damaged in many ways
                message = f"cannot be read: {type(error).__name__}"
                raise ChapbookError(Diagnostic.of("file-unreadable", message, path=path)) from error
            size += len(data)
            if size > _MOST_TOGETHER or len(files) > MOST_FILES:
                message = f"the folder holds more than {MOST_FILES:,} files or {_MOST_TOGETHER // 1_000_000_000} GB"
                raise ChapbookError(Diagnostic.of("too-many-files", message, hint="give the folder of the book alone"))
        return cls(_name_of(folder), files)

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file. Raises ChapbookError (``file-unreadable``, ``file-too-large``)."""
        data = self.files.get(path)
        if data is None:
            raise ChapbookError(_missing(path))
        if len(data) > most:
            raise ChapbookError(_too_large(path, most))
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
            if not name or name in {".", ".."} or "/" in name or "\\" in name or level > MOST_LEVELS:
                continue
            if each.is_dir():
                open_.append((f"{above}{name}/", each, level + 1))
            elif each.is_file():
                yield above + name, each


def absolute_root(root: str | os.PathLike[str] | MemoryFolder) -> Path | MemoryFolder:
    """The folder with an absolute path. (`resolve` would follow a link that the user gave.)"""
    return root if isinstance(root, MemoryFolder) else Path(os.path.abspath(root))  # noqa: PTH100 - as said


class AssetFolder(Struct, frozen=True):
    """A folder of files for the chapters: inside the content folder, or named by the user."""

    root: Path | MemoryFolder
    """The content folder, or the folder that the user named."""
    folder: str
    """Relative to the root; empty for the root itself."""
    names: frozenset[str]
    """Every regular file in it, relative to it."""

    @classmethod
    def at(cls, root: Path | MemoryFolder) -> AssetFolder:
        """The files of a folder that the user named."""
        absolute = absolute_root(root)
        return cls(absolute, "", walk(absolute).paths)

    @classmethod
    def within(cls, root: Path | MemoryFolder, folder: str, paths: frozenset[str]) -> AssetFolder:
        """The files of a `folder` inside the content folder `root`, which has the `paths`."""
        below = f"{folder}/"
        return cls(root, folder, frozenset(each.removeprefix(below) for each in paths if each.startswith(below)))


class ContentFolder(Struct, frozen=True):
    """The files that chapters and settings can refer to. It can be pickled, so all processes can read through it."""

    root: Path | MemoryFolder
    """An absolute path, or a folder in memory."""
    paths: frozenset[str] = frozenset()
    """Every regular file, relative to the root, with slashes."""
    assets: tuple[AssetFolder, ...] = ()
    """Folders whose files can be referred to as if they were at the root; a file at the root takes precedence."""

    @classmethod
    def at(cls, root: Path) -> ContentFolder:
        """The files of `root` at this moment."""
        absolute = absolute_root(root)
        return cls(absolute, walk(absolute).paths)

    def names(self) -> frozenset[str]:
        """All readable regular files in the folder, except hidden ones, and the files of its asset folders."""
        return self.paths.union(*(each.names for each in self.assets))

    def held(self, path: str) -> bytes | None:
        """The bytes of a file, if the folder is in memory."""
        return self.root.files.get(path) if isinstance(self.root, MemoryFolder) else None

    def find(self, path: str) -> FileRef | None:
        """The file at a clean relative path, for a setting that names it."""
        return ContentFile(path) if path in self.paths else None

    def read(self, path: str) -> bytes:
        """The bytes of a file in the folder.

        Raises ChapbookError: ``file-outside`` for a path or symbolic link that leads outside, ``file-unreadable`` if it
        isn't a regular file or can't be opened, ``file-too-large``.
        """
        clean = _clean(path)
        if clean not in self.paths:
            for each in self.assets:
                if clean in each.names:
                    return read_bytes(each.root, f"{each.folder}/{clean}".lstrip("/"), MOST_BYTES)
            if isinstance(self.root, Path):
                _inside(self.root, clean)
            raise ChapbookError(_missing(path))
        return read_bytes(self.root, clean, MOST_BYTES)


def read_bytes(root: Path | MemoryFolder, path: str, most: int) -> bytes:
    """The bytes of the file `path` (relative, with slashes) in the folder `root`; raises like ContentFolder.read."""
    if isinstance(root, MemoryFolder):
        return root.read(_clean(path), most)
    clean = _clean(path)
    try:
        data = regular_bytes(open_within(os.fspath(root), clean), most)
    except LinkOutError as error:
        raise ChapbookError(_outside(path)) from error
    except NotRegularError as error:
        raise ChapbookError(Diagnostic.of("file-unreadable", "it isn't a regular file", path=shown(path))) from error
    except (OSError, ValueError) as error:
        raise ChapbookError(_unreadable(path, error)) from error
    if data is None:
        raise ChapbookError(_too_large(path, most))
    return data


def _clean(path: str) -> str:
    """`path` without ``.`` and ``..``; raises ``file-outside`` if it leads outside the folder."""
    clean = posixpath.normpath(path)
    if "\0" in path or clean in ("", ".", "..") or clean.startswith(("/", "../")):
        raise ChapbookError(_outside(path))
    return clean


def _inside(root: Path, path: str) -> str:
    """The real path of `path`, checked so that ``..``, absolute paths and links can't lead outside `root`."""
    try:
        return real_path(os.fspath(root), _clean(path))
    except LinkOutError as error:
        raise ChapbookError(_outside(path)) from error
    except (OSError, ValueError) as error:
        raise ChapbookError(_unreadable(path, error)) from error


def place_of(root: Path, path: str) -> Path:
    """Where the file `path` of the folder `root` really is, with links followed.

    Raises ChapbookError (``file-outside``) if that is outside the folder.
    """
    return Path(_inside(root, path))


def _outside(path: str) -> Diagnostic:
    message, hint = f"'{shown(path)}' is outside the content folder", "put the file into the content folder"
    return Diagnostic.of("file-outside", message, path=shown(path), hint=hint)


def _unreadable(path: str, error: Exception) -> Diagnostic:
    words = (error.strerror or "chapbook can't open it") if isinstance(error, OSError) else "chapbook can't open it"
    return Diagnostic.of("file-unreadable", f"cannot be read: {words.lower()}", path=shown(path))


def _missing(path: str) -> Diagnostic:
    return Diagnostic.of("file-unreadable", "there is no such file", path=shown(path))


def _too_large(path: str, most: int) -> Diagnostic:
    message, hint = f"the file is larger than {most // 1_000_000} MB", "split it, or make it smaller"
    return Diagnostic.of("file-too-large", message, path=shown(path), hint=hint)


_BYTE_ORDER_MARKS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def decode_text(data: bytes, path: str) -> str:
    """`data` as UTF-8. Raises ChapbookError (``not-utf8``) with the line and column of the first invalid byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ChapbookError(_fault(data, error.start, path)) from error


def _fault(data: bytes, index: int, path: str) -> Diagnostic:
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Diagnostic.of(
                "not-utf8", f"the file is {name}, not UTF-8", path=path, at=Position(1), hint="save it as UTF-8"
            )
    before = data[:index].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
    message = f"the byte 0x{data[index]:02X} isn't UTF-8"
    hint = "save the file as UTF-8; it may be Windows-1252 or Latin-1"
    return Diagnostic.of("not-utf8", message, path=path, at=Position(line, column), hint=hint)
