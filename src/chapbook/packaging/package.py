"""Writes a publication's package document with ebooklib, and the whole file. Only this module uses ebooklib.

ebooklib holds the metadata, manifest, spine and guide and writes the package document from them. It gets the resources
without their bytes, which go straight into the archive one at a time. So ebooklib doesn't rewrite any XHTML, and
pictures needn't fit in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ebooklib import epub  # type: ignore[import-untyped]  # ebooklib has no types
from lxml import etree

from chapbook.model.limits import DEFAULTS
from chapbook.model.metadata import text_direction
from chapbook.model.names import item_id
from chapbook.model.targets import TARGETS
from chapbook.packaging.container import Entry, write_archive
from chapbook.packaging.description import IDENTIFIER_ID, moment, statements
from chapbook.packaging.destination import Destination
from chapbook.packaging.navigation import landmarks_of, navigation_document, ncx
from chapbook.packaging.output import ByteSink, write_file, write_stream
from chapbook.packaging.publication import FOLDER, NAV_NAME, NCX_NAME, PACKAGE_NAME, Publication, Resource
from chapbook.packaging.xhtml import one_line

__all__ = ["package_document", "write_publication"]

_XHTML = "application/xhtml+xml"
_NCX = "application/x-dtbncx+xml"
_GUIDE_TYPES = {"cover": "cover", "toc": "toc", "bodymatter": "text"}


def write_publication(
    publication: Publication, target: Destination | Path | str | ByteSink, most: int = DEFAULTS.output_bytes
) -> bool:
    """Writes `publication` as an EPUB 3.3 file to a path (replaced atomically) or to a binary file object.

    The same publication gives the same bytes. A path's old file stays until the new one is complete. A file object
    receives nothing until the book is complete; it isn't closed and needn't be seekable. Returns whether anything was
    written: an old file with the same bytes stays untouched. Raises ChapbookError (``output-unwritable``;
    ``book-too-large`` above `most` bytes), and what a resource's own function raises.
    """
    write = partial(write_archive, _entries(publication), most=most)
    if isinstance(target, str | Path | Destination):
        return write_file(Path(target) if isinstance(target, str) else target, write)
    write_stream(target, write)
    return True


def _entries(publication: Publication) -> Iterator[Entry]:
    """The files in archive order: first what a reading system needs first, the rest by name."""
    yield Entry(
        name=f"{FOLDER}/{PACKAGE_NAME}",
        media_type="application/oebps-package+xml",
        content=package_document(publication),
    )
    nav = Resource(name=NAV_NAME, media_type=_XHTML, data=navigation_document(publication))
    yield _entry(nav, publication)
    contents = Resource(name=NCX_NAME, media_type=_NCX, data=partial(ncx, publication))
    for each in sorted((*publication.resources, contents), key=lambda resource: resource.name):
        yield _entry(each, publication)


def _entry(resource: Resource, publication: Publication) -> Entry:
    content = resource.data
    if resource.media_type == _XHTML and TARGETS[publication.target].has_spans:
        from chapbook.packaging.kepub import kepub_content  # noqa: PLC0415 - most books are for any reading system

        content = partial(kepub_content, content)
    return Entry(name=f"{FOLDER}/{resource.name}", media_type=resource.media_type, content=content)


def package_document(publication: Publication) -> bytes:
    """The package document (EPUB 3.3, section 5) of `publication`, as UTF-8."""
    return _amended(_written(_book(publication), publication), publication)


def _book(publication: Publication) -> epub.EpubBook:
    """`publication` as ebooklib has it, without the files' content."""
    book = epub.EpubBook()
    # A new book has a random identifier and the library's version, which mustn't get into the file.
    book.metadata.clear()
    book.IDENTIFIER_ID = IDENTIFIER_ID
    book.set_identifier(publication.identifier.value)
    book.set_direction(publication.direction)
    for each in statements(publication):
        vocabulary = "DC" if each.vocabulary == "dc" else None
        book.add_metadata(vocabulary, each.name, each.text, dict(each.attributes))
    items = _items(publication)
    for item in items.values():
        book.add_item(item)
    book.spine = [items[name] for name in publication.spine]
    book.guide = _guide(publication)
    return book


def _items(publication: Publication) -> dict[str, epub.EpubItem]:
    """The manifest's items by name, without their bytes, so that ebooklib doesn't parse them or guess types."""
    items = {
        NAV_NAME: _item(NAV_NAME, _XHTML, id_="nav", properties=("nav",)),
        # The spine's `toc` attribute, as ebooklib writes it, names this id.
        NCX_NAME: _item(NCX_NAME, _NCX, id_="ncx"),
    }
    for each in publication.resources:
        cover = {"cover-image"} if each.name == publication.cover_image else set()
        properties = tuple(sorted({*each.properties} | cover))
        items[each.name] = _item(each.name, each.media_type, id_=item_id(each.name), properties=properties)
    return items


def _item(name: str, media_type: str, *, id_: str, properties: tuple[str, ...] = ()) -> epub.EpubItem:
    item = epub.EpubItem(uid=id_, file_name=name, media_type=media_type, content=b"")
    item.properties = list(properties)
    return item


def _guide(publication: Publication) -> list[dict[str, str]]:
    """The guide of OPF 2.0.1, section 2.6, for EPUB 2 reading systems and Kindle: the landmarks it has types for."""
    references: dict[str, dict[str, str]] = {}
    for each in landmarks_of(publication):
        if each.type in _GUIDE_TYPES:
            type_ = _GUIDE_TYPES[each.type]
            title = one_line(each.label) or each.type
            references.setdefault(type_, {"type": type_, "title": title, "href": each.href})
    return list(references.values())


class _PackageWriter(epub.EpubWriter):  # type: ignore[misc]  # ebooklib has no types
    """ebooklib's writer, stopped after the package document."""

    package: bytes

    def _write_opf_file(self, root: etree._Element) -> None:
        self.package = etree.tostring(root)


def _written(book: epub.EpubBook, publication: Publication) -> bytes:
    # ebooklib's search for pages would mistake notes and sections for printed pages.
    writer = _PackageWriter("", book, {"mtime": publication.modified, "epub3_pages": False})
    writer._write_opf()  # noqa: SLF001 - what is public writes an archive around it, item by item
    return writer.package


_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IBOOKS = "ibooks: http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"
"""The only prefix that must be declared (EPUB 3.3, section D.1)."""
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
    "source",
)


def _amended(package: bytes, publication: Publication) -> bytes:
    """The package document `package`, corrected: language, time of modification, prefixes and order."""
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(package, parser)
    root.attrib.pop("prefix", None)
    used = any(each.get("property", "").startswith("ibooks:") for each in root.iter(f"{_OPF}meta"))
    declared = ([_IBOOKS] if used else []) + [f"{name}: {address}" for name, address in publication.own.prefixes]
    if declared:
        root.set("prefix", " ".join(declared))
    language = publication.metadata.language
    root.set(_XML_LANG, language)
    if text_direction(language) == "rtl":
        root.set("dir", "rtl")
    metadata = root.find(f"{_OPF}metadata")
    if metadata is None:
        raise ValueError("ebooklib wrote a package document without metadata")
    for each in metadata.iterfind(f"{_OPF}meta[@property='dcterms:modified']"):
        each.text = moment(publication.modified)
    # ebooklib declares a second prefix for the package's own names; readers that search the text expect none.
    bare = etree.Element(f"{_OPF}metadata", nsmap={None: _OPF[1:-1], "dc": _DC[1:-1]})
    bare.extend(_in_order(metadata))
    root.replace(metadata, bare)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["dc"])
    return etree.tostring(root, pretty_print=True, encoding="utf-8", xml_declaration=True)


def _in_order(metadata: etree._Element) -> list[etree._Element]:
    """Dublin Core first, then the rest in the order it was added; refinements come right after what they refine."""
    refinements: dict[str, list[etree._Element]] = defaultdict(list)
    plain: list[etree._Element] = []
    for each in metadata:
        refined = each.get("refines")
        (refinements[refined[1:]] if refined else plain).append(each)
    ordered: list[etree._Element] = []
    waiting = sorted(plain, key=_rank)[::-1]
    while waiting:
        each = waiting.pop()
        ordered.append(each)
        waiting += refinements.pop(each.get("id", ""), [])[::-1]  # they may have refinements too
    return ordered


def _rank(element: etree._Element) -> int:
    tag = str(element.tag)
    name = tag.removeprefix(_DC)
    return _ORDER.index(name) if name in _ORDER and tag.startswith(_DC) else len(_ORDER)
