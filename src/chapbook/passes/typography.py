"""Typographic punctuation by the text's language, but not in code, mathematics or attributes."""

from __future__ import annotations

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import make
from chapbook.model.hyphenation import LONG, LONG_WORD, long_words, softened_text
from chapbook.passes.no_break_spaces import bind
from chapbook.passes.punctuation import BREAK, NOTE, OPAQUE, has_candidates, punctuate
from chapbook.passes.typographic_marks import Marks, marks_of

__all__ = ["break_long_words", "set_punctuation"]

_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "label", "mark",
     "q", "rb", "rp", "rt", "ruby", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "u"}
)  # fmt: skip
_OPAQUE = frozenset(
    {"audio", "button", "canvas", "code", "embed", "iframe", "img", "input", "kbd", "math", "object", "picture", "pre",
     "samp", "script", "select", "style", "svg", "textarea", "tt", "var", "video"}
)  # fmt: skip
"""Elements whose text stays unchanged; in a sentence each counts as a word."""
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def set_punctuation(page: Page) -> None:
    """Makes the punctuation of the page's text typographic, unless ``smart: false`` is set."""
    if page.settings.smart:
        _Stretch(page.language).visit(page.body)


def break_long_words(page: Page) -> None:
    """Lets long words in the opening and in headings break by the rules of their language, if no line can hold them.

    Ids, contents and the document's title were made before, from the words without soft hyphens.
    """
    if not page.settings.smart:
        return
    for element in page.body.iter("h1", "h2", "h3", "h4", "h5", "h6", "p"):
        parent = element.getparent()
        if element.tag != "p" or (parent is not None and parent.get("class") == "opening"):
            _break_words(element, page.language)
    _soften(page.body, page.language, _LONG_IN_TEXT)


_LONG_IN_TEXT, _LONG_IN_NARROW, _LONG_IN_VERSE = 14, 12, 10
"""Words of so many letters may not fit a small page in large type: in the text, in a list or cell, in verse."""
_NARROW = frozenset({"blockquote", "dd", "figcaption", "li", "td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def _soften(body: etree._Element, language: str, least: int) -> None:
    """Puts soft hyphens into long words of the text: few reading systems have dictionaries."""
    waiting = [(body, language, least)]
    while waiting:
        element, language, least = waiting.pop()
        if element.attrib:
            language = element.get("lang") or element.get(_XML_LANG) or language
            if "line" in element.get("class", "").split():
                least = _LONG_IN_VERSE
        if element.tag in _NARROW:
            least = _LONG_IN_NARROW
        if (text := element.text) and len(text) >= least:
            element.text = softened_text(text, language, least)
        for child in element:
            if (text := child.tail) and len(text) >= least:
                child.tail = softened_text(text, language, least)
            if _has_text(child):
                waiting.append((child, language, least))


def _has_text(element: etree._Element) -> bool:
    """Whether `element` has words of the text; those of titles were broken before."""
    tag, classes = element.tag, element.get("class", "")
    opaque = not isinstance(tag, str) or tag in _OPAQUE or tag in _HEADINGS or tag[0] == "{"
    return not (opaque or classes == "opening" or classes.startswith("math"))


def _break_words(element: etree._Element, language: str, *, nested: bool = False) -> None:
    if not isinstance(element.tag, str) or element.tag in _OPAQUE or element.tag[0] == "{":
        return
    language = element.get("lang") or element.get(_XML_LANG) or language
    children = list(element)
    for child in children:
        _break_words(child, language, nested=True)
        following = nested or child is not children[-1]
        child.tail, spans = _parted(child.tail or "", language, before=True, after=following)
        place = element.index(child) + 1
        element[place:place] = spans
    element.text, spans = _parted(element.text or "", language, before=nested, after=nested or bool(children))
    element[:0] = spans


def _parted(text: str, language: str, *, before: bool, after: bool) -> tuple[str | None, list[etree._Element]]:
    """`text` up to its first long word, and an element for each long word with the text after it as its tail.

    A word at an end of the text with something else directly `before` or `after` it gets no element, because a line
    could break there.
    """
    if len(text) < LONG:
        return text or None, []
    pieces = list(long_words(text, language))
    words = ""
    spans: list[etree._Element] = []
    for place, (piece, is_long) in enumerate(pieces):
        joined = (before and place == 0) or (after and place == len(pieces) - 1)
        if is_long and not joined:
            spans.append(make("span", class_=LONG_WORD, text=piece))
        elif spans:
            spans[-1].tail = (spans[-1].tail or "") + piece
        else:
            words += piece
    return words or None, spans


class _Stretch:
    """The text nodes of one block in one language, collected until the block ends and then set together."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._marks: Marks = marks_of(language)
        self._texts: list[str] = []
        self._nodes: list[tuple[etree._Element, bool] | None] = []

    def visit(self, element: etree._Element) -> None:
        """Sets all text in `element`, a block."""
        self._gather(element)
        self._end()

    def _gather(self, element: etree._Element) -> None:
        texts, nodes = self._texts, self._nodes  # a call for each text would take a third of the time
        if (text := element.text) and (texts or not text.isspace()):
            texts.append(text)
            nodes.append((element, False))
        for child in element:
            self._child(child)
            if (text := child.tail) and (texts or not text.isspace()):  # white space between blocks is skipped
                texts.append(text)
                nodes.append((child, True))

    def _child(self, child: etree._Element) -> None:
        tag = child.tag
        if tag in _INLINE:
            if child.attrib and (child.get("lang") or child.get(_XML_LANG)):
                self._other_language(child)
            elif child.get("class", "").startswith("math"):
                self._mark(OPAQUE)
            elif tag == "sup":
                self._mark(NOTE)
                self._gather(child)
                self._mark(NOTE)
            else:
                self._gather(child)
        elif not isinstance(tag, str) or tag == "wbr":
            pass  # a comment, or a place where a word may break
        elif tag == "br":
            self._mark("\n")
        elif tag in _OPAQUE or tag[0] == "{":
            self._mark(OPAQUE)
        else:
            self._block(child)

    def _block(self, child: etree._Element) -> None:
        if self._texts:
            self._end()
        if child.attrib and (child.get("lang") or child.get(_XML_LANG)):
            _Stretch(child.get("lang") or child.get(_XML_LANG) or self._language).visit(child)
            return
        self._gather(child)
        if self._texts:
            self._end()

    def _other_language(self, child: etree._Element) -> None:
        _Stretch(child.get("lang") or child.get(_XML_LANG) or self._language).visit(child)
        self._mark(OPAQUE)

    def _mark(self, sign: str) -> None:
        self._texts.append(sign)
        self._nodes.append(None)

    def _end(self) -> None:
        """Sets the collected text."""
        text = BREAK.join(self._texts)
        made = bind(punctuate(text, self._marks) if has_candidates(text, self._marks) else text, self._marks)
        if made != text:
            self._write(made.split(BREAK))
        self._texts.clear()
        self._nodes.clear()

    def _write(self, made: list[str]) -> None:
        for node, old, new in zip(self._nodes, self._texts, made, strict=True):
            if node is None or new is old or new == old:
                continue
            element, is_tail = node
            if is_tail:
                element.tail = new
            else:
                element.text = new
