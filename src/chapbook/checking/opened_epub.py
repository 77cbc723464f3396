"""An EPUB of any maker, opened to be checked: its entries, its package document, its content documents as trees."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree

from chapbook.model.diagnostics import Diagnostic
from chapbook.reading.epub_archive import Archive, local_name, open_archive, parsed
from chapbook.reading.walk import shown

__all__ = ["OPF", "XML", "OpenedEpub"]

OPF = "{http://www.idpf.org/2007/opf}"
XML = "{http://www.w3.org/XML/1998/namespace}"
_DOCUMENTS = {"application/xhtml+xml", "text/x-oeb1-document", "text/html"}
_MOST_ENTRIES = 20_000


class _PackageItem:
    """An item of the manifest."""

    def __init__(self, element: etree._Element, folder: str) -> None:
        self.element = element
        self.id = element.get("id", "")
        self.href = element.get("href", "")
        self.path = posixpath.normpath(posixpath.join(folder, unquote(urlsplit(self.href).path)))
        """In the archive."""
        self.media_type = element.get("media-type", "")
        self.properties = frozenset(element.get("properties", "").split())
        self.is_remote = bool(urlsplit(self.href).scheme)


class OpenedEpub:
    """One EPUB file. What can't be read of it is empty, and is said by the checks."""

    def __init__(self, path: Path) -> None:
        """Raises ChapbookError for what isn't an EPUB, is locked, or is larger than chapbook reads."""
        self.path = path
        self.archive: Archive = open_archive(path)
        with path.open("rb") as file:
            self.head = file.read(58)
        with zipfile.ZipFile(path) as archive:
            self.entries = archive.infolist()[:_MOST_ENTRIES]
        self.contents: Mapping[str, bytes] = self.archive.contents
        self.folder = posixpath.dirname(self.archive.package)
        self._trees: dict[str, etree._Element | None] = {}

    def fault(self, code: str, message: str, inner: str = "", line: int | None = None, hint: str = "") -> Diagnostic:
        """A diagnostic of the file `inner` in the EPUB, of the EPUB itself without one."""
        path = f"{self.path.name}/{shown(inner)}" if inner else self.path.name
        # The parser tells the line alone, and the first column would be a claim.
        return Diagnostic.of(code, message, path=path, hint=hint or None).replace(line=line or None)

    @cached_property
    def package(self) -> etree._Element:
        """The root of the package document, whatever can be read of it."""
        found = parsed(self.contents.get(self.archive.package, b""))
        return etree.Element("package") if found is None else found

    @property
    def is_epub3(self) -> bool:
        return self.package.get("version", "").startswith("3")

    @cached_property
    def items(self) -> tuple[_PackageItem, ...]:
        """The manifest."""
        return tuple(_PackageItem(each, self.folder) for each in self.package.iterfind(f"{OPF}manifest/{OPF}item"))

    @cached_property
    def spine(self) -> tuple[_PackageItem, ...]:
        """The items that the spine names, in its order."""
        by_id = {each.id: each for each in self.items}
        named = (each.get("idref", "") for each in self.package.iterfind(f"{OPF}spine/{OPF}itemref"))
        return tuple(by_id[each] for each in named if each in by_id)

    def documents(self) -> Iterator[tuple[str, etree._Element]]:
        """The content documents of the manifest that are well-formed, by their paths."""
        for each in self.items:
            root = self.tree(each.path) if each.media_type in _DOCUMENTS else None
            if root is not None:
                yield each.path, root

    def document_paths(self) -> Iterator[str]:
        """The content documents of the manifest that are there."""
        return (each.path for each in self.items if each.media_type in _DOCUMENTS and each.path in self.contents)

    def tree(self, path: str) -> etree._Element | None:
        """The root of a file; ``None`` for one that isn't there, or isn't well-formed."""
        if path not in self._trees:
            self._trees[path] = parsed(self.contents.get(path, b""), strict=True)
        return self._trees[path]

    def target(self, path: str, reference: str) -> tuple[str, str]:
        """The file and the fragment that a reference in the file `path` leads to; two empty texts for one outside."""
        parts = urlsplit(reference.strip())
        if parts.scheme or parts.netloc:
            return "", ""
        inner = unquote(parts.path)
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), inner)) if inner else path
        return file, unquote(parts.fragment)

    def metadata(self, name: str) -> list[etree._Element]:
        """The elements of the metadata with that local name, in the order of the package document."""
        return [each for each in self.package.iterfind(f"{OPF}metadata/*") if local_name(each) == name]
