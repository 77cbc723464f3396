"""The commands that look into finished books: ``diff`` and ``stats``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chapbook.command.options import SOURCES, cache_of, choosing_metadata, told_as_usage

if TYPE_CHECKING:
    from chapbook.model.diagnostics import ChapbookError, Diagnostic
    from chapbook.series.planning import BookRequest, Choices

__all__ = ["EDITIONS"]

_EDITION = click.Path(exists=True, path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document to standard output.")


@click.command()
@click.argument("old", metavar="OLD", type=_EDITION)
@click.argument("new", metavar="NEW", type=_EDITION)
@click.option("--words", "shows_words", is_flag=True, help="Show the words that changed, with some around them.")
@_JSON
@choosing_metadata
def diff(
    old: Path,
    new: Path,
    *,
    shows_words: bool,
    as_json: bool,
    only: tuple[str, ...],
    drafts: bool,
    jobs: int,
    no_cache: bool,
    cache_dir: Path | None,
) -> int:
    """Compare two editions of a book.

    OLD and NEW are content folders, Markdown files or EPUBs. chapbook compares what readers get: chapters, words,
    metadata, pictures, cover and style. The exit code is 0 if nothing differs, 1 if something does, and 2 if a book
    can't be read or built.
    """
    from chapbook.command.comparison_text import comparison_json, comparison_lines  # noqa: PLC0415 - see cli
    from chapbook.command.console import json_text  # noqa: PLC0415 - see cli
    from chapbook.command.terminal import wants_colour  # noqa: PLC0415 - see cli
    from chapbook.inspecting.comparing import compare_books  # noqa: PLC0415 - see cli
    from chapbook.model.diagnostics import ChapbookError  # noqa: PLC0415 - see cli
    from chapbook.series.planning import Choices  # noqa: PLC0415 - see cli

    cache = cache_of(no_cache=no_cache, cache_dir=cache_dir)
    try:
        found = compare_books(old, new, choices=Choices(drafts=drafts, jobs=jobs, only=only, cache=cache))
    except ChapbookError as error:
        _say(error.diagnostics, _base(error))
        return 2
    _say(found.diagnostics)
    if as_json:
        sys.stdout.buffer.write(json_text(comparison_json(found, shows_words=shows_words)).encode() + b"\n")
    else:
        lines = comparison_lines(found, shows_words=shows_words, colour=wants_colour(sys.stdout))
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0 if found.same else 1


@click.command()
@SOURCES
@_JSON
@choosing_metadata
def stats(
    sources: tuple[Path, ...],
    *,
    as_json: bool,
    only: tuple[str, ...],
    drafts: bool,
    jobs: int,
    no_cache: bool,
    cache_dir: Path | None,
) -> int:
    """Count what is in each SOURCE, a book or an EPUB.

    chapbook prints words, characters, reading time, chapters by length, pictures by size, languages, the sites that the
    book links, and its fonts.
    """
    from chapbook.command.console import json_text  # noqa: PLC0415 - see cli
    from chapbook.command.statistics_text import fault_json, print_statistics, statistics_json  # noqa: PLC0415 - see cli
    from chapbook.inspecting.edition import read_edition  # noqa: PLC0415 - see cli
    from chapbook.inspecting.statistics import statistics_of  # noqa: PLC0415 - see cli
    from chapbook.model.diagnostics import ChapbookError  # noqa: PLC0415 - see cli
    from chapbook.series.planning import Choices  # noqa: PLC0415 - see cli

    cache = cache_of(no_cache=no_cache, cache_dir=cache_dir)
    told: list[dict[str, Any]] = []
    for each in _books(sources, Choices(drafts=drafts, jobs=jobs, only=only, cache=cache)):
        try:
            found = statistics_of(read_edition(each))
        except ChapbookError as error:
            told.append(fault_json(str(getattr(each, "source", each)), error.diagnostics))
            if not as_json:
                _say(error.diagnostics, _base(error))
            continue
        told.append(statistics_json(found))
        if not as_json:
            _say(found.diagnostics)
            print_statistics(found, sys.stdout)
    if as_json:
        sys.stdout.buffer.write(json_text({"books": told}).encode() + b"\n")
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


def _base(error: ChapbookError) -> str:
    from chapbook.command.console import base_of  # noqa: PLC0415 - see cli

    return base_of(error.report) if error.report else "chapbook"


def _say(diagnostics: Iterable[Diagnostic], base: str = "chapbook") -> None:
    from chapbook.command.console import print_diagnostics  # noqa: PLC0415 - see cli

    print_diagnostics(diagnostics, base)


EDITIONS = (diff, stats)
