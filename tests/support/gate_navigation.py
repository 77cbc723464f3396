"""What must hold of the navigation document and the NCX together, and EPUBCheck does not ask."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from support.opened import DC, EPUB, NCX, XHTML, Opened

__all__ = ["check_navigation"]

_Entry = tuple[int, str, tuple[str, str]]
"""Depth, label and target."""


def check_navigation(book: Opened) -> Iterator[str]:
    toc = list(_nav_entries(book, "toc"))
    landmarks = list(_nav_entries(book, "landmarks"))
    ncx = list(_ncx_entries(book))
    if toc != ncx:
        yield f"the NCX differs from the table of contents: {set(toc) ^ set(ncx)}"
    yield from _ncx_head(book, max((depth for depth, *_ in toc), default=0))
    for _, text, (name, fragment) in [*toc, *landmarks]:
        if not text:
            yield f"an entry without words leads to {name}"
        if name not in book.spine:
            yield f"'{text}' leads to {name}, which is not in the spine"
        elif fragment and not book.tree(name).xpath("//*[@id=$id]", id=fragment):
            yield f"'{text}' leads to {name}#{fragment}, which is not there"
    places = [book.spine.index(name) for *_, (name, _) in toc if name in book.spine]
    if places != sorted(places):
        yield "the table of contents is not in the order of the spine"
    reached = {name for *_, (name, _) in [*toc, *landmarks]} | {book.nav}
    yield from (f"{name}: in no table" for name in book.spine if name not in reached)
    yield from _landmark_types(book)


def _nav(book: Opened, kind: str) -> etree._Element | None:
    found = [each for each in book.tree(book.nav).iter(f"{XHTML}nav") if each.get(f"{EPUB}type") == kind]
    return found[0] if found else None


def _nav_entries(book: Opened, kind: str) -> Iterator[_Entry]:
    nav = _nav(book, kind)
    if nav is None:
        return
    for link in nav.iter(f"{XHTML}a"):
        depth = sum(1 for _ in link.iterancestors(f"{XHTML}ol"))
        words = "".join(link.itertext()).replace("\u00ad", "")  # which the page alone has
        yield depth, words.strip(), book.target(book.nav, link.get("href", ""))


def _ncx_entries(book: Opened) -> Iterator[_Entry]:
    for point in book.tree(book.ncx).iter(f"{NCX}navPoint"):
        depth = 1 + sum(1 for _ in point.iterancestors(f"{NCX}navPoint"))
        content = point.find(f"{NCX}content")
        assert content is not None
        label = point.findtext(f"{NCX}navLabel/{NCX}text") or ""
        yield depth, label.strip(), book.target(book.ncx, content.get("src", ""))


def _ncx_head(book: Opened, depth: int) -> Iterator[str]:
    root = book.tree(book.ncx)
    metas = {each.get("name"): each.get("content") for each in root.iter(f"{NCX}meta")}
    unique = book.package.get("unique-identifier")
    identifier = next(each.text for each in book.package.iter(f"{DC}identifier") if each.get("id") == unique)
    if metas.get("dtb:uid") != identifier:
        yield f"dtb:uid is {metas.get('dtb:uid')}, the identifier {identifier}"
    if metas.get("dtb:depth") != str(depth):
        yield f"dtb:depth is {metas.get('dtb:depth')}, the table is {depth} deep"
    ids = [each.get("id") for each in root.iter(f"{NCX}navPoint")]
    if len(ids) != len(set(ids)):
        yield "two points of the NCX have one id"


def _landmark_types(book: Opened) -> Iterator[str]:
    nav = _nav(book, "landmarks")
    types = [] if nav is None else [each.get(f"{EPUB}type") for each in nav.iter(f"{XHTML}a")]
    if not {"toc", "bodymatter"} <= set(types):
        yield f"the landmarks are only {types}"
    if nav is not None and nav.get("hidden") is None:
        yield "the landmarks are not hidden"
    if any("cover-image" in each.properties for each in book.items) and "cover" not in types:
        yield "there is a cover and no landmark leads to it"
