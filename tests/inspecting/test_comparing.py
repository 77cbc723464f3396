"""What two editions of a small book are said to differ in, a change at a time."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from msgspec import structs

from chapbook import Book, ChapbookError, Chapter, ChapterChange, Choices, Comparison, Passage, compare_books
from chapbook.inspecting.comparing import compared_editions
from chapbook.inspecting.edition import Edition, read_edition
from support.libraries import write_files, write_library
from support.made_epubs import epub3, page, picture

SETTINGS = "title: T\nauthor: A\nlanguage: en\nidentifier: urn:uuid:12345678-1234-4234-8234-123456789abc\n"
CHAPTERS = {
    "one/_index.md": "---\ntitle: Part One\nweight: 1\n---\nAn opening.\n",
    "one/a.md": "---\ntitle: Alpha\nweight: 1\n---\nThe quick brown fox jumps over the lazy dog, and then some more.\n",
    "one/b.md": "---\ntitle: Beta\nweight: 2\n---\nA second text with other words in it, which go on for a while.\n",
    "one/c.md": "---\ntitle: Gamma\nweight: 3\n---\nSee [beta](b.md), a *third* text, "
    "![a map](map.png) and a note.[^1]\n\n[^1]: N.\n",
    "two/_index.md": "---\ntitle: Part Two\nweight: 2\n---\n",
    "two/d.md": "---\ntitle: Delta\nweight: 1\n---\n## Head\n\nPlain words of the fourth text.\n\nAnother paragraph.\n",
}
FILES: Mapping[str, str | bytes] = {
    "book.yaml": SETTINGS,
    **CHAPTERS,
    "one/map.png": picture(),
    "cover.png": picture((60, 90)),
}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The book before anything is changed."""
    return read_edition(write_files(tmp_path_factory.mktemp("old") / "book", FILES))


Compared = Callable[[Mapping[str, str | bytes | None]], Comparison]


@pytest.fixture
def compared(old: Edition, tmp_path: Path) -> Compared:
    """What differs after some files are changed, or are gone."""

    def after(changed: Mapping[str, str | bytes | None]) -> Comparison:
        kept = {name: content for name, content in {**FILES, **changed}.items() if content is not None}
        return compared_editions(old, read_edition(write_files(tmp_path / "new", kept)))

    return after


def said(change: ChapterChange) -> dict[str, object]:
    """What a change says, without what has its default."""
    empty = ChapterChange(change="changed", name="", title="", words=0)
    named = {name: value for name, value in structs.asdict(change).items() if value != getattr(empty, name)}
    for name in ("title", "words", "passages"):
        named.pop(name, None)
    return named


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        ("one/a.md", "brown", "red", {"words_added": 1, "words_removed": 1}),
        ("one/a.md", "brown ", "", {"words_removed": 1}),
        ("one/a.md", "brown", "*brown*", {"formatting": 1}),
        ("one/a.md", "brown fox", "**brown fox**", {"formatting": 1}),
        ("one/a.md", "brown", "[brown](b.md)", {"links": 1}),
        ("one/a.md", "title: Alpha", "title: Omega", {"old_title": "Alpha"}),
        ("one/a.md", "title: Alpha", "title: Alpha\nheading: First", {"old_title": "Alpha"}),
        ("one/a.md", "weight: 1", "weight: 9", {"moved": True, "follows": "one/c.md"}),
        ("one/a.md", "weight: 1", "weight: 1\naccent: teal", {"values": ("accent",)}),
        ("one/a.md", "weight: 1", "weight: 1\nlanguage: fr", {"values": ("language",)}),
        ("one/a.md", "weight: 1", "weight: 1\ntype: preface", {"values": ("type",)}),
        ("one/a.md", "weight: 1", "weight: 1\nin_toc: false", {"values": ("in_toc",)}),
        ("one/a.md", "weight: 1", "weight: 1\nshow_title: false", {"words_removed": 1}),
        ("one/c.md", "(b.md)", "(a.md)", {"links": 1}),
        ("one/c.md", "a map", "a chart", {"descriptions": 1}),
        ("one/c.md", "![a map](map.png) ", "", {"pictures_removed": ("images/one/map.png",)}),
        ("one/c.md", "text,", "text,[^2]", {"notes_added": 1, "words_added": 1}),
        ("two/d.md", "## Head", "Head", {"formatting": 1}),
        ("two/d.md", "text.\n\nAnother", "text. Another", {"formatting": 1}),
        ("two/d.md", "text.\n\nAnother", "text.\n\n***\n\nAnother", {"formatting": 1}),
        ("two/d.md", "text.\n\nAnother", "text.\n\nA new one.\n\nAnother", {"words_added": 3}),
        ("two/_index.md", "Part Two", "The Second Part", {"old_title": "Part Two", "is_part": True}),
    ],
)
def test_one_change_in_one_chapter(
    compared: Compared, path: str, before: str, after: str, expected: dict[str, object]
) -> None:
    text = CHAPTERS[path].replace(before, after) + ("\n[^2]: Two.\n" if "[^2]" in after else "")
    found = compared({path: text})
    (change,) = found.chapters
    told = said(change)
    if "values" in expected:
        told["values"] = tuple(each.name for each in change.values)
    assert told == {"name": path, **expected}
    pictures = {("images/one/map.png", "removed")} if "pictures_removed" in expected else set()
    assert {(each.name, each.change) for each in found.files if each.kind == "picture"} == pictures
    assert (found.metadata, found.cover, found.style) == ((), None, ())


def test_the_same_book_differs_in_nothing(compared: Compared, tmp_path: Path) -> None:
    assert compared({}).same
    Book.from_folder(tmp_path / "new").write(tmp_path / "old.epub")
    assert compare_books(tmp_path / "new", tmp_path / "old.epub").same
    assert compare_books(tmp_path / "old.epub", Book.from_folder(tmp_path / "new")).same
    with (tmp_path / "old.epub").open("rb") as file:
        assert compare_books(io.BytesIO(file.read()), tmp_path / "new").same


def test_chapters_that_come_and_go(compared: Compared) -> None:
    found = compared({"one/b.md": None, "two/e.md": "---\ntitle: New\n---\nThree new words.\n"})
    assert [(each.change, each.name, each.words) for each in found.chapters] == [
        ("removed", "one/b.md", 15),
        ("changed", "one/c.md", 11),
        ("added", "two/e.md", 4),
    ]
    assert said(found.chapters[1]) == {"name": "one/c.md", "links": 1}, "its link leads nowhere now"


def test_a_renamed_chapter_and_the_links_to_it(compared: Compared) -> None:
    renamed = {"one/b.md": None, "one/other.md": CHAPTERS["one/b.md"]}
    found = compared({**renamed, "one/c.md": CHAPTERS["one/c.md"].replace("b.md", "other.md")})
    assert [said(each) for each in found.chapters] == [{"name": "one/other.md", "old_name": "one/b.md"}]


@pytest.mark.parametrize("title", ["Beta", "A Third Title"])
def test_a_chapter_that_was_renamed_moved_and_edited(compared: Compared, title: str) -> None:
    text = CHAPTERS["one/b.md"].replace("second", "2nd").replace("title: Beta", f"title: {title}")
    found = compared(
        {"one/b.md": None, "two/x.md": text, "one/c.md": CHAPTERS["one/c.md"].replace("b.md", "../two/x.md")}
    )
    expected = {"name": "two/x.md", "old_name": "one/b.md", "moved": True, "follows": "two/d.md"}
    expected |= {"words_added": 1, "words_removed": 1} | ({"old_title": "Beta"} if title != "Beta" else {})
    assert [said(each) for each in found.chapters] == [expected]


def test_files_that_change_their_names_with_each_other(tmp_path: Path) -> None:
    """A chapter put between two, in a book whose files are counted: the text says which chapter is which."""
    texts = [f"Words number {each}, {each * 7} and {each * 9}, which are all about {each}.\n" for each in range(1, 7)]
    old = {f"chapter{at}.md": f"# Chapter {at}\n\n{text}" for at, text in enumerate(texts, 1)}
    more = [texts[0], "Something entirely different was put here by hand.\n", *texts[1:]]
    new = {f"chapter{at}.md": f"# Chapter {at}\n\n{text}" for at, text in enumerate(more, 1)}
    write_files(tmp_path / "old", {"book.yaml": SETTINGS, **old})
    write_files(tmp_path / "new", {"book.yaml": SETTINGS, **new})
    found = compare_books(tmp_path / "old", tmp_path / "new")
    assert (found.chapters[0].change, found.chapters[0].name) == ("added", "chapter2.md")
    assert [(each.old_name, each.old_title, each.words_added, each.moved) for each in found.chapters[1:]] == [
        (f"chapter{at}.md", f"Chapter {at}", 0, False) for at in range(2, 7)
    ]


def test_a_part_that_moves_is_one_change(compared: Compared) -> None:
    found = compared({"one/_index.md": CHAPTERS["one/_index.md"].replace("weight: 1", "weight: 7")})
    assert [said(each) for each in found.chapters] == [{"name": "two/_index.md", "is_part": True, "moved": True}]


def test_a_part_that_goes_moves_no_chapter(tmp_path: Path) -> None:
    old: dict[str, str] = {f"{name}.md": f"# {name}\n\nThe words of {name}, more of them.\n" for name in "abc"}
    write_files(tmp_path / "old", {"book.yaml": SETTINGS, **{f"part/{name}": text for name, text in old.items()}})
    write_files(tmp_path / "new", {"book.yaml": SETTINGS, **old})
    found = compare_books(tmp_path / "old", tmp_path / "new")
    assert [(each.change, each.name, each.old_name, each.moved) for each in found.chapters] == [
        ("removed", "part/_index.md", "", False),
        ("changed", "a.md", "part/a.md", False),
        ("changed", "b.md", "part/b.md", False),
        ("changed", "c.md", "part/c.md", False),
    ]


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ("subtitle: S\n", ["subtitle"]),
        ("publisher: P\nsubjects: [x, y]\n", ["publisher", "subjects"]),
        ("series: {name: Row, index: 2}\n", ["series"]),
        ("contributors: {translator: Tom}\n", ["contributors"]),
        ("accessibility: {conforms_to: WCAG 2.1 AA, certified_by: Ann}\n", ["accessibility"]),
        ("edition: 2\nimprint: I\n", ["edition", "imprint"]),
        ("rights_uri: CC BY 4.0\n", ["rights_uri"]),
        ("direction: rtl\n", ["direction"]),
        ("isbn_print: 978-3-16-148410-0\n", ["dc:source"]),
        ("original_title: O\noriginal_language: fr\naudience: children\n", ["dc:source", "audience"]),
        ("modified: 2024-02-03\n", []),
    ],
)
def test_metadata(compared: Compared, settings: str, names: list[str]) -> None:
    found = compared({"book.yaml": SETTINGS + settings})
    assert [each.name for each in found.metadata] == names
    assert found.chapters == ()
    assert found.files == ()


def test_pictures_cover_and_style(compared: Compared) -> None:
    changed: dict[str, str | bytes] = {
        "one/map.png": picture((60, 50)),
        "cover.png": picture((1500, 2400)),
        "own.css": "p { color: #333333 }",
    }
    found = compared({**changed, "book.yaml": f"{SETTINGS}theme: modern\naccent: navy\ncss: own.css\n"})
    assert [(each.name, each.before, each.after) for each in found.style] == [
        ("theme", "classic", "modern"),
        ("accent", "", "#000080"),
    ]
    assert [(each.change, each.kind, each.name) for each in found.files] == [
        ("changed", "picture", "images/one/map.png"),
        ("added", "style sheet", "styles/own-1.css"),
    ]
    before, after = found.files[0].before, found.files[0].after
    assert before
    assert after
    assert ((before.width, before.height), (after.width, after.height)) == ((40, 30), (60, 50))
    assert found.cover
    assert (found.cover.change, found.cover.name) == ("changed", "cover.png")


def test_a_renamed_picture(compared: Compared) -> None:
    text = CHAPTERS["one/c.md"].replace("map.png", "chart.png")
    found = compared({"one/c.md": text, "one/map.png": None, "one/chart.png": FILES["one/map.png"]})
    (change,) = found.files
    assert (change.change, change.name, change.before and change.before.name) == (
        "renamed",
        "images/one/chart.png",
        "images/one/map.png",
    )


def test_the_words_around_a_passage(compared: Compared) -> None:
    text = CHAPTERS["one/a.md"].replace("brown", "red").replace("lazy dog,", "dog,").replace("some more", "no more")
    assert compared({"one/a.md": text}).chapters[0].passages == (
        Passage(before="Alpha The quick", removed="brown", added="red", after="fox jumps over the dog,"),
        Passage(
            before="red fox jumps over the", removed="lazy dog, and then some", added="dog, and then no", after="more."
        ),
    )


def test_japanese_counts_by_character(tmp_path: Path) -> None:
    files = {
        "book.yaml": SETTINGS.replace("language: en", "language: ja"),
        "a.md": "# 章\n\n吾輩は猫である。名前はまだ無い。\n",
    }
    write_files(tmp_path / "old", files)
    write_files(tmp_path / "new", {**files, "a.md": "# 章\n\n吾輩は犬である。名前はまだ無い。\n"})
    (change,) = compare_books(tmp_path / "old", tmp_path / "new").chapters
    assert (change.words_added, change.words_removed) == (1, 1)
    (passage,) = change.passages
    assert (passage.removed, passage.added) == ("猫", "犬")


def test_epubs_of_other_makers() -> None:
    def book(text: str, name: str = "a.xhtml") -> io.BytesIO:
        nav = f'<li><a href="{name}">One</a></li>'
        return io.BytesIO(epub3({name: page(f"<h1>One</h1><p>{text}</p>")}, spine=[name], nav=nav))

    assert compare_books(book("Some words."), book("Some words.")).same
    found = compare_books(
        book("Some words, and more of them."), book("Some words, and less of <b>them</b>.", "b.xhtml")
    )
    assert [said(each) for each in found.chapters] == [
        {"name": "b.xhtml", "old_name": "a.xhtml", "words_added": 1, "words_removed": 1, "formatting": 1}
    ]


def test_a_book_that_python_made() -> None:
    def book(text: str) -> Book:
        made = Book(title="T", authors="A")
        made.add(Chapter(title="One", text=text))
        return made

    found = compare_books(book("Some words."), book("Some new words."))
    assert (found.before, found.after) == ("T", "T")
    assert [(each.name, each.words_added) for each in found.chapters] == [("text/one.xhtml", 1)]


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    write_library(tmp_path / "library", 2)
    write_files(tmp_path / "broken", {"book.yaml": "title: [\n", "a.md": "# A\n"})
    with pytest.raises(ChapbookError, match="volume-unknown"):
        compare_books(tmp_path / "library", tmp_path / "library")
    with pytest.raises(ChapbookError, match="settings-invalid"):
        compare_books(tmp_path / "broken", tmp_path / "broken")
    with pytest.raises(ChapbookError, match="source-missing"):
        compare_books(tmp_path / "no.epub", tmp_path / "no.epub")
    only = Choices(only=("v001",))
    assert compare_books(tmp_path / "library", tmp_path / "library", choices=only).same
