"""Books and messages as they were before the source tree was redrawn: each step keeps every byte.

``pytest tests/test_record.py --rewrite`` writes ``record.json`` anew: only where a change is meant.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from chapbook import Book, ChapbookError, Chapter, Choices, Diagnostic, build_many
from support.corpus import write_corpus
from support.libraries import write_files, write_library
from support.pictures import drawing, located_exif, photograph, saved, transparent

TESTS = Path(__file__).parent
RECORD = TESTS / "record.json"
EXAMPLES = TESTS.parent / "examples"
DIALECTS = ("markdown", "commonmark")
THEMES = ("academic", "classic", "minimal", "modern", "verse")


def of(book: Book) -> str:
    """A hash of all that a book and its messages are made of."""
    target = io.BytesIO()
    try:
        diagnostics = book.write(target).diagnostics
    except ChapbookError as error:
        diagnostics = error.diagnostics
    return digest(target.getvalue(), diagnostics)


def digest(data: bytes, diagnostics: tuple[Diagnostic, ...]) -> str:
    said = [
        (each.severity, each.code, each.message, each.path, each.line, each.column, each.hint) for each in diagnostics
    ]
    return f"{hashlib.sha256(data).hexdigest()[:20]} {hashlib.sha256(json.dumps(said).encode()).hexdigest()[:20]}"


def folder(source: Path, **changed: object) -> str:
    try:
        book = Book.from_folder(source)
    except ChapbookError as error:
        return digest(b"", error.diagnostics)
    for name, value in changed.items():
        setattr(book, name, value)
    return of(book)


def specification(dialect: str) -> str:
    book = Book(title="Specification", language="en", dialect=dialect)  # type: ignore[arg-type]  # one of the two
    examples = json.loads((TESTS / "dialects" / "commonmark-0.31.2.json").read_text("utf-8"))
    book.add(*(Chapter(title=f"{at}", text=each["markdown"], weight=at) for at, each in enumerate(examples)))
    return of(book)


def generated(tmp_path: Path, dialect: str) -> str:
    return folder(write_corpus(tmp_path / "corpus", chapters=30), dialect=dialect)


SVG = (
    '<!-- made by hand --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" id="a b">'
    '<style>rect { fill: url(#a) }</style><script>1</script><rect id="a b" width="9" height="9"/></svg>'
)


def pictures(tmp_path: Path) -> str:
    files = {
        "large.jpg": saved(photograph(3300, 2400), "JPEG", exif=located_exif()),
        "turned.jpg": saved(
            photograph(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
        ),
        "press.jpg": saved(photograph(mode="CMYK"), "JPEG"),
        "large.png": saved(transparent(3000, 2400), "PNG"),
        "drawn.png": saved(drawing(3000, 2400), "PNG"),
        "kept.png": saved(drawing(), "PNG"),
        "kept.gif": saved(drawing(), "GIF"),
        "new.webp": saved(photograph(), "WEBP"),
        "old.bmp": saved(drawing(), "BMP"),
        "scan.tiff": saved(photograph(), "TIFF"),
        "leaf.svg": SVG.encode(),
        "bad.png": saved(drawing(), "PNG")[:90],
    }
    source = tmp_path / "pictures"
    text = "".join(f"![Words for {name}]({name})\n\n" for name in [*files, "none.png"])
    css = "p { background: url(kept.png) } q { background: url(none.png) }"
    settings = "title: Pictures\nlanguage: en\ncover: large.jpg\ncss: own.css\n"
    write_files(source, {**files, "a.md": text, "own.css": css, "book.yaml": settings})
    return folder(source)


def library(tmp_path: Path, *, omnibus: bool) -> str:
    source = write_library(tmp_path / "library", 3)
    if omnibus:
        return folder(source)
    reports = build_many([source], tmp_path / "out", choices=Choices(drafts=True), in_order=True)
    return " ".join(digest(each.output.read_bytes() if each.output else b"", each.diagnostics) for each in reports)


def sources(tmp_path: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    for dialect in DIALECTS:
        for case in sorted(path.parent for path in (TESTS / "cases").glob("*/in")):
            yield f"case {case.name} {dialect}", partial(folder, case / "in", dialect=dialect)
        yield f"specification {dialect}", partial(specification, dialect)
        yield f"generated {dialect}", partial(generated, tmp_path, dialect)
    for theme in THEMES:
        for volume in ("harbour-year", "winter-sky"):
            yield f"example {volume} {theme}", partial(folder, EXAMPLES / volume, theme=theme)
    yield "pictures", partial(pictures, tmp_path)
    for omnibus in (False, True):
        yield f"library {omnibus}", partial(library, tmp_path, omnibus=omnibus)


NAMES = [name for name, _ in sources(Path())]


@pytest.mark.parametrize("name", NAMES)
def test_books_and_messages_are_as_recorded(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    made = dict(sources(tmp_path))[name]()
    recorded: Mapping[str, str] = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    if request.config.getoption("--rewrite"):
        shutil.rmtree(tmp_path)
        RECORD.write_text(json.dumps({**recorded, name: made}, indent=0, sort_keys=True) + "\n", "utf-8")
    else:
        assert made == recorded[name]
