"""Titles, the opening, heading levels and ids."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.markup.page import ContentDocument, RenderSettings
from chapbook.model.contents import Chapter, ChapterType
from chapbook.model.settings import DialectName
from chapbook.passes.headings import slug
from chapbook.rendering.document import render_chapter
from support.pages import DIALECTS

XHTML = "{http://www.w3.org/1999/xhtml}"


def render(
    text: str,
    *,
    settings: RenderSettings | None = None,
    path: str = "two/03-the_long-way.md",
    title: str = "",
    heading: str = "",
) -> ContentDocument:
    chapter = Chapter(text=text, path=path, title=title, heading=heading)
    return render_chapter(chapter, name="text/a.xhtml", settings=settings or RenderSettings())


def outline(document: ContentDocument) -> list[tuple[str, str]]:
    """The headings of the document, as level and words, in order."""
    tree = etree.fromstring(document.data)
    return [
        (str(each.tag).removeprefix(XHTML), "".join(str(text) for text in each.itertext()))
        for each in tree.iter(*(f"{XHTML}h{level}" for level in range(1, 7)))
    ]


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("text", "", "The long way"),
        ("# From the *heading*\n\ntext", "", "From the heading"),
        ("## First\n\ntext", "", "The long way"),
        ("text\n\n## Later", "", "The long way"),
        ("text\n\n# Later", "", "Later"),
        ("# Other", "Given", "Given"),
        ("# \n\ntext", "", "The long way"),
        ("# Note[^1]\n\n[^1]: x", "", "Note"),
        ("# ![a picture](x.png)", "", "a picture"),
        ("text", " folded\n title ", "folded title"),
        ("text", "a\x00b\ud800", "ab"),
    ],
)
def test_the_title(text: str, title: str, expected: str) -> None:
    document = render(text, title=title)
    assert document.title == expected
    assert outline(document)[0][0] == "h1"


def test_a_chapter_without_anything_has_a_title() -> None:
    assert render("", path="").title
    assert render("text", path="", heading="Chapter 1").title == "Chapter 1"


@pytest.mark.parametrize(
    "heading",
    [
        "The “Title” — here",
        'the "title" - HERE',
        "The *Title*, here",
        "Chapter 14b: The Title here",
        "The title here {#own}",
    ],
)
def test_a_heading_that_repeats_the_title_is_shown_once(heading: str) -> None:
    document = render(f"## {heading}\n\ntext\n", title='The "Title" - here', heading="Chapter 14b")
    assert [level for level, _ in outline(document)] == ["h1"]
    assert document.label == "Chapter 14b"


def test_a_heading_that_says_something_else_stays() -> None:
    assert outline(render("# Another\n\ntext", title="Title")) == [("h1", "Title"), ("h2", "Another")]


def test_the_markup_and_notes_of_the_heading_stay_in_the_title() -> None:
    data = render("# The *Odyssey*[^1]\n\ntext\n\n[^1]: By Homer.\n").data.decode()
    assert 'class="title" id="the-odyssey">The <em>Odyssey</em><sup><a id="note-1-ref"' in data
    assert "<title>The Odyssey</title>" in data


def test_the_opening() -> None:
    chapter = Chapter(
        text="text",
        title="Title",
        heading="Chapter 1",
        description="What it\nis about",
        authors=("Ann", "Ben"),
        date=dt.date(2024, 2, 29),
    )
    data = render_chapter(chapter, name="text/a.xhtml", settings=RenderSettings()).data.decode()
    assert (
        '<header class="opening"><p class="label">Chapter 1</p><h1 class="title" id="title">Title</h1>'
        '<p class="description">What it is about</p><p class="author">Ann, Ben</p>'
        '<p class="date"><time datetime="2024-02-29">29 February 2024</time></p>'
    ) in data
    assert "<title>Chapter 1: Title</title>" in data


@pytest.mark.parametrize(
    ("marks", "level", "expected"),
    [
        ("2 3 2", 1, "2 3 2"),
        ("1 2 1", 1, "2 3 2"),
        ("3 5 4 2", 1, "2 3 3 2"),
        ("4 2 6", 1, "2 2 3"),
        ("2 3 4", 4, "5 6 6"),
        ("2", 9, "6"),
    ],
)
def test_levels_do_not_skip(marks: str, level: int, expected: str) -> None:
    text = "\n\n".join("#" * int(mark) + f" H{n}" for n, mark in enumerate(marks.split()))
    document = render(text, title="Title", settings=RenderSettings(level=level))
    assert " ".join(found[1] for found, _ in outline(document)[1:]) == expected


def test_the_table_of_contents_gets_depth_words_and_ids() -> None:
    document = render('## A "b"\n\n### C\n\n> ## Quoted\n\n## D {#own}\n', title="T", settings=RenderSettings(level=6))
    assert [(each.level, each.text, each.id) for each in document.headings] == [
        (1, "A “b”", "a-b"),
        (2, "C", "c"),
        (1, "D", "own"),
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_heading_without_words_is_none(dialect: DialectName) -> None:
    text = "## \n\n## ![](a.png)\n\n##   \n\ntext"
    document = render(text, title="T", settings=RenderSettings(dialect=dialect))
    assert outline(document) == [("h1", "T")]
    assert b"a.png" in document.data


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Hello World", "hello-world"),
        ("What's new?", "whats-new"),
        ("a & b", "a--b"),
        ("snake_case-and-kebab", "snake_case-and-kebab"),
        ("Über Größe", "über-größe"),
        ("第一章：開始", "第一章開始"),
        ("1. First", "1-first"),
        ("C++ / C#", "c--c"),
        ("हिन्दी", "हिन्दी"),
        ("emoji 🎉 here", "emoji--here"),
        ("“Quoted” — dash", "quoted--dash"),
        ("???", "section"),
    ],
)
def test_ids_follow_githubs_rule(words: str, expected: str) -> None:
    assert slug(words) == expected


def test_ids_are_unique_and_the_authors_stay() -> None:
    document = render("## Same\n\n## Same\n\n## Same-1\n\n## Other {#same-2}\n\n## Same\n", title="Same")
    ids = [each.id for each in document.headings]
    assert ids == ["same-1", "same-1-1", "same-2", "same-3"]
    assert b'class="title" id="same"' in document.data
    assert not document.diagnostics


def test_an_id_given_twice_is_said_where_it_comes_again() -> None:
    document = render('## A {#x}\n\n<p id="x">b</p>\n\n## C {#x}\n', title="T")
    (said,) = document.diagnostics
    assert (said.code, said.line) == ("id-doubled", 3)
    assert len(document.ids) == 4


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(("a", "A", "a-1", "b", "?", ""))), max_size=12))
def test_any_headings_make_an_outline(marks: list[tuple[int, str]]) -> None:
    document = render("\n\n".join("#" * level + " " + words for level, words in marks), title="title")
    levels = [int(level[1]) for level, _ in outline(document)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [each.id for each in document.headings]
    assert len(set(ids)) == len(ids)
    assert all(ids)


@pytest.mark.parametrize(
    ("kind", "chapter_type", "shown"),
    [
        ("chapter", "chapter", True),
        ("chapter", "preface", True),
        ("part", "chapter", False),
        ("chapter", "dedication", False),
        ("chapter", "epigraph", False),
        ("chapter", "copyright-page", False),
        ("chapter", "colophon", False),
    ],
)
def test_a_date_stands_where_a_text_has_one(
    kind: Literal["chapter", "part"], chapter_type: ChapterType, *, shown: bool
) -> None:
    chapter = Chapter(text="text", title="Title", type=chapter_type, language="de", date=dt.date(2025, 2, 3))
    data = render_chapter(chapter, name="text/a.xhtml", settings=RenderSettings(kind=kind)).data.decode()
    assert ("3. Februar 2025" in data) is shown
