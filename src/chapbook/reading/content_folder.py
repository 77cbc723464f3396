"""The files of a content folder, read so that nothing outside of it is ever reached."""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from pathlib import Path

from msgspec import Struct

from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.settings import ContentFile, FileRef
from chapbook.reading.memory_folder import MemoryFolder
from chapbook.reading.walk import shown, walk

__all__ = [
    "MOST_BYTES",
    "MOST_TEXT_BYTES",
    "AssetFolder",
    "ContentFolder",
    "LibraryFiles",
    "absolute_root",
    "decode_text",
    "read_bytes",
    "real_path",
]

MOST_BYTES = 256_000_000
"""Of a picture, font or other file; stores take no book that large."""
MOST_TEXT_BYTES = 16_000_000
"""Of one Markdown file: four times the longest novels."""
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO opens at once, is seen to be one and is closed
)
_STEPS = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
"""Whether the system opens a file relative to an open folder."""
_LINKED = frozenset({errno.ELOOP, errno.ENOTDIR})
"""What a link is answered with that must not be followed, as the last part of a path or before (open(2))."""


def absolute_root(root: str | os.PathLike[str] | MemoryFolder) -> Path | MemoryFolder:
    """The folder with an absolute path. (`resolve` would follow a link that the user gave.)"""
    return root if isinstance(root, MemoryFolder) else Path(os.path.abspath(root))  # noqa: PTH100 - as said


class AssetFolder(Struct, frozen=True):
    """A folder of files for the chapters: one of the content folder, or one that the user named."""

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
        """The files of a `folder` of the content folder `root`, which has the `paths`."""
        below = f"{folder}/"
        return cls(root, folder, frozenset(each.removeprefix(below) for each in paths if each.startswith(below)))


class ContentFolder(Struct, frozen=True):
    """The files that chapters and settings may refer to. It pickles: any process may read through it."""

    root: Path | MemoryFolder
    """An absolute path, or what is in memory."""
    paths: frozenset[str] = frozenset()
    """Every regular file, relative to the root, with slashes."""
    assets: tuple[AssetFolder, ...] = ()
    """Folders whose files may be referred to as if they lay at the root; a file that does lie there goes first."""

    @classmethod
    def at(cls, root: Path) -> ContentFolder:
        """The files of `root` as they are now."""
        absolute = absolute_root(root)
        return cls(absolute, walk(absolute).paths)

    def names(self) -> frozenset[str]:
        """Every regular file in the folder that may be read, hidden ones left out, and those of its assets."""
        return self.paths.union(*(each.names for each in self.assets))

    def held(self, path: str) -> bytes | None:
        """The bytes of a file of a folder that is in memory."""
        return self.root.files.get(path) if isinstance(self.root, MemoryFolder) else None

    def find(self, path: str) -> FileRef | None:
        """The file of a clean relative path, as a setting names it."""
        return ContentFile(path) if path in self.paths else None

    def read(self, path: str) -> bytes:
        """The bytes of a file of the folder.

        Raises ChapbookError: ``file-outside`` for a path or symbolic link that leads out, ``file-unreadable``
        for what is no regular file or cannot be opened, ``file-too-large``.
        """
        clean = _clean(path)
        if clean not in self.paths:
            for each in self.assets:
                if clean in each.names:
                    return read_bytes(each.root, f"{each.folder}/{clean}".lstrip("/"), MOST_BYTES)
            if isinstance(self.root, Path):
                _inside(self.root, clean)
            raise ChapbookError(Diagnostic.of("file-unreadable", "there is no such file", path=shown(path)))
        return read_bytes(self.root, clean, MOST_BYTES)


class LibraryFiles(Struct, frozen=True):
    """The files beside volumes.yaml that it names: looked up one by one, never listed."""

    root: Path

    def find(self, path: str) -> FileRef | None:
        """The file's own path, where it is a regular file in the folder and no link leads out."""
        try:
            real = _inside(self.root, path)
        except ChapbookError:
            return None
        return Path(real) if os.path.isfile(real) else None  # noqa: PTH113 - a path of the system, not ours

    def names(self) -> frozenset[str]:
        """None: a library is not searched for what could have been meant."""
        return frozenset()


def read_bytes(root: Path | MemoryFolder, path: str, most: int) -> bytes:
    """The bytes of the file `path` (relative, with slashes) in the folder `root`; raises as ContentFolder.read."""
    if isinstance(root, MemoryFolder):
        return root.read(_clean(path), most)
    try:
        descriptor = _opened(root, path)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ChapbookError(Diagnostic.of("file-unreadable", "it isn't a regular file", path=shown(path)))
            data = _all(descriptor, status.st_size, most)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise ChapbookError(_unreadable(path, error)) from error
    if data is None:
        message = f"the file is larger than {most // 1_000_000} MB"
        hint = "split it, or make it smaller"
        raise ChapbookError(Diagnostic.of("file-too-large", message, path=shown(path), hint=hint))
    return data


def _all(descriptor: int, size: int, most: int) -> bytes | None:
    """All bytes of an open file; ``None`` for more than `most`, also where it grows while it is read."""
    if size > most:
        return None
    chunks, count = [], 0
    while chunk := os.read(descriptor, max(size - count, 0) + 1):
        chunks.append(chunk)
        count += len(chunk)
        if count > most:
            return None
    return b"".join(chunks)


def _opened(root: Path, path: str) -> int:
    """An open descriptor of the file `path`, of which no part can be exchanged for a link while it is opened."""
    if not _STEPS:
        return os.open(_inside(root, path), _FLAGS)
    try:
        return _opened_by_steps(os.fspath(root), _clean(path))
    except OSError as error:
        if error.errno not in _LINKED:
            raise
    # There is a link on the way. Where it leads inside, the file is opened in its real place.
    base = os.path.realpath(root)
    return _opened_by_steps(base, os.path.relpath(_inside(root, path), base))


def _opened_by_steps(root: str, path: str) -> int:
    """Opens folder by folder from `root` without following a link. Raises OSError with one of _LINKED at a link."""
    *above, name = path.split("/")
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in above:
            within = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = within
        return os.open(name, _FLAGS, dir_fd=folder)
    finally:
        os.close(folder)


def _clean(path: str) -> str:
    """`path` without ``.`` and ``..``; one that leads out of the folder raises ``file-outside``."""
    clean = posixpath.normpath(path)
    if "\0" in path or clean in ("", ".", "..") or clean.startswith(("/", "../")):
        raise ChapbookError(_outside(path))
    return clean


def _inside(root: Path, path: str) -> str:
    """The real path of `path`, which no ``..``, absolute path or link may lead out of `root`."""
    clean = _clean(path)
    base = os.path.realpath(root)
    try:
        real = os.path.realpath(os.path.join(base, clean))  # noqa: PTH118 - strings: this runs once for each file
    except (OSError, ValueError) as error:
        raise ChapbookError(_unreadable(path, error)) from error
    if not real.startswith(base.rstrip(os.sep) + os.sep):
        raise ChapbookError(_outside(path))
    return real


def real_path(root: Path, path: str) -> Path:
    """Where the file `path` of the folder `root` really lies, links followed.

    Raises ChapbookError (``file-outside``) where that is outside of the folder.
    """
    return Path(_inside(root, path))


def _outside(path: str) -> Diagnostic:
    return Diagnostic.of("file-outside", f"'{shown(path)}' is outside the content folder", path=shown(path))


def _unreadable(path: str, error: Exception) -> Diagnostic:
    words = (error.strerror or "chapbook can't open it") if isinstance(error, OSError) else "chapbook can't open it"
    return Diagnostic.of("file-unreadable", f"cannot be read: {words.lower()}", path=shown(path))


_BYTE_ORDER_MARKS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def decode_text(data: bytes, path: str) -> str:
    """`data` as UTF-8. Raises ChapbookError (``not-utf8``) with the line and column of the first wrong byte."""
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
