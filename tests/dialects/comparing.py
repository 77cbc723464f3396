"""What a document shows, as a browser parses HTML and as our own document has it, made comparable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from chapbook.markup.page import ContentDocument, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.settings import DialectName, ExtensionSpec
from chapbook.rendering.document import render_chapter

__all__ = ["TITLE", "XHTML", "Shown", "local", "render", "shown_by_browser", "shown_in_document", "strict"]

XHTML = "{http://www.w3.org/1999/xhtml}"
TITLE = "Zwischenspiel"
"""The chapter's title: a word that no example has, so that no heading of the text repeats it."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "tr", "th", "td", "dl", "dt", "dd"})
_COMPARED = _BLOCKS | {"em", "strong", "del", "code", "a", "br", "img", "sup", "abbr"}
_PARTED = _BLOCKS | _HEADINGS | {"div", "section", "aside", "header", "figure", "figcaption", "br", "caption"}
_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "noframes", "rp", "title"})


@dataclass(frozen=True, slots=True)
class Shown:
    """The words, white space normalised, pictures by their alternative text; and the elements that make blocks."""

    words: str
    blocks: tuple[str, ...]


def render(
    text: str, dialect: DialectName, *, extensions: tuple[ExtensionSpec, ...] = (), path: str = "a.md"
) -> ContentDocument:
    """The content document of `text`, its punctuation as it was typed."""
    settings = RenderSettings(dialect=dialect, smart=False, extensions=extensions)
    return render_chapter(Chapter(text=text, title=TITLE, path=path), name="text/a.xhtml", settings=settings)


def strict(document: ContentDocument) -> etree._Element:
    """The document's root, by a parser that forgives nothing."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
    return etree.fromstring(document.data, parser)


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def shown_in_document(document: ContentDocument) -> Shown:
    """What the document shows, without what chapbook adds: title, heading of the notes, signs of tasks."""
    section = strict(document).find(f"{XHTML}body/{XHTML}section")
    assert section is not None
    opening = section[0]
    assert (local(opening), opening.get("class")) == ("header", "opening")
    opening.clear(keep_tail=True)
    return _shown(_of_element(section))


def shown_by_browser(html: str) -> Shown:
    """What a browser shows of `html`."""
    body = LexborHTMLParser(f"<!DOCTYPE html><title>.</title><body>{html}").body
    assert body is not None
    return _shown(_of_node(body))


_Event = tuple[str, str]
"""``("text", words)``, ``("open", name)`` or ``("close", name)``."""


def _of_element(element: etree._Element) -> Iterator[_Event]:
    for child in element.iterchildren(etree.Element):
        name = local(child)
        if child is element[0]:
            yield "text", element.text or ""
        if child.get("class") == "task-box" or (element.get("class") == "notes" and name in _HEADINGS):
            yield "text", child.tail or ""
            continue
        yield "open", name
        if name == "img":
            yield "text", child.get("alt", "")
        yield from _of_element(child)
        yield "close", name
        yield "text", child.tail or ""
    if not len(element):
        yield "text", element.text or ""


def _of_node(node: LexborNode) -> Iterator[_Event]:
    child = node.first_child
    while child is not None:
        if child.is_text_node:
            yield "text", child.text_content or ""
        elif child.is_element_node and child.tag not in _UNSEEN and not _is_rule_of_notes(child):
            name = child.tag or ""
            yield "open", name
            if name == "img":
                yield "text", child.attributes.get("alt") or ""
            yield from _of_node(child)
            yield "close", name
        child = child.next


def _is_rule_of_notes(node: LexborNode) -> bool:
    """Whether it is the rule that Python-Markdown draws above its footnotes, where we have a heading."""
    parent = node.parent
    return node.tag == "hr" and parent is not None and parent.attributes.get("class") == "footnote"


def _shown(events: Iterator[_Event]) -> Shown:
    words: list[str] = []
    blocks: list[str] = []
    for event, value in events:
        if event == "text":
            words.append(value)
            continue
        if value in _PARTED:
            words.append(" ")
        name = "h" if value in _HEADINGS else value
        if name in _COMPARED or name == "h":
            blocks.append(name if event == "open" else f"/{name}")
    return Shown(" ".join("".join(words).split()), tuple(blocks))
