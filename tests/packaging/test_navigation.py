"""The navigation document and the NCX."""

from __future__ import annotations

import pytest
from lxml import etree
from msgspec.structs import replace

from chapbook.model.metadata import Contributor, Metadata
from chapbook.packaging.navigation import landmarks_of, navigation_document, ncx
from chapbook.packaging.publication import NAV_NAME, Landmark, Publication, TocEntry
from support.opened import EPUB, NCX, XHTML
from support.publications import publication

TOC = (
    TocEntry(
        label="Part I",
        href="text/i/index.xhtml",
        children=(
            TocEntry(label="One & <two>", href="text/i/one.xhtml"),
            TocEntry(label="Again", href="text/i/index.xhtml", children=(TocEntry(label="Deep", href="a.xhtml#ä b"),)),
        ),
    ),
    TocEntry(label="Three", href="text/three.xhtml"),
)


def book(language: str = "en") -> Publication:
    people = (Contributor(name="Ann"), Contributor(name="Tom", role="trl"), Contributor(name="Bo"))
    return publication(Metadata(title="Book", language=language, authors=people), toc=TOC)


def test_the_table_of_contents_nests_as_its_entries_do() -> None:
    root = etree.fromstring(navigation_document(book()))
    (toc, landmarks) = root.iter(f"{XHTML}nav")
    assert dict(toc.attrib) == {
        f"{EPUB}type": "toc",
        "id": "toc",
        "role": "doc-toc",
        "aria-labelledby": "toc-title",
    }
    assert landmarks.get("hidden") == "hidden"
    links = [
        (sum(1 for _ in each.iterancestors(f"{XHTML}ol")), each.text, each.get("href"))
        for each in toc.iter(f"{XHTML}a")
    ]
    assert links == [
        (1, "Part I", "text/i/index.xhtml"),
        (2, "One & <two>", "text/i/one.xhtml"),
        (2, "Again", "text/i/index.xhtml"),
        (3, "Deep", "a.xhtml#ä%20b"),
        (1, "Three", "text/three.xhtml"),
    ]


@pytest.mark.parametrize(
    ("language", "heading", "direction"),
    [("en", "Contents", None), ("de-AT", "Inhalt", None), ("ar", "المحتويات", "rtl"), ("fi", "Contents", None)],
)
def test_it_speaks_the_books_language(language: str, heading: str, direction: str | None) -> None:
    root = etree.fromstring(navigation_document(book(language)))
    assert root.findtext(f".//{XHTML}h1[@id='toc-title']") == heading
    assert (root.get("lang"), root.get("dir")) == (language, direction)


def test_the_contents_stand_among_the_landmarks_once_after_the_opening_pages() -> None:
    given = book()
    given = replace(
        given,
        landmarks=(*given.landmarks, given.landmarks[-1], Landmark(type="toc", label="Mine", href="nav.xhtml")),
    )
    assert [each.type for each in landmarks_of(given)] == ["cover", "titlepage", "toc", "bodymatter"]
    root = etree.fromstring(navigation_document(given))
    assert root.xpath("string(//*[@*='toc']/@href)") == "#toc"


def test_without_the_contents_in_the_spine_no_landmark_leads_there() -> None:
    given = book()
    given = replace(given, spine=tuple(each for each in given.spine if each != NAV_NAME), landmarks=())
    assert landmarks_of(given) == ()
    assert [each.get(f"{EPUB}type") for each in etree.fromstring(navigation_document(given)).iter(f"{XHTML}nav")] == [
        "toc"
    ]


def test_the_ncx_numbers_places_and_says_how_deep_it_is() -> None:
    root = etree.fromstring(ncx(book("de")))
    points = [
        (each.get("playOrder"), each.findtext(f"{NCX}navLabel/{NCX}text")) for each in root.iter(f"{NCX}navPoint")
    ]
    assert points == [("1", "Part I"), ("2", "One & <two>"), ("1", "Again"), ("3", "Deep"), ("4", "Three")]
    metas = {each.get("name"): each.get("content") for each in root.iter(f"{NCX}meta")}
    assert metas["dtb:depth"] == "3"
    assert metas["dtb:uid"] == book("de").identifier.value
    assert [each.text for each in root.iterfind(f"{NCX}docAuthor/{NCX}text")] == ["Ann", "Bo"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
