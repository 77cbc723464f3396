"""What one stage of rendering writes for a later one, or for the style sheets: classes, signs, and kinds of boxes."""

from __future__ import annotations

from types import MappingProxyType

__all__ = [
    "ALERTS",
    "ALERT_KINDS",
    "EMPTY_COMMENT",
    "FENCE_INFO",
    "ICON",
    "INLINE_NOTE",
    "ON_WHITE",
    "PAGE_BREAK",
    "SMALL",
    "TABLE_CAPTION",
    "WORD_JOINER",
    "looks_of",
]

EMPTY_COMMENT = "<!-- -->"
"""What remains of a comment; both the XML and the HTML parser drop it."""
FENCE_INFO = ".-."
"""Separates a fence's language from the rest of its line."""
WORD_JOINER = "\u2060"
"""Separates a mark from what follows if the dialect would read both as one."""
INLINE_NOTE, PAGE_BREAK, TABLE_CAPTION = "inline-note", "page-break", "table-caption"
"""Classes with which text constructs tell the passes what they found."""
ALERTS = ("note", "tip", "important", "warning", "caution")
"""GitHub's five, for which chapbook has labels in all its languages."""
ALERT_KINDS = MappingProxyType(
    {
        **{kind: kind for kind in ALERTS},
        **dict.fromkeys(
            (
                *("abstract", "admonition", "aside", "callout", "cite", "default", "details", "example", "faq", "help"),
                *("info", "information", "notice", "primary", "question", "quote", "secondary", "seealso", "summary"),
                *("tldr", "todo", "settings"),
            ),
            "note",
        ),
        **dict.fromkeys(("check", "done", "hint", "success"), "tip"),
        **dict.fromkeys(("alert", "attention", "warn"), "warning"),
        **dict.fromkeys(("bug", "danger", "error", "fail", "failure", "missing"), "caution"),
    }
)
"""By a box's name in lower case, the alert that it looks like."""


ON_WHITE = "on-white"
"""A picture's class: dark lines on a transparent background: they need a light one on a dark page."""
SMALL = "small-picture"
"""A picture as small as a sign; in a text it becomes an `ICON`, elsewhere the class is removed."""
ICON = "icon"
_MOST_OF_ICON = 72
"""The most pixels on each side of an icon."""
_TALL = ((1.15, 1.5), (1.5, 2.0), (2.0, 3.0), (3.0, 5.0), (5.0, 10.0), (10.0, float("inf")))
"""Heights by their widths: the classes ``tall-1`` to ``tall-6``.

Old reading systems know no unit of the page's height. A page is at least 1.2 times as high as it is wide, so a picture
that is three times as high as wide fits where it has a third of the width.
"""


def looks_of(width: int, height: int, *, see_through: bool = False) -> tuple[str, ...]:
    """The classes of a picture of that size in pixels (0 × 0: unknown).

    `see_through` says that a dark page would show through and hide parts of the picture.
    """
    found = [ON_WHITE] if see_through else []
    if width > 0 and height > 0:
        ratio = height / width
        found += [f"tall-{number}" for number, (least, most) in enumerate(_TALL, 1) if least < ratio <= most]
        if max(width, height) <= _MOST_OF_ICON and 0.5 <= ratio <= 2:  # noqa: PLR2004 - wider ones are words or formulas
            found.append(SMALL)
    return tuple(found)
