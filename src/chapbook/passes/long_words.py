"""Measures words: how much room the longest needs, and where addresses and similar words can break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.parsing import MATHML, SVG

__all__ = ["break_addresses", "widest_part"]

_PICTURE = 4.0
"""The width in em reserved for a picture in a cell."""
_APART = frozenset(
    {
        *("blockquote", "br", "caption", "dd", "div", "dl", "dt", "li", "ol", "p", "pre", "table", "td", "th", "tr"),
        *("ul", "wbr"),
    }
)
_BREAK = "\u200b"
_WIDE, _NARROW = frozenset("mwMW@%&—…ШЩЖЮшщжюмы"), frozenset("ijltfrI.,:;'’!|()[]{}/-1")
_PARTS = re.compile(r"[^\S\u00a0\u202f\u2060]+|\u200b|(?<=[-\u2010\u2013\u2014])(?=[^\W\d])")
_SOFT = "\u00ad"
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
"""Thai, Lao, Burmese, Khmer: reading systems know where their words end."""
_LONGEST = 400
"""The most characters of a word that are measured."""


def widest_part(element: etree._Element, *, bold: bool = False) -> float:
    """The width in em, rather too large than too small, of the widest unbreakable thing in `element`."""
    text = "".join(_texts(element))
    parts = (part for part in _PARTS.split(_WITHOUT_SPACES.sub(_BREAK, text)) if part)
    widest = max((_width(part) for part in parts), default=0.0) * (1.06 if bold else 1)
    formulas = (_width("".join(map(str, each.itertext()))) * 1.25 for each in element.iter(f"{{{MATHML}}}math"))
    pictures = (_PICTURE for _ in element.iter("img", f"{{{SVG}}}svg"))
    return max((widest, *formulas, *pictures))


def _texts(element: etree._Element) -> Iterator[str]:
    """The texts in `element`, with a mark where a line can end between two elements; without formulas and drawings."""
    within = 0
    for event, each in etree.iterwalk(element, events=("start", "end")):
        foreign = not isinstance(each.tag, str) or each.tag.startswith("{")
        if event == "start":
            within += foreign
            yield _BREAK if each.tag in _APART else ""
            yield "" if within else each.text or ""
        else:
            within -= foreign
            yield _BREAK if each.tag in _APART else ""
            yield "" if within or each is element else each.tail or ""


def _width(word: str) -> float:
    """The width of a word in em; for words with soft hyphens or East Asian characters, that of the widest part."""
    if _SOFT in word:
        return max(map(_width, word[:_LONGEST].split(_SOFT))) + 0.35
    width = widest = 0.0
    for sign in word[:_LONGEST]:
        if unicodedata.east_asian_width(sign) in "WF":
            widest, width = max(widest, width, 1.0), 0.0
        else:
            width += _of_sign(sign)
    return max(widest, width)


def _of_sign(sign: str) -> float:
    if sign in _NARROW:
        return 0.36
    if sign in _WIDE:
        return 0.92
    if sign.isupper():
        return 0.72
    return 0.0 if unicodedata.category(sign) in {"Mn", "Me", "Cf"} else 0.53


_WHOLE = frozenset({"pre", "h1", "h2", "h3", "h4", "h5", "h6", "rt"})
_LONG_WORD = re.compile(r"[^\s\u200b]{12,}")
_JOINTS = re.compile(r"(?<=[\w)\]][/?&=_.@#%+~:,;\\-])(?=\w{2})|(?<=//)(?=\w)")
_HUMPS = re.compile(r"(?<=[a-z0-9]{2})(?=[A-Z][a-z])")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_SHORT_ADDRESS = 15
"""Addresses up to this length fit on one line of the smallest page."""
_ADDRESS = re.compile(r"://|^www\.|\w@\w|/.*/")


def break_addresses(page: Page) -> None:
    """Lets addresses and file names break after their signs, with ``wbr``; in table cells, all long words with such
    signs.

    Headings, code blocks, numbers and dates stay unchanged.
    """
    waiting = [(page.body, False)]
    if not _may_have_address(page.body):
        waiting = [(table, False) for table in page.body.iter("table")]  # one within another changes nothing
    while waiting:
        element, in_cell = waiting.pop()
        children = list(element.iterchildren())
        _break_texts(element, children, in_cell=in_cell)
        shown = (child for child in children if not _is_whole(child))
        waiting += [(child, in_cell or child.tag in {"td", "th"}) for child in shown]


def _may_have_address(body: etree._Element) -> bool:
    """Whether the text has a sign that `_ADDRESS` needs. Usually it doesn't."""
    text = "".join(body.itertext())
    return "/" in text or "@" in text or "www." in text


def _is_whole(element: etree._Element) -> bool:
    tag = element.tag
    return not isinstance(tag, str) or tag.startswith("{") or tag in _WHOLE


def _break_texts(element: etree._Element, children: list[etree._Element], *, in_cell: bool) -> None:
    """Breaks the words directly in `element`, between its `children`."""
    code = element.tag == "code"
    for child in children:
        first, *more = _pieces(child.tail, in_cell=in_cell, code=code)
        if more:
            child.tail = None  # what is added next to an element goes before its tail
            for piece in reversed(more):
                child.addnext(_chance(piece))
            child.tail = first
    first, *more = _pieces(element.text, in_cell=in_cell, code=code)
    if more:
        element.text = first
        for number, piece in enumerate(more):
            element.insert(number, _chance(piece))


def _chance(after: str) -> etree._Element:
    chance = etree.Element("wbr")
    chance.tail = after
    return chance


def _pieces(text: str | None, *, in_cell: bool, code: bool) -> list[str]:
    if not text or len(text) < 12:  # noqa: PLR2004 - as _LONG_WORD has it
        return [text or ""]
    pieces: list[str] = []
    start = 0
    for word in _LONG_WORD.finditer(text):
        breaks = in_cell or (len(word[0]) > _SHORT_ADDRESS and _ADDRESS.search(word[0]))
        if not breaks or not _LETTERS.search(word[0]):
            continue
        joints = {each.start() for each in _JOINTS.finditer(word[0])}
        joints |= {each.start() for each in _HUMPS.finditer(word[0])} if in_cell and code else set()
        for joint in sorted(joints):
            pieces.append(text[start : word.start() + joint])
            start = word.start() + joint
    return [*pieces, text[start:]]
