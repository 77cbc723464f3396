"""Makes the tree fit HTML's content model, with the smallest change that keeps all words.

A browser repairs ``<p><div>`` while parsing, but leaves ``<em><p>``, ``<ul>text</ul>`` or a lone ``<li>``; EPUBCheck
and strict reading systems reject those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lxml import etree

from chapbook.markup.blocks import BLOCKS, FLAT, FLOW, INLINE, PHRASING, RIGID, flatten, split, wrap_orphans
from chapbook.markup.lists_and_tables import repair_definitions, repair_list, repair_row, repair_rows, repair_table
from chapbook.markup.trees import is_blank, make, remove, strip, unwrap

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
"""Flow elements that can't contain sections, headings, or one another, at any depth."""
_SOURCES = frozenset({"source", "track"})
_WHITE = " \t\n\r\f"
_DROPPED_EMPTY = frozenset(
    {"b", "big", "code", "em", "figure", "i", "p", "s", "small", "span", "strong", "u", "ins", "del"}
)
_NESTED_LINKS = etree.XPath(".//a//a")
_RECORDINGS_IN_RECORDINGS = etree.XPath(".//*[self::audio or self::video]//*[self::audio or self::video]")
_LINKS_ON_RECORDINGS = etree.XPath(".//a[.//audio or .//video]")
_NESTED_TERMS = etree.XPath(".//dfn//dfn")


def repair_structure(body: etree._Element) -> None:
    """Repairs all elements below `body`, innermost first."""
    for element in reversed(list(body.iter(etree.Element))):
        model = _MODELS.get(str(element.tag))
        if model is None:
            continue
        allowed, repair, always = model
        if always or (len(element) and not allowed.issuperset([child.tag for child in element])):
            repair(element)
        if element.tag in _DROPPED_EMPTY and (not element.text or element.text.isspace()) and not len(element):
            _drop_if_empty(element)
    _drop_shadows(body)
    _narrow(body)
    for inner in _NESTED_LINKS(body):
        _part(inner)
    for recording in (*_RECORDINGS_IN_RECORDINGS(body), *_LINKS_ON_RECORDINGS(body)):
        unwrap(recording)
    for inner in _NESTED_TERMS(body):
        inner.tag = "span"


def _repair_inline(element: etree._Element) -> None:
    wrap_orphans(element)
    if any(child.tag in BLOCKS for child in element):
        split(element)


def _drop_if_empty(element: etree._Element) -> None:
    """Removes an element without content or meaning; parsing leaves such elements behind."""
    if not len(element) and not element.attrib and not (element.text or "").strip(_WHITE):
        unwrap(element)


def _drop_shadows(body: etree._Element) -> None:
    """Removes empty links next to a link with text and the same target; parsing leaves such links behind."""
    empty = [each for each in body.iter("a") if not len(each) and not each.text and "id" not in each.attrib]
    if empty:
        told = {each.get("href") for each in body.iter("a") if len(each) or each.text}
        for each in empty:
            if each.get("href") in told:
                remove(each)


def _repair_rigid(element: etree._Element) -> None:
    wrap_orphans(element, but="rt" if element.tag == "ruby" else "")
    for child in element:
        if child.tag in BLOCKS:
            flatten(child, "\n" if element.tag == "pre" else " ")
    strip(element, FLAT)


def _repair_figure(element: etree._Element) -> None:
    """Keeps one caption, first or last; other captions become blocks."""
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
            paragraph = make("p", text=tail)
            captions[0].addprevious(paragraph)
        else:
            captions[0].tail = tail


def _repair_details(element: etree._Element) -> None:
    """Moves the summary first; without a summary, the element is removed and its content kept."""
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
    """Puts each reading after its base text; without such a pair, the element stops being ruby."""
    _repair_rigid(element)
    readings = [child for child in element if child.tag == "rt"]
    starts_well = not is_blank(element.text) or (len(element) > 0 and element[0].tag != "rt")
    if not readings or not starts_well:
        for reading in readings:
            reading.tag = "span"
        element.tag = "span"
        return
    last, after = readings[-1], list(readings[-1].itersiblings())
    text, last.tail = last.tail, element.tail
    element.tail = text
    for each in reversed(after):
        element.addnext(each)
    (after[-1] if after else element).tail = ((after[-1] if after else element).tail or "") + (last.tail or "")
    last.tail = None


def _narrow(body: etree._Element) -> None:
    for outer in list(body.iter(*_NARROW)):
        for element in list(outer.iterdescendants(*_NARROW.get(str(outer.tag), ("x-none",)))):
            if element.tag == "table":
                _flatten_table(element)
            else:
                element.tag = "p" if str(element.tag)[1:].isdigit() else "div"


def _flatten_table(table: etree._Element) -> None:
    for part in table.iterdescendants("caption", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col"):
        part.tag = "div" if part.tag in {"caption", "tr"} else FLAT
        part.attrib.clear()
        part.tail = f" {part.tail or ''}"
    table.tag = "div"
    strip(table, FLAT)


def _part(inner: etree._Element) -> None:
    """Moves a link out of the link around it: the outer one is split in two."""
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
    parent = element.getparent()
    if element.tag != "div" or parent is None or parent.tag != "dl":
        wrap_orphans(element)


def _only_sources(element: etree._Element) -> None:
    """Puts sources (or ``src``) and tracks first, as the schema requires, then the fallback content."""
    wanted = {"track"} if element.get("src") else {"source", "track"}
    sources = [child for child in element if child.tag in wanted and "src" in child.attrib]
    for child in list(element):
        if child.tag in _SOURCES:
            remove(child)
    _repair_rigid(element)
    text, element.text = element.text, None
    if sources:
        sources[-1].tail = text
    else:
        element.text = text
    element[:0] = sorted(sources, key=lambda each: each.tag == "track")


_MODELS: Mapping[str, tuple[frozenset[str], Callable[[etree._Element], None], bool]] = MappingProxyType(
    {
        **dict.fromkeys(FLOW, (BLOCKS | PHRASING, _wrap_orphans, False)),
        **dict.fromkeys(INLINE, (PHRASING, _repair_inline, False)),
        **dict.fromkeys(RIGID, (PHRASING, _repair_rigid, False)),
        "ruby": (PHRASING | {"rt"}, _repair_ruby, True),
        "summary": (PHRASING, _repair_summary, True),
        "ul": (frozenset({"li"}), repair_list, True),
        "ol": (frozenset({"li"}), repair_list, True),
        "dl": (frozenset({"dt", "dd"}), repair_definitions, True),
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
"""What an element may contain, how to handle other content, and whether to check in any case."""
