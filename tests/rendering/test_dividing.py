"""A long chapter in several documents: each below 250 KB, and every link, note and heading in its place."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from chapbook import Book, Chapter
from chapbook.model.settings import DialectName
from chapbook.rendering.dividing import divided
from support.opened import Opened
from support.pages import DIALECTS


def section(inner: str) -> etree._Element:
    return etree.fromstring(f"<section>{inner}</section>")


def shapes(pieces: list[etree._Element]) -> list[list[str]]:
    return [[f"{child.tag!s}{child.text or ''}" for child in piece] for piece in pieces]


@pytest.mark.parametrize(
    ("inner", "longest", "expected"),
    [
        ("<p>a</p><p>b</p>", 100, [["pa", "pb"]]),
        ("<p>a</p><p>b</p><p>c</p>", 20, [["pa", "pb"], ["pc"]]),
        ("<h2>a</h2><p>b</p><h2>c</h2><p>d</p>", 30, [["h2a", "pb"], ["h2c", "pd"]]),
        ("<h2>a</h2><p>b</p><h3>c</h3><p>d</p><h2>e</h2>", 35, [["h2a", "pb"], ["h3c", "pd", "h2e"]]),
        ("<div><p>a</p><p>b</p></div><p>c</p>", 12, [["div"], ["div"], ["pc"]]),
        (f"<pre>{'x' * 50}</pre><p>c</p>", 20, [[f"pre{'x' * 50}"], ["pc"]]),
    ],
)
def test_it_is_divided_at_headings_then_between_blocks(inner: str, longest: int, expected: list[list[str]]) -> None:
    assert shapes(divided(section(inner), longest)) == expected


def test_a_numbered_list_goes_on_with_its_numbers() -> None:
    pieces = divided(section('<ol start="3"><li>a</li><li>b</li><li>c</li></ol>'), 28)
    assert [piece[0].get("start") for piece in pieces] == ["3", "5"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_long_chapter_is_the_same_book(
    dialect: DialectName, tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    parts = []
    for number in range(120):
        parts += [
            f"## Part {number}",
            f"Words of {number} [to](#part-{(number * 7) % 120}).[^{number}]",
            "Text. " * 1_000,
        ]
    notes = [f"[^{number}]: Note {number}." for number in range(120)]
    book = Book(title="Long", authors=["Ann"], language="en", dialect=dialect)
    book.add(Chapter(title="Long", text="\n\n".join([*parts, *notes]) + "\n", path="long.md"))
    book.add(Chapter(title="Beside", text="[there](long.md#part-119)\n", path="long-2.md"))
    assert book.write(tmp_path / "book.epub").ok
    assert_clean(tmp_path / "book.epub")
    opened = Opened(tmp_path / "book.epub")
    names = [name for name in opened.spine if "/text/" in name]
    assert names[:2] == ["EPUB/text/long.xhtml", "EPUB/text/long-x-2.xhtml"]
    sizes = {each.filename: each.file_size for each in zipfile.ZipFile(tmp_path / "book.epub").infolist()}
    assert all(sizes[name] < 250_000 for name in names)
    trees = {name.rpartition("/")[2]: opened.tree(name) for name in names}
    ids = {name: {each.get("id") for each in tree.iter() if each.get("id")} for name, tree in trees.items()}
    links = [(name, link.get("href", "")) for name, tree in trees.items() for link in tree.iter("{*}a")]
    assert len(links) == 3 * 120 + 1
    for name, href in links:
        document, _, fragment = href.partition("#")
        assert fragment in ids[document or name]
    shown = "".join("".join(tree.itertext()) for tree in trees.values())
    assert [shown.index(f"Words of {number} ") for number in range(120)] == sorted(
        shown.index(f"Words of {number} ") for number in range(120)
    )
