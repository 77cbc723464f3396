"""Drawings: SVG within the text (EPUB 3.3, section 6.1.4.1), named for those who cannot see it."""

from __future__ import annotations

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import is_blank, remove
from chapbook.passes.resources import Shown, place_resource

__all__ = ["DRAWING", "place_drawing"]

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
DRAWING = f"{{{_SVG}}}svg"


def place_drawing(page: Page, drawing: etree._Element, shown: Shown, nth: int) -> None:
    """Gives an outer ``svg`` the role of a picture and a title, and refers the pictures in it to their files.

    The title is made from the words in it where it has none. A drawing without any is warned of and hidden from
    those who could only be told that there is something. One that holds nothing goes. `nth` counts the chapter's
    ``svg`` elements from 0.
    """
    parent = drawing.getparent()
    if parent is not None and isinstance(parent.tag, str) and parent.tag.startswith(f"{{{_SVG}}}"):
        return
    if not len(drawing) and is_blank(drawing.text):
        remove(drawing)
        return
    _describe(page, drawing, nth)
    for image in list(drawing.iter(f"{{{_SVG}}}image")):
        written = image.attrib.pop("href", None)
        if written is not None:
            image.set(_HREF, written)
        if not place_resource(page, image, _HREF, shown):
            remove(image)


def _describe(page: Page, drawing: etree._Element, nth: int) -> None:
    if drawing.get("aria-hidden") == "true" or "decorative" in drawing.get("class", "").split():
        drawing.set("aria-hidden", "true")
        drawing.attrib.pop("role", None)
        return
    words = _title(drawing) or drawing.get("aria-label", "").strip() or _words(drawing)
    if words:
        drawing.set("role", "img")
        if not _title(drawing):
            title = etree.Element(f"{{{_SVG}}}title")
            title.text = words
            title.tail, drawing.text = drawing.text, None
            drawing.insert(0, title)
        return
    page.undescribed_drawings += 1
    drawing.set("aria-hidden", "true")
    page.report(
        "image-no-alt",
        "a drawing has no text for those who cannot see it",
        at=page.locator.element("svg", nth),
        hint="begin it with '<title>what it shows</title>'",
    )


def _title(drawing: etree._Element) -> str:
    title = drawing.find(f"{{{_SVG}}}title")
    return "" if title is None else " ".join("".join(title.itertext()).split())


def _words(drawing: etree._Element) -> str:
    texts = ("".join(text.itertext()) for text in drawing.iter(f"{{{_SVG}}}text"))
    return " ".join(" ".join(text.split()) for text in texts if not is_blank(text))
