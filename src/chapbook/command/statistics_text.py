"""What is in a book, counted, as a table for a person and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from msgspec import to_builtins

from chapbook.command.comparison_text import file_json, sized
from chapbook.command.console import diagnostic_json
from chapbook.command.summaries import print_columns
from chapbook.inspecting.statistics import (
    BookStatistics,
    ChapterStatistics,
    LanguageStatistics,
    PictureStatistics,
)
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.reading_speed import CHARACTERS_A_MINUTE, WORDS_A_MINUTE
from chapbook.model.xml_text import printable

__all__ = ["fault_json", "print_statistics", "statistics_json"]

_Rows = Sequence[Sequence[str]]
_LONGEST = 60
"""Characters of a name that stands in a table."""


def print_statistics(found: BookStatistics, stream: TextIO) -> None:
    """Prints tables of one book; control characters are shown as escapes."""
    stream.write(f"{printable(found.title)}\n")
    for rows in (_whole(found), _chapters(found), _languages(found), *_rest(found)):
        if len(rows) > 1:
            stream.write("\n")
            print_columns([[_short(cell) for cell in row] for row in rows], stream)
    characters = f"{CHARACTERS_A_MINUTE} characters of Chinese and Japanese"
    stream.write(f"\nThe reading time assumes {WORDS_A_MINUTE} words a minute, or {characters}.\n")


def _whole(found: BookStatistics) -> _Rows:
    return [
        ("words", f"{found.words:,}"),
        ("characters, without spaces", f"{found.characters:,}"),
        ("minutes to read", _minutes(found.seconds)),
        ("chapters", f"{sum(not each.is_part for each in found.chapters):,}"),
        ("pictures", f"{len(found.pictures):,}"),
    ]


def _chapters(found: BookStatistics) -> _Rows:
    head = ("chapters, the longest first", "words", "characters", "minutes", "pictures")
    longest = sorted(found.chapters, key=lambda each: -each.words)
    return [head, *((each.title, *_text(each), f"{each.pictures:,}") for each in longest)]


def _languages(found: BookStatistics) -> _Rows:
    head = ("languages", "words", "characters", "minutes")
    return [head, *((each.language, *_text(each)) for each in found.languages)]


def _text(each: ChapterStatistics | LanguageStatistics) -> tuple[str, str, str]:
    return f"{each.words:,}", f"{each.characters:,}", _minutes(each.seconds)


def _rest(found: BookStatistics) -> tuple[_Rows, _Rows, _Rows]:
    """What is in a table only where a book has it."""
    fonts = ((f"{each.font.family if each.font else '?'} ({each.name})", sized(each)) for each in found.fonts)
    return (
        [("pictures, the largest first", "size", "shown in"), *map(_picture, found.pictures)],
        [("links to", "links"), *((host, f"{count:,}") for host, count in found.links)],
        [("fonts", "size"), *fonts],
    )


def _picture(each: PictureStatistics) -> tuple[str, str, str]:
    where = "the cover" if each.is_cover else f"{each.chapters:,} chapter{'s' * (each.chapters != 1)}"
    return (each.file.name, sized(each.file), where)


def _minutes(seconds: int) -> str:
    return f"{math.ceil(seconds / 60):,}"


def _short(cell: str) -> str:
    shown = printable(cell)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def statistics_json(found: BookStatistics) -> dict[str, Any]:
    """The same as a member of a JSON document; chapters are in reading order."""
    return {
        "source": found.source,
        "ok": True,
        "title": found.title,
        "words": found.words,
        "characters": found.characters,
        "seconds": found.seconds,
        "words_a_minute": WORDS_A_MINUTE,
        "characters_a_minute": CHARACTERS_A_MINUTE,
        "chapters": to_builtins(found.chapters),
        "pictures": [
            {**file_json(each.file), "chapters": each.chapters, "is_cover": each.is_cover} for each in found.pictures
        ],
        "links": dict(found.links),
        "fonts": [file_json(each) for each in found.fonts],
        "languages": to_builtins(found.languages),
        "diagnostics": [diagnostic_json(each) for each in found.diagnostics],
    }


def fault_json(source: str, diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """A book that can't be counted, as a member of a JSON document."""
    return {"source": source, "ok": False, "diagnostics": [diagnostic_json(each) for each in diagnostics]}
