"""Which file or place was probably meant by one that is not there: a hint."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from chapbook.near import NearWords

__all__ = ["NearNames"]

_INDEXES = frozenset({"_index.md", "index.md", "readme.md"})
"""Names that say nothing of their file."""


class NearNames:
    """Finds what was probably meant among the paths of a book."""

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
            if path not in self._slips:
                self._slips[path] = self._slip(folder, name)
            if self._slips[path]:
                return f"is '{self._slips[path]}' meant?"
        return ""

    def _slip(self, folder: str, name: str) -> str:
        if folder not in self._near:
            named = {_stem(each): each for each in self._by_folder.get(folder, ())}
            self._near[folder] = NearWords(named), named
        stems, names = self._near[folder]
        near = stems.like(_stem(name))
        return f"{folder}/{names[near]}".lstrip("/") if near else ""


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, value in sorted(pairs):
        groups.setdefault(key, []).append(value)
    return groups
