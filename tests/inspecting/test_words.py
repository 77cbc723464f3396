"""The words of a document: what is a word, what is marked, what isn't text."""

from __future__ import annotations

import pytest

from chapbook import Book, Chapter
from chapbook.inspecting.edition import EditionChapter, read_edition
from chapbook.inspecting.text import Text


def text_of(markdown: str, language: str = "en", **more: object) -> Text:
    """The text of a chapter called 'A', as it is read from the book that it makes."""
    book = Book(title="T", authors="A", language=language)
    book.add(Chapter(title="A", text=markdown, **more))  # type: ignore[arg-type]  # as the test gives it
    return chapter_of(book).text()


def chapter_of(book: Book) -> EditionChapter:
    (chapter,) = read_edition(book).chapters
    return chapter


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Two words.", ["Two", "words."]),
        ("un*believ*able, x&nbsp;y", ["unbelievable,", "x", "y"]),
        ("# Head\n\n- one\n- two", ["Head", "one", "two"]),
        ("| a | b |\n|---|---|\n| c | d |", ["a", "b", "c", "d"]),
        ("漢字とかな。EPUB3を", [*"漢字とかな。", "EPUB3", "を"]),
        ("한국어 단어", ["한국어", "단어"]),
        ("ภาษา", ["ภ", "า", "ษ", "า"]),
        ("$x^2 + 1$ is it", ["x^2 + 1", "is", "it"]),
        ("    if x:\n        y", ["if", "x:", "y"]),
        ("A note.[^1]\n\n[^1]: Its text.", ["A", "note.", "*", "Notes", "Its", "text."]),
        ("one<!-- no --> two<script>no</script>", ["one", "two"]),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", ["漢", "kan"]),
    ],
)
def test_tokens(markdown: str, words: list[str]) -> None:
    assert [each.text for each in text_of(markdown).words] == words


def test_the_title_stands_apart() -> None:
    text = text_of("Words.", heading="Chapter 1")
    assert [each.text for each in text.title] == ["Chapter", "1", "A"]
    assert text.says_title


def test_what_is_marked() -> None:
    words = text_of("One *two* [three](https://example.org/x)\n\nFour  \nfive").words
    one, two, three, four, five = words
    assert one.marks != two.marks
    assert (one.marks, one.begins) == (four.marks, four.begins)
    assert three.links == ("https://example.org/x",)
    assert three.marks == one.marks
    assert (two.begins, five.begins) == ((), ("br",))


def test_languages_of_passages() -> None:
    words = text_of("Bon [mot]{lang=fr} said.").words
    assert [each.language for each in words] == ["en", "fr", "en"]


@pytest.mark.parametrize(("language", "alone"), [("ja", 4), ("zh", 4), ("ko", 0)])
def test_characters_that_count_alone(language: str, alone: int) -> None:
    words = text_of("漢字、かな" if alone else "한국어", language).words
    assert sum(each.is_character for each in words) == alone
