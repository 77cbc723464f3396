"""The word that a slip was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["nearest"]

_SHORT = 5
"""Up to this many letters one slip is allowed, beyond it two."""
_LONGEST = 40


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` is a slip of: one letter wrong, two in a long word; the nearest first.

    A letter left out, added, changed, or two neighbours changed about, count as one slip each.
    """
    word = word.casefold().replace("_", "-").strip()
    best, fewest = None, 3
    for each in known if len(word) <= _LONGEST else ():
        other = each.casefold().replace("_", "-")
        allowed = 0 if min(len(word), len(other)) <= 1 else 1 if len(other) <= _SHORT else 2
        if abs(len(word) - len(other)) <= allowed:
            slips = _distance(word, other)
            if slips <= allowed and slips < fewest:
                best, fewest = each, slips
    return best


def _distance(one: str, two: str) -> int:
    """The optimal string alignment distance."""
    before: list[int] = []
    above = list(range(len(two) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, other in enumerate(two, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == two[column - 2] and one[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    return above[-1]
