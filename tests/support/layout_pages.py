"""Books laid out in pages, in a browser, and what a reader would see go wrong there: a table of counts.

    python -m support.layout_pages --quick             the rows that the test lays out, each value with each other
    python -m support.layout_pages                     every row: ``make pages``
    python -m support.layout_pages --theme verse --book audit-book --document verse --kind cut
    python -m support.layout_pages --quick --json found.json

``src/chapbook/preview/page/layout_audit.js`` says what is looked for, ``layout_reader.js`` how pages are made.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from chapbook import Book
from chapbook.styling.themes import theme_names
from support.browser import run_script

__all__ = [
    "BOOKS",
    "COLOURS",
    "KINDS",
    "THEMES",
    "Finding",
    "Row",
    "audited",
    "every_row",
    "job",
    "quick_rows",
    "table",
]

TESTS = Path(__file__).parents[1]
SCRIPT = TESTS / "readers" / "layout.cjs"
EXAMPLES = TESTS.parent / "examples"
BOOKS = {
    "audit-book": TESTS / "readers" / "audit-book",
    "harbour-year": EXAMPLES / "harbour-year",
    "winter-sky": EXAMPLES / "winter-sky",
}
THEMES = tuple(name for name, _ in theme_names())
SIZES = {"small phone": (320, 568), "phone": (390, 844), "e-ink": (600, 800), "tablet": (820, 1180)}
"""Of a page, in CSS pixels."""
TYPES = (100, 150, 200)
"""The size of the reader's type, in per cent of 16 pixels."""
LAYERS = ("columns", "readium")
"""What pages the text: bare columns as epub.js makes them, and the sheets of Readium CSS."""
KINDS = ("cut", "overlap", "stranded", "parted", "lone-head", "broken-word", "distorted", "contrast", "vanishing")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A way of laying a book out: page, type, whether the reading system knows modern.css, and its colours."""

    name: str
    width: int
    height: int
    type: int = 100
    modern: bool = True
    layer: str = "columns"
    scheme: str = "light"
    page: str = ""
    text: str = ""
    night: bool = False


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What went wrong, where, and in which row."""

    job: str
    document: str
    kind: str
    what: str
    text: str
    page: int
    more: str
    row: str

    @property
    def place(self) -> tuple[str, ...]:
        """The same in every row."""
        return self.job, self.document, self.kind, self.what, self.text

    def __str__(self) -> str:
        return (
            f"{self.job} {self.document} p. {self.page} [{self.row}] {self.kind}: {self.what} “{self.text}” {self.more}"
        )


def row(size: str, type_: int, modern: bool, layer: str) -> Row:  # noqa: FBT001 - one of the axes
    width, height = SIZES[size]
    name = f"{size} {type_} % {layer}{'' if modern else ' old'}"
    return Row(name=name, width=width, height=height, type=type_, modern=modern, layer=layer)


def every_row(_theme: str) -> list[Row]:
    return [
        row(size, type_, modern, layer)
        for size in SIZES
        for type_ in TYPES
        for modern in (True, False)
        for layer in LAYERS
    ]


def quick_rows(theme: str) -> list[Row]:
    """Two of each size: each value of each axis with each theme, and over the themes each with each other."""
    at = THEMES.index(theme)
    return [
        row(size, TYPES[(each + at + other) % 3], (each + at + other) % 2 == 0, LAYERS[(each // 2 + at + other) % 2])
        for each, size in enumerate(SIZES)
        for other in (0, 1)
    ]


def _coloured(name: str, scheme: str = "light", page: str = "", text: str = "", **more: Any) -> Row:
    width, height = SIZES["phone"]
    return Row(name=name, width=width, height=height, scheme=scheme, page=page, text=text, **more)


COLOURS = (
    _coloured("light"),
    _coloured("sepia", "light", "#f4ecd8", "#433422"),
    _coloured("dark", "dark", "#121212", "#e6e3dc"),
    _coloured("black without the query", "light", "#000000", "#ffffff"),
    _coloured("black without the query old", "light", "#000000", "#ffffff", modern=False),
    _coloured("Readium's night", "dark", layer="readium", night=True),
)
"""The pages that a reading system paints: `scheme` is what it answers when a book's sheet asks."""


def job(
    name: str, folder: Path, layouts: Iterable[Row], colours: Iterable[Row] = (), documents: str = ""
) -> dict[str, Any]:
    """What the script is to do with an unpacked book. Only documents with `documents` in their names."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.xhtml"))
    return {
        "name": name,
        "folder": str(folder),
        "documents": [each for each in found if documents in each],
        "layouts": [asdict(each) for each in layouts],
        "colours": [asdict(each) for each in colours],
    }


def unpacked(source: Path, theme: str, folder: Path) -> Path:
    """A book of that theme, built into `folder`: where its documents lie."""
    book = Book.from_folder(source)
    book.theme = theme
    target = folder / f"{theme}-{source.name}.epub"
    report = book.write(target)
    assert report.ok, report.errors
    with zipfile.ZipFile(target) as archive:
        archive.extractall(target.with_suffix(""))
    return target.with_suffix("") / "EPUB"


def audited(jobs: Sequence[dict[str, Any]], folder: Path, *, seconds: float) -> list[Finding]:
    """All that is found, in one browser."""
    planned = folder / "jobs.json"
    planned.write_text(json.dumps(jobs), "utf-8")
    return [Finding(**each) for each in run_script(SCRIPT, planned, seconds=seconds)]


def planned(
    books: Iterable[str],
    themes: Iterable[str],
    folder: Path,
    rows: Callable[[str], list[Row]],
    *,
    named: str = "",
    documents: str = "",
) -> list[dict[str, Any]]:
    """Builds the books in each theme into `folder`: what the script is to do, in rows with `named` in their names."""
    jobs = []
    for theme in themes:
        layouts = [each for each in rows(theme) if named in each.name]
        colours = [each for each in COLOURS if named in each.name]
        for name in books:
            source = BOOKS.get(name) or Path(name).resolve()
            jobs.append(job(f"{theme} {name}", unpacked(source, theme, folder), layouts, colours, documents))
    return jobs


def listed(found: Sequence[Finding]) -> str:
    """A line for each thing that goes wrong, in whatever rows, and the table of counts."""
    places = {each.place: each for each in reversed(found)}
    rows = Counter(each.place for each in found)
    lines = [
        f"{each}{f' (in {rows[each.place]} rows)' if rows[each.place] > 1 else ''}"
        for each in sorted(places.values(), key=lambda each: (each.kind, each.document, each.job))
    ]
    return "\n".join([*lines, table(found)])


def table(found: Iterable[Finding]) -> str:
    """How many things of each kind in each theme; one that goes wrong in several rows counts once."""
    places = {each.place: each for each in found}.values()
    counts = Counter((each.kind, each.job.partition(" ")[0]) for each in places)
    lines = [f"{'kind':<12}" + "".join(f"{theme:>10}" for theme in THEMES) + f"{'all':>8}"]
    for kind in KINDS:
        numbers = [counts[kind, theme] for theme in THEMES]
        lines.append(f"{kind:<12}" + "".join(f"{number:>10}" for number in numbers) + f"{sum(numbers):>8}")
    return "\n".join(lines)


def sheet(jobs: Sequence[dict[str, Any]], folder: Path) -> Image.Image:
    """The pages of the jobs' documents side by side, a line for each document and row."""
    pictures = folder / "pages"
    pictures.mkdir()
    audited([each | {"pictures": str(pictures)} for each in jobs], folder, seconds=7200)
    lines: dict[str, list[Image.Image]] = {}
    for path in sorted(pictures.iterdir()):
        with Image.open(path) as page:
            lines.setdefault(path.name.rpartition("-")[0], []).append(page.convert("RGB"))
    width = max(sum(each.width + 8 for each in line) for line in lines.values())
    made = Image.new("RGB", (width, sum(line[0].height + 8 for line in lines.values())), "#808080")
    top = 0
    for line in lines.values():
        for at, shown in enumerate(line):
            made.paste(shown, (at * (shown.width + 8), top))
        top += line[0].height + 8
    return made


def main(words: Sequence[str] | None = None) -> int:
    """Prints what is found, then the table. Exits with 1 where anything is."""
    parser = argparse.ArgumentParser(prog="python -m support.layout_pages", description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="eight layouts a theme instead of all 48")
    parser.add_argument("--theme", action="append", choices=THEMES, help="only this theme; may be given several times")
    parser.add_argument(
        "--book", action="append", help=f"only this book: {', '.join(BOOKS)}, or the path of a content folder"
    )
    parser.add_argument("--document", default="", help="only documents whose path has these letters")
    parser.add_argument("--kind", action="append", choices=KINDS, help="print only this kind")
    parser.add_argument("--row", default="", help="only rows whose names have these letters, such as 'phone 100'")
    parser.add_argument("--json", type=Path, help="write all that is found into this file")
    parser.add_argument("--sheet", type=Path, help="draw the pages into this picture, a line for each document and row")
    given = parser.parse_args(words)
    rows = quick_rows if given.quick else every_row
    with tempfile.TemporaryDirectory() as scratch:
        jobs = planned(
            given.book or BOOKS, given.theme or THEMES, Path(scratch), rows, named=given.row, documents=given.document
        )
        if given.sheet:
            sheet(jobs, Path(scratch)).save(given.sheet)
            return 0
        found = audited(jobs, Path(scratch), seconds=7200)
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1), "utf-8")
    shown = [each for each in found if not given.kind or each.kind in given.kind]
    sys.stdout.write(f"{listed(shown)}\n")
    return 1 if shown else 0


if __name__ == "__main__":
    sys.exit(main())
