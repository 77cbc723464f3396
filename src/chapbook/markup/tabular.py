"""The content model of tables (HTML, section 4.9): caption, columns, head, bodies, foot; rows of cells."""

from __future__ import annotations

from lxml import etree

from chapbook.markup.trees import is_blank, remove

__all__ = ["repair_row", "repair_rows", "repair_table"]

_ORDER = {"caption": 0, "colgroup": 1, "thead": 2, "tbody": 3, "tfoot": 4}
_CELLS = frozenset({"td", "th"})


def repair_row(row: etree._Element) -> None:
    """Everything in a row goes into cells."""
    _hold(row, _CELLS, "td")


def repair_rows(group: etree._Element) -> None:
    """Everything in a group of rows goes into rows."""
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
            child = holder  # noqa: PLW2901 - what stands in its place
        if not is_blank(child.tail):
            after = etree.Element(wrapper)
            after.text, child.tail = child.tail, None
            child.addnext(after)


def repair_table(table: etree._Element) -> None:
    """The parts in their order, one caption, one head, one foot, no part without rows; no table without any."""
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
    """Rows and columns directly in the table go into groups; stray text goes before it."""
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
