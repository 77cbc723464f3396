"""One document of an EPUB, and what is seen of it before it becomes a chapter."""

from __future__ import annotations

import re

from lxml import etree
from msgspec import Struct

from chapbook.model.xml_text import xml_text
from chapbook.reading.epub_archive import DECLARATION, decoded, local_name, parsed

__all__ = ["PICTURES", "XML_LANG", "Page", "body_of", "compared", "parsed_page", "read_page", "types_of", "words_of"]

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PICTURES = frozenset({"img", "image", "svg", "object"})
"""Elements that show a picture."""
_TEXT = etree.XPath(
    "descendant::text()[not(ancestor::*[local-name() = 'script' or local-name() = 'style' or local-name() = 'title'])]",
    smart_strings=False,
)
_TEXT_OUTSIDE_NAV = etree.XPath("descendant::text()[not(ancestor::*[local-name() = 'nav'])]", smart_strings=False)


class Page(Struct, frozen=True, kw_only=True):
    """A document of the spine, and what is seen of it."""

    path: str
    """As the chapter has it."""
    text: str
    root: etree._Element
    title: str
    """What its head says."""
    types: frozenset[str]
    """Of its body and of the sections that hold all there is in it."""
    classes: frozenset[str]
    headings: tuple[str, ...]

    @property
    def is_picture(self) -> bool:
        """Whether it shows pictures and no words."""
        body = body_of(self.root)
        return not words_of(body) and any(local_name(each) in PICTURES for each in body.iter(etree.Element))

    @property
    def is_contents(self) -> bool:
        """Whether it has no words but those of its tables of contents."""
        return not "".join(_TEXT_OUTSIDE_NAV(body_of(self.root))).strip()


def read_page(path: str, data: bytes) -> tuple[Page | None, bool]:
    """The document, ``None`` where there is no markup in it; and whether it is in the encoding that it says."""
    text, is_said = decoded(data)
    root = parsed_page(text)
    if root is None:
        return None, is_said
    types, classes = _outer(body_of(root))
    headings = (each for each in root.iter(etree.Element) if local_name(each) in _HEADINGS)
    named = next((each for each in root.iter(etree.Element) if local_name(each) == "title"), None)
    page = Page(
        path=path,
        text=xml_text(text.removeprefix("\ufeff").replace("\r\n", "\n")),
        root=root,
        title="" if named is None else " ".join("".join(map(str, named.itertext())).split()),
        types=types,
        classes=classes,
        headings=tuple(filter(None, map(words_of, headings))),
    )
    return page, is_said


def parsed_page(text: str) -> etree._Element | None:
    """The root of a document: as XML, and where that isn't well-formed, as HTML, whose names have no namespaces."""
    root = parsed(text, strict=True)
    if root is not None or not text.strip():
        return root
    try:
        return etree.fromstring(DECLARATION.sub("", text), etree.HTMLParser(no_network=True, huge_tree=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def types_of(element: etree._Element) -> list[str]:
    """The terms of an element's ``epub:type``."""
    return (element.get(_EPUB_TYPE) or element.get("epub:type") or "").split()


def body_of(root: etree._Element) -> etree._Element:
    """The body of a document, or all of it."""
    return next((each for each in root.iter(etree.Element) if local_name(each) == "body"), root)


def _outer(body: etree._Element) -> tuple[frozenset[str], frozenset[str]]:
    """The types and classes of `body` and of the sections in it that hold all there is."""
    types, classes = set[str](), set[str]()
    at: etree._Element | None = body
    while at is not None:
        types |= set(types_of(at))
        classes |= set(at.get("class", "").split())
        inside = [each for each in at if isinstance(each.tag, str)]
        at = inside[0] if len(inside) == 1 and local_name(inside[0]) in {"section", "article", "div"} else None
    return frozenset(types), frozenset(classes)


def words_of(element: etree._Element) -> str:
    """The words that `element` shows, in one line."""
    return " ".join("".join(_TEXT(element)).split())


def compared(text: str) -> str:
    """What of a heading is held against a line of the contents."""
    return re.sub(r"\W+", "", text).casefold()
