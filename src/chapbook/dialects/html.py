"""The ``html`` dialect: HTML or XHTML by an author or another program, a fragment or a whole document.

Only markup is read. Well-formed XML is read as XML, so that ``<a id="x"/>`` is empty and ``<svg:rect/>`` belongs to a
drawing; everything else is read as a browser reads HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.entities import html5

from lxml import etree

__all__ = ["render_html"]

_XHTML = "http://www.w3.org/1999/xhtml"
_OPS = "http://www.idpf.org/2007/ops"
_SVG = "http://www.w3.org/2000/svg"
_MATHML = "http://www.w3.org/1998/Math/MathML"
_XLINK = "http://www.w3.org/1999/xlink"
_KNOWN = frozenset({"", _XHTML, _SVG, _MATHML})
_ATTRIBUTES = {_OPS: "epub:", _XLINK: "xlink:", "http://www.w3.org/XML/1998/namespace": "xml:"}
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
_KEPT = ("class", "id", "lang", "dir", "epub:type")
"""Attributes of ``body`` that apply to the whole chapter."""

_COMMENT = r"<!--(?>.*?-->)"
_PROLOGUE = re.compile(
    rf"\A\ufeff?\s*(?:<\?xml[^>]*\?>)?(?:\s|{_COMMENT}|<\?[^>]*\?>)*+(?:<!DOCTYPE(?:[^\[>]*\[.*?\]\s*>|[^>]*>))?",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ROOT = re.compile(rf"\s*(?:{_COMMENT}\s*)*+<(?:\w+:)?html[\s>]", re.DOTALL)
_BODY = re.compile(r"<body\b([^>]{0,2000}+)>", re.IGNORECASE)
_ENDS = re.compile(r"</(?:body|html)\s{0,9}>", re.IGNORECASE)
_HELD = "|".join(rf"<{name}\b[^>]*>(?>.*?</{name}\s*>)" for name in ("title", "style", "script"))
_HEAD = re.compile(
    rf"(?:\s|{_COMMENT}|</?(?:html|head)\b[^>]*>|{_HELD}|<(?:meta|link|base)\b[^>]*>)*+", re.DOTALL | re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^>]{0,200}>(.{0,2000}?)</title\s*>", re.DOTALL | re.IGNORECASE)
_DOCUMENT = re.compile(
    rf"\s*(?:{_COMMENT}\s*)*+<(?:!doctype|html|head|body|title|meta|link)\b", re.DOTALL | re.IGNORECASE
)


def render_html(text: str, _extensions: object = (), _syntax: object = ()) -> str:
    """`text` as HTML; of a document, its body in a ``section`` with the body's attributes and, as ``title``, the
    document's title.
    """
    xml = _read_xml(text)
    return _read_html(text) if xml is None else xml


def _read_xml(text: str) -> str | None:
    """Reads `text` as XML and writes it as HTML; ``None`` if it isn't well-formed."""
    text = _ENTITY.sub(_character, _PROLOGUE.sub("", text, count=1))
    if _ROOT.match(text) is None:
        text = f'<div xmlns="{_XHTML}" xmlns:epub="{_OPS}" xmlns:xlink="{_XLINK}">{text}</div>'
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if _name(root) != "html":
        return "".join(_written(root))
    body = next((each for each in root if _name(each) == "body"), root)
    title = next((each for each in root.iter(etree.Element) if _name(each) == "title"), None)
    said = {**_attributes(root), **_attributes(body)}
    about = {name: said[name] for name in _KEPT if name in said and (name != "class" or name in _attributes(body))}
    words = "" if title is None else " ".join("".join(title.itertext()).split())
    return _section("".join(_written(body)), _joined(about), words)


def _character(match: re.Match[str]) -> str:
    """The character for a named reference; XML itself has only five names."""
    known = html5.get(match[1] + ";")
    return match[0] if match[1] in _XML_ENTITIES or known is None else escape(known, quote=False)


def _name(element: etree._Element) -> str:
    """The element's name in HTML; an element of another vocabulary keeps a name that HTML doesn't have."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, local = element.tag.removeprefix("{").rpartition("}")
    return local if namespace in _KNOWN else f"x-{local}"


def _attributes(element: etree._Element) -> dict[str, str]:
    found = {}
    for written, value in element.attrib.items():
        namespace, _, local = written.removeprefix("{").rpartition("}")
        if not namespace or namespace in _ATTRIBUTES:
            found[_ATTRIBUTES.get(namespace, "") + local] = value
    if "xml:lang" in found:
        found.setdefault("lang", found.pop("xml:lang"))
    return found


def _joined(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def _written(top: etree._Element) -> Iterator[str]:
    """Yields the content of `top` as HTML, with each element closed."""
    for event, element in etree.iterwalk(top, events=("start", "end")):
        name = _name(element)
        if event == "start":
            yield f"<{name}{_joined(_attributes(element))}>" if element is not top else ""
            text = element.text or ""
            yield ("\n" if name == "pre" and text.startswith("\n") else "") + escape(text, quote=False)
        elif element is not top:
            yield "" if name in _VOID else f"</{name}>"
            yield escape(element.tail or "", quote=False)


def _read_html(text: str) -> str:
    """The body of `text`, read as a browser would read it, however broken."""
    text = text.removeprefix("\ufeff")
    before = _PROLOGUE.match(text)
    rest = text[before.end() :] if before and before[0].strip() else text
    if rest is text and _DOCUMENT.match(text) is None:
        return text
    body = _BODY.search(rest)
    head = _HEAD.match(rest)
    start = body.end() if body else head.end() if head else 0
    title = _TITLE.search(rest, 0, start)
    inner = _ENDS.sub("", rest[start:])
    return _section(inner, body[1].rstrip("/ ") if body else "", " ".join(title[1].split()) if title else "")


def _section(body: str, attributes: str, title: str) -> str:
    if title:
        attributes += f' title="{title.replace(chr(34), "&quot;")}"'
    return f"<section{attributes}>{body}</section>" if attributes else body
