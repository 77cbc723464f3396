"""Displayed formulas on narrow pages: how wide they are, and where long ones break.

No reading system breaks a formula (MathML Core has no line breaks), and one that is wider than the page is cut off. So
each is measured when the book is made. A long one becomes several lines, broken before its signs; any that may be wider
than a narrow page gets a class ``math-N`` by its width in em, by which the style sheets set it smaller there.
"""

from __future__ import annotations

import unicodedata

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.parsing import MATHML
from chapbook.markup.trees import add_class

__all__ = ["fit_formulas"]

_FITS, _LONGEST, _LINE = 8.0, 16.5, 13.0
"""Em of the narrowest page in large type; of what isn't broken on a telephone; of a line of what is."""
_WORTH = 0.75
"""Of a formula's width, how long its lines may be for it to be broken at all."""
_CLASSES = (10, 12, 15, 19, 24, 32)
_SAFE = 1.07
"""What an estimate may be off."""
_RELATIONS = frozenset("=≈≃≅≡≤≥<>≠∼∝→⇒⇔↦∈⊂⊆←⇐≪≫")
_SIGNS = frozenset("+−-±∓⋅×∪∩∧∨")
_OF_TEXT = {" ": 0.27, "\u00a0": 0.27, "m": 0.8, "w": 0.75}
_LARGE = frozenset("∑∏∫∮⋃⋂|∣‖√¬∞∂∇")
_SCRIPTS = frozenset({"msub", "msup", "msubsup", "mmultiscripts"})
_STACKS = frozenset({"mfrac", "munder", "mover", "munderover"})
_SMALLER = 0.75
_DEEPEST = 40


def fit_formulas(page: Page) -> None:
    """Breaks the long ones of the displayed formulas, and gives those that are wide their class."""
    for math in list(page.body.iter(f"{{{MATHML}}}math")):
        shown = math.getparent()
        if shown is None or "math-display" not in shown.get("class", "").split():
            continue
        row = math[0] if len(math) == 1 and _name(math[0]) in {"mrow", "semantics"} else math
        row = row[0] if _name(row) == "semantics" and len(row) else row
        if _width(math) * _SAFE > _LONGEST:
            _break(row)
        width = _width(math) * _SAFE
        if width > _FITS:
            add_class(shown, f"math-{next((each for each in _CLASSES if width <= each), _CLASSES[-1])}")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _break(row: etree._Element) -> None:
    """Makes lines of a row, each begun by a relation, or by another sign where no relation is near."""
    parts: list[list[etree._Element]] = [[]]
    for each in row.iterchildren(etree.Element):
        sign = (each.text or "").strip() if _name(each) == "mo" else ""
        if parts[-1] and sign and sign in _RELATIONS | _SIGNS and _is_after_term(parts[-1][-1]):
            parts.append([])
        parts[-1].append(each)
    lines: list[list[etree._Element]] = [[]]
    for part in parts:
        if lines[-1] and sum(map(_width, [*lines[-1], *part])) > _LINE:
            lines.append([])
        lines[-1] += part
    if max(sum(map(_width, line)) for line in lines) > _WORTH * sum(map(_width, row)):
        return
    table = etree.Element(f"{{{MATHML}}}mtable", {"displaystyle": "true", "class": "math-lines"})
    for number, line in enumerate(lines):
        cell = etree.SubElement(etree.SubElement(table, f"{{{MATHML}}}mtr"), f"{{{MATHML}}}mtd", {"class": "math-line"})
        if number:
            etree.SubElement(cell, f"{{{MATHML}}}mspace", {"width": "1em"})
        cell.extend(line)
    row.append(table)


def _is_after_term(before: etree._Element) -> bool:
    """Whether a sign after `before` stands between two terms: it isn't the minus of the first."""
    return _name(before) != "mo" or (before.text or "").strip() in {")", "]", "}", "|", "!"}


def _width(element: etree._Element, depth: int = 0) -> float:
    """The width of a formula's part in em, rather too much than too little."""
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
        return sum(max((row[at] for row in rows if at < len(row)), default=0.0) + 0.8 for at in range(columns))
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
    return sum(0.75 if sign.isupper() else _OF_TEXT.get(sign, 0.45) if name == "mtext" else 0.56 for sign in text)
