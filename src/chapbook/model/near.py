"""Finds which of many words was probably meant by another; the time is linear in words and questions.

A question doesn't compare all words. If there are many, it looks up those that share pairs and triples of letters,
rarest first, and compares only the words that share most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import takewhile

__all__ = ["NearNames", "NearWords", "all_nearest", "nearest"]

_FEW = 100
"""Up to this many words are all compared: an index would take more memory than it saves time."""
_MOST_SEEN = 1_000
"""The most index entries that one question looks at."""
_MOST_COMPARED = 24
"""Words that one question compares letter by letter."""
_LONGEST = 200
"""Longer words aren't compared."""
_LONGEST_KEY = 40
_SHORT = 5
"""Up to this many letters, one mistake is allowed; in longer words, two."""
_ALIKE = 0.75
_EDGE = "\0"
_DIGITS = re.compile(r"\d+")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` is probably a misspelling of: one letter wrong, two in a long word; nearest first.

    A letter left out, added or changed, or two neighbours swapped, counts as one mistake.
    """
    return _words_of(tuple(known)).slip(word)


def all_nearest(word: str, known: Iterable[str]) -> list[str]:
    """Those of `known` that `word` may as well be a slip of as of the one that `nearest` gives."""
    return _words_of(tuple(known)).slips(word)


@lru_cache(maxsize=32)
def _words_of(known: tuple[str, ...]) -> NearWords:
    """(Cached, because the tables of known words are constant.)"""
    return NearWords(known)


class NearWords:
    """Words to look up misspellings in. Case and underscores don't matter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._plain = [_plain(word) for word in self._words]

    def slip(self, word: str) -> str | None:
        """The word that `word` is probably a misspelling of; see `nearest`."""
        return next(iter(self.slips(word)), None)

    def slips(self, word: str) -> list[str]:
        """All words that `word` is as likely a slip of as of the one that `slip` gives."""
        plain = _plain(word.strip())
        best, fewest = list[str](), 3
        for at in sorted(self._likely(plain, len(plain) - 2, len(plain) + 2)) if len(plain) <= _LONGEST_KEY else ():
            other = self._plain[at]
            allowed = 0 if min(len(plain), len(other)) <= 1 else 1 if len(other) <= _SHORT else 2
            slips = _slips(plain, other)
            if slips <= allowed and slips <= fewest:
                best, fewest = [*(best if slips == fewest else ()), self._words[at]], slips
        return best

    def like(self, word: str, *, alike: float = _ALIKE) -> str:
        """The word most similar to `word`; empty if none is similar enough.

        `alike` (0 to 1) is the smallest share of their letters that the two must have in common, in order.
        """
        plain = _plain(word)
        if not 0 < len(plain) <= _LONGEST:
            return ""
        # Two words can't have more letters in common than the shorter one has.
        shortest, longest = len(plain) * alike / (2 - alike), len(plain) * (2 - alike) / alike
        best, most = "", 0.0
        for at in self._likely(plain, shortest, longest):
            other = self._plain[at]
            share = 2 * _in_common(plain, other) / (len(plain) + len(other))
            if share >= alike and share > most:
                best, most = self._words[at], share
        return best

    def _likely(self, plain: str, shortest: float, longest: float) -> Iterable[int]:
        """The indexes of words of suitable length that may be near to `plain`; of many, those that share most."""
        if len(self._words) <= _FEW:
            return (at for at, word in enumerate(self._plain) if shortest <= len(word) <= longest)
        left = _MOST_SEEN
        shared: Counter[int] = Counter()
        for places in sorted(filter(None, map(self._sharing.get, _pieces(plain))), key=len):
            if left <= 0:
                break
            shared.update(at for at in places[:left] if shortest <= len(self._plain[at]) <= longest)
            left -= len(places)
        return (at for at, _ in shared.most_common(_MOST_COMPARED))

    @cached_property
    def _sharing(self) -> Mapping[str, list[int]]:
        """For each piece, the indexes of the words that contain it."""
        sharing: dict[str, list[int]] = {}
        for at, word in enumerate(self._plain):
            for piece in _pieces(word) if len(word) <= _LONGEST else ():
                sharing.setdefault(piece, []).append(at)
        return sharing


def _plain(word: str) -> str:
    return word.casefold().replace("_", "-")


def _pieces(word: str) -> Iterable[str]:
    """The pairs and triples of neighbouring letters, each once; the word's ends count as letters."""
    edged = f"{_EDGE}{word}{_EDGE}"
    return dict.fromkeys(edged[at : at + length] for length in (2, 3) for at in range(len(edged) - length + 1))


def _slips(one: str, two: str) -> int:
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


def _in_common(one: str, two: str) -> int:
    """The length of the longest common subsequence, with a row of bits for each letter (Hyyrö 2004)."""
    rows: dict[str, int] = {}
    for at, letter in enumerate(one):
        rows[letter] = rows.get(letter, 0) | 1 << at
    whole = left = (1 << len(one)) - 1
    for letter in two:
        met = left & rows.get(letter, 0)
        left = (left + met | left - met) & whole
    return len(one) - left.bit_count()


_INDEXES = frozenset({"_index.md", "index.md", "readme.md"})
"""Names that say nothing about their file."""


class NearNames:
    """Finds which of a book's paths was probably meant."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = paths
        self._near: dict[str, tuple[NearWords, Mapping[str, str]]] = {}
        self._slips: dict[str, str] = {}

    @cached_property
    def _by_fold(self) -> Mapping[str, list[str]]:
        return _grouped((path.casefold(), path) for path in self._paths)

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        return _grouped((path.rpartition("/")[2].casefold(), path) for path in self._paths)

    @cached_property
    def _by_folder(self) -> Mapping[str, list[str]]:
        return _grouped((path.rpartition("/")[0], path.rpartition("/")[2]) for path in self._paths)

    def in_other_case(self, path: str) -> str:
        """The path that differs from `path` only in case; empty if there is none, or more than one."""
        found = self._by_fold.get(path.casefold(), ())
        return found[0] if len(found) == 1 else ""

    def hint(self, candidates: Sequence[str]) -> str:
        """The hint for a missing target that may be any of `candidates`; empty if nothing is similar."""
        for path in candidates:
            if self.in_other_case(path):
                return f"'{self.in_other_case(path)}' exists: upper and lower case matter"
        for path in candidates[:1]:
            folder, _, name = path.rpartition("/")
            elsewhere = self._by_name.get(name.casefold(), ()) if name.casefold() not in _INDEXES else ()
            found = _of_longest_end(path, elsewhere)
            if elsewhere:
                return f"there is '{found}' in another folder" if found else ""
            if path not in self._slips:
                self._slips[path] = self._slip(folder, name)
            if self._slips[path]:
                return f"did you mean '{self._slips[path]}'?"
        return ""

    def _slip(self, folder: str, name: str) -> str:
        if folder not in self._near:
            named = {_stem(each): each for each in self._by_folder.get(folder, ())}
            self._near[folder] = NearWords(named), named
        stems, names = self._near[folder]
        near = stems.like(_stem(name))
        if not near or _DIGITS.sub("", near) == _DIGITS.sub("", _stem(name)):  # a different number is a different file
            return ""
        return f"{folder}/{names[near]}".lstrip("/")


def _of_longest_end(path: str, others: Sequence[str]) -> str:
    """The one of `others` that shares most of its last folders with `path`; empty if several share as many.

    Also empty for two that share only the name and whose folders differ by a number.
    """
    wanted = path.casefold().split("/")[::-1]
    ends = {other: _in_common_from(wanted, other.casefold().split("/")[::-1]) for other in others}
    most = max(ends.values(), default=0)
    best = [other for other, end in ends.items() if end == most]
    if len(best) != 1 or (most == 1 and _DIGITS.sub("", best[0]) == _DIGITS.sub("", path)):
        return ""
    return best[0]


def _in_common_from(one: Sequence[str], two: Sequence[str]) -> int:
    """How many of their first elements are equal."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, value in sorted(pairs):
        groups.setdefault(key, []).append(value)
    return groups
