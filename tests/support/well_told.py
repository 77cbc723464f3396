"""Whether a message is one that an author can read."""

from __future__ import annotations

import re

from chapbook.model.diagnostics import Diagnostic, Severity

__all__ = ["is_told_well"]

_WITHOUT_A_HINT = frozenset(
    {
        *("css-file-missing", "css-invalid", "css-not-supported", "css-reference-missing", "file-outside"),
        *("file-too-large", "file-unreadable", "font-invalid", "markup-removed", "setting-file-missing"),
        *("settings-doubled", "settings-invalid", "too-deep", "value-invalid", "value-type"),
    }
)
"""Codes of which some message has no hint: its words are the way out."""
_NONE = re.compile(r"\bNone\b")


def is_told_well(each: Diagnostic) -> bool:
    """Whether `each` says in words what is wrong, what to do where there is a way, and a place that there can be."""
    return (
        _is_words(each.message)
        and "\n" not in each.message
        and not each.message.endswith(".")
        and (_needs_no_hint(each) if each.hint is None else _is_words(each.hint))
        and all(place is None or place >= 1 for place in (each.line, each.column))
    )


def _needs_no_hint(each: Diagnostic) -> bool:
    return each.code in _WITHOUT_A_HINT or each.severity is Severity.NOTE


def _is_words(text: object) -> bool:
    """Whether it is what an author can read; ``None`` within a text is a value that somebody forgot."""
    return isinstance(text, str) and bool(text.strip()) and _NONE.search(text) is None
