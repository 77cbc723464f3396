"""The package document of an EPUB (EPUB 3.3, section 5; OPF 2.0.1): metadata, manifest and spine, as values."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from types import MappingProxyType
from typing import Literal, TypeVar

from lxml import etree
from msgspec import Struct

from chapbook.keys.identifiers import parse_identifier
from chapbook.keys.languages import parse_language
from chapbook.keys.relators import relator_code
from chapbook.model.dates import parse_moment, parse_w3c_date
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.metadata import Contributor, Identifier, Metadata, Series
from chapbook.reading.epub_archive import Archive, local_name, parsed
from chapbook.reading.walk import shown

__all__ = ["Item", "Package", "read_package"]

_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_KEPT = frozenset(
    "title language identifier creator contributor publisher date rights description subject".split()  # noqa: SIM905
)
_KNOWN_META = re.compile(
    r"dcterms:modified|title-type|display-seq|role|file-as|belongs-to-collection|collection-type|group-position|"
    r"alternate-script|identifier-type|cover|(?:schema|a11y|calibre):\S*|generator|dcterms:(?:title|creator|language)"
)
"""What chapbook reads, makes itself, or what says nothing of a book that is written again."""
_MARKUP = re.compile(r"</?(?:p|br|div|span|em|i|b|strong|a|ul|ol|li|h[1-6])\b[^>]*>", re.IGNORECASE)
_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "epub-unread": "open the old book to see what it was; the rest of the book is there",
        "epub-mended": "compare the book with the old one; writing it again mends it",
        "title-missing": "set the book's 'title'",
        "language-missing": "set the book's 'language'",
        "date-invalid": "set the book's 'date'",
    }
)
_T = TypeVar("_T")


class Item(Struct, frozen=True, kw_only=True):
    """A file of the manifest that is there."""

    id: str
    path: str
    """In the archive."""
    media_type: str
    properties: frozenset[str] = frozenset()
    fallback: str = ""


class Package(Struct, frozen=True, kw_only=True):
    """What the package document says."""

    metadata: Metadata
    items: Mapping[str, Item]
    """By their ids."""
    spine: tuple[Item, ...]
    nav: str = ""
    ncx: str = ""
    """The paths of the tables of contents in the archive; empty where there is none."""
    cover: str = ""
    """The path of the cover's picture."""
    guide: tuple[tuple[str, str], ...] = ()
    """The types and targets of EPUB 2's guide, which are as they were written."""


def read_package(archive: Archive, said: list[Diagnostic]) -> Package:
    """The package document of `archive`; what is wrong with it is added to `said`. Raises ChapbookError where it
    can't be read at all.
    """
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
        metadata=reading.metadata(),
        items=items,
        spine=spine,
        nav=next((each.path for each in items.values() if "nav" in each.properties), ""),
        ncx=ncx.path if ncx else next(iter((*of_type, *named)), ""),
        cover=reading.cover(items),
        guide=tuple((each.get("type", ""), each.get("href", "")) for each in root.iter("{*}reference")),
    )


class _Reading:
    """One package document being read."""

    def __init__(self, archive: Archive, root: etree._Element, said: list[Diagnostic]) -> None:
        self._archive = archive
        self._root = root
        self._said = said
        self._about = next((each for each in root if local_name(each) == "metadata"), root)
        self._refined: dict[tuple[str, str], str] = {}
        for each in self._about.iter("{*}meta"):
            refines, name = each.get("refines", ""), each.get("property", "")
            if refines:
                self._refined[refines.lstrip("#"), name] = _text(each)

    def _say(self, code: str, message: str) -> None:
        self._said.append(Diagnostic.of(code, message, path=shown(self._archive.package), hint=_HINTS.get(code)))

    def items(self) -> dict[str, Item]:
        """The manifest, by ids; what isn't there is left out and said, but for what nobody misses."""
        found: dict[str, Item] = {}
        folder = posixpath.dirname(self._archive.package)
        for each in self._root.iter("{*}item"):
            href = each.get("href", "").partition("#")[0]
            if not href or "://" in href:
                continue
            path = self._archive.find(posixpath.join(folder, href))
            if path is None:
                self._say("epub-unread", f"'{shown(href)}' is in the manifest and isn't there")
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
        """The documents in reading order, each once; where the spine is empty, those of the manifest."""
        seen: set[str] = set()
        references = list(self._root.iter("{*}itemref"))
        if not references:
            self._say("epub-mended", "the spine is empty, so chapbook takes the documents as the manifest lists them")
            for each in items.values():
                if each.media_type == "application/xhtml+xml" and "nav" not in each.properties:
                    yield each
        for reference in references:
            item = items.get(reference.get("idref", ""))
            if item is None:
                self._say("epub-unread", f"'{shown(reference.get('idref', ''))}' is in the spine and isn't there")
            while item and not _is_document(item) and item.fallback in items and item.id not in seen:
                seen.add(item.id)
                item = items[item.fallback]
            if item and item.path not in seen:
                seen.add(item.path)
                yield item

    def cover(self, items: Mapping[str, Item]) -> str:
        """The picture that is the cover: EPUB 3's property, else EPUB 2's ``meta``."""
        said = next(
            (each.get("content", "") for each in self._about.iter("{*}meta") if each.get("name") == "cover"), ""
        )
        marked = [each for each in items.values() if "cover-image" in each.properties]
        marked += [each for each in items.values() if said and said in {each.id, posixpath.basename(each.path)}]
        return next((each.path for each in marked if each.media_type.startswith("image/")), "")

    def metadata(self) -> Metadata:
        """What is said of the book; what chapbook has no place for is named."""
        titles = [(each, text) for each in self._all("title") if (text := _text(each))]
        kinds = [self._refinement(each, "title-type") for each, _ in titles]
        main = kinds.index("main") if "main" in kinds else 0
        subtitle = next((text for (_, text), kind in zip(titles, kinds, strict=True) if kind == "subtitle"), "")
        if not titles:
            self._say("title-missing", "the book has no title, so chapbook calls it 'Untitled'")
        self._name_unkept()
        return Metadata(
            title=titles[main][1] if titles else "Untitled",
            subtitle=subtitle if not titles or subtitle != titles[main][1] else "",
            language=self._language(),
            authors=tuple(self._people()),
            identifier=self._identifier(),
            publisher=self._first("publisher"),
            date=self._date(),
            modified=self._modified(),
            rights=self._first("rights"),
            description=self._first("description"),
            subjects=tuple(dict.fromkeys(filter(None, map(_text, self._all("subject"))))),
            series=self._series(),
            direction=self._direction(),
        )

    def _all(self, name: str) -> list[etree._Element]:
        return [each for each in self._about.iter(etree.Element) if each.tag == f"{_DC}{name}"]

    def _first(self, name: str) -> str:
        return next(filter(None, map(_text, self._all(name))), "")

    def _refinement(self, element: etree._Element, name: str) -> str:
        """A property of an element: EPUB 3's refining ``meta``, else EPUB 2's attribute."""
        return self._refined.get((element.get("id", ""), name), "") or element.get(f"{_OPF}{name}", "")

    def _meta(self, name: str) -> etree._Element | None:
        return next(
            (each for each in self._about.iter("{*}meta") if name in (each.get("property"), each.get("name"))), None
        )

    def _people(self) -> Iterator[Contributor]:
        for kind, usual in (("creator", "aut"), ("contributor", "ctb")):
            for each in self._all(kind):
                role = self._refinement(each, "role")
                name, file_as = _text(each), self._refinement(each, "file-as")
                if name:
                    yield Contributor(name=name, role=relator_code(role) or usual, file_as=file_as)

    def _language(self) -> str:
        said = self._first("language")
        tag = parse_language(said.replace("_", "-")) if said else None
        if tag is None:
            self._say("language-missing", f"'{said}' isn't a language tag, so chapbook assumes English")
        return tag or "en"

    def _identifier(self) -> Identifier | None:
        unique = self._root.get("unique-identifier", "")
        written = sorted(self._all("identifier"), key=lambda each: each.get("id", "") != unique)
        for each in written:
            text = _text(each)
            scheme = each.get(f"{_OPF}scheme", "").lower()
            found = _read(parse_identifier, f"isbn:{text}" if scheme == "isbn" and "isbn" not in text.lower() else text)
            if found is not None:
                return found
        self._say("epub-mended", "the book has no ISBN, UUID, DOI or URI as its identifier, so chapbook makes one")
        return None

    def _date(self) -> str:
        dates = self._all("date")
        published = [
            each for each in dates if each.get(f"{_OPF}event", "publication") in {"publication", "original-publication"}
        ]
        for each in published:
            found = _read(parse_w3c_date, _text(each))
            if found is not None:
                return found
            self._say("date-invalid", f"'{_text(each)}' isn't a valid date")
        return ""

    def _modified(self) -> dt.datetime | None:
        element = self._meta("dcterms:modified")
        return None if element is None else _read(parse_moment, _text(element))

    def _series(self) -> Series | None:
        for each in self._about.iter("{*}meta"):
            kind = self._refinement(each, "collection-type")
            if each.get("property") == "belongs-to-collection" and kind in {"", "series"} and _text(each):
                return Series(name=_text(each), index=_place(self._refinement(each, "group-position")))
        name, place = self._meta("calibre:series"), self._meta("calibre:series_index")
        if name is None or not name.get("content", "").strip():
            return None
        return Series(
            name=name.get("content", "").strip(), index=_place("" if place is None else place.get("content", ""))
        )

    def _direction(self) -> Literal["ltr", "rtl"] | None:
        said = next((each.get("page-progression-direction", "") for each in self._root.iter("{*}spine")), "")
        return "rtl" if said == "rtl" else "ltr" if said == "ltr" else None

    def _name_unkept(self) -> None:
        """Names what a book of chapbook's has no place for."""
        names = [f"dc:{name}" for each in self._about if (name := _dc_name(each)) and name not in _KEPT]
        metas = (each.get("property") or each.get("name") or "" for each in self._about.iter("{*}meta"))
        names += [each for each in metas if each and not _KNOWN_META.fullmatch(each)]
        if names:
            listed = ", ".join(dict.fromkeys(f"'{shown(each)}'" for each in names))
            self._say("epub-left", f"chapbook doesn't keep this metadata: {listed}")


def _is_document(item: Item) -> bool:
    return not item.media_type.startswith(("image/", "audio/", "video/", "font/"))


def _dc_name(element: etree._Element) -> str:
    return element.tag.removeprefix(_DC) if isinstance(element.tag, str) and element.tag.startswith(_DC) else ""


def _text(element: etree._Element) -> str:
    """The words of an element in one line; of markup that was written as text, the words."""
    text = "".join(map(str, element.itertext()))
    if _MARKUP.search(text):
        text = unescape(_MARKUP.sub(" ", text))
    return " ".join(text.split())


def _place(text: str) -> str:
    """A place in a series as text: ``2``, ``2.5``."""
    text = text.strip()
    return re.sub(r"\.0+\Z", "", text) if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else ""


def _read(parse: Callable[[str], _T], text: str) -> _T | None:
    try:
        return parse(text)
    except ValueError:
        return None
