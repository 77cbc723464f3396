"""Makes sure that output never replaces an author's own file."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO

from chapbook.model.diagnostics import ChapbookError, Diagnostic

try:
    import fcntl
except ImportError:  # Windows has neither these locks nor anonymous files
    fcntl = None  # type: ignore[assignment]

__all__ = ["NamedLast", "refuse_sources", "temporary_beside"]

_BEGINNING = b"PK\x03\x04"
_MIMETYPE = slice(30, 58)
"""Where an EPUB container says what it is (OCF 3.3, section 4.2.6.1)."""


def refuse_sources(target: Path, *, folders: Iterable[object], files: Iterable[object] = ()) -> None:
    """Raises ChapbookError (``output-is-source``) if writing to `target` would destroy the book's own files.

    These are `files`, and existing files in one of `folders`, except books: building into the content folder may
    replace the last build's book. Links are followed, and names are compared like the file system does. Entries of
    `folders` and `files` that aren't paths are ignored.
    """
    try:
        real = Path(os.path.realpath(target))
    except ValueError:  # no file can have that name; writing will report it
        return
    if not os.path.isfile(real):  # noqa: PTH113 - which raises nothing
        return
    named = any(_is_same(real, each) for each in files)
    if named or (not _is_book(real) and any(_is_same(above, each) for each in folders for above in real.parents)):
        message = f"'{target}' is one of the book's own files, so chapbook won't overwrite it"
        hint = "choose another place with -o. If the book doesn't need the file, delete it first"
        raise ChapbookError(Diagnostic.of("output-is-source", message, hint=hint))


def _is_same(one: Path, other: object) -> bool:
    try:
        return isinstance(other, str | PathLike) and one.samefile(other)
    except OSError:
        return False


def _is_book(path: Path) -> bool:
    """Whether a file is a book, by its name or its content."""
    if path.suffix.lower() == ".epub":
        return True
    try:
        with path.open("rb") as file:
            first = file.read(_MIMETYPE.stop)
    except OSError:
        return False
    return first.startswith(_BEGINNING) and first[_MIMETYPE] == b"mimetypeapplication/epub+zip"


_ANONYMOUS = getattr(os, "O_TMPFILE", 0)
_DESCRIPTORS = Path("/proc/self/fd")
_NOT_HERE = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}
"""Errors from file systems and kernels without anonymous files (open(2))."""


class NamedLast:
    """An open binary file in `target`'s folder that takes `target`'s name as the last step."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._name: Path | None = None
        self.file: IO[bytes] = self._anonymous() or self._hidden()

    def take_name(self) -> None:
        """Replaces `target` with the file, atomically. Don't write to it afterwards."""
        if self._name is None:
            if not self._target.exists() and self._link(self._target):
                return
            # A link can't replace a file, so the new file briefly has a hidden name.
            name = _hidden_name(self._target)
            if self._link(name):
                self._name = name
            else:
                self._copy()
        if os.name == "nt":  # Windows can't rename open files
            self.file.close()
        if self._name is not None:
            self._name.replace(self._target)
            self._name = None

    def discard(self) -> None:
        """Closes the file, and removes it unless it has taken its name."""
        with contextlib.suppress(OSError):  # what couldn't be written can't be flushed either
            self.file.close()
        if self._name is not None:
            with contextlib.suppress(OSError):
                self._name.unlink()

    def _anonymous(self) -> IO[bytes] | None:
        if not _ANONYMOUS or not _DESCRIPTORS.is_dir():
            return None
        try:
            descriptor = os.open(self._target.parent, _ANONYMOUS | os.O_RDWR | os.O_CLOEXEC, 0o666)
        except OSError as error:
            if error.errno in _NOT_HERE:
                return None
            raise
        _lock(descriptor)
        return os.fdopen(descriptor, "w+b")

    def _link(self, name: Path) -> bool:
        """Gives the anonymous file a name; false if the file system can't, or the name is taken."""
        # If given a folder, Python calls linkat, which is needed to follow the descriptor's link.
        try:
            folder = os.open(name.parent, os.O_RDONLY)
            try:
                os.link(f"{_DESCRIPTORS}/{self.file.fileno()}", name.name, src_dir_fd=folder, dst_dir_fd=folder)
            finally:
                os.close(folder)
        except OSError:
            return False
        return True

    def _copy(self) -> None:
        """Copies the anonymous file to a hidden one."""
        anonymous = self.file
        self.file = self._hidden()
        with anonymous:
            anonymous.seek(0)
            shutil.copyfileobj(anonymous, self.file)
            os.fchmod(self.file.fileno(), stat.S_IMODE(os.fstat(anonymous.fileno()).st_mode))
        self.file.flush()
        os.fsync(self.file.fileno())

    def _hidden(self) -> IO[bytes]:
        while True:
            name = _hidden_name(self._target)
            file = name.open("x+b")
            _lock(file.fileno(), wait=True)
            if os.fstat(file.fileno()).st_nlink:
                self._name = name
                return file
            file.close()  # between opening and locking, another process removed it as a leftover


@contextmanager
def temporary_beside(target: Path) -> Iterator[NamedLast]:
    """A file for `target`, removed afterwards unless it took the name; also removes what killed processes left."""
    _remove_leftovers(target)
    temporary = NamedLast(target)
    try:
        yield temporary
    finally:
        temporary.discard()


def _prefix(target: Path) -> str:
    # The target's own name may already be as long as allowed.
    return f".chapbook-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"


def _hidden_name(target: Path) -> Path:
    return target.with_name(f"{_prefix(target)}{os.urandom(8).hex()}.tmp")


def _lock(descriptor: int, *, wait: bool = False) -> bool:
    """Marks the file as being written until it is closed; false if another process has marked it and `wait` is off."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _remove_leftovers(target: Path) -> None:
    """Removes hidden files of killed processes that were writing `target`; nobody holds a lock on those."""
    for each in target.parent.glob(f"{_prefix(target)}*.tmp"):
        with contextlib.suppress(OSError):
            descriptor = os.open(each, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                if _lock(descriptor):
                    each.unlink()
            finally:
                os.close(descriptor)
