"""The allowlist of SVG 1.1 drawings within the text: shapes, paint and words; nothing that runs, moves or is remote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from chapbook.markup.attributes import is_dangerous
from chapbook.markup.parsing import SVG, XLINK

__all__ = ["clean_svg"]

_BOX = "x y width height"
_UNITS = "gradientUnits gradientTransform spreadMethod"
_FILTER = "x y width height result"
_LIGHT = f"{_FILTER} in surfaceScale"
_TRANSFER = "type tableValues slope intercept amplitude exponent offset"
_ELEMENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(attributes.split())
        for name, attributes in {
            "a": "transform",
            "circle": "cx cy r transform",
            "clipPath": "clipPathUnits transform",
            "defs": "transform",
            "desc": "",
            "ellipse": "cx cy rx ry transform",
            "feBlend": f"{_FILTER} in in2 mode",
            "feColorMatrix": f"{_FILTER} in type values",
            "feComponentTransfer": f"{_FILTER} in",
            "feComposite": f"{_FILTER} in in2 operator k1 k2 k3 k4",
            "feConvolveMatrix": f"{_FILTER} in order kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha",
            "feDiffuseLighting": f"{_LIGHT} diffuseConstant",
            "feDisplacementMap": f"{_FILTER} in in2 scale xChannelSelector yChannelSelector",
            "feDistantLight": "azimuth elevation",
            "feFlood": _FILTER,
            "feFuncA": _TRANSFER,
            "feFuncB": _TRANSFER,
            "feFuncG": _TRANSFER,
            "feFuncR": _TRANSFER,
            "feGaussianBlur": f"{_FILTER} in stdDeviation",
            "feMerge": _FILTER,
            "feMergeNode": "in",
            "feMorphology": f"{_FILTER} in operator radius",
            "feOffset": f"{_FILTER} in dx dy",
            "fePointLight": "x y z",
            "feSpecularLighting": f"{_LIGHT} specularConstant specularExponent",
            "feSpotLight": "x y z pointsAtX pointsAtY pointsAtZ specularExponent limitingConeAngle",
            "feTile": f"{_FILTER} in",
            "feTurbulence": f"{_FILTER} baseFrequency numOctaves seed stitchTiles type",
            "filter": f"{_BOX} filterUnits primitiveUnits",
            "g": "transform",
            "image": f"{_BOX} preserveAspectRatio transform",
            "line": "x1 y1 x2 y2 transform",
            "linearGradient": f"x1 y1 x2 y2 {_UNITS}",
            "marker": "viewBox preserveAspectRatio refX refY markerUnits markerWidth markerHeight orient",
            "mask": f"{_BOX} maskUnits maskContentUnits",
            "path": "d pathLength transform",
            "pattern": f"{_BOX} viewBox preserveAspectRatio patternUnits patternContentUnits patternTransform",
            "polygon": "points transform",
            "polyline": "points transform",
            "radialGradient": f"cx cy r fx fy {_UNITS}",
            "rect": f"{_BOX} rx ry transform",
            "stop": "offset",
            "svg": f"{_BOX} viewBox preserveAspectRatio version",
            "switch": "transform",
            "symbol": "viewBox preserveAspectRatio",
            "text": "x y dx dy rotate textLength lengthAdjust transform",
            "textPath": "startOffset method spacing textLength lengthAdjust",
            "title": "",
            "tspan": "x y dx dy rotate textLength lengthAdjust",
            "use": f"{_BOX} transform",
            "view": "viewBox preserveAspectRatio",
        }.items()
    }
)
"""By name, with their own attributes."""
_PAINT = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation "
        "color-interpolation-filters cursor display dominant-baseline fill fill-opacity fill-rule filter "
        "flood-color flood-opacity font-family font-size font-size-adjust font-stretch font-style font-variant "
        "font-weight image-rendering letter-spacing lighting-color marker-end marker-mid marker-start mask "
        "opacity overflow pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray "
        "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width "
        "text-anchor text-decoration text-rendering visibility word-spacing"
    ).split()
)
"""Presentation attributes; a declaration of one in ``style`` becomes the attribute."""
_COMMON = frozenset({"id", "class", "lang", "role", "aria-label", "aria-hidden", "aria-labelledby"})
_REFERRING = frozenset({"use", "linearGradient", "radialGradient", "pattern", "filter", "textPath", "image", "a"})
_HREFS = frozenset({"href", f"{{{XLINK}}}href"})
_REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "circle": ("r",),
        "ellipse": ("rx", "ry"),
        "image": ("width", "height"),
        "path": ("d",),
        "polygon": ("points",),
        "polyline": ("points",),
        "rect": ("width", "height"),
        "stop": ("offset",),
    }
)
"""Shapes that are nothing without these (SVG 1.1)."""
_FOREIGN_FUNCTION = re.compile(r"url\(\s*['\"]?(?!#)|expression\s*\(|@import|javascript:", re.IGNORECASE)
_SHOWN_TEXT = frozenset({"a", "text", "textPath", "title", "tspan", "desc"})
_UNWRAPPED, _REMOVED, _UNSHOWN = "x-unwrapped-drawn", "x-removed-drawn", "x-unshown-drawn"
_NO_WORDS = frozenset({"metadata", "namedview", "script", "style"})


def clean_svg(drawing: etree._Element) -> Counter[str]:
    """Leaves in `drawing`, an outer ``svg``, what may ship. Gives the names of the elements that went."""
    removed: Counter[str] = Counter()
    words: list[str] = []
    for element in drawing.iter(etree.Element):
        name = str(element.tag).rpartition("}")[2]
        if str(element.tag).startswith(f"{{{SVG}}}") and name in _ELEMENTS:
            pointed = any(href in element.attrib for href in _HREFS)
            _clean_attributes(element, name)
            if pointed and name != "a" and not any(href in element.attrib for href in _HREFS):
                removed[name] += 1  # what it shows lies elsewhere
            if name not in _SHOWN_TEXT and not _is_gone(element):
                words += _take_stray_text(element)
            if not all(each in element.attrib for each in _REQUIRED.get(name, ())):
                removed[name] += pointed and name == "image"
                element.tag = _UNSHOWN
        elif name in {"title", "desc"} or _within_text(element):
            element.tag = _UNWRAPPED
        else:
            if not _is_gone(element):
                removed[name] += 1
            element.tag = _UNSHOWN if name in _NO_WORDS else _REMOVED
    words += _lost_words(drawing)
    etree.strip_tags(drawing, _UNWRAPPED)
    etree.strip_elements(drawing, _REMOVED, _UNSHOWN, with_tail=False)
    if words:
        _keep_words(drawing, words)
    return Counter({name: count for name, count in removed.items() if count and name not in _QUIET})


_QUIET = frozenset({"metadata", "namedview"})


def _is_gone(element: etree._Element) -> bool:
    return any(each.tag in {_REMOVED, _UNSHOWN} for each in element.iterancestors())


def _within_text(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and str(parent.tag).rpartition("}")[2] in _SHOWN_TEXT | {_UNWRAPPED}


def _lost_words(drawing: etree._Element) -> Iterator[str]:
    """The words of HTML within the drawing (``foreignObject``), which stay beside it."""
    for element in drawing.iter(_REMOVED):
        if not _is_gone(element):
            etree.strip_elements(element, _UNSHOWN, with_tail=False)
            yield " ".join("".join(element.itertext()).split())


def _keep_words(drawing: etree._Element, words: list[str]) -> None:
    text = " ".join(word for word in words if word)
    if text:
        drawing.tail = f" {text}{drawing.tail or ''}"


def _take_stray_text(element: etree._Element) -> Iterator[str]:
    """Text directly in a shape, which is never shown and EPUBCheck does not take: often a drawing that never closes."""
    if element.text and not element.text.isspace():
        yield " ".join(element.text.split())
        element.text = None
    for child in element:
        if child.tail and not child.tail.isspace():
            yield " ".join(child.tail.split())
            child.tail = None


def _clean_attributes(element: etree._Element, name: str) -> None:
    style = element.attrib.pop("style", "")
    for declaration in style.split(";") if style else ():
        prop, colon, value = declaration.partition(":")
        if colon and prop.strip() in _PAINT:
            element.set(prop.strip(), value.replace("!important", "").strip())
    for attribute, value in list(element.attrib.items()):
        if attribute in _HREFS:
            kept = name in _REFERRING and not is_dangerous(value) and (name in {"a", "image"} or value.startswith("#"))
        else:
            kept = attribute in _ELEMENTS[name] or attribute in _PAINT or attribute in _COMMON
            kept = kept and bool(value.strip()) and not _FOREIGN_FUNCTION.search(value)
        if not kept:
            del element.attrib[attribute]
