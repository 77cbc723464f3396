"""The types of chapters as authors write them."""

from __future__ import annotations

import re
from types import MappingProxyType

from chapbook.contents import CHAPTER_TYPES
from chapbook.near import nearest
from chapbook.reading.foreign_keys import FOREIGN_TYPES

__all__ = ["chapter_type", "type_hint"]

_WORDS = MappingProxyType(
    {
        "acknowledgements": "acknowledgments",
        "acknowledgement": "acknowledgments",
        "acknowledgment": "acknowledgments",
        "copyright": "copyright-page",
        "intro": "introduction",
    }
)


def chapter_type(written: str) -> str | None:
    """The type that `written` means, in any case; empty for none and for what other tools call a type."""
    if written in CHAPTER_TYPES:
        return written
    word = _word(written)
    if word in CHAPTER_TYPES:
        return word
    return "" if not word or word in FOREIGN_TYPES else None


def type_hint(written: str) -> str:
    """The way out for a word that is no type."""
    meant = nearest(_word(written), CHAPTER_TYPES)
    return f"write '{meant}'" if meant else "known are " + ", ".join(CHAPTER_TYPES)


def _word(written: str) -> str:
    word = re.sub(r"[\s_]+", "-", written.strip().lower())
    return _WORDS.get(word, word)
