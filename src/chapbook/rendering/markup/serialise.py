"""From a chapter's tree to the bytes of its XHTML document, which every XML and every HTML parser reads alike.

Void elements are closed in their own tag and no others are (HTML, appendix on polyglot markup); SVG and MathML carry
their namespace; language is told both ways. The bytes are parsed once more, strictly, before they are given.
"""

from __future__ import annotations

from lxml import etree

from chapbook.rendering.markup.parsing import SVG

__all__ = ["serialise"]

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
