"""Programs as users write them, for type checkers: `make lint` runs mypy over them, tests/test_types.py pyright.

What a checker must refuse has a comment that tells it to; a comment that nothing needs is an error too.
"""

from __future__ import annotations

import datetime as dt
import importlib.resources
import io
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

from PIL import Image

from chapbook import (
    Book,
    ChapbookError,
    Chapter,
    Choices,
    Construct,
    Contributor,
    Diagnostic,
    ExtensionSpec,
    FontFile,
    Identifier,
    ImageLimits,
    Page,
    Part,
    Pass,
    Report,
    Series,
    Severity,
    ShortcodeCall,
    Subject,
    build_many,
    read_chapter,
)


def one_book(names: list[str], sheets: list[Path], chapters: Iterable[Chapter]) -> bytes:
    """Lists of one type of item, generators and single values are all taken."""
    book = Book(title="T", authors=names, css=sheets, contents=chapters, subjects=["Tides"], language="en-GB")
    book.authors = "Ann"
    book.authors = (Contributor(name=name, role="ill") for name in names)
    book.authors.append("Bo")
    book.subjects = ("Sea", Subject(code="FIC000000", scheme="BISAC"))
    book.css = "h1 { color: navy }"
    book.css.append(Path("extra.css"))
    book.fonts = [b"", "a.otf", FontFile(file=Path("b.otf"), subset=True), FontFile(file=b"")]
    book.cover = Image.new("RGB", (1600, 2560))
    book.cover = b""
    book.cover = Path("cover.jpg")
    book.theme = Path("own-theme")
    book.identifier = Identifier(scheme="uri", value="urn:x:1")
    book.date = dt.date(2024, 10, 5)
    book.series = Series(name="S", index=2)
    book.dialect = "commonmark"
    book.dialect = str.upper
    book.extensions = ["toc", ExtensionSpec(extension="abbr", options={"glossary": {}})]
    book.images = ImageLimits(quality=80).replace(max_pixels=2_000_000)
    book.add(Chapter(title="One", weight=Decimal(1)), Part(opening=Chapter(title="P"), contents=list(chapters)))
    book.add(chapters)
    book.add_file("maps/a.png", Image.new("L", (8, 8)))
    held = io.BytesIO()
    report: Report = book.write(held, jobs=2, cache=Path("cache"), progress=told)
    report.raise_for_errors()
    return held.getvalue()


def told(stage: str, done: int, total: int) -> None:
    print(stage, done, total)


def chapters(folder: Path) -> Iterator[Chapter]:
    yield read_chapter("---\ntitle: A\n---\nText")
    yield read_chapter(folder / "a.md")
    yield read_chapter(io.StringIO("Text"))
    yield read_chapter(io.BytesIO(b"Text"))
    yield read_chapter(line for line in ["# A\n", "Text"])
    chapter = Chapter(title="B", authors=["Ann"], date="2024-10-05", type="preface", source=(folder / "b.txt", 4))
    yield chapter.replace(title="C", authors="Ann", weight="2.5", dialect="html")
    day: dt.date | None = chapter.date
    who: tuple[str, ...] = chapter.authors
    print(day, who, hash(chapter))


def read_books(archive: Path) -> list[Book]:
    return [
        Book.from_folder("book", drafts=True, assets=["pictures"]),
        Book.from_folder(zipfile.Path(zipfile.ZipFile(archive), "book/")),
        Book.from_folder(importlib.resources.files("chapbook")),
        Book.from_library(Path("library")),
        Book.from_epub(archive),
        Book.from_epub(io.BytesIO()),
    ]


def messages(book: Book) -> list[tuple[Severity, str, int | None]]:
    try:
        book.write("book.epub")
    except ChapbookError as error:
        found: tuple[Diagnostic, ...] = error.report.diagnostics if error.report else error.diagnostics
        return [(each.severity, each.path or each.chapter or "", each.line) for each in found]
    return []


def many() -> list[Path | None]:
    with ThreadPoolExecutor() as executor:
        choices = Choices(theme="verse", css="own.css", assets=[Path("pictures")], cover="cover.jpg", cache="cache")
        return [each.output for each in build_many(["a", Path("b")], "out", executor=executor, choices=choices)]


def sign(page: Page) -> None:
    page.body.set("class", "signed")
    page.warn(f"{page.chapter.title} is signed", hint="so it is")


def box(call: ShortcodeCall) -> str | tuple[str, str]:
    return ("<aside>", "</aside>") if call.has_end else call.named.get("words", "")


def extended(book: Book) -> str:
    book.passes = sign
    book.passes.append(Pass(code=sign, name="again", after="make_unique", version="1"))
    book.constructs.append(Construct(pattern="@@", replacement=lambda found: found[0].upper()))
    book.shortcodes["box"] = box
    book.prefixes["my"] = "https://example.org/my#"
    book.add_item("a.json", b"{}", "application/json")
    book.use(lambda other: other.passes.clear())
    return book.meta("my:tide", "spring", refines=book.meta("dc:relation", "other"))


def mistakes(book: Book) -> None:
    """What a checker finds before the program runs."""
    Book(title=None)  # type: ignore[arg-type]
    Book(title="T", dialect="gfm")  # type: ignore[arg-type]
    Book(title="T", direction="up")  # type: ignore[arg-type]
    Book(titel="T")  # type: ignore[call-arg]
    Chapter(text=b"x")  # type: ignore[arg-type]
    Chapter(type="chapitre")  # type: ignore[arg-type]
    book.them = "modern"  # type: ignore[attr-defined]
    book.css = 5  # type: ignore[assignment]
    book.toc_depth = "2"  # type: ignore[assignment]
    book.passes = [5]  # type: ignore[list-item]
    book.add("text")  # type: ignore[arg-type]
    book.chapters[0].title = "x"  # type: ignore[misc]
