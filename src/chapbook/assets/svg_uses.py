"""Counts the elements that an SVG really draws, with each ``use`` expanded; nested uses can multiply without end."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

__all__ = ["MOST_DRAWN", "draws_too_much"]

MOST_DRAWN = 500_000
"""The most elements of a drawing, including those repeated by ``use``: a reader draws them all."""
_USE = "{http://www.w3.org/2000/svg}use"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


def draws_too_much(root: etree._Element, most: int = MOST_DRAWN) -> bool:
    """Whether `root` draws more than `most` elements; elements that a ``use`` repeats count again.

    Visits each element once, whatever the order of references; an element that contains itself counts once.
    """
    if next(root.iter(_USE), None) is None:
        return False
    named = {str(name): element for element in root.iter(etree.Element) if (name := element.get("id"))}
    drawn: dict[etree._Element, int] = {}
    begun = {root}
    waiting: list[tuple[etree._Element, Iterator[etree._Element], list[etree._Element]]] = []
    waiting.append((root, _shown_by(root, named), []))
    while waiting:
        element, rest, parts = waiting[-1]
        part = next(rest, None)
        if part is None:
            waiting.pop()
            drawn[element] = 1 + sum(drawn.get(each, 0) for each in parts)
            if drawn[element] > most:
                return True
            continue
        parts.append(part)
        if part not in begun:
            begun.add(part)
            waiting.append((part, _shown_by(part, named), []))
    return False


def _shown_by(element: etree._Element, named: dict[str, etree._Element]) -> Iterator[etree._Element]:
    """The children of `element`, and the element that it repeats."""
    yield from element.iterchildren(etree.Element)
    if element.tag == _USE:
        target = named.get((element.get("href") or element.get(_XLINK_HREF) or "").strip().removeprefix("#"))
        if target is not None:
            yield target
