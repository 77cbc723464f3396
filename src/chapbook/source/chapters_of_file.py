"""Splits a file with several first-level headings into chapters, each with the definitions that it uses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from msgspec import Struct

from chapbook.source.lines import code_ranges
from chapbook.source.positions import Ranges

__all__ = ["ChapterText", "chapters_of_file"]

_HEADING = {
    "markdown": re.compile(r"^(?:#(?!#)[^\n]*[^\s#][^\n]*|(?=\S)(?![-+*>|<#=])[^\n]+\n=+[ ]*)$", re.MULTILINE),
    "commonmark": re.compile(
        r"^ {0,3}(?:#[ \t]+[^\s#][^\n]*|(?=[^\s>|<#=])(?![-+*][ \t])[^\n]+\n {0,3}=+[ \t]*)$", re.MULTILINE
    ),
}
_NO_CHAPTER = re.compile(r"#\.[ \t]|# \((?:PART|APPENDIX)\\?\*?\)")
"""Pandoc's numbered lists, and bookdown's titles of parts."""
_FURTHER_HEADING = re.compile(r"\n {0,3}(?:#(?!#)|=)")
"""Found in all texts with a second heading, and in few others."""
_DEFINITION = re.compile(
    r"^(?: {0,3}(?P<note>\[\^[^\]\n]+\])|(?: {0,3}|\*)(?P<label>\[[^\]^\n][^\]\n]*\])):", re.MULTILINE
)
_LABEL = re.compile(r"\[\^?[^\[\]\n]+\]")
_WORDS = re.compile(r"\w+")
_MOST_CHAPTERS = 10_000
"""A file with more first-level headings stays one chapter."""
_LEAST_SHARED = 1_000_000
"""Characters of definitions that chapters can always take from each other; in a longer file, as many as it has."""


class ChapterText(Struct, frozen=True, kw_only=True):
    """The text of one chapter of a file."""

    text: str
    line: int
    """How many lines of the file's text come before it."""
    definitions: str = ""
    """Notes, references and abbreviations that it uses and other chapters of the file define."""
    heading: bool = True
    """Whether it begins with a first-level heading; only the text before the first one doesn't."""


class _Definition(Struct, frozen=True):
    label: str
    start: int
    end: int
    is_note: bool


def chapters_of_file(text: str, dialect: str) -> tuple[ChapterText, ...]:
    """The chapters of `text`; empty if it has fewer than two first-level headings, or too many."""
    if _FURTHER_HEADING.search(text) is None:
        return ()
    code = code_ranges(text, dialect)
    starts = list(islice(_headings(text, dialect, code), _MOST_CHAPTERS + 1))
    if not 2 <= len(starts) <= _MOST_CHAPTERS:  # noqa: PLR2004 - several
        return ()
    definitions = _Definitions(text, code)
    bounds = [*starts, len(text)]
    if _WORDS.search(definitions.without(0, starts[0], definitions.within(0, starts[0]))):
        bounds.insert(0, 0)
    bounds[0] = 0  # empty lines and definitions before it belong to the first chapter
    spans = list(pairwise(bounds))
    used = [definitions.used(start, end) for start, end in spans]
    used_anywhere = set[str]().union(*used)
    return tuple(
        ChapterText(
            text=definitions.without(start, end, definitions.of_others(start, end, used[at], used_anywhere)),
            line=text.count("\n", 0, start),
            definitions=definitions.foreign(start, end, used[at]),
            heading=at > 0 or len(spans) == len(starts),
        )
        for at, (start, end) in enumerate(spans)
    )


def _headings(text: str, dialect: str, code: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The positions of first-level headings, without those in code and comments."""
    in_code, in_comments = Ranges(code), Ranges(list(_comments(text)))
    for found in _HEADING[dialect].finditer(text):
        at = found.start()
        if _NO_CHAPTER.match(found[0]):
            continue
        is_heading = found[0].lstrip(" ").startswith("#") or _begins_paragraph(text, at)
        if is_heading and at not in in_code and at not in in_comments:
            yield at


def _comments(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (end := text.find("-->", start)) >= 0:
        yield start, end


def _begins_paragraph(text: str, at: int) -> bool:
    above = text.rfind("\n", 0, max(0, at - 1)) + 1
    return at == 0 or not text[above : at - 1].strip()


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _end_of_note(text: str, at: int) -> int:
    """The end of a note: after the paragraph on the label's line, and everything indented below."""
    end, blank = _line_end(text, at), False
    while end < len(text):
        following = _line_end(text, end)
        line = text[end:following]
        if not line.strip():
            blank = True
        elif (blank and not line.startswith(("    ", "\t"))) or line.startswith("#") or _DEFINITION.match(line):
            break
        else:
            blank = False
        end = following
    return end


class _Definitions:
    """The definitions of notes (with indented lines), references and abbreviations, in file order."""

    def __init__(self, text: str, code: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._left = max(_LEAST_SHARED, len(text))
        self._all = list(self._found(code))
        self._starts = [each.start for each in self._all]
        self._by_label: dict[str, _Definition] = {}
        self._by_word: dict[str, list[_Definition]] = {}
        """Abbreviations, by the first word of each."""
        for each in self._all:
            self._by_label.setdefault(each.label, each)
            word = _WORDS.search(each.label) if text.startswith("*", each.start) else None
            if word:
                self._by_word.setdefault(word[0], []).append(each)

    def _found(self, code: Sequence[tuple[int, int]]) -> Iterator[_Definition]:
        text = self._text
        # If a fence begins a note, it is code from the label on.
        in_code = Ranges([span for span in code if not text.startswith("[^", span[0])])
        for found in _DEFINITION.finditer(text):
            if found.start() not in in_code:
                is_note = found["note"] is not None
                end = _end_of_note(text, found.end()) if is_note else _line_end(text, found.end())
                yield _Definition(_folded(found["note"] or found["label"]), found.start(), end, is_note)

    def within(self, start: int, end: int) -> Sequence[_Definition]:
        """The definitions that begin between `start` and `end`."""
        return self._all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def used(self, start: int, end: int) -> set[str]:
        """The labels used in the text from `start` to `end`."""
        own = {each.start for each in self.within(start, end)}
        return {
            _folded(found[0])
            for found in _LABEL.finditer(self._text, start, end)
            if found.start() not in own and not self._text.startswith(":", found.end())
        }

    def of_others(self, start: int, end: int, used: set[str], used_anywhere: set[str]) -> Iterator[_Definition]:
        """The notes there that only other chapters use."""
        own = (each for each in self.within(start, end) if each.is_note)
        return (each for each in own if each.label not in used and each.label in used_anywhere)

    def without(self, start: int, end: int, gone: Iterable[_Definition]) -> str:
        """The text from `start` to `end`, with empty lines instead of the definitions in `gone`."""
        parts, at = [], start
        for each in gone:
            parts += [self._text[at : each.start], "\n" * self._text.count("\n", each.start, each.end)]
            at = each.end
        return "".join([*parts, self._text[at:end]])

    def foreign(self, start: int, end: int, used: set[str]) -> str:
        """Other chapters' definitions that the one from `start` to `end` uses, also through its notes.

        Their total size is limited: a large note used by many chapters would fill the memory.
        """
        parts: list[str] = []
        taken = {each.label for each in self.within(start, end)}
        words = set(_WORDS.findall(self._text[start:end].casefold())) if self._by_word else ()
        waiting = [each.label for word in words for each in self._by_word.get(word, ())]
        waiting = sorted({*waiting, *used}, key=self._place, reverse=True)
        while waiting:
            label = waiting.pop()
            each = self._by_label.get(label)
            if each is None or label in taken or each.end - each.start > self._left:
                continue
            taken.add(label)
            self._left -= each.end - each.start
            parts.append(self._text[each.start : each.end].strip("\n"))
            waiting += [_folded(found[0]) for found in _LABEL.finditer(parts[-1])]
        return "\n\n".join(parts)

    def _place(self, label: str) -> int:
        each = self._by_label.get(label)
        return each.start if each else -1


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
