"""The library: a book held in Python, from values and from a folder."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from chapbook import Book, ChapbookError, Chapter, Contributor, Part, Series


def small(**values: object) -> Book:
    book = Book(**{"title": "A Small Book", "authors": ["Ann Author"], "language": "en", **values})  # type: ignore[arg-type]
    book.add(Chapter(title="Second", weight=20, text="The second chapter."))
    book.add(Chapter(title="First", weight=10, text="The first chapter."))
    return book


def entries(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".xhtml", ".opf", ".ncx", ".css"))
        }


def test_chapters_come_in_the_book_s_order() -> None:
    assert [chapter.title for chapter in small().chapters] == ["First", "Second"]


def test_a_book_is_written_to_a_path_and_to_a_file_object_with_the_same_bytes(tmp_path: Path) -> None:
    book = small()
    report = book.write(tmp_path / "out.epub")
    assert report.ok
    assert report.output == tmp_path / "out.epub"
    assert report.diagnostics == ()
    first, second = io.BytesIO(), io.BytesIO()
    assert book.write(first).output is None
    assert book.write(second).ok
    assert first.getvalue() == second.getvalue() == (tmp_path / "out.epub").read_bytes()


def test_what_is_changed_after_the_first_write_shows_in_the_second() -> None:
    book = small()
    before = io.BytesIO()
    book.write(before)
    book.add(Chapter(title="Third", text="More."))
    book.theme = "modern"
    after = io.BytesIO()
    assert book.write(after).ok
    assert "EPUB/text/third.xhtml" in entries(after.getvalue())
    assert entries(before.getvalue())["EPUB/styles/theme.css"] != entries(after.getvalue())["EPUB/styles/theme.css"]


def test_wrong_values_are_errors_of_the_report_and_nothing_is_written(tmp_path: Path) -> None:
    book = small(language="english_US", identifier="978-3-16-148410-1", date="2024-02-30")
    report = book.write(tmp_path / "out.epub")
    assert not report.ok
    assert {each.code for each in report.errors} == {"language-invalid", "identifier-invalid", "date-invalid"}
    assert report.output is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "values",
    [
        {"dialect": "asciidoc"},
        {"toc_depth": 7},
        {"toc_depth": 0},
        {"render_seconds": 0},
        {"direction": "up"},
        {"authors": [Contributor(name="Ann", role="potter")]},
        {"series": Series(name="S", index="two")},
        {"modified": dt.datetime(2025, 1, 1)},  # noqa: DTZ001 - that it has no zone is the point
        {"theme": "none such"},
        {"css": ["none.css"]},
        {"cover": "none.jpg"},
        {"extensions": ["none_such"]},
    ],
    ids=str,
)
def test_each_wrong_setting_is_an_error(values: dict[str, object]) -> None:
    report = small(**values).check()
    assert len(report.errors) == 1
    assert report.errors[0].path is None or report.errors[0].path.startswith("none.")


def test_a_wrong_weight_is_an_error_that_names_the_chapter() -> None:
    with pytest.raises(ChapbookError, match=r"'Heavy'.*weight-invalid"):
        Chapter(title="Heavy", weight="heavy", text="x")


def test_parts_hold_chapters_in_their_order() -> None:
    book = Book(title="B")
    inner = (Chapter(title="b", weight=2, text="b"), Chapter(title="a", weight=1, text="a"))
    book.add(Part(opening=Chapter(title="One", weight=1, text="Opening."), contents=inner))
    book.add(Chapter(title="Preface", weight=0, text="p", type="preface"))
    assert [chapter.title for chapter in book.chapters] == ["Preface", "a", "b"]
    out = io.BytesIO()
    assert book.write(out).ok
    nav = entries(out.getvalue())["EPUB/nav.xhtml"]
    assert nav.index("Preface") < nav.index("One") < nav.index(">a<") < nav.index(">b<")


def test_chapters_of_one_title_have_documents_of_their_own() -> None:
    book = Book(title="B")
    for text in ("first", "second", "third"):
        book.add(Chapter(title="Same", text=text))
    out = io.BytesIO()
    assert book.write(out).ok
    found = {name for name in entries(out.getvalue()) if name.startswith("EPUB/text/")}
    assert found == {"EPUB/text/same.xhtml", "EPUB/text/same-2.xhtml", "EPUB/text/same-3.xhtml"}


def test_an_empty_book_is_an_error() -> None:
    report = Book(title="B").write(io.BytesIO())
    assert [each.code for each in report.errors] == ["no-chapters"]


def test_a_folder_with_three_broken_files_names_all_three_with_lines(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\nweight: heavy\n---\nText.\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\n\nnever closed\n")
    (tmp_path / "c.md").write_bytes(b"# C\n\nfine\nnot \xff utf-8\n")
    (tmp_path / "d.md").write_text("# D\n\nFine.\n")
    with pytest.raises(ChapbookError) as raised:
        Book.from_folder(tmp_path)
    places = {(each.path, each.line) for each in raised.value.diagnostics if each.severity == "error"}
    assert places == {("a.md", 3), ("b.md", 1), ("c.md", 4)}
    assert "a.md:3" in str(raised.value)


def test_a_folder_becomes_a_book(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: Folder\nauthor: Ann\nlanguage: de\n")
    (tmp_path / "two.md").write_text("---\nweight: 2\n---\n# Two\n\nSee [one](one.md).\n")
    (tmp_path / "one.md").write_text("---\nweight: 1\n---\n# One\n\nText.\n")
    book = Book.from_folder(tmp_path)
    assert (book.title, book.language) == ("Folder", "de")
    out = io.BytesIO()
    report = book.write(out)
    assert report.ok
    assert report.diagnostics == ()
    files = entries(out.getvalue())
    assert 'href="one.xhtml"' in files["EPUB/text/two.xhtml"]
    assert "Inhalt" in files["EPUB/nav.xhtml"]


def test_links_and_pictures_that_lead_nowhere_are_warned_of_and_strict_refuses_them(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: F\nlanguage: en\n")
    (tmp_path / "a.md").write_text("# A\n\nSee [there](b.md), [here](#nowhere)\nand ![A boat](boat.png).\n")
    book = Book.from_folder(tmp_path)
    out = io.BytesIO()
    report = book.write(out)
    assert report.ok
    assert [(each.code, each.line) for each in report.warnings] == [
        ("link-target-missing", 3),
        ("link-fragment-missing", 3),
        ("image-missing", 4),
    ]
    text = entries(out.getvalue())["EPUB/text/a.xhtml"]
    assert all(word in text for word in ("there", "here", "A boat"))
    assert "<a" not in text.split("<body")[1]
    refused = book.write(tmp_path / "out.epub", strict=True)
    assert not refused.ok
    assert not (tmp_path / "out.epub").exists()
