"""Footnotes: numbered within a chapter, collected at its end, with links both ways.

This markup pops up in Apple Books, Kobo and Kindle and stays visible in other readers: references with
``epub:type="noteref"``, notes in ``div.footnote`` inside list items, in a section of endnotes (EPUB 3.3, section 6.2;
Digital Publishing WAI-ARIA Module 1.1; Structural Semantics Vocabulary 1.1).
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import CODE, IDS, is_blank, is_empty, make, remove, replace, replace_by_text
from chapbook.model.labels import label
from chapbook.model.marks import INLINE_NOTE
from chapbook.passes.note_order import DEFINITION, REFERENCE, Note, by_owner, in_order, noted, written_label

__all__ = ["place_notes", "read_inline_notes"]

_WRITTEN = re.compile(r"(?<!\\)\[\^([^\[\]\s][^\[\]\n]{0,200})\]")
_ESCAPED = re.compile(r"\\\[\^([^\[\]\s][^\[\]\n]{0,200})\]")
_IN_TEXT = etree.XPath(
    ".//text()[contains(., '[^')][not(ancestor::code or ancestor::kbd or ancestor::pre or ancestor::samp"
    " or ancestor::span[contains(@class, 'math')])]",
    smart_strings=False,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTAINERS = ("blockquote", "li", "ul", "ol")
"""Removed with a note if they contained only that."""


def read_inline_notes(page: Page) -> None:
    """Splits each inline note, ``^[words]``, into a reference and a definition at the chapter's end."""
    if "^[" not in page.chapter.text:
        return
    marked = [each for each in page.body.iter("span") if each.get("class") == INLINE_NOTE]
    for number, words in enumerate(marked, 1):
        label_ = f"inline {number}"
        reference = make("sup", class_=REFERENCE)
        reference.append(make("a", href=f"#{label_}", text=str(number)))
        replace(words, reference)
        note = etree.SubElement(page.body, "div", {"class": DEFINITION, "id": label_})
        paragraph = etree.SubElement(note, "p")
        paragraph.text = words.text
        paragraph.extend(list(words))


def place_notes(page: Page) -> None:
    """Numbers the references in text order and moves the notes to a section at the chapter's end.

    References inside notes continue the numbering. An unused note, or a second note of the same name, gives a warning
    (``note-unused``); it stays without a number after the others, so no text is lost. A reference without a note gives
    a warning (``note-missing``) and stays as written, like a reference in code.
    """
    definitions = [each for each in page.body.iter("div") if each.get("class") == DEFINITION]
    if definitions:
        _rejoin(page.body, {each.get("id", "") for each in definitions})
    references = _references(page.body)
    if references or definitions:
        _place(page, references, definitions)
    if "[^" in page.chapter.text:
        _report_missing(page)


def _references(body: etree._Element) -> list[etree._Element]:
    """The references of the text; those in code are turned back into text."""
    references = []
    for each in [each for each in body.iter("sup") if each.get("class") == REFERENCE]:
        if next(each.iterancestors(*CODE), None) is None:
            references.append(each)
        else:
            _write_again(each)
    return references


def _write_again(reference: etree._Element) -> None:
    """Restores a reference to the text as written."""
    written = unquote(written_label(reference))
    replace_by_text(reference, f"[^{written}]" if written else "".join(reference.itertext()))


def _rejoin(body: etree._Element, labels: set[str]) -> None:
    """Restores the link around a reference, which the HTML parser removed because links can't nest."""
    empty: etree._Element | None = None
    for element in list(body.iter("sup", "a")):
        if element.tag == "sup":
            if element.get("class") == REFERENCE:
                empty = element if is_empty(element) else None
        elif empty is not None:
            if unquote(element.get("href", "")[1:]) in labels:
                remove(empty)
                replace(element, empty)
                empty.append(element)
            empty = None


def _place(page: Page, references: list[etree._Element], definitions: list[etree._Element]) -> None:
    notes = noted(definitions)
    by_label = {note.label: note for note in reversed(notes)}
    numbered, unused = in_order(notes, by_label, by_owner(references))
    prefix = _free_prefix(page.body)
    for note in unused:
        _report_unused(page, note)
    for note in numbered:
        for nth, reference in enumerate(note.references, 1):
            _show_reference(reference, note.number, nth, prefix)
    for reference in references:
        if reference.get("class") == REFERENCE:
            _write_again(reference)
    for note in notes:
        _detach(note.element)
    if notes:
        page.body.append(_section(page, numbered, [note for note in unused if not note.number], prefix))


def _free_prefix(body: etree._Element) -> str:
    """The prefix for chapbook's ids, which doesn't clash with ids of the author or of headings. Each id is a name that
    CSS accepts unescaped, because Thorium and Readium look it up with ``querySelector("#…")``.
    """
    headings = ("".join(map(str, each.itertext())) for each in body.iter(*_HEADINGS))
    taken = [*IDS(body), *("-".join(each.casefold().split()) for each in headings)]
    prefix = "note"
    while any(each.startswith(prefix) for each in taken):
        prefix = f"{prefix}-x" if prefix != "note" else "endnote"
    return prefix


def _reference_id(prefix: str, number: int, nth: int) -> str:
    return f"{prefix}-{number}-ref" if nth == 1 else f"{prefix}-{number}-ref-{nth}"


def _show_reference(reference: etree._Element, number: int, nth: int, prefix: str) -> None:
    """Turns the reference into ``sup > a``, with ``sup`` outside as Apple Books needs it; never inside another link."""
    reference[:] = [
        make(
            "a",
            text=str(number),
            id=_reference_id(prefix, number, nth),
            epub_type="noteref",
            role="doc-noteref",
            href=f"#{prefix}-{number}",
        )
    ]
    reference.text = None
    reference.attrib.clear()
    links = list(reference.iterancestors("a"))
    if links:
        remove(reference)
        place = links[-1]
        while not place.tail and (following := place.getnext()) is not None and following.tag == "sup":
            place = following
        place.addnext(reference)
        reference.tail, place.tail = place.tail, None


def _detach(element: etree._Element) -> None:
    """Removes a definition from the text, with lists and quotations that contain nothing else."""
    parent = element.getparent()
    if is_blank(element.tail):
        element.tail = None
    remove(element)
    while parent is not None and parent.tag in _CONTAINERS and is_empty(parent):
        empty, parent = parent, parent.getparent()
        remove(empty)


def _section(page: Page, numbered: list[Note], unused: list[Note], prefix: str) -> etree._Element:
    title = f"{prefix}-heading"
    section = make("section", class_="notes", epub_type="endnotes", role="doc-endnotes", aria_labelledby=title)
    level = min(page.settings.level + 1, 6)
    section.append(make(f"h{level}", id=title, text=label("notes", page.language)))
    if numbered:
        items = etree.SubElement(section, "ol")
        back = label("back-to-reference", page.language)
        sign = "↪" if page.direction == "rtl" else "↩"  # neither sign is mirrored automatically
        for note in numbered:
            etree.SubElement(items, "li").append(_footnote(note, prefix, (sign, back)))
    for note in unused:
        section.append(_filled(make("div", class_="note-unused"), note))
    return section


def _footnote(note: Note, prefix: str, back: tuple[str, str]) -> etree._Element:
    """The note with its back links in the last paragraph, or in an extra one after a list, table or code."""
    footnote = make("div", class_="footnote", id=f"{prefix}-{note.number}", epub_type="footnote", role="doc-footnote")
    _filled(footnote, note)
    last = footnote[-1] if len(footnote) and is_blank(footnote[-1].tail) else None
    paragraph = last if last is not None and last.tag == "p" else etree.SubElement(footnote, "p")
    for nth in range(1, len(note.references) + 1):
        _add_space(paragraph)
        paragraph.append(_way_back(note, nth, prefix, back))
    return footnote


def _filled(place: etree._Element, note: Note) -> etree._Element:
    for mark in note.element.findall("sup[@class='footnote-definition-label']"):
        remove(mark)
    place.text = note.element.text
    place.extend(list(note.element))
    return place


def _way_back(note: Note, nth: int, prefix: str, back: tuple[str, str]) -> etree._Element:
    """The `nth` back link. `back` is its sign and its label."""
    name = str(note.number) if nth == 1 else f"{note.number}-{nth}"
    href = f"#{_reference_id(prefix, note.number, nth)}"
    link = make("a", text=back[0], role="doc-backlink", href=href, aria_label=f"{back[1]} {name}")
    if nth > 1:
        link.append(make("sup", text=str(nth)))
    return link


def _add_space(paragraph: etree._Element) -> None:
    """Adds a no-break space at the end of `paragraph`, so that the sign never starts a line."""
    last = next(paragraph.iterchildren(reversed=True), None)
    if last is not None:
        last.tail = (last.tail or "").rstrip() + "\N{NO-BREAK SPACE}"
    elif not is_blank(paragraph.text):
        paragraph.text = (paragraph.text or "").rstrip() + "\N{NO-BREAK SPACE}"


def _report_unused(page: Page, note: Note) -> None:
    at = page.locator.note_definition(note.label, note.nth)
    if note.nth:
        message = f"footnote [^{note.label}] is defined twice, so nothing leads to this one"
        hint = "give it another label. Until then chapbook prints it after the notes, without a number"
    else:
        message = f"footnote [^{note.label}] is defined but never used"
        hint = f"write '[^{note.label}]' where it belongs, or delete it. Until then chapbook prints it after the notes"
    page.report("note-unused", message, at=at, hint=hint)


def _without_code(page: Page) -> str:
    text, parts, at = page.chapter.text, [], 0
    for start, end in page.locator.code:
        parts.append(text[at:start])
        at = max(at, end)
    return " ".join([*parts, text[at:]])


def _report_missing(page: Page) -> None:
    texts = _IN_TEXT(page.body)
    if not texts:
        return
    shown: dict[str, list[bool]] = {}
    for text in texts:
        for found in _WRITTEN.finditer(text):
            shown.setdefault(found[1], []).append(_is_definition(text, found))
    meant_as_text = Counter(_ESCAPED.findall(_without_code(page)))
    for name, are_definitions in shown.items():
        for nth, is_definition in enumerate(are_definitions[: len(are_definitions) - meant_as_text[name]]):
            message = f"footnote [^{name}] is used but never defined"
            hint = f"add '[^{name}]: …', or write '\\[^{name}]' to show it as text"
            if is_definition:
                message = f"'[^{name}]:' is inside raw HTML or another block, where chapbook reads no footnotes"
                hint = "move it to the beginning of a line, with an empty line before it"
            page.report("note-missing", message, at=page.locator.note_reference(name, nth), hint=hint)


def _is_definition(text: str, found: re.Match[str]) -> bool:
    return (
        text.startswith(":", found.end()) and not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip()
    )
