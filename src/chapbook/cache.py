"""A cache folder of finished work, named by its input. It saves time; chapbook works without it and never trusts it.

An entry's name is a hash of everything that its content depends on, so that an entry is never out of date,
only unused. It begins with a checksum of its name and the rest; one that is damaged, half written or unreadable, that
lies under another's name, or that another user may have written, is a miss, and one that cannot be written is not
written. Any number of processes may use one folder at once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import RawIOBase
from pathlib import Path

from msgspec import Struct

from chapbook.opening import FOLDER_FLAGS, STEPS, Place

__all__ = ["Cache", "key_of", "user_cache"]

_CHECKSUM = 32
_MOST_BYTES = 512 << 20
"""The largest size of the folder; beyond it, the least recently used entries are removed."""
_KEPT = 0.8
"""The share that remains after that."""
_LARGEST = 64 << 20
"""The bytes of an entry; larger ones are neither written nor read."""
_MARK = 16
"""Each 65,536 bytes that are written leave a mark of one byte."""
_MARKS = "written"
"""The file with the marks: its length tells how full the folder is, without looking at the entries."""
_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"))
"""Flags so that links aren't followed, and a pipe in the place of a file doesn't block."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS
_NO_FILE = frozenset({errno.ELOOP, errno.ENXIO})
"""What a link and a pipe are answered with."""
_OWNER_ALONE = 0o700
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def key_of(*parts: str | bytes) -> str:
    """The name of the entry that depends on `parts`, in this order."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()


class Cache(Struct, frozen=True):
    """The cache entries in a folder, which is made when first needed."""

    folder: Path
    most: int = _MOST_BYTES
    """Bytes of all entries together."""

    def read(self, key: str) -> bytes | None:
        """The content of the entry `key`; ``None`` if it is missing or damaged."""
        try:
            with self._shelf(key) as at:
                entry = _own_file(at)
        except (OSError, MemoryError):
            return None
        content = entry[_CHECKSUM:]
        return content if _checksum(key, content) == entry[:_CHECKSUM] else None

    def write(self, key: str, content: bytes) -> None:
        """Keeps `content` under `key`, where the system lets it.

        It is written in its place: half of it has no right checksum, so that it is a miss, and is written again.
        """
        if len(content) + _CHECKSUM > _LARGEST:
            return
        checksum = _checksum(key, content)
        try:
            self.folder.mkdir(_OWNER_ALONE, parents=True, exist_ok=True)
            (self.folder / key[:2]).mkdir(_OWNER_ALONE, exist_ok=True)
            with self._shelf(key) as at:
                _write_new(at, checksum, content)
        except OSError:
            return
        # The checksum serves as a random number: an entry worth half a mark leaves one in half of all cases.
        chance = int.from_bytes(checksum[:2], "big")
        with suppress(OSError):
            self._mark(len(content) + _CHECKSUM + chance >> _MARK)

    def touch(self, keys: Iterable[str]) -> None:
        """Notes that the entries `keys` were used, so that others are removed first."""
        for key in keys:
            with suppress(OSError):
                os.utime(self._path(key), follow_symlinks=os.utime not in os.supports_follow_symlinks)

    def prune(self) -> None:
        """Removes the least recently used entries until four fifths of the limit are left.

        It runs again after another fifth was written, so its cost per write stays constant.
        """
        kept = int(self.most * _KEPT)
        entries = sorted(self._entries())
        size = sum(entry[1] for entry in entries)
        for _, length, path in entries:
            if size <= kept:
                break
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - scandir gives strings
                size -= length
        # If entries can't be removed, don't try again at the next write.
        with suppress(OSError):
            _write_new(Place(os.fspath(self.folder / _MARKS), None), b"." * max(1, min(size, kept) >> _MARK))

    def _mark(self, count: int) -> None:
        """Adds `count` marks; prunes if the folder has too many marks, or none (it may be from an older version)."""
        if not count:
            return
        try:
            descriptor = os.open(self.folder / _MARKS, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _FLAGS, 0o600)
        except OSError as error:
            if error.errno not in _NO_FILE:
                raise
            before = 0  # pruning puts a file there
        else:
            with open(descriptor, "ab", buffering=0) as file:  # noqa: PTH123 - of a descriptor
                before = os.fstat(descriptor).st_size
                file.write(b"." * count)
        if not before or before + count > self.most >> _MARK:
            self.prune()

    def _entries(self) -> Iterable[tuple[float, int, str]]:
        """The last use, size and path of each entry."""
        with suppress(OSError), os.scandir(self.folder) as folders:
            for folder in folders:
                if not folder.is_dir(follow_symlinks=False):
                    continue
                with suppress(OSError), os.scandir(folder.path) as files:
                    for file in files:
                        status = file.stat(follow_symlinks=False)
                        yield status.st_mtime, status.st_size, file.path

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    @contextmanager
    def _shelf(self, key: str) -> Iterator[Place]:
        """The place of the entry `key`, in its open folder. Raises OSError where a link stands for that."""
        if not STEPS:
            yield Place(os.fspath(self._path(key)), None)
            return
        descriptor = os.open(self.folder / key[:2], FOLDER_FLAGS)
        try:
            yield Place(key[2:], descriptor)
        finally:
            os.close(descriptor)


def _checksum(key: str, content: bytes) -> bytes:
    """A checksum of an entry's name and content; all keys have the same length."""
    digest = hashlib.sha256(key.encode())
    digest.update(content)
    return digest.digest()


def _write_new(at: Place, *parts: bytes) -> None:
    """Makes a file that the owner alone may read or write. What was there before goes, and nothing is left of half."""
    with suppress(FileNotFoundError):
        os.unlink(at.path, dir_fd=at.folder)  # a link to a file of somebody else's is not written through
    descriptor = os.open(at.path, _NEW, 0o600, dir_fd=at.folder)
    try:
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 - of a descriptor
            for part in parts:
                _write_all(file, part)
    except OSError:
        with suppress(OSError):
            os.unlink(at.path, dir_fd=at.folder)
        raise


def _write_all(file: RawIOBase, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) or 0 :]


def _own_file(at: Place) -> bytes:
    """The bytes of a file, no more than an entry has.

    Raises OSError for what is no such file, and for one that another user has, or may write to.
    """
    descriptor = os.open(at.path, os.O_RDONLY | _FLAGS, dir_fd=at.folder)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - of a descriptor
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST or not _is_ours(status):
            raise OSError
        return file.read(status.st_size) or b""


def _is_ours(status: os.stat_result) -> bool:
    """Whether nobody but this user can have written a file."""
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_WRITE


def user_cache(system: str) -> Path | None:
    """The folder of chapbook's cache on `system` (a `sys.platform`); ``None`` for a user without a home."""
    given = Path(os.environ.get("LOCALAPPDATA" if system == "win32" else "XDG_CACHE_HOME", ""))
    # The XDG Base Directory Specification ignores a relative path.
    caches = given if given.is_absolute() else Path(_home(), _CACHES.get(system, ".cache"))
    return caches / ("chapbook/Cache" if system == "win32" else "chapbook") if caches.is_absolute() else None


_CACHES = {"win32": "AppData/Local", "darwin": "Library/Caches"}
"""Where in a user's home a system keeps caches, unless it is Linux or another Unix."""


def _home() -> str:
    """The user's home. If HOME isn't absolute, the user database says it; empty if nothing does."""
    if os.name == "nt" or os.path.isabs(os.environ.get("HOME", "")):  # noqa: PTH117 - of text
        return os.path.expanduser("~")  # noqa: PTH111 - pathlib raises where there is none
    import pwd  # noqa: PLC0415 - Windows has none

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:  # a container may run as a user that its database doesn't have
        return ""
