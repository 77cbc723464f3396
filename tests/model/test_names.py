"""Names inside the publication: portable, unique, and each a function of its own source alone."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.names import document_name, file_name, image_name, item_id, portable, readable

SEGMENT = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60)
SOURCE = st.lists(SEGMENT, min_size=1, max_size=5).map(lambda parts: "/".join(parts) + ".md")


def test_a_portable_path_is_kept() -> None:
    assert document_name("one/arrival.md") == "text/one/arrival.xhtml"
    assert document_name("one/_index.md") == "text/one/_index.xhtml"
    assert image_name("maps/coast.png", ".png") == "images/maps/coast.png"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.md", "A.md"),
        ("a.md", "ä.md"),
        ("a.md", "a.markdown"),
        ("straße.md", "strasse.md"),
        ("é.md", "e\u0301.md"),
        ("con.md", "con-x.md"),
        ("two words.md", "two-words.md"),
        ("第一章.md", "第二章.md"),
    ],
)
def test_names_differ_without_regard_to_case_and_normal_form(one: str, other: str) -> None:
    assert document_name(one) != document_name(other)


def test_a_name_like_one_of_ours_with_its_hash_is_hashed_too() -> None:
    hashed = document_name("A.md").removeprefix("text/").removesuffix(".xhtml")
    assert document_name(f"{hashed}.md") != document_name("A.md")


@given(SOURCE)
def test_every_document_name_is_portable(source: str) -> None:
    name = document_name(source)
    assert re.fullmatch(r"text(/[a-z0-9_][a-z0-9._-]*)+\.xhtml", name)
    assert len(name) < 200
    assert all(not part.endswith(".") and len(part) < 80 for part in name.split("/"))


@given(st.lists(SOURCE, min_size=2, max_size=8, unique=True))
def test_sources_that_differ_have_names_and_ids_that_differ(sources: list[str]) -> None:
    names = [document_name(source) for source in sources]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(sources)
    assert len({item_id(name) for name in names}) == len(sources)


@given(st.lists(st.from_regex(r"[a-z0-9_.-]{1,6}(/[a-z0-9_.-]{1,6}){0,2}", fullmatch=True), unique=True, max_size=20))
def test_ids_are_ncnames_and_never_meet(names: list[str]) -> None:
    ids = [item_id(name) for name in names]
    assert len(set(ids)) == len(names)
    assert all(re.fullmatch(r"i-[a-z0-9._-]+", each) for each in ids)


def test_a_picture_is_named_after_its_content_not_its_suffix() -> None:
    assert image_name("a.webp", ".png").endswith(".png")
    assert image_name("a.webp", ".png") != image_name("a.png", ".png")


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("two/03-the_long-way.md", "The long way"),
        ("01. Beginnings.md", "Beginnings"),
        ("2024.md", "2024"),
        ("my-book", "My book"),
        ("第一章.md", "第一章"),
        ("---.md", "---.md"),
    ],
)
def test_a_path_is_made_readable(path: str, title: str) -> None:
    assert readable(path) == title


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Harbour Year", "the-harbour-year"),
        ("Ann's “Book”: Part 1/2", "anns-book-part-1-2"),
        ("第一章", "第一章"),
        ("हिन्दी", "हिन्दी"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-book"),
        ("…", "book"),
        ("", "book"),
    ],
)
def test_a_title_becomes_a_file_name(title: str, name: str) -> None:
    assert file_name(title) == name


@given(st.text())
def test_every_title_becomes_a_file_name(title: str) -> None:
    name = file_name(title)
    assert name
    assert len(name.encode()) <= 130
    assert not set(name) & set('/\\:*?"<>|\0\n ')


@given(st.text())
def test_portable_text_is_ascii(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", portable(text))
