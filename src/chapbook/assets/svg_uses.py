"""How much an SVG drawing draws where each reference is what it refers to: ten uses of ten uses of … are a bomb.

So are patterns that are painted with patterns, markers on each point of a path, masks, clipping paths and filters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree
from msgspec import Struct

__all__ = ["MOST_DRAWN", "REPEATING", "draws_too_much"]

MOST_DRAWN = 500_000
"""Elements that a drawing may have with all that its references repeat: a reader draws each of them."""
_SVG = "{http://www.w3.org/2000/svg}"
_USE = f"{_SVG}use"
REPEATING = tuple(f"{_SVG}{name}" for name in ("pattern", "marker", "mask", "clipPath", "filter"))
"""Elements that are drawn where a property names them. Gradients aren't among them: they draw nothing."""
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_ONCE, _EACH, _POINTS = "once", "each", "points"
_PROPERTIES = {
    **dict.fromkeys(("clip-path", "mask", "filter"), _ONCE),
    **dict.fromkeys(("fill", "stroke", "marker-start", "marker-end"), _EACH),
    **dict.fromkeys(("marker", "marker-mid"), _POINTS),
}
"""How often what a property names is drawn: once, for each element within the one that has it, or for each point."""
_ADDRESS = re.compile(r"""url\(["'\s]*#([^"')\s]+)""", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_SELECTED = re.compile(r"[#.]?[\w-]+|\*")


_MOST_PARTS = 4
"""Times as many references as elements may be looked at: each rule of a style sheet may be one for each element."""


class _Drawn(Struct):
    """What an element draws, with all in it and all that it repeats."""

    elements: int
    points: int
    """Of its paths and lines: a marker may stand on each."""


class _Part(Struct):
    """An element that another shows, and how often."""

    element: etree._Element
    times: str


def draws_too_much(root: etree._Element, most: int = MOST_DRAWN) -> bool:
    """Whether the drawing `root` has more than `most` elements, those counted again that references repeat.

    Visits each element once, whatever the order of references; an element that contains itself counts once.
    """
    if next(root.iter(_USE, *REPEATING), None) is None:
        return False
    named = {str(name): element for element in root.iter(etree.Element) if (name := element.get("id"))}
    rules = _rules(root)
    drawn: dict[etree._Element, _Drawn] = {}
    begun = {root}
    waiting: list[tuple[etree._Element, Iterator[_Part], list[_Part]]] = [(root, _shown_by(root, named, rules), [])]
    looked_at = 0
    while waiting:
        element, rest, parts = waiting[-1]
        part = next(rest, None)
        if part is None:
            waiting.pop()
            drawn[element] = _sum(element, parts, drawn)
            if drawn[element].elements > most:
                return True
            continue
        parts.append(part)
        looked_at += 1
        if looked_at > _MOST_PARTS * most:
            return True
        if part.element not in begun:
            begun.add(part.element)
            waiting.append((part.element, _shown_by(part.element, named, rules), []))
    return False


def _sum(element: etree._Element, parts: Sequence[_Part], drawn: Mapping[etree._Element, _Drawn]) -> _Drawn:
    whole = _Drawn(_weight(element), len(element.get("d") or element.get("points") or "") // 2)
    known = [(each.times, drawn[each.element]) for each in parts if each.element in drawn]
    for times, part in known:
        if times == _ONCE:
            whole.elements += part.elements
            whole.points += part.points
    times_of = {_ONCE: 0, _EACH: whole.elements, _POINTS: whole.points}
    whole.elements += sum(times_of[times] * part.elements for times, part in known)
    return whole


def _weight(element: etree._Element) -> int:
    """1; more for a step of a filter that takes the work of many."""
    octaves, order = (element.get(name, "").split() for name in ("numOctaves", "order"))
    sizes = [int(each) for each in (*octaves, *order) if each.isdecimal() and each.isascii() and len(each) < 7]  # noqa: PLR2004 - which is too much in any case
    return 1 + sum(sizes) * (max(sizes) if order and sizes else 1)


def _shown_by(
    element: etree._Element, named: Mapping[str, etree._Element], rules: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[_Part]:
    """The elements in `element`, the one that it repeats, and those that its properties name."""
    for child in element.iterchildren(etree.Element):
        yield _Part(child, _ONCE)
    if element.tag == _USE or element.tag in REPEATING:
        target = named.get((element.get("href") or element.get(_XLINK_HREF) or "").strip().removeprefix("#"))
        if target is not None:
            yield _Part(target, _ONCE)
    for name, times in _named_by(element, rules):
        target = named.get(name)
        if target is not None and target.tag in REPEATING:
            yield _Part(target, times)


def _named_by(element: etree._Element, rules: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    """The ids that properties of `element` name, in attributes, in ``style`` and in style sheets, and how often."""
    for name, value in element.attrib.items():
        if name in _PROPERTIES and "(" in value:
            yield from ((found, _PROPERTIES[str(name)]) for found in _ADDRESS.findall(_plain(str(value))))
    yield from _declared(element.get("style") or "")
    if rules:
        classes = (f".{each}" for each in (element.get("class") or "").split())
        for key in ("*", str(element.tag).rpartition("}")[2], f"#{element.get('id')}", *classes):
            yield from rules.get(key, ())


def _declared(text: str) -> Iterator[tuple[str, str]]:
    for declaration in _plain(text).split(";") if "(" in text else ():
        name, _, value = declaration.partition(":")
        times = _PROPERTIES.get(name.strip().lower())
        if times:
            yield from ((found, times) for found in _ADDRESS.findall(value))


def _rules(root: etree._Element) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What style sheets of the drawing name, by each name, id and class in a selector: rather too much."""
    rules: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for sheet in root.iter(f"{_SVG}style"):
        for rule in "".join(map(str, sheet.itertext())).split("}"):
            selector, _, declarations = rule.rpartition("{")
            named = list(_declared(declarations))
            for key in set(_SELECTED.findall(selector)) if named else ():
                rules[key] += named
    return rules


def _plain(text: str) -> str:
    """CSS without its escapes, of which an address may be made."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    if not found[1]:
        return found[2]
    number = int(found[1], 16)
    return chr(number) if 0 < number <= 0x10FFFF else ""  # noqa: PLR2004 - the last character
