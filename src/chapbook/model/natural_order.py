"""Natural order of names, ``ch2`` before ``ch10``; with digits of all scripts, Chinese and Roman numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

__all__ = ["natural_key", "words_before_romans"]

_NUMBERS = re.compile(r"(\d+|[〇零一二三四五六七八九十百]+)")
"""Digits of all scripts, and Chinese numerals."""
_CHINESE = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0}
_ROMAN = re.compile(
    r"(?P<word>(?:\D*[\s_.-])?)(?P<roman>c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))(?=[\s_.-]|\Z)", re.IGNORECASE
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_WORD_BEFORE = re.compile(r"(?:\D*[\s_.-])?")


def words_before_romans(names: Iterable[str]) -> AbstractSet[str]:
    """The words before a Roman numeral in two or more `names`, and only there: ``Chapter``."""
    counts: dict[str, int] = {}
    others: set[str] = set()
    for name in names:
        found = _ROMAN.match(name)
        if found and found["roman"]:
            counts[found["word"].casefold()] = counts.get(found["word"].casefold(), 0) + 1
        else:
            others.add(_WORD_BEFORE.match(name.casefold())[0])  # type: ignore[index]  # it matches anything
    return {word for word, count in counts.items() if count > 1 and word not in others}


def natural_key(path: str, words: AbstractSet[str] = frozenset()) -> list[list[tuple[int, str]]]:
    """A key for sorting paths naturally; Roman numerals count as numbers after `words` (see `words_before_romans`)."""
    *folders, name = path.split("/")
    roman = _ROMAN.match(name) if words else None
    if roman and roman["roman"] and roman["word"].casefold() in words:
        name = f"{roman['word']}{_roman(roman['roman'])}{name[roman.end() :]}"
    return [_natural(each) for each in (*folders, name)]


def _roman(numeral: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in numeral.lower()]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def _natural(name: str) -> list[tuple[int, str]]:
    """A sort key that puts ``ch2`` before ``ch10``: digits by value, letters ignoring case.

    Call it without the file's suffix, so that ``intro.md`` comes before ``intro2.md``.
    """
    return [
        (int(part) if part.isdecimal() else _chinese(part), "") if at % 2 else (-1, part.casefold())
        for at, part in enumerate(_NUMBERS.split(name))
    ]


def _chinese(numeral: str) -> int:
    """The value of 一 to 九百九十九; plain figures (二〇) are read as digits."""
    if not {"十", "百"}.intersection(numeral):
        return int("".join(str(_CHINESE[each]) for each in numeral))
    total = 0
    hundreds, has_hundreds, rest = numeral.rpartition("百")
    if has_hundreds:
        total += 100 * (_CHINESE.get(hundreds[-1:], 1) if hundreds else 1)
    tens, has_tens, ones = rest.rpartition("十")
    if has_tens:
        total += 10 * (_CHINESE.get(tens[-1:], 1) or 1)
    return total + (_CHINESE.get(ones[-1:], 0) if ones else 0)
