"""A folder of finished work, named by what went into it: quick where it holds, never needed, never trusted.

An entry's name is a hash of everything that its content depends on, so that an entry is never out of date,
only unused. It begins with a checksum of the rest; one that is damaged, foreign or unreadable is a miss, and
one that cannot be written is not written. Any number of processes may use one folder at once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

__all__ = ["Cache", "key_of"]

_CHECKSUM = 32
_MOST_BYTES = 512 << 20
"""What the folder may grow to before the entries that were not used for longest go."""
_KEPT = 0.8
"""The part of it that stays then."""
_PRUNING = "00"
"""How the name of an entry begins whose writing asks for a look at the whole folder: one in 256 does."""


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

    def read(self, key: str) -> bytes | None:
        """The content of the entry `key`; ``None`` where there is none that is whole."""
        try:
            entry = self._path(key).read_bytes()
        except (OSError, MemoryError):
            return None
        content = entry[_CHECKSUM:]
        return content if hashlib.sha256(content).digest() == entry[:_CHECKSUM] else None

    def write(self, key: str, content: bytes) -> None:
        """Keeps `content` under `key`, where the system lets it."""
        path = self._path(key)
        temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("xb") as file:
                file.write(hashlib.sha256(content).digest())
                file.write(content)
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
        if key.startswith(_PRUNING):
            self.prune()

    def touch(self, keys: Iterable[str]) -> None:
        """Notes that the entries `keys` were of use, so that others go first."""
        for key in keys:
            with suppress(OSError):
                os.utime(self._path(key))

    def prune(self, most: int = _MOST_BYTES) -> None:
        """Removes the entries that were not used for longest, where all together have more than `most` bytes."""
        entries = list(self._entries())
        size = sum(entry[1] for entry in entries)
        if size <= most:
            return
        for _, length, path in sorted(entries):
            if size <= most * _KEPT:
                break
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - scandir gives strings
                size -= length

    def _entries(self) -> Iterable[tuple[float, int, str]]:
        """The time of last use, the size and the path of every file below the folder."""
        with suppress(OSError), os.scandir(self.folder) as folders:
            for folder in folders:
                with suppress(OSError), os.scandir(folder.path) as files:
                    for file in files:
                        status = file.stat(follow_symlinks=False)
                        yield status.st_mtime, status.st_size, file.path

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]
