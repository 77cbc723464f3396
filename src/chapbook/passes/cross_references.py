"""References of Quarto and Pandoc to figures, tables, sections and formulas, by their ids: ``@fig-pier``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import IDS, make
from chapbook.model.labels import label
from chapbook.model.urls import ANYWHERE

__all__ = ["number_references"]

_TEXTS = etree.XPath(
    ".//text()[contains(., '@')][not(ancestor::a or ancestor::code or ancestor::kbd or ancestor::pre"
    " or ancestor::samp or ancestor::*[namespace-uri() != ''])]"
)
_REFERENCE = re.compile(r"(?<![\w@\\])\[?@((fig|tbl|sec|eq|lst)-[\w-]*\w)\]?|\\?@ref\(((fig|tab|eq):[\w-]+)\)")
_KINDS = {"fig": "figure", "tbl": "table", "tab": "table", "eq": "equation", "lst": "listing"}


def number_references(page: Page) -> None:
    """Makes a link of each reference: to the kind and number of what it means, or to a section's own heading.

    What a place of another chapter is called is known when all chapters are rendered (`Known.words`).
    """
    if "@" not in page.chapter.text and "{#" not in page.chapter.text:
        return
    page.numbered.update(_places(page))
    for text in _TEXTS(page.body):
        if _REFERENCE.search(text):
            _link(text.getparent(), str(text), page.numbered, is_tail=text.is_tail)


def _places(page: Page) -> dict[str, str]:
    """What to call each place that may be referred to, by its id."""
    numbers: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for id_ in IDS(page.body):
        kind = _KINDS.get(re.split("[-:]", id_)[0], "")
        if kind:
            numbers[kind] += 1
            shown[id_] = f"{label(kind, page.language)}\N{NO-BREAK SPACE}{numbers[kind]}"
    for heading in page.body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        id_ = heading.get("id", "")
        if id_.startswith("sec-"):
            shown[id_] = " ".join("".join(map(str, heading.itertext())).split())
    return shown


def _link(element: etree._Element, text: str, shown: Mapping[str, str], *, is_tail: bool) -> None:
    """Puts links into `text`, which is the text of `element`, or (`is_tail`) that after it."""
    pieces: list[str] = [""]
    links: list[etree._Element] = []
    at = 0
    for found in _REFERENCE.finditer(text):
        id_ = found[1] or found[3]
        id_ = id_ if id_ in shown else id_.replace(":", "-")
        pieces[-1] += text[at : found.start()]
        if id_ in shown:
            links.append(make("a", href=f"#{id_}", text=shown[id_]))
        else:
            links.append(make("a", href=f"{ANYWHERE}#{id_}", text=found[0].strip("[]")))
        pieces.append("")
        at = found.end()
    pieces[-1] += text[at:]
    if is_tail:
        element.tail = pieces[0]
        for link, tail in reversed(list(zip(links, pieces[1:], strict=True))):
            element.addnext(link)
            link.tail = tail
    else:
        element.text = pieces[0]
        for nth, (link, tail) in enumerate(zip(links, pieces[1:], strict=True)):
            element.insert(nth, link)
            link.tail = tail
