"""What a file that is written may replace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chapbook.model.diagnostics import ChapbookError
from chapbook.packaging.destination import destination_of, refuse_sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "book" / "one").mkdir(parents=True)
    for name in ("one/a.md", "book.yaml", "cover.JPG", "x.ttf", "notes", "old.epub", "false.zip"):
        (tmp_path / "book" / name).write_text("PK\x03\x04 mine")
    return tmp_path / "book"


@pytest.mark.parametrize(
    "name", ["one/a.md", "book.yaml", "cover.JPG", "x.ttf", "notes", "false.zip", "one/../book.yaml"]
)
def test_what_lies_in_the_folder_stays(folder: Path, name: str) -> None:
    with pytest.raises(ChapbookError, match="output-is-source"):
        refuse_sources(destination_of(folder / name), folders=[folder])


@pytest.mark.parametrize("name", ["old.epub", "new.epub", "new/x.bin", "one"])
def test_books_and_what_is_not_there_are_free(folder: Path, name: str) -> None:
    refuse_sources(destination_of(folder / name), folders=[folder])


def test_links_are_followed_both_ways(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out.epub").symlink_to(folder / "one" / "a.md")
    (tmp_path / "link").symlink_to(folder)
    for target, above in (("out.epub", folder), ("link/book.yaml", folder), ("book/book.yaml", tmp_path / "link")):
        with pytest.raises(ChapbookError, match="output-is-source"):
            refuse_sources(destination_of(tmp_path / target), folders=[above])


def test_a_file_that_was_named_stays_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "own.css"
    elsewhere.write_text("mine")
    refuse_sources(destination_of(elsewhere), folders=[folder], files=[None, folder / "x.css"])
    with pytest.raises(ChapbookError, match="output-is-source"):
        refuse_sources(destination_of(elsewhere), folders=[folder], files=[None, str(elsewhere)])


def test_a_book_is_known_by_what_it_holds(folder: Path) -> None:
    beginning = b"PK\x03\x04" + bytes(26)
    for name, content, free in (
        ("a.bin", beginning + b"mimetypeapplication/epub+zip", True),
        ("b.bin", beginning + b"mimetypeapplication/epub", False),
        ("c.bin", bytes(30) + b"mimetypeapplication/epub+zip", False),
    ):
        (folder / name).write_bytes(content)
        if free:
            refuse_sources(destination_of(folder / name), folders=[folder])
        else:
            with pytest.raises(ChapbookError, match="output-is-source"):
                refuse_sources(destination_of(folder / name), folders=[folder])


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_no_link_of_the_folder_leads_the_output_out_of_it(folder: Path, tmp_path: Path) -> None:
    """A stranger's folder may have a link, or a pipe, under the name that the book will have."""
    (tmp_path / "elsewhere").mkdir()
    (folder / "x.epub").symlink_to(tmp_path / "elsewhere" / "own")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (folder / "in").symlink_to("one")
    os.mkfifo(folder / "p.epub")
    for name in ("x.epub", "out/y.epub", "out/sub/y.epub", "p.epub"):
        with pytest.raises(ChapbookError, match="output-is-source"):
            refuse_sources(destination_of(folder / name), folders=[folder])
    refuse_sources(destination_of(folder / "in" / "y.epub"), folders=[folder])
    (tmp_path / "link").symlink_to(folder)
    refuse_sources(destination_of(tmp_path / "link" / "new.epub"), folders=[tmp_path / "link"])
