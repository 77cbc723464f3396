"""Pictures: their files, their words for those who cannot see them, and figures with captions.

A picture's name is a function of its source path; whether the file is there, and what it is converted to, is seen
later, over the whole book, and only the chapters concerned are rendered again with what is known then.
"""

from __future__ import annotations

import re

from lxml import etree

from chapbook.rendering.page import Page
from chapbook.rendering.passes.drawings import DRAWING, place_drawing
from chapbook.rendering.passes.recordings import place_recording
from chapbook.rendering.passes.resources import Alt, Shown, place_resource
from chapbook.rendering.trees import LOST, add_class, is_blank, is_empty, make, remove, replace, unwrap

__all__ = ["place_images"]

_VISITED = ("img", "audio", "video", "picture", DRAWING)
_SIZE = re.compile(r"[1-9][0-9]{0,4}")
_ATTRIBUTES = re.compile(r"\{:? *((?:[.#][\w-]+ *)+)\}")
_GONE = ("srcset", "sizes", "loading", "decoding", "fetchpriority", "crossorigin", "usemap", "ismap", "longdesc")


def place_images(page: Page) -> None:
    """Refers every picture, sound and film to its file in the publication, and notes its use.

    One that does not ship is warned of, and its alternative text stays. A picture without alternative text is
    warned of, unless it has the class ``decorative``. A picture alone in its paragraph is a ``figure`` with a
    ``figcaption`` where it has a title; else the paragraph has the class ``image``.
    """
    shown: Shown = Shown()
    drawings = 0
    for element in list(page.body.iter(*_VISITED)):
        if element.tag == "img":
            _place_picture(page, element, shown)
        elif element.tag == "picture":
            for source in element.findall("source"):
                remove(source)
            unwrap(element)
        elif element.tag == DRAWING:
            place_drawing(page, element, shown, drawings)
            drawings += 1
        else:
            place_recording(page, element, shown)


def _place_picture(page: Page, picture: etree._Element, shown: Shown) -> None:
    _take_attributes(picture)
    if picture.attrib.pop(LOST, None) is not None:
        _show_words(picture)
        return
    written = picture.get("src", "")
    nth = shown[written]
    alt = _alt(picture)
    if not place_resource(page, picture, "src", shown, alt=alt):
        _show_words(picture)
        return
    if alt != "text":
        picture.set("alt", "")
    if alt == "decorative":
        picture.set("role", "presentation")
    elif alt == "missing":
        page.report(
            "image-no-alt",
            f"picture '{written}' has no text for those who cannot see it",
            at=page.locator.image(written, nth),
            hint="write '![what it shows](…)', or '![](…){.decorative}' where it shows nothing that matters",
        )
    _set_apart(picture)


def _take_attributes(picture: etree._Element) -> None:
    """Drops what is of no use in a book; takes ``{.class}`` after a picture, where the dialect left it."""
    for name in _GONE:
        picture.attrib.pop(name, None)
    for name in ("width", "height"):
        if not _SIZE.fullmatch(picture.get(name, "1")):
            del picture.attrib[name]
    if (picture.tail or "").startswith("{") and (written := _ATTRIBUTES.match(picture.tail or "")):
        picture.tail = (picture.tail or "")[written.end() :]
        for word in written[1].replace(".", " .").replace("#", " #").split():
            if word[0] == "#":
                picture.set("id", word[1:])
            else:
                add_class(picture, word[1:])


def _alt(picture: etree._Element) -> Alt:
    if not is_blank(picture.get("alt")):
        return "text"
    decorative = "decorative" in picture.get("class", "").split()
    return "decorative" if decorative or picture.get("role") in {"presentation", "none"} else "missing"


def _show_words(picture: etree._Element) -> None:
    """Puts the words of a picture in the place of one that does not ship."""
    alt, title = picture.get("alt", "").strip(), picture.get("title", "").strip()
    if alt or title:
        words = make("span", class_="image-missing", text=alt or title)
        if alt and title:
            words.set("title", title)
        replace(picture, words)
        _set_apart(words)
        return
    paragraph = picture.getparent()
    remove(picture)
    if paragraph is not None and paragraph.tag == "p" and is_empty(paragraph):
        remove(paragraph)


def _set_apart(shown: etree._Element) -> None:
    """Makes a figure of the paragraph that holds only `shown`, perhaps within a link, where it has a title."""
    outer = shown
    parent = outer.getparent()
    if parent is not None and parent.tag == "a" and _is_alone(outer, parent):
        outer, parent = parent, parent.getparent()
    if parent is None or parent.tag != "p" or not _is_alone(outer, parent):
        return
    title = shown.attrib.pop("title", "").strip()
    if title:
        parent.tag = "figure"
        parent.text = outer.tail = None
        etree.SubElement(parent, "figcaption").text = title
    elif shown.tag == "img":
        add_class(parent, "image")


def _is_alone(element: etree._Element, parent: etree._Element) -> bool:
    return (
        is_blank(element.tail) and is_blank(parent.text) and element.getprevious() is None and element.getnext() is None
    )
