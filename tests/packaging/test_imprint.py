"""The copyright page and the page of the series."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.model.metadata import Contributor, Identifier, Metadata, Series
from chapbook.packaging.pages import copyright_page, series_page
from chapbook.packaging.publication import Resource
from support.opened import XHTML

ISBN = Identifier(scheme="isbn", value="urn:isbn:9783161484100")


def parsed(page: Resource | None) -> etree._Element:
    assert page is not None
    assert isinstance(page.data, bytes)
    return etree.fromstring(page.data)


def lines(metadata: Metadata) -> list[tuple[str | None, str]]:
    (section,) = parsed(copyright_page(metadata)).iter(f"{XHTML}section")
    return [(each.get("class"), "".join(each.itertext())) for each in section]


def volumes(metadata: Metadata) -> list[tuple[str | None, str]]:
    items = parsed(series_page(metadata)).iter(f"{XHTML}li")
    return [(each.get("class"), "".join(each.itertext())) for each in items]


def test_the_copyright_page_says_what_the_title_page_does_not() -> None:
    metadata = Metadata(
        title="Main",
        rights="© 2025 Ann & Bo",
        publisher="House",
        date="2025-02-03",
        identifier=ISBN,
        authors=(
            Contributor(name="Ann"),
            Contributor(name="Tom", role="trl"),
            Contributor(name="Second House", role="pbl"),
            Contributor(name="Typ", role="bkd"),
            Contributor(name="Pru", role="pfr"),
            Contributor(name="Dee", role="tyd"),
            Contributor(name="Mark", role="mrk"),
        ),
    )
    assert lines(metadata) == [
        ("title", "Main"),
        ("rights", "© 2025 Ann & Bo"),
        ("publisher", "Published by House, Second House"),
        ("date", "Date of publication: 3 February 2025"),
        ("contributor", "Design by Typ, Dee"),
        ("contributor", "Produced by Mark"),
        ("contributor", "Proofread by Pru"),
        ("identifier", "ISBN 9783161484100"),
    ]


@pytest.mark.parametrize(
    "metadata",
    [
        Metadata(title="T", date="2025", authors=(Contributor(name="Ann"),)),
        Metadata(title="T", rights=" ", publisher="\n"),
        Metadata(
            title="T", identifier=Identifier(scheme="uuid", value="urn:uuid:5d980d71-085e-4db0-8a8b-092ffc432f09")
        ),
    ],
    ids=["title and author", "nothing but space", "an identifier of no use to readers"],
)
def test_a_book_of_which_there_is_no_more_to_say_has_none(metadata: Metadata) -> None:
    assert copyright_page(metadata) is None


@pytest.mark.parametrize(
    ("date", "words"),
    [("2025", "2025"), ("2025-02", "2025-02"), ("2025-02-03", "3. Februar 2025"), ("2025-02-33", "2025-02-33")],
)
def test_only_a_whole_date_is_put_in_words(date: str, words: str) -> None:
    metadata = Metadata(title="T", language="de", publisher="Haus", date=date)
    assert ("date", f"Erscheinungsdatum: {words}") in lines(metadata)


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        (ISBN, "ISBN 9783161484100"),
        (Identifier(scheme="isbn", value=ISBN.value, written="978-3-16-148410-0"), "ISBN 978-3-16-148410-0"),
        (Identifier(scheme="doi", value="doi:10.1000/182"), "DOI 10.1000/182"),
        (Identifier(scheme="uri", value="https://example.org/b"), "Identifier: https://example.org/b"),
    ],
)
def test_an_identifier_is_said_in_words(identifier: Identifier, words: str) -> None:
    assert ("identifier", words) in lines(Metadata(title="T", publisher="House", identifier=identifier))


def test_no_reader_is_shown_a_uuid() -> None:
    uuid = Identifier(scheme="uuid", value="urn:uuid:5d980d71-085e-4db0-8a8b-092ffc432f09")
    assert lines(Metadata(title="T", publisher="House", identifier=uuid)) == [
        ("title", "T"),
        ("publisher", "Published by House"),
    ]


def test_the_isbn_of_the_printed_edition_keeps_its_hyphens() -> None:
    metadata = Metadata(title="T", isbn_print="urn:isbn:978-3-16-148410-0")
    assert ("identifier", "ISBN 978-3-16-148410-0 (print edition)") in lines(metadata)


def test_the_series_page_marks_this_book() -> None:
    series = Series(name="Row", index="2", volumes=("One", "Two & a half", "Three"))
    assert volumes(Metadata(title="Two & a half", series=series)) == [
        (None, "One"),
        ("this-book", "Two & a half (this book)"),
        (None, "Three"),
    ]


@pytest.mark.parametrize(
    ("index", "title", "marked"),
    [("2", "Same", 1), ("1", "Same", 0), ("9", "Same", 0), ("0", "Other", 2), ("2.5", "Other", 2), ("1", "None", -1)],
)
def test_the_place_in_the_series_tells_volumes_of_one_title_apart(index: str, title: str, marked: int) -> None:
    series = Series(name="Row", index=index, volumes=("Same", "Same", "Other"))
    found = [at for at, (kind, _) in enumerate(volumes(Metadata(title=title, series=series))) if kind == "this-book"]
    assert found == ([marked] if marked >= 0 else [])


def test_titles_with_braces_are_titles() -> None:
    series = Series(name="Row", volumes=("{title}", "<b>"))
    assert volumes(Metadata(title="{title}", language="ja", series=series)) == [
        ("this-book", "{title}（本書）"),
        (None, "<b>"),
    ]


@pytest.mark.parametrize(
    "series",
    [None, Series(name="Row"), Series(name="Row", volumes=("Only",)), Series(name=" ", volumes=("One", "Two"))],
    ids=["no series", "unknown volumes", "one volume", "no name"],
)
def test_there_is_no_series_page_without_a_series_to_list(series: Series | None) -> None:
    assert series_page(Metadata(title="T", series=series)) is None


@given(
    st.builds(Metadata, title=st.text(), rights=st.text(), publisher=st.text(), date=st.text(), language=st.just("en"))
)
def test_any_text_gives_a_page_or_none(metadata: Metadata) -> None:
    page = copyright_page(metadata)
    assert page is None or all(text.strip() for _, text in lines(metadata))


@given(st.text(), st.lists(st.text(), min_size=2, max_size=4), st.text())
def test_any_titles_give_a_page(title: str, titles: list[str], index: str) -> None:
    series = Series(name="Row", index=index, volumes=tuple(titles))
    found = volumes(Metadata(title=title, series=series))
    assert len(found) == len(titles)
    assert all(text.strip() for _, text in found)
