"""chapbook's own checks of an EPUB: its archive and package document, its content documents and their links.

They are of EPUB 3.3, sections 3 to 6, and OPF 2.0.1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from lxml import etree

from chapbook.checking.opened_epub import OPF, XML, OpenedEpub
from chapbook.keys.contributors import relators
from chapbook.keys.identifiers import parse_identifier
from chapbook.model.diagnostics import Diagnostic
from chapbook.reading.epub_archive import local_name
from chapbook.reading.walk import shown

__all__ = ["BASIC", "BEYOND"]

_MIMETYPE = b"application/epub+zip"
_MADE_ANEW = "pack the EPUB again, with 'mimetype' as its first file, neither compressed nor with extra fields"
_FIXED = {"mimetype", "META-INF/container.xml"}
_MOST_NAMED = 5


def _archive_faults(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Of the archive, what EPUBCheck reports too."""
    first = book.entries[0] if book.entries else None
    if first is None or first.filename != "mimetype":
        yield book.fault("epub-container", "the first file of the archive isn't 'mimetype'", hint=_MADE_ANEW)
    elif book.contents.get("mimetype") != _MIMETYPE:
        yield book.fault("epub-container", "'mimetype' isn't 'application/epub+zip'", "mimetype", hint=_MADE_ANEW)
    elif book.head[28:30] != b"\0\0":
        yield book.fault("epub-container", "'mimetype' has an extra field", "mimetype", hint=_MADE_ANEW)
    folded = Counter(each.filename.casefold() for each in book.entries)
    for name, count in folded.items():
        if count > 1:
            message = f"{count} files are called '{shown(name)}', if upper and lower case don't matter"
            yield book.fault("epub-container", message, hint="rename all but one, and what refers to them")


def _compressed_mimetype(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Whether the archive begins as old reading systems ask for it, which EPUBCheck 5.3 doesn't ask."""
    first = book.entries[0] if book.entries else None
    if first is not None and first.filename == "mimetype" and first.compress_type != 0:
        yield book.fault("epub-container", "'mimetype' is compressed", "mimetype", hint=_MADE_ANEW)


def _unlisted_files(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Files of the archive that the manifest doesn't list: no reading system shows them."""
    listed = {each.path for each in book.items} | {book.archive.package}
    others = sorted(each for each in book.contents if each not in listed and not each.startswith("META-INF/"))
    others = [each for each in others if each not in _FIXED]
    if others:
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        names = ", ".join(f"'{shown(each)}'" for each in others[:_MOST_NAMED])
        message = f"the manifest doesn't list {names}{more}, so that no reading system shows it"
        yield book.fault("epub-doubtful", message, hint="list it in the manifest, or take it out of the EPUB")


def _package_faults(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Of the package document, what EPUBCheck reports too."""

    def fault(message: str, hint: str, element: etree._Element | None = None) -> Diagnostic:
        line = element.sourceline if element is not None else None
        return book.fault("epub-package", message, book.archive.package, line, hint)

    if book.package.get("version") not in {"2.0", "3.0"}:
        yield fault(f"the version of the package is '{book.package.get('version', '')}'", "write 3.0", book.package)
    for name in ("identifier", "title", "language"):
        if not any((each.text or "").strip() for each in book.metadata(name)):
            yield fault(f"the metadata has no dc:{name}", f"add a dc:{name}")
    named = book.package.get("unique-identifier", "")
    if named not in {each.get("id") for each in book.metadata("identifier")}:
        yield fault(
            f"the unique-identifier '{named}' is no dc:identifier", "give the id of a dc:identifier", book.package
        )
    modified = [each for each in book.metadata("meta") if each.get("property") == "dcterms:modified"]
    if book.is_epub3 and len([each for each in modified if not each.get("refines")]) != 1:
        yield fault(f"there are {len(modified)} dcterms:modified", "give one, such as 2024-10-05T12:00:00Z")
    yield from _manifest_faults(book)


def _manifest_faults(book: OpenedEpub) -> Iterator[Diagnostic]:
    path, ids = book.archive.package, Counter(each.id for each in book.items)
    for each in book.items:
        line = each.element.sourceline
        if ids[each.id] > 1:
            yield book.fault("epub-package", f"{ids[each.id]} items have the id '{each.id}'", path, line, "rename one")
        if not each.is_remote and each.path not in book.contents:
            message = f"'{shown(each.href)}' is listed but isn't in the EPUB"
            yield book.fault("epub-package", message, path, line, "add the file, or take the item out")
    refs = list(book.package.iterfind(f"{OPF}spine/{OPF}itemref"))
    for ref in refs:
        if ref.get("idref", "") not in ids:
            message = f"the spine names '{ref.get('idref', '')}', which no item has as its id"
            yield book.fault("epub-package", message, path, ref.sourceline, "correct the idref")
    if not refs:
        yield book.fault("epub-package", "the spine is empty", path, hint="name the content documents in their order")
    if book.is_epub3 and sum("nav" in each.properties for each in book.items) != 1:
        yield book.fault("epub-navigation", "there isn't one item with the property 'nav'", path, hint="mark one")
    if not book.is_epub3 and not any(each.media_type == "application/x-dtbncx+xml" for each in book.items):
        yield book.fault("epub-navigation", "an EPUB 2 has an NCX, and this has none", path, hint="add one")


def _package_doubts(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Of the package document, what EPUBCheck doesn't report."""
    path = book.archive.package
    for each in book.metadata("identifier"):
        words = (each.text or "").strip()
        if words.lower().startswith("urn:isbn:"):
            try:
                parse_identifier(words)
            except ValueError as error:
                message = f"'{shown(words)}' is no ISBN: {error}"
                yield book.fault("epub-doubtful", message, path, each.sourceline, "correct the number")
    ids = {each.get("id") for each in book.package.iter("*")}
    for each in book.metadata("meta"):
        target, words = each.get("refines"), (each.text or "").strip()
        if target and (not target.startswith("#") or target[1:] not in ids):
            message = f"'refines' names '{shown(target)}', which is no id with '#' before it"
            yield book.fault("epub-doubtful", message, path, each.sourceline, "correct the id")
        if each.get("property") == "role" and each.get("scheme") == "marc:relators" and words not in relators():
            message = f"'{shown(words)}' isn't a MARC relator"
            yield book.fault(
                "epub-doubtful", message, path, each.sourceline, "write a code of three letters, such as aut"
            )
    yield from _accessibility(book, path)


def _accessibility(book: OpenedEpub, path: str) -> Iterator[Diagnostic]:
    if not book.package.get(f"{XML}lang"):
        message = "the package document doesn't say the language of its metadata"
        yield book.fault("epub-accessibility", message, path, book.package.sourceline, "add xml:lang to <package>")
    said = {each.get("property") or each.get("name") for each in book.metadata("meta")}
    names = ("accessMode", "accessibilityFeature", "accessibilityHazard")
    missing = [name for name in names if f"schema:{name}" not in said] if book.is_epub3 else []
    if missing:
        message = f"the metadata doesn't say {', '.join(f'schema:{name}' for name in missing)}"
        hint = "say what readers with a disability need to know (EPUB Accessibility 1.1)"
        yield book.fault("epub-accessibility", message, path, hint=hint)


_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][\w.:-]*;")
_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[|<!ENTITY")
_REFERENCES = ("href", "src", "{http://www.w3.org/1999/xlink}href", "poster", "data")
_WITHOUT_ALT = {"presentation", "none"}
_MOST = 1_000
"""Faults of one kind that are named of one document."""


def _content_faults(book: OpenedEpub) -> Iterator[Diagnostic]:
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
        ids = Counter(_ids(root))
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


def _links(book: OpenedEpub, path: str, root: etree._Element) -> Iterator[Diagnostic]:
    @cache
    def ids(file: str) -> frozenset[str] | None:
        """Those of a document; ``None`` for what can't be read."""
        tree = book.tree(file)
        return None if tree is None else frozenset(_ids(tree))

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
            elif fragment and local_name(element) != "use":
                known = ids(file)
                if known is None or fragment in known:
                    continue
                message = f"'{shown(reference)}' leads to an id that isn't there"
                yield book.fault("epub-link", message, path, element.sourceline, "correct the part after '#'")


def _declared_entities(book: OpenedEpub) -> Iterator[Diagnostic]:
    """Documents that declare entities or a DTD subset, which EPUBCheck lets pass within a file."""
    for path in sorted(book.contents):
        if path.endswith((".xhtml", ".html", ".opf", ".ncx", ".svg", ".xml")) and _SUBSET.search(book.contents[path]):
            message = "the file declares entities, or has a DTD subset, which reading systems refuse or ignore"
            yield book.fault("epub-content", message, path, hint="write the characters themselves")


def _content_doubts(book: OpenedEpub) -> Iterator[Diagnostic]:
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


BASIC = (_archive_faults, _package_faults, _content_faults)
"""What EPUBCheck reports too: of use where it isn't installed."""
BEYOND = (_compressed_mimetype, _declared_entities, _package_doubts, _unlisted_files, _content_doubts)
"""What it doesn't report."""
