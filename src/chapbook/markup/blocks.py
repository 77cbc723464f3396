"""Repairs blocks and text: moves blocks out of inline elements, adds missing parents, and makes paragraphs of texts
separated by empty lines in raw HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from chapbook.markup.parsing import MATHML, SVG
from chapbook.markup.trees import is_blank, strip

__all__ = [
    "BLOCKS",
    "FLAT",
    "FLOW",
    "INLINE",
    "ORPHANS",
    "PARTED",
    "PHRASING",
    "RIGID",
    "flatten",
    "part_texts",
    "split",
    "wrap_orphans",
]


_FORMATTING = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "a abbr b bdi bdo cite code data del dfn em i ins kbd mark q s samp small span strong sub sup time u var"
    ).split()
)
PHRASING = _FORMATTING | frozenset(
    {"audio", "br", "img", "input", "picture", "ruby", "video", "wbr", f"{{{SVG}}}svg", f"{{{MATHML}}}math"}
)
"""Inline content (HTML, section 3.2.5.2.5)."""
INLINE = _FORMATTING | {"p"}
"""Elements with inline content that are split around a block."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
RIGID = _HEADINGS | {"pre", "rt"}
"""Elements with inline content that can't be split: a block in them becomes text."""
_CONTAINERS = frozenset({"address", "article", "aside", "blockquote", "div", "footer", "header", "nav", "section"})
FLOW = _CONTAINERS | {"caption", "dd", "dt", "figcaption", "li", "td", "th"}
"""Elements that contain blocks or text."""
BLOCKS = _CONTAINERS | _HEADINGS | {"details", "dl", "figure", "hr", "ol", "p", "pre", "table", "ul"}

ORPHANS: Mapping[str, str] = MappingProxyType(
    {
        "li": "ul",
        "dt": "dl",
        "dd": "dl",
        "figcaption": "",
        "summary": "",
        "caption": "",
        "col": "-",
        "colgroup": "-",
        "source": "-",
        "track": "-",
        "rt": "span",
        "tr": "",
        "td": "",
        "th": "",
        "thead": "",
        "tbody": "",
        "tfoot": "",
    }
)
"""The parent that a misplaced element gets: a list, a ``div``, or nothing (``-``)."""

FLAT = "x-flat"
"""The name of elements to strip; all are stripped at once, in the time of one."""
_SIMPLE = _CONTAINERS | _HEADINGS | {"p", "dd", "dt", "li", "figcaption", "td", "th", "caption"}


def wrap_orphans(element: etree._Element, but: str = "") -> None:
    """Adds the missing parent to children that need one; `but` is a child that is allowed as it is."""
    run: etree._Element | None = None
    for child in list(element):
        tag = str(child.tag)
        becomes = ORPHANS.get(tag)
        if becomes is None or tag == but:
            run = None
            continue
        if run is not None and (run.tag != becomes or not is_blank(run.tail)):
            run = None
        if becomes == "ul" or tag == "dt" or (tag == "dd" and run is not None):
            if run is None:
                run = etree.Element(becomes)
                child.addprevious(run)
            run.append(child)
            child.attrib.pop("value", None)
            run.tail, child.tail = child.tail, None
        else:
            run = None
            child.tag = {"-": FLAT, "span": "span"}.get(becomes, "div")
    for made in element.findall("dl"):
        if made[-1].tag == "dt":
            etree.SubElement(made, "dd")
    strip(element, FLAT)


def split(element: etree._Element) -> None:
    """Splits `element` at the blocks inside it; each block keeps the formatting of `element`.

    ``<em>a<p>b</p>c</em>`` becomes ``<em>a</em><p><em>b</em></p><em>c</em>``. The first part keeps the id.
    """
    parent = element.getparent()
    if parent is None:
        return
    attributes = dict(element.attrib)
    parts: list[etree._Element] = []
    run = _part_of(element, attributes)
    run.text = element.text
    for child in list(element):
        if child.tag in BLOCKS:
            _finish(parts, run)
            tail, child.tail = child.tail, None
            if element.tag != "p":
                _format_within(child, element, attributes)
            parts.append(child)
            run = _part_of(element, attributes)
            run.text = tail
        else:
            run.append(child)
    _finish(parts, run)
    if parts and "id" in element.attrib and not any("id" in part.attrib for part in parts[:1]):
        parts[0].set("id", element.get("id", ""))
    at = parent.index(element)
    if parts:
        parts[-1].tail = element.tail
    element.tail = None
    parent[at : at + 1] = parts


def _part_of(element: etree._Element, attributes: dict[str, str]) -> etree._Element:
    return etree.Element(element.tag, {name: value for name, value in attributes.items() if name != "id"})


def _finish(parts: list[etree._Element], run: etree._Element) -> None:
    if len(run) or not is_blank(run.text):
        parts.append(run)


def _format_within(block: etree._Element, formatting: etree._Element, attributes: dict[str, str]) -> None:
    """Wraps the text of `block` in elements like `formatting`; leaves tables and lists, which hold no text directly."""
    if formatting.tag == "span" and not attributes:
        return
    waiting = [block]
    while waiting:
        holder = waiting.pop()
        if holder.tag not in _SIMPLE:
            waiting += [child for child in holder if child.tag in BLOCKS or child.tag in _SIMPLE]
            continue
        children, text = list(holder), holder.text
        holder[:], holder.text = [], None
        run = _part_of(formatting, attributes)
        run.text = text
        for child in children:
            if child.tag in BLOCKS or child.tag in ORPHANS:
                _add_run(holder, run)
                tail, child.tail = child.tail, None
                holder.append(child)
                waiting.append(child)
                run = _part_of(formatting, attributes)
                run.text = tail
            else:
                run.append(child)
        _add_run(holder, run)


def _add_run(holder: etree._Element, run: etree._Element) -> None:
    if len(run) or not is_blank(run.text):
        holder.append(run)


def flatten(block: etree._Element, between: str) -> None:
    """Turns a block into text, separated by `between` from its neighbours; the caller then strips `FLAT`."""
    for element in block.iter(etree.Element):
        if element.tag == "hr":
            element.tag = "br"
        elif element.tag in BLOCKS or element.tag in ORPHANS:
            element.tag = FLAT
            if _follows_words(element):
                element.text = between + (element.text or "")
            if element.tail and not element.tail[:1].isspace():
                element.tail = between + element.tail
            elif not element.tail and (following := element.getnext()) is not None and following.tag not in BLOCKS:
                element.tail = between


def _follows_words(element: etree._Element) -> bool:
    previous, parent = element.getprevious(), element.getparent()
    before = previous.tail if previous is not None else parent.text if parent is not None else ""
    if previous is not None and not before:
        return previous.tag != FLAT or not is_blank("".join(previous.itertext()))
    return bool(before) and not (before or "")[-1:].isspace()


PARTED = ("article", "aside", "blockquote", "dd", "details", "div", "figcaption", "li", "section", "td", "th")
"""Elements whose texts an empty line can separate."""
_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
_SEEN = frozenset(map(str, PHRASING)) - {"a", "span", "br", "wbr"}
"""Elements that may be visible without text."""


def part_texts(section: etree._Element, *, beside_paragraphs: bool = False) -> None:
    """Makes paragraphs of texts in `section` that an empty line separates. A single text stays as it is.

    With `beside_paragraphs` a single text also becomes a paragraph if there is one already. CommonMark ends raw HTML at
    an empty line, so it leaves the text above bare and makes a paragraph of the text below.
    """
    texts = (section.text, *(child.tail for child in section if child.tag in PHRASING or not is_blank(child.tail)))
    bare = [text for text in texts if text]
    beside = beside_paragraphs and not all(map(str.isspace, bare)) and any(child.tag == "p" for child in section)
    if not beside and not any("\n" in text.strip(" \t") and _EMPTY_LINE.search(text) for text in bare):
        return
    text, section.text = section.text or "", None
    children = list(section)
    section[:] = []
    run = _Run(section, text, beside=beside)
    for child in children:
        tail, child.tail = child.tail or "", None
        if child.tag in PHRASING:
            run.add(child)
            run.add_text(tail)
        else:
            run.end()
            section.append(child)
            run = _Run(section, tail, beside=beside)
    run.end()


class _Run:
    """Text and inline elements between two blocks of a section, split at empty lines."""

    def __init__(self, section: etree._Element, text: str, *, beside: bool) -> None:
        self._section = section
        self._beside = beside
        self._parts = [etree.Element("p")]
        self.add_text(text)

    def add(self, element: etree._Element) -> None:
        self._parts[-1].append(element)

    def add_text(self, text: str) -> None:
        first, *others = _EMPTY_LINE.split(text)
        part = self._parts[-1]
        if len(part):
            part[-1].tail = first
        else:
            part.text = first
        for each in others:
            self._parts.append(etree.Element("p"))
            self._parts[-1].text = each

    def end(self) -> None:
        parted = sum(map(_shows, self._parts)) > 1 or (self._beside and any(map(_says, self._parts)))
        for part in self._parts:
            if parted and _shows(part):
                _trim(part)
                part.tail = "\n"
                self._section.append(part)
            else:
                self._write(part)

    def _write(self, part: etree._Element) -> None:
        """Wraps the part in a paragraph, unless it shows nothing (an anchor, a line break) or is the only one."""
        before = self._section[-1] if len(self._section) else None
        if before is None:
            self._section.text = (self._section.text or "") + (part.text or "")
        else:
            before.tail = (before.tail or "") + (part.text or "")
        self._section.extend(list(part))
        if len(self._section) and part is not self._parts[-1]:
            self._section[-1].tail = (self._section[-1].tail or "") + "\n\n"


def _says(part: etree._Element) -> bool:
    return not is_blank("".join(part.itertext()))


def _shows(part: etree._Element) -> bool:
    return _says(part) or next(part.iter(*_SEEN), None) is not None


def _trim(part: etree._Element) -> None:
    part.text = (part.text or "").lstrip()
    if len(part):
        part[-1].tail = (part[-1].tail or "").rstrip()
    else:
        part.text = part.text.rstrip()
