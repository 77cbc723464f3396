"""The few words that chapbook itself puts into a book, in the book's language."""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["label"]

_ENGLISH = MappingProxyType(
    {
        "contents": "Contents",
        "cover": "Cover",
        "title-page": "Title page",
        "landmarks": "Landmarks",
        "start": "Start of the text",
        "notes": "Notes",
        "back-to-reference": "Back to reference",
        "note": "Note",
        "tip": "Tip",
        "important": "Important",
        "warning": "Warning",
        "caution": "Caution",
        "done": "Done",
        "to-do": "To do",
        "by": "by",
        "untitled": "Untitled",
    }
)

_LABELS = MappingProxyType(
    {
        "en": _ENGLISH,
        "de": MappingProxyType(
            {
                "contents": "Inhalt",
                "cover": "Umschlag",
                "title-page": "Titelseite",
                "landmarks": "Orientierungspunkte",
                "start": "Textbeginn",
                "notes": "Anmerkungen",
                "back-to-reference": "Zurück zur Stelle",
                "note": "Hinweis",
                "tip": "Tipp",
                "important": "Wichtig",
                "warning": "Warnung",
                "caution": "Vorsicht",
                "done": "Erledigt",
                "to-do": "Offen",
                "by": "von",
            }
        ),
    }
)


def label(key: str, language: str) -> str:
    """The words for `key` in `language` (a BCP 47 tag), in English where chapbook does not know it."""
    tag = language.lower()
    while tag:
        if tag in _LABELS:
            return _LABELS[tag].get(key, _ENGLISH[key])
        tag = tag.rpartition("-")[0]
    return _ENGLISH[key]
