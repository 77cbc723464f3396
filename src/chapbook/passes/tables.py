"""Tables: marks in the markup which cells are headers of what; alignment by classes."""

from __future__ import annotations

import re

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import add_class, is_blank, make, remove
from chapbook.model.marks import TABLE_CAPTION

__all__ = ["shape_tables"]

_MOST_COLUMNS = 4
"""More columns are hard to read on e-ink, so the table gets the class ``wide``."""
_MOST_SPANNED = {"colspan": 1000, "rowspan": 65_534}
"""HTML, section 4.9.11."""
_ALIGNED = re.compile(r"text-align\s*:\s*(left|center|right|justify)\b", re.IGNORECASE)
_ALIGNMENTS = frozenset({"left", "center", "right", "justify"})
_ATTRIBUTES = re.compile(r"\{:?\s*([.#][\w-]{1,60}(?:\s+[.#][\w-]{1,60}){0,9})\s*\}")
"""``{.cards}``, or Python-Markdown's ``{: .cards #lamps }``."""
_NAMED = ("img", "math", "svg")


def shape_tables(page: Page) -> None:
    """Gives header cells their ``scope``, cells their alignment as a class, and wide tables the class ``wide``.

    An empty header cell becomes a plain one, and a header row of only those is removed. Cells of a body are headers
    only if the author made them so (WCAG technique H63).
    """
    if not {"pandoc", "quarto"}.isdisjoint(page.settings.syntax):
        _place_captions(page.body)
    tables = list(page.body.iter("table"))
    for table in tables:
        _take_attributes(table)
        _shape(table)


def _take_attributes(table: etree._Element) -> None:
    """Gives the table the classes and id in braces below it, which both dialects read as its last row."""
    rows = table.findall("tbody/tr")
    if len(rows) < 2:  # noqa: PLR2004 - a table with only its attributes isn't a table
        return
    row = rows[-1]
    words = "".join(map(str, row.itertext())).strip()
    given = _ATTRIBUTES.fullmatch(words)
    if given is None or len(row) == 0 or (row[0].text or "").strip() != words:
        return
    for name in given[1].split():
        if name.startswith("."):
            add_class(table, name[1:])
        elif table.get("id") is None:
            table.set("id", name[1:])
    remove(row)


def _place_captions(body: etree._Element) -> None:
    """Moves each marked paragraph into the table before it, or else after it, as its caption."""
    for words in [each for each in body.iter("span") if each.get("class") == TABLE_CAPTION]:
        paragraph = words.getparent()
        if paragraph is None or paragraph.tag != "p" or len(paragraph) != 1:
            continue
        before, after = paragraph.getprevious(), paragraph.getnext()
        beside = (each for each in (before, after) if each is not None and each.tag == "table")
        table = next((each for each in beside if each.find("caption") is None), None)
        if table is None:
            continue
        id_ = words.attrib.pop("id", "")
        if id_:
            table.set("id", id_)
        caption = make("caption", text=words.text)
        caption.extend(list(words))
        table.insert(0, caption)
        remove(paragraph)


def _shape(table: etree._Element) -> None:
    columns = 0
    for group in table.iterchildren("thead", "tbody", "tfoot", "tr"):
        for row in [group] if group.tag == "tr" else group.findall("tr"):
            columns = max(columns, _shape_row(row, in_head=group.tag == "thead"))
    if columns > _MOST_COLUMNS:
        add_class(table, "wide")
    head = table.find("thead")
    if head is not None and table.find("tbody/tr") is not None and not any(map(_has_content, head.iter("td", "th"))):
        remove(head)


def _shape_row(row: etree._Element, *, in_head: bool) -> int:
    """Shapes a row's cells; returns how many columns they take."""
    only_headers = in_head or row.find("td") is None
    columns = 0
    for cell in row.iterchildren("td", "th"):
        _align(cell)
        columns += _span(cell, "colspan")
        _span(cell, "rowspan")
        if cell.tag == "th":
            _shape_header(cell, "col" if only_headers else "row")
    return columns


def _shape_header(cell: etree._Element, scope: str) -> None:
    if not _has_content(cell):
        cell.tag = "td"
        cell.attrib.pop("scope", None)
        cell.attrib.pop("abbr", None)
    elif cell.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
        cell.set("scope", scope)


def _has_content(cell: etree._Element) -> bool:
    return not all(map(is_blank, cell.itertext())) or next(cell.iter(*_NAMED), None) is not None


def _span(cell: etree._Element, name: str) -> int:
    """How many columns or rows a cell spans; removes an attribute that isn't such a number."""
    written = cell.get(name)
    if written is None:
        return 1
    if written.isascii() and written.isdigit() and len(written) <= len("65534") and int(written) > 0:
        span = min(int(written), _MOST_SPANNED[name])
        cell.set(name, str(span))
        return span
    del cell.attrib[name]
    return 1


def _align(cell: etree._Element) -> None:
    aligned = _ALIGNED.search(cell.attrib.pop("style", ""))
    alignment = aligned[1].lower() if aligned else cell.get("align", "").strip().lower()
    cell.attrib.pop("align", None)
    if alignment in _ALIGNMENTS:
        add_class(cell, alignment)
