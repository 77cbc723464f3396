"""One file with several first-level headings: where its chapters begin, and which definitions each takes along."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chapbook import Book
from chapbook.source.chapters_of_file import chapters_of_file
from support.counting import assert_linear
from support.gate import check_epub
from support.opened import Opened
from support.pages import DIALECTS

both = pytest.mark.parametrize("dialect", DIALECTS)


def texts(text: str, dialect: str) -> list[str]:
    return [each.text for each in chapters_of_file(text, dialect)]


@both
def test_each_first_level_heading_begins_a_chapter(dialect: str) -> None:
    text = "# One\n\nA.\n\n## Scene\n\nTwo\n===\n\nB.\n"
    assert texts(text, dialect) == ["# One\n\nA.\n\n## Scene\n\n", "Two\n===\n\nB.\n"]


def test_a_heading_may_be_indented_and_follow_a_line_of_text_in_commonmark() -> None:
    assert texts("# One\n\nA.\n  # Two\n\nB.\n", "commonmark") == ["# One\n\nA.\n", "  # Two\n\nB.\n"]


@both
@pytest.mark.parametrize(
    "text",
    [
        "# One\n\n## Two\n",
        "# One\n\n```\n# no heading\n```\n",
        "# One\n\n<!--\n# left out\n-->\n\nWords.\n",
        "# One\n\n    # code\n",
        "",
    ],
)
def test_a_file_with_one_is_one_chapter(text: str, dialect: str) -> None:
    assert chapters_of_file(text, dialect) == ()


@both
def test_what_stands_before_the_first_is_a_chapter_of_its_own(dialect: str) -> None:
    first, second, _ = chapters_of_file("For Ann.\n\n# One\n\nA.\n\n# Two\n\nB.\n", dialect)
    assert (first.text, first.heading, second.heading, second.line) == ("For Ann.\n\n", False, True, 2)


@both
def test_definitions_go_where_they_are_used(dialect: str) -> None:
    notes = "[^a]: Note a.[^c]\n\n    More.\n\n[^b]: Note b.\n[^c]: Note c.\n[x]: y.md\n"
    text = f"# One\n\nA[^a] [x][].\n\n# Two\n\nB[^b].\n\n{notes}"
    first, second = chapters_of_file(text, dialect)
    assert first.definitions == "[^a]: Note a.[^c]\n\n    More.\n\n[^c]: Note c.\n\n[x]: y.md"
    assert second.definitions == ""
    assert "Note b." in second.text
    assert "Note a." not in second.text
    assert second.text.count("\n") == text.count("\n") - 4


@both
@pytest.mark.parametrize(
    "unit",
    [
        "# A\n\nText[^a] [b].\n\n",
        "# A{0}\n\nText[^n{0}] W{0}.\n\n[^n{1}]: Note {1}.[^n{0}]\n[b{0}]: c.md\n*[W{1}]: Word.\n\n",
        "# A\n\n<!-- \n\n",
        "# A\n\n[^a]: N.\n\n    More.\n\n",
    ],
)
def test_time_grows_with_the_text(unit: str, dialect: str) -> None:
    def work(count: int) -> None:
        chapters_of_file("".join(unit.format(number, count - number) for number in range(count)), dialect)

    assert_linear(work, 100)


def test_what_chapters_take_from_each_other_has_a_limit() -> None:
    text = "# A\n\nText[^a].\n\n" * 1_000 + f"[^a]: {'Note. ' * 10_000}\n"
    made = chapters_of_file(text, "commonmark")
    assert made[0].definitions
    assert sum(len(each.definitions) for each in made) <= 1_000_000


@both
def test_an_abbreviation_goes_where_its_word_is(dialect: str) -> None:
    first, second, third = chapters_of_file("# A\n\nHTML.\n\n# B\n\nNone.\n\n# C\n\n*[HTML]: Hyper\n", dialect)
    assert [each.definitions for each in (first, second, third)] == ["*[HTML]: Hyper", "", ""]


@both
def test_a_novel_in_one_file(dialect: str, tmp_path: Path) -> None:
    novel = tmp_path / "novel.md"
    chapters = ("# Intro", "[on](#the-end), [again](#the-end-1), [sea](#sea) and a note[^1].", "# The end", "Words.")
    more = ("# Sea", "[back](#intro), [there](novel.md#the-end).[^1]", "## The end", "[^1]: The note.")
    front = f"---\ntitle: The Book\nauthor: Ann\nlanguage: en\ndialect: {dialect}\n---\n"
    novel.write_text(front + "\n\n".join((*chapters, *more)) + "\n", "utf-8")
    book = Book.from_folder(novel)
    report = book.write(tmp_path / "book.epub")
    assert book.title == "The Book"
    assert report.diagnostics == ()
    assert check_epub(tmp_path / "book.epub") == []
    opened = Opened(tmp_path / "book.epub")
    names = [name for name in opened.spine if "/text/" in name]
    assert names == ["EPUB/text/novel.xhtml", "EPUB/text/novel-2.xhtml", "EPUB/text/novel-3.xhtml"]
    first, third = (zipfile.ZipFile(tmp_path / "book.epub").read(name).decode() for name in (names[0], names[2]))
    assert [f'href="{name}"' in first for name in ("novel-2.xhtml#the-end", "novel-3.xhtml#the-end")] == [True, True]
    assert 'href="novel-3.xhtml#sea"' in first
    assert 'href="novel.xhtml#intro"' in third
    assert 'href="novel-2.xhtml#the-end"' in third
    assert [text.count("The note.") for text in (first, third)] == [1, 1]


def test_a_title_or_split_false_keeps_it_one_chapter(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: B\nlanguage: en\n", "utf-8")
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n# One\n\n## Deep\n\n# Two\n", "utf-8")
    (tmp_path / "b.md").write_text("---\nsplit: false\n---\n# One\n\n# Two\n", "utf-8")
    (tmp_path / "c.md").write_text("# One\n\n# Two\n", "utf-8")
    (tmp_path / "c-2.md").write_text("# Three\n", "utf-8")
    assert Book.from_folder(tmp_path).write(tmp_path / "book.epub").ok
    opened = Opened(tmp_path / "book.epub")
    names = [name.rpartition("/")[2] for name in opened.spine if "/text/" in name]
    assert names == ["a.xhtml", "b.xhtml", "c.xhtml", "c-x-2.xhtml", "c-2.xhtml"]
    assert [str(each.tag)[-2:] for each in opened.tree("EPUB/text/a.xhtml").iter("{*}h1", "{*}h2", "{*}h3")] == [
        *("h1", "h2", "h3", "h2")
    ]
