"""What is put aside comes back, and leaves nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chapbook import Book, ChapbookError, Chapter
from chapbook.building import spool as spool_module
from chapbook.building.spool import Spool


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_what_is_put_aside_comes_back_in_any_order(parts: list[bytes]) -> None:
    with Spool() as spool:
        back = []
        for part in parts:
            back.append(spool.put(part))
            assert back[0]() == parts[0]
        assert [each() for each in reversed(back)] == parts[::-1]


def test_where_there_is_no_room_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with Spool() as spool, pytest.raises(ChapbookError, match="can't write a temporary file: no such file") as caught:
        spool.put(b"x")
    assert caught.value.diagnostics[0].code == "output-unwritable"


def test_converted_pictures_lie_in_no_file_that_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    source = tmp_path / "book"
    source.mkdir()
    Image.effect_noise((300, 200), 90).save(source / "a.bmp")
    (source / "one.md").write_text("# One\n\n![a](a.bmp)\n")
    seen: list[str] = []

    def look(stage: str, done: int, total: int) -> None:
        del stage, done, total
        seen.extend(path.name for path in scratch.iterdir())

    report = Book.from_folder(source).write(tmp_path / "x.epub", progress=look)
    assert report.ok
    assert [*seen, *scratch.iterdir()] == []


@pytest.mark.parametrize("cached", [False, True])
def test_documents_that_are_put_aside_ship_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, cached: bool
) -> None:
    long = "\n\n".join(f"## Part {number}\n\n{'Words of a long chapter. ' * 2000}" for number in range(12))
    book = Book(title="x", language="en", dialect="commonmark")
    book.add(Chapter(text="One [^1]\n\n[^1]: a note"), Chapter(text=long))
    cache = tmp_path / "cache" if cached else None
    book.write(tmp_path / "held.epub", cache=cache)
    put: list[bytes] = []
    real = Spool.put

    def noted(self: Spool, data: bytes) -> Callable[[], bytes]:
        put.append(data)
        return real(self, data)

    monkeypatch.setattr(spool_module, "_HELD", 0)
    monkeypatch.setattr(Spool, "put", noted)
    book.write(tmp_path / "aside.epub", cache=cache)
    assert len(put) > 2  # both chapters, and the further documents of the long one
    assert (tmp_path / "held.epub").read_bytes() == (tmp_path / "aside.epub").read_bytes()
