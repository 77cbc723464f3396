"""What a Python makes of many books: ``python -m support.book_hashes``, of any Python that has chapbook's libraries.

A line of JSON for each book and dialect: its place in the repository, the SHA-256 of the file, and what was said.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from chapbook import Book, ChapbookError

__all__: list[str] = []

_ROOT = Path(__file__).parents[2]
_TEMPLATES = ("essays", "manual", "novel", "poetry", "series/the-first-summer")
_DIALECTS = ("markdown", "commonmark")


def _folders() -> Iterator[Path]:
    """The examples, the templates, the cases and the audit's book."""
    yield from (_ROOT / "examples" / name for name in ("harbour-year", "winter-sky"))
    yield from (_ROOT / "src" / "chapbook" / "templates" / name for name in _TEMPLATES)
    yield from sorted((_ROOT / "tests" / "cases").glob("*/in"))
    yield _ROOT / "tests" / "readers" / "audit-book"


def _made(folder: Path, dialect: str) -> tuple[str, list[str]]:
    stream = io.BytesIO()
    try:
        book = Book.from_folder(folder)
        book.dialect = dialect  # type: ignore[assignment]
        said = book.write(stream).diagnostics
    except ChapbookError as error:
        said = error.diagnostics
    return hashlib.sha256(stream.getvalue()).hexdigest() if stream.getvalue() else "", [str(each) for each in said]


def main() -> None:
    for folder in _folders():
        for dialect in _DIALECTS:
            line = (folder.relative_to(_ROOT).as_posix(), dialect, *_made(folder, dialect))
            sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
