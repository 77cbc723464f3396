"""Simple formulas as text: letters, numbers, signs, indices, powers and fractions of two of these.

Text follows the reader's size and colours, and can be searched; a picture can't. Anything that the line doesn't show
without doubt (a root, a sum with its limits, a matrix, a fraction in a product) has no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unicodedata import normalize

from lxml import etree

from chapbook.markup.parsing import MATHML
from chapbook.markup.trees import append_text, make

__all__ = ["formula_in_words"]

_GROUPS = frozenset({"math", "mrow", "mstyle"})
_SPACED = frozenset("=≠≈≡<>≤≥≪≫+−±×·⋅÷∼≃≅∝→←↔⇒⇐⇔↦∈∉⊂⊆∪∩∧∨∖∘")
_PLAIN = frozenset("()[]{}|‖!/%,;:.…⋯∞∂∇∀∃¬∅°′″‴*⟨⟩ ")
_HIDDEN = frozenset("\u2061\u2062\u2063\u2064")
"""Function application, and the times, comma and plus that are not written."""
_UNSIGNED = frozenset("([{|,;:=≠≈<>≤≥+−±×·⋅→⇒∈")
"""After these, or at the beginning, a sign belongs to the number that follows."""
_SIGNS = frozenset("+−±")
_AROUND_FRACTIONS = frozenset("=≠≈≡<>≤≥+−±,;()[]→⇒")
_PRIMES = frozenset("′″‴")
_SIDE_BY_SIDE = frozenset({"mi", "mn", "msub", "msup", "msubsup"})
_SCRIPTS = {"msub": ("sub",), "msup": ("sup",), "msubsup": ("sub", "sup")}
_LAST_OF_PLANE = 0xFFFF
_SPACE = "\N{NO-BREAK SPACE}"

_Piece = tuple[str, str]
"""The element that a text stands in (``i``, ``sub i``; empty: none), and the text."""


class _NotPlain(Exception):  # noqa: N818 - an answer, and no error
    """The formula has something that a line of text doesn't show."""


def formula_in_words(math: etree._Element) -> etree._Element | None:
    """The formula `math` (an element of MathML) as a ``span``; ``None`` where text doesn't say the same."""
    try:
        pieces = list(_joined(_pieces(_shown(math))))
    except _NotPlain:
        return None
    if not "".join(text for _, text in pieces).strip():
        return None
    span = make("span")
    script: etree._Element | None = None
    for place, text in pieces:
        *outer, inner = place.split() or [""]
        if inner in {"sub", "sup"}:
            outer, inner = [inner], ""
        if not outer:
            script = None
        elif script is None or script.tag != outer[0]:
            script = etree.SubElement(span, outer[0])
        above = span if script is None else script
        if inner:
            etree.SubElement(above, inner).text = text
        else:
            append_text(above, above[-1] if len(above) else None, text)
    return span


def _shown(math: etree._Element) -> list[etree._Element]:
    """The elements of a row, those of rows in it in their places, without the annotations."""
    found = []
    for each in math.iterchildren(etree.Element):
        name = _name(each)
        if name == "semantics":
            found += _shown(each)[:1]
        elif name in _GROUPS:
            found += _shown(each)
        elif not name.startswith("annotation"):
            found.append(each)
    return found


def _name(element: etree._Element) -> str:
    namespace, _, name = str(element.tag).rpartition("}")
    return name if namespace[1:] == MATHML else ""


def _pieces(row: list[etree._Element]) -> Iterator[_Piece]:
    for at, element in enumerate(row):
        name = _name(element)
        if at and _is_word(row[at - 1]) + _is_word(element) and {name, _name(row[at - 1])} <= _SIDE_BY_SIDE:
            yield "", _SPACE
        if _is_sign(element):
            yield "", _sign(row, at)
        elif name == "mfrac":
            yield from _fraction(row, at)
        elif name in _SCRIPTS:
            base, *scripts = list(element)
            yield from _one(base)
            yield from _scripts(_SCRIPTS[name], scripts)
        else:
            yield from _one(element)


def _is_sign(element: etree._Element) -> bool:
    """Whether it is an operator, or another sign that stands among the letters."""
    text = (element.text or "").strip()
    return _name(element) == "mo" or (_name(element) == "mi" and not text[:1].isalnum())


def _is_word(element: etree._Element) -> bool:
    """Whether it is the name of a function (``sin``), with an index or a power perhaps."""
    if _name(element) in _SCRIPTS and len(element):
        element = element[0]
    return _name(element) == "mi" and len((element.text or "").strip()) > 1


def _one(element: etree._Element) -> Iterator[_Piece]:
    """A single letter, number, word or space."""
    name = _name(element)
    if name in _GROUPS and len(_shown(element)) == 1:
        yield from _one(_shown(element)[0])
    elif name == "mi":
        text = _words(element)
        is_upright = len(text) > 1 or normalize("NFKC", text) != text or element.get("mathvariant") == "normal"
        yield "" if is_upright else "i", text
    elif name in {"mn", "mtext", "ms"}:
        yield "", _words(element).replace(" ", _SPACE)
    elif name == "mspace":
        yield "", _SPACE
    else:
        raise _NotPlain


def _words(element: etree._Element) -> str:
    """The text of a token. Letters outside of Unicode's first plane are in few fonts of readers."""
    text = element.text or ""
    if len(element) or any(ord(each) > _LAST_OF_PLANE for each in text):
        raise _NotPlain
    return text.strip() if _name(element) != "mtext" else text


def _sign(row: list[etree._Element], at: int) -> str:
    text = _words(row[at])
    if text in _HIDDEN:
        return ""
    if text not in _SPACED and text not in _PLAIN:
        raise _NotPlain
    before = _words(row[at - 1]) if at and _is_sign(row[at - 1]) else ("" if at else "(")
    if text in _SIGNS and before in _UNSIGNED:
        return text
    if text in _SPACED and at + 1 < len(row):
        return f"{_SPACE}{text}{_SPACE}" if at else f"{text}{_SPACE}"
    return f"{text}{_SPACE}" if text in {",", ";", ":"} and at + 1 < len(row) else text


def _fraction(row: list[etree._Element], at: int) -> Iterator[_Piece]:
    """``a/b``, where nothing beside it could be taken for a part of it."""
    beside = [row[each] for each in (at - 1, at + 1) if 0 <= each < len(row)]
    parted = all(_is_sign(each) and _words(each) in _AROUND_FRACTIONS for each in beside)
    if row[at].get("linethickness") or not parted:
        raise _NotPlain
    above, below = list(row[at])
    yield from _one(above)
    yield "", "/"
    yield from _one(below)


def _scripts(places: Iterable[str], scripts: Iterable[etree._Element]) -> Iterator[_Piece]:
    for place, script in zip(places, scripts, strict=True):
        row = _shown(script) if _name(script) in _GROUPS else [script]
        if len(row) == 1 and _name(row[0]) in {"mi", "mo"} and _words(row[0]) in _PRIMES:
            yield "", _words(row[0])
            continue
        if any(_name(each) in _SCRIPTS for each in row):
            raise _NotPlain  # an index of an index is too small to read
        for inner, text in _pieces(row):
            yield f"{place} {inner}".strip(), text.replace(_SPACE, "") if text.strip() else text


def _joined(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Neighbours of one place as one piece."""
    last: _Piece | None = None
    for place, text in pieces:
        if not text:
            continue
        if last and last[0] == place:
            last = (place, last[1] + text)
        else:
            if last:
                yield last
            last = (place, text)
    if last:
        yield last
