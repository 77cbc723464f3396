"""Checks an SVG picture: it must not run code, load anything from outside or exceed limits.

A clean picture ships unchanged. Otherwise chapbook removes what isn't allowed from a copy, with a warning. See EPUB
3.3, section 6.2 (SVG content documents) and SVG 2, section 2.7 (secure static mode).
"""

from __future__ import annotations

import re

from lxml import etree

from chapbook.assets.file_formats import FittedImage, ImageError, damaged, too_large
from chapbook.assets.svg_appearance import MOST_DRAWN, draws_too_much, has_ground, is_animated, svg_size
from chapbook.assets.svg_policy import NAMES, REMOVED, clean_css, is_address, may_refer, shown
from chapbook.assets.svg_validity import make_valid
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.settings import ImageLimits

__all__ = ["fit_svg"]

_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_XLINK = "http://www.w3.org/1999/xlink"
_XLINK_NAMES = frozenset({"actuate", "arcrole", "href", "role", "show", "title", "type"})  # XLink 1.1, section 4
_ANIMATION = frozenset({"animate", "set", "animatetransform", "animatemotion", "animatecolor"})
_DECLARATION = re.compile(
    rb"""<\?xml\s+version=["']1\.0["'](?:\s+encoding=["'](?:utf-8|us-ascii)["'])?"""
    rb"""(?:\s+standalone=["'](?:yes|no)["'])?\s*\?>""",
    re.IGNORECASE,
)
_DOCUMENT_TYPE = ("-//W3C//DTD SVG 1.1//EN", "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd")
_MOST_ELEMENTS, _MOST_ATTRIBUTES = 250_000, 500


def fit_svg(data: bytes, limits: ImageLimits) -> FittedImage:
    """Returns the SVG `data` as it goes into the book. Raises ImageError if it is malformed, too large or too deep."""
    if len(data) > limits.max_bytes:
        raise _too_many_bytes(limits)
    root = _parse(data)
    _check_extent(root)
    shipped_as_is = _is_plain_utf8(data) and _may_declare(root, data)
    try:
        qualified = _qualify(root)
    except ValueError as error:  # a prefix stands for a name that isn't one
        raise _not_well_formed(error) from error
    if draws_too_much(qualified):
        words = f"the SVG draws more than {MOST_DRAWN:,} elements, with all that it repeats"
        raise too_large(words, "simplify it, or save it as PNG or JPEG")
    removed = _clean(qualified)
    mended = make_valid(qualified)
    bounded = _bound(qualified, limits.max_side)
    size, moves, see_through = svg_size(qualified), is_animated(qualified), not has_ground(qualified)
    if shipped_as_is and qualified is root and not removed and not mended and not bounded:
        return FittedImage.of("SVG", data, size, changed=False, animated=moves, see_through=see_through)
    made = _serialised(qualified)
    if len(made) > limits.max_bytes:
        raise _too_many_bytes(limits)
    _parse(made)  # a fault of a namespace's name may have been passed over beside another that went
    warnings = _warnings(removed)
    return FittedImage.of("SVG", made, size, changed=True, animated=moves, see_through=see_through, warnings=warnings)


def _bound(root: etree._Element, most: int) -> bool:
    """Has the drawing say at most so many pixels for its longer side, in the same shape. Whether it said more."""
    size = svg_size(root)
    if max(size) <= most:
        return False
    if "viewBox" not in root.attrib:
        root.set("viewBox", f"0 0 {size[0]} {size[1]}")
    for name, side in zip(("width", "height"), size, strict=True):
        root.set(name, str(max(1, side * most // max(size))))
    return True


def _too_many_bytes(limits: ImageLimits) -> ImageError:
    words = f"the SVG is larger than {limits.max_bytes} bytes"
    return too_large(words, "simplify its paths, or save it as PNG or JPEG")


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _not_well_formed(error) from error
    if root.tag not in {"svg", f"{{{_SVG}}}svg"}:
        raise damaged("the file is XML, but its root element isn't 'svg'", "export it as SVG again")
    return root


def _check_extent(root: etree._Element) -> None:
    """Raises ImageError for so many elements or attributes that a reader would need minutes."""
    elements = most = 0
    for element in root.iter(etree.Element):
        elements += 1
        most = max(most, len(element.attrib))
    if elements > _MOST_ELEMENTS or most > _MOST_ATTRIBUTES:
        raise too_large(
            f"the SVG has more than {_MOST_ELEMENTS} elements, or {_MOST_ATTRIBUTES} attributes on one",
            "simplify it, or save it as PNG or JPEG",
        )


def _not_well_formed(error: Exception) -> ImageError:
    reason = getattr(error, "msg", None) or str(error) or "no XML"
    if "entity" in reason.lower() and ("loop" in reason.lower() or "amplification" in reason.lower()):
        return too_large("the entities in the SVG unfold to more than chapbook reads", "save it without a DOCTYPE")
    if "depth" in reason.lower():
        return too_large("the SVG nests deeper than 256 elements", "remove the groups that it doesn't need")
    return damaged(f"the SVG is not well-formed: {reason[:1].lower()}{reason[1:]}", "export it as SVG again")


def _may_declare(root: etree._Element, data: bytes) -> bool:
    """Whether EPUB 3.3, section 3.9, allows the document type, without declarations; true if there is none."""
    info = root.getroottree().docinfo
    if not info.doctype:
        return True
    subset = re.search(rb"<!DOCTYPE[^>]*\[", data)
    return subset is None and (info.public_id, info.system_url) == _DOCUMENT_TYPE


def _is_plain_utf8(data: bytes) -> bool:
    """Whether `data` is UTF-8 and doesn't declare another encoding (EPUB 3.3, section 3.9)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    start = data.removeprefix(b"\xef\xbb\xbf")
    return not start.startswith(b"<?xml") or _DECLARATION.match(start) is not None


def _serialised(root: etree._Element) -> bytes:
    """The tree as bytes, without its document type; its entities are resolved already."""
    body = etree.tostring(root, encoding="unicode", with_tail=False)
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + body + "\n").encode("utf-8")


def _warnings(removed: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    if not removed:
        return ()
    what = ", ".join(removed[:6]) + (", …" if len(removed) > 6 else "")  # noqa: PLR2004 - enough to find them
    hint = "an SVG in a book can't hold scripts, HTML or references to other files"
    return (Diagnostic.of("markup-removed", f"removed from the SVG: {what}", hint=hint),)


def _qualify(root: etree._Element) -> etree._Element:
    """Moves elements without a namespace into SVG's, because readers wouldn't show them.

    Returns `root` itself if all elements have a namespace.
    """
    if not any(_split(element.tag)[0] == "" for element in root.iter(etree.Element)):
        return root
    if _split(root.tag)[0] == "":
        root = _with_default_namespace(root)
    for element in root.iter(etree.Element):
        namespace, name = _split(element.tag)
        if not namespace:
            element.tag = f"{{{_SVG}}}{name}"
    return root


def _with_default_namespace(root: etree._Element) -> etree._Element:
    """A copy of the root with SVG's as the default namespace; lxml fixes prefixes when it makes an element."""
    prefixes: dict[str | None, str] = dict(root.nsmap)
    prefixes[None] = _SVG
    made = etree.Element(f"{{{_SVG}}}{_split(root.tag)[1]}", dict(root.attrib), nsmap=prefixes)
    made.text = root.text
    made.extend(list(root))
    return made


def _clean(root: etree._Element) -> tuple[str, ...]:
    """Removes what isn't allowed; returns the names of it, each once, in document order."""
    removed: dict[str, None] = {}
    _note_stylesheet(root, removed)
    for element in list(root.iter(etree.Element)):
        namespace, name = _split(element.tag)
        if name.lower() in REMOVED or namespace == _XHTML or _sets_code(element, name):
            _drop(element)
            removed[f"'{name}'"] = None
        elif element.attrib and not _clean_references(element, name, removed):
            _drop(element)
        elif name == "style":
            _clean_sheet(element, removed)
    return tuple(removed)


def _split(tag: object) -> tuple[str, str]:
    """Splits an element's or attribute's name into namespace and local name."""
    namespace, closing, name = str(tag).rpartition("}")
    return (namespace[1:], name) if closing else ("", name)


def _note_stylesheet(root: etree._Element, removed: dict[str, None]) -> None:
    """Notes a style sheet named before the root; it is removed with everything else there."""
    before = (each for each in root.itersiblings(preceding=True) if isinstance(each, etree._ProcessingInstruction))  # noqa: SLF001 - lxml has no other name for it
    if any(each.target == "xml-stylesheet" for each in before):
        removed["'xml-stylesheet'"] = None


def _sets_code(element: etree._Element, name: str) -> bool:
    """Whether an animation element sets an event handler or a reference."""
    if name.lower() not in _ANIMATION:
        return False
    target = element.get("attributeName", "").strip().lower()
    return target.startswith("on") or target.rpartition(":")[2] in {"href", "src"}


def _drop(element: etree._Element) -> None:
    """Removes `element` and its content; keeps the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _clean_references(element: etree._Element, name: str, removed: dict[str, None]) -> bool:
    """Removes attributes that run code or refer outside. Returns whether the element is still useful."""
    for attribute, value in element.attrib.items():
        namespace, local = _split(attribute)
        local = local.lower()
        if local.startswith("on") or attribute == "{http://www.w3.org/XML/1998/namespace}base":
            del element.attrib[attribute]
            removed[f"'{local}'"] = None
        elif local in {"href", "src"} and not may_refer(name, value):
            del element.attrib[attribute]
            removed[f"a reference to '{shown(value)}'"] = None
            if name in {"image", "feImage", "use"}:
                return False
        elif namespace == _XLINK and local not in _XLINK_NAMES:
            del element.attrib[attribute]
            removed[f"'xlink:{local}'"] = None
        elif not namespace and local not in NAMES and is_address(value):
            del element.attrib[attribute]
            removed[f"a reference to '{shown(value)}'"] = None
        elif "(" in value or "\\" in value or "@" in value:
            cleaned, found = clean_css(value)
            if found:
                if ":" in local:  # a prefix that isn't declared: lxml sets no such name
                    del element.attrib[attribute]
                else:
                    element.set(attribute, cleaned)
                removed.update(dict.fromkeys(found))
    return True


def _clean_sheet(style: etree._Element, removed: dict[str, None]) -> None:
    """Cleans the text of a ``style`` element; readers join its pieces across comments, so they are cleaned as one."""
    for child in list(style.iterchildren(etree.Element)):
        _drop(child)
        removed[f"'{_split(child.tag)[1]}'"] = None
    cleaned, found = clean_css((style.text or "") + "".join(child.tail or "" for child in style))
    if found:
        style[:] = []
        style.text = cleaned
        removed.update(dict.fromkeys(found))
