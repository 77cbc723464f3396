"""The table of allowed elements and their attributes, and what happens to all other HTML elements.

Allowed is the part of HTML that EPUB 3.3 content documents (section 6.1) accept, that EPUBCheck passes and that makes
sense on paper: no scripts, forms, frames or presentational markup. The docs print this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

__all__ = ["ELEMENTS", "GLOBAL_ATTRIBUTES", "Element", "Fate"]


class Fate(StrEnum):
    """What happens to an element."""

    KEPT = "kept"
    UNWRAPPED = "unwrapped"
    """Removed silently, with its content kept: it means nothing in a book."""
    DISARMED = "disarmed"
    """Removed with a warning, with its content kept: a form's words, an object's fallback."""
    LINKED = "linked"
    """Replaced with a link to what it showed, with a warning."""
    REMOVED = "removed"
    """Removed with its content, with a warning."""
    DROPPED = "dropped"
    """Removed silently with its content, which readers never see."""


class Element(Struct, frozen=True, kw_only=True):
    """One row of the table."""

    fate: Fate = Fate.KEPT
    name: str = ""
    """The element that it becomes; empty if unchanged."""
    added_class: str = ""
    attributes: frozenset[str] = frozenset()
    """Besides the global ones."""


GLOBAL_ATTRIBUTES = frozenset({"id", "class", "lang", "dir", "title", "hidden", "role"})
"""Allowed on all elements, besides ``epub:type``, ``aria-*`` and ``data-*``, if the value is valid."""

_PLAIN = Element()


def _rows() -> dict[str, Element]:
    rows = dict.fromkeys(
        (
            *("address", "article", "aside", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "header", "hr"),
            *("h1", "h2", "h3", "h4", "h5", "h6", "nav", "p", "pre", "section", "summary", "ul"),
            *("caption", "table", "tbody", "tfoot", "thead", "tr"),
            *("abbr", "b", "bdi", "br", "cite", "code", "dfn", "em", "i", "kbd", "mark", "picture", "rt", "ruby", "s"),
            *("samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr"),
        ),
        _PLAIN,
    )
    for name, attributes in _OWN_ATTRIBUTES.items():
        rows[name] = Element(attributes=frozenset(attributes.split()))
    for name, (becomes, added) in _RENAMED.items():
        rows[name] = Element(name=becomes, added_class=added, attributes=rows[becomes].attributes)
    for fate, names in _OTHERS.items():
        rows.update(dict.fromkeys(names.split(), Element(fate=fate)))
    return rows


_OWN_ATTRIBUTES = MappingProxyType(
    {
        "a": "href",
        "audio": "src controls loop muted preload",
        "bdo": "",
        "blockquote": "",
        "col": "span",
        "colgroup": "span",
        "data": "value",
        "del": "datetime",
        "details": "open",
        "img": "src alt width height",
        "input": "type checked disabled",
        "ins": "datetime",
        "li": "value",
        "ol": "start type reversed",
        "q": "",
        "source": "src type",
        "td": "colspan rowspan",
        "th": "colspan rowspan scope abbr",
        "time": "datetime",
        "track": "src kind srclang label default",
        "video": "src poster controls loop muted preload width height",
    }
)

_RENAMED = MappingProxyType(
    {
        "acronym": ("abbr", ""),
        "big": ("span", "big"),
        "center": ("div", "center"),
        "dialog": ("div", ""),
        "dir": ("ul", ""),
        "fieldset": ("div", ""),
        "font": ("span", ""),
        "hgroup": ("div", ""),
        "legend": ("p", "legend"),
        "main": ("div", ""),
        "menu": ("ul", ""),
        "search": ("div", ""),
        "strike": ("s", ""),
        "tt": ("code", ""),
        "xmp": ("pre", ""),
    }
)

_OTHERS: Mapping[Fate, str] = MappingProxyType(
    {
        Fate.UNWRAPPED: (
            "area blink body head html map marquee multicol nobr noembed noframes noscript plaintext rb rtc slot "
            "spacer template title"
        ),
        Fate.DISARMED: (
            "applet button canvas datalist form label meter object optgroup option output progress select "
            "selectedcontent textarea"
        ),
        Fate.LINKED: "embed frame iframe",
        Fate.REMOVED: "base basefont bgsound frameset keygen link meta script style",
        Fate.DROPPED: "param rp",
    }
)

ELEMENTS: Mapping[str, Element] = MappingProxyType(_rows())
"""By name. An element that isn't here is unknown: it is unwrapped with a warning, because it may be a slip."""
