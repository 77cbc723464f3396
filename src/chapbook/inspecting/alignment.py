"""What of two editions is the same: which chapter is which of the other, and which items of two sequences are.

Both take a time that is bounded however much the two differ.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from chapbook.packaging.edition_changes import rising

__all__ = ["Known", "Run", "changed_runs", "matched"]

_T = TypeVar("_T")
_WINDOW = 4
"""Words in a row by which texts are compared."""
_MOST_HOLDERS = 8
"""Chapters of one edition that hold the same words in a row: what more of them hold tells none of them apart."""
_ALIKE = 0.4
"""The share of text in common from which two chapters are the same without any other sign."""
_LITTLE_ALIKE = 0.1
"""The share that two chapters of one title have at least, unless they are short."""
_FEW_WORDS = 40
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
        is_short = max(len(one.words), len(other.words)) < _FEW_WORDS
        if is_named or share >= _ALIKE or (is_titled and (share >= _LITTLE_ALIKE or is_short)):
            yield share + _NAME * is_named + _TITLE * is_titled, place, at


def _titles(chapters: Sequence[Known]) -> dict[str, int]:
    """The places of the titles that only one has."""
    counts = Counter(each.title for each in chapters)
    return {each.title: at for at, each in enumerate(chapters) if each.title and counts[each.title] == 1}


def _shares(before: Sequence[Known], after: Sequence[Known]) -> dict[tuple[int, int], float]:
    """The share of text in common, from 0 to 1, of each pair that has any."""
    windows = [_word_windows(each.words) for each in after]
    holders: dict[tuple[str, ...], list[int]] = {}
    for at, held in enumerate(windows):
        for window in held:
            holders.setdefault(window, []).append(at)
    common: Counter[tuple[int, int]] = Counter()
    sizes: list[int] = []
    for place, each in enumerate(before):
        held = _word_windows(each.words)
        sizes.append(len(held))
        for window in held:
            those = holders.get(window, ())
            if len(those) <= _MOST_HOLDERS:
                common.update((place, at) for at in those)
    return {(place, at): 2 * count / (sizes[place] + len(windows[at])) for (place, at), count in common.items()}


def _word_windows(words: Sequence[str]) -> set[tuple[str, ...]]:
    """Every few words in a row; the text as a whole where it is shorter."""
    return set(_windows(words, _WINDOW)) or ({tuple(words)} if words else set())


def _windows(items: Sequence[_T], length: int) -> list[tuple[_T, ...]]:
    return list(zip(*(items[at:] for at in range(length)), strict=False))


_MOST_EDITS = 800
"""Items that differ up to which the shortest list of changes is looked for. The time grows with their square."""
_FEW_ITEMS = 600
"""Items of both sequences together up to which no question is asked on the way."""
_FIRST_LOOK = 64
"""Changes after which, and after twice as many and so on, it is asked whether the sequences have enough in common."""
_LEAST_COMMON = 3
"""Items for each change that must be behind then: at fewer, as in a text that was written anew, the fewest changes say
no more than others."""
_MOST_STEPS = 300_000
"""Comparisons for two sequences, beside `_STEPS_AN_ITEM` for each of their items. What is left then counts as
replaced."""
_STEPS_AN_ITEM = 30


_WINDOWS = (8, 3, 1)
"""How many items in a row are looked for on both sides, the surest first."""


class Run(Struct, frozen=True):
    """Items that one sequence has in the place of others: ``before[a:b]`` became ``after[c:d]``."""

    a: int
    b: int
    c: int
    d: int


def changed_runs(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[Run, ...]:
    """The runs in which `before` and `after` differ, in order; what lies between them is the same in both.

    Where few items differ they are the fewest (Myers, "An O(ND) difference algorithm", 1986). Where many do, rows of
    items that occur once in both are held to be the same (patience diff), and the gaps between are compared in turn.
    """
    numbers: dict[Hashable, int] = {}
    first, second = ([numbers.setdefault(each, len(numbers)) for each in items] for items in (before, after))
    return tuple(_joined(_Comparison(first, second).runs()))


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """The runs, those that touch as one."""
    last: Run | None = None
    for each in runs:
        if last is not None and (last.b, last.d) == (each.a, each.c):
            last = Run(last.a, each.b, last.c, each.d)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


class _Comparison:
    """One comparison, and how many steps are left for it."""

    def __init__(self, first: Sequence[int], second: Sequence[int]) -> None:
        self._first, self._second = first, second
        self._left = _MOST_STEPS + _STEPS_AN_ITEM * (len(first) + len(second))

    def runs(self) -> Iterator[Run]:
        """What differs, in order."""
        waiting = [Run(0, len(self._first), 0, len(self._second))]
        while waiting:
            gap = self._trimmed(waiting.pop())
            if gap.a == gap.b and gap.c == gap.d:
                continue
            self._left -= gap.b - gap.a + gap.d - gap.c
            if gap.a == gap.b or gap.c == gap.d or self._left < 0:
                yield gap
                continue
            same = self._fewest(gap)
            if same is not None:
                yield from _between(gap, same)
                continue
            anchors = self._anchors(gap)
            if anchors:
                waiting += reversed(list(_between(gap, anchors)))
            else:
                yield gap

    def _trimmed(self, gap: Run) -> Run:
        """The gap without what is the same at its beginning and its end."""
        a, b, c, d = gap.a, gap.b, gap.c, gap.d
        first, second = self._first, self._second
        while a < b and c < d and first[a] == second[c]:
            a, c = a + 1, c + 1
        while a < b and c < d and first[b - 1] == second[d - 1]:
            b, d = b - 1, d - 1
        self._left -= a - gap.a + gap.b - b
        return Run(a, b, c, d)

    def _anchors(self, gap: Run) -> list[tuple[int, int]]:
        """Pairs of places from which the same items follow that occur once on both sides, as many as rise together."""
        for length in _WINDOWS:
            first, second = (
                _windows(items, length) for items in (self._first[gap.a : gap.b], self._second[gap.c : gap.d])
            )
            self._left -= len(first) + len(second)
            places = _once(first)
            pairs = [(places[window], at) for window, at in _once(second).items() if window in places]
            if pairs:
                kept = rising([place for place, _ in pairs])
                return [(gap.a + x, gap.c + y) for x, y in pairs if x in kept]
        return []

    def _fewest(self, gap: Run) -> list[tuple[int, int]] | None:
        """Pairs of places that are the same with the fewest changes between; ``None`` if those are too many."""
        first, second = self._first[gap.a : gap.b], self._second[gap.c : gap.d]
        n, m = len(first), len(second)
        most = min(n + m, _MOST_EDITS)
        ends = array("l", [0]) * (2 * most + 3)
        """How far one comes in `first` on each diagonal, from ``-most - 1`` on."""
        zero = most + 1
        trace: list[array[int]] = []
        for edits in range(most + 1):
            if n + m > _FEW_ITEMS and self._is_hopeless(ends, zero, edits):
                return None
            trace.append(ends[zero - edits - 1 : zero + edits + 2])
            for k in range(-edits, edits + 1, 2):
                down = k == -edits or (k != edits and ends[zero + k - 1] < ends[zero + k + 1])
                start = x = ends[zero + k + 1] if down else ends[zero + k - 1] + 1
                while x < n and x - k < m and first[x] == second[x - k]:
                    x += 1
                ends[zero + k] = x
                self._left -= 1 + x - start
                if x >= n and x - k >= m:
                    return _traced(gap, trace, n, m)
                if self._left < 0:
                    return None
        return None

    @staticmethod
    def _is_hopeless(ends: array[int], zero: int, edits: int) -> bool:
        """Whether after so many changes hardly more than those is behind."""
        if edits < _FIRST_LOOK or edits & (edits - 1):
            return False
        behind = max(2 * ends[zero + k] - k for k in range(1 - edits, edits, 2))
        return behind < _LEAST_COMMON * edits


def _once(windows: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], int]:
    """Those that occur once, with their places, in order."""
    counts = Counter(windows)
    return {window: at for at, window in enumerate(windows) if counts[window] == 1}


def _between(gap: Run, same: Sequence[tuple[int, int]]) -> Iterator[Run]:
    """What of the gap lies between pairs of places that are the same."""
    a, c = gap.a, gap.c
    for x, y in (*same, (gap.b, gap.d)):
        if a < x or c < y:
            yield Run(a, x, c, y)
        a, c = x + 1, y + 1


def _traced(gap: Run, trace: Sequence[array[int]], n: int, m: int) -> list[tuple[int, int]]:
    """The pairs of places that are the same, found by going back through what each round began with."""
    x, y = n, m
    pairs = []
    for edits in range(len(trace) - 1, -1, -1):
        ends, at = trace[edits], x - y + edits + 1
        down = at == 1 or (at != 2 * edits + 1 and ends[at - 1] < ends[at + 1])
        before = ends[at + 1] if down else ends[at - 1]
        start = 0 if edits == 0 else before if down else before + 1
        while x > start:
            x, y = x - 1, y - 1
            pairs.append((gap.a + x, gap.c + y))
        x, y = before, before - (at - edits - 1) - (1 if down else -1)
    return pairs[::-1]
