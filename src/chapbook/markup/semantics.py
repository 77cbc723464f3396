"""The author's ``epub:type``, ``role`` and ``aria-*``: what of them is valid where it stands.

Terms are those of the Structural Semantics Vocabulary 1.1 that are not deprecated; roles those of the Digital
Publishing WAI-ARIA Module 1.1 and WAI-ARIA 1.2 on the elements that ARIA in HTML allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

__all__ = ["SECTION_ROLES", "allowed_label", "allowed_role", "allowed_types"]

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
"""The terms whose role ``doc-…`` a ``section`` may carry."""

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
    """The first role of `value` that the element may have."""
    for role in value.split():
        if element.tag in _ROLES.get(role, ()) or (role in _REFERENCES and element.tag == "a" and element.get("href")):
            return role
    return None


def allowed_label(element: etree._Element, name: str, value: str) -> str | None:
    """The value of an ``aria-*`` attribute where it stands, or None where it may not."""
    value = " ".join(value.split())
    if name == "aria-hidden":
        return value if value in {"true", "false"} else None
    known = name in _TEXT_LABELS or name in _POINTERS
    placed = element.tag in _LABELLED or (element.tag in {"div", "span"} and "role" in element.attrib)
    return value if known and placed and value else None
