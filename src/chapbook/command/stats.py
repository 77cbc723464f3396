"""The command `stats`: what is in a book, counted, as tables for a person or as JSON."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from chapbook.command.options import JSON, READING, SOURCES, choosing, told_as_usage
from chapbook.command.printing import (
    book_file,
    book_file_json,
    counted,
    diagnostic_json,
    print_diagnostics,
    print_error,
    print_json,
)
from chapbook.command.terminal import print_columns
from chapbook.model.diagnostics import ChapbookError
from chapbook.model.reading_speed import CHARACTERS_A_MINUTE, WORDS_A_MINUTE
from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from chapbook.inspecting.statistics import (
        BookStatistics,
        ChapterStatistics,
        LanguageStatistics,
        PictureStatistics,
    )
    from chapbook.series.requests import BookRequest, Choices

__all__ = ["stats"]


@click.command()
@SOURCES
@JSON
@choosing(*READING)
def stats(sources: tuple[Path, ...], *, choices: Choices, as_json: bool) -> int:
    """Count what is in each SOURCE, a book or an EPUB.

    chapbook prints words, characters, reading time, chapters by length, pictures by size, languages, the sites that the
    book links, and its fonts.
    """
    from chapbook.inspecting.edition import read_edition  # noqa: PLC0415 - see cli
    from chapbook.inspecting.statistics import statistics_of  # noqa: PLC0415 - see cli

    told: list[dict[str, Any]] = []
    for each in _books(sources, choices):
        try:
            found = statistics_of(read_edition(each))
        except ChapbookError as error:
            said = [diagnostic_json(fault) for fault in error.diagnostics]
            told.append({"source": str(getattr(each, "source", each)), "ok": False, "diagnostics": said})
            if not as_json:
                print_error(error)
            continue
        told.append(_json(found))
        if not as_json:
            print_diagnostics(found.diagnostics, "chapbook")
            _print_tables(found)
    if as_json:
        print_json({"books": told})
    return 0 if all(each["ok"] for each in told) else 1


def _books(sources: Sequence[Path], choices: Choices) -> Iterator[BookRequest | Path]:
    """Each EPUB, and each book of the other sources. Raises UsageError for a volume that isn't there."""
    from chapbook.inspecting.edition import is_epub  # noqa: PLC0415 - see cli
    from chapbook.series.planning import plan_books  # noqa: PLC0415 - see cli

    folders = [each for each in sources if not is_epub(each)]
    with told_as_usage():
        planned = plan_books(folders, None, choices=choices) if folders else ()
    yield from (each for each in sources if is_epub(each))
    yield from planned


_Rows = Sequence[Sequence[str]]
_LONGEST = 60
"""Characters of a name that stands in a table."""


def _print_tables(found: BookStatistics) -> None:
    """Prints what is in one book; control characters are shown as escapes."""
    sys.stdout.write(f"{printable(found.title)}\n")
    for rows in (_whole(found), _chapters(found), _languages(found), *_rest(found)):
        if len(rows) > 1:
            sys.stdout.write("\n")
            print_columns([[_short(cell) for cell in row] for row in rows], sys.stdout)
    characters = f"{CHARACTERS_A_MINUTE} characters of Chinese and Japanese"
    sys.stdout.write(f"\nThe reading time assumes {WORDS_A_MINUTE} words a minute, or {characters}.\n")


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
    fonts = ((f"{each.font.family if each.font else '?'} ({each.name})", book_file(each)) for each in found.fonts)
    return (
        [("pictures, the largest first", "size", "shown in"), *map(_picture, found.pictures)],
        [("links to", "links"), *((host, f"{count:,}") for host, count in found.links)],
        [("fonts", "size"), *fonts],
    )


def _picture(each: PictureStatistics) -> tuple[str, str, str]:
    where = "the cover" if each.is_cover else counted(each.chapters, "chapter")
    return (each.file.name, book_file(each.file), where)


def _minutes(seconds: int) -> str:
    return f"{math.ceil(seconds / 60):,}"


def _short(cell: str) -> str:
    shown = printable(cell)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _json(found: BookStatistics) -> dict[str, Any]:
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
            {**book_file_json(each.file), "chapters": each.chapters, "is_cover": each.is_cover}
            for each in found.pictures
        ],
        "links": dict(found.links),
        "fonts": [book_file_json(each) for each in found.fonts],
        "languages": to_builtins(found.languages),
        "diagnostics": [diagnostic_json(each) for each in found.diagnostics],
    }
