"""A section that contains a whole HTML chapter: it becomes the chapter's own section, which chapbook writes anyway."""

from __future__ import annotations

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import EPUB_TYPE, add_class, is_blank
from chapbook.model.contents import CHAPTER_TYPES

__all__ = ["take_section"]

_SECTIONS = frozenset({"article", "section"})
_KINDS = frozenset({*CHAPTER_TYPES, "part", "volume", "bodymatter", "frontmatter", "backmatter"})
"""Types of such a section; sections of notes or title pages stay in the chapter."""
_OF_BOTH = frozenset({"class", EPUB_TYPE})


def take_section(page: Page) -> None:
    """Unwraps sections that contain everything in an HTML chapter, and keeps their attributes, so that a chapter read
    from a book and written again isn't nested deeper.

    The ``title`` of the outermost section is the document's title (from the dialect ``html``); it becomes the chapter's
    if neither the front matter nor a heading sets one.
    """
    body = page.body
    while (section := _only_section(body)) is not None and not (section.get("id") and body.get("id")):
        for name, value in section.attrib.items():
            if name == "title":
                page.title = page.title or value
            elif name not in _OF_BOTH:
                body.set(name, body.get(name, value))
            elif name == "class":
                for each in value.split():
                    add_class(body, each)
            else:
                body.set(name, " ".join(filter(None, (body.get(name), value))))
        body.text, body[:] = section.text, list(section)
    if body.get("lang") == page.language:
        del body.attrib["lang"]
    if body.get("dir") == page.direction:
        del body.attrib["dir"]


def _only_section(body: etree._Element) -> etree._Element | None:
    """The section that is all there is in `body`, if its type is a chapter's or missing."""
    if len(body) != 1 or body[0].tag not in _SECTIONS or not is_blank(body.text) or not is_blank(body[0].tail):
        return None
    types = body[0].get(EPUB_TYPE, "").split()
    return body[0] if not types or not _KINDS.isdisjoint(types) else None
