"""The series and the place in it, as reading systems look for them in the package document.

Each reader below goes by the rules of one of them. Where Calibre itself is installed, it is asked too: its rules here
are those of ``read_series`` in its ``ebooks/metadata/opf3.py`` and ``opf2.py`` (versions 6 to 8).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from lxml import etree

from chapbook import Book, Chapter, Series
from support.opened import OPF, Opened

Found = tuple[str, float] | None
INDEXES = ["1", "2", "10", "2.5", "0", "007", ""]
NAMES = ["The Tidewater Almanac", "Row & <Column>", "Die Brüder: Ein Zyklus", "潮汐の暦", "  Two   words "]


def by_epub(package: etree._Element) -> Found:
    """EPUB 3.3, sections D.3.4 to D.3.6; Apple Books and Kobo go by these, and take a place that is a number."""
    (name,) = package.iterfind(f".//{OPF}meta[@property='belongs-to-collection']")
    refining = [each for each in package.iterfind(f".//{OPF}meta") if each.get("refines") == f"#{name.get('id')}"]
    said = {str(each.get("property")): str(each.text) for each in refining}
    assert len(said) == len(refining), "a property twice, of which either may be taken"
    assert said.pop("collection-type") == "series"
    place = said.pop("group-position", "1")
    assert not said
    return str(name.text), float(place)


def by_calibre(package: etree._Element) -> Found:
    """The first collection that has an id and is a series; without one, the old names."""
    for name in package.iterfind(f"{OPF}metadata/{OPF}meta[@property='belongs-to-collection'][@id]"):
        said = {
            each.get("property"): each.text or ""
            for each in package.iterfind(f"{OPF}metadata/{OPF}meta[@refines='#{name.get('id')}']")
        }
        if said.get("collection-type") == "series":
            place = 1.0
            with suppress(KeyError, ValueError):
                place = float(said["group-position"].strip())
            return " ".join((name.text or "").split()), place
    return by_old_names(package)


def by_old_names(package: etree._Element) -> Found:
    """As older Calibre, KOReader and Moon+ Reader have it: two metas by name."""
    named = {str(each.get("name")): each.get("content", "") for each in package.iterfind(f".//{OPF}meta[@name]")}
    if not named.get("calibre:series"):
        return None
    return named["calibre:series"], float(named.get("calibre:series_index", "1"))


def by_ebook_meta(path: Path) -> Found:
    """What Calibre's own program prints."""
    done = subprocess.run(["ebook-meta", path], check=True, capture_output=True, text=True, encoding="utf-8")
    found = re.search(r"^Series *: (.*) #([0-9.]+)$", done.stdout, re.MULTILINE)
    return (found[1], float(found[2])) if found else None


READERS: tuple[Callable[[etree._Element], Found], ...] = (by_epub, by_calibre, by_old_names)


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.parametrize("name", NAMES)
def test_every_reader_finds_the_series_and_the_place(name: str, index: str, tmp_path: Path) -> None:
    book = Book(title="T", authors=["A"], series=Series(name=name, index=index))
    book.add(Chapter(title="One", text="Words."))
    report = book.write(tmp_path / "book.epub")
    assert report.ok
    expected = (" ".join(name.split()), float(index or 1))
    package = Opened(tmp_path / "book.epub").package
    assert [read(package) for read in READERS] == [expected] * len(READERS)
    if shutil.which("ebook-meta") and name == NAMES[1]:  # which takes a second each time
        assert by_ebook_meta(tmp_path / "book.epub") == expected


def test_a_place_with_two_points_is_the_standard_s_and_the_first_to_calibre(tmp_path: Path) -> None:
    """EPUB 3.3 has it (section D.3.6); Calibre takes a number alone."""
    book = Book(title="T", series=Series(name="Row", index="1.2.3"))
    book.add(Chapter(title="One", text="Words."))
    book.write(tmp_path / "book.epub")
    assert by_calibre(Opened(tmp_path / "book.epub").package) == ("Row", 1.0)


def test_a_book_of_no_series_says_none(tmp_path: Path) -> None:
    book = Book(title="T", series=None)
    book.add(Chapter(title="One", text="Words."))
    book.write(tmp_path / "book.epub")
    package = Opened(tmp_path / "book.epub").package
    assert by_calibre(package) is None
    assert package.find(f".//{OPF}meta[@property='belongs-to-collection']") is None
