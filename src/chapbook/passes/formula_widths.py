"""Displayed formulas on narrow pages: measures how wide they are, and breaks long ones.

Reading systems don't break formulas (MathML Core has no line breaks), and cut off those wider than the page. So
chapbook measures each when the book is made. Long ones are split into several lines, before an operator. Each that may
be wider than a narrow page gets a class ``math-N`` by its width in em, and the style sheets set it smaller there.
"""

from __future__ import annotations

import unicodedata

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.parsing import MATHML
from chapbook.markup.trees import add_class

__all__ = ["fit_formulas"]

_FITS, _LONGEST, _LINE, _NARROWEST = 8.0, 12.0, 9.6, 7.0
"""In em: the narrowest page in large type; the longest unbroken formula; the length of a broken line, and of one in a
table.
"""
_MUCH = 1.6
"""A line this many times wider than its room is broken again; a narrower one is set smaller."""
_WORTH = 0.75
"""Break a formula only if its lines become shorter than this share of its width."""
_CLASSES = (10, 12, 15, 19, 24, 32)
_SAFE = 1.12
"""A safety factor for the estimates."""
_RELATIONS = frozenset("=≈≃≅≡≤≥<>≠∼∝→⇒⇔↦∈⊂⊆←⇐≪≫")
_SIGNS = frozenset("+−-±∓⋅×∪∩∧∨")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_OF_TEXT = {" ": 0.27, "\u00a0": 0.27, "m": 0.8, "w": 0.75}
_LARGE = frozenset("∑∏∫∮⋃⋂|∣‖√¬∞∂∇")
_SCRIPTS = frozenset({"msub", "msup", "msubsup", "mmultiscripts"})
_STACKS = frozenset({"mfrac", "munder", "mover", "munderover"})
_ROWS = frozenset({"math", "mrow", "mstyle", "mtd", "semantics"})
_SMALLER, _GAP = 0.75, 0.8
_DEEPEST = 40
_LINES = etree.XPath(".//*[@class = 'math-lines']")


def fit_formulas(page: Page) -> None:
    """Breaks long displayed formulas, and gives all wide ones their class."""
    for math in list(page.body.iter(f"{{{MATHML}}}math")):
        shown = math.getparent()
        displayed = shown is not None and "math-display" in shown.get("class", "").split()
        if displayed and _width(math) * _SAFE > _LONGEST and not _LINES(math):  # for a book that is read again
            _fit(math, _LINE)
        width = _width(math) * _SAFE
        if width > _FITS:
            marked = shown if displayed and shown is not None else math
            add_class(marked, f"math-{next((each for each in _CLASSES if width <= each), _CLASSES[-1])}")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _fit(element: etree._Element, room: float, depth: int = 0) -> None:
    """Breaks `element`, or the widest thing in it, if it is wider than `room` (in em)."""
    if depth > _DEEPEST or _width(element) <= room:
        return
    room = max(room, _NARROWEST)
    children = list(element.iterchildren(etree.Element))
    if _name(element) == "mtext":
        _wrap(element, room)
    elif _name(element) == "mtable":
        _fit_columns(element, room, depth)
    elif _name(element) in _ROWS and children and not _break(element, room, depth):
        widest = max(children, key=_width)
        _fit(widest, room - (_width(element) - _width(widest)), depth + 1)


def _break(row: etree._Element, room: float, depth: int) -> bool:
    """Splits a row into lines; returns whether that helps. Lines begin inside brackets only if nothing else helps."""
    width = sum(map(_width, row))
    for within in (False, True):
        lines: list[list[etree._Element]] = [[]]
        for part in _parts(row, within_brackets=within):
            if lines[-1] and sum(map(_width, [*lines[-1], *part])) > room:
                lines.append([])
            lines[-1] += part
        if max(sum(map(_width, line)) for line in lines) <= _WORTH * width:
            break
    else:
        return False
    for each in list(row):
        row.remove(each)
    for number, cell in enumerate(_lines_of(row, len(lines))):
        if number:
            etree.SubElement(cell, f"{{{MATHML}}}mspace", {"width": "1em"})
        cell.extend(lines[number])
        if _width(cell) > _MUCH * room:
            _fit(cell, room, depth + 1)
    return True


def _parts(row: etree._Element, *, within_brackets: bool) -> list[list[etree._Element]]:
    """The parts a line may begin with: a relation, an operator between two terms, or what follows a wide space."""
    parts: list[list[etree._Element]] = [[]]
    level = 0
    for each in row.iterchildren(etree.Element):
        name, words = _name(each), "".join(map(str, each.itertext())).strip()
        level += (words in _OPENING) - (words[:1] in _CLOSING and bool(words))
        may_begin = bool(parts[-1]) and (within_brackets or level <= 0)
        if may_begin and name == "mo" and words in _RELATIONS | _SIGNS and _is_after_term(parts[-1][-1]):
            parts.append([])
        elif may_begin and name == "mspace" and _of_token(each, name) >= 1:
            parts.append([])
            continue
        parts[-1].append(each)
    return list(filter(None, parts))


def _lines_of(row: etree._Element, count: int) -> list[etree._Element]:
    """The cells of a table of `count` lines, added as the last element of `row`."""
    table = etree.SubElement(row, f"{{{MATHML}}}mtable", {"displaystyle": "true", "class": "math-lines"})
    rows = [etree.SubElement(table, f"{{{MATHML}}}mtr") for _ in range(count)]
    return [etree.SubElement(each, f"{{{MATHML}}}mtd", {"class": "math-line"}) for each in rows]


def _wrap(text: etree._Element, room: float) -> None:
    """Splits words in a text into lines."""
    lines: list[str] = []
    for word in "".join(map(str, text.itertext())).split():
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and _of_text(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > 1:
        text.tag, text.text = f"{{{MATHML}}}mrow", None
        for line, cell in zip(lines, _lines_of(text, len(lines)), strict=True):
            etree.SubElement(cell, f"{{{MATHML}}}mtext").text = line


def _fit_columns(table: etree._Element, room: float, depth: int) -> None:
    """Breaks the cells of the widest column; puts the conditions of cases below the values."""
    rows = [list(row.iterchildren(etree.Element)) for row in table.iterchildren(etree.Element)]
    if all(len(row) == 2 and _name(next(iter(row[1]), row[1])) == "mtext" for row in rows):  # noqa: PLR2004 - as it says
        for term, condition in rows:
            below = etree.Element(f"{{{MATHML}}}mtr")
            above = term.getparent()
            if above is not None:
                above.addnext(below)
            etree.SubElement(condition, f"{{{MATHML}}}mspace", {"width": "1em"})
            condition.insert(0, condition[-1])
            below.append(condition)
        rows = [[cell] for row in rows for cell in row]
    widths = [
        max((_width(row[at], depth + 2) for row in rows if at < len(row)), default=0.0) + _GAP
        for at in range(max(map(len, rows), default=0))
    ]
    if not widths:
        return
    widest = widths.index(max(widths))
    for row in rows:
        if widest < len(row):
            _fit(row[widest], room - sum(widths) + widths[widest] - _GAP, depth + 1)


def _is_after_term(before: etree._Element) -> bool:
    """Whether an operator after `before` is between two terms, and not the minus sign of the first."""
    return _name(before) != "mo" or (before.text or "").strip() in {")", "]", "}", "|", "!"}


def _width(element: etree._Element, depth: int = 0) -> float:
    """The width of a part of a formula in em, rather too large than too small."""
    name, children = _name(element), list(element.iterchildren(etree.Element))
    if name in {"annotation", "annotation-xml"}:
        return 0.0
    if not children or depth > _DEEPEST:
        return _of_token(element, name)
    widths = [_width(each, depth + 1) for each in children]
    if name in _SCRIPTS:
        return widths[0] + _SMALLER * max(widths[1:], default=0.0)
    if name in _STACKS:
        return max(widths[0], *(_SMALLER * each for each in widths[1:])) + 0.2 if name != "mfrac" else max(widths) + 0.3
    if name == "mtable":
        rows = [[_width(cell, depth + 2) for cell in row.iterchildren(etree.Element)] for row in children]
        columns = max(map(len, rows))
        return sum(max((row[at] for row in rows if at < len(row)), default=0.0) + _GAP for at in range(columns))
    return sum(widths) + (0.9 if name in {"msqrt", "mroot"} else 0.0)


def _of_token(element: etree._Element, name: str) -> float:
    text = "".join(map(str, element.itertext())).strip()
    if name == "mspace":
        width = element.get("width", "")
        return float(width[:-2]) if width.endswith("em") and width[:-2].replace(".", "", 1).isdecimal() else 0.0
    if name == "mo":
        if any(unicodedata.category(sign) == "Sm" for sign in text):
            return 0.75 if text in _LARGE else 1.35 * len(text)
        return 0.3 if text in {"", "\u2061", "\u2062"} else 0.3 + 0.3 * len(text)
    return _of_text(text) if name == "mtext" else sum(0.75 if sign.isupper() else 0.56 for sign in text)


def _of_text(text: str) -> float:
    return sum(0.75 if sign.isupper() else _OF_TEXT.get(sign, 0.45) for sign in text)
