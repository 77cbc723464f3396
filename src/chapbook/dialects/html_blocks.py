"""Python-Markdown's raw HTML blocks, with three faults fixed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from markdown.extensions.md_in_html import HTMLExtractorExtra
from markdown.htmlparser import HTMLExtractor
from markdown.preprocessors import Preprocessor

__all__ = ["HtmlBlocks", "close_paragraphs"]

_BLOCK = re.compile(r"(?:\A|(?<=\n))[ ]{0,3}<p(?=[\s>])(?:[^\n]*\S[^\n]*(?:\n|\Z))+", re.IGNORECASE)
"""From a line that begins with the tag up to the next empty line."""
_TAG = re.compile(r"<(/?)p(?=[\s/>])[^<>]*>", re.IGNORECASE)


_BROKEN = re.compile(r"&#(?!(?:[0-9]+|[xX][0-9a-fA-F]+)[^0-9a-fA-F])")
"""Something like a numeric reference that isn't one: Python's parser stops there and restarts, and Python-Markdown then
cuts at the wrong places.
"""
_APART = "\0"
"""Inserted while the text is parsed; no text contains it."""


def close_paragraphs(text: str) -> str:
    """Adds the missing end tag to each paragraph that begins a block: before the next one, or at the block's end. A
    paragraph that is closed further down stays unchanged.
    """
    if "<p" not in text and "<P" not in text:
        return text
    parts, at = [], 0
    for block in _BLOCK.finditer(text):
        if _follows_empty_line(text, block.start()):
            parts += [text[at : block.start()], _closed(block[0], text, block.end())]
            at = block.end()
    return "".join([*parts, text[at:]])


def _closed(block: str, text: str, end: int) -> str:
    parts, at, is_open = [], 0, False
    for tag in _TAG.finditer(block):
        if is_open and not tag[1]:
            before = block[at : tag.start()]
            parts.append(before.rstrip() + "</p>" + before[len(before.rstrip()) :])
            at = tag.start()
        is_open = not tag[1]
    parts.append(block[at:])
    following = _TAG.search(text, end) if is_open else None
    if is_open and not (following and following[1]):
        last = parts[-1]
        parts[-1] = last.rstrip() + "</p>" + last[len(last.rstrip()) :]
    return "".join(parts)


def _follows_empty_line(text: str, start: int) -> bool:
    return not start or not text[text.rfind("\n", 0, start - 1) + 1 : start - 1].strip()


class HtmlBlocks(Preprocessor):
    """Raw HTML, with Markdown inside it where the author asks for that."""

    def run(self, lines: list[str]) -> list[str]:
        extractor = _Extractor(self.md)
        text, broken = _BROKEN.subn(f"&{_APART}#", close_paragraphs("\n".join(lines)))
        extractor.feed(text)
        extractor.close()
        found = "".join(extractor.cleandoc)
        if broken:
            found = found.replace(_APART, "")
            blocks = self.md.htmlStash.rawHtmlBlocks
            blocks[:] = [_joined(block) for block in blocks]
        return found.split("\n")


def _joined(block: str | ET.Element) -> str | ET.Element:
    """A block of raw HTML, without the sign that keeps references apart."""
    if isinstance(block, str):
        return block.replace(_APART, "")
    for element in block.iter():
        element.text = element.text and element.text.replace(_APART, "")
        element.tail = element.tail and element.tail.replace(_APART, "")
        for name, value in element.attrib.items():
            element.set(name, value.replace(_APART, ""))
    return block


class _Extractor(HTMLExtractorExtra):
    """Python-Markdown's extractor, which would lose all the text in nested unclosed elements of one name."""

    mdstack: list[str]

    def close(self) -> None:
        HTMLExtractor.close(self)
        while self.mdstack:
            self.handle_endtag(self.mdstack[-1])
