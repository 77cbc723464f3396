"""Reads the package document of an EPUB (EPUB 3.3, section 5; OPF 2.0.1): manifest and spine, as values."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from lxml import etree
from msgspec import Struct

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.metadata import Metadata
from chapbook.reading.epub_archive import Archive, local_name, parsed
from chapbook.reading.epub_metadata import EPUB_HINTS, read_metadata
from chapbook.reading.walk import shown

__all__ = ["Item", "Package", "read_package"]


class Item(Struct, frozen=True, kw_only=True):
    """A file of the manifest that exists."""

    id: str
    path: str
    """In the archive."""
    media_type: str
    properties: frozenset[str] = frozenset()
    fallback: str = ""


class Package(Struct, frozen=True, kw_only=True):
    """The content of the package document."""

    metadata: Metadata
    items: Mapping[str, Item]
    """By their ids."""
    spine: tuple[Item, ...]
    nav: str = ""
    ncx: str = ""
    """The path of the NCX in the archive; empty if there is none."""
    cover: str = ""
    """The path of the cover's picture."""
    guide: tuple[tuple[str, str], ...] = ()
    """The types and targets of EPUB 2's guide, as written."""


def read_package(archive: Archive, said: list[Diagnostic]) -> Package:
    """The package document of `archive`; problems are added to `said`. Raises ChapbookError if it is unreadable."""
    root = parsed(archive.contents[archive.package])
    if root is None or local_name(root) != "package":
        message = f"'{shown(archive.source)}' isn't an EPUB: its package document can't be read"
        hint = "give a file that a reading system opens; EPUBCheck says what is wrong with it"
        raise ChapbookError(Diagnostic.of("epub-invalid", message, path=archive.package, hint=hint))
    reading = _Reading(archive, root, said)
    items = reading.items()
    spine = tuple(reading.spine(items))
    ncx = items.get(next((each.get("toc", "") for each in root.iter("{*}spine")), ""))
    of_type = [each.path for each in items.values() if each.media_type == "application/x-dtbncx+xml"]
    named = [path for path in archive.contents if path.lower().endswith(".ncx")]
    return Package(
        metadata=read_metadata(root, said, shown(archive.package)),
        items=items,
        spine=spine,
        nav=next((each.path for each in items.values() if "nav" in each.properties), ""),
        ncx=ncx.path if ncx else next(iter((*of_type, *named)), ""),
        cover=reading.cover(items),
        guide=tuple((each.get("type", ""), each.get("href", "")) for each in root.iter("{*}reference")),
    )


class _Reading:
    """Reads one package document."""

    def __init__(self, archive: Archive, root: etree._Element, said: list[Diagnostic]) -> None:
        self._archive = archive
        self._root = root
        self._said = said

    def _say(self, code: str, message: str) -> None:
        self._said.append(Diagnostic.of(code, message, path=shown(self._archive.package), hint=EPUB_HINTS.get(code)))

    def items(self) -> dict[str, Item]:
        """The manifest by id; missing files are left out and reported, except unimportant ones."""
        found: dict[str, Item] = {}
        folder = posixpath.dirname(self._archive.package)
        for each in self._root.iter("{*}item"):
            href = each.get("href", "").partition("#")[0]
            if not href or "://" in href:
                continue
            path = self._archive.find(posixpath.join(folder, href))
            if path is None:
                self._say("epub-unread", f"the manifest lists '{shown(href)}', which doesn't exist")
                continue
            found.setdefault(
                each.get("id", "") or path,
                Item(
                    id=each.get("id", "") or path,
                    path=path,
                    media_type=each.get("media-type", "").strip().lower(),
                    properties=frozenset(each.get("properties", "").split()),
                    fallback=each.get("fallback", ""),
                ),
            )
        return found

    def spine(self, items: Mapping[str, Item]) -> Iterator[Item]:
        """The documents in reading order, each once; if the spine is empty, those of the manifest."""
        seen: set[str] = set()
        references = list(self._root.iter("{*}itemref"))
        if not references:
            self._say("epub-mended", "the spine is empty, so chapbook uses the documents in the order of the manifest")
            for each in items.values():
                if each.media_type == "application/xhtml+xml" and "nav" not in each.properties:
                    yield each
        for reference in references:
            item = items.get(reference.get("idref", ""))
            if item is None:
                self._say("epub-unread", f"the spine lists '{shown(reference.get('idref', ''))}', which doesn't exist")
            while item and not _is_document(item) and item.fallback in items and item.id not in seen:
                seen.add(item.id)
                item = items[item.fallback]
            if item and item.path not in seen:
                seen.add(item.path)
                yield item

    def cover(self, items: Mapping[str, Item]) -> str:
        """The cover picture: from EPUB 3's property, or else EPUB 2's ``meta``."""
        said = next((each.get("content", "") for each in self._root.iter("{*}meta") if each.get("name") == "cover"), "")
        marked = [each for each in items.values() if "cover-image" in each.properties]
        marked += [each for each in items.values() if said and said in {each.id, posixpath.basename(each.path)}]
        return next((each.path for each in marked if each.media_type.startswith("image/")), "")


def _is_document(item: Item) -> bool:
    return not item.media_type.startswith(("image/", "audio/", "video/", "font/"))
