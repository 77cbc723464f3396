"""Which way a language is written."""

from __future__ import annotations

from typing import Literal

from chapbook.metadata import Metadata

__all__ = ["page_direction", "text_direction"]

_LANGUAGES = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ji", "ps", "sd", "syr", "ug", "ur", "yi"})
_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def text_direction(language: str) -> Literal["ltr", "rtl"]:
    """The direction of text in `language` (a BCP 47 tag), by its script where the tag names one."""
    primary, *subtags = language.lower().replace("_", "-").split("-")
    script = next((each for each in subtags[:2] if len(each) == 4 and each.isalpha()), "")  # noqa: PLR2004 - BCP 47
    rtl = script in _SCRIPTS if script else primary in _LANGUAGES
    return "rtl" if rtl else "ltr"


def page_direction(metadata: Metadata) -> Literal["ltr", "rtl"]:
    """The direction in which pages turn: the author's, else that of the language (EPUB 3.3, section 5.7.1)."""
    return metadata.direction or text_direction(metadata.language)
