"""What a file that is written may replace: never an author's own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from chapbook.diagnostics import ChapbookError, Diagnostic

__all__ = ["refuse_sources"]

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
        message = f"the output would replace '{target}', a file that the book is made of"
        hint = "give another place with -o; if the file is not needed, remove it first"
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
