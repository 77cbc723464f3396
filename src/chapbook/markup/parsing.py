"""Parses HTML into a tree as a browser would (HTML, section 13.2), without losing any text.

HTML made only by a dialect is well-formed and goes through the XML parser. Text with raw HTML goes through an HTML5
parser, because a browser can read well-formed XML differently (``<p><div/></p>``).
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING

from lxml import etree
from msgspec import Struct

from chapbook.markup.raw_html import read_as_meant

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode
from chapbook.model.xml_text import xml_text

__all__ = ["DEEPEST", "MATHML", "SVG", "XLINK", "Parsed", "has_raw_html", "parse_markup"]

SVG = "http://www.w3.org/2000/svg"
MATHML = "http://www.w3.org/1998/Math/MathML"
_OPS = "http://www.idpf.org/2007/ops"
XLINK = "http://www.w3.org/1999/xlink"

DEEPEST = 100
"""Deeper elements are unwrapped: reading systems and stores' tools fail on them."""

_TAG = re.compile(r"<[A-Za-z/!?]")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_LONE_AMPERSAND = re.compile(r"&(?![A-Za-z#])")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot"})
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (DEEPEST + 2) + ")")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def has_raw_html(markdown: str) -> bool:
    """Whether the Markdown may contain raw HTML: something begins like a tag, comment or declaration."""
    return _TAG.search(markdown) is not None


class Parsed(Struct, frozen=True, kw_only=True):
    """The result of parsing a chapter's HTML."""

    section: etree._Element
    too_deep: bool = False
    """Whether elements deeper than `DEEPEST` were unwrapped."""
    faults: tuple[tuple[str, str, int], ...] = ()
    """Faults of raw HTML, see `RawHtml`."""


def parse_markup(html: str, *, plain: bool = False) -> Parsed:
    """Parses `html` into a ``<section>``.

    `plain` says that a dialect made `html` from text without raw HTML. Comments, processing instructions and
    declarations are dropped. SVG and MathML elements are in their namespaces.
    """
    section = _parse_xml(html) if plain else None
    return Parsed(section=section) if section is not None else _parse_html(html)


_NAMESPACE = re.compile(r"<[^<>]*\sxmlns[\s=:>]", re.IGNORECASE)
"""A tag that declares a namespace, as an author's ``{xmlns=x}`` does: XML would take the element for another."""


def _parse_xml(html: str) -> etree._Element | None:
    if "xmlns" in html and _NAMESPACE.search(html):
        return None
    if "&" in html:
        html = _LONE_AMPERSAND.sub("&amp;", _ENTITY.sub(_character, html))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        section = etree.fromstring(f'<section xmlns:epub="{_OPS}">{html}</section>', parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if _TOO_DEEP(section) else section


def _character(match: re.Match[str]) -> str:
    if match[1] in _XML_ENTITIES:
        return match[0]
    known = html5.get(match[1] + ";")
    return known if known is not None and known not in {"&", "<", ">"} else f"&amp;{match[1]};"


def _parse_html(html: str) -> Parsed:
    section = etree.Element("section", nsmap={"epub": _OPS})
    meant = read_as_meant(html)
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - only raw HTML needs it; importing it takes time

    first = LexborHTMLParser(meant.text, is_fragment=True).root
    too_deep = first is not None and _Conversion(section).run(first)
    return Parsed(section=section, too_deep=too_deep, faults=meant.faults)


class _Conversion:
    """Copies the HTML parser's nodes into an lxml tree, without recursion, because markup can nest very deeply."""

    def __init__(self, section: etree._Element) -> None:
        self._at = section
        self._depth = 0
        self._last: etree._Element | None = None
        """The last element in it that has ended."""
        self._unwrapped = False
        self._text: list[str] = []

    def run(self, first: LexborNode) -> bool:
        """Copies `first` and the nodes after it. Returns whether anything was too deep."""
        waiting: list[tuple[LexborNode | None, etree._Element, str]] = []
        node: LexborNode | None = first
        namespace = ""
        while True:
            while node is None:
                if not waiting:
                    self._write_text()
                    return self._unwrapped
                node, above, namespace = waiting.pop()
                if above is not self._at:
                    self._write_text()
                    self._at, self._last = above, self._at
            if node.is_text_node:
                self._text.append(node.text_content or "")
                node = node.next
            elif node.is_element_node:
                waiting.append((node.next, self._at, namespace))
                namespace = self._open(node, namespace, len(waiting))
                node = node.first_child
            else:
                node = node.next

    def _write_text(self) -> None:
        """Writes the text collected since the last tag in one step."""
        if self._text:
            text = xml_text("".join(self._text))
            self._text.clear()
            if self._last is None:
                self._at.text = text
            else:
                self._last.tail = text

    def _open(self, node: LexborNode, namespace: str, depth: int) -> str:
        """Opens an element. Returns the namespace of its content."""
        name = node.tag or "span"
        if name in {"svg", "math"} and not namespace:
            namespace = SVG if name == "svg" else MATHML
        if depth > DEEPEST:
            self._unwrapped = True
            return namespace
        plain = name if _NAME.fullmatch(name) else re.sub(r"[^A-Za-z0-9_.-]", "-", f"x-{name}", flags=re.ASCII)
        self._write_text()
        qualified = f"{{{namespace}}}{plain}" if namespace else plain
        self._at, self._last = etree.SubElement(self._at, qualified, nsmap=_prefixes(namespace)), None
        for attribute, value in node.attributes.items():
            _set(self._at, attribute, value or "")
        return "" if namespace == SVG and name == "foreignObject" else namespace


def _prefixes(namespace: str) -> dict[str | None, str] | None:
    if namespace == SVG:
        return {None: SVG, "xlink": XLINK}
    return {None: MATHML} if namespace else None


def _set(element: etree._Element, name: str, value: str) -> None:
    """Sets an attribute if XML allows its name; XLink attributes get their namespace, other prefixes stay."""
    value = xml_text(value)
    prefix, colon, local = name.partition(":")
    if not colon and name != "xmlns" and _NAME.fullmatch(name):
        element.set(name, value)
    elif prefix == "xlink" and _NAME.fullmatch(local):
        element.set(f"{{{XLINK}}}{local}", value)
    elif prefix == "xml" and local == "lang" and "lang" not in element.attrib:
        element.set("lang", value)
    elif prefix == "epub" and local == "type":
        element.set(f"{{{_OPS}}}type", value)
