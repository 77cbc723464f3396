"""The allowlist of SVG 1.1 drawings within the text: shapes, paint and words; nothing that runs, moves or is remote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from chapbook.rendering.attributes import is_dangerous
from chapbook.rendering.markup import SVG, XLINK

__all__ = ["clean_svg"]

_ELEMENTS = frozenset(
    [
        "a",
        "circle",
        "clipPath",
        "defs",
        "desc",
        "ellipse",
        "feBlend",
        "feColorMatrix",
        "feComponentTransfer",
        "feComposite",
        "feConvolveMatrix",
        "feDiffuseLighting",
        "feDisplacementMap",
        "feDistantLight",
        "feFlood",
        "feFuncA",
        "feFuncB",
        "feFuncG",
        "feFuncR",
        "feGaussianBlur",
        "feMerge",
        "feMergeNode",
        "feMorphology",
        "feOffset",
        "fePointLight",
        "feSpecularLighting",
        "feSpotLight",
        "feTile",
        "feTurbulence",
        "filter",
        "g",
        "image",
        "line",
        "linearGradient",
        "marker",
        "mask",
        "path",
        "pattern",
        "polygon",
        "polyline",
        "radialGradient",
        "rect",
        "stop",
        "svg",
        "switch",
        "symbol",
        "text",
        "textPath",
        "title",
        "tspan",
        "use",
        "view",
    ]
)
_PAINT = frozenset(
    [
        "alignment-baseline",
        "baseline-shift",
        "clip",
        "clip-path",
        "clip-rule",
        "color",
        "color-interpolation",
        "color-interpolation-filters",
        "cursor",
        "display",
        "dominant-baseline",
        "fill",
        "fill-opacity",
        "fill-rule",
        "filter",
        "flood-color",
        "flood-opacity",
        "font-family",
        "font-size",
        "font-size-adjust",
        "font-stretch",
        "font-style",
        "font-variant",
        "font-weight",
        "image-rendering",
        "letter-spacing",
        "lighting-color",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "opacity",
        "overflow",
        "pointer-events",
        "shape-rendering",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "text-decoration",
        "text-rendering",
        "visibility",
        "word-spacing",
    ]
)
"""Presentation attributes; a declaration of one in ``style`` becomes the attribute."""
_GEOMETRY = frozenset(
    [
        "amplitude",
        "azimuth",
        "baseFrequency",
        "bias",
        "clipPathUnits",
        "cx",
        "cy",
        "d",
        "diffuseConstant",
        "divisor",
        "dx",
        "dy",
        "edgeMode",
        "elevation",
        "exponent",
        "filterUnits",
        "fx",
        "fy",
        "gradientTransform",
        "gradientUnits",
        "height",
        "in",
        "in2",
        "intercept",
        "k1",
        "k2",
        "k3",
        "k4",
        "kernelMatrix",
        "lengthAdjust",
        "limitingConeAngle",
        "markerHeight",
        "markerUnits",
        "markerWidth",
        "maskContentUnits",
        "maskUnits",
        "method",
        "mode",
        "numOctaves",
        "offset",
        "operator",
        "order",
        "orient",
        "pathLength",
        "patternContentUnits",
        "patternTransform",
        "patternUnits",
        "points",
        "pointsAtX",
        "pointsAtY",
        "pointsAtZ",
        "preserveAlpha",
        "preserveAspectRatio",
        "primitiveUnits",
        "r",
        "radius",
        "refX",
        "refY",
        "result",
        "rotate",
        "rx",
        "ry",
        "scale",
        "seed",
        "slope",
        "spacing",
        "specularConstant",
        "specularExponent",
        "spreadMethod",
        "startOffset",
        "stdDeviation",
        "stitchTiles",
        "surfaceScale",
        "tableValues",
        "targetX",
        "targetY",
        "textLength",
        "transform",
        "type",
        "values",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "xChannelSelector",
        "y",
        "y1",
        "y2",
        "yChannelSelector",
        "z",
    ]
)
_COMMON = frozenset({"id", "class", "lang", "role", "aria-label", "aria-hidden", "aria-labelledby"})
_REFERRING = frozenset({"use", "linearGradient", "radialGradient", "pattern", "filter", "textPath", "image", "a"})
_HREFS = frozenset({"href", f"{{{XLINK}}}href"})
_REQUIRED = {"rect": ("width", "height"), "circle": ("r",), "ellipse": ("rx", "ry"), "path": ("d",), "stop": ("offset",),
             "polygon": ("points",), "polyline": ("points",), "image": ("width", "height")}  # fmt: skip
_FOREIGN_FUNCTION = re.compile(r"url\(\s*['\"]?(?!#)|expression\s*\(|@import|javascript:", re.IGNORECASE)
_SHOWN_TEXT = frozenset({"a", "text", "textPath", "title", "tspan", "desc"})
_UNWRAPPED, _REMOVED = "x-unwrapped-drawn", "x-removed-drawn"


def clean_svg(drawing: etree._Element) -> Counter[str]:
    """Leaves in `drawing`, an outer ``svg``, what may ship. Gives the names of the elements that went."""
    removed: Counter[str] = Counter()
    for element in drawing.iter(etree.Element):
        name = str(element.tag).rpartition("}")[2]
        if element.tag.startswith(f"{{{SVG}}}") and name in _ELEMENTS:
            _clean_attributes(element, name)
            _keep_text_where_shown(element, name)
        elif name in {"title", "desc"} or _within_text(element):
            element.tag = _UNWRAPPED
        else:
            removed[name] += 1
            element.tag = _REMOVED
    words = list(_lost_words(drawing))
    etree.strip_tags(drawing, _UNWRAPPED)
    etree.strip_elements(drawing, _REMOVED, with_tail=False)
    if words:
        _keep_words(drawing, words)
    return Counter({name: count for name, count in removed.items() if name not in _QUIET})


_QUIET = frozenset({"metadata", "namedview", "defs", "style"})


def _within_text(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and str(parent.tag).rpartition("}")[2] in _SHOWN_TEXT | {_UNWRAPPED}


def _lost_words(drawing: etree._Element) -> Iterator[str]:
    """The words of HTML within the drawing (``foreignObject``), which stay beside it."""
    for element in drawing.iter(_REMOVED):
        if not any(each.tag == _REMOVED for each in element.iterancestors()):
            yield " ".join("".join(element.itertext()).split())


def _keep_words(drawing: etree._Element, words: list[str]) -> None:
    text = " ".join(word for word in words if word)
    if text:
        drawing.tail = f" {text}{drawing.tail or ''}"


def _keep_text_where_shown(element: etree._Element, name: str) -> None:
    """Text directly in a shape is never shown; EPUBCheck takes none there."""
    if name not in _SHOWN_TEXT:
        if element.text and not element.text.isspace():
            element.text = None
        for child in element:
            if child.tail and not child.tail.isspace():
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
            kept = attribute in _GEOMETRY or attribute in _PAINT or attribute in _COMMON
            kept = kept and bool(value.strip()) and not _FOREIGN_FUNCTION.search(value)
        if not kept:
            del element.attrib[attribute]
