"""The allowed attributes, with the values that EPUBCheck's schemas and the accessibility rules accept.

It also decides which of the author's ``epub:type``, ``role`` and ``aria-*`` are valid in their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from chapbook.markup.allowlist import GLOBAL_ATTRIBUTES, Element
from chapbook.markup.trees import EPUB_TYPE, add_class

__all__ = [
    "SECTION_ROLES",
    "allowed_label",
    "allowed_role",
    "allowed_types",
    "clean_attributes",
    "is_dangerous",
    "size_style",
]


_INTEGER = re.compile(r"\s*([+-]?\d{1,9})(?:\.\d*)?\s*", re.ASCII)
_PIXELS = re.compile(r"\s*0*([1-9]\d{0,5})(?:\.\d*)?\s*(?:px)?\s*", re.ASCII | re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?"
_ZONE = r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
_MOMENT = re.compile(rf"{_DAY}(?:[T ]{_TIME}{_ZONE})?", re.ASCII)
_DATE = re.compile(rf"\d{{4}}(?:-(?:0[1-9]|1[0-2]))?|{_TIME}|{_DAY}(?:[T ]{_TIME}{_ZONE}?)?", re.ASCII)
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]*/[\w.+-]+", re.ASCII)
_DATA = re.compile(r"data-[a-z][a-z0-9.-]*", re.ASCII)
_ALIGN = re.compile(r"(?:^|[;\s{])text-align\s*:\s*(left|right|center|justify|start|end)\b", re.IGNORECASE)
_ALIGNED = frozenset({"left", "right", "center", "justify"})
_ALIGN_WORDS = MappingProxyType({"middle": "center", "start": "left", "end": "right"})
_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]+")
_DANGEROUS = re.compile(r"(?:javascript|data|vbscript|livescript|mocha|blob|filesystem|view-source):", re.IGNORECASE)
_BOOLEANS = frozenset({"checked", "controls", "default", "disabled", "hidden", "loop", "muted", "open", "reversed"})
_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "dir": frozenset({"ltr", "rtl", "auto"}),
        "kind": frozenset({"captions", "chapters", "descriptions", "metadata", "subtitles"}),
        "preload": frozenset({"auto", "metadata", "none"}),
        "scope": frozenset({"col", "colgroup", "row", "rowgroup"}),
    }
)
_NUMBERS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "colspan": (1, 1000),
        "rowspan": (1, 65534),
        "span": (1, 1000),
        "start": (-(10**9), 10**9),
        "value": (-(10**9), 10**9),
    }
)


def is_dangerous(target: str) -> bool:
    """Whether a target runs code or contains a document, however its scheme is disguised."""
    return _DANGEROUS.match(_UNSEEN.sub("", target)) is not None


def clean_attributes(element: etree._Element, row: Element) -> list[tuple[str, str]]:
    """Keeps the attributes that `row` allows, with valid values. Returns the removed ones worth reporting.

    Event handlers and targets that run code are reported. Presentational attributes (``align``, ``style``) become a
    class or are dropped silently.
    """
    removed: list[tuple[str, str]] = []
    style = size_style(dict(element.attrib)) if element.tag == "img" else _break_style(element.get("style", ""))
    for name, value in list(element.attrib.items()):
        if name in row.attributes or name in GLOBAL_ATTRIBUTES:
            kept = _value(element, name, value)
        elif name == EPUB_TYPE:
            kept = allowed_types(value)
        else:
            kept = _other(element, name, value)
            if name.startswith("on"):
                removed.append((name, value))
        if kept is None:
            if name in {"href", "src", "poster"}:
                removed.append((name, value))
            del element.attrib[name]
        elif kept != value:
            element.set(name, kept)
    if style:
        element.set("style", style)
    return removed


_BREAK = re.compile(r"(?:^|[;\s])(?:page-)?break-(before|after)\s*:\s*(?:always|page)\b", re.IGNORECASE)


def _break_style(written: str) -> str:
    """The ``style`` for a page break that the author asks for before or after the element; otherwise empty."""
    sides = dict.fromkeys(side.lower() for side in _BREAK.findall(written))
    return "; ".join(f"page-break-{side}: always; break-{side}: page" for side in sides)


_LENGTH = re.compile(
    r"\s*0*(\d{1,5}(?:\.\d{1,4})?)\s*(%|em|rem|ex|ch|vw|vh|cm|mm|in|pt|pc)\s*", re.ASCII | re.IGNORECASE
)
_SIZES = re.compile(r"(?:^|;)\s*(?:max-)?(width|height)\s*:([^;]*)", re.IGNORECASE)


def size_style(attributes: Mapping[str, str]) -> str:
    """The ``style`` for a picture with a size in a unit other than pixels; otherwise empty.

    Heights in per cent would refer to nothing, so only widths can have them.
    """
    said = {name.lower(): value for name, value in _SIZES.findall(attributes.get("style", ""))}
    said |= {name: attributes[name] for name in ("width", "height") if name in attributes}
    found = {name: length for name, value in said.items() if (length := _LENGTH.fullmatch(value))}
    kept = (
        f"{name}: {length[1]}{length[2].lower()}"
        for name, length in found.items()
        if length[2] != "%" or (name == "width" and float(length[1]) <= 100)  # noqa: PLR2004 - all of the page
    )
    return "; ".join(kept)


def _value(element: etree._Element, name: str, value: str) -> str | None:
    """The value to write; ``None`` removes the attribute."""
    if name in _BOOLEANS:
        return "" if name != "hidden" else "hidden"
    if name in _WORDS:
        return value.strip().lower() if value.strip().lower() in _WORDS[name] else None
    if name in _NUMBERS and element.tag != "data":
        return _number(value, *_NUMBERS[name])
    if name in {"width", "height"}:
        pixels = _PIXELS.fullmatch(value)
        return pixels[1] if pixels else None
    if name in {"href", "src", "poster"}:
        return None if is_dangerous(value) and not (name == "src" and _is_data_image(element, value)) else value
    return _text_value(element, name, value)


def _text_value(element: etree._Element, name: str, value: str) -> str | None:
    kept: str | None = value.strip()
    match name:
        case "id":
            kept = value if kept else None
        case "class":
            kept = " ".join(value.split())
        case "lang" | "srclang":
            kept = _if_matched(_LANGUAGE, value)
        case "datetime":
            kept = _if_matched(_DATE if element.tag == "time" else _MOMENT, value)
        case "role":
            kept = allowed_role(element, value)
        case "type":
            kept = _type_value(element, value.strip())
        case "alt" | "title" | "value":
            return value
    return kept or None


def _if_matched(pattern: re.Pattern[str], value: str) -> str | None:
    return value.strip() if pattern.fullmatch(value.strip()) else None


def _type_value(element: etree._Element, value: str) -> str | None:
    if element.tag == "ol":
        return value if value in {"1", "a", "A", "i", "I"} else None
    return value if element.tag == "input" or _MEDIA_TYPE.fullmatch(value) else None


def _is_data_image(element: etree._Element, value: str) -> bool:
    """Whether it is a picture embedded in the address: it can't run code, and the passes for pictures handle it."""
    return element.tag in {"img", "source"} and value.strip().lower().startswith("data:image/")


def _number(value: str, least: int, most: int) -> str | None:
    number = _INTEGER.fullmatch(value)
    return str(int(number[1])) if number and least <= int(number[1]) <= most else None


def _other(element: etree._Element, name: str, value: str) -> str | None:
    """The value of an attribute that isn't in the table; ``None`` removes it."""
    if name.startswith("aria-"):
        return allowed_label(element, name, value)
    if name.startswith("data-"):
        return value if _DATA.fullmatch(name) and not name.startswith("data-xml") else None
    if name == "align":
        _align(element, value.strip().lower())
    elif name == "style":
        found = _ALIGN.findall(value)
        if found:
            _align(element, found[-1].lower())
    elif name == "name" and element.tag == "a" and value.strip() and not element.get("id"):
        element.set("id", value)
    return None


def _align(element: etree._Element, word: str) -> None:
    word = _ALIGN_WORDS.get(word, word)
    if word in _ALIGNED:
        add_class(element, word)


_TYPES = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "abstract acknowledgments afterword answer answers appendix assessment assessments backlink "
        "backmatter balloon bibliography biblioref bodymatter case-study chapter colophon concluding-sentence "
        "conclusion contributors copyright-page cover covertitle credit credits dedication division endnotes "
        "epigraph epilogue errata fill-in-the-blank-problem figure footnote footnotes foreword frontmatter "
        "fulltitle general-problem glossary glossdef glossref glossterm halftitle halftitlepage imprimatur "
        "imprint index index-editor-note index-entry index-entry-list index-group index-headnotes "
        "index-legend index-locator index-locator-list index-locator-range index-term index-term-categories "
        "index-term-category index-xref-preferred index-xref-related introduction keyword keywords label "
        "learning-objective learning-objectives learning-outcome learning-outcomes learning-resource "
        "learning-resources learning-standard learning-standards list list-item loa loi lot lov match-problem "
        "multiple-choice-problem noteref notice ordinal other-credits panel panel-group part practice "
        "practices preamble preface prologue pullquote qna question referrer revision-history seriespage "
        "sound-area subtitle table table-cell table-row text-area tip title titlepage toc toc-brief "
        "topic-sentence true-false-problem volume"
    ).split()
)

SECTION_ROLES = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "abstract acknowledgments afterword appendix bibliography chapter colophon conclusion credits "
        "dedication endnotes epigraph epilogue errata foreword glossary index introduction part preface "
        "prologue pullquote qna"
    ).split()
)
"""Terms whose ``doc-…`` role a ``section`` can have."""

_DIV_SECTION = frozenset({"section", "div"})
_ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **{f"doc-{term}": _DIV_SECTION for term in SECTION_ROLES},
        "doc-subtitle": frozenset({"p", "div"}),
        "doc-example": frozenset({"section", "aside", "div"}),
        "doc-notice": _DIV_SECTION,
        "doc-tip": frozenset({"aside", "div"}),
        "doc-footnote": frozenset({"aside", "div", "p"}),
        "group": frozenset({"div"}),
        "img": frozenset({"span"}),
        "note": frozenset({"aside", "div"}),
        "presentation": frozenset({"img"}),
        "none": frozenset({"img"}),
    }
)
_REFERENCES = frozenset({"doc-backlink", "doc-biblioref", "doc-glossref", "doc-noteref"})
_LABELLED = frozenset(
    {"a", "article", "aside", "audio", "blockquote", "figure", "img", "nav", "ol", "section", "table", "ul", "video"}
)
_TEXT_LABELS = frozenset({"aria-label", "aria-roledescription"})
_POINTERS = frozenset({"aria-labelledby", "aria-describedby", "aria-details"})


def allowed_types(value: str) -> str | None:
    """The terms of `value` that are in the vocabulary and not deprecated."""
    return " ".join(dict.fromkeys(term for term in value.split() if term in _TYPES)) or None


def allowed_role(element: etree._Element, value: str) -> str | None:
    """The first role in `value` that the element may have; a picture made of letters needs a name."""
    for role in value.split():
        if role == "img" and not element.get("aria-label", "").strip():
            continue
        if element.tag in _ROLES.get(role, ()) or (role in _REFERENCES and element.tag == "a" and element.get("href")):
            return role
    return None


def allowed_label(element: etree._Element, name: str, value: str) -> str | None:
    """The value of an ``aria-*`` attribute, or ``None`` if it isn't allowed there."""
    value = " ".join(value.split())
    if name == "aria-hidden":
        return value if value in {"true", "false"} else None
    known = name in _TEXT_LABELS or name in _POINTERS
    placed = element.tag in _LABELLED or (element.tag in {"div", "span"} and "role" in element.attrib)
    return value if known and placed and value else None
