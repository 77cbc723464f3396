"""How an SVG drawing looks: its size, whether it moves, whether it has a background, and how much it draws."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from lxml import etree
from msgspec import Struct

__all__ = ["MOST_DRAWN", "REPEATING", "draws_too_much", "has_ground", "is_animated", "svg_size"]

_SVG = "{http://www.w3.org/2000/svg}"
_LENGTH = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)(px|pt|mm|cm|in)?\s*")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def svg_size(root: etree._Element) -> tuple[int, int]:
    """The width and height in CSS pixels, from the root's attributes or else its view box."""
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    if width and height:
        return width, height
    box = root.get("viewBox", "").replace(",", " ").split()[:4]
    try:
        numbers = [float(each) for each in box]
    except ValueError:
        return 0, 0
    if len(numbers) < 4 or not all(isfinite(n) and 0 <= n < 1e9 for n in numbers[2:]):  # noqa: PLR2004 - x y w h
        return 0, 0
    return round(numbers[2]), round(numbers[3])


def _pixels(length: str) -> int:
    found = _LENGTH.fullmatch(length)
    return round(float(found[1]) * _PIXELS[found[2] or ""]) if found else 0


_ANIMATIONS = tuple(f"{_SVG}{name}" for name in ("animate", "animateColor", "animateMotion", "animateTransform", "set"))
_ANIMATED = re.compile(r"@(?:-\w+-)?keyframes|\banimation(?:-name)?\s*:", re.IGNORECASE)
_STYLES = etree.XPath("//@style", smart_strings=False)


def is_animated(root: etree._Element) -> bool:
    """Whether the drawing is animated, by SMIL elements or by CSS."""
    if next(root.iter(*_ANIMATIONS), None) is not None:
        return True
    sheets = "".join("".join(map(str, sheet.itertext())) for sheet in root.iter(f"{_SVG}style"))
    return bool(_ANIMATED.search(sheets)) or any(_ANIMATED.search(value) for value in map(str, _STYLES(root)))


_GROUPS = frozenset({"g", "a", "svg", "switch"})
_SHAPES = frozenset({"rect", "path", "polygon", "image", "circle", "ellipse", "line", "polyline", "text", "use"})
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_STRAIGHT = re.compile(r"\s*M[\d\s.,eE+MLHVZz-]{1,400}", re.ASCII)
"""A path of straight lines, such as a frame."""
_SIDE = re.compile(r"([HV])\s*([-+.\deE]+)")
_CLEAR = re.compile(r"(?:^|;)\s*fill\s*:\s*(?:none|transparent)|(?:^|;)\s*(?:fill-)?opacity\s*:\s*0*\.?0*\s*(?:;|$)")
_ENOUGH = 0.95
"""Share of the drawing's width and height that a background covers at least."""
_DEEPEST = 64


def has_ground(root: etree._Element) -> bool:
    """Whether the drawing `root`, an ``svg`` element, paints a full background before anything else.

    Drawing programs set a background on the root, or draw a first shape about as large as the whole. The position of
    that shape is ignored: Graphviz and others move it with transformations.
    """
    if "background" in root.get("style", ""):
        return True
    box = [float(each) for each in _NUMBER.findall(root.get("viewBox", ""))[2:4]]
    sides = (root.get("width", ""), root.get("height", ""))
    width, height = box if len(box) == 2 else (_number(each) for each in sides)  # noqa: PLR2004 - width and height
    shape, clear = _first_shape(root, 0, clear=False)
    if shape is None or clear:
        return False
    wide, high = _extent(shape, width, height)
    return min(width, height) > 0 and wide >= _ENOUGH * width and high >= _ENOUGH * height


def _first_shape(group: etree._Element, depth: int, *, clear: bool) -> tuple[etree._Element | None, bool]:
    """The first shape drawn in `group`, and whether it is unfilled; `clear` is what the elements around it say."""
    for child in group.iterchildren(etree.Element):
        name = str(child.tag).rpartition("}")[2]
        own = _is_clear(child, clear=clear)
        if name in _SHAPES:
            return child, own and name != "image"
        if name in _GROUPS and depth < _DEEPEST:
            shape, unfilled = _first_shape(child, depth + 1, clear=own)
            if shape is not None:
                return shape, unfilled
    return None, True


def _is_clear(element: etree._Element, *, clear: bool) -> bool:
    style, fill = element.get("style", "").lower(), element.get("fill", "").strip().lower()
    if _CLEAR.search(style) or fill in {"none", "transparent"}:
        return True
    if any(re.fullmatch(r"\s*0*\.?0*\s*", element.get(each, "1")) for each in ("opacity", "fill-opacity")):
        return True
    return clear and not fill and "fill" not in style


def _extent(shape: etree._Element, width: float, height: float) -> tuple[float, float]:
    """The width and height of `shape` in a drawing of `width` × `height`; 0 if it can't be a background."""
    name = str(shape.tag).rpartition("}")[2]
    if name in {"rect", "image"}:
        sides = ((shape.get("width", ""), width), (shape.get("height", ""), height))
        wide, high = (_number(said) * (of / 100 if said.strip().endswith("%") else 1) for said, of in sides)
        return wide, high
    said = shape.get("points", "") if name == "polygon" else shape.get("d", "") if name == "path" else ""
    if name == "path" and not _STRAIGHT.fullmatch(said):
        return 0, 0
    sides_of_path = [(axis, _number(value)) for axis, value in _SIDE.findall(said)]
    numbers = [float(each) for each in _NUMBER.findall(_SIDE.sub("", said))[:200]]
    across = numbers[::2] + [value for axis, value in sides_of_path if axis == "H"]
    down = numbers[1::2] + [value for axis, value in sides_of_path if axis == "V"]
    return (max(across) - min(across), max(down) - min(down)) if across and down else (0, 0)


def _number(said: str) -> float:
    found = _NUMBER.match(said.strip())
    return float(found[0]) if found else 0.0


MOST_DRAWN = 500_000
"""Elements that a drawing may have with all that its references repeat: a reader draws each of them."""
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
