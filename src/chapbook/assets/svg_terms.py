"""The attributes that elements of SVG 1.1 may have, from its DTD; EPUBCheck reports all others."""

# ruff: noqa: SIM905 - these word lists are easier to read as text

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ATTRIBUTES", "GLOBAL", "LINKING", "PRESENTATION", "PROPERTIES", "REQUIRED", "STYLED", "VALUES"]

_BASIC = (
    "clip-path clip-rule color color-interpolation color-rendering cursor display fill fill-opacity fill-rule filter "
    "image-rendering mask opacity pointer-events shape-rendering stroke stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-rendering visibility"
)
_MARKED = f"{_BASIC} marker-end marker-mid marker-start"
_WORDS = (
    f"{_BASIC} alignment-baseline baseline-shift direction dominant-baseline font-family font-size font-size-adjust "
    "font-stretch font-style font-variant font-weight glyph-orientation-horizontal glyph-orientation-vertical kerning "
    "letter-spacing text-anchor text-decoration unicode-bidi word-spacing"
)
_FILTERED = "color-interpolation-filters"
_ALL = (
    f"{_WORDS} {_FILTERED} clip color-profile enable-background flood-color flood-opacity lighting-color marker-end "
    "marker-mid marker-start overflow stop-color stop-opacity writing-mode"
)
_STOP = "color color-interpolation color-rendering stop-color stop-opacity"
_IMAGE = (
    "clip clip-path clip-rule color color-interpolation color-profile color-rendering cursor display fill-opacity "
    "filter image-rendering mask opacity overflow pointer-events shape-rendering stroke-opacity text-rendering "
    "visibility"
)
_STYLE = "class style"
_LOADED = f"{_STYLE} externalResourcesRequired"
_CONDITIONAL = "requiredExtensions requiredFeatures systemLanguage externalResourcesRequired"
_DRAWN = f"{_STYLE} {_CONDITIONAL} transform"
_BOX = "x y width height"
_FILTER = f"{_BOX} result {_FILTERED}"
_LIGHT = f"{_FILTER} {_STYLE} color color-interpolation color-rendering in kernelUnitLength lighting-color surfaceScale"
_TRANSFER = "type tableValues slope intercept amplitude exponent offset"
_SHIFTS = "x y dx dy rotate textLength lengthAdjust"
_TIMES = f"{_CONDITIONAL} begin dur end fill max min repeatCount repeatDur restart"
_STEPS = f"{_TIMES} accumulate additive by calcMode from keySplines keyTimes to values"
_GRADIENT = f"{_LOADED} {_STOP} gradientTransform gradientUnits spreadMethod"

_TABLE = {
    "a": f"{_DRAWN} {_ALL} target",
    "animate": f"{_STEPS} attributeName attributeType",
    "animateColor": f"{_STEPS} attributeName attributeType",
    "animateMotion": f"{_STEPS} keyPoints origin path rotate",
    "animateTransform": f"{_STEPS} attributeName attributeType type",
    "circle": f"{_DRAWN} {_BASIC} cx cy r",
    "clipPath": f"{_DRAWN} {_WORDS} writing-mode clipPathUnits",
    "defs": f"{_DRAWN} {_ALL}",
    "desc": _STYLE,
    "ellipse": f"{_DRAWN} {_BASIC} cx cy rx ry",
    "feBlend": f"{_FILTER} in in2 mode",
    "feColorMatrix": f"{_FILTER} in type values",
    "feComponentTransfer": f"{_FILTER} in",
    "feComposite": f"{_FILTER} in in2 k1 k2 k3 k4 operator",
    "feConvolveMatrix": f"{_FILTER} bias divisor edgeMode in kernelMatrix kernelUnitLength order preserveAlpha "
    "targetX targetY",
    "feDiffuseLighting": f"{_LIGHT} diffuseConstant",
    "feDisplacementMap": f"{_FILTER} in in2 scale xChannelSelector yChannelSelector",
    "feDistantLight": "azimuth elevation",
    "feFlood": f"{_FILTER} {_STYLE} color color-interpolation color-rendering flood-color flood-opacity in",
    "feFuncA": _TRANSFER,
    "feFuncB": _TRANSFER,
    "feFuncG": _TRANSFER,
    "feFuncR": _TRANSFER,
    "feGaussianBlur": f"{_FILTER} in stdDeviation",
    "feImage": f"{_BOX} {_LOADED} {_ALL} preserveAspectRatio result",
    "feMerge": _FILTER,
    "feMergeNode": "in",
    "feMorphology": f"{_FILTER} in operator radius",
    "feOffset": f"{_FILTER} dx dy in",
    "fePointLight": "x y z",
    "feSpecularLighting": f"{_LIGHT} specularConstant specularExponent",
    "feSpotLight": "limitingConeAngle pointsAtX pointsAtY pointsAtZ specularExponent x y z",
    "feTile": f"{_FILTER} in",
    "feTurbulence": f"{_FILTER} baseFrequency numOctaves seed stitchTiles type",
    "filter": f"{_BOX} {_LOADED} {_ALL} filterRes filterUnits primitiveUnits",
    "g": f"{_DRAWN} {_ALL}",
    "image": f"{_BOX} {_DRAWN} {_IMAGE} preserveAspectRatio",
    "line": f"{_DRAWN} {_MARKED} x1 x2 y1 y2",
    "linearGradient": f"{_GRADIENT} x1 x2 y1 y2",
    "marker": f"{_LOADED} {_ALL} markerHeight markerUnits markerWidth orient preserveAspectRatio refX refY viewBox",
    "mask": f"{_BOX} {_STYLE} {_CONDITIONAL} {_ALL} maskContentUnits maskUnits",
    "metadata": "",
    "mpath": "externalResourcesRequired",
    "path": f"{_DRAWN} {_MARKED} d pathLength",
    "pattern": f"{_BOX} {_STYLE} {_CONDITIONAL} {_ALL} patternContentUnits patternTransform patternUnits "
    "preserveAspectRatio viewBox",
    "polygon": f"{_DRAWN} {_MARKED} points",
    "polyline": f"{_DRAWN} {_MARKED} points",
    "radialGradient": f"{_GRADIENT} cx cy fx fy r",
    "rect": f"{_BOX} {_DRAWN} {_BASIC} rx ry",
    "set": f"{_TIMES} attributeName attributeType to",
    "stop": f"{_STYLE} {_STOP} offset",
    "style": "media title type",
    "svg": f"{_BOX} {_STYLE} {_CONDITIONAL} {_ALL} baseProfile contentScriptType contentStyleType preserveAspectRatio "
    "version viewBox zoomAndPan",
    "switch": f"{_DRAWN} {_ALL}",
    "symbol": f"{_LOADED} {_ALL} preserveAspectRatio viewBox",
    "text": f"{_DRAWN} {_WORDS} writing-mode {_SHIFTS}",
    "textPath": f"{_STYLE} {_CONDITIONAL} {_WORDS} lengthAdjust method spacing startOffset textLength",
    "title": _STYLE,
    "tref": f"{_STYLE} {_CONDITIONAL} {_WORDS} {_SHIFTS}",
    "tspan": f"{_STYLE} {_CONDITIONAL} {_WORDS} {_SHIFTS}",
    "use": f"{_BOX} {_DRAWN} {_ALL}",
    "view": "externalResourcesRequired preserveAspectRatio viewBox viewTarget zoomAndPan",
}

ATTRIBUTES: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: frozenset(words.split()) for name, words in _TABLE.items()}
)
"""By element, without attributes that all elements can have."""

GLOBAL = frozenset({"id", "role", "tabindex", "focusable", "lang"})
"""Besides ``aria-…`` and attributes with a namespace."""

STYLED = frozenset(name for name, attributes in ATTRIBUTES.items() if "style" in attributes)
"""Elements that can have ``style``."""

PRESENTATION = frozenset(_ALL.split())
"""The presentation attributes of SVG 1.1, section 6.1."""

PROPERTIES = PRESENTATION | frozenset(
    "transform-origin transform-box paint-order vector-effect mix-blend-mode isolation mask-type white-space "
    "inline-size text-overflow shape-inside font-feature-settings font-kerning font-variant-ligatures line-height "
    "text-orientation will-change color-adjust background background-color transform".split()
)
"""CSS properties that SVG 1.1, SVG 2 or drawing programs write as attributes; each means the same in ``style``."""

REQUIRED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "circle": {"r": "0"},
        "ellipse": {"rx": "0", "ry": "0"},
        "path": {"d": ""},
        "polygon": {"points": ""},
        "polyline": {"points": ""},
        "rect": {"width": "0", "height": "0"},
        "stop": {"offset": "0"},
    }
)
"""Attributes that shapes need, with the value that equals the default."""

LINKING = frozenset(
    "a animate animateColor animateMotion animateTransform feImage filter image linearGradient mpath pattern "
    "radialGradient set textPath tref use".split()
)
"""Elements that can have ``href``."""


_WORDS_OF = (
    ("stroke-linejoin", "miter round bevel"),
    ("stroke-linecap", "butt round square"),
    ("clip-rule fill-rule", "nonzero evenodd"),
    ("visibility", "visible hidden"),
    ("text-rendering", "auto optimizeSpeed optimizeLegibility geometricPrecision"),
    ("shape-rendering", "auto optimizeSpeed crispEdges geometricPrecision"),
    ("image-rendering color-rendering", "auto optimizeSpeed optimizeQuality"),
    ("color-interpolation color-interpolation-filters", "auto sRGB linearRGB"),
    ("pointer-events", "visiblePainted visibleFill visibleStroke visible painted fill stroke all none"),
    ("font-weight", "normal bold bolder lighter 100 200 300 400 500 600 700 800 900"),
    ("font-variant", "normal small-caps"),
    ("font-style", "normal italic oblique"),
    (
        "font-stretch",
        (
            "normal wider narrower ultra-condensed extra-condensed condensed semi-condensed semi-expanded expanded "
            "extra-expanded ultra-expanded"
        ),
    ),
    ("unicode-bidi", "normal embed bidi-override"),
    ("text-anchor", "start middle end"),
    (
        "dominant-baseline",
        (
            "auto use-script no-change reset-size ideographic alphabetic hanging mathematical central middle "
            "text-after-edge text-before-edge"
        ),
    ),
    (
        "alignment-baseline",
        (
            "auto baseline before-edge text-before-edge middle central after-edge text-after-edge ideographic "
            "alphabetic hanging mathematical"
        ),
    ),
    ("direction", "ltr rtl"),
    ("writing-mode", "lr-tb rl-tb tb-rl lr rl tb"),
    ("overflow", "visible hidden scroll auto"),
    (
        "display",
        (
            "inline block list-item run-in compact marker table inline-table table-row-group table-header-group "
            "table-footer-group table-row table-column-group table-column table-cell table-caption none"
        ),
    ),
)

VALUES: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: frozenset(words.split()) | {"inherit"} for names, words in _WORDS_OF for name in names.split()}
)
"""Properties that accept only these values."""
