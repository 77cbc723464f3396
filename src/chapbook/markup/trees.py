"""Small changes to a tree that lose no text: the text after an element (its tail) stays in place.

Each takes constant time, however many siblings there are; lxml's ``len`` and ``index`` don't.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

__all__ = [
    "CODE",
    "EPUB_TYPE",
    "IDS",
    "LOST",
    "add_class",
    "append_text",
    "is_blank",
    "is_empty",
    "make",
    "put_into_text",
    "remove",
    "replace",
    "replace_by_text",
    "strip",
    "unwrap",
]

_OPS = "http://www.idpf.org/2007/ops"
_NSMAP = {"epub": _OPS}

EPUB_TYPE = f"{{{_OPS}}}type"
"""The name of the ``epub:type`` attribute (EPUB 3.3, section 6.2)."""


CODE = ("code", "kbd", "pre", "samp")
"""Elements whose text is literal: no formulas or notes in it."""

IDS = etree.XPath(".//@id", smart_strings=False)
"""The ids of an element and of all in it, as plain strings."""

LOST = "data-chapbook-lost"
"""Marks an element whose address was removed and reported."""


def make(tag: str, *, epub_type: str = "", text: str | None = None, **attributes: str) -> etree._Element:
    """A new element; write ``class_`` and ``aria_label`` for ``class`` and ``aria-label``."""
    element = etree.Element(tag, nsmap=_NSMAP if epub_type else None)
    for name, value in attributes.items():
        element.set(name.rstrip("_").replace("_", "-"), value)
    if epub_type:
        element.set(EPUB_TYPE, epub_type)
    element.text = text
    return element


def remove(element: etree._Element) -> None:
    """Removes `element` from its parent; keeps the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    append_text(parent, element.getprevious(), element.tail)
    element.tail = None
    parent.remove(element)


def replace(element: etree._Element, new: etree._Element) -> None:
    """Replaces `element` with `new`."""
    parent = element.getparent()
    if parent is not None:
        new.tail, element.tail = element.tail, None
        parent.replace(element, new)


def replace_by_text(element: etree._Element, text: str) -> None:
    """Replaces `element`, including its content, with `text`."""
    element[:] = []
    element.text = text
    unwrap(element)


def put_into_text(
    element: etree._Element, text: str, new: Iterable[tuple[int, int, etree._Element]], *, is_tail: bool
) -> None:
    """Replaces ranges of `text` with elements: each of `new` has its start and end, in order.

    `text` is that of `element`, or (with `is_tail`) the text after it.
    """
    pieces: list[str] = []
    elements: list[etree._Element] = []
    at = 0
    for start, end, each in new:
        pieces.append(text[at:start])
        elements.append(each)
        at = end
    pieces.append(text[at:])
    if is_tail:
        element.tail = pieces[0]
    else:
        element.text = pieces[0]
    for each, tail in reversed(list(zip(elements, pieces[1:], strict=True))):
        if is_tail:
            element.addnext(each)
        else:
            element.insert(0, each)
        each.tail = tail


def unwrap(element: etree._Element) -> None:
    """Removes `element` but keeps its content in place."""
    parent = element.getparent()
    if parent is None:
        return
    append_text(parent, element.getprevious(), element.text)
    for child in list(element):
        element.addprevious(child)
    remove(element)


def add_class(element: etree._Element, *names: str) -> None:
    """Adds class names that aren't there yet."""
    if not names:
        return
    have = element.get("class", "").split()
    element.set("class", " ".join([*have, *(name for name in names if name not in have)]))


def is_blank(text: str | None) -> bool:
    """Whether there is no text, or only white space."""
    return text is None or not text or text.isspace()


def is_empty(element: etree._Element) -> bool:
    """Whether `element` contains only white space."""
    return is_blank(element.text) and next(element.iterchildren(), None) is None


def append_text(parent: etree._Element, previous: etree._Element | None, text: str | None) -> None:
    """Adds `text` in `parent`: after `previous`, or before everything else if that is ``None``."""
    if not text:
        return
    if previous is None:
        parent.text = (parent.text or "") + text
    else:
        previous.tail = (previous.tail or "") + text


def strip(root: etree._Element, tag: str) -> None:
    """Unwraps all elements called `tag` below `root`; their content stays in place."""
    parents: dict[etree._Element, None] = {}
    for element in root.iterdescendants(tag):
        parent = element.getparent()
        if parent is not None and (parent.tag != tag or parent is root):
            parents[parent] = None
    for parent in parents:
        _rebuild(parent, tag)


def _rebuild(parent: etree._Element, tag: str) -> None:
    elements: list[etree._Element] = []
    texts: list[list[str]] = [[]]
    for piece in _pieces(parent, tag):
        if isinstance(piece, str):
            texts[-1].append(piece)
        else:
            elements.append(piece)
            texts.append([])
    parent[:] = elements
    parent.text = "".join(texts[0])
    for element, text in zip(elements, texts[1:], strict=True):
        element.tail = "".join(text)


def _pieces(parent: etree._Element, tag: str) -> Iterator[str | etree._Element]:
    """The texts and elements in `parent`, as if elements called `tag` weren't there."""
    yield parent.text or ""
    waiting: list[tuple[Iterator[etree._Element], str]] = [(iter(list(parent)), "")]
    while waiting:
        child = next(waiting[-1][0], None)
        if child is None:
            yield waiting.pop()[1]
        elif child.tag == tag:
            yield child.text or ""
            waiting.append((iter(list(child)), child.tail or ""))
        else:
            yield child
            yield child.tail or ""
