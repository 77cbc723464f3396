"""A section of the author's that holds the whole chapter: it is the chapter's own, which chapbook writes anyway."""

from __future__ import annotations

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import EPUB_TYPE, add_class, is_blank
from chapbook.model.contents import CHAPTER_TYPES

__all__ = ["take_section"]

_SECTIONS = frozenset({"article", "section"})
_KINDS = frozenset({*CHAPTER_TYPES, "part", "volume", "bodymatter", "frontmatter", "backmatter"})
"""What such a section is; one of notes, or a title page, stays within the chapter."""
_OF_BOTH = frozenset({"class", EPUB_TYPE})


def take_section(page: Page) -> None:
    """Takes the attributes of sections that hold all there is in a chapter of HTML, and puts what is in them in their
    place, so that a chapter that is read from a book and written again lies no deeper.

    The ``title`` of the outermost is the document's, as the dialect ``html`` has it: it's the chapter's where neither
    the chapter nor a heading says another.
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
    """The section that is all there is in `body`, and is of the kind of a chapter or of none."""
    if len(body) != 1 or body[0].tag not in _SECTIONS or not is_blank(body.text) or not is_blank(body[0].tail):
        return None
    types = body[0].get(EPUB_TYPE, "").split()
    return body[0] if not types or not _KINDS.isdisjoint(types) else None
