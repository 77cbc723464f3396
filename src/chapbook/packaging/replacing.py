"""Replaces a file in one step: by a temporary one beside it, of which nothing stays if its writer is killed."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from chapbook.opening import Place
from chapbook.packaging.destination import destination_of, opened_folder

try:
    import fcntl
except ImportError:  # Windows has neither these locks nor anonymous files
    fcntl = None  # type: ignore[assignment]

__all__ = ["left_behind", "temporary_for"]

_ANONYMOUS = getattr(os, "O_TMPFILE", 0)
_DESCRIPTORS = Path("/proc/self/fd")
_NOT_HERE = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}
"""Errors from file systems and kernels without anonymous files (open(2))."""


class _NamedLast:
    """An open binary file in `target`'s folder that takes `target`'s name as the last step."""

    def __init__(self, target: Place) -> None:
        self._target = target
        self._name: Place | None = None
        self.file: IO[bytes] = self._anonymous() or self._hidden()

    def take_name(self) -> None:
        """Replaces `target` with the file, atomically. Don't write to it afterwards."""
        if self._name is None:
            if not _exists(self._target) and self._link(self._target):
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
            _rename_over(self._name, self._target)
            self._name = None

    def discard(self) -> None:
        """Closes the file, and removes it unless it has taken its name."""
        with contextlib.suppress(OSError):  # what couldn't be written can't be flushed either
            self.file.close()
        if self._name is not None:
            with contextlib.suppress(OSError):
                _unlink(self._name)

    def _anonymous(self) -> IO[bytes] | None:
        if not _ANONYMOUS or not _DESCRIPTORS.is_dir() or self._target.folder is None:
            return None
        try:
            descriptor = os.open(".", _ANONYMOUS | os.O_RDWR | os.O_CLOEXEC, 0o666, dir_fd=self._target.folder)
        except OSError as error:
            if error.errno in _NOT_HERE:
                return None
            raise
        _lock(descriptor)
        return os.fdopen(descriptor, "w+b")

    def _link(self, name: Place) -> bool:
        """Gives the anonymous file a name; false if the file system can't, or the name is taken."""
        # If given a folder, Python calls linkat, which is needed to follow the descriptor's link.
        try:
            source = f"{_DESCRIPTORS}/{self.file.fileno()}"
            os.link(source, name.path, src_dir_fd=name.folder, dst_dir_fd=name.folder)
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
            file = os.fdopen(os.open(name.path, _NEW, 0o666, dir_fd=name.folder), "w+b")
            _lock(file.fileno(), wait=True)
            if os.fstat(file.fileno()).st_nlink:
                self._name = name
                return file
            file.close()  # between opening and locking, another process removed it as a leftover


@contextmanager
def temporary_for(target: Place) -> Iterator[_NamedLast]:
    """A file for `target`, removed afterwards unless it took the name; also removes what killed processes left."""
    _remove_leftovers(target)
    temporary = _NamedLast(target)
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
            real = destination_of(each).real
            if real and real.parent.is_dir():
                with contextlib.suppress(OSError), opened_folder(real) as place:
                    _remove_leftovers(place)
        for folder in missing:
            with contextlib.suppress(OSError):  # it was not made, or something else lies in it
                folder.rmdir()
        raise


def _rename_over(new: Place, target: Place) -> None:
    """Renames `new` to `target`, which may be there. Some network file systems don't replace a file in one step."""
    try:
        _rename(new, target)
    except OSError as error:
        if error.errno not in _NOT_OVER or not _exists(target):
            raise
        _rename_by_turns(new, target)


def _rename_by_turns(new: Place, target: Place) -> None:
    """Puts the old file aside under a hidden name, and back where that doesn't help."""
    old = target.beside(f"{_prefix(target)}{os.urandom(8).hex()}{_OLD}")
    descriptor = os.open(target.path, _OPEN, dir_fd=target.folder)
    try:
        _lock(descriptor)
        _rename(target, old)
        try:
            _rename(new, target)
        except OSError:
            _rename(old, target)
            raise
        _unlink(old)
    finally:
        os.close(descriptor)


def _rename(old: Place, new: Place) -> None:
    os.replace(old.path, new.path, src_dir_fd=old.folder, dst_dir_fd=new.folder)


def _unlink(place: Place) -> None:
    os.unlink(place.path, dir_fd=place.folder)


def _exists(place: Place) -> bool:
    try:
        os.stat(place.path, dir_fd=place.folder, follow_symlinks=False)
    except OSError:
        return False
    return True


def _prefix(target: Place) -> str:
    # The target's own name may already be as long as allowed.
    return f".chapbook-{hashlib.sha256(os.fsencode(Path(target.path).name)).hexdigest()[:12]}-"


def _hidden_name(target: Place) -> Place:
    return target.beside(f"{_prefix(target)}{os.urandom(8).hex()}{_NEW_SUFFIX}")


def _lock(descriptor: int, *, wait: bool = False) -> bool:
    """Marks the file as being written until it is closed; false if another process has marked it and `wait` is off."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def _remove_leftovers(target: Place) -> None:
    """Removes the hidden files of writers of `target` that were killed: theirs are not locked any more.

    An old file that one of them had put aside gets its name again, unless the new one has it.
    """
    prefix = _prefix(target)
    folder = os.path.dirname(target.path) if target.folder is None else target.folder  # noqa: PTH120 - a string
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - of an open folder
    except OSError:  # one into which nobody may look
        return
    for name in names:
        if not name.startswith(prefix) or not name.endswith((_NEW_SUFFIX, _OLD)):
            continue
        left = target.beside(name)
        with contextlib.suppress(OSError):
            descriptor = os.open(left.path, _OPEN, dir_fd=left.folder)
            try:
                if not _lock(descriptor):
                    continue
                if name.endswith(_OLD) and not _exists(target):
                    _rename(left, target)
                else:
                    _unlink(left)
            finally:
                os.close(descriptor)


_NEW_SUFFIX, _OLD = ".tmp", ".old"
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC"))
_NOT_OVER = frozenset({errno.EEXIST, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
"""What file systems answer that don't rename over a file."""
