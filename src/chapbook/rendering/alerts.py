"""GitHub's five alerts, as asides with a label in the chapter's language.

``> [!NOTE]`` becomes ``aside.alert.alert-note`` with the role ``note`` (no landmark, so that many of them
need no names); a tip is ``epub:type="tip"`` with ``doc-tip``, the one of the five that the Structural
Semantics Vocabulary 1.1 and Digital Publishing WAI-ARIA allow on an aside.
"""

from __future__ import annotations

import re

from lxml import etree

from chapbook.labels import label
from chapbook.rendering.page import Page
from chapbook.rendering.trees import EPUB_TYPE, is_blank, make, remove, replace

__all__ = ["label_alerts"]

_KINDS = ("note", "tip", "important", "warning", "caution")
_MARK = re.compile(rf"\s*\[!({'|'.join(_KINDS)})\]([-+]?)(?=\s|$)[ \t]*", re.IGNORECASE)
_IN_SOURCE = re.compile(rf"(?<!\\)\[!({'|'.join(_KINDS)})\]", re.IGNORECASE)
_CLASS = "markdown-alert-"


def label_alerts(page: Page) -> None:
    """Turns every quotation that is an alert into an aside.

    Both forms are known: the parser's class, and a first paragraph that begins with the mark. Words after the
    mark on its line are the alert's own title, as Obsidian has it, and stand after the label. A mark that is
    escaped (``\\[!NOTE]``) is text.
    """
    if "[!" not in page.chapter.text:
        return
    written = {kind.lower() for kind in _IN_SOURCE.findall(page.chapter.text)}
    if written:
        for quotation in list(page.body.iter("blockquote")):
            _label(page, quotation, written)


def _label(page: Page, quotation: etree._Element, written: set[str]) -> None:
    parsed = quotation.get("class", "")
    if parsed.startswith(_CLASS):
        _make_aside(page, quotation, parsed.removeprefix(_CLASS), None)
        return
    first = quotation[0] if len(quotation) and is_blank(quotation.text) else None
    if first is None or first.tag != "p" or not (mark := _MARK.match(first.text or "")):
        return
    kind = mark[1].lower()
    if kind in written:
        first.text = (first.text or "")[mark.end() :]
        _make_aside(page, quotation, kind, _title(first))


def _title(first: etree._Element) -> etree._Element | None:
    """What stands on the mark's line, as a span; it leaves `first`, which goes where nothing else was in it."""
    title = make("span")
    title.text, broken, rest = (first.text or "").partition("\n")
    first.text = rest
    while not broken and len(first):
        child = first[0]
        if child.tag == "br":
            broken, rest = "\n", child.tail or ""
            first.remove(child)
        else:
            line, broken, rest = (child.tail or "").partition("\n")
            title.append(child)
            child.tail = line
    first.text = rest.lstrip()
    if not len(first) and is_blank(first.text):
        remove(first)
    return title if len(title) or not is_blank(title.text) else None


def _make_aside(page: Page, quotation: etree._Element, kind: str, title: etree._Element | None) -> None:
    if kind == "tip":
        aside = make("aside", epub_type="tip", role="doc-tip")
    else:
        aside = make("aside", role="note")
    for name, value in quotation.attrib.items():
        if name not in {"class", "role", EPUB_TYPE}:
            aside.set(name, value)
    aside.set("class", f"alert alert-{kind}")
    name = etree.SubElement(aside, "p", {"class": "alert-label"})
    words = etree.SubElement(name, "strong")
    words.text = label(kind, page.language)
    if title is not None:
        words.text += ": " + (title.text or "").lstrip()
        words.extend(list(title))
    aside.extend(list(quotation))
    replace(quotation, aside)
