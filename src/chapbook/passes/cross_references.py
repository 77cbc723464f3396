"""References of Quarto and Pandoc to figures, tables, sections and formulas, by their ids: ``@fig-pier``."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.parsing import MATHML
from chapbook.markup.trees import IDS, make
from chapbook.model.labels import label

__all__ = ["number_references"]

_TEXTS = etree.XPath(
    ".//text()[contains(., '@')][not(ancestor::a or ancestor::code or ancestor::kbd or ancestor::pre"
    " or ancestor::samp or ancestor::*[namespace-uri() != ''])]"
)
_REFERENCE = re.compile(r"(?<![\w@\\])\[?@((fig|tbl|sec|eq|lst)-[\w-]*\w)\]?|\\@ref\(((fig|tab|eq):[\w-]+)\)")
_KINDS = {"fig": "figure", "tbl": "table", "tab": "table", "eq": "equation", "lst": "listing"}


def number_references(page: Page) -> None:
    """Makes a link of each reference to a place of the chapter: its kind and number, a section's own heading.

    One to another chapter's stays as it is written, and is named.
    """
    if "@" not in page.chapter.text and "{#eq" not in page.chapter.text:
        return
    _name_formulas(page.body)
    shown = _places(page)
    unknown: list[str] = []
    for text in _TEXTS(page.body):
        if _REFERENCE.search(text):
            unknown += _link(text.getparent(), str(text), shown, is_tail=text.is_tail)
    if unknown:
        what = "a reference stays" if len(unknown) == 1 else f"{len(unknown)} references stay"
        message = f"{what} text: no place of the chapter is called '{unknown[0]}'"
        hint = "write a link to the chapter that has it: '[Figure 1](other.md#fig-…)'"
        page.report("syntax-unread", message, at=page.locator.text(f"@{unknown[0]}"), hint=hint)


_FORMULA_NAME = re.compile(r"\s*\{#(eq-[\w-]+)\}")


def _name_formulas(body: etree._Element) -> None:
    """Takes ``{#eq-x}`` after a formula as its id."""
    for formula in body.iter(f"{{{MATHML}}}math"):
        name = _FORMULA_NAME.match(formula.tail or "")
        if name:
            formula.set("id", name[1])
            formula.tail = (formula.tail or "")[name.end() :]


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


def _link(element: etree._Element, text: str, shown: dict[str, str], *, is_tail: bool) -> list[str]:
    """Puts links into `text`; gives the ids that no place has."""
    unknown: list[str] = []
    pieces: list[str] = [""]
    links: list[etree._Element] = []
    at = 0
    for found in _REFERENCE.finditer(text):
        id_ = found[1] or found[3]
        words = shown.get(id_) or shown.get(id_.replace(":", "-"))
        if words is None:
            unknown.append(id_)
            continue
        pieces[-1] += text[at : found.start()]
        links.append(make("a", href=f"#{id_ if id_ in shown else id_.replace(':', '-')}", text=words))
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
    return unknown
