"""Writes a publication's navigation document (EPUB 3.3, section 7) and NCX (OPF 2.0.1, section 2.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import takewhile

from chapbook.model.hyphenation import softened_text
from chapbook.model.labels import label
from chapbook.model.metadata import text_direction
from chapbook.packaging.publication import NAV_NAME, Landmark, Publication, TocEntry
from chapbook.packaging.xhtml import escaped, page, plain_line, reference

__all__ = ["landmarks_of", "navigation_document", "ncx"]

_TOC_HREF = f"{NAV_NAME}#toc"
"""Kindle finds the contents only through the fragment."""
_OPENING = frozenset({"cover", "titlepage", "copyright-page"})
"""Pages that can come before the contents."""
_DEEPEST = 60
"""The most levels in the tables: XML parsers stop at 256 nested elements, and a list level takes two."""
_LONG = 14
"""A word of so many letters in a label may not fit a small page."""
_Row = tuple[int, TocEntry]


def landmarks_of(publication: Publication) -> tuple[Landmark, ...]:
    """The publication's landmarks, each type and target once; includes the contents page if it is in the spine.

    A landmark must not lead to the navigation document if the spine doesn't have it.
    """
    given = {(each.type, each.href): each for each in publication.landmarks if each.type != "toc"}
    found = list(given.values())
    if NAV_NAME in publication.spine:
        contents = label("contents", publication.metadata.language)
        after_opening = sum(1 for _ in takewhile(lambda each: each.type in _OPENING, found))
        found.insert(after_opening, Landmark(type="toc", label=contents, href=_TOC_HREF))
    return tuple(found)


def navigation_document(publication: Publication) -> bytes:
    """``nav.xhtml``: the table of contents, and the landmarks, which only software sees."""
    language = publication.metadata.language
    contents = escaped(label("contents", language))
    body = [
        f'<nav epub:type="toc" id="toc" role="doc-toc" aria-labelledby="toc-title">\n<h1 id="toc-title">{contents}</h1>'
    ]
    body += _listed(_rows(publication.toc), language)
    body.append("</nav>")
    body += _landmarks(landmarks_of(publication), language)
    return page(
        title=label("contents", language),
        language=language,
        body_class="contents",
        body="\n".join(body),
        stylesheets=publication.stylesheets,
    )


def _rows(toc: Iterable[TocEntry]) -> list[_Row]:
    """The entries in order, each with its depth from 1. Entries deeper than `_DEEPEST` are moved up to it."""
    rows: list[_Row] = []
    waiting = [(1, entry) for entry in reversed(tuple(toc))]
    while waiting:
        depth, entry = waiting.pop()
        rows.append((depth, entry))
        below = min(depth + 1, _DEEPEST)
        waiting += [(below, child) for child in reversed(entry.children)]
    return rows


def _next_depths(rows: Sequence[_Row]) -> Iterator[int]:
    """For each row, the depth of the next row; 0 after the last."""
    yield from (depth for depth, _ in rows[1:])
    yield 0


def _listed(rows: Sequence[_Row], language: str) -> Iterator[str]:
    yield "<ol>"
    for (depth, entry), following in zip(rows, _next_depths(rows), strict=True):
        link = f'<a href="{reference(entry.href)}">{_shown(_label_of(entry), language)}</a>'
        if following > depth:
            yield f"<li>{link}\n<ol>"
        else:
            yield f"<li>{link}</li>" + "\n</ol></li>" * (depth - max(following, 1))
    yield "</ol>"


def _label_of(entry: TocEntry) -> str:
    # A label without visible characters is an error in both tables, so use the target's name.
    return plain_line(entry.label) or entry.href.partition("#")[0]


def _shown(words: str, language: str) -> str:
    """A label as page text: its long words can break, which deeply nested entries need."""
    return escape(softened_text(words, language, _LONG))


def _landmarks(landmarks: Iterable[Landmark], language: str) -> list[str]:
    items = [
        f'<li><a epub:type="{escaped(each.type)}" href="{_within_nav(each.href)}">'
        f"{escaped(each.label) or escaped(each.type)}</a></li>"
        for each in landmarks
    ]
    if not items:
        return []
    title = f'<h2 id="landmarks-title">{escaped(label("landmarks", language))}</h2>'
    nav = '<nav epub:type="landmarks" aria-labelledby="landmarks-title" hidden="hidden">'
    return [nav, title, "<ol>", *items, "</ol>", "</nav>"]


def _within_nav(href: str) -> str:
    return reference(href.removeprefix(NAV_NAME) if href.startswith(f"{NAV_NAME}#") else href)


def ncx(publication: Publication) -> bytes:
    """``toc.ncx``, for EPUB 2 reading systems and Kindle: the same entries as the navigation document."""
    metadata = publication.metadata
    tag = escaped(metadata.language)
    direction = ' dir="rtl"' if text_direction(metadata.language) == "rtl" else ""
    title = escape(plain_line(metadata.title)) or escaped(label("untitled", metadata.language))
    rows = _rows(publication.toc)
    authors = [name for each in metadata.people if each.role == "aut" and (name := escape(plain_line(each.name)))]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="{tag}"{direction}>',
        "<head>",
        f'<meta name="dtb:uid" content="{escaped(publication.identifier.value)}"/>',
        f'<meta name="dtb:depth" content="{max((depth for depth, _ in rows), default=0)}"/>',
        '<meta name="dtb:totalPageCount" content="0"/>',
        '<meta name="dtb:maxPageNumber" content="0"/>',
        "</head>",
        f"<docTitle><text>{title}</text></docTitle>",
        *(f"<docAuthor><text>{name}</text></docAuthor>" for name in authors),
        "<navMap>",
        *_nav_points(rows),
        "</navMap>",
        "</ncx>",
        "",
    ]
    return "\n".join(lines).encode()


def _nav_points(rows: Sequence[_Row]) -> Iterator[str]:
    """Navigation points: ids by position, and the same ``playOrder`` for all points with one target."""
    orders: dict[str, int] = {}
    for number, ((depth, entry), following) in enumerate(zip(rows, _next_depths(rows), strict=True), start=1):
        order = orders.setdefault(entry.href, len(orders) + 1)
        yield f'<navPoint id="point-{number}" playOrder="{order}">'
        yield f"<navLabel><text>{escaped(_label_of(entry))}</text></navLabel>"
        yield f'<content src="{reference(entry.href)}"/>'
        if following <= depth:
            yield "</navPoint>" * (depth - max(following, 1) + 1)
