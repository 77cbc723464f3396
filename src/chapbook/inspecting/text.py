"""The text of a content document as values, and what differs between two texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

from chapbook.inspecting.alignment import Run, changed_runs
from chapbook.model.reading_speed import CHINESE_OR_JAPANESE
from chapbook.model.value import Value

__all__ = ["Kind", "Passage", "Text", "Token", "text_changes"]

_ALONE = re.compile(f"[{CHINESE_OR_JAPANESE}]")
Kind = Literal["word", "picture", "formula", "note"]


class Token(Struct, frozen=True, kw_only=True):
    """A word, or a character of a script without spaces; or what stands in a line for a picture, formula or note."""

    text: str
    marks: tuple[tuple[str, ...], ...] = ()
    """The elements that it stands in, of each of its parts those that differ."""
    links: tuple[str, ...] = ()
    """Where it leads, within the book as a path."""
    begins: tuple[str, ...] = ()
    """What begins with it: a block (``¶``), a line (``br``), what stands below a rule (``hr``); in code the space
    before it where that is more than one."""
    description: str = ""
    """The alternative text of a picture."""
    language: str = ""
    """The BCP 47 tag of the passage; empty: the book's."""
    kind: Kind = "word"

    @property
    def is_character(self) -> bool:
        """Whether it is a Chinese or Japanese character, which is counted as such."""
        return self.kind == "word" and bool(_ALONE.match(self.text))

    @property
    def is_word(self) -> bool:
        """Whether it counts as a word: punctuation that stands alone doesn't."""
        return self.kind == "formula" or (self.kind == "word" and any(map(str.isalnum, self.text)))


class Text(Struct, frozen=True, kw_only=True):
    """What a document says."""

    title: tuple[Token, ...] = ()
    """The heading, and its label, that stands above the chapter."""
    says_title: bool = False
    """Whether that heading is the chapter's title as the table of contents has it."""
    words: tuple[Token, ...] = ()
    links: tuple[str, ...] = ()
    """The addresses that it links, within the book as paths, in order."""

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All of it, the title first."""
        return (*self.title, *self.words)

    @property
    def count(self) -> int:
        """How many words it has, with each Chinese or Japanese character one."""
        return sum(each.is_word for each in self.tokens)


class Passage(Value, frozen=True, kw_only=True):
    """A place in a chapter where words differ."""

    before: str
    """The words before it, which are the same in both."""
    removed: str
    """What the old edition has there."""
    added: str
    """What the new one has."""
    after: str
    """The words after it."""


_AROUND = 5
"""Words that are shown before and after a passage."""
_NEAR = 3
"""Words that are the same between two passages which are shown as one."""


def text_changes(before: Text, after: Text, *, retitled: bool) -> dict[str, Any]:
    """What differs, by the names of the fields of `ChapterChange`.

    The words of the title are left out where it was `retitled`, which is said of the chapter.
    """
    is_told = retitled and before.says_title and after.says_title
    old, new = (each.words if is_told else each.tokens for each in (before, after))
    runs = changed_runs([(each.kind, each.text) for each in old], [(each.kind, each.text) for each in new])
    runs = tuple(_slid(runs, old, new))
    gone = [token for run in runs for token in old[run.a : run.b]]
    come = [token for run in runs for token in new[run.c : run.d]]
    same = list(_same(runs, old, new))
    return {
        "words_added": sum(each.kind in {"word", "formula"} for each in come),
        "words_removed": sum(each.kind in {"word", "formula"} for each in gone),
        "pictures_added": tuple(each.text for each in come if each.kind == "picture"),
        "pictures_removed": tuple(each.text for each in gone if each.kind == "picture"),
        "notes_added": sum(each.kind == "note" for each in come),
        "notes_removed": sum(each.kind == "note" for each in gone),
        "descriptions": sum(one.description != other.description for one, other, _ in same),
        "links": _places(one.links != other.links for one, other, _ in same),
        "formatting": _places(_is_set_otherwise(*each) for each in same),
        "passages": tuple(_passages(runs, old, new)),
    }


def _slid(runs: Sequence[Run], old: Sequence[Token], new: Sequence[Token]) -> Iterator[Run]:
    """The runs, each that only adds or removes words moved to the beginning of a block where that says the same."""
    end = (0, 0)
    for run in runs:
        tokens, start, stop, least = (new, run.c, run.d, end[1]) if run.a == run.b else (old, run.a, run.b, end[0])
        by = 0
        if run.a == run.b or run.c == run.d:
            while start - by > least and _is_one(tokens[start - by - 1], tokens[stop - by - 1]):
                by += 1
                if tokens[start - by].begins:
                    break
            by = by if tokens[start - by].begins else 0
        end = (run.b - by, run.d - by)
        yield Run(run.a - by, run.b - by, run.c - by, run.d - by)


def _is_one(one: Token, other: Token) -> bool:
    return (one.kind, one.text) == (other.kind, other.text)


def _same(runs: Sequence[Run], old: Sequence[Token], new: Sequence[Token]) -> Iterator[tuple[Token, Token, bool]]:
    """The tokens that are in both, as they are in each, and whether the one before is in both too."""
    a = c = 0
    for run in (*runs, Run(len(old), len(old), len(new), len(new))):
        for at in range(run.a - a):
            yield old[a + at], new[c + at], at > 0 or a == c == 0
        a, c = run.b, run.d


def _is_set_otherwise(one: Token, other: Token, follows: bool) -> bool:  # noqa: FBT001 - from a tuple
    """Whether the same word is set in another way. What begins with it is compared only where it `follows` the same."""
    return one.marks != other.marks or (follows and one.begins != other.begins)


def _places(differs: Iterable[bool]) -> int:
    """How many places differ: neighbours are one."""
    return sum(now and not before for before, now in pairwise((False, *differs)))


def _passages(runs: Sequence[Run], old: Sequence[Token], new: Sequence[Token]) -> Iterator[Passage]:
    """The passages that the runs are, near ones as one."""
    near: list[Run] = []
    for run in runs:
        if near and run.a - near[-1].b <= _NEAR:
            near[-1] = Run(near[-1].a, run.b, near[-1].c, run.d)
        else:
            near.append(run)
    for run in near:
        yield Passage(
            before=_said(new[max(0, run.c - _AROUND) : run.c]),
            removed=_said(old[run.a : run.b]),
            added=_said(new[run.c : run.d]),
            after=_said(new[run.d : run.d + _AROUND]),
        )


def _said(tokens: Sequence[Token]) -> str:
    """The words as a person reads them."""
    parts: list[str] = []
    for at, token in enumerate(tokens):
        stuck = at > 0 and (token.is_character or token.kind == "note") and tokens[at - 1].kind == "word"
        parts.append(("" if stuck or not parts else " ") + _SHOWN[token.kind].format(token.text.strip()))
    return "".join(parts)


_SHOWN = MappingProxyType({"word": "{}", "formula": "${}$", "picture": "[picture {}]", "note": "[note]"})
