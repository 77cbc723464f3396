"""Encoding damage: UTF-8 that was read in another encoding (``â€™``, ``Ã©``, ``‚Äù``), and U+FFFD.

A damaged character is the bytes of its UTF-8 form, each shown as its character in the wrong encoding. Such sequences
are found, decoded, and reported as damage only if no language writes them; in doubt, ftfy's statistics on the word
where no language writes them so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

__all__ = ["Damage", "find_damage"]


class Damage(Struct, frozen=True, kw_only=True):
    """A damaged place: the characters from `start` up to `end` of the text."""

    start: int
    end: int
    text: str
    meant: str
    """What it probably was; empty if unknown."""
    encoding: str
    """The encoding that the text was wrongly read in; empty with `meant`."""

    @property
    def is_sure(self) -> bool:
        """Whether every character of `meant` is in the text, though damaged: of a lost one, others may be meant."""
        return bool(self.meant) and self.text != _CUT


_LEADS = {
    "cp1252": range(0xC2, 0xF5),
    "cp1250": (0xC2, 0xC3, 0xC4, 0xC5, 0xE2, 0xEF),
    "cp1251": (0xC2, 0xC3, 0xD0, 0xD1, 0xE2, 0xEF),
    "mac_roman": (0xC2, 0xC3, 0xC4, 0xC5, 0xE2),
    "cp437": (0xC2, 0xC3, 0xC4, 0xC5, 0xE2),
    "cp850": (0xC2, 0xC3, 0xC4, 0xC5, 0xE2),
}
"""The lead bytes to look for, by encoding. In Mac Roman others are dashes and quotation marks, which come before
accented letters in sound French; cp1251 has such letters in Ukrainian.
"""
_LOWEST_LEAD = 0xC0
_NAMES = {
    "cp1252": "Windows-1252 or Latin-1",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "mac_roman": "Mac Roman",
    "cp437": "DOS code page 437",
    "cp850": "DOS code page 850",
}
_LETTERS = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0192\u0218-\u021b\u0386-\u03ce\u0401-\u045f\u0490\u0491\u1e00-\u1ef9"
)
_SIGNS = "\u00a0-\u00bf\u00d7\u00f7\u2010-\u2027\u202f\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212\ufeff"
_LATIN = re.compile(f"[{_LETTERS}{_SIGNS}]+")
_ANY = re.compile(
    f"[{_LETTERS}{_SIGNS}\u05d0-\u05ea\u0620-\u064a\u0900-\u0e5b\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3]+"
)
_QUOTES = frozenset("‘’‚“”„‹›«»–—…")
_UNSURE = frozenset("²³±≤≥π∏∑∫∂Ωµ∞ºª°£¥¢€\u00a0") | _QUOTES
_AFTER_NUMBERS = frozenset("\u00a0°£¥¢²³±ºª")
_LOST = "\ufffd"
_CUT = "â€"
"""A damaged character whose last byte was a control character, which is gone: a quotation mark, or a hyphen."""


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, int]]:
    """For each encoding, the byte of each non-ASCII character; bytes that cp1252 lacks are the C1 controls."""
    tables = {}
    for name in _LEADS:
        table = {bytes([byte]).decode(name, "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
        if name == "cp1252":  # Latin-1 has the controls themselves where cp1252 has characters
            table |= {chr(byte): byte for byte in range(0x80, 0xA0)}
        tables[name] = table
    return tables


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """A quick pattern for suspicious pairs, and for each encoding a pattern for runs of damaged characters."""
    leads: set[str] = set()
    trails: set[str] = set()
    runs = []
    for name, table in _tables().items():
        trail = {character for character, byte in table.items() if byte < _LOWEST_LEAD}
        by_length = [
            {character for character, byte in table.items() if byte in _LEADS[name] and low <= byte < high}
            for low, high in ((0xC2, 0xE0), (0xE0, 0xF0), (0xF0, 0xF5))
        ]
        leads.update(*by_length)
        trails |= trail
        forms = [f"{_set(lead)}{_set(trail)}{{{n}}}" for n, lead in enumerate(by_length, 1) if lead]
        runs.append((name, re.compile(f"(?:{'|'.join(forms)})+")))
    return re.compile(f"{_set(leads)}{_set(trails)}|{_LOST}"), tuple(runs)


def _set(characters: set[str]) -> str:
    return f"[{''.join(re.escape(character) for character in sorted(characters))}]"


def find_damage(text: str) -> tuple[Damage, ...]:
    """The damaged places of `text`, in order, without overlaps."""
    return () if text.isascii() else tuple(_find(text))


def _find(text: str) -> Iterator[Damage]:
    # A damaged character is two or more that aren't ASCII. Sound text has few such runs, and the patterns are slow.
    parts = [(0, len(text))] if _LOST in text else [found.span() for found in _NOT_ASCII.finditer(text)]
    for start, end in parts:
        yield from _find_within(text, start, end)


_NOT_ASCII = re.compile(r"[^\x00-\x7f]{2,}")


def _find_within(text: str, start: int, end: int) -> Iterator[Damage]:
    suspicious, runs = _patterns()
    while found := suspicious.search(text, start, end):
        damage = _lost(text, found.start()) if found[0] == _LOST else _judged(text, found.start(), runs)
        if damage:
            yield damage
        start = damage.end if damage else found.start() + 1


def _lost(text: str, start: int) -> Damage:
    end = start + 1
    while text.startswith(_LOST, end):
        end += 1
    return Damage(start=start, end=end, text=text[start:end], meant="", encoding="")


def _judged(text: str, start: int, runs: tuple[tuple[str, re.Pattern[str]], ...]) -> Damage | None:
    if text.startswith(_CUT, start) and not _followed(text, start + 2):
        return Damage(start=start, end=start + 2, text=_CUT, meant="”", encoding=_NAMES["cp1252"])
    for name, pattern in runs:
        run = pattern.match(text, start, start + 400)
        meant = _decoded(run[0], name) if run else ""
        if run and meant and _is_damage(text, run, meant, name):
            return Damage(start=start, end=run.end(), text=run[0], meant=meant, encoding=_NAMES[name])
    return None


def _followed(text: str, index: int) -> bool:
    """Whether the third character of a damaged ``â€?`` is at `index`; otherwise it was a C1 control, now lost."""
    return index < len(text) and _tables()["cp1252"].get(text[index], 0xFF) < _LOWEST_LEAD


def _decoded(run: str, name: str) -> str:
    """What `run` was before it was misread as `name`, once or several times; empty if that gives nothing."""
    table = _tables()[name]
    try:
        meant = bytes(table[character] for character in run).decode()
    except (KeyError, UnicodeDecodeError):
        return ""
    if len(meant) > 1 and all(character in table for character in meant):
        before = _decoded(meant, name)
        meant = before if _ANY.fullmatch(before) else meant  # two sound letters may look like the bytes of one
    return meant


def _is_damage(text: str, run: re.Match[str], meant: str, name: str) -> bool:
    damaged, sound = run[0], _ANY if name in {"cp1252", "cp1251"} else _LATIN
    if not sound.fullmatch(meant):
        return False
    if any("\x80" <= character <= "\x9f" for character in damaged):
        return True
    if name == "cp1251":
        return damaged[1] in "Ђ‚„" if len(damaged) == len(meant) * 3 else len(meant) > 1 and not damaged.isupper()
    if all(map(_is_drawn, damaged)):
        return False  # a table drawn with line characters
    if len(meant) > 1:
        return True
    return bool(_LATIN.fullmatch(meant)) and (len(damaged) > _PAIR or _pair_is_damage(text, run))


_PAIR = 2


def _pair_is_damage(text: str, run: re.Match[str]) -> bool:
    """Whether a single pair is damage: an accented capital and a sign also occur together in sound text."""
    lead, trail = run[0][0], run[0][1]
    before, after = text[max(0, run.start() - 1) : run.start()], text[run.end() : run.end() + 1]
    if before.isupper() and not after.islower():
        return trail.islower() and after.isupper()
    in_word = before.islower() or after.isalpha()
    if trail in _UNSURE or trail.isalpha():
        return in_word or (lead == "Â" and trail in _AFTER_NUMBERS and before != "\u00a0") or run[0] == "Ã€"
    return lead in "ÂÃĂÎÏÐ¬√" or in_word or _stands_alone(text, run, before + after)


def _stands_alone(text: str, run: re.Match[str], beside: str) -> bool:
    """Whether a pair that is no part of a word is damage: most are, and no text of any language has them.

    Sound are marks after a capital and the unit Å after a number, unless more damage is near; and a drawn line.
    """
    start, end, lead = run.start(), run.end(), run[0][0]
    if lead == "─":
        return not any(map(_is_drawn, beside))
    if (lead.isupper() and run[0][1] in _MARKS) or (lead == "Å" and _NUMBER.search(text[max(0, start - 2) : start])):
        near = f"{text[max(0, start - _NEAR) : start]} {text[end : end + _NEAR]}"
        return bool(_patterns()[0].search(near))
    return True


_MARKS = frozenset("©®™·•´˝¹\u00ad")
_NUMBER = re.compile(r"\d[ \u00a0]?$")
_NEAR = 20


def _is_drawn(character: str) -> bool:
    return "─" <= character <= "▟"
