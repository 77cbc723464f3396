"""Pictures, drawings and recordings: their files, their alternative text, and figures with captions.

A picture's name is made from its source path. Whether the file exists and what it is converted to is checked later for
the whole book; only chapters with wrong guesses are rendered again.
"""

from __future__ import annotations

import re

from lxml import etree

from chapbook.markup.attributes import size_style
from chapbook.markup.braces import taken_braces
from chapbook.markup.page import Page
from chapbook.markup.parsing import SVG, XLINK
from chapbook.markup.svg import looks_of_drawing
from chapbook.markup.trees import LOST, add_class, is_blank, is_empty, make, remove, replace, unwrap
from chapbook.model.urls import BY_NAME, clean, path_and_fragment, scheme_of
from chapbook.passes.resources import Alt, Kind, Shown, place_resource

__all__ = ["place_images"]

_DRAWING = f"{{{SVG}}}svg"
_HREF = f"{{{XLINK}}}href"
_VISITED = ("img", "audio", "video", "picture", _DRAWING)
_SIZE = re.compile(r"[1-9][0-9]{0,4}")
_TAKEN = frozenset({"alt", "height", "id", "title", "width"})
_LONGEST = 80
"""The most characters of an address that a message shows in full."""
_GONE = ("srcset", "sizes", "loading", "decoding", "fetchpriority", "crossorigin", "usemap", "ismap", "longdesc")


def place_images(page: Page) -> None:
    """Points each picture, sound and film to its file in the publication, and records its use.

    A file that can't ship gives a warning, and its alternative text stays. A picture without alternative text gives a
    warning unless it has the class ``decorative``. A picture alone in its paragraph becomes a ``figure`` with a
    ``figcaption`` if it has a title; otherwise the paragraph gets the class ``image``.
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
        elif element.tag == _DRAWING:
            _place_drawing(page, element, shown, drawings)
            drawings += 1
        else:
            _place_recording(page, element, shown)


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
            f"image '{_shortened(written)}' has no alt text",
            at=page.locator.image(written, nth),
            hint="write '![what it shows](…)', or '![](…){.decorative}' if it is only decoration",
        )
    _set_apart(picture)


def _shortened(address: str) -> str:
    address = address.removeprefix(BY_NAME)
    return address if len(address) <= _LONGEST else f"{address[:24]}…"


def _take_attributes(picture: etree._Element) -> None:
    """Drops attributes that are useless in a book; applies ``{.class width=200}`` that the dialect left after a
    picture.
    """
    for name in _GONE:
        picture.attrib.pop(name, None)
    given = taken_braces(picture)
    for name, value in given:
        if name == "class":
            add_class(picture, value)
        elif name in _TAKEN:
            picture.set(name, value.removesuffix("px") if name in {"width", "height"} else value)
    style = size_style(dict(given))
    if style:
        picture.set("style", style)
    for name in ("width", "height"):
        if not _SIZE.fullmatch(picture.get(name, "1")):
            del picture.attrib[name]


def _alt(picture: etree._Element) -> Alt:
    if not is_blank(picture.get("alt")):
        return "text"
    decorative = "decorative" in picture.get("class", "").split()
    return "decorative" if decorative or picture.get("role") in {"presentation", "none"} else "missing"


def _show_words(picture: etree._Element) -> None:
    """Replaces a picture that can't ship with its alternative text."""
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
    """Turns a paragraph that contains only `shown`, possibly in a link, into a figure if it has a title."""
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


_GONE_FROM_RECORDINGS = ("autoplay", "preload", "crossorigin", "playsinline", "controlslist", "loop", "muted")


def _place_recording(page: Page, recording: etree._Element, shown: Shown) -> None:
    """Points an ``audio`` or ``video`` to its files.

    If none of them ships, it is replaced by a link to the first one on the network, or by the author's fallback
    content.
    """
    kind: Kind = "audio" if recording.tag == "audio" else "video"
    sources = [each for each in (recording, *recording.findall("source")) if "src" in each.attrib]
    written = [each.get("src", "") for each in sources]
    for track in recording.findall("track"):
        remove(track)
    placed = [place_resource(page, each, "src", shown, kind=kind, alt="text") for each in sources]
    for source, ships in zip(sources, placed, strict=True):
        if not ships and source is not recording:
            remove(source)
        elif not ships:
            del source.attrib["src"]
    if not any(placed):
        _replace(recording, written)
        return
    for name in _GONE_FROM_RECORDINGS:
        recording.attrib.pop(name, None)
    recording.set("controls", "controls")
    if "poster" in recording.attrib and not place_resource(page, recording, "poster", shown):
        del recording.attrib["poster"]


def _replace(recording: etree._Element, written: list[str]) -> None:
    """Replaces `recording` with its content, after a link to the first file on the network."""
    name = recording.get("title") or recording.get("aria-label") or ""
    address = next((each for each in map(clean, written) if scheme_of(each) in {"http", "https", "//"}), "")
    if address and next(recording.iterancestors("a"), None) is None:
        link = make("a", href=address, text=name or path_and_fragment(address)[0].rpartition("/")[2] or address)
        link.tail, recording.text = f" {recording.text or ''}", None
        recording.insert(0, link)
    elif name and is_blank("".join(recording.itertext())):
        recording.text = name
    unwrap(recording)


def _place_drawing(page: Page, drawing: etree._Element, shown: Shown, nth: int) -> None:
    """Gives an outer ``svg`` (EPUB 3.3, section 6.1.4.1) the role of a picture and a title; points its pictures to
    files.

    If it has no title, one is made from its words. A drawing without words gives a warning and is hidden from screen
    readers, which could only say that something is there. An empty drawing is removed. `nth` counts the chapter's
    ``svg`` elements from 0.
    """
    parent = drawing.getparent()
    if parent is not None and isinstance(parent.tag, str) and parent.tag.startswith(f"{{{SVG}}}"):
        return
    if not len(drawing) and is_blank(drawing.text):
        remove(drawing)
        return
    _describe(page, drawing, nth)
    add_class(drawing, *looks_of_drawing(drawing))
    for image in list(drawing.iter(f"{{{SVG}}}image")):
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
            title = etree.Element(f"{{{SVG}}}title")
            title.text = words
            title.tail, drawing.text = drawing.text, None
            drawing.insert(0, title)
        return
    page.undescribed_drawings += 1
    drawing.set("aria-hidden", "true")
    page.report(
        "image-no-alt",
        "a drawing has no alt text",
        at=page.locator.element("svg", nth),
        hint="begin it with '<title>what it shows</title>'",
    )


def _title(drawing: etree._Element) -> str:
    title = drawing.find(f"{{{SVG}}}title")
    return "" if title is None else " ".join("".join(title.itertext()).split())


def _words(drawing: etree._Element) -> str:
    texts = ("".join(text.itertext()) for text in drawing.iter(f"{{{SVG}}}text"))
    return " ".join(" ".join(text.split()) for text in texts if not is_blank(text))
