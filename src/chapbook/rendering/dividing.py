"""Splits a long chapter into several content documents: at headings, then between blocks.

Reading systems load a whole document at once; on small devices a large one takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from lxml import etree

from chapbook.markup.trees import IDS

__all__ = ["LONGEST", "divided", "lead_to_pieces"]

LONGEST = 240_000
"""The most bytes of a document's text, as far as it can be divided; with head and frame it stays below 250 KB."""
_DIVISIBLE = frozenset({"article", "blockquote", "div", "ol", "section", "ul"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_POINTERS = ("aria-labelledby", "aria-describedby", "aria-details")

_Blocks = list[tuple[etree._Element, int]]  # noqa: SLF001 - lxml has no other name for the type
"""Elements with their sizes in bytes."""


def divided(section: etree._Element, longest: int = LONGEST) -> list[etree._Element]:
    """Splits `section` into pieces of at most `longest` bytes, in order; the first is `section` with what remains in
    it.

    A single longer block (a table, a listing) stays whole.
    """
    return _pieces_of(section, longest) if _size(section) > longest else [section]


def _pieces_of(element: etree._Element, longest: int) -> list[etree._Element]:
    blocks: _Blocks = []
    for child in list(element):
        size = _size(child)
        parts = _pieces_of(child, longest) if size > longest and child.tag in _DIVISIBLE else [child]
        blocks += [(each, _size(each)) for each in parts] if len(parts) > 1 else [(child, size)]
    groups = list(_grouped(blocks, longest))
    items = 0
    pieces: list[etree._Element] = []
    for group in groups:
        piece = element if not pieces else _shell(element, items)
        piece[:] = group
        items += sum(1 for each in group if each.tag == "li")
        pieces.append(piece)
    return pieces


def _size(element: etree._Element) -> int:
    return len(etree.tostring(element, encoding="utf-8"))


def _shell(element: etree._Element, items: int) -> etree._Element:
    """A copy of the element without its id or content; a numbered list continues its numbers."""
    shell = etree.Element(element.tag, {name: value for name, value in element.attrib.items() if name != "id"})
    if element.tag == "ol" and "reversed" not in element.attrib:
        first = element.get("start", "1")
        shell.set("start", str((int(first) if first.lstrip("-").isdecimal() else 1) + items))
    return shell


def _grouped(blocks: _Blocks, longest: int) -> Iterator[list[etree._Element]]:
    """Runs of blocks of at most `longest` bytes, as few as possible, split at the highest headings."""
    waiting: list[etree._Element] = []
    size = 0
    for run in _runs(blocks, longest):
        length = sum(each for _, each in run)
        if waiting and size + length > longest:
            yield waiting
            waiting, size = [], 0
        waiting += [element for element, _ in run]
        size += length
    if waiting:
        yield waiting


def _runs(blocks: _Blocks, longest: int) -> Iterator[_Blocks]:
    """Splits the blocks at headings, of low enough rank that runs are short enough; then block by block."""
    if sum(size for _, size in blocks) <= longest:
        yield blocks
        return
    ranks = [str(element.tag) for element, _ in blocks[1:] if element.tag in _HEADINGS]
    if not ranks:
        yield from ([block] for block in blocks)
        return
    highest = min(ranks)
    run: _Blocks = []
    for block in blocks:
        if run and block[0].tag == highest:
            yield from _runs(run, longest)
            run = []
        run.append(block)
    yield from _runs(run, longest)


def lead_to_pieces(pieces: Sequence[etree._Element], names: Sequence[str]) -> dict[str, str]:
    """Updates references between pieces. Returns, for each id that moved, its document.

    `names` are the documents' names, without their common folder.
    """
    place = {name: document for piece, document in zip(pieces, names, strict=True) for name in IDS(piece)}
    for piece, own in zip(pieces, names, strict=True):
        for link in piece.iter("a"):
            target = (link.get("href") or "").partition("#")
            document = place.get(unquote(target[2]))
            if target[0] == "" and document not in {None, own}:
                link.set("href", f"{document}#{target[2]}")
        for element in piece.iter(etree.Element):
            for name in _POINTERS if element.attrib else ():
                if any(place.get(each) != own for each in element.get(name, "").split()):
                    del element.attrib[name]
    return {name: document for name, document in place.items() if document != names[0]}
