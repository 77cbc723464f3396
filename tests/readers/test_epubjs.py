"""The example books in epub.js, a reading system in use: opened, turned, followed and jumped in as by a reader."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chapbook import Book
from chapbook.colour.colour import WHITE_PAGE, parse_colour
from support.browser import run_script
from support.opened import EPUB, XHTML, Opened

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("epubjs.cjs")
SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A book, what was tried on it, and what epub.js did."""

    book: Opened
    plan: dict[str, Any]
    seen: dict[str, Any]

    def within(self, name: str) -> str:
        """The file `name` of the archive as the package document calls it."""
        return posixpath.relpath(name, posixpath.dirname(self.book.package_name))


@pytest.fixture(scope="module", params=["harbour-year", "winter-sky"])
def reading(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    target = tmp_path_factory.mktemp("reader") / "book.epub"
    assert Book.from_folder(ROOT / "examples" / request.param).write(target).ok
    book = Opened(target)
    plan = plan_for(book)
    (seen,) = run_script(SCRIPT, target, json.dumps(plan), seconds=SECONDS)
    return Reading(book=book, plan=plan, seen=seen)


def plan_for(book: Opened) -> dict[str, Any]:
    """Every place of the contents, the first note, the first link to a heading elsewhere, the first accent."""
    folder = posixpath.dirname(book.package_name)
    links = [(name, each) for name in book.spine if "/text/" in name for each in book.tree(name).iter(f"{XHTML}a")]
    chapter, reference = next((name, each) for name, each in links if each.get(f"{EPUB}type") == "noteref")
    identifier = reference.get("id", "")
    linking, link = next((name, each) for name, each in links if re.match(r"[^:]*\.xhtml#", each.get("href", "")))
    accented = next(name for name in book.spine if re.search(rb' accent-.*class="title"', book.files[name], re.DOTALL))
    return {
        "contents": [each.get("href") for each in toc(book).iter(f"{XHTML}a")],
        "note": {
            "chapter": posixpath.relpath(chapter, folder),
            "reference": identifier,
            "note": reference.get("href", "")[1:],
            "back": f'[href="#{identifier}"]',
        },
        "link": {"chapter": posixpath.relpath(linking, folder), "selector": f'[href="{link.get("href")}"]'},
        "colours": {"chapter": posixpath.relpath(accented, folder), "selector": ".opening .title"},
    }


def toc(book: Opened) -> Any:
    return next(each for each in book.tree(book.nav).iter(f"{XHTML}nav") if each.get(f"{EPUB}type") == "toc")


def entries(listed: Any) -> list[dict[str, Any]]:
    """The list of a navigation document as epub.js tells it."""
    found = []
    for item in listed.iterchildren(f"{XHTML}li"):
        link = item.find(f"{XHTML}a")
        below = item.find(f"{XHTML}ol")
        label = "".join(link.itertext()).strip()
        found.append({"label": label, "href": link.get("href"), "below": [] if below is None else entries(below)})
    return found


def test_nothing_fails_and_nothing_is_fetched(reading: Reading) -> None:
    assert reading.seen["errors"] == []


def test_it_knows_the_book(reading: Reading) -> None:
    told = reading.seen["metadata"]
    assert told["title"] in {"The Harbour Year", "The Winter Sky"}
    assert (told["creator"], told["language"], told["publisher"]) == ("Nan Corrigall", "en-GB", "The Brennick Press")
    assert told["identifier"].startswith("urn:uuid:")
    assert told["modified_date"] == "2025-11-20T00:00:00Z"
    assert told["direction"] in {"", "ltr", "default"}


def test_it_has_every_document_in_order(reading: Reading) -> None:
    assert reading.seen["spine"] == [reading.within(name) for name in reading.book.spine]


def test_it_shows_the_contents_with_their_nesting(reading: Reading) -> None:
    assert reading.seen["contents"] == entries(toc(reading.book).find(f"{XHTML}ol"))
    deepest = next(chapter for part in reading.seen["contents"] for chapter in part["below"] if chapter["below"])
    assert all(each["label"] for each in deepest["below"])


def test_it_finds_the_landmarks(reading: Reading) -> None:
    types = [each["type"] for each in reading.seen["landmarks"]]
    assert {"cover", "titlepage", "toc", "bodymatter"} <= set(types)
    assert all(each["label"] and each["href"] for each in reading.seen["landmarks"])


def test_it_opens_with_the_cover(reading: Reading) -> None:
    assert reading.seen["cover"] == [1562, 2500]
    assert reading.seen["opened"]["href"] == "cover.xhtml"
    assert reading.seen["coverShown"]


def test_pages_turn_on_and_back(reading: Reading) -> None:
    """Each page once, in order: within a document by one, then the first of the next document."""
    seen = reading.seen
    pages = [(each["href"], each["page"], each["pages"]) for each in [seen["opened"], *seen["forward"]]]
    spine = seen["spine"]
    for (href, page, count), (after, following, _) in pairwise(pages):
        turned = (after, following) == (href, page + 1)
        entered = page == count and after == spine[spine.index(href) + 1] and following == 1
        assert turned or entered, f"{href} {page}/{count}, then {after} {following}"
    assert len({href for href, _, _ in pages}) > 4
    back = [(each["href"], each["page"], each["pages"]) for each in seen["backward"]]
    assert back == pages[-2 : -2 - len(back) : -1]


def test_nothing_goes_wrong_on_its_pages(reading: Reading) -> None:
    """What `layout_audit.js` looks for, in the columns of epub.js itself."""
    assert not reading.seen["audit"], "\n".join(reading.seen["audit"])


def test_every_entry_of_the_contents_leads_to_its_place(reading: Reading) -> None:
    for href, place in zip(reading.plan["contents"], reading.seen["jumps"], strict=True):
        assert place["href"] == href.partition("#")[0]
        assert place["shown"], f"{href} is not on the page that is shown"


def test_a_note_and_the_way_back(reading: Reading) -> None:
    chapter = reading.plan["note"]["chapter"]
    for step in ("note", "back"):
        assert reading.seen[step]["href"] == chapter
        assert reading.seen[step]["shown"], step


def test_a_link_to_another_chapter(reading: Reading) -> None:
    link = reading.plan["link"]
    target = posixpath.join(posixpath.dirname(link["chapter"]), link["selector"].split('"')[1].partition("#")[0])
    assert reading.seen["link"]["href"] == posixpath.normpath(target) != link["chapter"]


def test_the_accent_is_lighter_on_dark_pages(reading: Reading) -> None:
    light, dark = (parse_colour(reading.seen["colours"][scheme]) for scheme in ("light", "dark"))
    assert light is not None
    assert dark is not None
    assert light.luminance < dark.luminance < WHITE_PAGE.luminance
