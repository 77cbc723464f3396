"""A temporary folder for a book that goes to standard output; one that a killed run left goes with the next."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

__all__ = ["scratch_folder"]


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A temporary folder, locked as long as it is used; those that killed runs left go first."""
    for each in Path(gettempdir()).glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            left = _locked(each)
            shutil.rmtree(each, ignore_errors=True)
            os.close(left)
    folder, descriptor = _new_scratch_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


_SCRATCH = "chapbook-run-"


def _new_scratch_folder() -> tuple[Path, int | None]:
    """A new folder and its open descriptor; ``None`` where folders can't be locked."""
    while True:
        folder = Path(mkdtemp(prefix=_SCRATCH))
        try:
            descriptor = _locked(folder)
        except FileNotFoundError:  # before it was locked somebody took it for a leftover
            continue
        except OSError:
            return folder, None
        if folder.exists():
            return folder, descriptor
        os.close(descriptor)


def _locked(folder: Path) -> int:
    """Opens a folder of this user's and locks it until it is closed. Raises OSError where that can't be."""
    if fcntl is None:
        raise OSError
    descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            raise PermissionError
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
