"""Tables on narrow pages: how wide their longest words make them, and what happens to those that are too wide.

A column is never narrower than its longest word, and pages can't be scrolled sideways. So chapbook measures each table
in em when the book is made. One that may be wider than a page in large type gets a class ``fit-N`` by its width. Newer
reading systems set it smaller on narrow pages and, if that would be illegible, show each row as a block with the
headers as labels; for that, each cell has its header in ``data-label``, and the table has ARIA roles, which some
reading systems drop when ``display`` changes. Older ones can't query the page's width. There, each column gets its
share of it (``w-N``) and words break if needed; tables of the class ``stacks`` are always shown as blocks.

A table too wide for any reader becomes cards: again a table, with two columns, a label and its value. So old and new
reading systems show it without a style sheet, and screen readers read it properly.
"""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import EPUB_TYPE, add_class, is_blank, make, remove, replace
from chapbook.model.hyphenation import plain
from chapbook.passes.long_words import widest_part

__all__ = ["fit_tables", "make_cards", "may_be_cards"]

_PADDING, _PADDING_OF_WIDE = 1.25, 0.75
"""A cell's padding on both sides together, in em."""
_FITS = 9.5
"""The width in em of a phone's page in type of twice the usual size."""
_CLASSES = (12, 14, 17, 20, 24, 30, 38, 48, 60)
"""Width classes in em, as in the style sheet. Up to the first, a table is only set smaller."""
_STACKED = 12
"""The widest table that older reading systems show as a table: what fits a phone in type of twice the usual size."""
_ON_PHONE = 25
"""The width of a phone in em, with the smallest legible type."""
_LONG_CELL = 150
"""Cells of so many characters may be longer than a page; their row must break."""
_TO_TEXTS = 0.35
"""The share of the remaining width that is given to columns by the length of their texts."""
_LONGEST_LINE = 40.0
"""In em; longer text counts as a paragraph."""
_MOST_COLUMNS = 1000
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


def fit_tables(page: Page) -> None:
    """Measures the tables, and gives those too wide for narrow pages the classes that reading systems need to fit them.

    A table with the class ``cards``, or too wide for any reader, becomes a table of two columns: a group for each row,
    with a line for each header. A table that stays illegible on a telephone is reported (``table-too-wide``).
    """
    for cell in page.body.iter("td", "th"):
        row = cell.getparent()
        if row is not None and sum(len(str(text)) for text in cell.itertext()) > _LONG_CELL:
            add_class(row, "long-row")
    for table in list(page.body.iter("table")):
        if next(table.iterancestors("table"), None) is None:
            _fit(page, table)


def _fit(page: Page, table: etree._Element) -> None:
    classes = [each for each in table.get("class", "").split() if not each.startswith("fit-")]
    padding = _PADDING_OF_WIDE if "wide" in classes else _PADDING
    columns = _measured(table)
    width = sum(columns) + padding * len(columns)
    if width > _ON_PHONE and not may_be_cards(table):
        _name(page, table, len(columns))
    if ("cards" in classes or width > _CLASSES[-1]) and may_be_cards(table):
        make_cards(table)
        columns = _measured(table)
        width = sum(columns) + _PADDING * len(columns)
    if width > _FITS:
        _mark(table, columns, padding, next((each for each in _CLASSES if width <= each), _CLASSES[-1]))


def _measured(table: etree._Element) -> list[float]:
    """The width of each column's longest word, in em."""
    widths: list[float] = []
    for cell, column in _placed(table):
        span = min(_number(cell, "colspan"), _MOST_COLUMNS)
        need = (20.0 if cell.find(".//table") is not None else widest_part(cell, bold=cell.tag == "th")) / span
        widths += [0.0] * (column + span - len(widths))
        for at in range(column, column + span) if span < _MOST_COLUMNS else ():
            widths[at] = max(widths[at], need)
    return widths


def _placed(table: etree._Element) -> list[tuple[etree._Element, int]]:
    """The cells, each with its column number, from 0."""
    placed: list[tuple[etree._Element, int]] = []
    taken: dict[int, int] = {}
    for row in _rows(table):
        column = 0
        spans: list[tuple[int, int, int]] = []
        for cell in row.iterchildren("td", "th"):
            while taken.get(column, 0) > 0:
                column += 1
            placed.append((cell, column))
            wide = min(_number(cell, "colspan"), _MOST_COLUMNS)
            spans.append((column, wide, _number(cell, "rowspan")))
            column = min(column + wide, _MOST_COLUMNS)
        taken = {at: left - 1 for at, left in taken.items() if left > 1}
        for start, wide, high in spans:
            if high > 1:
                taken.update(dict.fromkeys(range(start, start + wide), high - 1))
    return placed


def _rows(table: etree._Element) -> list[etree._Element]:
    groups = list(table.iterchildren("thead", "tbody", "tfoot", "tr"))
    return [row for group in groups for row in ([group] if group.tag == "tr" else group.iterchildren("tr"))]


def _number(cell: etree._Element, name: str) -> int:
    written = cell.get(name, "1")
    return int(written) if written.isdecimal() and len(written) < 6 else 1  # noqa: PLR2004 - as many as a row may have


def _mark(table: etree._Element, columns: list[float], padding: float, width: int) -> None:
    add_class(table, f"fit-{width}", *(["stacks"] if width > _STACKED else []))
    if width <= _STACKED and table.find("colgroup") is None:
        _give_parts(table, [each + padding for each in columns])
    if width > _CLASSES[0]:
        _label(table)
        _give_roles(table)
    parent = table.getparent()
    if parent is not None and parent.get("class") != "table-fit":  # for a book that is read again
        wrapper = make("div", class_="table-fit")
        replace(table, wrapper)
        wrapper.append(table)


def _give_parts(table: etree._Element, columns: list[float]) -> None:
    """Gives the columns their shares of the page, in steps of five per cent, by their longest words and their texts."""
    lines = [0.0] * len(columns)
    for cell, column in _placed(table):
        if _number(cell, "colspan") == 1:
            lines[column] = max(lines[column], min(_LONGEST_LINE, len("".join(map(str, cell.itertext()))) / 2))
    spare = max(0.0, _STACKED - sum(columns)) * _TO_TEXTS
    more = [max(0.0, line - column) for line, column in zip(lines, columns, strict=True)]
    widths = [own + spare * extra / (sum(more) or 1) for own, extra in zip(columns, more, strict=True)]
    group = etree.Element("colgroup")
    for width in widths:
        etree.SubElement(group, "col", {"class": f"w-{max(5, round(20 * width / sum(widths)) * 5)}"})
    caption = table.find("caption")
    if caption is None:
        table.insert(0, group)
    else:
        tail, caption.tail = caption.tail, None
        caption.addnext(group)
        group.tail = tail


def _label(table: etree._Element) -> None:
    """Gives each cell of the body the words of its headers."""
    labels: dict[int, list[str]] = {}
    for cell, column in _placed(table):
        if next(cell.iterancestors("thead"), None) is None:
            if any(labels.get(column, ())):
                cell.set("data-label", " ".join(filter(None, labels[column])))
            continue
        words = " ".join("".join(map(str, cell.itertext())).split())
        for at in range(column, column + min(_number(cell, "colspan"), _MOST_COLUMNS)):
            labels.setdefault(at, []).append(words)


def _give_roles(table: etree._Element) -> None:
    for element in table.iter("table", *_ROLES, "th"):
        if next(element.iterancestors("table"), table) is not table:
            continue
        row_head = element.get("scope", "").startswith("row")
        role = _ROLES.get(str(element.tag)) or ("rowheader" if row_head else "columnheader")
        if element.get("role") is None:
            element.set("role", role)


def _name(page: Page, table: etree._Element, columns: int) -> None:
    words = plain(next((text for text in map(str, table.itertext()) if not text.isspace()), "")).strip()
    named = f"the table that begins with '{words[:40]}'" if words else "a table without words"
    page.report(
        "table-too-wide",
        f"{named} has {columns} column{'s' * (columns != 1)}, too wide for a phone",
        at=page.locator.text(words[:40]) if words else page.locator.element("table"),
        hint="give it one row of heads and no merged cells, so that each row can be a block there, or split it",
    )


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
