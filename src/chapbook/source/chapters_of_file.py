"""One file with several first-level headings as several chapters, each with the definitions that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from chapbook.source.code_ranges import Ranges, code_ranges

__all__ = ["ChapterText", "chapters_of_file"]

_HEADING = {
    "markdown": re.compile(r"^(?:#(?!#)[^\n]*[^\s#][^\n]*|(?=\S)(?![-+*>|<#=])[^\n]+\n=+[ ]*)$", re.MULTILINE),
    "commonmark": re.compile(
        r"^ {0,3}(?:#[ \t]+[^\s#][^\n]*|(?=[^\s>|<#=])(?![-+*][ \t])[^\n]+\n {0,3}=+[ \t]*)$", re.MULTILINE
    ),
}
_FURTHER_HEADING = re.compile(r"\n {0,3}(?:#(?!#)|=)")
"""Found in every text that has a second heading, and in few others."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DEFINITION = re.compile(
    r"^(?: {0,3}(?P<note>\[\^[^\]\n]+\])|(?: {0,3}|\*)(?P<label>\[[^\]^\n][^\]\n]*\])):", re.MULTILINE
)
_LABEL = re.compile(r"\[\^?[^\[\]\n]+\]")
_WORDS = re.compile(r"\w")


class ChapterText(Struct, frozen=True, kw_only=True):
    """The text of one chapter of a file."""

    text: str
    line: int
    """How many lines of the file's text come before it."""
    definitions: str = ""
    """Notes, references and abbreviations that it uses and other chapters of the file define."""
    heading: bool = True
    """Whether it begins with a first-level heading; only what stands before the first one doesn't."""


class _Definition(Struct, frozen=True):
    label: str
    start: int
    end: int
    is_note: bool


def chapters_of_file(text: str, dialect: str) -> tuple[ChapterText, ...]:
    """The chapters of `text`; none where it has less than two first-level headings."""
    starts = list(_headings(text, dialect))
    if len(starts) < 2:  # noqa: PLR2004 - several
        return ()
    definitions = list(_definitions(text, dialect))
    bounds = [*starts, len(text)]
    if _WORDS.search(_without(text, 0, starts[0], definitions)):
        bounds.insert(0, 0)
    bounds[0] = 0  # empty lines, and definitions, belong to the first chapter
    spans = list(pairwise(bounds))
    used = [_used(text[start:end], definitions, start) for start, end in spans]
    used_anywhere = set[str]().union(*used)
    return tuple(
        ChapterText(
            text=_without(text, start, end, _gone(definitions, used_anywhere - used[at])),
            line=text.count("\n", 0, start),
            definitions=_foreign(text, start, end, definitions, used[at]),
            heading=at > 0 or len(spans) == len(starts),
        )
        for at, (start, end) in enumerate(spans)
    )


def _headings(text: str, dialect: str) -> Iterator[int]:
    """Where first-level headings begin, those in code and comments left out."""
    if _FURTHER_HEADING.search(text) is None:
        return
    found_all = list(_HEADING[dialect].finditer(text))
    if len(found_all) < 2:  # noqa: PLR2004 - as above
        return
    code, comments = Ranges(code_ranges(text, dialect)), Ranges([found.span() for found in _COMMENT.finditer(text)])
    for found in found_all:
        at = found.start()
        is_heading = found[0].lstrip(" ").startswith("#") or _begins_paragraph(text, at)
        if is_heading and at not in code and at not in comments:
            yield at


def _begins_paragraph(text: str, at: int) -> bool:
    above = text.rfind("\n", 0, max(0, at - 1)) + 1
    return at == 0 or not text[above : at - 1].strip()


def _definitions(text: str, dialect: str) -> Iterator[_Definition]:
    """Those of notes with the lines indented below them, of references and abbreviations."""
    # A fence that begins a note is code from the label on.
    code = Ranges([span for span in code_ranges(text, dialect) if not text.startswith("[^", span[0])])
    for found in _DEFINITION.finditer(text):
        if found.start() in code:
            continue
        is_note = found["note"] is not None
        end = _end_of_note(text, found.end()) if is_note else _line_end(text, found.end())
        yield _Definition(_folded(found["note"] or found["label"]), found.start(), end, is_note)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _end_of_note(text: str, at: int) -> int:
    """After the paragraph on the label's line, and all that is indented below."""
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


def _used(part: str, definitions: Sequence[_Definition], start: int) -> set[str]:
    """The labels that `part` of the file uses, which begins at `start`."""
    own = {each.start - start for each in definitions}
    return {
        _folded(found[0])
        for found in _LABEL.finditer(part)
        if found.start() not in own and not part.startswith(":", found.end())
    }


def _foreign(text: str, start: int, end: int, definitions: Sequence[_Definition], used: set[str]) -> str:
    own = {each.label for each in definitions if start <= each.start < end}
    wanted, waiting, parts = set[str](), [used], []
    while waiting:
        labels = waiting.pop() - own - wanted
        for each in definitions:
            if each.label in labels and each.label not in wanted:
                wanted.add(each.label)
                words = text[each.start : each.end].strip("\n")
                parts.append(words)
                waiting.append({_folded(found[0]) for found in _LABEL.finditer(words)} - {each.label})
    # An abbreviation is used by its word alone.
    parts += [
        text[each.start : each.end].strip("\n")
        for each in definitions
        if text.startswith("*", each.start) and not start <= each.start < end
    ]
    return "\n\n".join(parts)


def _gone(definitions: Iterable[_Definition], foreign: set[str]) -> Iterator[_Definition]:
    """The notes that only other chapters use: where they stand, empty lines stay."""
    return (each for each in definitions if each.is_note and each.label in foreign)


def _without(text: str, start: int, end: int, gone: Iterable[_Definition]) -> str:
    parts, at = [], start
    for each in gone:
        if start <= each.start < end:
            parts += [text[at : each.start], "\n" * text.count("\n", each.start, each.end)]
            at = each.end
    return "".join([*parts, text[at:end]])


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
