"""Block fixes in the ``markdown`` dialect: headings ending in ``#``, quotations, lists right below text, raw HTML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockQuoteProcessor, HashHeaderProcessor
from markdown.extensions.md_in_html import HTMLExtractorExtra
from markdown.htmlparser import HTMLExtractor
from markdown.preprocessors import Preprocessor
from markdown.util import ETX, STX

from chapbook.dialects.fences import list_depth, width_of
from chapbook.dialects.mended_inline import AttributeLists

__all__ = ["AtxHeadings", "HtmlBlocks", "ListsAfterText", "Quotations", "close_paragraphs"]

_HASH = f"{STX}{ord('#')}{ETX}"
"""Python-Markdown's form of an escaped ``#``."""


class AtxHeadings(HashHeaderProcessor):
    """``# …``. Closing signs need a space before them (CommonMark 0.31.2, section 4.2), so ``# C#`` keeps its last
    sign.
    """

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?!(?<=#)\.[ \t])(?P<header>[^\n]*+)(?:\n|$)")

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        super().run(parent, blocks)
        heading = parent[-1]
        text = _unclosed(heading.text or "")
        attributes = AttributeLists.HEADER_RE.search(text) if "{" in text else None
        end = attributes.start() if attributes else len(text)
        heading.text = _unclosed(text[:end]) + text[end:]


def _unclosed(heading: str) -> str:
    """`heading` without its closing signs; other signs at its end are escaped, so attribute lists ignore them."""
    without = heading.rstrip("#")
    words = without.rstrip() if not without or without[-1].isspace() else heading
    without = words.rstrip("#")
    count = len(words) - len(without)
    if not count:
        return words
    return without + ("#" if without.endswith("\\") else _HASH) + _HASH * (count - 1)


_ALERT = re.compile(r"\s*(?:#{6} )?\[!(?:[^\W\d_][\w -]*(?:\|[^\]\n]*)?|\{[^{}\n]*\})\][-+]?(?=\s|$)\s*(?P<words>\S)?")


class Quotations(BlockQuoteProcessor):
    """Quotations. Python-Markdown joins quotations across a blank line; like GitHub, chapbook keeps alerts separate."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self._begins_alert = False

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Handles the quotation in the first of `blocks`."""
        first = self.RE.search(blocks[0])
        self._begins_alert = first is not None and _ALERT.match(first[2]) is not None
        super().run(parent, blocks)

    def lastChild(self, parent: ET.Element) -> ET.Element | None:  # noqa: N802 - Python-Markdown's name
        """The quotation to continue, if `parent` ends in one; ``None`` if either of the two is an alert."""
        last = super().lastChild(parent)
        return None if last is None or self._begins_alert or _is_whole_alert(last) else last


def _is_whole_alert(element: ET.Element) -> bool:
    first = element[0] if element.tag == "blockquote" and len(element) else None
    mark = _ALERT.match(first.text or "") if first is not None and first.tag in {"p", "h6"} else None
    return mark is not None and (mark["words"] is not None or len(element) > 1)


_LIST_ITEM = re.compile(r"((?: {0,3}+>[ ]?+)*+)( *+)(?:([-+*])|\d{1,9}\.)[ \t]+\S")
_NO_ITEM = re.compile(r"[ >]*(?:[-*_][ \t]*){3,}")
_NO_TEXT = re.compile(rf"[ >]*(?:#{{1,6}}\s|\||=+\s*\Z|-+\s*\Z|\*\[|\[\^?[^\]]+\]:|:\s|{STX}|$)")
"""Lines that aren't paragraph text."""


class ListsAfterText(Preprocessor):
    """Lists right below a line of text, as GitHub, Obsidian and language models write them.

    Python-Markdown needs an empty line between. chapbook adds one if there are two or more items, or if the text ends
    in a colon; a single dash or number at the start of a hard-wrapped line stays text.
    """

    def run(self, lines: list[str]) -> list[str]:
        result: list[str] = []
        in_list = False
        for at, line in enumerate(lines):
            item = _LIST_ITEM.match(line)
            above = lines[at - 1] if at else ""
            if not above.strip(" >"):
                in_list = False
            if item is None or _NO_ITEM.fullmatch(line):
                result.append(line)
                continue
            if not in_list and self._follows_text(above, item, result) and self._is_list(lines, at, item, above):
                result.append(item[1].rstrip())
            in_list = True
            result.append(line)
        return result

    def _follows_text(self, above: str, item: re.Match[str], result: Sequence[str]) -> bool:
        """Whether the line `above` is paragraph text, after which a list may begin."""
        is_text = _NO_TEXT.match(above) is None and above.startswith(item[1]) and above[len(item[1]) :].strip()
        if not is_text or width_of(above[len(item[1]) :]) < len(item[2]):
            return False
        return len(item[2]) < self.md.tab_length or list_depth(list(result[:-1]), len(item[2])) > 0

    @staticmethod
    def _is_list(lines: Sequence[str], at: int, item: re.Match[str], above: str) -> bool:
        if above.rstrip().endswith((":", "\uff1a")):
            return True
        for line in lines[at + 1 :]:
            if not line[len(item[1]) :].strip():
                return False
            other = _LIST_ITEM.match(line)
            if other and other[1] == item[1] and other[2] == item[2] and other[3] == item[3]:
                return True
        return False


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
    """Raw HTML, with Markdown in it where the author asks for that. Three of Python-Markdown's faults are mended."""

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
