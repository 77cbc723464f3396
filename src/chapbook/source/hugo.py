"""Expands Hugo's shortcodes in the text before a dialect reads it; the number of lines never changes.

Supported ones become Markdown or HTML in their place. An unknown shortcode is removed with a warning; the text between
its opening and closing stays. mdBook's ``{{#include …}}`` and Liquid's tags stay, with a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from chapbook.model.diagnostics import Diagnostic
from chapbook.model.hooks import load
from chapbook.source.positions import Changed, Locator, SourceText
from chapbook.source.shortcode_syntax import Fault, Literal, Tag, find_templates, read_tags

__all__ = ["Expansion", "Shortcode", "expand_shortcodes"]

_MOST, _MOST_ALIKE = 100, 5
"""Diagnostics reported one by one for a chapter, and for one shortcode in it."""
_WAYS_OUT = {
    "mdBook": "add 'syntax: [mdbook]' to book.yaml to have it read, or paste what it includes",
    "Liquid": "add 'syntax: [gitbook]' or 'syntax: [jekyll]' to book.yaml to have it read",
}


_READS = {"mdBook": frozenset({"mdbook"}), "Liquid": frozenset({"gitbook", "jekyll"})}
_OTHERWISE = "write what it shows in Markdown, or remove it"


def expand_shortcodes(source: SourceText) -> Changed:
    """The text with its shortcodes expanded for its dialect, and what is wrong with them.

    Shortcodes in code stay unchanged.
    """
    text, dialect = source.text, source.dialect
    if "{{" not in text and "{%" not in text:
        return text, ()
    expansion = Expansion(text, dialect, load(source.shortcodes))
    if "{{<" in text or "{{%" in text:
        expansion.expand(read_tags(text, dialect))
    for at, template, tool in find_templates(text, dialect):
        if tool == "mdBook" and "mdbook" in source.syntax:
            continue  # includes were inserted while reading; this one was escaped
        way = _OTHERWISE if _READS[tool].intersection(source.syntax) else _WAYS_OUT[tool]
        expansion.say(at, "shortcode-unknown", f"'{template}' is {tool}'s, and stays as text", way, tool)
    return expansion.result(), expansion.diagnostics(source)


def _closings(tags: Iterable[Tag]) -> dict[int, Tag]:
    """For each opening shortcode's start, its closing one: the nearest of its name that none inside it uses."""
    open_: dict[str, list[Tag]] = {}
    found = {}
    for tag in tags:
        if not tag.closing and not tag.lone:
            open_.setdefault(tag.name, []).append(tag)
        elif tag.closing and open_.get(tag.name):
            found[open_[tag.name].pop().start] = tag
    return found


class _Said(NamedTuple):
    """What is wrong at one place of the text."""

    at: int
    code: str
    words: str
    hint: str
    kind: str
    """Only the first few of one kind are reported one by one."""


class Expansion:
    """The changes to one text, and the diagnostics about it."""

    def __init__(self, text: str, dialect: str, shortcodes: Mapping[str, Shortcode]) -> None:
        self.text = text
        self.dialect = dialect
        self.boxes: list[int] = []
        """Where the open boxes end."""
        self._shortcodes = shortcodes
        self._edits: list[tuple[int, int, str]] = []
        self._said: list[_Said] = []

    def result(self) -> str:
        """The text after all changes."""
        parts, at = [], 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            parts += [self.text[at:start], new]
            at = max(at, end)
        return "".join([*parts, self.text[at:]])

    def say(self, at: int, code: str, words: str, hint: str, kind: str = "") -> None:
        """Reports what is wrong at a place; of the same `kind`, or the same `words`, only a few are reported."""
        self._said.append(_Said(at, code, words, hint, kind or words))

    def diagnostics(self, source: SourceText) -> tuple[Diagnostic, ...]:
        """The diagnostics, in text order."""
        locator, said = Locator(self.text, source.first_line), _few_alike(sorted(self._said))
        if len(said) > _MOST:
            words = f"{len(said) - _MOST} more shortcodes are unknown or malformed"
            said[_MOST:] = [
                said[_MOST]._replace(words=words, hint="correct those that chapbook lists, and build again")
            ]
        return tuple(
            source.fault(each.code, each.words, at=locator.offset(each.at), hint=each.hint or None) for each in said
        )

    def expand(self, marks: Iterable[Tag | Literal | Fault]) -> None:
        """Decides what replaces each shortcode."""
        marks = list(marks)
        closings = _closings(mark for mark in marks if isinstance(mark, Tag))
        closed = {closing.start for closing in closings.values()}
        for mark in marks:
            if isinstance(mark, Literal):
                self._edits.append((mark.start, mark.end, mark.text))
            elif isinstance(mark, Fault):
                words = f"the shortcode '{mark.text}' is malformed or never closes"
                self.say(mark.start, "shortcode-invalid", words, "end it with '>}}' or '%}}', and close its quotes")
            elif not mark.closing:
                self._expand(mark, closings.get(mark.start))
            elif mark.start not in closed:
                self._replace(mark, "")
                words = f"the shortcode '/{mark.name}' closes nothing"
                self.say(mark.start, "shortcode-invalid", words, "delete it, or open it before")

    def _expand(self, tag: Tag, closing: Tag | None) -> None:
        expand = self._shortcodes.get(tag.name)
        made = expand(tag, closing, self) if expand else None
        if made is None:
            words = f"unknown shortcode '{tag.name}'"
            hint = "its text stays. Write what it shows in Markdown, or '{{</* … */>}}' to show the shortcode itself"
            self.say(tag.start, "shortcode-unknown", words, hint)
        opening, ending = made or ("", "")
        self._replace(tag, opening)
        if closing:
            self._replace(closing, ending)

    def edit(self, start: int, end: int, new: str) -> None:
        """Replaces the text from `start` to `end` with `new`, keeping the number of line breaks."""
        self._edits.append((start, end, new))

    def _replace(self, tag: Tag, new: str) -> None:
        """Replaces `tag` with `new`, a single line; the lines below keep their numbers."""
        self.edit(tag.start, tag.end, new + "\n" * self.text.count("\n", tag.start, tag.end))


def _few_alike(said: list[_Said]) -> list[_Said]:
    """`said`, with the sixth and later ones of a kind combined at the place of the sixth."""
    kinds = [(each.code, each.kind) for each in said]
    times, seen = Counter(kinds), Counter[tuple[str, str]]()
    few = []
    for each, kind in zip(said, kinds, strict=True):
        seen[kind] += 1
        more = times[kind] - _MOST_ALIKE - 1
        if seen[kind] <= _MOST_ALIKE or (seen[kind] == _MOST_ALIKE + 1 and not more):
            few.append(each)
        elif seen[kind] == _MOST_ALIKE + 1:
            few.append(each._replace(words=f"{each.words}; {more} more like it follow"))
    return few


Shortcode = Callable[[Tag, Tag | None, Expansion], tuple[str, str] | None]
"""Expands a shortcode, given its opening and closing tags; returns the replacement for each, one line of Markdown or
HTML. ``None``: this form has no meaning, and is reported as unknown.
"""
