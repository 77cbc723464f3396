"""Books of which nothing lies on a disk: what stands for a path may be the content itself."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from chapbook import Book, ChapbookError, Chapter, Diagnostic, FontFile, read_chapter
from support.gate import check_epub
from support.made_fonts import box_font

EXAMPLES = Path(__file__).parents[1] / "examples"


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    return Image.new(mode, size)


def png(size: tuple[int, int] = (40, 30)) -> bytes:
    held = io.BytesIO()
    picture(size=size).save(held, "PNG")
    return held.getvalue()


def names(epub: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return set(archive.namelist())


def written(book: Book) -> bytes:
    held = io.BytesIO()
    book.write(held)
    return held.getvalue()


def test_covers_sheets_and_pictures_may_be_content(tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(png((1600, 2400)))
    (tmp_path / "own.css").write_text("h1 { background: url(maps/one.png) }", encoding="utf-8")
    book = Book(title="T", authors="Ann", contents=Chapter(title="One", text="![A map](maps/one.png)"))
    book.add_file("maps/one.png", png())
    epubs = []
    for cover, sheet in (
        (png((1600, 2400)), b"h1 { background: url(maps/one.png) }"),
        (io.BytesIO(png((1600, 2400))), "h1 { background: url(maps/one.png) }"),
        (bytearray(png((1600, 2400))), ["h1 { background: url(maps/one.png) }"]),
    ):
        book.cover = cover  # type: ignore[assignment]  # bytes of other kinds work as well
        book.css = sheet
        epubs += [written(book), written(book)]
    assert len(set(epubs)) == 1
    assert {"EPUB/cover.png", "EPUB/styles/own-1.css"} < names(epubs[0])
    assert len([each for each in names(epubs[0]) if each.endswith(".png")]) == 2 + 1  # the sheet has its own copy
    (tmp_path / "book.epub").write_bytes(epubs[0])
    assert check_epub(tmp_path / "book.epub") == []
    book.cover, book.css = tmp_path / "cover.png", []
    with_path = written(book)
    book.cover = (tmp_path / "cover.png").read_bytes()
    assert written(book) == with_path


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "F", "HSV"])
def test_a_pillow_image_of_any_mode_is_a_picture(mode: str) -> None:
    book = Book(title="T", contents=Chapter(title="One", text="![A map](a.png)"))
    book.add_file("a.png", picture(mode))
    book.cover = picture(mode, (1600, 2400))
    report = book.check()
    assert report.ok
    assert [each.code for each in report.diagnostics if "image" in each.code or "cover" in each.code] == []


def test_what_was_added_goes_before_the_folder_and_is_read_in_every_process(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"junk")
    text = "\n\n".join(f"![Picture {number}]({number}.png)" for number in range(12))
    book = Book(title="T", root=tmp_path, contents=[Chapter(title="One", text=f"![A map](a.png)\n\n{text}")])
    for number in range(12):
        book.add_file(f"{number}.png", png((40, 30 + number)))
    assert {each.code for each in book.check().diagnostics} == {"image-damaged"}
    book.add_file("a.png", png())
    assert not book.check().diagnostics
    other = io.BytesIO()
    book.write(other, jobs=2)
    assert other.getvalue() == written(book)


def test_a_font_may_be_content() -> None:
    data = box_font("Words.")
    book = Book(title="T", contents=Chapter(title="One", text="Words."), fonts=data)
    whole = written(book)
    book.fonts = [FontFile(file=data)]
    assert written(book) == whole
    assert any("styles/" in each and each.endswith((".otf", ".ttf")) for each in names(whole))


@pytest.mark.parametrize("path", ["", " ", "/a.png", "../a.png", "a/../../b.png", "..", "a\0.png"])
def test_what_is_added_stays_within_the_book(path: str) -> None:
    with pytest.raises(ValueError, match="a relative path within the book"):
        Book(title="T").add_file(path, b"x")


@pytest.mark.parametrize("content", [None, "text", 5, ["x"], io.StringIO("x")])
def test_what_is_added_has_bytes(content: object) -> None:
    with pytest.raises(TypeError, match=r"the content of 'a.png' takes bytes"):
        Book(title="T").add_file("a.png", content)


def zipped(folder: Path, within: str) -> zipfile.Path:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{within}/{path.relative_to(folder)}")
    return zipfile.Path(zipfile.ZipFile(held), f"{within}/")


@pytest.mark.parametrize("name", ["harbour-year", "winter-sky"])
def test_a_folder_in_a_zip_file_is_the_same_book(name: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / name, tmp_path / name)  # with no volumes.yaml above it
    on_disk, in_memory = Book.from_folder(tmp_path / name), Book.from_folder(zipped(EXAMPLES / name, name))
    assert written(in_memory) == written(on_disk)
    assert in_memory.check().diagnostics == on_disk.check().diagnostics


def test_one_file_of_a_zip_file_is_a_book_too(tmp_path: Path) -> None:
    (tmp_path / "story.md").write_text("---\ntitle: A Story\nlanguage: en\n---\nOnce.\n", encoding="utf-8")
    folder = zipped(tmp_path, "stories")
    assert written(Book.from_folder(folder / "story.md")) == written(Book.from_folder(tmp_path / "story.md"))
    with pytest.raises(ChapbookError, match=r"file-unreadable|source-missing"):
        Book.from_folder(zipped(EXAMPLES, "examples") / "README.rst")


def test_a_zip_file_without_a_name_is_a_book() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("one.md", "# One\n\nHigh water, [away](gone.md).\n")
    book = Book.from_folder(zipfile.Path(zipfile.ZipFile(held)))
    assert (book.title, [each.path for each in book.chapters]) == ("Book", ["one.md"])
    assert {(each.code, each.path) for each in book.check().warnings} >= {("link-target-missing", "one.md")}


def test_a_folder_in_memory_keeps_to_the_rules_of_one_on_disk() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for each in ("b/.hidden/x.md", "b/node_modules/y.md", "b/_draft.md", "b/one.md", "b/two/../../out.md"):
            archive.writestr(each, "# Title\n\n![x](../../etc/passwd) ![y](/.hidden/x.md)\n")
        archive.writestr("b/book.yaml", "title: T\ncover: ../cover.png\n")
        archive.writestr("cover.png", png())
    book_path = zipfile.Path(zipfile.ZipFile(held), "b/")
    with pytest.raises(ChapbookError) as raised:
        Book.from_folder(book_path)
    assert [each.code for each in raised.value.diagnostics if each.severity == "error"] == ["setting-file-missing"]


SAID = "---\ntitle: Said\nweight: 3\n---\n\nWords with [a link](gone.md).\n"


def pieces() -> Iterator[str]:
    yield from (SAID[:9], SAID[9:30], SAID[30:])


def test_a_chapter_is_read_from_whatever_holds_its_text(tmp_path: Path) -> None:
    file = tmp_path / "said.md"
    file.write_text(SAID, encoding="utf-8")
    sources = (SAID, io.StringIO(SAID), io.BytesIO(SAID.encode()), pieces(), SAID.splitlines(keepends=True))
    chapters = [read_chapter(each) for each in sources]
    assert len({(each.title, each.weight, each.text) for each in chapters}) == 1
    assert [each.code for each in said(chapters[0])] == ["link-target-missing"]
    assert [str(each).partition(": ")[0] for each in said(chapters[0])] == ["<chapter 'Said'>:2:12"]
    assert [str(each).partition(": ")[0] for each in said(read_chapter(file))] == [f"{file}:6:12"]


def said(chapter: Chapter) -> tuple[Diagnostic, ...]:
    return Book(title="T", contents=chapter).check().diagnostics


@pytest.mark.parametrize("source", [None, 5, b"text", {"a": "b"}, [1, 2]])
def test_what_holds_no_text_is_refused(source: object) -> None:
    with pytest.raises(TypeError, match="source takes text, a path, an open file, or an iterable of texts"):
        read_chapter(source)  # type: ignore[arg-type]


def test_wrong_front_matter_of_a_text_raises() -> None:
    with pytest.raises(ChapbookError, match="weight-invalid"):
        read_chapter("---\nweight: heavy\n---\n")
    with pytest.raises(ChapbookError, match="file-unreadable"):
        read_chapter(Path("none.md"))


def test_a_chapter_made_in_python_is_named_by_its_messages() -> None:
    text = "Words\n\n![x](missing.png)"
    book = Book(title="T")
    book.add(*(Chapter(title=f"Ch {number}", text=text) for number in range(2)))
    book.add(Chapter(title="Ch 1", text=text), Chapter(title="From a file", text=text, source=("notes.txt", 40)))
    found = book.check().diagnostics
    assert [str(each).partition(": ")[0] for each in found] == [
        "<chapter 'Ch 0'>:3:1",
        "<chapter 'Ch 1'>:3:1",
        "<chapter 'Ch 1'>:3:1",
        "notes.txt:42:1",
    ]
    assert [each.chapter for each in found] == ["ch-0", "ch-1", "ch-1-2", "from-a-file"]


@pytest.mark.parametrize("source", [5, "a.txt", ("a.txt",), ("a.txt", 0), (5, 1)])
def test_where_a_chapter_comes_from_is_checked(source: object) -> None:
    with pytest.raises(ChapbookError, match=r"Chapter\.source takes a path and the number of a line"):
        Chapter(source=source)  # type: ignore[arg-type]


def test_values_are_hashable_and_have_changed_copies() -> None:
    one = Chapter(title="One", text="x", positions={})
    assert len({one, Chapter(title="One", text="x"), one.replace(title="Two")}) == 2
    assert one.replace(authors="Ann").authors == ("Ann",)
    with pytest.raises(TypeError):
        one.replace(text=None)
