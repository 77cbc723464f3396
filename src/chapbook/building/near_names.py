"""Which file or place was probably meant by one that is not there: a hint, found in time that has a bound.

A book of thousands of chapters may have thousands of wrong links, so nothing here looks at every name for each: whole
names are looked up, and only the names of one folder are compared letter by letter, up to a limit for the whole book.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

__all__ = ["NearNames"]

_MOST_COMPARED = 20_000
"""Comparisons for one book: about half a second. Beyond, no slips are guessed; what there is to say is said all the
same."""
_ALIKE = 0.75
_LONGEST = 200
_INDEXES = frozenset({"_index.md", "index.md", "readme.md"})
"""Names that say nothing of their file."""


class NearNames:
    """Finds what was probably meant among the paths of a book."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = paths
        self._left = _MOST_COMPARED
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
        """The one path that differs from `path` in upper and lower case alone; empty where none or several do."""
        found = self._by_fold.get(path.casefold(), ())
        return found[0] if len(found) == 1 else ""

    def hint(self, candidates: Sequence[str]) -> str:
        """What to say of a target that may have been any of `candidates`; empty where there is nothing to say."""
        for path in candidates:
            if self.in_other_case(path):
                return f"'{self.in_other_case(path)}' is there: upper and lower case matter"
        for path in candidates[:1]:
            folder, _, name = path.rpartition("/")
            elsewhere = self._by_name.get(name.casefold(), ()) if name.casefold() not in _INDEXES else ()
            if elsewhere:
                return f"'{elsewhere[0]}' is there, in another folder"
            slip = self._slip(path, folder, name)
            if slip:
                return f"is '{slip}' meant?"
        return ""

    def _slip(self, path: str, folder: str, name: str) -> str:
        if path not in self._slips:
            stems = {each.rpartition(".")[0] or each: each for each in self._by_folder.get(folder, ())}
            near = self.nearest(name.rpartition(".")[0] or name, list(stems))
            self._slips[path] = (f"{folder}/{stems[near]}" if folder else stems[near]) if near else ""
        return self._slips[path]

    def nearest(self, word: str, words: Sequence[str], *, alike: float = _ALIKE) -> str:
        """The one of `words` that is most like `word`; empty where none is, or where the book has had its share."""
        self._left -= len(words)
        if self._left < 0 or len(word) > _LONGEST:
            return ""
        near = difflib.get_close_matches(word, [each for each in words if len(each) <= _LONGEST], n=1, cutoff=alike)
        return near[0] if near else ""


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, value in sorted(pairs):
        groups.setdefault(key, []).append(value)
    return groups
