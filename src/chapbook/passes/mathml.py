"""Converts TeX to the MathML that EPUB accepts (EPUB 3.3, section 6.3: presentation MathML).

The converter passes unknown commands through as text, puts rows into token elements, and marks letters with
``mathvariant``, which MathML Core no longer has. Here each element is checked against what MathML 3 allows, letters are
replaced with Unicode's styled ones, and anything that isn't understood raises `TexError`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from lxml import etree

from chapbook.passes.equation_numbers import Numbers
from chapbook.passes.tex import WORDS, TexError, normal_form

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element
from functools import lru_cache

__all__ = ["MATHML", "STYLES", "formula", "styled"]

MATHML = "http://www.w3.org/1998/Math/MathML"

_TOKENS = frozenset({"mi", "mn", "mo", "mtext"})
_CHILDREN = MappingProxyType(
    {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3, "mspace": 0}
)
_SCRIPTS = frozenset({"msub", "msup", "msubsup"})
_ROWS = frozenset({"mrow", "msqrt", "mstyle", "mpadded", "mphantom", "menclose", "mtable", "mtr", "mtd"})
_LENGTH = re.compile(
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:em|ex|pt|px|cm|mm|in|pc|%)?|(?:negative)?(?:very){0,2}(?:thin|medium|thick)mathspace"
)
_WORD = re.compile(r"true|false|prefix|infix|postfix|[+-]?\d|normal|left|right|center"
    r"|(?:(?:updiagonalstrike|downdiagonalstrike|horizontalstrike|box|roundedbox|top|bottom|left|right)\s?)+"
    r"|(?:(?:none|solid|dashed)\s?)+")  # fmt: skip
_WORDS_OF = frozenset(
    {"accent", "accentunder", "columnalign", "columnlines", "displaystyle", "fence", "form", "movablelimits",
     "notation", "rowlines", "scriptlevel", "separator", "stretchy", "symmetric"}
)  # fmt: skip
_LENGTHS_OF = frozenset(
    {"columnspacing", "depth", "height", "linethickness", "lspace", "maxsize", "minsize", "rowspacing", "rspace",
     "voffset", "width"}
)  # fmt: skip
_REFERENCE = re.compile("&#x([0-9A-Fa-f]{1,6});")
_LIMITS = frozenset("⋃⋂∐⨁⨂⨀⋁⋀⨄⨆⨅") | {
    "lim",
    "max",
    "min",
    "sup",
    "inf",
    "det",
    "gcd",
    "Pr",
    "plim",
    "lim\u2006sup",
    "lim\u2006inf",
}
_UNDER = MappingProxyType({"msub": "munder", "msubsup": "munderover"})
_DELIMITERS = MappingProxyType(
    {
        r"\{": "{",
        r"\}": "}",
        r"\|": "\u2016",
        r"\Vert": "\u2016",
        r"\lVert": "\u2016",
        r"\rVert": "\u2016",
        r"\vert": "|",
        r"\lvert": "|",
        r"\rvert": "|",
        r"\langle": "\u27e8",
        r"\rangle": "\u27e9",
        r"\lfloor": "\u230a",
        r"\rfloor": "\u230b",
        r"\lceil": "\u2308",
        r"\rceil": "\u2309",
        r"\backslash": "\\",
        r"\lbrace": "{",
        r"\rbrace": "}",
    }
)
"""Delimiters that the converter leaves as written when they are enlarged."""
_BAR = "\u2015"
_DEEPEST = 200


def formula(tex: str, *, display: bool, numbers: Numbers | None = None, name: str = "") -> etree._Element:
    """The ``math`` element of a formula, with its TeX in ``alttext``.

    `display` sets it as a block, with limits above and below operators. `numbers` are the chapter's, `name` is the
    label by which references find this formula. Raises TexError.
    """
    tex = tex.strip()
    source, words, marks = normal_form(tex, display=display)
    math = etree.Element(f"{{{MATHML}}}math", nsmap={None: MATHML})
    if display:
        math.set("display", "block")
    math.set("alttext", " ".join(tex.split()))
    for child in _converted(source, display=display):
        _add(math, child, words, display=display, depth=0)
    if not "".join(str(text) for text in math.itertext()).strip():
        raise TexError("it is empty")
    _dress(math)
    if marks or name:
        (numbers or Numbers()).place(math, marks, name)
    return math


def _dress(math: etree._Element) -> None:
    """Turns the bars beside a table into fences, like brackets, and marks cells that have a line."""
    for table in math.iter(f"{{{MATHML}}}mtable"):
        before, after = table.getprevious(), table.getnext()
        if before is not None and after is not None and before.text == after.text and before.text in {"|", "\u2016"}:
            for bar, form in ((before, "prefix"), (after, "postfix")):
                bar.attrib.update({"form": form, "stretchy": "true", "fence": "true"})
        columns, rows = table.get("columnlines", "").split(), table.get("rowlines", "").split()
        for nth, row in enumerate(table):
            is_below = "solid" in rows[nth - 1 : nth] if nth else False
            for column, cell in enumerate(row):
                is_after = "solid" in columns[column - 1 : column] if column else False
                if is_below or is_after:
                    cell.set("class", " ".join(["below-line"] * is_below + ["after-line"] * is_after))


def _converted(source: str, *, display: bool) -> Element:
    from latex2mathml.converter import Converter  # noqa: PLC0415 - most books have no formulas

    try:
        return Converter(display="block" if display else "inline").convert_to_element(source)
    except RecursionError:
        raise TexError("it nests too deep") from None
    except Exception as error:  # noqa: BLE001 - wrong TeX ends in any exception, IndexError and RuntimeError too
        raise TexError(_said(error)) from None


def _said(error: Exception) -> str:
    """The converter's exception in words; its classes are named after the errors."""
    name = type(error).__name__
    if type(error).__module__.startswith("latex2mathml") and name != "NoAvailableTokensError":
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Error")).lower()
    return "something is missing in it"


def _add(parent: etree._Element, node: Element, words: Sequence[str], *, display: bool, depth: int) -> None:
    """Adds `node` to `parent`, checked and corrected."""
    if depth > _DEEPEST:
        raise TexError("it nests too deep")
    name, children = node.tag, list(node)
    if name in _TOKENS and children:
        name = "mrow"  # \mathop{…}: a token element can't contain elements
    if name not in _TOKENS and name not in _ROWS and name not in _CHILDREN:
        raise TexError(f"it makes '{name}', which MathML in books can't hold")
    if display and name in _UNDER and _takes_limits(children[0]):
        name = _UNDER[name]
        children[0].set("movablelimits", "true")
    made = etree.SubElement(parent, f"{{{MATHML}}}{name}")
    _set_attributes(made, node)
    if name in _TOKENS:
        made.text = _text(node, words)
    base = len(children) - _CHILDREN[name] + 1 if name in _SCRIPTS else 1
    if base > 1:  # a binomial or a matrix in brackets: the base is several elements
        row = etree.SubElement(made, f"{{{MATHML}}}mrow")
        for child in children[:base]:
            _add(row, child, words, display=display, depth=depth + 1)
        children = children[base:]
    for child in children:
        _add(made, child, words, display=display, depth=depth + 1)
    if len(made) != _CHILDREN.get(name, len(made)):
        raise TexError("something is missing in it")


def _takes_limits(operator: Element) -> bool:
    if operator.tag != "mo":
        return False
    return len(operator) > 0 or operator.get("movablelimits") == "true" or _character(operator.text or "") in _LIMITS


def _set_attributes(made: etree._Element, node: Element) -> None:
    for name, value in node.attrib.items():
        if name in _WORDS_OF:
            known = bool(_WORD.fullmatch(value))
        else:
            lengths = value.split() if name in _LENGTHS_OF else []
            known = bool(lengths) and all(_LENGTH.fullmatch(part) for part in lengths)
        if known:
            made.set(name, value)
    if made.tag == f"{{{MATHML}}}mrow":
        made.attrib.clear()  # attributes of an operator, which it isn't
    variant = node.get("mathvariant", "")
    if (variant == "normal" and node.tag == "mi" and not len(node)) or (variant in STYLES and node.tag == "mtext"):
        made.set("mathvariant", variant)  # words stay letters, so that screen readers read them


def _text(node: Element, words: Sequence[str]) -> str:
    raw = node.text or ""
    if "\\" in raw and raw not in _DELIMITERS:
        raise TexError(f"the command '{raw}' is unknown")
    text = _DELIMITERS.get(raw) or _character(raw)
    if len(text) == 1 and ord(text) in WORDS:
        text = words[ord(text) - WORDS.start]
    elif node.tag == "mo" and text == _BAR:
        text = "\u00af"  # the overline in operator dictionaries, which stretches
    variant = node.get("mathvariant", "normal")
    return text if variant == "normal" or node.tag == "mtext" else styled(text, variant)


def _character(raw: str) -> str:
    return _REFERENCE.sub(lambda found: _referred(int(found[1], 16)), raw)


def _referred(number: int) -> str:
    if number < ord(" ") or 0xD800 <= number < 0xE000 or number in {0xFFFE, 0xFFFF} or number > 0x10FFFF:  # noqa: PLR2004 - what XML excludes
        raise TexError(f"documents can't hold the character {number:X}")
    return chr(number)


_STARTS = MappingProxyType(
    {
        # capitals, small letters, digits, Greek capitals, Greek small letters
        "bold": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2),
        "italic": (0x1D434, 0x1D44E, 0, 0x1D6E2, 0x1D6FC),
        "bold-italic": (0x1D468, 0x1D482, 0, 0x1D71C, 0x1D736),
        "script": (0x1D49C, 0x1D4B6, 0, 0, 0),
        "bold-script": (0x1D4D0, 0x1D4EA, 0, 0, 0),
        "fraktur": (0x1D504, 0x1D51E, 0, 0, 0),
        "bold-fraktur": (0x1D56C, 0x1D586, 0, 0, 0),
        "double-struck": (0x1D538, 0x1D552, 0x1D7D8, 0, 0),
        "sans-serif": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0),
        "bold-sans-serif": (0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D756, 0x1D770),
        "sans-serif-italic": (0x1D608, 0x1D622, 0, 0, 0),
        "sans-serif-bold-italic": (0x1D63C, 0x1D656, 0, 0x1D790, 0x1D7AA),
        "monospace": (0x1D670, 0x1D68A, 0x1D7F6, 0, 0),
    }
)
STYLES = frozenset(_STARTS)
"""The values of MathML's ``mathvariant`` that have letters of their own."""
_OLDER = MappingProxyType(
    {
        "italic": {"h": "ℎ"},
        "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
        "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
        "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    }
)
"""Letters that Unicode had before this block, whose places in it are empty."""
_RANGES = (("A", 26), ("a", 26), ("0", 10), ("Α", 25), ("α", 25))


@lru_cache(maxsize=32)
def _table(variant: str) -> dict[int, str]:
    table: dict[int, str] = {}
    for start, (first, count) in zip(_STARTS.get(variant, ()), _RANGES, strict=False):
        if start:
            table |= {ord(first) + n: chr(start + n) for n in range(count)}
    if _STARTS.get(variant, (0,) * 5)[3]:
        del table[0x3A2]  # not a letter: Greek capitals have a gap where small letters have the final sigma
    return table | {ord(letter): older for letter, older in _OLDER.get(variant, {}).items()}


def styled(text: str, variant: str) -> str:
    """`text` in the style named by MathML's ``mathvariant``; letters that don't have the style stay."""
    return text.translate(_table(variant))
