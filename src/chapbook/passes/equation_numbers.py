r"""Numbers of formulas and their rows (``\tag`` and ``\label``), and references to them (``\eqref`` and ``\ref``).

MathML Core has no labelled rows. A number is in the last cell of its row, and an empty first cell keeps the formula
centred; the style sheet divides the remaining space between both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lxml import etree

from chapbook.passes.tex import MARKS, Mark

__all__ = ["Numbers", "Place", "equation_id", "reference"]

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_MARK = re.compile(f"[{chr(MARKS.start)}-{chr(MARKS.stop - 1)}]")
_UNSAFE = re.compile(r"[^\w.-]+")
_OF_COUNTED = frozenset(
    f"{_MATHML}{name}" for name in ("mfrac", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover")
)
"""Parents whose children have places of their own."""
_AROUND = frozenset({f"{_MATHML}math", f"{_MATHML}mrow", f"{_MATHML}mstyle"})


class Place(NamedTuple):
    """The target of a reference, and its number."""

    id: str
    number: str
    """As shown: ``(1)``, or ``A`` for ``\\tag*{A}``."""


def equation_id(label: str) -> str:
    """The id for a label: ``eq-mass`` for ``eq:mass`` and for ``mass``."""
    name = _UNSAFE.sub("-", label.strip()).strip("-")
    return name if name.startswith("eq-") else f"eq-{name}"


class Numbers:
    """The numbers of one chapter's formulas, in text order.

    A formula with a label but no tag gets the next number that isn't used by a tag (`taken`).
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.places: dict[str, Place] = {}
        """By the label as written."""
        self._taken = frozenset(each.strip() for each in taken)
        self._last = 0
        self._waiting: list[tuple[etree._Element, str]] = []

    def place(self, math: etree._Element, marks: Sequence[Mark], name: str = "") -> None:
        """Replaces the marks in a displayed formula with its numbers.

        `name` is the id written after the formula, which labels the whole.
        """
        table = _only_table(math)
        of_rows: dict[etree._Element, list[Mark]] = {}
        of_all = [Mark("id", name)] if name else []
        for element in [each for each in math.iter(f"{_MATHML}mtext") if each.text and _MARK.search(each.text)]:
            mark = marks[ord(element.text or "") - MARKS.start] if len(element.text or "") == 1 else None
            if mark is None or mark.command in {"ref", "eqref"}:
                self._waiting.append((element, _MARK.sub(lambda found: _written(marks, found[0]), element.text or "")))
                continue
            row = next((each for each in element.iterancestors(f"{_MATHML}mtr") if each.getparent() is table), None)
            (of_all if row is None else of_rows.setdefault(row, [])).append(mark)
            _take_away(element)
        if of_rows and table is not None and not table.get("columnlines"):
            last = next(reversed(of_rows))
            of_rows[last] += of_all
            _widen(table, {row: self._number(row, said) for row, said in of_rows.items()})
        elif said := [*of_all, *(mark for each in of_rows.values() for mark in each)]:
            self._number_whole(math, said)

    def settle(self) -> list[str]:
        """Writes the numbers of references inside formulas. Returns labels that don't exist."""
        missing = []

        def shown(found: re.Match[str]) -> str:
            place = self.places.get(found[2])
            if place is None:
                missing.append(found[2])
            return reference(found[1], place.number) if place else f"({found[2]})"

        for element, text in self._waiting:
            element.text = _REFERENCE.sub(shown, text)
        self._waiting.clear()
        return missing

    def _number(self, row: etree._Element, said: Sequence[Mark]) -> str:
        """The number of a row; sets the row's id from its first label."""
        labels = [each.text for each in said if each.command in {"id", "label"}]
        tags = [each.text if each.command == "tag*" else f"({each.text})" for each in said if each.command[:3] == "tag"]
        if not tags and labels:
            self._last += 1
            while str(self._last) in self._taken:
                self._last += 1
            tags.append(f"({self._last})")
        number = ", ".join(tags)
        for label in labels:
            self.places.setdefault(label, Place(row.get("id") or self._new_id(said[0].command, labels[0]), number))
            row.set("id", self.places[label].id)
        return number

    def _new_id(self, command: str, label: str) -> str:
        """The id of a label; one written after a formula stays as written."""
        id_, taken = equation_id(label), {place.id for place in self.places.values()}
        return id_ if command == "id" or id_ not in taken else f"{id_}-{len(taken) + 1}"

    def _number_whole(self, math: etree._Element, said: Sequence[Mark]) -> None:
        table = etree.Element(f"{_MATHML}mtable", {"displaystyle": "true"})
        row = etree.SubElement(table, f"{_MATHML}mtr")
        cell = etree.SubElement(row, f"{_MATHML}mtd")
        cell.extend(list(math))
        math.append(table)
        _widen(table, {row: self._number(row, said)})


_REFERENCE = re.compile(r"\\(eqref|ref)\{([^{}]*)\}")


def reference(command: str, number: str) -> str:
    r"""A number in the form of `command`: ``\ref`` omits the brackets."""
    return number if command == "eqref" or not number.startswith("(") else number[1:-1]


def _written(marks: Sequence[Mark], character: str) -> str:
    mark = marks[ord(character) - MARKS.start]
    return f"\\{mark.command}{{{mark.text}}}"


def _only_table(math: etree._Element) -> etree._Element | None:
    """The table, if the formula consists of only that and marks."""
    found = math
    while found.tag in _AROUND:
        inner = [each for each in found if not (each.tag == f"{_MATHML}mtext" and _MARK.fullmatch(each.text or ""))]
        if len(inner) != 1:
            return None
        found = inner[0]
    return found if found.tag == f"{_MATHML}mtable" else None


def _take_away(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None and parent.tag in _OF_COUNTED:
        parent.replace(element, etree.Element(f"{_MATHML}mrow"))
    elif parent is not None:
        parent.remove(element)


def _widen(table: etree._Element, numbers: dict[etree._Element, str]) -> None:
    """Adds a column for numbers at the end of the table, and an empty one at its start."""
    columns = max(len(row) for row in table)
    table.set("class", "numbered")
    if spacing := table.get("columnspacing"):
        table.set("columnspacing", f"0em {spacing}")
    for row in table:
        row.insert(0, etree.Element(f"{_MATHML}mtd"))
        row.extend([etree.Element(f"{_MATHML}mtd") for _ in range(columns + 1 - len(row))])
        cell = etree.SubElement(row, f"{_MATHML}mtd", {"columnalign": "right"})
        if numbers.get(row):
            etree.SubElement(cell, f"{_MATHML}mtext").text = numbers[row]
