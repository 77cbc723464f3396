"""Pictures on their way into the book: what was looked into is what ships."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import pytest

from chapbook import Book, ChapbookError

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def change(picture: Path, text: str, stage: str, done: int, of: int) -> None:  # noqa: ARG001 - as progress is told
    """Gives `picture` another `text` as soon as the book's pictures have been looked into."""
    if stage == "pictures":
        picture.write_text(text, encoding="utf-8")


def book_with_a_picture(folder: Path) -> Path:
    (folder / "a.md").write_text("# A\n\n![A square](a.svg)\n", encoding="utf-8")
    picture = folder / "a.svg"
    picture.write_text(DRAWING.format("<rect width='1' height='1'/>"), encoding="utf-8")
    return picture


def test_a_picture_that_changes_after_it_was_looked_into_does_not_ship(tmp_path: Path) -> None:
    picture = book_with_a_picture(tmp_path)
    target = io.BytesIO()
    changed = partial(change, picture, DRAWING.format("<script>1</script>"))
    with pytest.raises(ChapbookError) as caught:
        Book.from_folder(tmp_path).write(target, progress=changed)
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.path) == ("file-changed", "a.svg")
    assert target.getvalue() == b""


def test_a_picture_that_is_written_anew_with_the_same_bytes_ships(tmp_path: Path) -> None:
    picture = book_with_a_picture(tmp_path)
    same = partial(change, picture, picture.read_text(encoding="utf-8"))
    assert Book.from_folder(tmp_path).write(io.BytesIO(), progress=same).ok
