"""The lines of an author's Markdown that findings in an EPUB come from.

The EPUB may be of any tool, so nothing but its words says where a thing comes from: the document's name or words tell
the chapter, and what the element refers to or says tells the line.
"""

from __future__ import annotations

import os
import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from html import unescape
from types import MappingProxyType

from msgspec.structs import replace

from chapbook.checking.opened_epub import OpenedEpub
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.names import document_name
from chapbook.model.order import every_chapter
from chapbook.reading.epub_archive import decoded
from chapbook.reading.source import read_book
from chapbook.source.positions import Locator

__all__ = ["SourcePlaces"]

_WORD = re.compile(r"[^\W\d_]{3,}")
_TAG = re.compile(r"<[^<>]*>")
_NAME = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_ATTRIBUTE = re.compile(r"""\s(?:[\w.-]+:)?(href|src|id|alt|lang)\s*=\s*("[^"]*"|'[^']*')""")
_HEADING = re.compile(r"<h[1-6][\s>]")
_BLOCK = re.compile(r"</?(?:p|div|li|td|th|h[1-6]|blockquote|section|figure|body)[\s>]")
_PIECE = re.compile(r"-\d+(?=\.xhtml$)")
_QUOTED = re.compile(r"""["'“‘]([^"'”’]{1,200})["'”’]""")
_REFERENCE = re.compile("[./#]")
_BODY = re.compile(r"<body[^<>]*>")
_LONGEST_TAG = 5_000
_SHORT = 3
"""Letters of a word that may stand anywhere."""
_MANY = 15
"""Words of a document that no page without a chapter has: a title page, a table of contents."""
_LIKENESS = 0.5
"""The least part of a document's words that its chapter has."""
_NEAR = 2_000
"""Characters of a document around a place in which words of it are looked for."""
_MOST_WORDS, _FEWEST_WORDS = 8, 2
_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "creator": "authors",
        "contributor": "contributors",
        "language": "language",
        "identifier": "identifier",
        "publisher": "publisher",
        "date": "date",
        "rights": "rights",
        "description": "description",
        "subject": "subjects",
    }
)
"""The key of book.yaml that an element of the package document's metadata comes from."""


class SourcePlaces:
    """The source of a book: its chapters and where book.yaml says what."""

    def __init__(self, source: str) -> None:
        """Reads the content folder or file `source`. Raises ChapbookError for one that isn't there."""
        read = read_book(source)
        self._base = source if os.path.isdir(source) else os.path.dirname(source)  # noqa: PTH112, PTH120 - as the user wrote it
        self._chapters = [each for each in every_chapter(read.items) if each.path]
        self._settings = read.settings
        self._by_name = {document_name(each.path): each for each in self._chapters}
        self._words = [_words_in(each.text) for each in self._chapters]
        self._documents: dict[str, _Document | None] = {}
        self._locators: dict[str, Locator] = {}

    def placed(self, found: Diagnostic, book: OpenedEpub) -> Diagnostic:
        """The diagnostic at its place in the source, with that in the EPUB in its words; the same where none fits.

        Where only the chapter can be told, the place is its file, without a line.
        """
        inner = (found.path or "").removeprefix(f"{book.path.name}/")
        if inner == found.path or found.line is None:
            return found
        if inner not in self._documents:
            self._documents[inner] = self._document(inner, book)
        document = self._documents[inner]
        if document is None:
            return found
        index = document.index(found)
        if document.chapter is None:
            path, at = self._settings.source, self._key(document.text, index)
            if at is None:
                return found
        elif index <= document.body:  # what a program wrote around the author's words
            return found
        else:
            path, at = document.chapter.path, self._line(document, document.chapter, index, found)
        place = ":".join(str(part) for part in (inner, found.line, found.column) if part is not None)
        return replace(
            found,
            path=os.path.join(self._base, path),  # noqa: PTH118 - as the user wrote it
            line=at.line if at else None,
            column=at.column if at else None,
            message=f"{found.message} ({place})",
        )

    def _document(self, inner: str, book: OpenedEpub) -> _Document | None:
        """A file of the EPUB that words of the source are in: the package document, and those of chapters."""
        data = book.contents.get(inner)
        is_package = inner == book.archive.package
        if data is None or not (is_package or any(each.path == inner for each in book.spine)):
            return None
        text = decoded(data)[0].replace("\r\n", "\n").replace("\r", "\n")
        chapter = None if is_package else self._named(inner) or self._alike(text)
        return _Document(text, chapter) if is_package or chapter else None

    def _key(self, text: str, index: int) -> Position | None:
        """Where book.yaml says what an element of the package document repeats."""
        tag = _tag_at(text, index)
        name = _NAME.match(tag)
        key = _KEYS.get(name[1], "") if name else ""
        if not key and "lang" in dict(_attributes(tag)):
            key = "language"
        return self._settings.positions.get(key)

    def _named(self, inner: str) -> Chapter | None:
        for name in (inner, _PIECE.sub("", inner)):
            parts = name.split("/")
            for at in range(len(parts)):
                if (chapter := self._by_name.get("/".join(parts[at:]))) is not None:
                    return chapter
        return None

    def _alike(self, text: str) -> Chapter | None:
        """The chapter that has most of the document's words; of a few words, it must have few others."""
        words = _words_in(unescape(_TAG.sub(" ", text[_body_of(text) :])))
        shares = [len(words & each) for each in self._words]
        most = max(shares, default=0)
        if not words or most < len(words) * _LIKENESS:
            return None
        at = shares.index(most)
        is_told = len(words) >= _MANY or most >= len(self._words[at]) * _LIKENESS
        return self._chapters[at] if is_told else None

    def _line(self, document: _Document, chapter: Chapter, index: int, found: Diagnostic) -> Position | None:
        locator = self._locators.setdefault(chapter.path, Locator(chapter.text, chapter.first_line))
        tag = _tag_at(document.text, index)
        quoted = (("src", each) for each in _QUOTED.findall(found.message) if _REFERENCE.search(each))
        for name, value in (*_attributes(tag), *quoted):
            for written in _as_authors_write(name, value):
                if written in chapter.text:
                    return _of_attribute(locator, name, written)
        for words in document.clues(index, tag):
            pattern = re.compile(r"\s+".join(map(re.escape, words)))
            if (match := pattern.search(chapter.text)) is not None:
                return locator.offset(match.start())
        return None


class _Document:
    """A file of the EPUB, and the chapter that it was made of; ``None`` for the package document."""

    def __init__(self, text: str, chapter: Chapter | None) -> None:
        self.text = text
        self.chapter = chapter
        self.body = _body_of(text)
        """Where its body begins."""
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._headings = [found.start() for found in _HEADING.finditer(text)]

    def index(self, found: Diagnostic) -> int:
        """The index in the text of a place, which a parser gives as that behind a start tag."""
        at = min((found.line or 1) - 1, len(self._lines) - 1)
        start = self._lines[at]
        end = self._lines[at + 1] - 1 if at + 1 < len(self._lines) else len(self.text)
        if found.column is not None:
            return min(start + found.column - 1, end)
        # Without a column it is the first tag of the line that says what the message quotes.
        for each in _QUOTED.findall(found.message):
            place = self.text.find(each, start, end)
            if place >= 0 and self.text.rfind("<", 0, place) < self.text.rfind(">", 0, place):
                return place
            if place >= 0:
                return self.text.find(">", place) + 1 or end
        return self.text.find(">", start) + 1 or end

    def clues(self, index: int, tag: str) -> Iterator[list[str]]:
        """Words by which a place may be found in the source: in its block behind it, before it, below, its heading."""
        end = _BLOCK.search(self.text, index, index + _NEAR)
        before = max(index - len(tag), 0)
        blocks = _BLOCK.finditer(self.text, max(before - _NEAR, 0), before)
        start = max((each.end() for each in blocks), default=before)
        yield from _words_of(self.text[index : end.start() if end else index + _NEAR])
        yield from _words_of(self.text[start:before])
        yield from _words_of(self.text[index : index + _NEAR])
        heading = bisect_right(self._headings, index) - 1
        if heading >= 0:
            yield from _words_of(self.text[self._headings[heading] :][:_NEAR])


def _body_of(text: str) -> int:
    found = _BODY.search(text)
    return found.end() if found else 0


def _words_in(text: str) -> frozenset[str]:
    return frozenset(map(str.casefold, _WORD.findall(text)))


def _tag_at(text: str, index: int) -> str:
    start = text.rfind("<", 0, index)
    return text[start:index] if start >= 0 and index - start <= _LONGEST_TAG else ""


def _attributes(tag: str) -> Iterator[tuple[str, str]]:
    return ((found[1], unescape(found[2][1:-1])) for found in _ATTRIBUTE.finditer(tag))


def _as_authors_write(name: str, value: str) -> Iterator[str]:
    """What an author may have written for the value of an attribute, from the likeliest on."""
    if name == "id":
        yield from (f"#{value}", f'id="{value}"')
    elif name == "alt":
        yield from (value,) if len(value) > _SHORT else ()
    elif name in {"href", "src"} and value:
        path, _, fragment = value.partition("#")
        stem, suffix = posixpath.splitext(posixpath.basename(path))
        yield value
        yield from (f"#{fragment}",) if fragment else ()
        yield from (f"{stem}.md" if suffix in {".xhtml", ".html"} else f"{stem}{suffix}",) if stem else ()


def _of_attribute(locator: Locator, name: str, written: str) -> Position:
    if name == "href":
        return locator.link(written)
    if name == "src":
        return locator.image(written)
    return locator.text(written)


def _words_of(text: str) -> Iterator[list[str]]:
    """The words of a piece of a document, as many as stand together between two tags, then fewer."""
    for piece in _TAG.split(text):
        words = unescape(piece).split()[:_MOST_WORDS]
        for count in range(len(words), _FEWEST_WORDS - 1, -2):
            yield words[:count]
        if len(words) == 1 and len(words[0]) >= _MOST_WORDS:
            yield words
