"""A chapter's own list of its headings, if the author asks for one, and page breaks."""

from __future__ import annotations

import re

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import make, remove, replace
from chapbook.model.hooks import has_any
from chapbook.model.marks import PAGE_BREAK

__all__ = ["place_contents", "place_page_breaks"]

_MARK = re.compile(r"\s*(?:\[TOC\]|\[\[_?TOC_?\]\]|\$\{toc\}|\{:toc\})\s*", re.IGNORECASE)

_SIGNS = ("[TOC]", "[toc]", "_TOC_]", "_toc_]", "{toc}", ":toc}")


def place_contents(page: Page) -> None:
    """Puts the list where a paragraph consists only of ``[TOC]``, ``[[_TOC_]]`` or ``{:toc}``.

    In a chapter without further headings the mark is removed: the book has a table of contents.
    """
    if not has_any(page.chapter.text, _SIGNS):
        return
    for paragraph in [each for each in page.body.iter("p") if _MARK.fullmatch(_words(each))]:
        listed = _list(page)
        if listed is None:
            remove(paragraph)
        else:
            replace(paragraph, listed)


def _words(paragraph: etree._Element) -> str:
    """The text of a paragraph; Python-Markdown may have read ``_TOC_`` as emphasis."""
    return "".join(map(str, paragraph.itertext())).replace("[[TOC]]", "[TOC]")


def _list(page: Page) -> etree._Element | None:
    """The headings as nested lists of links; ``None`` if there are no headings."""
    if not page.headings:
        return None
    top = make("ul", class_="chapter-contents")
    open_: list[tuple[int, etree._Element]] = [(0, top)]
    for heading in page.headings:
        while len(open_) > 1 and open_[-1][0] >= heading.level:
            open_.pop()
        level, place = open_[-1]
        if level and len(place) and place.tag == "li":
            inner = place.find("ul")
            place = etree.SubElement(place, "ul") if inner is None else inner
        item = etree.SubElement(place, "li")
        item.append(make("a", href=f"#{heading.id}", text=heading.text))
        open_.append((heading.level, item))
    return top


def place_page_breaks(page: Page) -> None:
    """Adds a page break where the author asks for one: an empty division that breaks after itself."""
    for mark in page.body.iter("div"):
        if mark.get("class") == PAGE_BREAK:
            mark.set("style", "page-break-after: always; break-after: page")
