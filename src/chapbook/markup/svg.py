"""The allowlist for SVG 1.1 drawings in the text: shapes, paint and words; no scripts, animation or remote files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from types import MappingProxyType

from lxml import etree

from chapbook.assets.svg_appearance import REPEATING, draws_too_much, has_ground, svg_size
from chapbook.assets.svg_policy import clean_css, may_refer
from chapbook.assets.svg_terms import ATTRIBUTES, PRESENTATION, REQUIRED
from chapbook.markup.attributes import is_dangerous
from chapbook.markup.parsing import SVG, XLINK
from chapbook.model.marks import looks_of

__all__ = ["clean_svg", "looks_of_drawing"]

_ELEMENTS = ATTRIBUTES.keys() - {
    *("animate", "animateColor", "animateMotion", "animateTransform", "feImage", "metadata", "mpath", "set", "style"),
    "tref",
}
_LEFT_OUT = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "baseProfile color-profile color-rendering contentScriptType contentStyleType direction enable-background "
        "externalResourcesRequired filterRes glyph-orientation-horizontal glyph-orientation-vertical kernelUnitLength "
        "kerning requiredExtensions requiredFeatures style systemLanguage target unicode-bidi viewTarget writing-mode "
        "zoomAndPan"
    ).split()
)
"""Attributes that would run code, refer outside or name a language, and those that browsers ignore."""
_PAINT = PRESENTATION - _LEFT_OUT
"""Presentation attributes; a declaration of one in ``style`` becomes the attribute."""
_COMMON = frozenset({"id", "class", "lang", "role", "aria-label", "aria-hidden", "aria-labelledby"})
_REFERRING = frozenset({"use", "linearGradient", "radialGradient", "pattern", "filter", "textPath", "image", "a"})
_RESOLVED = frozenset({"a", "image"})
"""Elements whose links and pictures are resolved later with the chapter's."""
_HREFS = frozenset({"href", f"{{{XLINK}}}href"})
_NEEDED = MappingProxyType({**REQUIRED, "image": ("width", "height")})
"""Attributes without which a shape shows nothing (SVG 1.1)."""
_SHOWN_TEXT = frozenset({"a", "text", "textPath", "title", "tspan", "desc"})
_UNWRAPPED, _REMOVED, _UNSHOWN = "x-unwrapped-drawn", "x-removed-drawn", "x-unshown-drawn"
_NO_WORDS = frozenset({"metadata", "namedview", "script", "style"})


def looks_of_drawing(drawing: etree._Element) -> tuple[str, ...]:
    """The classes for the look of an outer ``svg`` (see model/marks.py); the text's own colour is always legible."""
    in_colour_of_text = any(
        "currentcolor" in value.lower() for each in drawing.iter() for value in each.attrib.values()
    )
    return looks_of(*svg_size(drawing), see_through=not in_colour_of_text and not has_ground(drawing))


def clean_svg(drawing: etree._Element) -> tuple[Counter[str], Counter[str]]:
    """Keeps only what is allowed in `drawing`, an outer ``svg``.

    Returns the names of the removed elements, and of the attributes that referred to something outside.
    """
    removed: Counter[str] = Counter()
    foreign: Counter[str] = Counter()
    words: list[str] = []
    _remove_bomb(drawing, removed)
    for element in drawing.iter(etree.Element):
        name = str(element.tag).rpartition("}")[2]
        if str(element.tag).startswith(f"{{{SVG}}}") and name in _ELEMENTS:
            pointed = any(href in element.attrib for href in _HREFS)
            foreign.update(_clean_attributes(element, name))
            if pointed and name != "a" and not any(href in element.attrib for href in _HREFS):
                removed[name] += 1  # what it shows is elsewhere
            if name not in _SHOWN_TEXT and not _is_gone(element):
                words += _take_stray_text(element)
            if not all(each in element.attrib for each in _NEEDED.get(name, ())):
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
    return Counter({name: count for name, count in removed.items() if count and name not in _QUIET}), foreign


def _remove_bomb(drawing: etree._Element, removed: Counter[str]) -> None:
    """Takes every ``use`` out of a drawing in which they draw too much, and else what is drawn by reference."""
    for names in ((_USE,), REPEATING):
        if not draws_too_much(drawing):
            return
        removed.update(str(each.tag).rpartition("}")[2] for each in drawing.iter(*names))
        etree.strip_elements(drawing, *names, with_tail=False)


_USE = f"{{{SVG}}}use"
_QUIET = frozenset({"metadata", "namedview"})


def _is_gone(element: etree._Element) -> bool:
    return any(each.tag in {_REMOVED, _UNSHOWN} for each in element.iterancestors())


def _within_text(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and str(parent.tag).rpartition("}")[2] in _SHOWN_TEXT | {_UNWRAPPED}


def _lost_words(drawing: etree._Element) -> Iterator[str]:
    """The text of HTML in the drawing (``foreignObject``), which is kept beside it."""
    for element in drawing.iter(_REMOVED):
        if not _is_gone(element):
            etree.strip_elements(element, _UNSHOWN, with_tail=False)
            yield " ".join("".join(element.itertext()).split())


def _keep_words(drawing: etree._Element, words: list[str]) -> None:
    text = " ".join(word for word in words if word)
    if text:
        drawing.tail = f" {text}{drawing.tail or ''}"


def _take_stray_text(element: etree._Element) -> Iterator[str]:
    """Removes text directly in a shape, which is never shown and EPUBCheck rejects; often the drawing isn't closed."""
    if element.text and not element.text.isspace():
        yield " ".join(element.text.split())
        element.text = None
    for child in element:
        if child.tail and not child.tail.isspace():
            yield " ".join(child.tail.split())
            child.tail = None


def _clean_attributes(element: etree._Element, name: str) -> Iterator[str]:
    """Removes attributes that aren't allowed. Yields those removed because of what they refer to."""
    style = element.attrib.pop("style", "")
    for declaration in style.split(";") if style else ():
        prop, colon, value = declaration.partition(":")
        if colon and prop.strip() in _PAINT:
            element.set(prop.strip(), value.replace("!important", "").strip())
    for attribute, value in list(element.attrib.items()):
        if attribute in _HREFS:
            kept = name in _REFERRING and not is_dangerous(value) and (name in _RESOLVED or may_refer(name, value))
        elif attribute in _COMMON:
            kept = bool(value.strip())
        else:
            kept = attribute in _PAINT or (attribute in ATTRIBUTES[name] and attribute not in _LEFT_OUT)
            kept = kept and bool(value.strip())
            if kept and clean_css(value)[1]:
                kept = False
                yield attribute
        if not kept:
            del element.attrib[attribute]
