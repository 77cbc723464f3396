"""Converts an EPUB to a content folder: chapters as Markdown, pictures, and a book.yaml with its metadata."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike

from lxml import etree
from msgspec.structs import replace

from chapbook.dialects.html import render_html
from chapbook.markup.parsing import parse_markup
from chapbook.markup.trees import EPUB_TYPE, remove, unwrap
from chapbook.model.contents import Chapter, Item, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.names import file_name, portable
from chapbook.model.order import in_order
from chapbook.model.settings import ContentFile
from chapbook.model.urls import encoded_fragment, path_and_fragment, relative, resolve, scheme_of
from chapbook.packaging.publication import identifier_of
from chapbook.reading.epub import read_epub
from chapbook.reading.epub_archive import local_name
from chapbook.reading.folder import FolderContents
from chapbook.reading.walk import shown
from chapbook.starting.book_yaml import book_yaml, front_matter, values_of_metadata
from chapbook.starting.markdown import CONTAINERS, HEADINGS, blocks_of

__all__ = ["files_of_epub"]

_LONGEST = 40
"""The most letters of a title in a file name."""
_PICTURES = frozenset({"avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"})
_MEDIA = frozenset({"aac", "m4a", "m4v", "mp3", "mp4", "oga", "ogg", "ogv", "opus", "wav", "webm"})
_UNTITLED = frozenset({"dedication", "epigraph"})
_UNSEEN = ("base", "link", "meta", "script", "style", "title")


def files_of_epub(source: str | PathLike[str]) -> tuple[Mapping[str, bytes], tuple[Diagnostic, ...]]:
    """The files of a content folder for the EPUB `source`, by path, and diagnostics.

    Raises ChapbookError if it isn't an EPUB, is locked, or has no chapter, and if markdownify isn't installed.
    """
    read = read_epub(source)
    if has_errors(read.diagnostics):
        raise ChapbookError(*(each for each in read.diagnostics if has_errors((each,))))
    return _Conversion(read).files()


class _Conversion:
    """The state while one EPUB becomes a folder. All file names are made here; none comes from the EPUB."""

    def __init__(self, read: FolderContents) -> None:
        self._read = read
        self._chapters = dict(_placed(read.items, ""))
        self._places = {
            path: place
            for place, chapter in self._chapters.items()
            for path in (chapter.path, *chapter.aliases)
            if path
        }
        self._bodies = {place: _body(chapter) for place, chapter in self._chapters.items()}
        self._targets = frozenset(self._targeted())
        self._dropped: set[str] = set()
        """Files whose front matter has the whole first heading, which was removed from the text."""
        self._tops: set[tuple[str, str]] = set()
        """Ids of headings that became titles: links to them lead to the whole chapter."""
        self._resources: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._unequal: list[str] = []

    def files(self) -> tuple[Mapping[str, bytes], tuple[Diagnostic, ...]]:
        """The files, and diagnostics."""
        values = self._values()
        for place, chapter in self._chapters.items():
            self._prepare(place, chapter)
        texts = {place: self._text(place, chapter) for place, chapter in self._chapters.items()}
        text, refused = book_yaml(values)
        pictures = {name: self._read.files.read(path) for path, name in self._resources.items()}
        return {
            "book.yaml": text.encode(),
            **{place: each.encode() for place, each in texts.items()},
            **pictures,
        }, (*self._read.diagnostics, *self._said(refused))

    def _values(self) -> dict[str, object]:
        """The values for book.yaml."""
        settings = self._read.settings
        values = values_of_metadata(self._read.metadata)
        values["identifier"] = identifier_of(self._read.metadata).value
        if settings.theme not in ("minimal", "classic"):
            values["theme"] = str(settings.theme)
        if settings.accent:
            values["accent"] = settings.accent
        if isinstance(settings.cover, ContentFile):
            suffix = settings.cover.path.rpartition(".")[2].lower()
            values["cover"] = f"cover.{suffix if suffix in _PICTURES else 'jpg'}"
            self._resources[settings.cover.path] = str(values["cover"])
        return values | {"toc_depth": settings.toc_depth, "dialect": "commonmark", "smart": False}

    def _targeted(self) -> Iterator[tuple[str, str]]:
        """The places in chapters that links lead to: path and id."""
        for place, body in self._bodies.items():
            for link in body.iter("a"):
                path, fragment = self._resolved(link.get("href", ""), self._chapters[place].path)
                if fragment:
                    yield path, fragment

    def _resolved(self, href: str, base: str) -> tuple[str, str]:
        """The path in the EPUB that a reference in the document `base` means, and the fragment."""
        if not href or scheme_of(href):
            return "", ""
        path, fragment = path_and_fragment(href)
        return (resolve(path, base.rpartition("/")[0]) if path else base), fragment

    def _text(self, place: str, chapter: Chapter) -> str:
        """The text of a chapter's file."""
        from chapbook.starting.round_trip import written_chapter  # noqa: PLC0415 - it needs an extra

        body = self._bodies.pop(place)
        for each in body.iter(etree.Element):
            for name in list(each.attrib):
                if name.rpartition("}")[2] in {"data", "href", "poster", "src"}:
                    self._refer(each, name, place, chapter.path)
        dropped = replace(chapter, title="x", show_title=False)
        written = written_chapter(body, dropped if place in self._dropped else chapter)
        self._counts["kept"] += written.kept
        if not written.is_equal:
            self._unequal.append(place)
        keys = ("type", "language", "accent", "show_title", "in_toc")
        said = {key: getattr(chapter, key) for key in keys if getattr(chapter, key) != getattr(Chapter(), key)}
        return front_matter({"title": chapter.title, **said}) + written.text

    def _prepare(self, place: str, chapter: Chapter) -> None:
        """Reduces the tree to what a Markdown chapter needs: few attributes, and no heading with its title."""
        body = self._bodies[place]
        for each in list(body.iter(*_UNSEEN)):
            remove(each)
        for each in [each for each in body.iter(etree.Element) if "pagebreak" in each.get(EPUB_TYPE, "").split()]:
            self._counts["pages"] += 1
            remove(each)
        for each in body.iter(etree.Element):
            if (chapter.path, each.get("id", "")) not in self._targets:
                each.attrib.pop("id", None)
            _keep_attributes(each, chapter.language or self._read.metadata.language, self._counts)
        body[:], body.text = list(blocks_of(body)), None
        for each in [span for code in body.iter("pre") for span in code.iter("span") if not span.attrib]:
            unwrap(each)  # colours of the old book's code
        headings = [each for each in body.iter(*HEADINGS) if _words(each)]
        repeating = [_compared(_words(each)) == _compared(chapter.title) for each in headings[:2]]
        if not any(repeating[:1]):
            self._chapters[place] = replace(chapter, dialect="", show_title=False if len(body) else None)
            return
        first = headings[0]
        # chapbook puts a first heading with the title into its opening, with its formatting.
        self._chapters[place] = replace(
            chapter, dialect="", title=_words(first), show_title=True if chapter.type in _UNTITLED else None
        )
        self._tops |= {(chapter.path, each.get("id", "")) for each in first.iter(etree.Element)}
        if first is body[0] and _is_plain(first) and not any(repeating[1:]):
            body.remove(first)
            self._dropped.add(place)

    def _refer(self, element: etree._Element, name: str, place: str, base: str) -> None:
        """Changes the reference in the attribute `name` to the file's name in the folder."""
        path, fragment = self._resolved(element.attrib[name], base)
        if not path:
            return
        if local_name(element) == "a":
            if path in self._places:
                to_place = bool(fragment) and (path, fragment) not in self._tops
                file = "" if self._places[path] == place and to_place else relative(self._places[path], place)
                element.attrib[name] = file + (f"#{encoded_fragment(fragment)}" if to_place else "")
            else:
                del element.attrib[name]
                self._counts["links"] += 1
        elif path in self._read.files.names() and (new := self._resource(path)):
            element.attrib[name] = relative(new, place)

    def _resource(self, path: str) -> str:
        """The name of a picture or recording in the folder; empty for anything else."""
        stem, _, suffix = path.rpartition("/")[2].rpartition(".")
        suffix = suffix.lower()
        if path in self._resources or suffix not in _PICTURES | _MEDIA:
            return self._resources.get(path, "")
        folder = "images" if suffix in _PICTURES else "media"
        taken, number = set(self._resources.values()), 1
        name = f"{folder}/{portable(stem)}.{suffix}"
        while name in taken:
            number += 1
            name = f"{folder}/{portable(stem)}-{number}.{suffix}"
        self._resources[path] = name
        return name

    def _said(self, refused: Iterable[str]) -> Iterator[Diagnostic]:
        """Reports what the folder lacks of the book, with numbers."""
        settings, counts = self._read.settings, self._counts
        unused = [each for each in self._read.files.names() if each.rpartition(".")[2].lower() in _PICTURES | _MEDIA]
        for number, words in (
            (len(settings.css), "style sheets of the old book: a theme gives the new one its looks"),
            (counts["looks"], "elements with a class or style of their own, which are plain now"),
            (counts["pages"], "page numbers of the printed edition"),
            (counts["links"], "links to pages that aren't in the new book; their words stay"),
            (len(unused) - len(self._resources), "pictures and recordings that no chapter shows"),
        ):
            if number > 0:
                yield Diagnostic.of("epub-left", f"not copied: {number:,} {words}")
        if counts["kept"]:
            yield Diagnostic.of(
                "epub-left", f"kept as HTML, since Markdown can't say the same: {counts['kept']:,} blocks"
            )
        for key in refused:
            yield Diagnostic.of("epub-left", f"not copied: '{key}', because chapbook doesn't accept its value")
        for place in self._unequal:
            message = f"'{shown(place)}' doesn't read exactly as in the old book"
            yield Diagnostic.of("epub-mended", message, path=place, hint="compare the two")


def _placed(items: Iterable[Item], folder: str) -> Iterator[tuple[str, Chapter]]:
    """A path in the folder for each chapter and part opening: numbered, so that names give the order."""
    siblings = in_order(items)
    width = max(2, len(str(len(siblings))))
    for number, each in enumerate(siblings, 1):
        opening = each.opening if isinstance(each, Part) else each
        name = f"{folder}{number:0{width}}-{_stem(opening.title)}"
        if isinstance(each, Part):
            yield f"{name}/_index.md", opening
            yield from _placed(each.contents, f"{name}/")
        else:
            yield f"{name}.md", opening


def _stem(title: str) -> str:
    return file_name(title)[:_LONGEST].strip("-") or "chapter"


def _body(chapter: Chapter) -> etree._Element:
    """The tree of a chapter of HTML."""
    return parse_markup(render_html(chapter.text) if chapter.dialect == "html" else "").section


_KEPT = frozenset(
    {
        *("alt", "cite", "colspan", "controls", "data", "datetime", "dir", "href", "id", "lang", "poster", "reversed"),
        *("rowspan", "scope", "src", "start", "title", "type", "value"),
    }
)
_THEMED = frozenset(
    {
        *("center", "decorative", "drop-cap", "epigraph", "i1", "i2", "i3", "justify", "left", "letter", "no-indent"),
        *("poem", "right", "small-caps", "verse"),
    }
)
"""Classes that every theme of chapbook knows."""
_NOTES = frozenset({"endnote", "endnotes", "footnote", "footnotes", "noteref", "rearnote", "rearnotes"})


def _keep_attributes(element: etree._Element, language: str, counts: Counter[str]) -> None:
    """Removes attributes that mean nothing without the old book's style sheets, and counts what is lost."""
    tag = str(element.tag)
    if tag.startswith("{"):  # a drawing or formula needs its attributes
        return
    types = set(element.attrib.pop(EPUB_TYPE, "").split())
    classes = element.get("class", "").split()
    kept = [each for each in classes if each in _THEMED or (each.startswith("language-") and tag in {"code", "pre"})]
    counts["looks"] += len(kept) < len(classes) or "style" in element.attrib
    for name in set(element.attrib) - _KEPT:
        del element.attrib[name]
    if kept:
        element.set("class", " ".join(kept))
    if types & _NOTES:
        element.set(EPUB_TYPE, " ".join(sorted(types & _NOTES)))
    if element.get("lang") == language:
        del element.attrib["lang"]
    if tag in CONTAINERS:
        element.attrib.pop("title", None)


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _compared(text: str) -> str:
    """The form in which a heading is compared with the title, like in the pass on headings."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text).casefold()) or text.casefold()


def _is_plain(heading: etree._Element) -> bool:
    """Whether a heading loses nothing if only its words are kept."""
    return all(local_name(each) in {"a", "span"} and "href" not in each.attrib for each in heading.iterdescendants())
