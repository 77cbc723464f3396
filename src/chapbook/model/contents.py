"""Chapters and parts, and their order by weight."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from os import PathLike
from typing import Annotated, Literal, Protocol, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.model.diagnostics import Position
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


_UNTITLED = frozenset({"dedication", "epigraph"})
"""Types that don't print a title by default (Chicago Manual of Style 1.40 and 1.41)."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def parse_weight(value: object) -> Decimal | None:
    """`value` as a number: an int, a finite float or Decimal, or one of these as text.

    ``None`` and empty text give ``None``. Raises ValueError for anything else, including bool.
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


_SHOWN = optional(instance(bool, takes="True or False"))
_DIALECT = dialect_kind("", *CHAPTER_DIALECTS)


class Origin(Struct, frozen=True, kw_only=True):
    """The line from which a chapter's text comes from an included file, or from its own file again."""

    line: int
    """The line, counted as if all the text were in the chapter's own file."""
    path: str
    first_line: int
    """The line of that file."""


class Chapter(Checked, frozen=True, kw_only=True):
    """One chapter: its front matter, and its text in Markdown or, with ``dialect="html"``, HTML.

    If the title is empty, rendering uses the first heading, or else the file's name.
    """

    title: Text = ""
    text: Text = ""
    weight: Annotated[Decimal | int | float | str | None, _WEIGHT] = None
    heading: Text = ""
    """The label above the title (``Chapter 14b``)."""
    date: Day = NONE
    description: Text = ""
    """A short introduction under the title."""
    accent: Colour = ""
    """Any CSS colour."""
    type: Annotated[ChapterType, replace(TEXT, takes="a type of chapter")] = "chapter"
    draft: Flag = False
    dialect: Annotated[Given[str, ChapterDialect | Literal[""] | Callable[[str], str]], _DIALECT] = TEXTLESS
    """The dialect of `text`; empty: the book's. ``html``: a fragment or a whole document."""
    show_title: Annotated[bool | None, _SHOWN] = None
    """Whether to print the title above the text; ``None``: yes, except for a dedication or epigraph. Contents and
    screen readers always have it.
    """
    in_toc: Flag = True
    """Whether the table of contents lists it."""
    contents_title: Text = ""
    """Its name in the table of contents, if that isn't the title: from the author's own tool."""
    split: Flag = True
    """Whether a file without a title and with several first-level headings becomes several chapters."""
    language: Language = ""
    """A BCP 47 tag, if it isn't the book's language."""
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
    """Which lines of `text` come from other files, in order."""
    source: Annotated[Given[tuple[str, int] | None, tuple[str | PathLike[str], int] | None], _SOURCE] = NONE
    """The file from which Python code took the text, and the line where it begins there, for messages."""
    positions: Annotated[Mapping[str, Position], instance(dict, Mapping, takes="a mapping of names to Positions")] = (
        field(default_factory=dict)
    )
    """The position of each front matter key, for messages."""
    extra: Annotated[Mapping[str, object], instance(dict, Mapping, takes="a mapping of names to values")] = field(
        default_factory=dict
    )
    """Front matter keys that chapbook doesn't know, for the user's own passes."""

    @property
    def prints_title(self) -> bool:
        """Whether the title is printed above the text."""
        return self.type not in _UNTITLED if self.show_title is None else self.show_title

    def __hash__(self) -> int:
        return hash((self.path, self.title, self.slug, self.text))


class Part(Checked, frozen=True, kw_only=True):
    """A part: its opening (title, weight and text of ``_index.md``) and its contents, in any order."""

    opening: Annotated[Chapter, instance(Chapter, takes="a Chapter")]
    contents: Annotated[Given[tuple[Item, ...], Iterable[Item] | Item], CONTENTS] = EMPTY
    path: Text = ""
    """The folder in the content folder, with slashes; empty for a part made in Python."""


Item = Chapter | Part

CONTENTS = several(Chapter, Part, takes="a Chapter, a Part, or a list of these")


class Files(Protocol):
    """The files that chapters can refer to. Paths are relative to the content folder, with slashes."""

    def names(self) -> frozenset[str]:
        """All readable regular files in the folder, except hidden ones."""

    def read(self, path: str) -> bytes:
        """The file's bytes. Raises ChapbookError (``file-unreadable``, ``file-outside``, ``file-too-large``)."""
