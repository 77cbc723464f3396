"""The content model: each element where HTML's schema wants it, by the smallest change that keeps every word.

A browser repairs ``<p><div>`` while it parses, but leaves ``<em><p>``, ``<ul>text</ul>`` or a lone ``<li>`` as they
are; EPUBCheck, and strict reading systems, do not take them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lxml import etree

from chapbook.rendering.blocks import BLOCKS, FLOW, INLINE, PHRASING, RIGID, flatten, split, wrap_orphans
from chapbook.rendering.tabular import repair_row, repair_rows, repair_table
from chapbook.rendering.trees import is_blank, remove, unwrap

__all__ = ["repair_structure"]

_SECTIONING = ("header", "footer", "section", "article", "aside", "nav", "h1", "h2", "h3", "h4", "h5", "h6")
_NARROW: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dt": _SECTIONING,
        "th": _SECTIONING,
        "caption": (*_SECTIONING, "table"),
        "address": (*_SECTIONING, "address"),
        "header": ("header", "footer"),
        "footer": ("header", "footer"),
    }
)
"""Flow elements that take no sectioning, headings, or one another, at any depth."""
_IN_LINKS = ("a", "audio", "video", "details", "input")
_NESTED_LINKS = etree.XPath(".//a//a")


def repair_structure(body: etree._Element) -> None:
    """Repairs every element below `body`, the innermost first."""
    for element in reversed(list(body.iter(etree.Element))):
        model = _MODELS.get(str(element.tag))
        if model is None:
            continue
        allowed, repair, always = model
        if always or not allowed.issuperset([child.tag for child in element]):
            repair(element)
    _narrow(body)
    for inner in _NESTED_LINKS(body):
        _part(inner)


def _repair_inline(element: etree._Element) -> None:
    wrap_orphans(element)
    if any(child.tag in BLOCKS for child in element):
        split(element)


def _repair_rigid(element: etree._Element) -> None:
    wrap_orphans(element)
    for child in element:
        if child.tag in BLOCKS:
            flatten(child)
    etree.strip_tags(element, "x-flat")


def _repair_list(element: etree._Element) -> None:
    """Everything in a list goes into its items: what stands beside them into the one before."""
    if is_blank(element.text) and all(child.tag == "li" and is_blank(child.tail) for child in element):
        if not len(element):
            remove(element)
        return
    children, text = list(element), element.text
    element[:], element.text = [], None
    item: etree._Element | None = None
    if not is_blank(text):
        item = etree.SubElement(element, "li")
        item.text = text
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag == "li":
            item = child
            element.append(child)
        else:
            item = etree.SubElement(element, "li") if item is None else item
            item.append(child)
        if not is_blank(tail):
            _append_text(item, tail or "")


def _append_text(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _repair_definitions(element: etree._Element) -> None:
    """Terms, each followed by a definition. Without any term it is no list; a term without definition gets one."""
    for child in element:
        if child.tag == "div" and any(each.tag in {"dt", "dd"} for each in child):
            child.tag = "x-flat"
    etree.strip_tags(element, "x-flat")
    if not any(child.tag == "dt" for child in element):
        _become_div(element)
        return
    children, text = list(element), element.text
    element[:], element.text = [], None
    if not is_blank(text):
        children.insert(0, _with_text("dd", text))
    for child in children:
        tail, child.tail = child.tail, None
        previous = element[-1] if len(element) else None
        if child.tag not in {"dt", "dd"}:
            child = _holding(child)  # noqa: PLW2901 - the child in its place
        if child.tag == "dd" and previous is None:
            etree.SubElement(element, "dt")
        element.append(child)
        if not is_blank(tail):
            element.append(_with_text("dd", tail))
    if element[-1].tag == "dt":
        etree.SubElement(element, "dd")


def _become_div(element: etree._Element) -> None:
    element.tag = "div"
    for child in element:
        if child.tag == "dd":
            child.tag = "div"


def _with_text(tag: str, text: str | None) -> etree._Element:
    made = etree.Element(tag)
    made.text = text
    return made


def _holding(child: etree._Element) -> etree._Element:
    made = etree.Element("dd")
    made.append(child)
    return made


def _repair_figure(element: etree._Element) -> None:
    """One caption, first or last; a further one is a block like any other."""
    wrap_orphans(element, but="figcaption")
    captions = [child for child in element if child.tag == "figcaption"]
    for extra in captions[1:]:
        extra.tag = "div"
    if captions and captions[0] is not element[-1] and not (captions[0] is element[0] and is_blank(element.text)):
        remove(captions[0])
        element.append(captions[0])
    elif captions and not is_blank(captions[0].tail):
        tail, captions[0].tail = captions[0].tail, None
        if captions[0] is element[-1] and len(element) > 1:
            paragraph = _with_text("p", tail)
            captions[0].addprevious(paragraph)
        else:
            captions[0].tail = tail


def _repair_details(element: etree._Element) -> None:
    """A summary first; without one there is nothing to open."""
    wrap_orphans(element, but="summary")
    summaries = [child for child in element if child.tag == "summary"]
    if not summaries:
        element.tag = "div"
        element.attrib.pop("open", None)
        return
    for extra in summaries[1:]:
        extra.tag = "div"
    first = summaries[0]
    if element[0] is not first or not is_blank(element.text):
        remove(first)
        text, element.text = element.text, None
        element.insert(0, first)
        first.tail = (text or "") + (first.tail or "")


def _repair_ruby(element: etree._Element) -> None:
    """Readings stand after what they belong to; without any it is no ruby."""
    _repair_rigid(element)
    first = element[0] if len(element) else None
    if first is None or (first.tag == "rt" and is_blank(element.text)) or element[-1].tag != "rt":
        if not any(child.tag == "rt" for child in element) or (first is not None and first.tag == "rt"):
            for child in element:
                child.tag = "span" if child.tag == "rt" else child.tag
            element.tag = "span"
        else:
            tail = element[-1] if element[-1].tag == "rt" else None
            if tail is None:
                etree.SubElement(element, "rt")
    last = element[-1] if len(element) else None
    if element.tag == "ruby" and last is not None and not is_blank(last.tail):
        text, last.tail = last.tail, None
        element.tail = (text or "") + (element.tail or "")


def _narrow(body: etree._Element) -> None:
    for outer in list(body.iter(*_NARROW)):
        for element in list(outer.iterdescendants(*_NARROW[str(outer.tag)])):
            if element.tag == "table":
                _flatten_table(element)
            else:
                element.tag = "p" if str(element.tag)[1:].isdigit() else "div"


def _flatten_table(table: etree._Element) -> None:
    for part in table.iterdescendants("caption", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col"):
        part.tag = "div" if part.tag in {"caption", "tr"} else "x-flat"
        part.attrib.clear()
        part.tail = f" {part.tail or ''}"
    table.tag = "div"
    etree.strip_tags(table, "x-flat")


def _part(inner: etree._Element) -> None:
    """Takes a link out of the link in which it stands: the outer one ends before it and goes on after it."""
    outer = next(inner.iterancestors("a"), None)
    if outer is None:
        return
    top = inner
    while (parent := top.getparent()) is not None and parent is not outer:
        top = parent
    after = etree.Element("a", {name: value for name, value in outer.attrib.items() if name != "id"})
    after.text, top.tail = top.tail, None
    after.extend(list(top.itersiblings()))
    after.tail, outer.tail = outer.tail, None
    outer.addnext(top)
    if len(after) or not is_blank(after.text):
        top.addnext(after)
    else:
        top.tail = (after.text or "") + (after.tail or "")
    if not len(outer) and is_blank(outer.text) and not outer.get("id"):
        remove(outer)


def _repair_summary(element: etree._Element) -> None:
    _repair_rigid(element)
    if is_blank("".join(element.itertext())) and not len(element):
        element.text = "…"


def _wrap_orphans(element: etree._Element) -> None:
    wrap_orphans(element)


def _only_sources(element: etree._Element) -> None:
    """Sources and tracks first, as the schema wants them, then what is shown where there is no sound."""
    sources = [child for child in element if child.tag in {"source", "track"} and "src" in child.attrib]
    for child in list(element):
        if child.tag in {"source", "track"}:
            remove(child)
    text, element.text = element.text, None
    if sources:
        sources[-1].tail = text
    else:
        element.text = text
    element[:0] = sorted(sources, key=lambda each: each.tag == "track")


_Model = tuple[frozenset[str], Callable[[etree._Element], None], bool]
_SOURCES = frozenset({"source", "track"})

_MODELS: Mapping[str, _Model] = MappingProxyType(
    {
        **dict.fromkeys(FLOW, (BLOCKS | PHRASING, _wrap_orphans, False)),
        **dict.fromkeys(INLINE, (PHRASING, _repair_inline, False)),
        **dict.fromkeys(RIGID, (PHRASING, _repair_rigid, False)),
        "ruby": (PHRASING | {"rt"}, _repair_ruby, True),
        "summary": (PHRASING, _repair_summary, True),
        "ul": (frozenset({"li"}), _repair_list, True),
        "ol": (frozenset({"li"}), _repair_list, True),
        "dl": (frozenset({"dt", "dd"}), _repair_definitions, True),
        "figure": (BLOCKS | PHRASING, _repair_figure, True),
        "details": (BLOCKS | PHRASING, _repair_details, True),
        "table": (frozenset(), repair_table, True),
        "thead": (frozenset({"tr"}), repair_rows, True),
        "tbody": (frozenset({"tr"}), repair_rows, True),
        "tfoot": (frozenset({"tr"}), repair_rows, True),
        "tr": (frozenset({"td", "th"}), repair_row, True),
        "audio": (PHRASING | _SOURCES, _only_sources, True),
        "video": (PHRASING | _SOURCES, _only_sources, True),
        "picture": (frozenset({"img", "source"}), unwrap, False),
    }
)
"""What may stand in an element, what to do where something else does, and whether to look in any case."""
