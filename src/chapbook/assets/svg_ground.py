"""Whether an SVG drawing has a background of its own; otherwise the page shows through."""

from __future__ import annotations

import re

from lxml import etree

__all__ = ["has_ground"]

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
