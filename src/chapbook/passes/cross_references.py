"""Quarto's and Pandoc's references to figures, tables, sections and formulas by id: ``@fig-pier``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import IDS, make, put_into_text
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
    """Turns each reference into a link with the kind and number of its target, or a section's heading.

    The name of a place in another chapter is known only after all chapters are rendered (`Known.words`).
    """
    if "@" not in page.chapter.text and "{#" not in page.chapter.text:
        return
    page.numbered.update(_places(page))
    for text in _TEXTS(page.body):
        if _REFERENCE.search(text):
            put_into_text(text.getparent(), str(text), _links(text, page.numbered), is_tail=text.is_tail)


def _places(page: Page) -> dict[str, str]:
    """The name of each place that can be referred to, by its id."""
    numbers: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for id_ in IDS(page.body):
        kind = _KINDS.get(re.split("[-:]", id_)[0], "")
        if kind and id_ not in page.numbered:
            numbers[kind] += 1
            shown[id_] = f"{label(kind, page.language)}\N{NO-BREAK SPACE}{numbers[kind]}"
    for heading in page.body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        id_ = heading.get("id", "")
        if id_.startswith("sec-"):
            shown[id_] = " ".join("".join(map(str, heading.itertext())).split())
    return shown


def _links(text: str, shown: Mapping[str, str]) -> Iterator[tuple[int, int, etree._Element]]:
    for found in _REFERENCE.finditer(text):
        id_ = found[1] or found[3]
        id_ = id_ if id_ in shown else id_.replace(":", "-")
        if id_ in shown:
            yield found.start(), found.end(), make("a", href=f"#{id_}", text=shown[id_])
        else:
            yield found.start(), found.end(), make("a", href=f"{ANYWHERE}#{id_}", text=found[0].strip("[]"))
