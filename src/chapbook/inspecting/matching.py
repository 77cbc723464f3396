"""Which chapter of one edition is which of another, whatever was renamed, retitled, moved or rewritten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

__all__ = ["Known", "matched"]

_WINDOW = 4
"""Words in a row by which texts are compared."""
_MOST_HOLDERS = 8
"""Chapters of one edition that hold the same words in a row: what more of them hold tells none of them apart."""
_ALIKE = 0.4
"""The share of text in common from which two chapters are the same without any other sign."""
_LITTLE_ALIKE = 0.1
"""The share that two chapters of one title have at least, unless they are short."""
_SHORT = 40
_NAME, _TITLE = 0.35, 0.2
"""What an equal name, or title, is worth beside the share of text in common."""


class Known(Struct, frozen=True, kw_only=True):
    """What chapters are told apart by."""

    name: str
    title: str
    words: Sequence[str]


def matched(before: Sequence[Known], after: Sequence[Known]) -> dict[int, int]:
    """By places in `after`, the places in `before` of the same chapters.

    Chapters are the same by their names, then by their titles, then by what their texts have in common. Of several
    that may be one chapter, the likeliest is it: a file that was given the name of another one is still known by its
    text.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()
    pairs = sorted(_scored(before, after), key=lambda each: (-each[0], each[2], each[1]))
    for _, place, at in pairs:
        if place not in taken and at not in found:
            found[at] = place
            taken.add(place)
    return found


def _scored(before: Sequence[Known], after: Sequence[Known]) -> Iterator[tuple[float, int, int]]:
    """Pairs of places that may be one chapter, each after how likely it is."""
    shares = _shares(before, after)
    names = {each.name: place for place, each in enumerate(before)}
    titles, new_titles = _titles(before), _titles(after)
    pairs = set(shares)
    pairs |= {(names[each.name], at) for at, each in enumerate(after) if each.name in names}
    pairs |= {(titles[title], at) for title, at in new_titles.items() if title in titles}
    for place, at in pairs:
        one, other = before[place], after[at]
        share = shares.get((place, at), float(one.words == other.words))
        is_named, is_titled = one.name == other.name, one.title == other.title
        is_short = max(len(one.words), len(other.words)) < _SHORT
        if is_named or share >= _ALIKE or (is_titled and (share >= _LITTLE_ALIKE or is_short)):
            yield share + _NAME * is_named + _TITLE * is_titled, place, at


def _titles(chapters: Sequence[Known]) -> dict[str, int]:
    """The places of the titles that only one has."""
    counts = Counter(each.title for each in chapters)
    return {each.title: at for at, each in enumerate(chapters) if each.title and counts[each.title] == 1}


def _shares(before: Sequence[Known], after: Sequence[Known]) -> dict[tuple[int, int], float]:
    """The share of text in common, from 0 to 1, of each pair that has any."""
    windows = [_windows(each.words) for each in after]
    holders: dict[tuple[str, ...], list[int]] = {}
    for at, held in enumerate(windows):
        for window in held:
            holders.setdefault(window, []).append(at)
    common: Counter[tuple[int, int]] = Counter()
    sizes: list[int] = []
    for place, each in enumerate(before):
        held = _windows(each.words)
        sizes.append(len(held))
        for window in held:
            those = holders.get(window, ())
            if len(those) <= _MOST_HOLDERS:
                common.update((place, at) for at in those)
    return {(place, at): 2 * count / (sizes[place] + len(windows[at])) for (place, at), count in common.items()}


def _windows(words: Sequence[str]) -> set[tuple[str, ...]]:
    """Every few words in a row; the text as a whole where it is shorter."""
    return set(zip(*(words[at:] for at in range(_WINDOW)), strict=False)) or ({tuple(words)} if words else set())
