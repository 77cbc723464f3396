"""The few words that chapbook itself adds to a book, in the book's language.

They are in ``words/``, one JSON file for each language, named by its BCP 47 tag in lower case. If a file lacks a key,
the English word is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["date_in_words", "has_words", "label", "labelled", "phrase"]

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,2}")
_SAME_WORDS = MappingProxyType(
    {"zh-hant": "zh-tw", "zh-hk": "zh-tw", "zh-mo": "zh-tw", "iw": "he", "no": "nb", "nn": "nb"}
)
"""Tags that share another tag's words."""
_FOLDER = Path(__file__).parent.parent / "words"
_PLACE = re.compile(r"\{(\w+)\}")


def label(key: str, language: str) -> str:
    """The words for `key` in `language` (a BCP 47 tag); in English if chapbook doesn't know the language."""
    return _words_for(language).get(key) or _words("en")[key]


def phrase(key: str, language: str, **parts: str) -> str:
    """The words for `key` with its placeholders filled in: ``{names}`` becomes the value of ``names``."""
    return _PLACE.sub(lambda place: parts[place[1]], label(key, language))


def labelled(before: str, title: str, language: str) -> str:
    """``Chapter 14b: The title``, joined by the rules of `language`. A label that ends in punctuation gets no colon."""
    if before[-1:] in _SIGNS:
        joint = _WIDE if _WIDE in label("label-title", language) else " "
        return f"{before}{joint}{title}"
    return phrase("label-title", language, label=before, title=title)


_SIGNS = ".:!?。：—–"
_WIDE = "\u3000"


def date_in_words(day: date, language: str) -> str:
    """`day` written out in `language` (``3 February 2025``); in ISO 8601 form if chapbook doesn't know the language."""
    words = _words_for(language)
    if not {"date", "first-day", "months"} <= words.keys():
        return day.isoformat()
    number = words["first-day"] if day.day == 1 else str(day.day)
    return phrase("date", language, day=number, month=words["months"].split()[day.month - 1], year=str(day.year))


def has_words(language: str) -> bool:
    """Whether chapbook has words in `language`, so that `label` doesn't fall back to English."""
    return bool(_words_for(language))


def _words_for(language: str) -> Mapping[str, str]:
    """The words for the nearest known tag: for ``de-CH-1996``, those of ``de``."""
    tag = language.lower()
    while tag:
        words = _words(_SAME_WORDS.get(tag, tag))
        if words:
            return words
        tag = tag.rpartition("-")[0]
    return {}


@cache
def _words(tag: str) -> Mapping[str, str]:
    if not _TAG.fullmatch(tag):  # the tag becomes part of a file name here, so check it
        return MappingProxyType({})
    try:
        text = (_FOLDER / f"{tag}.json").read_text("utf-8")
    except FileNotFoundError:
        return MappingProxyType({})
    return MappingProxyType(json.loads(text))
