"""The library: a book held in Python, from values and from a folder."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import zipfile
from pathlib import Path

import pytest

from chapbook import Book, ChapbookError, Chapter, Contributor, Part, Series
from chapbook.series.build_many import build_book
from chapbook.series.planning import plan_books


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


def test_a_book_that_is_there_already_is_left_alone_and_the_report_says_so(tmp_path: Path) -> None:
    book, path = small(), tmp_path / "out.epub"
    assert not book.write(path).unchanged
    before = path.stat()
    again = book.write(path)
    assert (again.ok, again.unchanged, again.output, again.size) == (True, True, path, before.st_size)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    book.title = "Another Title"
    assert not book.write(path).unchanged
    assert path.stat().st_ino != before.st_ino
    assert not book.write(io.BytesIO()).unchanged
    assert not book.check().unchanged


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
    with pytest.raises(ChapbookError) as raised:
        book.write(tmp_path / "out.epub")
    report = raised.value.report
    assert report is not None
    assert raised.value.diagnostics == report.errors
    assert pickle.loads(pickle.dumps(raised.value)).report == report
    assert {each.code for each in report.errors} == {"language-invalid", "identifier-invalid", "value-invalid"}
    assert report.output is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "values",
    [
        {"authors": [Contributor(name="Ann", role="potter")]},
        {"series": Series(name="S", index="two")},
        {"modified": dt.datetime(2025, 1, 1)},  # noqa: DTZ001 - that it has no zone is the point
        {"modified": dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14)))},
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
    report = Book(title="B").check()
    assert [each.code for each in report.errors] == ["no-chapters"]
    with pytest.raises(ChapbookError, match="no-chapters"):
        report.raise_for_errors()


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
    with pytest.raises(ChapbookError) as refused:
        book.write(tmp_path / "out.epub", strict=True)
    assert [each.code for each in refused.value.diagnostics] == [each.code for each in report.warnings]
    assert not (tmp_path / "out.epub").exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"language": 'en_US"><x'}, "language-invalid"),
        ({"language": "klingon"}, "language-invalid"),
        ({"type": "nope"}, "type-unknown"),
    ],
)
def test_a_chapter_s_values_are_held_to_what_front_matter_is_held_to(values: dict[str, str], code: str) -> None:
    book = Book(title="B", language="en")
    chapter = Chapter(title="A", text="x", **values)  # type: ignore[arg-type]
    book.add(Part(opening=Chapter(title="One"), contents=(chapter,)))
    (fault,) = book.check().diagnostics
    assert fault.code == code
    assert next(iter(values.values())) in fault.message
    assert "'A'" in fault.message
    assert fault.hint


def test_a_chapter_s_values_are_put_in_their_usual_form() -> None:
    book = Book(title="B", language="en")
    book.add(Chapter(title="A", text="x", type="Preface", language="EN-gb", authors="Ann"))  # type: ignore[arg-type]
    out = io.BytesIO()
    assert book.write(out).diagnostics == ()
    page = entries(out.getvalue())["EPUB/text/a.xhtml"]
    assert 'epub:type="preface"' in page
    assert 'lang="en-GB"' in page
    assert '<p class="author">Ann</p>' in page


@pytest.mark.parametrize("authors", ["Ann", Contributor(name="Ann")])
def test_a_single_author_needs_no_list(authors: object) -> None:
    out = io.BytesIO()
    assert small(authors=authors).write(out).ok
    assert entries(out.getvalue())["EPUB/package.opf"].count("<dc:creator") == 1


@pytest.mark.parametrize("year", [1, 900])
def test_years_have_four_digits(year: int) -> None:
    out = io.BytesIO()
    assert small(modified=dt.datetime(year, 1, 1, tzinfo=dt.UTC)).write(out).ok
    assert f">{year:04}-01-01T00:00:00Z<" in entries(out.getvalue())["EPUB/package.opf"]


def test_extensions_under_the_dialect_that_has_none_are_warned_of() -> None:
    assert [each.code for each in small(dialect="commonmark", extensions=["toc"]).check().warnings] == [
        "setting-unused"
    ]
    assert small(dialect="markdown", extensions=["toc"]).check().warnings == ()


def test_a_file_of_the_book_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for name in ("pictures/a.jpg", "own.css", "old.bin"):
        (tmp_path / name).write_text("/* mine */")
    book = small(root=tmp_path / "pictures", css=[tmp_path / "own.css"])
    for name in ("pictures/a.jpg", "own.css"):
        with pytest.raises(ChapbookError, match="output-is-source"):
            book.write(tmp_path / name)
        assert (tmp_path / name).read_text() == "/* mine */"
    assert book.write(tmp_path / "old.bin").ok
    book.write(tmp_path / "pictures" / "first.zip")
    assert book.write(tmp_path / "pictures" / "first.zip").ok, "a book of the last time is replaced"


def test_a_cover_waits_for_what_concerns_it_and_for_nothing_else() -> None:
    book = small(identifier="978-3-16-148410-1")
    book.add(Chapter(title="Third", text="x", language="klingon"))
    assert book.cover_image().data[:3] == b"\xff\xd8\xff"
    book.theme = "none such"
    with pytest.raises(ChapbookError, match="theme-unknown"):
        book.cover_image()


def test_a_link_to_a_chapter_that_cannot_be_read_is_no_fault_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: F\nlanguage: en\n")
    (tmp_path / "bytes.md").write_bytes(b"# \xff\n")
    (tmp_path / "open.md").write_text("---\ntitle: never closed\n")
    (tmp_path / "a.md").write_text("# A\n\n[x](bytes.md#x) [y](/open/) [z](open.md)\n\n[gone](gone.md)\n")
    (request,) = plan_books([tmp_path], None)
    said = build_book(request).diagnostics
    assert [(each.code, each.path, each.line) for each in said] == [
        ("not-utf8", "bytes.md", 1),
        ("front-matter-unclosed", "open.md", 1),
        ("link-target-missing", "a.md", 5),
    ]
