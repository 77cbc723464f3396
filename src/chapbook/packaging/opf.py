"""Makes of ebooklib's package document the one that EPUB 3.3, section 5, and the reading systems ask for.

ebooklib groups metadata by element name, away from what it refines, gives the package no language, and
declares a prefix that is reserved. All such amendments are here, after ebooklib has written.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from lxml import etree

from chapbook.packaging.direction import text_direction

__all__ = ["amended"]

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IBOOKS = "ibooks: http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"
"""The one prefix that has to be declared (EPUB 3.3, section D.1)."""
_ORDER = (
    "identifier",
    "title",
    "language",
    "creator",
    "contributor",
    "publisher",
    "date",
    "description",
    "subject",
    "rights",
)


def amended(package: bytes, *, language: str, modified: dt.datetime) -> bytes:
    """The package document `package` of a book in `language` (a BCP 47 tag), last `modified` then, put in order."""
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(package, parser)
    root.attrib.pop("prefix", None)
    if any(each.get("property", "").startswith("ibooks:") for each in root.iter(f"{_OPF}meta")):
        root.set("prefix", _IBOOKS)
    root.set(_XML_LANG, language)
    if text_direction(language) == "rtl":
        root.set("dir", "rtl")
    metadata = root.find(f"{_OPF}metadata")
    if metadata is None:
        raise ValueError("ebooklib wrote a package document without metadata")
    for each in metadata.iterfind(f"{_OPF}meta[@property='dcterms:modified']"):
        each.text = _moment(modified)
    # ebooklib declares a second prefix for the package's own names; readers that search text want them bare.
    bare = etree.Element(f"{_OPF}metadata", nsmap={None: _OPF[1:-1], "dc": _DC[1:-1]})
    bare.extend(_in_order(metadata))
    root.replace(metadata, bare)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["dc"])
    return etree.tostring(root, pretty_print=True, encoding="utf-8", xml_declaration=True)


def _moment(moment: dt.datetime) -> str:
    """As EPUB 3.3, section 5.5.4, has it. (``strftime``, by ebooklib, writes the year 900 with three digits.)"""
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _in_order(metadata: etree._Element) -> list[etree._Element]:
    """Dublin Core first, then the rest as it was added; every refinement right after what it refines."""
    refinements: dict[str, list[etree._Element]] = defaultdict(list)
    plain: list[etree._Element] = []
    for each in metadata:
        refined = each.get("refines")
        (refinements[refined[1:]] if refined else plain).append(each)
    ordered: list[etree._Element] = []
    for each in sorted(plain, key=_rank):
        ordered += [each, *refinements.get(each.get("id", ""), ())]
    return ordered


def _rank(element: etree._Element) -> int:
    tag = str(element.tag)
    name = tag.removeprefix(_DC)
    return _ORDER.index(name) if name in _ORDER and tag.startswith(_DC) else len(_ORDER)
