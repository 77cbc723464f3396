"""Texts by chance as chapters of one book: EPUBCheck and our own checks have nothing to say of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from chapbook import Book, Chapter
from chapbook.model.settings import DialectName
from dialects.strategies import any_text, harsh_text, marked_text
from support.pages import DIALECTS

_ALL = st.one_of(harsh_text, marked_text.map(lambda marked: marked.text), any_text)


def drawn(count: int, first: int) -> list[str]:
    """`count` texts, the same each time."""
    texts: list[str] = []

    @seed(first)
    @settings(
        max_examples=count,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_ALL)
    def draw(text: str) -> None:
        texts.append(text)

    draw()
    return texts[:count]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_book_of_chance(dialect: DialectName, tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    book = Book(title="Chance", authors=["Nobody"], language="en", dialect=dialect)
    for number, text in enumerate(drawn(100, 20)):
        book.add(Chapter(title=f"Chapter {number}", weight=number, text=text, path=f"c{number}.md"))
    path = tmp_path / "chance.epub"
    report = book.write(path)
    assert report.ok, report.errors
    assert_clean(path)
