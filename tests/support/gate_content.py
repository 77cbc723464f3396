"""What must hold of the content documents, pictures and style sheets, and EPUBCheck does not ask."""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from support.opened import XHTML, Item, Opened

__all__ = ["OWN_STYLE", "check_content"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_REFUSED = {"script", "iframe", "form", "object", "embed", "base", "input", "button", "font", "center", "frame"}
_SELF_CLOSED = re.compile(
    rb"<(?:a|abbr|aside|b|blockquote|caption|cite|code|dd|del|div|dl|dt|em|figcaption|figure|footer|h[1-6]|header|i"
    rb"|kbd|li|nav|ol|p|pre|q|section|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?/>"
)
_LINKS = ("href", "src", "{http://www.w3.org/1999/xlink}href", "poster", "cite", "data")
_OUTSIDE = re.compile(r"(?:https?|mailto|tel|urn|doi):", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PIXELS = 5_600_000
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY  # draw.io keeps its drawing in a picture's text
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_CSS = re.compile(r"@import|\bunicode-bidi\b|(?<![\w-])direction\s*:|url\(\s*['\"]?(?:[a-z]+:|/)", re.IGNORECASE)


OWN_STYLE = re.compile(
    r"(?:(?:width|height): \d+(?:\.\d+)?(?:%|em|rem|ex|ch|vw|vh|cm|mm|in|pt|pc)(?:; )?)+"
    r"|(?:page-break-(?:before|after): always; break-(?:before|after): page(?:; )?)+"
    r"|text-indent: 0; margin-bottom: 0; page-break-after: avoid"
    r"|width: \d+\.\d\dem; vertical-align: -\d+\.\d{3}em|margin: 1\.2em 0"
)
"""What chapbook itself writes: the size of a picture, a break of the page, the title of code; for Kindle the place of
a formula in its line, and the room around a scene break."""


def check_content(book: Opened) -> Iterator[str]:
    for each in book.items:
        if each.media_type == "application/xhtml+xml":
            yield from _document(book, each.name)
        elif each.media_type in _FORMATS:
            yield from _picture(book, each)
        elif each.media_type == "text/css":
            yield from _style_sheet(book, each)


def _document(book: Opened, name: str) -> Iterator[str]:
    root = book.tree(name)
    if not root.get("lang") or root.get("lang") != root.get(_LANG):
        yield f"{name}: lang is {root.get('lang')}, xml:lang is {root.get(_LANG)}"
    if not (root.findtext(f"{XHTML}head/{XHTML}title") or "").strip():
        yield f"{name}: no title"
    if found := _SELF_CLOSED.search(book.files[name]):
        yield f"{name}: {found[0].decode()} is closed in itself"
    if b"<!--" in book.files[name]:
        yield f"{name}: a comment ships"
    ids = Counter(each.get("id") for each in root.iter("*") if each.get("id") is not None)
    yield from (f"{name}: the id '{each}' {count} times" for each, count in ids.items() if count > 1)
    for element in root.iter("*"):
        yield from (f"{name}: {problem}" for problem in _element(book, name, element))


def _element(book: Opened, name: str, element: etree._Element) -> Iterator[str]:
    tag = str(element.tag)
    local = tag.rpartition("}")[2]
    if local in _REFUSED:
        yield f"<{local}> ships"
    if tag == f"{XHTML}link" and element.get("rel") == "stylesheet" and element.get("type") != "text/css":
        yield "a style sheet is linked without its type"
    if tag == f"{XHTML}img" and element.get("alt") is None:
        yield f"{element.get('src')} has no alt"
    for key, value in element.attrib.items():
        if str(key).startswith("on"):
            yield f"the event handler {key!s} ships"
        if key == "style" and not OWN_STYLE.fullmatch(value):
            yield f'style="{value}" ships'
        if key in _LINKS and not _OUTSIDE.match(value):
            if value.startswith("/") or _SCHEME.match(value) or re.search(r"[\s\\|\[\]]", value):
                yield f'{key!s}="{value}" is no relative reference'
            elif key != "cite" and book.target(name, value)[0] not in book.files:
                yield f'{key!s}="{value}" leads nowhere'


def _picture(book: Opened, item: Item) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            opened = Image.open(io.BytesIO(book.files[item.name]))
        except UnidentifiedImageError:
            yield f"{item.name}: it is no picture"
            return
        with opened as picture:
            if picture.format != _FORMATS[item.media_type]:
                yield f"{item.name}: it is {picture.format}"
            if picture.mode in {"CMYK", "YCCK", "LAB"}:
                yield f"{item.name}: its colours are {picture.mode}"
            if picture.width * picture.height > _PIXELS:
                yield f"{item.name}: {picture.width} x {picture.height} pixels"


def _style_sheet(book: Opened, item: Item) -> Iterator[str]:
    try:
        text = book.files[item.name].decode("utf-8")
    except UnicodeDecodeError:
        yield f"{item.name}: it is not UTF-8"
        return
    if found := _CSS.search(text):
        yield f"{item.name}: it has '{found[0]}'"
