"""The lines of an author's Markdown that findings in an EPUB come from.

The EPUB may be of any tool, so nothing but its words says where a thing comes from: the document's name or words tell
the chapter, and what the element refers to or says tells the line.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from types import MappingProxyType

from msgspec.structs import replace

from chapbook.checking.opened import OpenedEpub
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
_LONGEST_TAG = 5_000
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
        self._words = [frozenset(map(str.casefold, _WORD.findall(each.text))) for each in self._chapters]
        self._known: dict[str, Chapter | None] = {}
        self._locators: dict[str, Locator] = {}

    def placed(self, found: Diagnostic, book: OpenedEpub) -> Diagnostic:
        """The diagnostic at its place in the source, with that in the EPUB in its words; the same where none fits."""
        inner = (found.path or "").removeprefix(f"{book.path.name}/")
        if inner == found.path or found.line is None or inner not in book.contents:
            return found
        text = decoded(book.contents[inner])[0].replace("\r\n", "\n").replace("\r", "\n")
        index = _index(text, found)
        if inner == book.archive.package:
            path, at = self._settings.source, self._key(text, index)
        else:
            chapter = self._chapter(inner, text)
            path, at = (chapter.path, self._line(chapter, text, index, found)) if chapter else ("", None)
        if at is None:
            return found
        place = ":".join(str(part) for part in (inner, found.line, found.column) if part is not None)
        message = f"{found.message} ({place})"
        path = os.path.join(self._base, path)  # noqa: PTH118 - as the user wrote it
        return replace(found, path=path, line=at.line, column=at.column, message=message)

    def _key(self, text: str, index: int) -> Position | None:
        """Where book.yaml says what an element of the package document repeats."""
        tag = _tag_at(text, index)
        name = _NAME.match(tag)
        key = _KEYS.get(name[1], "") if name else ""
        if not key and "lang" in dict(_attributes(tag)):
            key = "language"
        return self._settings.positions.get(key)

    def _chapter(self, inner: str, text: str) -> Chapter | None:
        """The chapter that a document was made of: by the name that chapbook gives it, else by its words."""
        if inner not in self._known:
            self._known[inner] = self._named(inner) or self._alike(text)
        return self._known[inner]

    def _named(self, inner: str) -> Chapter | None:
        for name in (inner, _PIECE.sub("", inner)):
            parts = name.split("/")
            for at in range(len(parts)):
                if (chapter := self._by_name.get("/".join(parts[at:]))) is not None:
                    return chapter
        return None

    def _alike(self, text: str) -> Chapter | None:
        words = frozenset(map(str.casefold, _WORD.findall(unescape(_TAG.sub(" ", text)))))
        shares = [len(words & each) for each in self._words]
        most = max(shares, default=0)
        if not words or most < len(words) * _LIKENESS:
            return None
        return self._chapters[shares.index(most)]

    def _line(self, chapter: Chapter, text: str, index: int, found: Diagnostic) -> Position:
        locator = self._locators.setdefault(chapter.path, Locator(chapter.text, chapter.first_line))
        tag = _tag_at(text, index)
        quoted = _QUOTED.findall(found.message)
        for name, value in (*_attributes(tag), *(("src", each) for each in quoted)):
            for written in _as_authors_write(value):
                if written in chapter.text:
                    return _of_attribute(locator, name, written)
        for words in _clues(text, index, tag):
            pattern = re.compile(r"\s+".join(map(re.escape, words)))
            if (match := pattern.search(chapter.text)) is not None:
                return locator.offset(match.start())
        return locator.offset(0)


def _index(text: str, found: Diagnostic) -> int:
    """The index in the text of a place, which a parser gives as that behind a start tag."""
    start = 0
    for _ in range((found.line or 1) - 1):
        start = text.find("\n", start) + 1 or len(text)
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    if found.column is not None:
        return min(start + found.column - 1, end)
    # Without a column it is the first tag of the line that says what the message quotes.
    for each in _QUOTED.findall(found.message):
        at = text.find(each, start, end)
        if at >= 0 and text.rfind("<", 0, at) < text.rfind(">", 0, at):
            return at
        if at >= 0:
            return text.find(">", at) + 1 or end
    return text.find(">", start) + 1 or end


def _tag_at(text: str, index: int) -> str:
    start = text.rfind("<", 0, index)
    return text[start:index] if start >= 0 and index - start <= _LONGEST_TAG else ""


def _attributes(tag: str) -> Iterator[tuple[str, str]]:
    return ((found[1], unescape(found[2][1:-1])) for found in _ATTRIBUTE.finditer(tag))


def _as_authors_write(value: str) -> Iterator[str]:
    """What an author may have written for the value of an attribute, from the likeliest on."""
    fragment = value.partition("#")[2]
    name = posixpath.basename(value.partition("#")[0])
    stem, suffix = posixpath.splitext(name)
    yield from (each for each in (value, f"#{fragment}" if fragment else "", fragment) if each)
    if suffix in {".xhtml", ".html"} and stem:
        yield f"{stem}.md"
    elif name:
        yield name


def _of_attribute(locator: Locator, name: str, written: str) -> Position:
    if name == "href":
        return locator.link(written)
    if name == "src":
        return locator.image(written)
    return locator.text(written)


def _clues(text: str, index: int, tag: str) -> Iterator[list[str]]:
    """Words by which a place may be found in the source: in its block behind it, before it, below it, its heading's."""
    end = _BLOCK.search(text, index)
    before = max(index - len(tag), 0)
    start = max((each.end() for each in _BLOCK.finditer(text, max(before - _NEAR, 0), before)), default=before)
    heads = [each.start() for each in _HEADING.finditer(text, 0, index)]
    yield from _words_of(text[index : end.start() if end else index + _NEAR])
    yield from _words_of(text[start:before])
    yield from _words_of(text[index : index + _NEAR])
    yield from (words for at in heads[-1:] for words in _words_of(text[at : at + _NEAR]))


def _words_of(text: str) -> Iterator[list[str]]:
    """The words of a piece of a document, as many as stand together between two tags, then fewer."""
    for piece in _TAG.split(text):
        words = unescape(piece).split()[:_MOST_WORDS]
        for count in range(len(words), _FEWEST_WORDS - 1, -2):
            yield words[:count]
        if len(words) == 1 and len(words[0]) >= _MOST_WORDS:
            yield words
