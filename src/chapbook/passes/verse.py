"""Lines of verse, and drop capitals.

Each line of verse becomes an element with the line break after it, as in Standard Ebooks: reading systems indent its
continuation if it is too long for the page, and those without style sheets still break the line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import add_class, append_text, make

__all__ = ["place_drop_caps", "set_verse"]

_VERSE = frozenset({"poem", "verse"})
_STEPS = ("i1", "i2", "i3")
_STEP = 2
"""Spaces at the start of a line for each step of indentation."""
_TAB = 4
_SPACES = " \t\r\n"
"""White space of the source; no-break and special spaces are the author's."""
_BLOCKS = ("p", "div", "blockquote", "li", "dd", "dt", "td", "th", "figure", "figcaption", "pre", "aside")


def set_verse(page: Page) -> None:
    """Turns each line in a `poem` or `verse` into an element; lines that begin with spaces get a class, ``i1`` to
    ``i3``.

    Spaces count from the start of the first line: its own spaces, or those before the stanza's tag.
    """
    stanzas: dict[etree._Element, None] = {}
    for verse in page.body.iter("div", "blockquote", "p"):
        if not _VERSE.isdisjoint(verse.get("class", "").split()):
            stanzas.update(dict.fromkeys(_stanzas(verse)))
    for stanza in stanzas:
        _set_stanza(stanza)


def _stanzas(verse: etree._Element) -> Iterator[etree._Element]:
    if verse.tag == "p":
        yield verse
        return
    for each in verse.iter("p", "br"):
        block = each if each.tag == "p" else next(each.iterancestors(*_BLOCKS))
        if block.tag in {"p", "div", "blockquote"}:
            yield block


def _set_stanza(stanza: etree._Element) -> None:
    text = stanza.text or ""
    base = _column(text) if "\n" in text[: len(text) - len(text.lstrip(_SPACES))] else _column(_text_before(stanza))
    lines = _Lines(stanza)
    stanza.text = None
    for number, (content, ending) in enumerate(lines.parts):
        spaces = _column(content.text) if number else base
        _strip(content)
        if content.text or _last(content) is not None:
            line = _own_line(content)
            step = (spaces - base + _STEP - 1) // _STEP
            if step > 0 and set(_STEPS).isdisjoint(line.get("class", "").split()):
                add_class(line, _STEPS[min(step, len(_STEPS)) - 1])
            stanza.append(line)
        if ending is not None:
            stanza.append(ending)
            ending.tail = "\n"


def _text_before(stanza: etree._Element) -> str:
    previous, parent = stanza.getprevious(), stanza.getparent()
    text = previous.tail if previous is not None else parent.text if parent is not None else ""
    return (text or "").rpartition("\n")[2]


def _column(text: str | None) -> int:
    """The width, in spaces, of the white space at the start of the last line of `text`."""
    given = text or ""
    return len(given[: len(given) - len(given.lstrip(_SPACES))].rpartition("\n")[2].expandtabs(_TAB))


def _strip(line: etree._Element) -> None:
    line.text = (line.text or "").lstrip(_SPACES)
    last = _last(line)
    if last is None:
        line.text = line.text.rstrip(_SPACES)
    else:
        last.tail = (last.tail or "").rstrip(_SPACES)


def _last(element: etree._Element) -> etree._Element | None:
    return next(element.iterchildren(reversed=True), None)


def _own_line(line: etree._Element) -> etree._Element:
    """The author's own element, if it contains the whole line and is marked as a line."""
    only = _last(line)
    if only is None or only.getprevious() is not None or line.text or only.tail:
        return line
    if only.tag != "span" or {"line", *_STEPS}.isdisjoint(only.get("class", "").split()):
        return line
    add_class(only, "line")
    return only


class _Lines:
    """Takes a stanza apart line by line. An element that crosses a line break is split."""

    def __init__(self, stanza: etree._Element) -> None:
        self.parts: list[tuple[etree._Element, etree._Element | None]] = []
        """Each line with the break that ends it; the last line has none."""
        self._divided = {each for ending in stanza.iter("br") for each in ending.iterancestors()}
        self._open: list[etree._Element] = []
        self._line = self._at = make("span", class_="line")
        self._begins = True
        self._take(stanza)
        self.parts.append((self._line, None))

    def _take(self, element: etree._Element) -> None:
        self._write(element.text)
        for child in list(element):
            tail, child.tail = child.tail, None
            if child.tag == "br":
                element.remove(child)
                self._end(child)
            elif child in self._divided:
                self._enter(child)
                self._take(child)
                self._open.pop()
                element.remove(child)
                parent = self._at.getparent()
                self._at = self._line if parent is None else parent
            else:
                self._at.append(child)
                self._begins = False
            self._write(tail)

    def _write(self, text: str | None) -> None:
        if self._begins and text:  # leading spaces belong to the line, not to an element
            words = text.lstrip(_SPACES)
            self._line.text = (self._line.text or "") + text[: len(text) - len(words)]
            text, self._begins = words, not words
        append_text(self._at, _last(self._at), text)

    def _enter(self, original: etree._Element) -> None:
        copy = etree.SubElement(self._at, original.tag, dict(original.attrib))
        self._open.append(original)
        self._at = copy

    def _end(self, ending: etree._Element) -> None:
        self.parts.append((self._line, ending))
        self._line = self._at = make("span", class_="line")
        self._begins = True
        for original in self._open:
            self._at = etree.SubElement(self._at, original.tag, dict(original.attrib))
            self._at.attrib.pop("id", None)


_SHORTEST = 120
"""The shortest paragraph with room for a three-line capital on a phone."""


def place_drop_caps(page: Page) -> None:
    """Omits a drop capital where it would look wrong: in short paragraphs, or before digits, dashes and pictures."""
    for element in page.body.iter("p", "span"):
        names = element.get("class", "").split()
        if "drop-cap" not in names:
            continue
        paragraph = element if element.tag == "p" else next(element.iterancestors("p"), element)
        if not (_begins_with_letter(element) and _width(paragraph) >= _SHORTEST):
            names.remove("drop-cap")
            element.set("class", " ".join(names))
            if not names:
                del element.attrib["class"]


def _begins_with_letter(element: etree._Element) -> bool:
    """Whether the first character that would be enlarged is a letter; quotation marks before it are enlarged too."""
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and each.tag in {"img", "svg", "math", "br"}:
            return False
        text = (each.text if event == "start" else each.tail if each is not element else "") or ""
        for character in text.strip():
            category = unicodedata.category(character)
            if category not in {"Ps", "Pi", "Pf", "Po"}:
                return category[0] == "L"
    return False


def _width(element: etree._Element) -> int:
    """The width of the text in Latin letters; a Chinese or Japanese character counts as two."""
    text = "".join(map(str, element.itertext()))
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
