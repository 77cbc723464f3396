"""Texts that stand in a chapter with empty lines between them and no paragraphs around them, as raw HTML leaves them.

A browser would run them into one.
"""

from __future__ import annotations

import re

from lxml import etree

from chapbook.markup.blocks import PHRASING
from chapbook.markup.trees import is_blank

__all__ = ["part_texts"]

_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
_SEEN = frozenset(map(str, PHRASING)) - {"a", "span", "br", "wbr"}
"""What shows something, or may, without holding a text."""


def part_texts(section: etree._Element) -> None:
    """Puts texts of `section` that an empty line parts into paragraphs. One that stands alone stays as it is."""
    bare = (section.text, *(child.tail for child in section if child.tag in PHRASING or not is_blank(child.tail)))
    if not any(text and "\n" in text.strip(" \t") and _EMPTY_LINE.search(text) for text in bare):
        return
    text, section.text = section.text or "", None
    children = list(section)
    section[:] = []
    run = _Run(section, text)
    for child in children:
        tail, child.tail = child.tail or "", None
        if child.tag in PHRASING:
            run.add(child)
            run.add_text(tail)
        else:
            run.end()
            section.append(child)
            run = _Run(section, tail)
    run.end()


class _Run:
    """Text and elements of text between two blocks of a section, in the parts that empty lines make of them."""

    def __init__(self, section: etree._Element, text: str) -> None:
        self._section = section
        self._parts = [etree.Element("p")]
        self.add_text(text)

    def add(self, element: etree._Element) -> None:
        self._parts[-1].append(element)

    def add_text(self, text: str) -> None:
        first, *others = _EMPTY_LINE.split(text)
        part = self._parts[-1]
        if len(part):
            part[-1].tail = first
        else:
            part.text = first
        for each in others:
            self._parts.append(etree.Element("p"))
            self._parts[-1].text = each

    def end(self) -> None:
        parted = sum(map(_shows, self._parts)) > 1
        for part in self._parts:
            if parted and _shows(part):
                _trim(part)
                part.tail = "\n"
                self._section.append(part)
            else:
                self._write(part)

    def _write(self, part: etree._Element) -> None:
        """What shows nothing (an anchor, a line break), or stands alone, keeps its place without a paragraph."""
        before = self._section[-1] if len(self._section) else None
        if before is None:
            self._section.text = (self._section.text or "") + (part.text or "")
        else:
            before.tail = (before.tail or "") + (part.text or "")
        self._section.extend(list(part))
        if len(self._section) and part is not self._parts[-1]:
            self._section[-1].tail = (self._section[-1].tail or "") + "\n\n"


def _shows(part: etree._Element) -> bool:
    return not is_blank("".join(part.itertext())) or next(part.iter(*_SEEN), None) is not None


def _trim(part: etree._Element) -> None:
    part.text = (part.text or "").lstrip()
    if len(part):
        part[-1].tail = (part[-1].tail or "").rstrip()
    else:
        part.text = part.text.rstrip()
