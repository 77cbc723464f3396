"""Tables as cards: each row becomes a group of lines, with the headers as labels.

The cards are again a table, with two columns: a label and its value. So old and new reading systems show it without a
style sheet, and screen readers read it properly.
"""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from chapbook.markup.trees import EPUB_TYPE, is_blank, make, remove

__all__ = ["make_cards", "may_be_cards"]

_SHOWN = ("img", "math", "svg", "{http://www.w3.org/1998/Math/MathML}math", "{http://www.w3.org/2000/svg}svg")


def may_be_cards(table: etree._Element) -> bool:
    """Whether the table has one header row, other rows, and no cells that span several."""
    heads = table.findall("thead/tr")
    if "cards" in table.get("class", "").split() and not heads:
        return table.find("tbody") is not None  # they are cards already
    spans = any(cell.get(name, "1") != "1" for cell in table.iter("td", "th") for name in ("colspan", "rowspan"))
    return len(heads) == 1 and not spans and table.find("tbody/tr") is not None and table.find(".//table") is None


def make_cards(table: etree._Element) -> None:
    """Turns `table` into cards (check `may_be_cards` first): a ``tbody`` for each row, with a row for each cell.

    The first cell is the card's heading. Empty cells are removed.
    """
    head = table.find("thead")
    if head is None:
        return
    labels = list(head[0].iterchildren("td", "th"))
    rows = [row for group in table.iterchildren("tbody", "tfoot") for row in group.iterchildren("tr")]
    for group in list(table.iterchildren("colgroup", "thead", "tbody", "tfoot")):
        table.remove(group)
    classes = [each for each in table.get("class", "").split() if each not in {"wide", "cards"}]
    table.set("class", " ".join([*classes, "cards"]))
    for number, row in enumerate(rows):
        card = etree.SubElement(table, "tbody")
        for name, value in row.attrib.items():
            card.set(name, value)
        for at, cell in enumerate(row.iterchildren("td", "th")):
            label = labels[at] if at < len(labels) else None
            _add_line(card, label, cell, first=number == 0)


def _add_line(card: etree._Element, label: etree._Element | None, cell: etree._Element, *, first: bool) -> None:
    if not _has_content(cell):
        return
    line = etree.SubElement(card, "tr")
    if label is not None and _has_content(label):
        line.append(_copied(label, first=first))
    else:
        line.append(make("td"))
    value = make("td")
    for name, content in cell.attrib.items():
        if name not in {"scope", "abbr", "class", EPUB_TYPE}:
            value.set(name, content)
    classes = [each for each in cell.get("class", "").split() if each not in {"left", "center", "right", "justify"}]
    if classes:
        value.set("class", " ".join(classes))
    value.text = cell.text
    value.extend(list(cell))
    line.append(value)


def _copied(label: etree._Element, *, first: bool) -> etree._Element:
    """The label for one card; only the first card keeps the ids and notes of the header."""
    copy = deepcopy(label)
    copy.tail = None
    copy.tag = "th"
    copy.attrib.clear()
    copy.set("scope", "row")
    if not first:
        for note in [each for each in copy.iter("a") if each.get(EPUB_TYPE) == "noteref"]:
            above = note.getparent()
            remove(above if above is not None and above.tag == "sup" else note)
        for element in copy.iter():
            element.attrib.pop("id", None)
    return copy


def _has_content(cell: etree._Element) -> bool:
    return not all(map(is_blank, map(str, cell.itertext()))) or next(cell.iter(*_SHOWN), None) is not None
