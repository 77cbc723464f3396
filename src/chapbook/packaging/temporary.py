"""A file that has no name, or a hidden one, until it is whole."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows has neither these locks nor anonymous files
    fcntl = None  # type: ignore[assignment]

__all__ = ["NamedLast", "temporary_beside"]

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
