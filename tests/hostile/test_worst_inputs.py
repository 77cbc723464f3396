"""Inputs that cost the most for their size, made small: each ends in a message or a book."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook import Book, ChapbookError, Chapter
from chapbook.markup.page import RenderSettings
from chapbook.rendering.document import render_chapter
from support.worst_inputs import WORST, files_of

_OF_FRONT_MATTER = ("yaml", "toml", "json")
_CHAPTERS = [
    name
    for name in WORST
    if set(files_of(name, 400)) == {"a.md", "book.yaml"} and not name.startswith(_OF_FRONT_MATTER)
]
_OURS = frozenset({"unexpected", "render-failed", "worker-lost", "render-time"})
"""What no input may end in."""


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
def test_no_chapter_ends_in_a_fault_of_ours(dialect: str) -> None:
    assert len(_CHAPTERS) > 70
    for name in _CHAPTERS:
        chapter = Chapter(path="a.md", text=files_of(name, 3_000)["a.md"])
        made = render_chapter(chapter, name="text/a.xhtml", settings=RenderSettings(dialect=dialect))
        assert not {each.code for each in made.diagnostics} & _OURS, name


@pytest.mark.parametrize("name", [name for name in WORST if name not in _CHAPTERS])
def test_no_book_ends_in_a_fault_of_ours(name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    for path, text in files_of(name, 6_000).items():
        (tmp_path / path).write_text(text, "utf-8")
    cache = tmp_path_factory.getbasetemp() / "worst"
    try:
        said = Book.from_folder(tmp_path).check(cache=cache).diagnostics
    except ChapbookError as error:
        said = error.diagnostics
    assert not {each.code for each in said} & _OURS
