"""Turns plain web addresses in the text into links, like GitHub (GFM 0.29, section 6.9)."""

from __future__ import annotations

import re

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import make
from chapbook.model.urls import encoded_address

__all__ = ["link_addresses"]

_TEXTS = etree.XPath(
    ".//text()[contains(., '://') or contains(., 'www.')][not(ancestor::a or ancestor::code or ancestor::kbd"
    " or ancestor::pre or ancestor::samp or ancestor::*[namespace-uri() != '']"
    " or ancestor::span[contains(@class, 'math')])]"
)
_ADDRESS = re.compile(
    r"(?<![\w@/:.%=-])(?:https?://|www\.)(?=[^\s/?#]{0,200}\.)[^\s<>\"'`|\\^{}\u2018-\u201f\u2026\u3000-\u3020\uff00-\uff0f\uff1a-\uff20]+",
    re.IGNORECASE,
)
_TRAILING = "?!.,:;*_~)]"


def link_addresses(page: Page) -> None:
    """Links each ``http://…``, ``https://…`` and ``www.…`` in the text, without the sentence's punctuation."""
    if "://" not in page.chapter.text and "www." not in page.chapter.text:
        return
    for text in _TEXTS(page.body):
        if _ADDRESS.search(text):
            _link(text.getparent(), str(text), is_tail=text.is_tail)


def _link(element: etree._Element, text: str, *, is_tail: bool) -> None:
    """Adds links for the addresses in `text`, which is that of `element` or (with `is_tail`) follows it."""
    links: list[etree._Element] = []
    before, at = "", 0
    for found in _ADDRESS.finditer(text):
        address = _trimmed(found[0])
        target = encoded_address(address if "://" in address else f"https://{address}")
        if target is None:
            continue
        between = text[at : found.start()]
        if links:
            links[-1].tail = between
        else:
            before = between
        links.append(make("a", href=target, text=address))
        at = found.start() + len(address)
    if not links:
        return
    links[-1].tail = text[at:]
    if is_tail:
        element.tail = before
        for link in reversed(links):
            rest, link.tail = link.tail, None
            element.addnext(link)
            link.tail = rest
    else:
        element.text = before
        for nth, link in enumerate(links):
            element.insert(nth, link)


def _trimmed(address: str) -> str:
    """An address without punctuation at its end, and without a bracket that it doesn't open."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        if address[-1] == "]" and address.count("[") >= address.count("]"):
            break
        address = address[:-1]
    return address
