"""Where output goes: never to an author's own file, and never elsewhere by a link that comes while a book is built."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path

from msgspec import Struct

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.opening import FOLDER_FLAGS, STEPS, Place, is_at

__all__ = ["Destination", "destination_of", "old_file", "opened_folder", "refuse_sources"]

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


_BEGINNING = b"PK\x03\x04"
_MIMETYPE = slice(30, 58)
"""Where an EPUB container says what it is (OCF 3.3, section 4.2.6.1)."""


def refuse_sources(target: Destination, *, folders: Iterable[object], files: Iterable[object] = ()) -> None:
    """Raises ChapbookError (``output-is-source``) if writing to `target` would destroy the book's own files.

    That is any of `files`, and whatever file lies in one of the `folders` already, but for books: who builds
    into the content folder replaces the book of the last time. Nor is a link or a pipe in one of the `folders` written
    to. Links are followed, and names are compared as the file system does. What is no path among `folders` and `files`
    is passed over.
    """
    path, real = target.path, target.real
    folders = [each for each in folders if isinstance(each, str | PathLike)]
    try:
        told = Path(os.path.abspath(path))  # noqa: PTH100 - links are compared, not followed
        holding = [each for each in folders if _is_within(told, each)]
    except (OSError, ValueError):  # the current folder is gone, or no file can have that name: writing will say it
        return
    message, hint = "", "choose another place with -o"
    if holding and real is None:
        message = f"'{path}' in the content folder isn't a file, so chapbook won't write to it"
    elif real and not all(_is_within(real, each) for each in holding):
        message = f"a symbolic link in the content folder leads '{path}' out of it, so chapbook won't write there"
    elif real and os.path.isfile(real) and _is_source(real, folders, files):  # noqa: PTH113 - which raises nothing
        message = f"'{path}' is one of the book's own files, so chapbook won't overwrite it"
        hint += ". If the book doesn't need the file, delete it first"
    if message:
        raise ChapbookError(Diagnostic.of("output-is-source", message, hint=hint))


def _is_source(real: Path, folders: Iterable[object], files: Iterable[object]) -> bool:
    return any(_is_same(real, each) for each in files) or (
        not _is_book(real) and any(_is_within(real, each) for each in folders)
    )


def _is_within(path: Path, folder: object) -> bool:
    return any(_is_same(above, folder) for above in path.parents)


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
