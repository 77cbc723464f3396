"""What must hold of the package document (EPUB 3.3, section 5) and EPUBCheck does not ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from lxml import etree

from chapbook.model.names import item_id
from support.opened import DC, OPF, Opened

__all__ = ["check_package"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
_MEDIA_TYPES = {
    "xhtml": "application/xhtml+xml",
    "ncx": "application/x-dtbncx+xml",
    "css": "text/css",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
}
_VALUES = {
    "title-type": r"main|subtitle|short|collection|edition|expanded",
    "role": r"[a-z]{3}",
    "collection-type": r"series|set",
    "group-position": r"\d+(\.\d+)*",
    "identifier-type": r"15|06|02",
    "authority": r"BISAC|Thema|LCSH",
    "dcterms:conformsTo": r"EPUB Accessibility 1\.1 - WCAG 2\.[0-2] Level A{1,3}",
    "dcterms:modified": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
}


_VERSION = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,2}")
_IBOOKS = "ibooks: http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"


def check_package(book: Opened) -> Iterator[str]:
    package = book.package
    if not package.get(_LANG):
        yield "the package has no xml:lang"
    yield from _fonts(book)
    yield from _identifier(package)
    yield from _metas(package)
    yield from _series(package)
    yield from _cover(book)
    for each in book.items:
        if each.media_type != _MEDIA_TYPES.get(each.name.rpartition(".")[2]):
            yield f"{each.name}: listed as {each.media_type}"
        if not _NCNAME.fullmatch(each.id):
            yield f"{each.name}: its id '{each.id}' is no plain NCName"
        if each.name not in {book.nav, book.ncx} and each.id != item_id(each.href):
            yield f"{each.name}: its id '{each.id}' does not come of its name"


def _fonts(book: Opened) -> Iterator[str]:
    """Apple Books is told of fonts where there are some, and only there; no other prefix is declared."""
    told = book.metas("ibooks:specified-fonts")
    has_fonts = any(each.media_type.startswith("font/") for each in book.items)
    if told != (["true"] if has_fonts else []):
        yield f"ibooks:specified-fonts is {told}, and there are {'some' if has_fonts else 'no'} fonts"
    versions = book.metas("ibooks:version")
    if any(not _VERSION.fullmatch(each) for each in versions) or len(versions) > 1:
        yield f"ibooks:version is {versions}"
    if book.package.get("prefix") != (_IBOOKS if has_fonts or versions else None):
        yield f"the package declares prefixes: {book.package.get('prefix')}"


def _identifier(package: etree._Element) -> Iterator[str]:
    metadata = package.find(f"{OPF}metadata")
    assert metadata is not None
    (unique,) = (
        each for each in metadata.iterfind(f"{DC}identifier") if each.get("id") == package.get("unique-identifier")
    )
    value = unique.text or ""
    if value.startswith("urn:isbn:"):
        digits = value.removeprefix("urn:isbn:")
        if not re.fullmatch(r"\d{13}", digits) or sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10:
            yield f"'{value}' is no ISBN-13"
    elif value.startswith("urn:uuid:"):
        try:
            UUID(value.removeprefix("urn:uuid:"))
        except ValueError:
            yield f"'{value}' is no UUID"
    elif ":" not in value:
        yield f"the identifier '{value}' is no URI"
    for each in metadata.iterfind(f"{DC}*"):
        if not (each.text or "").strip():
            yield f"an empty {each.tag!s}"
    if any(each.get("name") == "generator" for each in metadata.iterfind(f"{OPF}meta")):
        yield "a generator is named, which changes the bytes with its version"


def _metas(package: etree._Element) -> Iterator[str]:
    metadata = package.find(f"{OPF}metadata")
    assert metadata is not None
    yield from _refinements(metadata)
    for each in metadata:
        target = each.get("refines")
        property_, text = each.get("property", ""), each.text or ""
        if property_ in _VALUES and not re.fullmatch(_VALUES[property_], text):
            yield f"{property_} is '{text}'"
        if property_ == "role" and (each.get("scheme") != "marc:relators" or not target):
            yield "a role without its scheme, or of nobody"
        if each.get("name") and list(each.attrib) != ["name", "content"]:
            yield "a meta whose content stands before its name"
    titles = [each.get("id", "") for each in metadata.iterfind(f"{DC}title")]
    types = [
        each.text
        for title in titles
        for each in metadata.iterfind(f"{OPF}meta[@refines='#{title}']")
        if each.get("property") == "title-type"
    ]
    if types[:1] != ["main"]:
        yield f"the first title is not the main one: {types}"


def _refinements(metadata: etree._Element) -> Iterator[str]:
    """Whether each refinement stands right below what it refines, which may be a refinement itself."""
    above: list[str] = []
    for each in metadata:
        target = each.get("refines")
        if not target:
            above = []
        elif not target.startswith("#") or metadata.getparent().find(f".//*[@id='{target[1:]}']") is None:  # type: ignore[union-attr]
            yield f"a refinement of '{target}', which is not there"
        elif target[1:] not in above:
            yield f"a refinement of '{target}' that does not stand beside it"
        else:
            above = above[: above.index(target[1:]) + 1]
        above += [each.get("id", "")] if each.get("id") else []


def _series(package: etree._Element) -> Iterator[str]:
    pairs = {"belongs-to-collection": "calibre:series", "group-position": "calibre:series_index"}
    for new, old in pairs.items():
        said = [each.text for each in package.iterfind(f".//{OPF}meta[@property='{new}']")]
        repeated = [each.get("content") for each in package.iterfind(f".//{OPF}meta[@name='{old}']")]
        if said != repeated or len(said) > 1:
            yield f"{new} is {said}, {old} is {repeated}"


def _cover(book: Opened) -> Iterator[str]:
    named = [each.get("content") for each in book.package.iterfind(f".//{OPF}meta[@name='cover']")]
    marked = [each.id for each in book.items if "cover-image" in each.properties]
    if named != marked or len(named) > 1:
        yield f"the cover is {named} by name and {marked} by property"
    guide = {each.get("type") for each in book.package.iterfind(f"{OPF}guide/{OPF}reference")}
    if not {"toc", "text"} <= guide:
        yield f"the guide has only {sorted(map(str, guide))}"
