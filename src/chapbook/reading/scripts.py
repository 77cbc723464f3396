"""Guesses a text's language from the script of its letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

__all__ = ["Guess", "guess_language", "is_written_in"]

_SCRIPTS = {
    "kana": (r"\u3041-\u30ff", ("ja",)),
    "Hangul": (r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", ("ko",)),
    "Hebrew": (r"\u05d0-\u05ea", ("he",)),
    "Greek": (r"\u0370-\u03ff\u1f00-\u1fff", ("el",)),
    "Thai": (r"\u0e01-\u0e5b", ("th",)),
    "Lao": (r"\u0e81-\u0edf", ("lo",)),
    "Khmer": (r"\u1780-\u17d3", ("km",)),
    "Burmese": (r"\u1000-\u109f", ("my",)),
    "Tamil": (r"\u0b82-\u0bfa", ("ta",)),
    "Telugu": (r"\u0c00-\u0c7f", ("te",)),
    "Kannada": (r"\u0c80-\u0cff", ("kn",)),
    "Malayalam": (r"\u0d00-\u0d7f", ("ml",)),
    "Gujarati": (r"\u0a81-\u0aff", ("gu",)),
    "Gurmukhi": (r"\u0a01-\u0a76", ("pa",)),
    "Sinhala": (r"\u0d81-\u0df4", ("si",)),
    "Georgian": (r"\u10a0-\u10ff", ("ka",)),
    "Armenian": (r"\u0531-\u058a", ("hy",)),
    "Cyrillic": (r"\u0400-\u04ff", ("ru", "uk", "bg", "sr")),
    "Arabic": (r"\u0620-\u06ff", ("ar", "fa", "ur")),
    "Han": (r"\u4e00-\u9fff", ("zh", "ja")),
    "Devanagari": (r"\u0904-\u097f", ("hi", "mr", "ne")),
    "Bengali": (r"\u0985-\u09ff", ("bn", "as")),
    "Ethiopic": (r"\u1200-\u137f", ("am", "ti")),
}
"""Scripts, with the languages that use them, likeliest first. Latin has too many."""
_WRITTEN_IN = {
    language: name for name, (_, languages) in _SCRIPTS.items() for language in languages if language != "ja"
} | {"mk": "Cyrillic", "be": "Cyrillic", "kk": "Cyrillic", "mn": "Cyrillic", "yi": "Hebrew"}
_IN_LATIN = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "af ca cs cy da de en es et eu fi fr ga gl hr hu id is it lt lv ms nb nl nn no pl pt ro sk sl sv sw tr vi"
    ).split()
)
_IN_TWO = frozenset({"sr", "kk", "mn", "pa"})
"""Languages written in Latin letters or in another script."""
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_TEXTS, _LOOKED_AT = 30, 2_000
"""How many texts, from first to last, and how many characters of each are examined."""
_ENOUGH = 20
"""The least number of letters for a guess."""
_FEW_KANA = 0.02
"""The share of kana in a text with Han from which it counts as Japanese."""


class Guess(Struct, frozen=True, kw_only=True):
    """The script of most letters, and the languages written in it."""

    script: str
    languages: tuple[str, ...]


@cache
def _letters() -> dict[str, re.Pattern[str]]:
    """(Compiled when first needed: most texts have only Latin letters.)"""
    return {name: re.compile(f"[{letters}]") for name, (letters, _) in _SCRIPTS.items()}


def _counted(texts: Sequence[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts[:: len(texts) // _TEXTS + 1]:
        part = text[:_LOOKED_AT]
        if not part.isascii():
            found.update({name: len(letters.findall(part)) for name, letters in _letters().items()})
        found["Latin"] += len(_LATIN.findall(part))
    return found


def guess_language(texts: Sequence[str]) -> Guess | None:
    """A guess from the letters of `texts`; ``None`` for Latin letters, or too few."""
    found = _counted(texts)
    total = sum(found.values())
    if total < _ENOUGH:
        return None
    if found["kana"] > _FEW_KANA * total:
        return Guess(script="kana", languages=("ja",))
    script, count = found.most_common(1)[0]
    if script == "Latin" or count * 2 < total:
        return None
    return Guess(script=script, languages=_SCRIPTS[script][1])


def is_written_in(language: str, texts: Sequence[str]) -> bool:
    """Whether the letters of `texts` fit `language`; true if nothing is known."""
    own = language.partition("-")[0].lower()
    found = _counted(texts)
    total = sum(found.values())
    if total < _ENOUGH or own in _IN_TWO:
        return True
    script, count = found.most_common(1)[0]
    if count * 10 < total * 9:
        return True
    if own == "ja":
        return script in {"kana", "Han"}
    wanted = "Latin" if own in _IN_LATIN else _WRITTEN_IN.get(own)
    return wanted is None or script == wanted
