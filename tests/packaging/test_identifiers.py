"""The identifier that chapbook makes, and the direction of languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chapbook.model.metadata import Contributor, Identifier, Metadata, Series, page_direction, text_direction
from chapbook.packaging.publication import identifier_of

BOOK = Metadata(title="Caf\u00e9", authors=(Contributor(name="Ann"),), series=Series(name="Row", index="1"))


def test_the_authors_own_stays() -> None:
    own = Identifier(scheme="isbn", value="urn:isbn:9783161484100")
    assert identifier_of(replace(BOOK, identifier=own)) is own


def test_it_never_changes() -> None:
    # Readers' notes hang on it: a change here loses them in the next edition of every book.
    assert identifier_of(BOOK).value == "urn:uuid:065c7f8a-6568-5e6c-a38f-52a7109f3c12"


def test_what_is_no_other_book_has_no_other_identifier() -> None:
    same = replace(
        BOOK,
        title=" Cafe\u0301 ",
        subtitle="Sub",
        publisher="House",
        description="D",
        authors=(Contributor(name="Ann", file_as="A"),),
    )
    assert identifier_of(same) == identifier_of(BOOK)


def test_what_is_another_book_has_another() -> None:
    others = [
        BOOK,
        replace(BOOK, title="Tea"),
        replace(BOOK, language="fr"),
        replace(BOOK, authors=(*BOOK.authors, Contributor(name="Bo"))),
        replace(BOOK, authors=(Contributor(name="An"), Contributor(name="n"))),
        replace(BOOK, series=Series(name="Row", index="2")),
        replace(BOOK, series=Series(name="Row")),
        replace(BOOK, series=None),
    ]
    assert len({identifier_of(each) for each in others}) == len(others)


@given(st.builds(Metadata, title=st.text(st.characters()), language=st.just("en")))
def test_any_title_has_one(metadata: Metadata) -> None:
    assert identifier_of(metadata).value.startswith("urn:uuid:")


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa-Arab-IR", "rtl"),
        ("az-Arab", "rtl"),
        ("pa-Arab-PK", "rtl"),
        ("ku-Latn", "ltr"),
        ("ur-Latn", "ltr"),
        ("ja", "ltr"),
        ("ckb", "rtl"),
        ("yi", "rtl"),
        ("arn", "ltr"),
        ("AR", "rtl"),
    ],
)
def test_direction_goes_by_script_then_by_language(language: str, direction: str) -> None:
    assert text_direction(language) == direction


def test_the_authors_direction_of_pages_goes_first() -> None:
    assert page_direction(Metadata(title="T", language="ja", direction="rtl")) == "rtl"
    assert page_direction(Metadata(title="T", language="he")) == "rtl"
    assert page_direction(Metadata(title="T", language="ja", writing_mode="vertical-rl")) == "rtl"
    assert page_direction(Metadata(title="T", language="ja", writing_mode="vertical-rl", direction="ltr")) == "ltr"
