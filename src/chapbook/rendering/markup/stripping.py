"""Unwrapping many elements at once, in time that grows with their number and not with its square."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

__all__ = ["strip"]


def strip(root: etree._Element, tag: str) -> None:
    """Unwraps every element below `root` that is called `tag`; what is in it stays where it stood."""
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
    """The texts and elements in `parent`, as if no element in it were called `tag`."""
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
