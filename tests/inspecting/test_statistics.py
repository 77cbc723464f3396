"""What is in a book, counted."""

from __future__ import annotations

import io
from pathlib import Path

from chapbook import Book, Chapter, book_statistics
from support.libraries import write_files
from support.made_epubs import epub3, page, picture
from support.made_fonts import font

SETTINGS = "title: T\nauthor: A\nlanguage: en\nfonts: serif.ttf\n"
LINKS = "<https://example.org/a> [b](https://EXAMPLE.org/b) [c](http://other.example:80/) [d](mailto:a@example.org)"


def write_book(folder: Path) -> Path:
    return write_files(
        folder,
        {
            "book.yaml": SETTINGS,
            "cover.png": picture((60, 90)),
            "serif.ttf": font("Made"),
            "small.png": picture((4, 3)),
            "one.md": "# One\n\nThree plain words. ![a](large.png) ![b](small.png)\n\n![c](small.png)\n",
            "two.md": f"# Two\n\n{LINKS} and [deux mots]{{lang=fr}}. 漢字 ![a](large.png)\n",
            "large.png": picture((400, 300)),
        },
    )


def test_a_book_is_counted(tmp_path: Path) -> None:
    found = book_statistics(write_book(tmp_path / "book"))
    assert [(each.name, each.title, each.words, each.characters, each.pictures) for each in found.chapters] == [
        ("one.md", "One", 4, 19, 3),
        ("two.md", "Two", 10, 41, 1),
    ]
    assert (found.title, found.words, found.characters) == ("T", 14, 60)
    assert [(each.language, each.words) for each in found.languages] == [("en", 12), ("fr", 2)]
    assert [(each.file.name, each.file.width, each.chapters, each.is_cover) for each in found.pictures] == [
        ("images/large.png", 400, 2, False),
        ("cover.png", 60, 0, True),
        ("images/small.png", 4, 1, False),
    ]
    assert found.links == (("example.org", 2), ("other.example", 1))
    assert [each.font.family for each in found.fonts if each.font] == ["Made"]


def test_the_reading_time() -> None:
    book = Book(title="T", authors="A")
    book.add(Chapter(title="One", text="word " * 2299))
    book.add(Chapter(title="Zwei", language="ja", text="字" * 999 + "。"))
    found = book_statistics(book)
    assert [each.seconds for each in found.chapters] == [600, 121]
    told = [(each.language, each.words, each.seconds) for each in found.languages]
    assert told == [("en", 2300, 600), ("ja", 1000, 121)]


def test_an_epub_of_another_maker_and_the_same_twice() -> None:
    body = "<h1>One</h1><p>Two words.</p><p lang='de'>Ein Satz <i>hier</i>.</p>"
    made = epub3({"a.xhtml": page(body)}, spine=["a.xhtml"], nav='<li><a href="a.xhtml">One</a></li>')
    found = book_statistics(io.BytesIO(made))
    assert [(each.name, each.words) for each in found.chapters] == [("a.xhtml", 6)]
    assert [(each.language, each.words) for each in found.languages] == [("de", 3), ("en", 3)]
    assert found == book_statistics(io.BytesIO(made))
