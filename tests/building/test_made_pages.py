"""The pages made from the metadata, where they stand in the book."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook import Book, Chapter, Series, build_many
from chapbook.building.generated_pages import _NOT_ON_COVERS
from chapbook.keys.table import BOOK_KEYS, CHAPTER_KEYS
from chapbook.model.metadata import Metadata
from chapbook.packaging.publication import identifier_of
from support.epubcheck import EpubCheck
from support.gate import check_epub
from support.opened import DC, EPUB, XHTML, Opened

OPENING = ["cover.xhtml", "title-page.xhtml"]


def written(book: Book, folder: Path) -> Opened:
    assert book.write(folder / "book.epub").ok
    assert check_epub(folder / "book.epub") == []
    return Opened(folder / "book.epub")


def spine(book: Opened) -> list[str]:
    return [name.removeprefix("EPUB/") for name in book.spine]


def landmark_types(book: Opened) -> list[str]:
    landmarks = list(book.tree(book.nav).iter(f"{XHTML}nav"))[1]
    return [link.get(f"{EPUB}type", "") for link in landmarks.iter(f"{XHTML}a")]


def test_they_stand_around_the_text(tmp_path: Path, epubcheck: EpubCheck) -> None:
    series = Series(name="Row", index="2", volumes=("One", "Two"))
    book = Book(title="Two", language="en", rights="© Ann", series=series)
    book.add(Chapter(title="A", text="Text."))
    made = written(book, tmp_path)
    assert spine(made) == [*OPENING, "copyright-page.xhtml", "nav.xhtml", "text/a.xhtml", "series-page.xhtml"]
    assert landmark_types(made) == ["cover", "titlepage", "copyright-page", "toc", "bodymatter"]
    toc = [link.text for link in next(made.tree(made.nav).iter(f"{XHTML}nav")).iter(f"{XHTML}a")]
    assert toc == ["A", "In this series: Row"]
    epubcheck.assert_valid(tmp_path / "book.epub")


def test_the_authors_own_copyright_page_is_the_only_one(tmp_path: Path) -> None:
    book = Book(title="T", language="en", rights="© Ann")
    book.add(Chapter(title="Rights", type="copyright-page", text="All mine."), Chapter(title="A", text="Text."))
    made = written(book, tmp_path)
    assert spine(made) == [*OPENING, "nav.xhtml", "text/rights.xhtml", "text/a.xhtml"]
    assert landmark_types(made).count("copyright-page") == 1


def test_a_book_that_says_nothing_more_has_neither(tmp_path: Path) -> None:
    book = Book(title="T", language="en", authors=["Ann"])
    book.add(Chapter(title="A", text="Text."))
    assert spine(written(book, tmp_path)) == [*OPENING, "nav.xhtml", "text/a.xhtml"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    for name, settings in {
        "one": "title: Spring",
        "two": "title: Summer",
        "three": "title: Alone\nseries: {name: Another, index: 7}",
    }.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "book.yaml").write_text(f"{settings}\nlanguage: en\n", encoding="utf-8")
        (folder / name / "a.md").write_text("# A\n\nText.\n", encoding="utf-8")
    (folder / "volumes.yaml").write_text("title: The Year\nvolumes: [one, two, three]\n", encoding="utf-8")
    return folder


def test_each_volume_lists_all_of_them(library: Path, tmp_path: Path) -> None:
    reports = list(build_many([library], tmp_path / "out", in_order=True))
    assert [report.ok for report in reports] == [True, True, True]
    pages = []
    for report in reports:
        assert report.output is not None
        assert check_epub(report.output) == []
        made = Opened(report.output)
        name = next((name for name in made.spine if name.endswith("series-page.xhtml")), "")
        pages.append(["".join(item.itertext()) for item in made.tree(name).iter(f"{XHTML}li")] if name else [])
    assert pages == [
        ["Spring (this book)", "Summer", "Alone"],
        ["Spring", "Summer (this book)", "Alone"],
        [],  # its own book.yaml counts it to another series
    ]


def test_a_volume_more_leaves_the_book_the_same_to_readers() -> None:
    identifiers = set()
    for volumes in ((), ("One", "Two"), ("One", "Two", "Three")):
        series = Series(name="Row", index="2", volumes=volumes)
        identifiers.add(identifier_of(Metadata(title="Two", series=series)))
    assert len(identifiers) == 1


def test_every_key_is_shown_on_covers_or_known_not_to_be() -> None:
    """`chapbook cover` leaves out what is wrong with keys that no cover shows."""
    shown = {"accent", "authors", "contributors", "cover", "images", "language", "series", "subtitle", "theme", "title"}
    assert {key.name for key in (*BOOK_KEYS, *CHAPTER_KEYS)} == shown | _NOT_ON_COVERS


STRAIGHT: dict[str, str] = {
    "title": 'The Pilot\'s "Chart" -- a Life',
    "subtitle": "It's 'all' here...",
    "authors": "J. O'Hara",
    "publisher": "Heron's Nest",
    "rights": "J. O'Hara's",
}


def whole_text(book: Opened, name: str) -> str:
    return " ".join("".join(map(str, book.tree(f"EPUB/{name}").itertext())).split())


def test_the_books_own_words_are_set_as_those_of_its_chapters(tmp_path: Path, epubcheck: EpubCheck) -> None:
    series = Series(name="Sailor's Row", index="1", volumes=(STRAIGHT["title"], "Night's End"))
    book = Book(**STRAIGHT, language="en", series=series, isbn_print="978-3-16-148410-0")  # type: ignore[arg-type]
    book.add(Chapter(text="It's."))
    made = written(book, tmp_path)
    for page in ("cover.xhtml", "title-page.xhtml", "copyright-page.xhtml", "series-page.xhtml", "nav.xhtml"):
        assert not set(whole_text(made, page)) & set("'\""), page
    title = "The Pilot’s “Chart”\u00a0– a Life"
    assert title.replace("\u00a0", " ") in whole_text(made, "title-page.xhtml")
    assert "It’s ‘all’ here…" in whole_text(made, "title-page.xhtml")
    assert "In this series: Sailor’s Row" in whole_text(made, "nav.xhtml")
    image = next(made.tree("EPUB/cover.xhtml").iter(f"{XHTML}img"))
    assert image.get("alt") == f"{title}, by J. O’Hara"
    assert next(each.text for each in made.package.iter(f"{DC}title")) == STRAIGHT["title"]
    assert [each.text for each in made.package.iter(f"{DC}creator")] == [STRAIGHT["authors"]]
    epubcheck.assert_valid(tmp_path / "book.epub")


def test_without_smart_punctuation_the_books_own_words_stay_too(tmp_path: Path) -> None:
    book = Book(**STRAIGHT, language="en", smart=False)  # type: ignore[arg-type]
    book.add(Chapter(text="It's."))
    made = written(book, tmp_path)
    assert STRAIGHT["title"] in whole_text(made, "title-page.xhtml")
    assert STRAIGHT["rights"] in whole_text(made, "copyright-page.xhtml")


@pytest.mark.parametrize(
    ("language", "label", "title", "joined"),
    [
        ("en", "Chapter 1", "Water", "Chapter 1: Water"),
        ("en", "Chapter 1.", "Water", "Chapter 1. Water"),
        ("fr", "Chapitre 1", "L'eau : pourquoi ?", "Chapitre 1\u202f: L’eau\u202f: pourquoi\u202f?"),
        ("ja", "第一章", "水", "第一章\u3000水"),
        ("zh", "第一章：", "水", "第一章：\u3000水"),
        ("fi", "Luku 1", "Vesi", "Luku 1: Vesi"),
    ],
)
def test_label_and_title_are_joined_as_the_language_does(
    tmp_path: Path, language: str, label: str, title: str, joined: str
) -> None:
    book = Book(title="T", language=language)
    book.add(Chapter(heading=label, title=title, text="X."))
    made = written(book, tmp_path)
    (link,) = next(made.tree(made.nav).iter(f"{XHTML}nav")).iter(f"{XHTML}a")
    assert link.text == joined
    foreign = Book(title="T", language="de")
    foreign.add(Chapter(heading=label, title=title, text="X.", language=language))
    made = written(foreign, tmp_path)
    (link,) = next(made.tree(made.nav).iter(f"{XHTML}nav")).iter(f"{XHTML}a")
    assert link.text == joined
