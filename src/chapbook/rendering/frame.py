"""What stands around a chapter's text: head, body, and the section with its type, role and accent."""

from __future__ import annotations

from lxml import etree

from chapbook.metadata import text_direction
from chapbook.rendering.markup.semantics import SECTION_ROLES
from chapbook.rendering.markup.serialise import serialise
from chapbook.rendering.page import Page
from chapbook.rendering.passes.targets import relative
from chapbook.rendering.trees import EPUB_TYPE
from chapbook.styling.colour import parse_colour

__all__ = ["accent_of", "type_of", "write_document"]


def type_of(page: Page) -> str:
    """The document's ``epub:type``: the chapter's, ``part`` for the opening of a part that says nothing else."""
    chapter_type = page.chapter.type or "chapter"
    return "part" if page.settings.kind == "part" and chapter_type == "chapter" else chapter_type


def accent_of(page: Page) -> str:
    """The chapter's accent as ``#rrggbb``; empty for none, and for a wrong one, which is warned of."""
    written = page.chapter.accent.strip()
    colour = parse_colour(written) if written else None
    if written and colour is None:
        positions = page.chapter.positions
        page.report(
            "accent-invalid",
            f"the accent '{written}' is no CSS colour",
            at=positions.get("accent") or positions.get("c"),
            hint="write a name (darkslategray), #2f4f4f, or rgb(47 79 79)",
        )
    return colour.hex if colour else ""


def write_document(page: Page, accent: str, *, title: str, label: str) -> bytes:
    """The bytes of the page's document. `title` and `label` are its words in plain text, as they are set.

    The document's own title is both, the most specific part being whole (WCAG 2.2, success criterion 2.4.2).
    """
    _dress(page, accent)
    body = etree.Element("body", {"class": type_of(page)})
    body.text = "\n"
    body.append(page.body)
    page.body.tail = "\n"
    language = page.language
    own = page.chapter.language and page.chapter.language != page.settings.language
    direction = text_direction(language) if own else page.settings.direction
    return serialise(_head(page, f"{label}: {title}" if label else title), body, language=language, direction=direction)


def _head(page: Page, title: str) -> etree._Element:
    head = etree.Element("head")
    etree.SubElement(head, "meta", {"charset": "utf-8"})
    etree.SubElement(head, "title").text = title
    for sheet in page.settings.stylesheets:
        href = relative(sheet, page.name)
        etree.SubElement(head, "link", {"rel": "stylesheet", "type": "text/css", "href": href})
    return head


def _dress(page: Page, accent: str) -> None:
    """Gives the section its type, role, name and accent; an author's attributes are not on it."""
    section, kind = page.body, type_of(page)
    section.set(EPUB_TYPE, kind)
    if kind == "part" or kind in SECTION_ROLES:
        section.set("role", f"doc-{kind}")
    title = next((each for each in section[0] if str(each.tag)[:1] == "h"), None)
    if title is not None and title.get("id"):
        section.set("aria-labelledby", title.get("id", ""))
    section.set("class", f"{kind} accent-{accent[1:]}" if accent else kind)
