"""One edition of a book as it is compared and counted: what its EPUB says, whether it is a file or is made here."""

from __future__ import annotations

import hashlib
import io
import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from chapbook.assets.file_formats import ImageError, sniff
from chapbook.assets.raster import read_raster
from chapbook.assets.sfnt import read_font
from chapbook.assets.svg_appearance import svg_size
from chapbook.book import Book
from chapbook.building.plan import plan_documents, walk
from chapbook.inspecting.changes import BookFile
from chapbook.inspecting.text import Text
from chapbook.inspecting.words import text_of
from chapbook.model.codes import Severity
from chapbook.model.contents import Chapter, Item, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.metadata import Metadata
from chapbook.model.settings import ImageLimits
from chapbook.model.xml_text import single_spaced
from chapbook.reading.epub import read_epub
from chapbook.reading.epub_archive import local_name, parsed
from chapbook.reading.epub_pages import parsed_page
from chapbook.reading.folder import FolderContents
from chapbook.series.one_book import chosen_book
from chapbook.series.planning import plan_one_book
from chapbook.series.requests import AS_THEY_ARE, BookRequest, Choices

__all__ = ["Edition", "EditionChapter", "Source", "is_epub", "read_edition"]

Source = Book | str | PathLike[str] | BinaryIO
"""A book, the path of its content folder, Markdown file or EPUB, or an EPUB as a binary file object."""


class EditionChapter(Struct, frozen=True, kw_only=True):
    """A chapter, or the opening of a part."""

    chapter: Chapter
    """As it is read from the EPUB."""
    source: str = ""
    """The Markdown file that it is made of; empty where only an EPUB is given, or Python made it."""
    part: str = ""
    """The name of the opening of the part that it is in; empty at the top."""
    is_part: bool = False

    @property
    def name(self) -> str:
        """The document's path in the EPUB; of a part without a document one made of its title."""
        return self.chapter.path or f"{self.part}/{self.chapter.title}"

    @property
    def shown(self) -> str:
        """What a person calls it."""
        return self.source or self.chapter.path

    def text(self, place: Callable[[str], str] = str) -> Text:
        """What it says; `place` is as `text_of` has it."""
        root = parsed_page(self.chapter.text) if self.chapter.text else None
        return Text() if root is None else text_of(root, self.chapter.path, self.chapter.title, place)


class Edition(Struct, frozen=True, kw_only=True):
    """A whole book."""

    source: str
    """As the caller named it; the title of a book that Python made."""
    metadata: Metadata
    statements: Mapping[str, str]
    """What the package document says, in words, by the names of `Book`'s attributes or its own."""
    theme: str
    """The name of a theme of chapbook's; empty for another's."""
    accent: str
    cover: str
    """The path of the cover's picture; empty where there is none."""
    chapters: tuple[EditionChapter, ...]
    """In reading order, a part's opening before what is in the part."""
    files: tuple[BookFile, ...]
    """By name."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What of an EPUB couldn't be read, and so is compared with nothing."""


def read_edition(source: Source | BookRequest, choices: Choices = AS_THEY_ARE) -> Edition:
    """The edition that `source` is or makes; `choices` are for one that is made here.

    Raises ChapbookError where it has errors, isn't there, or is several books.
    """
    if isinstance(source, str | PathLike) and not is_epub(source):
        source = plan_one_book(os.fspath(source), choices)
    if isinstance(source, BookRequest):
        return _made(chosen_book(source), source.choices, source.source)
    if isinstance(source, Book):
        return _made(source, choices, source.title)
    return _edition(read_epub(source), {})


def _made(book: Book, choices: Choices, name: str) -> Edition:
    """The edition that `book` makes."""
    memory = io.BytesIO()
    book.write(memory, jobs=choices.jobs, cache=choices.cache, strict=choices.strict)
    values = book._values()  # noqa: SLF001 - the book as a build takes it
    sources = {each.name: each.chapter.path for each in walk(plan_documents(values))}
    memory.seek(0)
    return _edition(read_epub(memory), sources, name)


def is_epub(path: str | PathLike[str]) -> bool:
    """Whether `path` names an EPUB file."""
    return Path(path).suffix.lower() == ".epub" and not os.path.isdir(path)  # noqa: PTH112 - which raises nothing


def _edition(read: FolderContents, sources: Mapping[str, str], source: str = "") -> Edition:
    if has_errors(read.diagnostics):
        raise ChapbookError(*(each for each in read.diagnostics if each.severity is Severity.ERROR))
    settings = read.settings
    chapters = tuple(_chapters(read.items, sources, ""))
    documents = {each.chapter.path for each in chapters}
    return Edition(
        source=source or read.source,
        metadata=read.metadata,
        statements=_statements(read),
        theme=str(settings.theme),
        accent=settings.accent,
        cover=getattr(settings.cover, "path", ""),
        chapters=chapters,
        files=tuple(_files((name, read.files.read(name)) for name in sorted(read.files.names() - documents))),
        diagnostics=() if source else tuple(each for each in read.diagnostics if each.severity is Severity.WARNING),
    )


def _statements(read: FolderContents) -> dict[str, str]:
    names = sorted((name for name in read.files.names() if name.endswith(".opf")), key=lambda each: each.count("/"))
    package = parsed(read.files.read(names[0])) if names else None
    return {} if package is None else _said_in(package)


_NAMES = MappingProxyType(
    {
        "dc:title": "title",
        "dc:creator": "authors",
        "dc:contributor": "contributors",
        "dc:language": "language",
        "dc:identifier": "identifier",
        "dc:publisher": "publisher",
        "dc:date": "date",
        "dc:rights": "rights",
        "dc:description": "description",
        "dc:subject": "subjects",
        "belongs-to-collection": "series",
        "schema:bookEdition": "edition",
        "schema:publisherImprint": "imprint",
        "dcterms:audience": "audience",
        "dcterms:conformsTo": "accessibility",
        "dcterms:license": "rights_uri",
    }
)
"""The attributes of `Book` that the statements come from."""
_OF_THE_EDITION = re.compile(r"dcterms:modified|schema:access\w*|generator|dcterms:(?:title|creator|language)|")
"""What each edition says anew: its time, and what chapbook finds of its accessibility."""
_USUAL = frozenset({("role", "aut"), ("title-type", "main"), ("collection-type", "series")})
_UNTOLD = frozenset({"display-seq", "identifier-type"})


def _said_in(package: etree._Element) -> dict[str, str]:
    """What a package document says of the book, each in words with what refines it (EPUB 3.3, section 5.5).

    Several statements of one name have semicolons between.
    """
    about = next((each for each in package if local_name(each) == "metadata"), package)
    refined: dict[str, list[etree._Element]] = {}
    for each in about.iter("{*}meta"):
        if each.get("refines"):
            refined.setdefault(each.get("refines", "").lstrip("#"), []).append(each)
    found: dict[str, list[str]] = {}
    for each in about.iter(etree.Element):
        name = _name(each)
        if name and not each.get("refines") and not _OF_THE_EDITION.fullmatch(name):
            details = dict(_refinements(each, refined))
            key = "subtitle" if details.pop("title-type", "") == "subtitle" else _NAMES.get(name, name)
            more = ", ".join(f"{detail}: {words}" for detail, words in details.items())
            found.setdefault(key, []).append(f"{_words(each)} ({more})" if more else _words(each))
    return {name: "; ".join(values) for name, values in found.items()}


def _words(element: etree._Element) -> str:
    return single_spaced("".join(map(str, element.itertext()))) or element.get("href", "")


def _name(element: etree._Element) -> str:
    """``dc:title``, the property of a ``meta``, or the relation of a ``link``."""
    name = local_name(element)
    if str(element.tag).startswith("{http://purl.org/dc/elements/1.1/}"):
        return f"dc:{name}"
    return element.get({"meta": "property", "link": "rel"}.get(name, "property"), "")


def _refinements(element: etree._Element, refined: Mapping[str, list[etree._Element]]) -> Iterator[tuple[str, str]]:
    """What is said of a statement: by EPUB 3's ``meta``, or by EPUB 2's attributes."""
    for each in refined.get(element.get("id") or "", ()):
        pair = (each.get("property", ""), _words(each))
        if pair not in _USUAL and pair[0] not in _UNTOLD:
            yield pair
        yield from _refinements(each, refined)
    for key, value in element.attrib.items():
        pair = (str(key).rpartition("}")[2], str(value))
        if str(key).startswith("{http://www.idpf.org/2007/opf}") and pair not in _USUAL:
            yield pair


def _chapters(items: Iterable[Item], sources: Mapping[str, str], part: str) -> Iterator[EditionChapter]:
    for item in items:
        chapter = item.opening if isinstance(item, Part) else item
        made = EditionChapter(
            chapter=chapter, source=sources.get(chapter.path, ""), part=part, is_part=isinstance(item, Part)
        )
        yield made
        if isinstance(item, Part):
            yield from _chapters(item.contents, sources, made.name)


_RECORDINGS = frozenset({".aac", ".m4a", ".m4v", ".mp3", ".mp4", ".oga", ".ogg", ".ogv", ".opus", ".wav", ".webm"})
_NOT_CONTENT = frozenset({".htm", ".html", ".ncx", ".opf", ".smil", ".xhtml", ".xml", ""})


def _files(contents: Iterable[tuple[str, bytes]]) -> Iterator[BookFile]:
    for name, data in contents:
        suffix = posixpath.splitext(name)[1].lower()
        if name == "mimetype" or name.startswith("META-INF/"):
            continue
        known = sniff(data)
        role = known.role if known else ""
        digest = hashlib.sha256(data).hexdigest()
        media_type = known.media_type if known else "text/css" if suffix == ".css" else ""
        made = BookFile(name=name, kind="file", media_type=media_type, bytes=len(data), digest=digest)
        if known and role in {"ships", "converted"}:
            yield _picture(made, known.name, data)
        elif role == "font":
            yield _font(made, data)
        elif suffix == ".css":
            yield replace(made, kind="style sheet")
        elif suffix in _RECORDINGS:
            yield replace(made, kind="recording")
        elif suffix not in _NOT_CONTENT:
            yield made


def _picture(file: BookFile, format_name: str, data: bytes) -> BookFile:
    size = (0, 0)
    if format_name == "SVG":
        root = parsed(data)
        size = (0, 0) if root is None else svg_size(root)
    else:
        with suppress(ImageError):
            raster = read_raster(format_name, data, ImageLimits().read_pixels)
            size = (raster.width, raster.height)
    return replace(file, kind="picture", width=size[0], height=size[1])


def _font(file: BookFile, data: bytes) -> BookFile:
    try:
        names = read_font(data)
    except ValueError:
        return replace(file, kind="font")
    told = hashlib.sha256(repr(names).encode()).hexdigest()
    return replace(file, kind="font", digest=told, font=names)
