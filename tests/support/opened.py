"""An EPUB file opened for the gate: its archive, its package document and its parsed documents."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

__all__ = ["DC", "EPUB", "NCX", "OPF", "XHTML", "Item", "Opened"]

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB = "{http://www.idpf.org/2007/ops}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    id: str
    href: str
    name: str
    media_type: str
    properties: frozenset[str]


class Opened:
    def __init__(self, path: Path) -> None:
        self.raw = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            self.infos = archive.infolist()
            self.comment = archive.comment
            self.files = {info.filename: archive.read(info) for info in self.infos}

    def tree(self, name: str) -> etree._Element:
        """The root of an XML file, by a parser that takes nothing but well-formed XML."""
        return self._trees[name]

    @cached_property
    def _trees(self) -> dict[str, etree._Element]:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        return {
            name: etree.fromstring(content, parser)
            for name, content in self.files.items()
            if name.endswith((".xhtml", ".opf", ".ncx", ".svg", ".xml"))
        }

    @cached_property
    def package_name(self) -> str:
        (rootfile,) = self.tree("META-INF/container.xml").iter(f"{_CONTAINER}rootfile")
        return str(rootfile.get("full-path"))

    @property
    def package(self) -> etree._Element:
        return self.tree(self.package_name)

    @cached_property
    def items(self) -> list[Item]:
        folder = posixpath.dirname(self.package_name)
        return [
            Item(
                id=each.get("id", ""),
                href=each.get("href", ""),
                name=posixpath.join(folder, unquote(each.get("href", ""))),
                media_type=each.get("media-type", ""),
                properties=frozenset(each.get("properties", "").split()),
            )
            for each in self.package.iterfind(f"{OPF}manifest/{OPF}item")
        ]

    @cached_property
    def spine(self) -> list[str]:
        """The names of the documents in reading order."""
        by_id = {each.id: each.name for each in self.items}
        references = (each.get("idref", "") for each in self.package.iterfind(f"{OPF}spine/{OPF}itemref"))
        return [by_id[each] for each in references if each in by_id]  # EPUBCheck finds those that are not

    @cached_property
    def nav(self) -> str:
        (nav,) = (each.name for each in self.items if "nav" in each.properties)
        return nav

    @cached_property
    def ncx(self) -> str:
        (ncx,) = (each.name for each in self.items if each.media_type == "application/x-dtbncx+xml")
        return ncx

    def target(self, base: str, href: str) -> tuple[str, str]:
        """The file and the fragment, both decoded, that `href` in the file `base` leads to."""
        path, _, fragment = href.partition("#")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path))) if path else base
        return name, unquote(fragment)

    def metas(self, name: str) -> list[str]:
        """The values of the package's `meta` elements of the property `name`."""
        found = self.package.iterfind(f"{OPF}metadata/{OPF}meta[@property='{name}']")
        return [each.text or "" for each in found]
