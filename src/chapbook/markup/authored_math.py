"""MathML in an author's HTML: the part that EPUB 3.3, section 6.1.4.2, accepts (presentation MathML 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from chapbook.markup.parsing import MATHML

__all__ = ["is_presentation"]

_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms", "annotation"})
_CHILDREN: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), (2, 2)),
        **dict.fromkeys(("msubsup", "munderover"), (3, 3)),
        **dict.fromkeys(("math", "mrow", "msqrt", "mstyle", "merror", "mpadded", "mphantom", "mfenced", "menclose",
                         "mtable", "mtr", "mtd"), (0, 10_000)),
        "mspace": (0, 0),
        "semantics": (1, 10),
    }
)  # fmt: skip
"""Elements that contain elements, with the least and largest number of them."""
_VARIANT = re.compile(
    r"normal|bold|italic|bold-italic|double-struck|(?:bold-)?fraktur|(?:bold-)?script|sans-serif(?:-bold)?(?:-italic)?"
    r"|bold-sans-serif|monospace|initial|tailed|looped|stretched"
)
_LENGTH = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:em|ex|px|in|cm|mm|pt|pc|%)?", re.ASCII)
_LENGTHS = re.compile(f"{_LENGTH.pattern}(?: {_LENGTH.pattern}){{0,99}}", re.ASCII)
_BOOLEAN = re.compile("true|false")
_LINES = re.compile("(?:none|solid|dashed)(?: (?:none|solid|dashed)){0,99}")
_ATTRIBUTES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "mathvariant": _VARIANT,
        "display": re.compile("block|inline"),
        "form": re.compile("prefix|infix|postfix"),
        "dir": re.compile("ltr|rtl"),
        **dict.fromkeys(("stretchy", "fence", "separator", "accent", "accentunder", "movablelimits", "largeop",
                         "symmetric", "displaystyle", "bevelled"), _BOOLEAN),
        **dict.fromkeys(("lspace", "rspace", "minsize", "maxsize", "width", "height", "depth"), _LENGTH),
        "linethickness": _LENGTH,
        **dict.fromkeys(("rowspan", "columnspan"), re.compile("[1-9][0-9]?")),
        "scriptlevel": re.compile("[+-]?[0-9]"),
        "columnalign": re.compile("(?:left|center|right)(?: (?:left|center|right)){0,99}"),
        **dict.fromkeys(("columnlines", "rowlines"), _LINES),
        **dict.fromkeys(("columnspacing", "rowspacing", "voffset"), _LENGTHS),
        "notation": re.compile(
            "(?:(?:updiagonalstrike|downdiagonalstrike|horizontalstrike|box|roundedbox|top|bottom|left|right) ?){1,9}"
        ),
    }
)  # fmt: skip
_FREE = frozenset({"id", "class", "alttext", "open", "close", "separators", "encoding"})
_OWN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "display": frozenset({"math"}),
        "alttext": frozenset({"math"}),
        "open": frozenset({"mfenced"}),
        "close": frozenset({"mfenced"}),
        "separators": frozenset({"mfenced"}),
        "encoding": frozenset({"annotation"}),
        "mathvariant": _TOKENS - {"annotation"},
        "form": frozenset({"mo"}),
        "stretchy": frozenset({"mo"}),
        "fence": frozenset({"mo"}),
        "separator": frozenset({"mo"}),
        "lspace": frozenset({"mo", "mpadded"}),
        "rspace": frozenset({"mo"}),
        "minsize": frozenset({"mo"}),
        "maxsize": frozenset({"mo"}),
        "movablelimits": frozenset({"mo"}),
        "largeop": frozenset({"mo"}),
        "symmetric": frozenset({"mo"}),
        "accent": frozenset({"mo", "mover", "munderover"}),
        "accentunder": frozenset({"munder", "munderover"}),
        "displaystyle": frozenset({"mstyle", "math", "mtable"}),
        "scriptlevel": frozenset({"mstyle"}),
        "linethickness": frozenset({"mfrac"}),
        "bevelled": frozenset({"mfrac"}),
        "columnalign": frozenset({"mtable", "mtr", "mtd"}),
        "columnlines": frozenset({"mtable"}),
        "rowlines": frozenset({"mtable"}),
        "columnspacing": frozenset({"mtable"}),
        "rowspacing": frozenset({"mtable"}),
        "voffset": frozenset({"mpadded"}),
        "notation": frozenset({"menclose"}),
        "rowspan": frozenset({"mtd"}),
        "columnspan": frozenset({"mtd"}),
        "width": frozenset({"mspace", "mpadded"}),
        "height": frozenset({"mspace", "mpadded"}),
        "depth": frozenset({"mspace", "mpadded"}),
        "dir": frozenset({"math", "mrow", "mi", "mn", "mo", "mtext"}),
    }
)
_PARENTS: Mapping[str, str] = MappingProxyType({"mtr": "mtable", "mtd": "mtr", "annotation": "semantics"})


_WORDS = etree.XPath(".//text()[not(parent::m:annotation)]", namespaces={"m": MATHML}, smart_strings=False)


def is_presentation(formula: etree._Element) -> bool:
    """Whether `formula`, a ``math`` element, is presentation MathML after removing other attributes and annotations.

    Adds an ``alttext`` if it has none.
    """
    annotations = f"{{{MATHML}}}annotation-xml"
    if next(formula.iter(annotations), None) is not None:
        etree.strip_elements(formula, annotations, with_tail=False)
    for element in formula.iter(etree.Element):
        prefix, _, name = str(element.tag).rpartition("}")
        if prefix != f"{{{MATHML}}}".rstrip("}") or not _is_well_placed(element, name):
            return False
        _clean_attributes(element, name)
    for table in formula.iter(f"{{{MATHML}}}mtable"):
        _align_cells(table)
    words = " ".join("".join(_WORDS(formula)).split())
    if not formula.get("alttext", "").strip():
        formula.set("alttext", words)
    return bool(words)


def _align_cells(table: etree._Element) -> None:
    """Copies the alignment of a table or row to its cells: style sheets only see the cell's own."""
    for row in table:
        columns = (row.get("columnalign") or table.get("columnalign") or "").split()
        for nth, cell in enumerate(row if columns else ()):
            cell.set("columnalign", cell.get("columnalign") or columns[min(nth, len(columns) - 1)])


def _is_well_placed(element: etree._Element, name: str) -> bool:
    if name in _TOKENS:
        fits = len(element) == 0
    elif name in _CHILDREN:
        least, most = _CHILDREN[name]
        fits = least <= len(element) <= most and not (element.text or "").strip()
        fits = fits and not any((child.tail or "").strip() for child in element)
    else:
        return False
    parent = _PARENTS.get(name)
    if parent is not None:
        above = element.getparent()
        fits = fits and above is not None and above.tag == f"{{{MATHML}}}{parent}"
    if name in {"mtable", "mtr"}:
        below = f"{{{MATHML}}}{'mtr' if name == 'mtable' else 'mtd'}"
        fits = fits and all(child.tag == below for child in element)
    return fits


def _clean_attributes(element: etree._Element, name: str) -> None:
    for attribute, value in list(element.attrib.items()):
        pattern = _ATTRIBUTES.get(attribute)
        known = attribute in _FREE or (pattern is not None and pattern.fullmatch(value) is not None)
        if not known or name not in _OWN.get(attribute, {name}) or (attribute in {"id", "class"} and not value.strip()):
            del element.attrib[attribute]
