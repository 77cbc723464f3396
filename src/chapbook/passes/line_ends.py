"""Line breaks between Chinese or Japanese characters, which would show as spaces."""

from __future__ import annotations

import re

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import CODE

__all__ = ["join_lines"]

_WIDE = (
    r"\u2e80-\u303f\u3041-\u30ff\u3105-\u312f\u3190-\u31bf\u31f0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60"
    r"\U00020000-\U0003ffff"
)
"""Han, kana, bopomofo and their punctuation: full width, and written without spaces. Hangul has spaces."""
_BEFORE_U3000 = bytes(range(0xE3))
_FROM_U2E80 = re.compile(rb"\xe2[\xba-\xbf]")
"""Bytes of UTF-8. They tell which texts can have such characters; compiling the patterns takes 4 ms."""
_CONCERNED = rf"[{_WIDE}][^\w\s]*[ \t]*\n[ \t>]*[^\w\s]*[{_WIDE}]"
_HOLDERS = ("p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "caption", "summary")
_APART = "\x01"
"""Separates two text nodes; XML can't contain this character."""
_ACROSS = rf"(?<=[{_WIDE}])([ \t\x01]*)\n([ \t\x01]*)(?=[{_WIDE}])"


def join_lines(page: Page) -> None:
    """Removes line breaks between two such characters in a paragraph, also across inline elements.

    It follows the segment break rules of CSS Text 3 (section 4.1.3), which reading systems don't apply.
    """
    if not _may_have_wide(page.chapter.text) or re.search(_CONCERNED, page.chapter.text) is None:
        return
    for holder in page.body.iter(*_HOLDERS):
        slots = _slots(holder)
        text = _APART.join(_text(*slot) for slot in slots)
        if "\n" in text and (joined := re.sub(_ACROSS, r"\1\2", text)) != text:
            for (element, is_tail), new in zip(slots, joined.split(_APART), strict=True):
                if is_tail:
                    element.tail = new
                else:
                    element.text = new


def _may_have_wide(text: str) -> bool:
    if text.isascii():
        return False
    data = text.encode("utf-8", "replace")
    return bool(data.translate(None, _BEFORE_U3000)) or _FROM_U2E80.search(data) is not None


def _text(element: etree._Element, is_tail: bool) -> str:  # noqa: FBT001 - a pair
    return (element.tail if is_tail else element.text) or ""


def _slots(holder: etree._Element) -> list[tuple[etree._Element, bool]]:
    """The places of text in `holder`, in order, without code and elements that have paragraphs of their own."""
    slots = [(holder, False)]
    waiting: list[etree._Element | tuple[etree._Element, bool]] = list(reversed(holder))
    while waiting:
        child = waiting.pop()
        if isinstance(child, tuple):
            slots.append(child)
            continue
        waiting.append((child, True))
        if isinstance(child.tag, str) and child.tag not in {*CODE, *_HOLDERS, "br"} and not child.tag.startswith("{"):
            slots.append((child, False))
            waiting += reversed(child)
    return slots
