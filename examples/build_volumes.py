# ruff: noqa: INP001 - a script to run, no module of a package
"""Builds both volumes of The Tidewater Almanac from Python.

    python examples/build_volumes.py [FOLDER]

Each volume is built as it is; then the first is built once more with another theme, to show that a book
is an object that can be changed before it is written.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chapbook import Book, ChapbookError, build_many

HERE = Path(__file__).resolve().parent
VOLUMES = (HERE / "harbour-year", HERE / "winter-sky")


def main(folder: Path) -> int:
    """Writes the volumes and one variant into `folder`; 0 if all of them were built, else 1."""
    folder.mkdir(parents=True, exist_ok=True)
    good = True
    with ThreadPoolExecutor() as executor:
        for result in build_many(VOLUMES, folder, executor=executor):
            for diagnostic in result.diagnostics:
                sys.stderr.write(f"{diagnostic}\n")
            sys.stdout.write(f"{result.output or 'not built'}\n")
            good = good and result.ok

    book = Book.from_folder(VOLUMES[0])
    book.theme = "academic"
    report = book.write(folder / "the-harbour-year-academic.epub")
    sys.stdout.write(f"{report.output}: {len(book.chapters)} chapters\n")
    return 0 if good and report.ok else 1


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "books")))
    except ChapbookError as error:
        sys.exit(str(error))
