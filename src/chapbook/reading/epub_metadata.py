"""Reads the metadata of an EPUB (EPUB 3.3, section 5.5; OPF 2.0.1, section 2.2) as that of a book."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from types import MappingProxyType
from typing import Literal, TypeVar

from lxml import etree

from chapbook.keys.contributors import relator_code
from chapbook.keys.identifiers import parse_identifier
from chapbook.keys.languages import parse_language
from chapbook.model.dates import parse_moment, parse_w3c_date
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.metadata import Contributor, Identifier, Metadata, Series, WritingMode
from chapbook.reading.epub_archive import local_name
from chapbook.reading.walk import shown

__all__ = ["EPUB_HINTS", "read_metadata"]

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
EPUB_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "epub-unread": "open the old book to see what it was; the rest of the book is there",
        "epub-mended": "compare the book with the old one; writing it again mends it",
        "title-missing": "set the book's 'title'",
        "language-missing": "set the book's 'language'",
        "date-invalid": "set the book's 'date'",
    }
)
_T = TypeVar("_T")


def read_metadata(root: etree._Element, said: list[Diagnostic], path: str) -> Metadata:
    """What the package document `root` says about the book; what is wrong or isn't kept is added to `said`."""
    return _Reading(root, said, path).metadata()


class _Reading:
    """Reads the metadata of one package document."""

    def __init__(self, root: etree._Element, said: list[Diagnostic], path: str) -> None:
        self._root = root
        self._said = said
        self._path = path
        self._about = next((each for each in root if local_name(each) == "metadata"), root)
        self._refined: dict[tuple[str, str], str] = {}
        for each in self._about.iter("{*}meta"):
            refines, name = each.get("refines", ""), each.get("property", "")
            if refines:
                self._refined[refines.lstrip("#"), name] = _text(each)

    def _say(self, code: str, message: str) -> None:
        self._said.append(Diagnostic.of(code, message, path=self._path, hint=EPUB_HINTS.get(code)))

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
            what = f"'{said}' isn't a language tag" if said else "no language is set"
            self._say("language-missing", f"{what}, so chapbook assumes English")
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
        self._say("epub-mended", "the book has not an ISBN, UUID, DOI or URI as its identifier, so chapbook makes one")
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

    def _writing_mode(self) -> WritingMode:
        """The writing mode stated for Kindle; EPUB has no property for it."""
        metas = self._about.iter("{*}meta")
        said = next((each.get("content", "") for each in metas if each.get("name") == "primary-writing-mode"), "")
        return "vertical-rl" if said == "vertical-rl" else "horizontal-tb"

    def _name_unkept(self) -> None:
        """Reports what a chapbook book can't hold."""
        names = [f"dc:{name}" for each in self._about if (name := _dc_name(each)) and name not in _KEPT]
        metas = (each.get("property") or each.get("name") or "" for each in self._about.iter("{*}meta"))
        names += [each for each in metas if each and not _KNOWN_META.fullmatch(each)]
        if names:
            listed = ", ".join(dict.fromkeys(f"'{shown(each)}'" for each in names))
            self._say("epub-left", f"chapbook doesn't keep this metadata: {listed}")


def _dc_name(element: etree._Element) -> str:
    return element.tag.removeprefix(_DC) if isinstance(element.tag, str) and element.tag.startswith(_DC) else ""


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
