"""A cache folder of finished work, named by its input. It saves time; chapbook works without it and never trusts it.

An entry's name is a hash of everything its content depends on, so entries are never out of date, only unused. Each
entry begins with a checksum of its name and content. A damaged, foreign, unreadable or misplaced entry counts as
missing; an entry that can't be written is skipped. Several processes can share one folder.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

__all__ = ["Cache", "key_of"]

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
            entry = _regular_file(self._path(key))
        except (OSError, MemoryError):
            return None
        content = entry[_CHECKSUM:]
        return content if _checksum(key, content) == entry[:_CHECKSUM] else None

    def write(self, key: str, content: bytes) -> None:
        """Stores `content` under `key`, if the system allows it."""
        if len(content) + _CHECKSUM > _LARGEST:
            return
        path = self._path(key)
        checksum = _checksum(key, content)
        temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("xb") as file:
                file.write(checksum)
                file.write(content)
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            return
        # The checksum serves as a random number: an entry worth half a mark leaves one in half of all cases.
        chance = int.from_bytes(checksum[:2], "big")
        with suppress(OSError):
            self._mark(len(content) + _CHECKSUM + chance >> _MARK)

    def touch(self, keys: Iterable[str]) -> None:
        """Notes that the entries `keys` were used, so that others are removed first."""
        for key in keys:
            with suppress(OSError):
                os.utime(self._path(key))

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
        marks = self.folder / f".{_MARKS}.{os.urandom(4).hex()}"
        with suppress(OSError):
            marks.write_bytes(b"." * max(1, min(size, kept) >> _MARK))
            marks.replace(self.folder / _MARKS)

    def _mark(self, count: int) -> None:
        """Adds `count` marks; prunes if the folder has too many marks, or none (it may be from an older version)."""
        if not count:
            return
        descriptor = os.open(self.folder / _MARKS, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _FLAGS, 0o666)
        try:
            before = os.fstat(descriptor).st_size
            os.write(descriptor, b"." * count)
        finally:
            os.close(descriptor)
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


def _checksum(key: str, content: bytes) -> bytes:
    """A checksum of an entry's name and content; all keys have the same length."""
    digest = hashlib.sha256(key.encode())
    digest.update(content)
    return digest.digest()


def _regular_file(path: Path) -> bytes:
    """The bytes of the file `path`, up to the largest entry size. Raises OSError if it isn't a regular file."""
    descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - of a descriptor
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            raise OSError
        return file.read(status.st_size) or b""
