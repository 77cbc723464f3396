"""A content document as Kobo's own engine has it: KEPUB, in the form that kepubify documents.

The body stands in ``div#book-columns > div#book-inner``; each sentence, and each picture, in a ``span.koboSpan`` with
the id ``kobo.P.S``, where P counts the pictures and the blocks that have any span, and S the spans of one. On these
hang a reader's highlights, bookmarks and place in the book. Code, formulas, drawings and recordings stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from lxml import etree

from chapbook.model.deflated import Deflated

__all__ = ["kepub_content", "kepub_document"]

_XHTML = "http://www.w3.org/1999/xhtml"
_BLOCKS = frozenset(("p", "ol", "ul", "table", "h1", "h2", "h3", "h4", "h5", "h6"))
_WHOLE = frozenset(("script", "style", "pre", "audio", "video"))
_VOID = frozenset(("br", "col", "hr", "img", "input", "source", "track", "wbr"))
_SENTENCE = re.compile(r".*?[.!?]['\"”’“…]?[ \t\n\f\r]+|.+", re.DOTALL)
"""A sentence and the white space after it, or the rest: kepubify's own rule."""
_STYLE = "div#book-inner { margin-top: 0; margin-bottom: 0;}"
_PROLOGUE = b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'


def kepub_content(content: bytes | Deflated | Callable[[], bytes]) -> bytes:
    """The document of an archive's entry, read when it is written."""
    if isinstance(content, bytes):
        return kepub_document(content)
    return kepub_document(content.content() if isinstance(content, Deflated) else content())


def kepub_document(data: bytes) -> bytes:
    """The XHTML document `data` with Kobo's divisions, spans and style sheet."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(data, parser)
    head, body = root.find(f"{{{_XHTML}}}head"), root.find(f"{{{_XHTML}}}body")
    if head is None or body is None:
        return data
    style = etree.SubElement(head, f"{{{_XHTML}}}style", {"type": "text/css", "class": "kobostylehacks"})
    style.text, style.tail = _STYLE, "\n"
    _Spans().place(body)
    for each in body.iter(etree.Element):
        # Parsers of HTML, which reading systems fall back to, take `<td/>` for a beginning.
        if not len(each) and not each.text and _name(each) not in {"", *_VOID}:
            each.text = ""
    for name in ("book-inner", "book-columns"):
        _enclose(body, name)
    return _PROLOGUE + etree.tostring(root, encoding="utf-8") + b"\n"


def _enclose(body: etree._Element, name: str) -> None:
    division = etree.Element(f"{{{_XHTML}}}div", {"id": name})
    division.text, body.text = body.text, None
    division.extend(list(body))
    body.append(division)


class _Spans:
    """The numbers that were given in one document."""

    def __init__(self) -> None:
        self._block = self._sentence = 0
        self._begins = False
        """Whether the next span begins a block."""

    def place(self, body: etree._Element) -> None:
        """Puts the spans into `body`, in the order of its text."""
        waiting: list[Callable[[], None]] = [partial(self._enter, body)]
        self._waiting = waiting
        while waiting:
            waiting.pop()()

    def _enter(self, element: etree._Element) -> None:
        """An element and all in it."""
        name = _name(element)
        if name == "img":
            self._block, self._sentence, self._begins = self._block + 1, 0, False
            self._wrap(element)
            return
        if not name or name in _WHOLE:
            return
        self._begins = self._begins or name in _BLOCKS
        children = list(element)
        for child in reversed(children):
            self._waiting += [partial(self._tail, child, element), partial(self._enter, child)]
        self._text(element)

    def _wrap(self, picture: etree._Element) -> None:
        parent = picture.getparent()
        if parent is None:
            return
        span, tail = self._span(), picture.tail
        picture.tail = None
        parent.replace(picture, span)
        span.append(picture)
        span.tail = tail

    def _span(self) -> etree._Element:
        if self._begins:
            self._block, self._sentence, self._begins = self._block + 1, 0, False
        self._sentence += 1
        id_ = f"kobo.{self._block}.{self._sentence}"
        return etree.Element(f"{{{_XHTML}}}span", {"class": "koboSpan", "id": id_})

    def _text(self, element: etree._Element) -> None:
        """The text at the beginning of `element`."""
        text, element.text = element.text or "", None
        at = 0
        for piece in self._pieces(text, element):
            if isinstance(piece, str):
                if at:
                    element[at - 1].tail = piece
                else:
                    element.text = piece
            else:
                element.insert(at, piece)
                at += 1

    def _tail(self, child: etree._Element, parent: etree._Element) -> None:
        """The text after `child`, which may stand in a span by now."""
        last = child if child.getparent() is parent else child.getparent()
        if last is None:
            return
        text, last.tail = last.tail or "", None
        for piece in self._pieces(text, parent):
            if isinstance(piece, str):
                last.tail = piece
            else:
                last.addnext(piece)
                last = piece

    def _pieces(self, text: str, parent: etree._Element) -> Iterator[str | etree._Element]:
        """The sentences of a text in their spans; white space stays as it is, but in a paragraph."""
        for sentence in _SENTENCE.findall(text):
            if sentence.isspace() and _name(parent) != "p":
                yield sentence
            else:
                span = self._span()
                span.text = sentence
                yield span


def _name(element: etree._Element) -> str:
    """The name of an element of XHTML; empty for one of another language, a comment or the like."""
    tag = str(element.tag)
    return tag.removeprefix(f"{{{_XHTML}}}") if tag.startswith(f"{{{_XHTML}}}") else ""
