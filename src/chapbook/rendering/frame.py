"""Writes what surrounds a chapter's text: head, body, and the section with its type, role and accent."""

from __future__ import annotations

import re

from lxml import etree

from chapbook.colour.colour import parse_colour
from chapbook.markup.attributes import SECTION_ROLES
from chapbook.markup.page import Page
from chapbook.markup.parsing import SVG
from chapbook.markup.trees import EPUB_TYPE
from chapbook.model.contents import CHAPTER_TYPES
from chapbook.model.labels import labelled
from chapbook.model.urls import relative
from chapbook.rendering.dividing import LONGEST, divided, lead_to_pieces

__all__ = ["accent_of", "piece_name", "serialise", "type_of", "write_documents"]


def type_of(page: Page) -> str:
    """The document's ``epub:type``: the chapter's, or ``part`` for a part's opening without one."""
    chapter_type = page.chapter.type or "chapter"
    if chapter_type == "chapter":  # a chapter of HTML may state it itself
        said = page.body.get(EPUB_TYPE, "").split()
        chapter_type = next((each for each in CHAPTER_TYPES if each in said), chapter_type)
    return "part" if page.settings.kind == "part" and chapter_type == "chapter" else chapter_type


_ACCENT = re.compile(r"accent-[0-9a-f]{6}")


def accent_of(page: Page) -> str:
    """The chapter's accent as ``#rrggbb``; empty if there is none, or if it is wrong, which is reported."""
    written = page.chapter.accent.strip()
    colour = parse_colour(written) if written else None
    if written and colour is None:
        positions = page.chapter.positions
        page.report(
            "accent-invalid",
            f"'{written}' isn't a CSS colour",
            at=positions.get("accent") or positions.get("c"),
            hint="write a name (darkslategray), #2f4f4f, or rgb(47 79 79)",
        )
    return colour.hex if colour else ""


def write_documents(page: Page, accent: str, *, title: str, label: str) -> list[tuple[etree._Element, bytes]]:
    """The sections of the page's documents (several for a long chapter), each with its document's bytes.

    The first has the page's name, the others have names from `piece_name`.
    """
    data = _write(page, page.body, accent, title=title, label=label)
    if len(data) <= LONGEST:
        return [(page.body, data)]
    page.body.tail = None
    pieces = divided(page.body)
    if len(pieces) == 1:
        return [(page.body, data)]
    names = [piece_name(page, number).rpartition("/")[2] for number in range(1, len(pieces) + 1)]
    page.divided.update(lead_to_pieces(pieces, names))
    return [(piece, _write(page, piece, accent, title=title, label=label)) for piece in pieces]


def piece_name(page: Page, number: int) -> str:
    """The name of a piece of a divided document: ``text/a.xhtml``, ``text/a-2.xhtml``, and so on."""
    stem = page.name.removesuffix(".xhtml") + page.settings.piece_mark
    return page.name if number == 1 else f"{stem}-{number}.xhtml"


def _write(page: Page, section: etree._Element, accent: str, *, title: str, label: str) -> bytes:
    """The bytes of the page's document. `title` and `label` are in plain text, with typographic punctuation.

    The document's own title combines both, so that it is unambiguous (WCAG 2.2, success criterion 2.4.2).
    """
    _dress(page, section, accent, title)
    body = etree.Element("body", {"class": type_of(page)})
    body.text = "\n"
    body.append(section)
    section.tail = "\n"
    whole = labelled(label, title, page.language) if label else title
    return serialise(_head(page, whole), body, language=page.language, direction=page.direction)


def _head(page: Page, title: str) -> etree._Element:
    head = etree.Element("head")
    etree.SubElement(head, "meta", {"charset": "utf-8"})
    etree.SubElement(head, "title").text = title
    for sheet in page.settings.stylesheets:
        href = relative(sheet, page.name)
        etree.SubElement(head, "link", {"rel": "stylesheet", "type": "text/css", "href": href})
    return head


def _dress(page: Page, section: etree._Element, accent: str, title: str) -> None:
    """Gives the section its type, role, name and accent, beside the classes of an HTML chapter."""
    kind, given = type_of(page), dict(section.attrib)
    classes = [each for each in page.body.get("class", "").split() if each != kind and not _ACCENT.fullmatch(each)]
    section.attrib.clear()
    section.set(EPUB_TYPE, kind)
    if kind == "part" or kind in SECTION_ROLES:
        section.set("role", f"doc-{kind}")
    if section is page.body:
        heading = page.heading
        if heading is None and len(section) and section[0].get("class") == "opening":
            heading = next((each for each in section[0] if str(each.tag)[:1] == "h"), None)
        if heading is not None and heading.get("id"):
            section.set("aria-labelledby", heading.get("id", ""))
        elif "aria-labelledby" not in given:
            section.set("aria-label", given.get("aria-label", title))
    else:
        section.set("aria-label", title)
    section.set("class", " ".join((kind, *classes, *((f"accent-{accent[1:]}",) if accent else ()))))
    for name, value in given.items():
        section.set(name, section.get(name, value))


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
    """The document with `head` and `body`, which are elements without a namespace.

    Raises lxml.etree.XMLSyntaxError if the result isn't well-formed.
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
    # A listing of 12 MB is one text; anything too deep for libxml2's own limit was unwrapped before.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    etree.fromstring(content, parser)
    return content
