"""Output targets: a path (replaced atomically) or a binary file object; also writes a picture to a file."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.opening import Place
from chapbook.packaging.destination import Destination, destination_of, old_file, opened_folder
from chapbook.packaging.replacing import temporary_for

__all__ = ["ByteSink", "size_of", "write_file", "write_picture", "write_stream"]


Writer = Callable[[IO[bytes]], None]
"""Writes the whole content to a seekable binary file."""

_REASONS = {
    errno.EACCES: "permission is denied",
    errno.EBUSY: "it is in use, or a mount of its own",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is too large for that file system",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "its symbolic links lead in a circle",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOENT: "there is no such folder",
    errno.ENOSPC: "no space is left on the device",
    errno.ENOTDIR: "part of its path isn't a folder",
    errno.EPERM: "it is not permitted",
    errno.EPIPE: "the program that reads it has ended",
    errno.EXDEV: "it lies on another device",
    errno.EROFS: "the file system is read-only",
}
"""In chapbook's own words: the system's depend on the host's language."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_IN_MEMORY = 64 << 20
_CHUNK = 1 << 20
_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK", "O_NOFOLLOW"))


class ByteSink(Protocol):
    """The methods of a file object that `write_stream` needs."""

    def write(self, data: bytes, /) -> int | None:
        """Writes bytes; returns how many it accepted, if it may accept fewer."""


def write_file(target: Path | Destination, write: Writer) -> bool:
    """Makes the file `target` of what `write` makes, in one step: until it is whole the old file stays as it was.

    If the old file has the same bytes, it stays untouched, with its time. Returns whether anything was written.

    Missing folders are made. The content goes to an anonymous file where the system has them, so that even
    one that is killed leaves nothing beside the target; else to a hidden file, which the next writing
    removes if it was left behind. An old file keeps its permissions, and its owner where that may be set; a
    symbolic link stays, and the file it led to when the target was settled is replaced. A device or pipe is written
    to as it is.

    Raises ChapbookError (``output-unwritable``) where the system refuses, or a link has come into the path since then;
    and whatever `write` raises.
    """
    given = target if isinstance(target, Destination) else destination_of(target)
    with _told(str(given.path)):
        _check_name(given.path)
        if given.real is None:
            _write_device(given.path, write)
            return True
        with opened_folder(given.real) as place:
            old = old_file(place)
            with temporary_for(place) as temporary:
                write(temporary.file)
                temporary.file.flush()
                if old is not None and _holds(place, temporary.file):
                    return False
                _take_over(temporary.file.fileno(), old)
                os.fsync(temporary.file.fileno())
                temporary.take_name()
            _sync_folder(place)
        return True


def _check_name(path: Path) -> None:
    """Raises OSError for a path that no file can have."""
    try:
        path.stat()
    except FileNotFoundError:
        pass
    except UnicodeEncodeError as error:
        words = f"Python uses '{error.encoding}' for file names here, which lacks one of its letters; use -X utf8"
        raise OSError(errno.EINVAL, words) from error
    except ValueError as error:
        raise OSError(errno.EINVAL, "the name has a null character") from error


def _write_device(path: Path, write: Writer) -> None:
    descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_CLOEXEC", 0))
    with open(descriptor, "wb", buffering=0) as device:  # noqa: PTH123 - of a descriptor
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "a file was put in the place of a device while the book was built")
        write_stream(device, write)


def size_of(path: Path) -> int:
    """The size of a file that was just written; 0 if it was removed meanwhile."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def write_stream(sink: ByteSink, write: Writer) -> None:
    """Writes what `write` makes to `sink` once it is complete. `sink` is flushed but not closed, and needn't seek.

    Raises ChapbookError (``output-unwritable``) if the file object raises OSError, and whatever `write` raises.
    """
    with _told(str(getattr(sink, "name", "file object"))), tempfile.SpooledTemporaryFile(_IN_MEMORY) as whole:
        write(whole)
        whole.seek(0)
        while chunk := whole.read(_CHUNK):
            _write_all(sink, chunk)
        flush = getattr(sink, "flush", None)
        if callable(flush):
            flush()


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Turns system errors into a diagnostic."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or str(error.strerror or error)
        hint = (
            "free some space, or choose another place with -o"
            if error.errno in _FULL
            else "choose another place with -o"
        )
        message = f"chapbook can't write the book: {reason}"
        raise ChapbookError(Diagnostic.of("output-unwritable", message, path=path, hint=hint)) from error


def _write_all(sink: ByteSink, chunk: bytes) -> None:
    while chunk:
        taken = sink.write(chunk)
        if taken == 0:
            raise OSError(errno.EIO, "the file is closed")
        # A raw file may accept only a part; other objects that return nothing accepted all.
        chunk = b"" if taken is None else chunk[taken:]


def _holds(target: Place, new: IO[bytes]) -> bool:
    """Whether the file `target` is readable and equals the whole of `new`."""
    length = new.seek(0, os.SEEK_END)
    new.seek(0)
    try:
        descriptor = os.open(target.path, os.O_RDONLY | _FLAGS, dir_fd=target.folder)
        with open(descriptor, "rb") as old:  # noqa: PTH123 - of a descriptor
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size != length:
                return False
            return all(old.read(len(chunk)) == chunk for chunk in iter(lambda: new.read(_CHUNK), b""))
    except OSError:
        return False


def _take_over(file: int, old: os.stat_result | None) -> None:
    """Gives the open `file` the owner and permissions of the one it replaces."""
    if old is None or os.name != "posix":
        return
    with contextlib.suppress(PermissionError):
        os.fchown(file, old.st_uid, old.st_gid)
    with contextlib.suppress(PermissionError):  # on file systems without permissions
        os.fchmod(file, stat.S_IMODE(old.st_mode))


def _sync_folder(place: Place) -> None:
    """Makes the new name survive a power failure, on systems that can sync folders."""
    if place.folder is not None:
        with contextlib.suppress(OSError):
            os.fsync(place.folder)


_SUFFIXES = {".jpg": (".jpg", ".jpeg")}


def write_picture(path: Path, data: bytes, suffix: str, check: Callable[[Destination], None]) -> Path:
    """Writes the picture `data`, with the suffix `suffix`, to `path`; returns the file's path.

    A path without a suffix gets that one. `check` may raise for a file that may not be replaced; it is
    not asked where the same picture is there already. Raises ChapbookError (``output-unwritable``) for a path
    with the suffix of something else, and where the system refuses.
    """
    path = _suffixed(path, suffix)
    if not _has_picture(path, data):
        target = destination_of(path)
        check(target)
        write_file(target, partial(_write, data=data))
    return path


def _suffixed(path: Path, suffix: str) -> Path:
    # A device or pipe; these functions don't raise for names that are too long.
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        return path
    if not path.suffix:
        return path.with_suffix(suffix)
    if path.suffix.lower() in _SUFFIXES.get(suffix, (suffix,)):
        return path
    message = f"chapbook can't write '{path}': the cover is a '{suffix}' picture, not a '{path.suffix}' one"
    hint = f"write '{path.with_suffix(suffix)}'"
    raise ChapbookError(Diagnostic.of("output-unwritable", message, hint=hint))


def _has_picture(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _write(file: IO[bytes], *, data: bytes) -> None:
    file.write(data)
