"""Files of a folder, opened step by step: no link is followed that is put into their path meanwhile."""

from __future__ import annotations

import errno
import os
import stat
from typing import NamedTuple

__all__ = [
    "FOLDER_FLAGS",
    "STEPS",
    "LinkOutError",
    "NotRegularError",
    "Place",
    "is_at",
    "open_folder",
    "open_within",
    "real_path",
    "regular_bytes",
]

_FOLDER = sum(getattr(os, name, 0) for name in ("O_RDONLY", "O_DIRECTORY", "O_CLOEXEC"))
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FILE = sum(getattr(os, name, 0) for name in ("O_RDONLY", "O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"))
"""A FIFO opens at once, is seen to be one and is closed."""
FOLDER_FLAGS = _FOLDER | _NO_LINK
STEPS = {os.open, os.unlink} <= os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
"""Whether the system opens a file relative to an open folder."""
_LINKED = frozenset({errno.ELOOP, errno.ENOTDIR})
"""What a link is answered with that must not be followed, as the last part of a path or before (open(2))."""
_DESCRIPTORS = "/proc/self/fd"


class Place(NamedTuple):
    """Where a file is: a name in an open folder, or a whole path where the system knows no such thing."""

    path: str
    folder: int | None

    def beside(self, name: str) -> Place:
        """The file called `name` in the same folder."""
        whole = name if self.folder is not None else os.path.join(os.path.dirname(self.path), name)  # noqa: PTH118, PTH120 - strings
        return Place(whole, self.folder)


class LinkOutError(OSError):
    """A symbolic link leads out of the folder."""


class NotRegularError(OSError):
    """A folder, a device or a pipe stands where a file should."""


def open_within(root: str, path: str) -> int:
    """A descriptor of the file at the relative `path` within the folder `root`, of which links may not lead out.

    `path` has slashes, and no ``.`` or ``..``. Raises LinkOutError, OSError and ValueError.
    """
    return _opened(root, path, _FILE)


def open_folder(root: str, path: str) -> int:
    """As `open_within`, of a folder; `root` itself for an empty `path`."""
    return _opened(root, path, FOLDER_FLAGS)


def _opened(root: str, path: str, flags: int) -> int:
    if not STEPS:
        return os.open(real_path(root, path), flags)
    try:
        return _opened_by_steps(root, path, flags)
    except OSError as error:
        if error.errno not in _LINKED:
            raise
    # There is a link on the way. Where it leads inside, the file is opened in its real place.
    base = os.path.realpath(root)
    return _opened_by_steps(base, os.path.relpath(real_path(root, path), base), flags)


def _opened_by_steps(root: str, path: str, flags: int) -> int:
    """Opens folder by folder from `root` without following a link. Raises OSError with one of _LINKED at a link."""
    *above, name = path.split("/")
    folder = os.open(root, _FOLDER)
    if not name:
        return folder
    try:
        for part in above:
            within = os.open(part, FOLDER_FLAGS, dir_fd=folder)
            os.close(folder)
            folder = within
        return os.open(name, flags, dir_fd=folder)
    finally:
        os.close(folder)


def real_path(root: str, path: str) -> str:
    """The real path of the relative `path`. Raises LinkOutError where a link leads out of the folder `root`."""
    base = os.path.realpath(root)
    real = os.path.realpath(os.path.join(base, path))  # noqa: PTH118 - strings: this runs once for each file
    if path and not real.startswith(base.rstrip(os.sep) + os.sep):
        raise LinkOutError(errno.ELOOP, "a symbolic link leads out")
    return real


def regular_bytes(descriptor: int, most: int) -> bytes | None:
    """All bytes of an open file, which is closed; ``None`` for more than `most`, also where it grows meanwhile.

    Raises NotRegularError for what isn't a regular file, and OSError.
    """
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotRegularError(errno.EINVAL, "it isn't a regular file")
        if status.st_size > most:
            return None
        chunks, count = [], 0
        while chunk := os.read(descriptor, max(status.st_size - count, 0) + 1):
            chunks.append(chunk)
            count += len(chunk)
            if count > most:
                return None
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def is_at(descriptor: int, path: str) -> bool:
    """Whether an open folder lies at the real `path`: it doesn't if a link was followed on the way to it."""
    try:
        where = os.readlink(f"{_DESCRIPTORS}/{descriptor}")  # noqa: PTH115 - a string is compared
    except OSError:  # the system has no such list
        where = os.path.realpath(path)
    return where.casefold() == path.casefold()  # on some file systems a folder answers to its name in either case
