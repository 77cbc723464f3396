"""Classes for pictures by their place: icons in a text, pictures at the start of a paragraph, long captions."""

from __future__ import annotations

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.parsing import SVG
from chapbook.markup.trees import add_class, is_blank
from chapbook.model.marks import ICON, SMALL

__all__ = ["place_pictures"]

_DRAWING = f"{{{SVG}}}svg"
_WITHIN_LINES = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q"),
        *("s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var"),
    }
)
_WORDS = etree.XPath(".//text()[not(ancestor::s:svg)]", namespaces={"s": SVG}, smart_strings=False)
_SHORT_CAPTION, _LONG_CAPTION = 100, 200
"""Characters of a caption that fit below a picture of nearly the page's height, or half of it, on a phone in large
type.
"""


def place_pictures(page: Page) -> None:
    """Gives pictures and their containers the classes that the themes need.

    A small picture in a text is an ``icon``, as high as the letters. A paragraph that begins with a picture gets the
    class ``image-first``: an indent would push it over the page's edge. A figure with a long caption gets
    ``long-caption`` or ``longer-caption``.
    """
    with_words: dict[etree._Element, bool] = {}
    for picture in page.body.iter("img", _DRAWING):
        block = _block_of(picture)
        if _has(picture, SMALL):
            if block not in with_words:
                with_words[block] = any(not is_blank(each) for each in _WORDS(block))
            _settle_size(picture, in_text=with_words[block])
        if block.tag == "p" and not _has(block, "image") and not _has(picture, ICON) and _begins(picture, block):
            add_class(block, "image-first")
    for figure in page.body.iter("figure"):
        length = sum(len("".join(map(str, each.itertext()))) for each in figure.iterchildren("figcaption"))
        if length > _SHORT_CAPTION:
            add_class(figure, "longer-caption" if length > _LONG_CAPTION else "long-caption")


def _block_of(picture: etree._Element) -> etree._Element:
    """The block that contains the lines around `picture`."""
    element = picture
    for above in picture.iterancestors():
        element = above
        if above.tag not in _WITHIN_LINES:
            break
    return element


def _settle_size(picture: etree._Element, *, in_text: bool) -> None:
    """Makes a small picture an icon if it is in a text and the author gave it no size."""
    classes = [each for each in picture.get("class", "").split() if each != SMALL]
    sized = picture.tag == "img" and {"width", "height", "style"} & set(picture.attrib)
    if in_text and not sized and next(picture.iterancestors("figure"), None) is None:
        classes = [*(each for each in classes if not each.startswith("tall-")), ICON]
    if classes:
        picture.set("class", " ".join(classes))
    else:
        del picture.attrib["class"]


def _begins(picture: etree._Element, block: etree._Element) -> bool:
    """Whether `block` begins with `picture`, possibly inside a link or similar."""
    element = picture
    while element is not block:
        above = element.getparent()
        if above is None or not is_blank(above.text) or element.getprevious() is not None:
            return False
        element = above
    return True


def _has(element: etree._Element, name: str) -> bool:
    return name in element.get("class", "").split()
