"""Which notes a chapter has, which references lead to them, and the order of their numbers."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from urllib.parse import unquote

from lxml import etree
from msgspec import Struct, field

__all__ = ["DEFINITION", "REFERENCE", "Note", "by_owner", "in_order", "noted", "written_label"]

REFERENCE = "footnote-reference"
DEFINITION = "footnote-definition"
"""The classes by which a dialect says what is what."""


class Note(Struct, eq=False):
    """A definition, with the references to it."""

    label: str
    nth: int
    """How many definitions of this label come before it."""
    element: etree._Element
    references: list[etree._Element] = field(default_factory=list)
    number: int = 0


Owned = dict[etree._Element | None, list[etree._Element]]  # noqa: SLF001 - lxml has no other name for the type


def noted(definitions: list[etree._Element]) -> list[Note]:
    """The notes in text order; their elements lose their ids, which are only labels."""
    before: Counter[str] = Counter()
    notes = []
    for element in definitions:
        name = element.attrib.pop("id", "")
        notes.append(Note(name, before[name], element))
        before[name] += 1
    return notes


def by_owner(references: list[etree._Element]) -> Owned:
    """The references by the definition that contains them; ``None`` for those in the text."""
    owned: Owned = defaultdict(list)
    for reference in references:
        owner = next((each for each in reference.iterancestors("div") if each.get("class") == DEFINITION), None)
        owned[owner].append(reference)
    return owned


def in_order(notes: list[Note], by_label: dict[str, Note], owned: Owned) -> tuple[list[Note], list[Note]]:
    """The numbered notes in order, and those that the text doesn't refer to.

    Notes that only refer to each other get numbers too, after the rest, so that their references work.
    """
    numbered: list[Note] = []
    _number(owned[None], by_label, owned, numbered)
    unused = [note for note in notes if not note.number]
    if not unused:
        return numbered, unused
    referred = {_target(reference, by_label) for within in owned.values() for reference in within}
    for note in unused:
        if note not in referred:
            _number(owned[note.element], by_label, owned, numbered)
    for note in unused:
        if note in referred and not note.number:
            numbered.append(note)
            note.number = len(numbered)
            _number(owned[note.element], by_label, owned, numbered)
    return numbered, unused


def _number(references: list[etree._Element], by_label: dict[str, Note], owned: Owned, numbered: list[Note]) -> None:
    """Numbers the notes of `references`, then the notes that those refer to, and so on."""
    waiting = deque(references)
    while waiting:
        reference = waiting.popleft()
        note = _target(reference, by_label)
        if note is None:
            continue
        note.references.append(reference)
        if not note.number:
            numbered.append(note)
            note.number = len(numbered)
            waiting.extend(owned[note.element])


def _target(reference: etree._Element, by_label: dict[str, Note]) -> Note | None:
    written = written_label(reference)
    return by_label.get(written) or by_label.get(unquote(written))


def written_label(reference: etree._Element) -> str:
    """The label that a reference has in the tree; may be percent-encoded."""
    link = reference.find("a")
    return "" if link is None else link.get("href", "")[1:]
