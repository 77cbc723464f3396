"""The cover page and the title page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.model.metadata import Contributor, Metadata, Series
from chapbook.packaging.pages import cover_page, title_page
from chapbook.packaging.publication import Resource
from support.opened import XHTML


def parsed(page: Resource) -> etree._Element:
    assert isinstance(page.data, bytes)
    return etree.fromstring(page.data)


def lines(metadata: Metadata) -> list[tuple[str | None, str | None]]:
    (section,) = parsed(title_page(metadata)).iter(f"{XHTML}section")
    return [(each.get("class"), each.text) for each in section]


def test_the_title_page_says_who_did_what() -> None:
    metadata = Metadata(
        title="Main",
        subtitle="Sub",
        series=Series(name="Row", index="2.5"),
        publisher="House",
        authors=(
            Contributor(name="Ann"),
            Contributor(name="Tom", role="trl"),
            Contributor(name="Bo"),
            Contributor(name="Tim", role="trl"),
            Contributor(name="Ed", role="edt"),
            Contributor(name="Res", role="res"),
            Contributor(name="Typ", role="bkd"),
        ),
    )
    assert lines(metadata) == [
        ("title", "Main"),
        ("subtitle", "Sub"),
        ("series", "Row, book 2.5"),
        ("author", "Ann"),
        ("author", "Bo"),
        ("author contributor", "With contributions by Res"),
        ("author contributor", "Edited by Ed"),
        ("author contributor", "Translated by Tom, Tim"),
        ("publisher", "House"),
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Übersetzt von A, B"), ("ja", "A、B 訳"), ("ar", "ترجمة A، B"), ("fi", "Translated by A, B")],
)
def test_the_role_is_said_in_the_books_language(language: str, words: str) -> None:
    people = (Contributor(name="A", role="trl"), Contributor(name="B", role="trl"))
    assert ("author contributor", words) in lines(Metadata(title="T", language=language, authors=people))


def test_names_with_braces_are_names() -> None:
    metadata = Metadata(title="T", series=Series(name="{index}", index="{name}"))
    assert ("series", "{index}, book {name}") in lines(metadata)


def test_the_cover_says_what_is_on_it() -> None:
    people = (Contributor(name="Ann"), Contributor(name="Bo"), Contributor(name="Tom", role="trl"))
    root = parsed(cover_page(Metadata(title='A "b"', authors=people), image="images/cover.jpg"))
    (picture,) = root.iter(f"{XHTML}img")
    assert dict(picture.attrib) == {"src": "images/cover.jpg", "alt": 'A "b", by Ann, Bo', "role": "doc-cover"}


def test_a_book_by_nobody_has_its_title_on_the_cover() -> None:
    assert parsed(cover_page(Metadata(title="A"), image="c.jpg")).xpath("string(//@alt)") == "A"


@given(st.builds(Metadata, title=st.text(), subtitle=st.text(), publisher=st.text()))
def test_any_text_gives_a_page_with_a_heading(metadata: Metadata) -> None:
    root = parsed(title_page(metadata))
    assert (root.findtext(f".//{XHTML}h1") or "").strip()
    assert parsed(cover_page(metadata, image="c.jpg")).xpath("string(//@alt)")
