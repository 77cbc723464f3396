"""What the fuzzer feeds: functions that take any bytes, and raise where a law is broken.

The laws: nothing is raised but ChapbookError, documents are well-formed and hold what the allowlist has, nothing
outside the book is referred to, no letter is lost, each message is words with a place.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from unittest import mock

from PIL import Image

from chapbook import Book
from chapbook.assets.file_formats import ImageError
from chapbook.assets.image import fit_image
from chapbook.keys.front_matter import normal_lines, parse_front_matter
from chapbook.markup.page import ContentDocument, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.settings import SYNTAXES, ContentFile, ImageLimits
from chapbook.rendering.document import render_chapter
from chapbook.styling.fonts import embed_fonts, subset_font
from chapbook.styling.stylesheet import pack_stylesheet
from dialects.laws import browser_words, hold_document, shown_words
from support.css_addresses import css_addresses
from support.gate_references import outside_references
from support.pictures import drawing, saved
from support.well_told import is_told_well

__all__ = ["TARGETS", "folder_of"]

_LIMITS = ImageLimits(max_pixels=40_000, max_bytes=200_000)
_FAULTS = frozenset({"render-failed", "unexpected", "worker-lost"})
"""Codes of what chapbook itself did wrong."""
_MARKS = frozenset("[]<>&{}`~!:|$\\#^()\0")
"""Signs that may make what stands beside them something else than text."""
_CONTENTS = re.compile(r"\[\[?_?toc", re.IGNORECASE)
"""The sign that becomes the table of contents of a chapter."""
_PICTURE = saved(drawing(40, 40), "PNG")
_CHAPTER = b"# One\n\nWords.\n"
_BOOK = b"title: Fuzz\nlanguage: en\nauthor: Nobody\ncover: cover.png\n"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _check_told(diagnostics: Iterable[Diagnostic]) -> None:
    for each in diagnostics:
        assert is_told_well(each), each
        assert each.code not in _FAULTS, each


def _document(data: bytes, dialect: str, syntax: tuple[str, ...] = (), *, smart: bool = False) -> None:
    """A chapter: the document, by its laws, and where the text has no marks, every letter of it."""
    text = _text(data)
    settings = RenderSettings(dialect=dialect, syntax=syntax, smart=smart, language="de" if smart else "en")
    chapter = Chapter(text=text, title="Zwischenspiel", path="a.md")
    document = render_chapter(chapter, name="text/a.xhtml", settings=settings)
    _check_told(document.diagnostics)
    if not document.data:
        assert has_errors(document.diagnostics)
        return
    hold_document(document, text)
    if not syntax and not smart and dialect in {"markdown", "commonmark"}:  # "(c)" and "3x4" become signs
        _check_letters(text, dialect, document)


def _check_letters(text: str, dialect: str, document: ContentDocument) -> None:
    shown = Counter(filter(str.isalpha, shown_words(document)))
    if not _MARKS & set(text):
        assert Counter(filter(str.isalpha, text)) <= shown
    elif not {"<", "$", "{", "\0"} & set(text) and not _CONTENTS.search(text):
        assert Counter(filter(str.isalpha, browser_words(text, dialect))) <= shown  # type: ignore[arg-type]


def _inline_svg(data: bytes) -> None:
    _document(b'<svg viewBox="0 0 9 9"><title>x</title>' + data + b"</svg>\n\nwords\n", "markdown")


def _formula(data: bytes) -> None:
    _document(b"$$\n" + data + b"\n$$\n\nwords\n", "commonmark")


def _front_matter(data: bytes) -> None:
    text = normal_lines(_text(data))
    found = parse_front_matter(text, "a.md")
    assert text.endswith(found.chapter.text)
    _check_places(found.diagnostics, text)


def _check_places(diagnostics: Iterable[Diagnostic], text: str) -> None:
    lines = text.count("\n") + 1
    for each in diagnostics:
        assert each.line is None or each.line <= lines, each
        _check_told([each])


def folder_of(files: Mapping[str, bytes]) -> zipfile.Path:
    """A content folder in memory."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return zipfile.Path(zipfile.ZipFile(packed))


_in_this_process = mock.patch("chapbook.building.workers.may_begin_processes", return_value=False)
"""The fuzzer sees nothing of what other processes do."""


def _check_book(files: Mapping[str, bytes]) -> None:
    try:
        book = Book.from_folder(folder_of(files))
        _check_written(book)
    except ChapbookError as error:
        _check_told(error.diagnostics)


def _check_written(book: Book) -> None:
    written = io.BytesIO()
    try:
        with _in_this_process:
            report = book.write(written, jobs=1)
    except ChapbookError as error:
        _check_told(error.diagnostics)
        return
    _check_told(report.diagnostics)
    with zipfile.ZipFile(written) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    problems = list(outside_references(inside))
    assert not problems, problems


def _settings(data: bytes) -> None:
    files = {"a.md": _CHAPTER, "b/c.md": _CHAPTER, "cover.png": _PICTURE, "x.css": b"p { color: red }"}
    _check_book(files | {"book.yaml": data})


_NAVIGATION = (
    *("SUMMARY.md", "mkdocs.yml", "_quarto.yml", "_bookdown.yml", "_toc.yml", "sidebars.js", "hugo.toml", "Book.txt"),
    *("book.toml", "docusaurus.config.js", ".vitepress/config.mts", "_config.yml", "config.yaml", "README.md"),
)
_ROOTS = MappingProxyType({"SUMMARY.md": "book.toml", "sidebars.js": "docusaurus.config.js", "_toc.yml": "_config.yml"})
"""What lies beside a navigation file, so that the folder is a project of its tool."""


def _navigation(data: bytes) -> None:
    """The first line is the file's name."""
    named, _, text = data.partition(b"\n")
    name = _text(named)
    if name not in _NAVIGATION:
        name, text = _NAVIGATION[len(named) % len(_NAVIGATION)], data
    pages = ("index.md", "one.md", "two/index.md", "docs/three.md", "src/four.md", "content/five.md", "index.qmd")
    beside = {_ROOTS[name]: b""} if name in _ROOTS else {}
    files = dict.fromkeys(pages, _CHAPTER) | {"cover.png": _PICTURE, "book.yaml": _BOOK} | beside
    with suppress(ChapbookError), _in_this_process:
        _check_told(Book.from_folder(folder_of(files | {name: text})).check(jobs=1).diagnostics)


class _Folder:
    """A content folder of a style sheet, or of a font."""

    def __init__(self, **files: bytes) -> None:
        self._files = {name.replace("_", "."): content for name, content in files.items()}

    def names(self) -> frozenset[str]:
        return frozenset(self._files)

    def read(self, path: str) -> bytes:
        return self._files[path]


def _css(data: bytes) -> None:
    sheet = pack_stylesheet(ContentFile("s.css"), _Folder(s_css=data, t_css=data[::2], a_png=_PICTURE))
    _check_told(sheet.diagnostics)
    files = {"EPUB/styles/s.css": sheet.css.encode(), **{f"EPUB/{each.name}": each.data for each in sheet.assets}}
    problems = list(outside_references(files))
    assert not problems, problems
    again = pack_stylesheet(ContentFile("s.css"), _Folder(s_css=sheet.css.encode()))
    assert {each.code for each in again.diagnostics} <= {"css-reference-missing"}, again.diagnostics
    assert not any("@import" in each for each in css_addresses(sheet.css))


def _svg(data: bytes) -> None:
    try:
        fitted = fit_image(data, _LIMITS)
    except ImageError as error:
        _check_told([error.diagnostic])
        return
    _check_told(fitted.warnings)
    if fitted.suffix != ".svg":
        return
    problems = list(outside_references({"EPUB/images/a.svg": fitted.data}))
    assert not problems, problems
    assert fit_image(fitted.data, _LIMITS).data == fitted.data


def _picture(data: bytes) -> None:
    try:
        fitted = fit_image(data, _LIMITS)
    except ImageError as error:
        _check_told([error.diagnostic])
        return
    _check_told(fitted.warnings)
    assert len(fitted.data) <= _LIMITS.max_bytes
    if fitted.suffix != ".svg":
        with Image.open(io.BytesIO(fitted.data)) as picture:
            assert picture.width * picture.height <= _LIMITS.max_pixels
            picture.load()


def _font(data: bytes) -> None:
    fonts = embed_fonts([(ContentFile("a.ttf"), None)], _Folder(a_ttf=data), "book.yaml")
    _check_told(fonts.diagnostics)
    if fonts.assets and data[:4] in {b"\0\1\0\0", b"OTTO", b"true"}:
        with suppress(ValueError):
            assert subset_font(data, frozenset("abc"))


def _epub(data: bytes) -> None:
    """Files, each after a line ``== name``; or a ZIP, whole."""
    if not data.startswith(b"PK"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
            for each in (b"\n" + data).split(b"\n== ")[1:]:
                name, _, content = each.partition(b"\n")
                with suppress(ValueError):
                    archive.writestr(zipfile.ZipInfo(_text(name)[:100] or "x"), content)
        data = packed.getvalue()
    try:
        book = Book.from_epub(io.BytesIO(data))
    except ChapbookError as error:
        _check_told(error.diagnostics)
        return
    if not book.cover:
        book.cover = _PICTURE
    _check_written(book)


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {
        "front-matter": _front_matter,
        "settings": _settings,
        "markdown": partial(_document, dialect="markdown"),
        "commonmark": partial(_document, dialect="commonmark"),
        "html": partial(_document, dialect="html"),
        "typography": partial(_document, dialect="commonmark", smart=True),
        **{name: partial(_document, dialect="markdown", syntax=(name,)) for name in SYNTAXES},
        "formulas": _formula,
        "css": _css,
        "svg": _svg,
        "inline-svg": _inline_svg,
        "pictures": _picture,
        "fonts": _font,
        "navigation": _navigation,
        "epub": _epub,
    }
)
"""By name, which is the name of its folder in ``corpus`` too."""
