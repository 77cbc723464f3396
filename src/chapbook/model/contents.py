"""Chapters and parts, and their order by weight."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal, InvalidOperation
from os import PathLike
from typing import Annotated, Literal, Protocol, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.fields import (
    PATH,
    TEXT,
    Checked,
    Colour,
    Day,
    Flag,
    Kind,
    Language,
    Text,
    Texts,
    instance,
    optional,
    several,
    whole,
)
from chapbook.model.natural_order import natural_key, words_before_romans
from chapbook.model.settings import CHAPTER_DIALECTS, ChapterDialect, dialect_kind
from chapbook.model.value import EMPTY, NONE, TEXTLESS, Given

__all__ = [
    "CHAPTER_TYPES",
    "CONTENTS",
    "Chapter",
    "ChapterType",
    "Files",
    "Origin",
    "Part",
    "changed_items",
    "check_order",
    "check_weights",
    "every_chapter",
    "in_order",
    "iter_chapters",
    "parse_weight",
]

ChapterType = Literal[
    "chapter",
    "preface",
    "foreword",
    "introduction",
    "prologue",
    "epilogue",
    "afterword",
    "appendix",
    "dedication",
    "epigraph",
    "acknowledgments",
    "glossary",
    "bibliography",
    "colophon",
    "copyright-page",
]
"""The values of a chapter's ``type``: terms of the Structural Semantics Vocabulary 1.1."""
CHAPTER_TYPES: tuple[ChapterType, ...] = get_args(ChapterType)


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def parse_weight(value: object) -> Decimal | None:
    """The number that `value` is: an int, a finite float or Decimal, or either written as text.

    ``None`` and empty text are no weight. Raises ValueError for anything else, bool included.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(f"no number: {value!r}")
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        raise ValueError(f"no number: {value!r}")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError(f"no number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"no number: {value!r}")
    return number


def _weight(value: object) -> object:
    parse_weight(value)
    return value


_WEIGHT = Kind(
    takes="a number",
    check=_weight,
    plain=type(None),
    code="weight-invalid",
    hint="write a number: 10, 2.5, -1",
)


def _source(value: object) -> tuple[str, int]:
    if not isinstance(value, tuple | list) or len(value) != 2:  # noqa: PLR2004 - a pair
        raise TypeError
    path, line = value
    return os.fspath(PATH.check(path)), _LINE.check(line)  # type: ignore[call-overload,return-value]  # as they say


_LINE = whole(1)
_SOURCE = optional(Kind(takes="a path and the number of a line", check=_source))


_DIALECT = dialect_kind("", *CHAPTER_DIALECTS)


class Origin(Struct, frozen=True, kw_only=True):
    """From which line on a chapter's text is that of a file that it takes in, or its own again."""

    line: int
    """Counted as if all of the text stood in the chapter's own file."""
    path: str
    first_line: int
    """The line of that file."""


class Chapter(Checked, frozen=True, kw_only=True):
    """One chapter: what its front matter says and its text, Markdown or, with ``dialect="html"``, HTML.

    A title that is empty is taken from the first heading, else from the file's name, when it is rendered.
    """

    title: Text = ""
    text: Text = ""
    weight: Annotated[Decimal | int | float | str | None, _WEIGHT] = None
    heading: Text = ""
    """The label above the title (``Chapter 14b``)."""
    date: Day = NONE
    description: Text = ""
    """A standfirst under the title."""
    accent: Colour = ""
    """Any CSS colour."""
    type: Annotated[ChapterType, replace(TEXT, takes="a type of chapter")] = "chapter"
    draft: Flag = False
    dialect: Annotated[Given[str, ChapterDialect | Literal[""] | Callable[[str], str]], _DIALECT] = TEXTLESS
    """What `text` is written in; empty: the book's dialect. ``html``: a fragment or a whole document."""
    show_title: Flag = True
    """Whether the title is printed above the text; where it isn't, a heading of the text may still say it."""
    in_toc: Flag = True
    """Whether the table of contents lists it."""
    contents_title: Text = ""
    """What the table of contents calls it where that isn't the title: as the author's own tool has it."""
    split: Flag = True
    """Whether a file without a title and with several first-level headings is several chapters."""
    language: Language = ""
    """A BCP 47 tag where it is not the book's."""
    authors: Annotated[Given[tuple[str, ...], Iterable[str] | str], several(str, takes="a name or a list of names")] = (
        EMPTY
    )
    slug: Text = ""
    aliases: Texts = EMPTY
    path: Text = ""
    """The file in the content folder, with slashes (``one/arrival.md``); empty for a chapter made in Python."""
    first_line: Annotated[int, whole(1)] = 1
    """The line of the file on which `text` begins."""
    origins: Annotated[tuple[Origin, ...], several(Origin, takes="a list of Origins")] = ()
    """Where the lines of `text` stand that another file gives, in order."""
    source: Annotated[Given[tuple[str, int] | None, tuple[str | PathLike[str], int] | None], _SOURCE] = NONE
    """The file from which Python code took the text, and the line on which it begins there, for messages."""
    positions: Annotated[Mapping[str, Position], instance(dict, Mapping, takes="a mapping of names to Positions")] = (
        field(default_factory=dict)
    )
    """Where each key of the front matter stands, for messages."""
    extra: Annotated[Mapping[str, object], instance(dict, Mapping, takes="a mapping of names to values")] = field(
        default_factory=dict
    )
    """What the front matter says under keys that chapbook doesn't know, for passes of one's own."""

    def __hash__(self) -> int:
        return hash((self.path, self.title, self.slug, self.text))


class Part(Checked, frozen=True, kw_only=True):
    """A part: its opening (title, weight and text of ``_index.md``) and what it contains, in any order."""

    opening: Annotated[Chapter, instance(Chapter, takes="a Chapter")]
    contents: Annotated[Given[tuple[Item, ...], Iterable[Item] | Item], CONTENTS] = EMPTY
    path: Text = ""
    """The folder in the content folder, with slashes; empty for a part made in Python."""


Item = Chapter | Part

CONTENTS = several(Chapter, Part, takes="a Chapter, a Part, or a list of these")


class Files(Protocol):
    """The files that chapters may refer to. Paths are relative to the content folder, with slashes."""

    def names(self) -> frozenset[str]:
        """Every regular file in the folder that may be read, hidden ones left out."""

    def read(self, path: str) -> bytes:
        """The file's bytes. Raises ChapbookError (``file-unreadable``, ``file-outside``, ``file-too-large``)."""


_SUFFIX = re.compile(r"\.(md|markdown|mkd|mdown|mdx|qmd|rmd)$", re.IGNORECASE)


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Siblings in the book's order: by weight, those without one last, ties by natural order of the path.

    Siblings without a path (made in Python) keep the order in which they came, among themselves.
    """
    siblings = tuple(items)
    words = words_before_romans(_stem(item).rpartition("/")[2] for item in siblings)
    return tuple(sorted(siblings, key=lambda item: _order(item, words)))


def _order(item: Item, words: AbstractSet[str]) -> tuple[bool, Decimal, list[list[tuple[int, str]]], str]:
    weight = parse_weight(_opening(item).weight)
    return (weight is None, weight or Decimal(0), natural_key(_stem(item), words), item.path)


def _stem(item: Item) -> str:
    return item.path if isinstance(item, Part) else _SUFFIX.sub("", item.path)


def _opening(item: Item) -> Chapter:
    return item.opening if isinstance(item, Part) else item


def iter_chapters(items: Iterable[Item]) -> Iterator[Chapter]:
    """Every chapter, part openings left out, in the book's order."""
    for item in in_order(items):
        if isinstance(item, Part):
            yield from iter_chapters(item.contents)
        else:
            yield item


def every_chapter(items: Iterable[Item]) -> Iterator[Chapter]:
    """Every chapter and part opening, in the order in which they came."""
    for item in items:
        yield _opening(item)
        if isinstance(item, Part):
            yield from every_chapter(item.contents)


def changed_items(items: Iterable[Item], change: Callable[[Chapter], Chapter | None]) -> Iterator[Item]:
    """The items with what `change` gives for each chapter, the openings of parts too.

    ``None`` takes a chapter out; of an opening it leaves the title, and a part that is left empty goes too.
    """
    for item in items:
        if isinstance(item, Chapter):
            changed = change(item)
            if changed is not None:
                yield changed
            continue
        contents = tuple(changed_items(item.contents, change))
        opening = change(item.opening)
        if opening is not None or contents:
            yield replace(item, opening=opening or replace(item.opening, text=""), contents=contents)


def check_weights(siblings: Sequence[Item]) -> Iterator[Diagnostic]:
    """Warns where siblings have one weight: the order then rests on names, which is rarely meant."""
    by_weight: dict[Decimal, list[Item]] = defaultdict(list)
    for item in in_order(siblings):
        weight = parse_weight(_opening(item).weight)
        if weight is not None:
            by_weight[weight].append(item)
    for weight, items in by_weight.items():
        if len(items) > 1:
            yield _equal_weights(weight, items)


def _equal_weights(weight: Decimal, items: Sequence[Item]) -> Diagnostic:
    second = _opening(items[1])
    names = ", ".join(f"'{_opening(item).path or _opening(item).title or item.path}'" for item in items)
    return Diagnostic.of(
        "weight-equal",
        f"equal weight {weight}: {names}",
        path=second.path or None,
        at=second.positions.get("weight"),
        hint="give each its own weight; until then the order is that of the names",
    )


def check_order(items: Iterable[Item]) -> Iterator[Diagnostic]:
    """Warns of equal weights among `items` and within every part of theirs."""
    siblings = tuple(items)
    yield from check_weights(siblings)
    for item in siblings:
        if isinstance(item, Part):
            yield from check_order(item.contents)
