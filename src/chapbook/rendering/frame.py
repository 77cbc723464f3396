"""What stands around a chapter's text: head, body, and the section with its type, role and accent."""

from __future__ import annotations

from lxml import etree

from chapbook.colour.colour import parse_colour
from chapbook.markup.attributes import SECTION_ROLES
from chapbook.markup.page import Page
from chapbook.markup.parsing import SVG
from chapbook.markup.trees import EPUB_TYPE
from chapbook.model.metadata import text_direction
from chapbook.model.urls import relative

__all__ = ["accent_of", "serialise", "type_of", "write_document"]


def type_of(page: Page) -> str:
    """The document's ``epub:type``: the chapter's, ``part`` for the opening of a part that says nothing else."""
    chapter_type = page.chapter.type or "chapter"
    return "part" if page.settings.kind == "part" and chapter_type == "chapter" else chapter_type


def accent_of(page: Page) -> str:
    """The chapter's accent as ``#rrggbb``; empty for none, and for a wrong one, which is warned of."""
    written = page.chapter.accent.strip()
    colour = parse_colour(written) if written else None
    if written and colour is None:
        positions = page.chapter.positions
        page.report(
            "accent-invalid",
            f"the accent '{written}' is no CSS colour",
            at=positions.get("accent") or positions.get("c"),
            hint="write a name (darkslategray), #2f4f4f, or rgb(47 79 79)",
        )
    return colour.hex if colour else ""


def write_document(page: Page, accent: str, *, title: str, label: str) -> bytes:
    """The bytes of the page's document. `title` and `label` are its words in plain text, as they are set.

    The document's own title is both, the most specific part being whole (WCAG 2.2, success criterion 2.4.2).
    """
    _dress(page, accent)
    body = etree.Element("body", {"class": type_of(page)})
    body.text = "\n"
    body.append(page.body)
    page.body.tail = "\n"
    language = page.language
    own = page.chapter.language and page.chapter.language != page.settings.language
    direction = text_direction(language) if own else page.settings.direction
    return serialise(_head(page, f"{label}: {title}" if label else title), body, language=language, direction=direction)


def _head(page: Page, title: str) -> etree._Element:
    head = etree.Element("head")
    etree.SubElement(head, "meta", {"charset": "utf-8"})
    etree.SubElement(head, "title").text = title
    for sheet in page.settings.stylesheets:
        href = relative(sheet, page.name)
        etree.SubElement(head, "link", {"rel": "stylesheet", "type": "text/css", "href": href})
    return head


def _dress(page: Page, accent: str) -> None:
    """Gives the section its type, role, name and accent; an author's attributes are not on it."""
    section, kind = page.body, type_of(page)
    section.set(EPUB_TYPE, kind)
    if kind == "part" or kind in SECTION_ROLES:
        section.set("role", f"doc-{kind}")
    title = next((each for each in section[0] if str(each.tag)[:1] == "h"), None)
    if title is not None and title.get("id"):
        section.set("aria-labelledby", title.get("id", ""))
    section.set("class", f"{kind} accent-{accent[1:]}" if accent else kind)


_XHTML = "http://www.w3.org/1999/xhtml"
_OPS = "http://www.idpf.org/2007/ops"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_EMPTY = etree.XPath("descendant-or-self::*[not(node())][namespace-uri() = '']")
_WITH_LANGUAGE = etree.XPath("descendant-or-self::*[@lang]")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_PROLOGUE = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'


def serialise(head: etree._Element, body: etree._Element, *, language: str, direction: str) -> bytes:
    """The document of `head` and `body`, elements without a namespace.

    Raises lxml.etree.XMLSyntaxError if the result is not well-formed.
    """
    html = etree.Element("html", {"lang": language}, nsmap={"epub": _OPS})
    if direction == "rtl":
        html.set("dir", "rtl")
    html.append(head)
    html.append(body)
    head.tail = "\n"
    body.tail = "\n"
    for element in _WITH_LANGUAGE(html):
        element.set(_XML_LANG, element.get("lang", ""))
        if str(element.tag).startswith(f"{{{SVG}}}"):
            del element.attrib["lang"]
    for element in _EMPTY(html):
        if element.tag not in _VOID:
            element.text = ""
    etree.cleanup_namespaces(html, top_nsmap={"epub": _OPS}, keep_ns_prefixes=["epub"])
    text = etree.tostring(html, encoding="unicode")
    text = _PROLOGUE + text.replace("<html", f'<html xmlns="{_XHTML}"', 1) + "\n"
    content = text.encode("utf-8")
    etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    return content
