"""Checks of an EPUB's content documents, and of the links in them (EPUB 3.3, sections 3 and 6)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from functools import cache

from lxml import etree

from chapbook.checking.opened import XML, OpenedEpub
from chapbook.model.diagnostics import Diagnostic
from chapbook.reading.epub_archive import local_name
from chapbook.reading.walk import shown

__all__ = ["content_doubts", "content_faults", "declared_entities"]

_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][\w.:-]*;")
_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[|<!ENTITY")
_REFERENCES = ("href", "src", "{http://www.w3.org/1999/xlink}href", "poster", "data")
_WITHOUT_ALT = {"presentation", "none"}
_MOST = 1_000
"""Faults of one kind that are named of one document."""


def content_faults(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Of the content documents, what EPUBCheck reports too."""
    for path in book.document_paths():
        data = book.contents[path]
        if (found := _ENTITY.search(data)) and not _SUBSET.search(data):
            message = f"the entity '{found[0].decode()}' isn't known in XHTML"
            at = data.count(b"\n", 0, found.start()) + 1
            yield book.fault("epub-content", message, path, at, "write the character itself")
        root = book.tree(path)
        if root is None:
            yield book.fault(
                "epub-content", "the document isn't well-formed", path, _broken_at(data), "correct it there"
            )
            continue
        ids = Counter(each for each in _ids(root))
        for name in [each for each, count in ids.items() if count > 1][:_MOST]:
            line = next((each.sourceline for each in root.iter("*") if each.get("id") == name), None)
            yield book.fault(
                "epub-content", f"the id '{shown(name)}' appears {ids[name]} times", path, line, "rename one"
            )
        yield from _links(book, path, root)


def _ids(root: etree._Element) -> Iterator[str]:
    return (each.get("id", "") for each in root.iter("*") if each.get("id") is not None)


def _broken_at(data: bytes) -> int | None:
    """The line where the parser gives up."""
    try:
        etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        return error.lineno
    except ValueError:
        return None
    return None


class _Any:
    """The ids of a file that can't be read, which may be any."""

    def __contains__(self, name: object) -> bool:
        return True


def _links(book: OpenedEpub, path: str, root: etree._Element) -> Iterator[Diagnostic]:
    @cache
    def ids(file: str) -> Container[str]:
        tree = book.tree(file)
        return _Any() if tree is None else frozenset(_ids(tree))

    for element in root.iter("*"):
        for name in _REFERENCES:
            reference = element.get(name)
            if reference is None:
                continue
            try:
                file, fragment = book.target(path, reference)
            except ValueError:
                yield book.fault(
                    "epub-link", f"'{shown(reference)}' is no address", path, element.sourceline, "correct it"
                )
                continue
            if file and file not in book.contents:
                message = f"'{shown(reference)}' leads to no file of the EPUB"
                yield book.fault("epub-link", message, path, element.sourceline, "correct the address, or add the file")
            elif (
                fragment and book.tree(file) is not None and local_name(element) != "use" and fragment not in ids(file)
            ):
                message = f"'{shown(reference)}' leads to an id that isn't there"
                yield book.fault("epub-link", message, path, element.sourceline, "correct the part after '#'")


def declared_entities(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Documents that declare entities or a DTD subset, which EPUBCheck lets pass within a file."""
    for path in sorted(book.contents):
        if path.endswith((".xhtml", ".html", ".opf", ".ncx", ".svg", ".xml")) and _SUBSET.search(book.contents[path]):
            message = "the file declares entities, or has a DTD subset, which reading systems refuse or ignore"
            yield book.fault("epub-content", message, path, hint="write the characters themselves")


def content_doubts(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Of the content documents, what EPUBCheck doesn't report: what readers with a disability miss."""
    for path, root in book.documents():
        if not (root.get("lang") or root.get(f"{XML}lang")):
            message = "the document doesn't say its language"
            yield book.fault("epub-accessibility", message, path, root.sourceline, "add lang and xml:lang to <html>")
        title = next((each for each in root.iter("{*}title") if local_name(each.getparent()) == "head"), None)  # type: ignore[arg-type]  # a title has a parent
        if title is None or not "".join(map(str, title.itertext())).strip():
            yield book.fault("epub-accessibility", "the document has no title", path, root.sourceline, "add a <title>")
        pictures = [each for each in root.iter("{*}img") if each.get("alt") is None]
        for each in [one for one in pictures if one.get("role") not in _WITHOUT_ALT][:_MOST]:
            message = f"image '{shown(each.get('src', ''))}' has no alt text"
            hint = 'describe it in alt="…"; an ornament has alt=""'
            yield book.fault("epub-accessibility", message, path, each.sourceline, hint)
