"""Reads the package document of an EPUB (EPUB 3.3, section 5; OPF 2.0.1): manifest, spine and metadata, as values."""

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

from chapbook.keys.contributors import relator_code
from chapbook.keys.identifiers import parse_identifier
from chapbook.keys.languages import parse_language
from chapbook.model.dates import parse_moment, parse_w3c_date
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.metadata import Contributor, Identifier, Metadata, Series, WritingMode
from chapbook.reading.epub_archive import Archive, local_name, parsed
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
    ncx = items.get(next((each.get("toc", "") for each in root.iter("{*}spine")), ""))
    of_type = [each.path for each in items.values() if each.media_type == "application/x-dtbncx+xml"]
    named = [path for path in archive.contents if path.lower().endswith(".ncx")]
    return Package(
        items=items,
        spine=tuple(reading.spine(items)),
        metadata=reading.metadata(),
        nav=next((each.path for each in items.values() if "nav" in each.properties), ""),
        ncx=ncx.path if ncx else next(iter((*of_type, *named)), ""),
        cover=reading.cover(items),
        guide=tuple((each.get("type", ""), each.get("href", "")) for each in root.iter("{*}reference")),
    )


_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_KEPT = frozenset(
    "title language identifier creator contributor publisher date rights description subject".split()  # noqa: SIM905
)
_KNOWN_META = re.compile(
    r"dcterms:modified|title-type|display-seq|role|file-as|belongs-to-collection|collection-type|group-position|"
    r"alternate-script|identifier-type|cover|primary-writing-mode|(?:schema|a11y|calibre):\S*|generator|dcterms:(?:title|creator|language)"
)
"""Metadata that chapbook reads, makes itself, or that a rewritten book doesn't need."""
_MARKUP = re.compile(r"</?(?:p|br|div|span|em|i|b|strong|a|ul|ol|li|h[1-6])\b[^>]{0,300}>", re.IGNORECASE)
_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "epub-unread": "open the old book to see what it was; the rest of the book is there",
        "epub-mended": "compare the book with the old one; writing it again mends it",
        "title-missing": "set the book's 'title'",
        "language-missing": "set the book's 'language'",
        "date-invalid": "set the book's 'date'",
    }
)
_NO_DOCUMENTS = ("image/", "audio/", "video/", "font/")
_T = TypeVar("_T")


class _Reading:
    """Reads one package document; what is wrong in it, or isn't kept, is added to `said`."""

    def __init__(self, archive: Archive, root: etree._Element, said: list[Diagnostic]) -> None:
        self._archive = archive
        self._root = root
        self._said = said
        self._about = next((each for each in root if local_name(each) == "metadata"), root)
        refining = (each for each in self._about.iter("{*}meta") if each.get("refines"))
        self._refined = {
            (each.get("refines", "").lstrip("#"), each.get("property", "")): _text(each) for each in refining
        }

    def _say(self, code: str, message: str) -> None:
        self._said.append(Diagnostic.of(code, message, path=shown(self._archive.package), hint=_HINTS.get(code)))

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
            while item and item.media_type.startswith(_NO_DOCUMENTS) and item.fallback in items and item.id not in seen:
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

    def metadata(self) -> Metadata:
        """The book's metadata; reports what chapbook can't keep."""
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
            writing_mode=self._writing_mode(),
        )

    def _all(self, name: str) -> list[etree._Element]:
        return [each for each in self._about.iter(etree.Element) if each.tag == f"{_DC}{name}"]

    def _first(self, name: str) -> str:
        return next(filter(None, map(_text, self._all(name))), "")

    def _refinement(self, element: etree._Element, name: str) -> str:
        """A property of an element: from EPUB 3's refining ``meta``, or else EPUB 2's attribute."""
        return self._refined.get((element.get("id", ""), name), "") or element.get(f"{_OPF}{name}", "")

    def _meta(self, name: str) -> etree._Element | None:
        metas = self._about.iter("{*}meta")
        return next((each for each in metas if name in (each.get("property"), each.get("name"))), None)

    def _people(self) -> Iterator[Contributor]:
        for kind, usual in (("creator", "aut"), ("contributor", "ctb")):
            for each in self._all(kind):
                if name := _text(each):
                    role, file_as = self._refinement(each, "role"), self._refinement(each, "file-as")
                    yield Contributor(name=name, role=relator_code(role) or usual, file_as=file_as)

    def _language(self) -> str:
        said = self._first("language")
        tag = parse_language(said.replace("_", "-")) if said else None
        if tag is None:
            what = f"'{said}' isn't a language tag" if said else "no language is set"
            self._say("language-missing", f"{what}, so chapbook assumes English")
        return tag or "en"

    def _identifier(self) -> Identifier | None:
        unique = self._root.get("unique-identifier", "")
        for each in sorted(self._all("identifier"), key=lambda each: each.get("id", "") != unique):
            text = _text(each)
            scheme = each.get(f"{_OPF}scheme", "").lower()
            found = _read(parse_identifier, f"isbn:{text}" if scheme == "isbn" and "isbn" not in text.lower() else text)
            if found is not None:
                return found
        self._say("epub-mended", "the book has not an ISBN, UUID, DOI or URI as its identifier, so chapbook makes one")
        return None

    def _date(self) -> str:
        for each in self._all("date"):
            if each.get(f"{_OPF}event", "publication") not in {"publication", "original-publication"}:
                continue
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
        index = _place("" if place is None else place.get("content", ""))
        return Series(name=name.get("content", "").strip(), index=index)

    def _direction(self) -> Literal["ltr", "rtl"] | None:
        said = next((each.get("page-progression-direction", "") for each in self._root.iter("{*}spine")), "")
        return "rtl" if said == "rtl" else "ltr" if said == "ltr" else None

    def _writing_mode(self) -> WritingMode:
        """The writing mode stated for Kindle; EPUB has no property for it."""
        metas = self._about.iter("{*}meta")
        said = next((each.get("content", "") for each in metas if each.get("name") == "primary-writing-mode"), "")
        return "vertical-rl" if said == "vertical-rl" else "horizontal-tb"

    def _name_unkept(self) -> None:
        """Reports what a chapbook book can't hold."""
        tags = (each.tag for each in self._about if isinstance(each.tag, str) and each.tag.startswith(_DC))
        names = [f"dc:{name}" for tag in tags if (name := tag.removeprefix(_DC)) not in _KEPT]
        metas = (each.get("property") or each.get("name") or "" for each in self._about.iter("{*}meta"))
        names += [each for each in metas if each and not _KNOWN_META.fullmatch(each)]
        if names:
            listed = ", ".join(dict.fromkeys(f"'{shown(each)}'" for each in names))
            self._say("epub-left", f"chapbook doesn't keep this metadata: {listed}")


def _text(element: etree._Element) -> str:
    """The text of an element on one line; without tags, if markup was written as text."""
    text = "".join(map(str, element.itertext()))
    if _MARKUP.search(text):
        text = unescape(_MARKUP.sub(" ", text))
    return " ".join(text.split())


def _place(text: str) -> str:
    """A position in a series as text: ``2``, ``2.5``."""
    text = text.strip()
    return re.sub(r"\.0+\Z", "", text) if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else ""


def _read(parse: Callable[[str], _T], text: str) -> _T | None:
    try:
        return parse(text)
    except ValueError:
        return None
