"""The names that authors' tools give their boxes, and the one of GitHub's five alerts that each corresponds to."""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["ALERTS", "ALERT_KINDS"]

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
