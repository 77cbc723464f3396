"""What a package document says of the book, by the names that chapbook has for it (EPUB 3.3, section 5.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from chapbook.model.xml_text import single_spaced
from chapbook.reading.epub_archive import local_name

__all__ = ["statements_of"]

_NAMES = MappingProxyType(
    {
        "dc:title": "title",
        "dc:creator": "authors",
        "dc:contributor": "contributors",
        "dc:language": "language",
        "dc:identifier": "identifier",
        "dc:publisher": "publisher",
        "dc:date": "date",
        "dc:rights": "rights",
        "dc:description": "description",
        "dc:subject": "subjects",
        "belongs-to-collection": "series",
        "schema:bookEdition": "edition",
        "schema:publisherImprint": "imprint",
        "dcterms:audience": "audience",
        "dcterms:conformsTo": "accessibility",
        "dcterms:license": "rights_uri",
    }
)
"""The attributes of `Book` that the statements come from."""
_OF_THE_EDITION = re.compile(r"dcterms:modified|schema:access\w*|generator|dcterms:(?:title|creator|language)|")
"""What each edition says anew: its time, and what chapbook finds of its accessibility."""
_USUAL = frozenset({("role", "aut"), ("title-type", "main"), ("collection-type", "series")})
_UNTOLD = frozenset({"display-seq", "identifier-type"})


def statements_of(package: etree._Element) -> dict[str, str]:
    """The statements, each in words with what refines it; several of one name with semicolons between."""
    about = next((each for each in package if local_name(each) == "metadata"), package)
    refined: dict[str, list[etree._Element]] = {}
    for each in about.iter("{*}meta"):
        if each.get("refines"):
            refined.setdefault(each.get("refines", "").lstrip("#"), []).append(each)
    found: dict[str, list[str]] = {}
    for each in about.iter(etree.Element):
        name = _name(each)
        if name and not each.get("refines") and not _OF_THE_EDITION.fullmatch(name):
            details = dict(_refinements(each, refined))
            key = "subtitle" if details.pop("title-type", "") == "subtitle" else _NAMES.get(name, name)
            more = ", ".join(f"{detail}: {words}" for detail, words in details.items())
            found.setdefault(key, []).append(f"{_words(each)} ({more})" if more else _words(each))
    return {name: "; ".join(values) for name, values in found.items()}


def _words(element: etree._Element) -> str:
    return single_spaced("".join(map(str, element.itertext()))) or element.get("href", "")


def _name(element: etree._Element) -> str:
    """``dc:title``, the property of a ``meta``, or the relation of a ``link``."""
    name = local_name(element)
    if str(element.tag).startswith("{http://purl.org/dc/elements/1.1/}"):
        return f"dc:{name}"
    return element.get({"meta": "property", "link": "rel"}.get(name, "property"), "")


def _refinements(element: etree._Element, refined: Mapping[str, list[etree._Element]]) -> Iterator[tuple[str, str]]:
    """What is said of a statement: by EPUB 3's ``meta``, or by EPUB 2's attributes."""
    for each in refined.get(element.get("id") or "", ()):
        pair = (each.get("property", ""), _words(each))
        if pair not in _USUAL and pair[0] not in _UNTOLD:
            yield pair
        yield from _refinements(each, refined)
    for key, value in element.attrib.items():
        pair = (str(key).rpartition("}")[2], str(value))
        if str(key).startswith("{http://www.idpf.org/2007/opf}") and pair not in _USUAL:
            yield pair
