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
from chapbook.packaging.replacing import temporary_beside

__all__ = ["ByteSink", "size_of", "write_file", "write_picture", "write_stream"]


Writer = Callable[[IO[bytes]], None]
"""Writes the whole content to a seekable binary file."""

_REASONS = {
    errno.EACCES: "permission is denied",
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
    errno.EROFS: "the file system is read-only",
}
"""In chapbook's own words: the system's depend on the host's language."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_IN_MEMORY = 64 << 20
_CHUNK = 1 << 20
_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK"))


class ByteSink(Protocol):
    """The methods of a file object that `write_stream` needs."""

    def write(self, data: bytes, /) -> int | None:
        """Writes bytes; returns how many it accepted, if it may accept fewer."""


def write_file(path: Path, write: Writer) -> bool:
    """Writes the file `path` with `write`, atomically: an old file stays until the new one is complete.

    If the old file has the same bytes, it stays untouched, with its time. Returns whether anything was written.

    Creates missing folders. The content goes to an anonymous file if the system supports it, so that a killed process
    leaves nothing beside `path`; otherwise to a hidden file, which the next write to `path` removes. The file keeps the
    old one's permissions, and its owner if possible. A symbolic link stays, and the file it leads to is replaced. A
    device or pipe is written to directly.

    Raises ChapbookError (``output-unwritable``) if the system refuses, and whatever `write` raises.
    """
    with _told(str(path)):
        old = _old_file(path)
        if old is not None and not stat.S_ISREG(old.st_mode):
            with path.open("wb", buffering=0) as device:
                write_stream(device, write)
            return True
        target = Path(os.path.realpath(path))
        with _folder_of(target), temporary_beside(target) as temporary:
            write(temporary.file)
            temporary.file.flush()
            if old is not None and _holds(target, temporary.file):
                return False
            _take_over(temporary.file.fileno(), old)
            os.fsync(temporary.file.fileno())
            temporary.take_name()
        _sync_folder(target.parent)
        return True


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


def _old_file(path: Path) -> os.stat_result | None:
    try:
        old = path.stat()
    except FileNotFoundError:
        return None
    except UnicodeEncodeError as error:
        words = f"Python uses '{error.encoding}' for file names here, which lacks one of its letters; use -X utf8"
        raise OSError(errno.EINVAL, words) from error
    except ValueError as error:
        raise OSError(errno.EINVAL, "the name has a null character") from error
    if stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(errno.EISDIR, "")
    # Renaming would succeed even if writing isn't allowed.
    if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, "")
    return old


def _holds(target: Path, new: IO[bytes]) -> bool:
    """Whether the file `target` is readable and equals the whole of `new`."""
    length = new.seek(0, os.SEEK_END)
    new.seek(0)
    try:
        descriptor = os.open(target, os.O_RDONLY | _FLAGS)
        with open(descriptor, "rb") as old:  # noqa: PTH123 - of a descriptor
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size != length:
                return False
            return all(old.read(len(chunk)) == chunk for chunk in iter(lambda: new.read(_CHUNK), b""))
    except OSError:
        return False


@contextmanager
def _folder_of(target: Path) -> Iterator[None]:
    """Creates the missing folders above `target`, and removes them again if writing fails."""
    missing = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for folder in missing:
            with contextlib.suppress(OSError):  # it doesn't exist yet, or something else was put there
                folder.rmdir()
        raise


def _take_over(file: int, old: os.stat_result | None) -> None:
    """Gives the open `file` the owner and permissions of the one it replaces."""
    if old is None or os.name != "posix":
        return
    with contextlib.suppress(PermissionError):
        os.fchown(file, old.st_uid, old.st_gid)
    with contextlib.suppress(PermissionError):  # on file systems without permissions
        os.fchmod(file, stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """Makes the new name survive a power failure, on systems that can sync folders."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_SUFFIXES = {".jpg": (".jpg", ".jpeg")}


def write_picture(path: Path, data: bytes, suffix: str, check: Callable[[Path], None]) -> Path:
    """Writes the picture `data`, with the suffix `suffix`, to `path`; returns the file's path.

    A path without a suffix gets this one. `check` may raise if nothing may be replaced at a path; it isn't called if
    the same picture is there already. Raises ChapbookError (``output-unwritable``) for a path with another suffix, and
    if the system refuses.
    """
    path = _suffixed(path, suffix)
    if not _has_picture(path, data):
        check(path)
        write_file(path, partial(_write, data=data))
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
