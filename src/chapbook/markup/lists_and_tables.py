"""Repairs lists and tables to fit HTML's content models.

Lists (HTML, sections 4.4.5 to 4.4.11) contain only items, or terms and definitions. Tables (section 4.9) contain a
caption, columns, head, bodies and foot, which contain rows of cells.
"""

from __future__ import annotations

from lxml import etree

from chapbook.markup.blocks import FLAT, wrap_orphans
from chapbook.markup.trees import is_blank, make, remove, strip

__all__ = ["repair_definitions", "repair_list", "repair_row", "repair_rows", "repair_table"]


def repair_list(element: etree._Element) -> None:
    """Moves everything in a list into its items: stray content goes into the item before it."""
    if element.tag == "ul":
        for each in element.iterchildren("li"):
            each.attrib.pop("value", None)
    if is_blank(element.text) and all(child.tag == "li" and is_blank(child.tail) for child in element):
        if not len(element):
            remove(element)
        return
    children, text = _emptied(element)
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
            _add_text(item, tail or "")
    for each in element:
        wrap_orphans(each)


def _emptied(element: etree._Element) -> tuple[list[etree._Element], str | None]:
    """Empties `element` and returns its children and text."""
    children, text = list(element), element.text
    element[:] = []
    element.text = None
    return children, text


def _add_text(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def repair_definitions(element: etree._Element) -> None:
    """Repairs a definition list, so that each term is followed by a definition.

    Content before the first term moves before the list. A list without terms stops being a list; a term without a
    definition gets an empty one.
    """
    for child in element:
        if child.tag == "div" and any(each.tag in {"dt", "dd"} for each in child):
            child.tag = FLAT
    strip(element, FLAT)
    if not any(child.tag == "dt" for child in element):
        _become_div(element)
        return
    children, text = _emptied(element)
    if not is_blank(text):
        children.insert(0, make("dd", text=text))
    begun = False
    for child in children:
        tail, child.tail = child.tail, None
        held = child if child.tag in {"dt", "dd"} else _holding(child)
        for each in (held,) if is_blank(tail) else (held, make("dd", text=tail)):
            begun = begun or each.tag == "dt"
            if not begun:
                each.tag = "div"
                element.addprevious(each)
            else:
                element.append(each)
    if not len(element) or element[-1].tag == "dt":
        etree.SubElement(element, "dd")


def _become_div(element: etree._Element) -> None:
    if not len(element) and is_blank(element.text):
        remove(element)
    element.tag = "div"
    for child in element:
        if child.tag in {"dd", "div"}:
            child.tag = "div"
            wrap_orphans(child)
    wrap_orphans(element)


def _holding(child: etree._Element) -> etree._Element:
    made = etree.Element("dd")
    made.append(child)
    wrap_orphans(made)
    return made


_ORDER = {"caption": 0, "colgroup": 1, "thead": 2, "tbody": 3, "tfoot": 4}
_CELLS = frozenset({"td", "th"})


def repair_row(row: etree._Element) -> None:
    """Moves everything in a row into cells."""
    _hold(row, _CELLS, "td")


def repair_rows(group: etree._Element) -> None:
    """Moves everything in a group of rows into rows."""
    for child in group:
        if child.tag in _CELLS:
            row = etree.Element("tr")
            child.addprevious(row)
            row.append(child)
            row.tail, child.tail = child.tail, None
    _hold(group, frozenset({"tr"}), "tr")
    for row in list(group):
        repair_row(row)
        if not len(row):
            group.remove(row)


def _hold(parent: etree._Element, wanted: frozenset[str], wrapper: str) -> None:
    if not is_blank(parent.text):
        first = etree.Element(wrapper)
        first.text, parent.text = parent.text, None
        parent.insert(0, first)
    for child in list(parent):
        if child.tag not in wanted:
            holder = etree.Element(wrapper)
            child.addprevious(holder)
            holder.append(child)
            holder.tail, child.tail = child.tail, None
            child = holder  # noqa: PLW2901 - its replacement
        if not is_blank(child.tail):
            after = etree.Element(wrapper)
            after.text, child.tail = child.tail, None
            child.addnext(after)


def repair_table(table: etree._Element) -> None:
    """Sorts a table's parts; leaves one caption, head and foot, no part without rows, and no table without rows."""
    _group_rows(table)
    captions = [child for child in table if child.tag == "caption"]
    for extra in captions[1:]:
        captions[0].append(_as_div(extra))
    for tag in ("thead", "tfoot"):
        for extra in [child for child in table if child.tag == tag][1:]:
            extra.tag = "tbody"
    for part in list(table):
        if part.tag in {"thead", "tbody", "tfoot"} and not len(part):
            remove(part)
    parts = list(table)
    table[:] = sorted(parts, key=lambda part: _ORDER.get(str(part.tag), 3))
    for columns in table.findall("colgroup"):
        if len(columns):
            columns.attrib.pop("span", None)
    if not any(part.tag in {"thead", "tbody", "tfoot"} for part in table):
        _dissolve(table)


def _group_rows(table: etree._Element) -> None:
    """Wraps rows and columns directly in the table in groups; moves stray text before the table."""
    words = [table.text or ""]
    table.text = None
    run: etree._Element | None = None
    for child in list(table):
        words.append(child.tail or "")
        child.tail = None
        wrapper = {"tr": "tbody", "td": "tbody", "th": "tbody", "col": "colgroup"}.get(str(child.tag))
        if wrapper is None and child.tag in _ORDER:
            run = None
            continue
        wrapper = wrapper or "tbody"
        if run is None or run.tag != wrapper:
            run = etree.Element(wrapper)
            child.addprevious(run)
        run.append(child)
    for group in table:
        if group.tag in {"thead", "tbody", "tfoot"}:
            repair_rows(group)
        elif group.tag == "colgroup":
            words.append("".join(str(text) for text in group.itertext()))
            for column in list(group):
                column.tail = None
                if column.tag != "col":
                    group.remove(column)
            group.text = None
    stray = " ".join(" ".join(words).split())
    if stray:
        paragraph = etree.Element("p")
        paragraph.text = stray
        table.addprevious(paragraph)


def _as_div(caption: etree._Element) -> etree._Element:
    caption.tag = "div"
    return caption


def _dissolve(table: etree._Element) -> None:
    table.tag = "div"
    for part in table:
        part.tag = "div" if part.tag == "caption" else "x-flat"
    for part in list(table.iter("x-flat")):
        remove(part)
    if not len(table):
        remove(table)
