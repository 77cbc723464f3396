"""What a file that is written may replace: never an author's own."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO

from chapbook.model.diagnostics import ChapbookError, Diagnostic

try:
    import fcntl
except ImportError:  # Windows has neither these locks nor anonymous files
    fcntl = None  # type: ignore[assignment]

__all__ = ["NamedLast", "left_behind", "refuse_sources", "temporary_beside"]

_BEGINNING = b"PK\x03\x04"
_MIMETYPE = slice(30, 58)
"""Where an EPUB container says what it is (OCF 3.3, section 4.2.6.1)."""


def refuse_sources(target: Path, *, folders: Iterable[object], files: Iterable[object] = ()) -> None:
    """Raises ChapbookError (``output-is-source``) where writing to `target` would lose what a book is made of.

    That is any of `files`, and whatever file lies in one of the `folders` already, but for books: who builds
    into the content folder replaces the book of the last time. Links are followed, and names are compared as
    the file system does. What is no path among `folders` and `files` is passed over.
    """
    try:
        real = Path(os.path.realpath(target))
    except ValueError:  # no file can have that name, which writing to it will say
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
    """Whether a file is a book, by its name or by what it holds."""
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
"""What file systems and kernels without anonymous files answer (open(2))."""


class NamedLast:
    """An open binary file in `target`'s folder that takes `target`'s name last of all."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._name: Path | None = None
        self.file: IO[bytes] = self._anonymous() or self._hidden()

    def take_name(self) -> None:
        """Puts the file in the place of `target`, in one step. It is not to be written to any more."""
        if self._name is None:
            if not self._target.exists() and self._link(self._target):
                return
            # A link cannot replace a file, so that the new one has a hidden name for a moment.
            name = _hidden_name(self._target)
            if self._link(name):
                self._name = name
            else:
                self._copy()
        if os.name == "nt":  # which renames no open file
            self.file.close()
        if self._name is not None:
            self._name.replace(self._target)
            self._name = None

    def discard(self) -> None:
        """Closes the file, and removes it where it has not taken its name."""
        with contextlib.suppress(OSError):  # what could not be written cannot be flushed either
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
        """Gives the anonymous file a name; false where the file system will not, or something has the name."""
        # Given a folder Python calls linkat, which alone follows the descriptor's link.
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
        """Makes a hidden file of the anonymous one."""
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
            file.close()  # between opening and locking somebody took it for a leftover


@contextmanager
def temporary_beside(target: Path) -> Iterator[NamedLast]:
    """A file for `target` that is gone afterwards unless it took the name; what killed ones left goes first."""
    _remove_leftovers(target)
    temporary = NamedLast(target)
    try:
        yield temporary
    finally:
        temporary.discard()


@contextmanager
def left_behind(targets: Sequence[Path]) -> Iterator[None]:
    """Where the block is left by an exception, takes away what a writer of `targets` that was killed in it left."""
    missing = [folder for target in targets for folder in target.absolute().parents if not folder.exists()]
    try:
        yield
    except BaseException:
        for each in targets:
            _remove_leftovers(Path(os.path.realpath(each)))
        for folder in missing:
            with contextlib.suppress(OSError):  # it was not made, or something else lies in it
                folder.rmdir()
        raise


def _prefix(target: Path) -> str:
    # A target's own name may be as long as a name can be.
    return f".chapbook-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"


def _hidden_name(target: Path) -> Path:
    return target.with_name(f"{_prefix(target)}{os.urandom(8).hex()}.tmp")


def _lock(descriptor: int, *, wait: bool = False) -> bool:
    """Marks the file as being written, until it is closed; false where another has marked it and we do not wait."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _remove_leftovers(target: Path) -> None:
    """Removes the hidden files of writers of `target` that were killed: theirs are not locked any more."""
    for each in target.parent.glob(f"{_prefix(target)}*.tmp"):
        with contextlib.suppress(OSError):
            descriptor = os.open(each, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                if _lock(descriptor):
                    each.unlink()
            finally:
                os.close(descriptor)
