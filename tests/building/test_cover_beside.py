"""The cover that lies beside the book: a picture called cover, which nothing names."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from chapbook import Book, ContentFile
from chapbook.series.build_many import build_book
from chapbook.series.requests import BookRequest, Choices
from support.gate import check_epub
from support.opened import Opened
from support.pictures import photograph


def picture(form: str = "JPEG", size: tuple[int, int] = (1600, 2560)) -> bytes:
    target = io.BytesIO()
    photograph(*size).save(target, form)
    return target.getvalue()


COVER, SMALL = picture(), picture("PNG", (160, 256))
BOOK = b"title: T\nauthor: A\nlanguage: en\n"


def book_of(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in {"book.yaml": BOOK, "a.md": b"# A\n\nWords.\n", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def said(folder: Path, **choices: object) -> list[tuple[str, str | None]]:
    report = build_book(BookRequest(source=str(folder), choices=Choices(**choices)))  # type: ignore[arg-type]
    return [(each.code, each.path) for each in report.diagnostics if each.code.startswith("cover")]


@pytest.mark.parametrize("name", ["cover.jpg", "cover.jpeg", "Cover.JPG"])
def test_a_cover_beside_the_book_is_taken_as_it_is_and_said(name: str, tmp_path: Path) -> None:
    book = Book.from_folder(book_of(tmp_path / "in", {name: COVER}))
    assert book.cover == ContentFile(name)
    report = book.write(tmp_path / "book.epub")
    (note,) = report.diagnostics
    assert (note.code, note.path, note.severity) == ("cover-found", name, "note")
    assert check_epub(tmp_path / "book.epub") == []
    assert Opened(tmp_path / "book.epub").files["EPUB/cover.jpg"] == COVER
    assert [each.code for each in book.check_cover().diagnostics] == ["cover-found"]


def test_what_is_named_goes_before_it(tmp_path: Path) -> None:
    files = {"cover.jpg": COVER, "other.jpg": COVER}
    assert said(book_of(tmp_path / "key", {**files, "book.yaml": BOOK + b"cover: other.jpg\n"})) == []
    assert said(book_of(tmp_path / "option", files), cover=tmp_path / "option" / "other.jpg") == []
    book = Book.from_folder(tmp_path / "option")
    book.cover = None
    assert book.check().diagnostics == ()
    wrong = book_of(tmp_path / "wrong", {**files, "book.yaml": BOOK + b"cover: none.jpg\n"})
    assert said(wrong) == []
    assert said(book_of(tmp_path / "form", {**files, "book.yaml": BOOK + b"cover:\n"})) == [
        ("cover-found", "cover.jpg")
    ]


def test_it_is_held_to_the_rules_of_a_cover_at_its_own_name(tmp_path: Path) -> None:
    assert said(book_of(tmp_path / "bad", {"cover.png": b"none"})) == [("cover-invalid", "cover.png")]
    assert said(book_of(tmp_path / "small", {"cover.png": SMALL})) == [
        ("cover-found", "cover.png"),
        ("cover-small", "cover.png"),
    ]


def test_the_root_is_looked_at_and_no_other_folder(tmp_path: Path) -> None:
    assert said(book_of(tmp_path / "in", {"images/cover.jpg": COVER, "cover.txt": b"x", "mycover.jpg": COVER})) == []
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "cover.jpg").symlink_to(tmp_path / "in" / "mycover.jpg")
    assert said(book_of(tmp_path / "linked", {})) == []


@pytest.mark.parametrize(
    ("files", "cover"),
    [
        (
            {"book.toml": b"[book]\n", "src/SUMMARY.md": b"- [A](a.md)\n", "src/a.md": b"A"},
            "src/cover.png",
        ),
        ({"mkdocs.yml": b"site_name: S\n", "docs/a.md": b"A"}, "docs/cover.png"),
        ({"mkdocs.yml": b"site_name: S\n", "docs/a.md": b"A"}, "cover.png"),
        ({"hugo.toml": b"title = 'S'\n", "content/a.md": b"A", "static/x.png": SMALL}, "cover.png"),
        ({"hugo.toml": b"title = 'S'\n", "content/a.md": b"A", "static/x.png": SMALL}, "static/cover.png"),
    ],
)
def test_a_project_has_it_with_its_pages_or_at_its_root(files: dict[str, bytes], cover: str, tmp_path: Path) -> None:
    assert ("cover-found", cover) in said(book_of(tmp_path, {**files, cover: SMALL}))
    assert Book.from_folder(tmp_path).cover_image().changed is False
