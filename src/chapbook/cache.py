"""A folder of finished work, named by what went into it: quick where it holds, never needed, never trusted.

An entry's name is a hash of everything that its content depends on, so that an entry is never out of date,
only unused. It begins with a checksum of its name and the rest; one that is damaged, foreign or unreadable, or
that lies under another's name, is a miss, and one that cannot be written is not written. Any number of processes
may use one folder at once.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

__all__ = ["Cache", "key_of", "user_cache"]

_CHECKSUM = 32
_MOST_BYTES = 512 << 20
"""What the folder may grow to before the entries that were not used for longest go."""
_KEPT = 0.8
"""The part of it that stays then."""
_LARGEST = 64 << 20
"""The bytes of an entry; larger ones are neither written nor read."""
_MARK = 16
"""Each 65,536 bytes that are written leave a mark of one byte."""
_MARKS = "written"
"""The file with the marks: its length says how much the folder holds, so that nobody has to look at every entry."""
_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"))
"""A link is not followed, and nobody waits for a pipe that stands where a file should."""


def key_of(*parts: str | bytes) -> str:
    """The name of an entry that depends on `parts`, in this order."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()


class Cache(Struct, frozen=True):
    """The entries below a folder, which is made when there is something to keep."""

    folder: Path
    most: int = _MOST_BYTES
    """Bytes of all entries together."""

    def read(self, key: str) -> bytes | None:
        """The content of the entry `key`; ``None`` where there is none that is whole."""
        try:
            entry = _regular_file(self._path(key))
        except (OSError, MemoryError):
            return None
        content = entry[_CHECKSUM:]
        return content if _checksum(key, content) == entry[:_CHECKSUM] else None

    def write(self, key: str, content: bytes) -> None:
        """Keeps `content` under `key`, where the system lets it."""
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
        # The checksum is as good as chance, so that in the mean an entry of half a mark leaves every other time one.
        chance = int.from_bytes(checksum[:2], "big")
        with suppress(OSError):
            self._mark(len(content) + _CHECKSUM + chance >> _MARK)

    def touch(self, keys: Iterable[str]) -> None:
        """Notes that the entries `keys` were of use, so that others go first."""
        for key in keys:
            with suppress(OSError):
                os.utime(self._path(key))

    def prune(self) -> None:
        """Removes the entries that were not used for longest, until four fifths of what is allowed are left.

        The next time is when another fifth was written, so that over all writings each costs the same.
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
        # Where entries could not be removed, the next try is not the next writing either.
        marks = self.folder / f".{_MARKS}.{os.urandom(4).hex()}"
        with suppress(OSError):
            marks.write_bytes(b"." * max(1, min(size, kept) >> _MARK))
            marks.replace(self.folder / _MARKS)

    def _mark(self, count: int) -> None:
        """Adds `count` marks; prunes where the folder has too many, or none and may be an old one."""
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
        """The time of last use, the size and the path of every file in the folder's folders."""
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
    """Of an entry's name and content: keys are all of one length."""
    digest = hashlib.sha256(key.encode())
    digest.update(content)
    return digest.digest()


def _regular_file(path: Path) -> bytes:
    """The bytes of the file `path`, no more than an entry has. Raises OSError for what is no such file."""
    descriptor = os.open(path, os.O_RDONLY | _FLAGS)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - of a descriptor
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            raise OSError
        return file.read(status.st_size) or b""


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
