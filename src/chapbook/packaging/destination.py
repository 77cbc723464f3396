"""Where output goes: settled before a book is built, so that no link that comes meanwhile leads it elsewhere."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from chapbook.opening import FOLDER_FLAGS, STEPS, Place, is_at

__all__ = ["Destination", "destination_of", "old_file", "opened_folder"]

_SWAPPED = "a symbolic link was put into its path while the book was built"


class Destination(Struct, frozen=True):
    """A file to be written."""

    path: Path
    """As it was given."""
    real: Path | None
    """Where its links led when it was given; ``None`` for a device or pipe, which is written to directly."""


def destination_of(path: Path) -> Destination:
    """Where `path` leads now. Nothing is raised: what is wrong with it shows when it is written."""
    try:
        if stat.S_IFMT(path.stat().st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
            return Destination(path, None)
    except (OSError, ValueError):
        pass
    try:
        return Destination(path, Path(os.path.realpath(path)))
    except (OSError, ValueError):
        return Destination(path, path)


@contextmanager
def opened_folder(real: Path) -> Iterator[Place]:
    """The place of the file `real`, in its open folder.

    Missing folders are made; they are taken away again if an exception comes, else they are synced. Raises OSError
    where a link has come into the path.
    """
    if not STEPS:
        real.parent.mkdir(parents=True, exist_ok=True)
        yield Place(os.fspath(real), None)
        return
    if not real.is_absolute():  # the folder that it counts from is gone
        raise FileNotFoundError(errno.ENOENT, "")
    above = next(each for each in real.parents if each.exists())
    opened = [_opened(above)]
    made: list[tuple[int, str]] = []
    try:
        for name in real.parent.relative_to(above).parts:
            with suppress(FileExistsError):  # somebody else has just made it
                os.mkdir(name, dir_fd=opened[-1])
                made.append((opened[-1], name))
            opened.append(os.open(name, FOLDER_FLAGS, dir_fd=opened[-1]))
        yield Place(real.name, opened[-1])
        for folder in {folder for folder, _ in made}:
            with suppress(OSError):
                os.fsync(folder)
    except BaseException:
        for folder, name in reversed(made):
            with suppress(OSError):  # someone else has put something there
                os.rmdir(name, dir_fd=folder)
        raise
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _opened(folder: Path) -> int:
    try:
        try:
            descriptor = os.open(folder, FOLDER_FLAGS)
        except PermissionError:  # a folder into which one may write, but not look
            descriptor = os.open(folder, FOLDER_FLAGS | getattr(os, "O_PATH", 0))
    except OSError as error:
        if folder.is_symlink():
            raise OSError(errno.EINVAL, _SWAPPED) from error
        raise
    if not is_at(descriptor, os.fspath(folder)):
        os.close(descriptor)
        raise OSError(errno.EINVAL, _SWAPPED)
    return descriptor


def old_file(place: Place) -> os.stat_result | None:
    """What is to be replaced. Raises OSError where that isn't a file that may be written."""
    try:
        old = os.stat(place.path, dir_fd=place.folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(errno.EISDIR, "")
    if not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, _SWAPPED if stat.S_ISLNK(old.st_mode) else "it isn't a file any more")
    # Renaming would succeed where writing is not allowed.
    own = os.access in os.supports_effective_ids
    if not os.access(place.path, os.W_OK, dir_fd=place.folder, effective_ids=own):
        raise PermissionError(errno.EACCES, "")
    return old
