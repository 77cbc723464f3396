"""Where long words can break: at the author's soft hyphens, or by the patterns of their language.

The patterns are Frank Liang's (Word Hy-phen-a-tion by Com-put-er, 1983), from LibreOffice's dictionaries, which pyphen
contains. pyphen's own reader makes an object for each pattern, which takes a second for German; here a pattern is read
when a word needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

__all__ = [
    "LONG",
    "LONG_WORD",
    "SOFT_HYPHEN",
    "long_words",
    "plain",
    "soft_hyphened",
    "softened_text",
    "syllables",
]

SOFT_HYPHEN = "\u00ad"
LONG_WORD = "long-word"
"""The class of an element around a long word in a title: it gets its own line before it breaks."""
LONG = 12
"""Words in titles and headings of this length may be wider than a phone."""
_LETTERS = "A-Za-zªºÀ-ÖØ-öø-ʯ\u0300-\u036fͰ-ͽͿ-ԯḀ-ỿἀ-ῼ"
"""Latin, Greek and Cyrillic: other scripts break without a hyphen, or not at all."""
_LEAST_PART = 4
"""Letters required before and after a hyphen; fewer look like a mistake in a title."""
_PREFERRED = MappingProxyType({"en": "en_US", "de": "de_DE", "pt": "pt_BR", "no": "nb_NO"})
"""Dictionaries for languages without a region; most have only one."""


def plain(text: str) -> str:
    """`text` without soft hyphens and word joiners, for metadata, names and contents, where they count as letters."""
    return text.replace(SOFT_HYPHEN, "").replace("\u2060", "")


def long_words(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """Splits `text` into pieces, each marked as a long word (with soft hyphens where it can break) or not.

    A long word has at least `LONG` letters and can break in `language` (BCP 47), or has the author's soft hyphens;
    what is attached to it without a space belongs to it. Without such words, `text` is one piece.
    """
    start = 0
    for chunk in _CHUNK.finditer(text):
        if chunk.end() - chunk.start() < LONG:
            continue
        soft = soft_hyphened(chunk[0], language, LONG)
        if SOFT_HYPHEN in soft:
            if chunk.start() > start:
                yield text[start : chunk.start()], False
            yield soft, re.search(_WITHOUT_SPACES, soft) is None
            start = chunk.end()
    if start < len(text):
        yield text[start:], False


_CHUNK = re.compile(r"[^ \t\r\n]+")
_WITHOUT_SPACES = "[\u2e80-\ud7a3\uf900-\ufaff\uff00-\uffef]"
"""Scripts that break between any two letters, so a run there is more than a word. (Compiled when first needed.)"""


def soft_hyphened(text: str, language: str, least: int) -> str:
    """`text` with soft hyphens in words of at least `least` letters; words that have some stay unchanged."""

    def soft(word: re.Match[str]) -> str:
        return SOFT_HYPHEN.join(syllables(word[0], language)) if len(plain(word[0])) >= least else word[0]

    return _LETTERS_ONLY.sub(soft, text)


_LETTERS_ONLY = re.compile(f"[{_LETTERS}{SOFT_HYPHEN}]+")


def softened_text(text: str, language: str, least: int) -> str:
    """`text` with soft hyphens in words of at least `least` letters, except in addresses and file names."""
    if b"x" * least not in text.encode("utf-8", "replace").translate(_RUNS):
        return text  # most texts have none; this check takes a tenth of the time

    def soft(found: re.Match[str]) -> str:
        chunk = found[0]
        if SOFT_HYPHEN in chunk or _ADDRESS.search(chunk):
            return chunk
        return _UNKNOWN.sub(_in_eights, _SINGLE.sub(r"\1", soft_hyphened(chunk, language, least)))

    return _chunks_of(least).sub(soft, text)


def _in_eights(unknown: re.Match[str]) -> str:
    return SOFT_HYPHEN.join(unknown[0][at : at + 8] for at in range(0, len(unknown[0]), 8))


_SINGLE = re.compile(f"({SOFT_HYPHEN}[^{SOFT_HYPHEN}]){SOFT_HYPHEN}")
"""A letter that would be alone on its line."""
_UNKNOWN = re.compile(f"[{_LETTERS}]{{20,}}")
"""A word without known breaks, too long for a small page: any hyphen is better than none."""
_RUNS = bytes(0x78 if chr(byte).isalpha() or (byte >= 0x80 and byte != 0xE2) else 0x20 for byte in range(256))  # noqa: PLR2004
"""Bytes of UTF-8 that may belong to letters, as ``x``; U+2000 to U+2FFF, which begin with E2, are signs."""
_ADDRESS = re.compile(r"[/\\@_=\d]|\w\.\w|^www\.")


@cache
def _chunks_of(least: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)\S{{{least},}}")


def syllables(word: str, language: str) -> tuple[str, ...]:
    """Splits `word` where it can break; returns it whole without soft hyphens or patterns for its language."""
    if SOFT_HYPHEN in word:
        return tuple(filter(None, word.split(SOFT_HYPHEN)))
    cuts = _cuts(word, language.lower().replace("-", "_"))
    return tuple(word[start:end] for start, end in zip((0, *cuts), (*cuts, len(word)), strict=True))


@lru_cache(maxsize=1024)
def _cuts(word: str, language: str) -> tuple[int, ...]:
    lowered = f".{word.lower()}."
    patterns, longest = _patterns(language)
    if not patterns or len(lowered) != len(word) + 2:  # a letter became two in lower case
        return ()
    values = [0.0] * (len(lowered) + 1)
    for start in range(len(lowered)):
        for end in range(start + 1, min(start + longest, len(lowered)) + 1):
            if pattern := patterns.get(lowered[start:end]):
                for place, value in _values(pattern):
                    values[start + place] = max(values[start + place], value)
    return tuple(at for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1) if values[at + 1] % 2 == 1)


def _values(pattern: str) -> list[tuple[int, float]]:
    """The digits of a pattern, each with the number of letters before it. Skips breaks that change the spelling."""
    letters, changes, _ = pattern.partition("/")
    found, place = [], 0
    for each in letters:
        if each.isdigit():
            found.append((place, int(each) + (0.5 if changes else 0.0)))
        else:
            place += 1
    return found


_NO_DIGITS = str.maketrans("", "", "0123456789")
_HEXADECIMAL = re.compile(r"\^\^([0-9a-f]{2})")


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[Mapping[str, str], int]:
    """The patterns of `language` by their letters, and the length of the longest; empty without a dictionary."""
    import pyphen  # type: ignore[import-untyped]  # noqa: PLC0415 - few books have a word that is as long

    name = (
        _PREFERRED.get(language)
        or pyphen.language_fallback(language)
        or _PREFERRED.get(language.split("_", maxsplit=1)[0])
    )
    if name is None:
        return {}, 0
    data = pyphen.LANGUAGES[name].read_bytes()
    encoding, _, body = data.partition(b"\n")
    known = encoding.decode("ascii", "replace").strip().lower()
    text = body.decode("cp1251" if known == "microsoft-cp1251" else known)
    lines = [line.strip() for line in _HEXADECIMAL.sub(lambda code: chr(int(code[1], 16)), text).split("\n")]
    found = {line.partition("/")[0].translate(_NO_DIGITS): line for line in lines if line and line[0] not in "%#"}
    return found, max(map(len, found), default=0)
