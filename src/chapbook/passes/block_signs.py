"""Blocks marked by a sign: alerts and task lists, as on GitHub, and scene breaks.

``> [!NOTE]`` becomes ``aside.alert.alert-note``, as does ``> [!info]``, with the role ``note`` (which isn't a landmark,
so alerts need no unique names). A tip gets ``epub:type="tip"`` with ``doc-tip``, the only one of the five that the
Structural Semantics Vocabulary 1.1 and Digital Publishing WAI-ARIA allow on an aside.
"""

from __future__ import annotations

import re

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import add_class, is_blank, is_empty, make, remove, replace
from chapbook.model.labels import label
from chapbook.model.marks import ALERT_KINDS, ALERTS

__all__ = ["label_alerts", "mark_scene_breaks", "mark_tasks"]

_WORD = r"[^\W\d_][\w -]{0,30}"
_MARK = re.compile(rf"\s*\[!(?:({_WORD})(?:\|[^\]\n]*)?|\{{([^{{}}\n]*)\}})\]([-+]?)(?=[\s\u2060]|$)[ \t\u2060]*")
_IN_SOURCE = re.compile(rf"(?<!\\)\[!(?:({_WORD})(?:\|[^\]\n]*)?|\{{[^{{}}\n]*\}})\]")
_DIVISION = "{}"
"""Stands for a division among the kinds."""
_CLASS = "markdown-alert-"
_MARKED = frozenset({"p", "h6"})
"""A paragraph that begins with the mark, or the heading that stands for another tool's box."""


def label_alerts(page: Page) -> None:
    r"""Turns each quotation that is an alert into an aside, and one with ``[!{.class}]`` into a division.

    It knows two forms: the parser's class, and a paragraph that begins with the mark. Several in one quotation become
    several alerts, because Python-Markdown joins quotations across a blank line. Words after the mark on its line are
    the alert's own title, as in Obsidian, and follow the label. An escaped mark (``\[!NOTE]``) is text.
    """
    if page.settings.extensions:
        _label_admonitions(page)
    if "[!" not in page.chapter.text:
        return
    written = {kind.lower() or _DIVISION for kind in _IN_SOURCE.findall(page.chapter.text)}
    if written:
        for quotation in list(page.body.iter("blockquote")):
            _label(page, quotation, written)


def _label_admonitions(page: Page) -> None:
    """Turns the output of the extension ``admonition``, a division with its kind as a class, into the same asides."""
    for division in list(page.body.iter("div")):
        classes = division.get("class", "").split()
        if "admonition" not in classes:
            continue
        kind = next((each for each in classes if each != "admonition"), "note")
        first = division[0] if len(division) else None
        title = None
        if first is not None and first.get("class") == "admonition-title":
            is_own = "".join(map(str, first.itertext())).strip().casefold() != kind.casefold()
            title = _title(first) if is_own else None
            remove(first)
        aside = _aside(page, division, kind, title)
        aside.extend(list(division))
        replace(division, aside)


def _label(page: Page, quotation: etree._Element, written: set[str]) -> None:
    parsed = quotation.get("class", "")
    if parsed.startswith(_CLASS):
        aside = _aside(page, quotation, parsed.removeprefix(_CLASS), None)
        if not is_blank(quotation.text):  # raw HTML was here and has been removed
            aside[-1].tail = quotation.text
        aside.extend(list(quotation))
        replace(quotation, aside)
        return
    asides: list[etree._Element] = []
    for child in list(quotation):
        mark = _MARK.match(child.text or "") if child.tag in _MARKED else None
        if mark is not None and (mark[1] or _DIVISION).lower() in written:
            child.text = (child.text or "")[mark.end() :]
            title = _title(child)
            asides.append(_aside(page, quotation, mark[1], title) if mark[1] else _division(mark[2], title))
            if child.tag != "p" or is_empty(child):
                remove(child)
                continue
        if asides:
            asides[-1].append(child)
    _put_after(quotation, asides)


def _put_after(quotation: etree._Element, asides: list[etree._Element]) -> None:
    """Puts `asides` after the quotation, and removes it if it is now empty."""
    for aside in reversed(asides):
        quotation.addnext(aside)
    if asides and is_empty(quotation):
        remove(quotation)


def _title(first: etree._Element) -> etree._Element | None:
    """Moves the text on the mark's line out of `first` and returns it as a span."""
    title = make("span")
    title.text, broken, rest = (first.text or "").partition("\n")
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
    return title if len(title) or not is_blank(title.text) else None


def _aside(page: Page, quotation: etree._Element, kind: str, title: etree._Element | None) -> etree._Element:
    """The aside that replaces `quotation`, with only its label."""
    word = kind.lower()
    kind = ALERT_KINDS.get(word, "note")
    aside = make("aside", epub_type="tip", role="doc-tip") if kind == "tip" else make("aside", role="note")
    for key in ("lang", "dir"):
        if key in quotation.attrib:
            aside.set(key, quotation.attrib[key])
    if "id" in quotation.attrib:
        aside.set("id", quotation.attrib.pop("id"))
    aside.set("class", f"alert alert-{kind}")
    words = etree.SubElement(etree.SubElement(aside, "p", {"class": "alert-label"}), "strong")
    # Another tool's word has no translation, so only the title names the box, as in that tool.
    words.text = label(word, page.language) if word in ALERTS else ""
    if title is None:
        words.text = words.text or f"{word[0].upper()}{word[1:].replace('-', ' ')}"
    else:
        words.text += (": " if words.text else "") + (title.text or "").lstrip()
        words.extend(list(title))
    return aside


_ATTRIBUTE = re.compile(r"([.#])([\w-]+)")


def _division(written: str, title: etree._Element | None) -> etree._Element:
    """The division that replaces a quotation, with the classes and id `written` in its mark."""
    division = make("div")
    for sign, name in _ATTRIBUTE.findall(written):
        if sign == "#":
            division.set("id", name)
        else:
            add_class(division, name)
    if title is not None:
        label_ = etree.SubElement(etree.SubElement(division, "p", {"class": "title"}), "strong")
        label_.text = (title.text or "").lstrip()
        label_.extend(list(title))
    return division


_DONE, _TO_DO = "☑", "☐"


def mark_tasks(page: Page) -> None:
    """Replaces check boxes with ☑ or ☐, labelled in the chapter's language; removes other ``input`` elements.

    A list item that begins with one, also inside its first paragraph, gets the class ``task``.
    """
    for box in list(page.body.iter("input")):
        if box.get("type", "").lower() != "checkbox":
            remove(box)
            continue
        item = _task(box)
        if item is not None:
            add_class(item, "task")
            box.tail = " " + (box.tail or "").lstrip()
        replace(box, _sign(page, done="checked" in box.attrib))


def _task(box: etree._Element) -> etree._Element | None:
    """The list item that begins with `box`, or ``None``."""
    element = box
    while (parent := element.getparent()) is not None and parent[0] is element and is_blank(parent.text):
        if parent.tag == "li":
            return parent
        if parent.tag not in {"p", "label"}:
            return None
        element = parent
    return None


def _sign(page: Page, *, done: bool) -> etree._Element:
    name = label("done" if done else "to-do", page.language)
    return make("span", text=_DONE if done else _TO_DO, class_="task-box", role="img", aria_label=name)


_SCENE_BREAK = re.compile(r"#|~|\N{ASTERISM}|\*(?:\s*\*){2,4}")
_SCENE_BREAK_LINE = re.compile(r"\n[ \t>]*\\?(?:#|~|\N{ASTERISM}|\*(?:[ \t]*\\?\*){2,4})[ \t]*\n")
_LONE_SIGN = re.compile(r"\n {0,3}#[ \t]*\n")


def mark_scene_breaks(page: Page) -> None:
    """Turns a lone ``#``, ``~``, ``⁂`` or row of asterisks, which the dialect left as text, into a thematic break."""
    text = f"\n{page.chapter.text}\n"
    if _SCENE_BREAK_LINE.search(text) is None:
        return
    for paragraph in list(page.body.iter("p")):
        parent = paragraph.getparent()
        is_alone = not len(paragraph) and _SCENE_BREAK.fullmatch((paragraph.text or "").strip())
        if is_alone and parent is not None and parent.tag in {"article", "blockquote", "div", "section"}:
            replace(paragraph, make("hr"))
    if _LONE_SIGN.search(text):  # both dialects turn it into an empty heading
        for heading in [each for each in page.body.iter("h1") if is_empty(each) and not each.attrib]:
            replace(heading, make("hr"))
