"""The options that several commands share, and the `Choices` made from them."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from chapbook.model.limits import Limits
    from chapbook.series.requests import Choices

__all__ = [
    "ALL",
    "BUILDING",
    "CACHE",
    "DRAFTS",
    "JSON",
    "NAME",
    "NO_CACHE",
    "ONLY",
    "QUIET",
    "READING",
    "SOURCE",
    "SOURCES",
    "SOURCES_OR_HERE",
    "STYLE_SHEETS",
    "THEME",
    "Format",
    "cache_of",
    "choosing",
    "sources_or_here",
    "told_as_usage",
]

Command = Callable[..., int]
Option = Callable[[Command], Command]


def _theme(_context: click.Context, _option: click.Parameter, word: str | None) -> str | Path | None:
    """A theme as it was chosen: a folder's path where it is one or looks like one, else a name."""
    if word is None or not ("/" in word or os.sep in word or os.path.isdir(word)):  # noqa: PTH112 - which raises nothing
        return word
    return Path(word)


def _pattern(_context: click.Context, _option: click.Parameter, word: str | None) -> str:
    """A valid pattern for file names. Raises UsageError."""
    from chapbook.model.names import check_pattern  # noqa: PLC0415 - see cli

    try:
        return check_pattern(word) if word is not None else ""
    except ValueError as error:
        raise click.UsageError(f"--name '{word}': {error}") from error


def _codes(_context: click.Context, option: click.Parameter, words: tuple[str, ...]) -> tuple[str, ...]:
    """The codes that an option names, each alone or several with commas. Raises UsageError for what it can't take."""
    if not words:
        return ()
    from chapbook.model.codes import CODES, Severity  # noqa: PLC0415 - see cli
    from chapbook.model.near import nearest  # noqa: PLC0415 - see cli

    codes = tuple(code for word in words for code in re.split(r"[,\s\[\]]+", word) if code)
    for code in codes:
        if code not in CODES:
            meant = nearest(code, CODES)
            hint = f"did you mean '{meant}'?" if meant else "'chapbook explain' lists all codes"
            raise click.UsageError(f"--{option.name}: there is no message with the code '{code}': {hint}")
        if option.name == "ignore" and CODES[code].severity is Severity.ERROR:
            raise click.UsageError(f"--ignore: '{code}' is an error, which chapbook never ignores")
    return codes


def _targets(_context: click.Context, _option: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names)) or ("generic",)


def _memory(_context: click.Context, _option: click.Parameter, word: str | None) -> int | None:
    """Bytes from ``800M`` or ``2G``. Raises BadParameter."""
    if word is None:
        return None
    found = _SIZE.fullmatch(word)
    if found is None:
        raise click.BadParameter(f"'{word}' isn't a size: write 800M or 2G")
    return int(float(found[1]) * _UNITS[found[2].upper()])


_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([KMG]?)B?", re.ASCII | re.IGNORECASE)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}

_EXISTING = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=_EXISTING)
SOURCES_OR_HERE = click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=_EXISTING)
"""Like SOURCES; `sources_or_here` returns the current folder if there are none."""
SOURCE = click.argument("source", metavar="SOURCE", type=_EXISTING)

Format = Literal["text", "json", "github", "sarif", "junit", "markdown"]
"""How messages are printed."""
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document to standard output.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print only warnings and errors.")
ALL = click.option("--all", "ungrouped", is_flag=True, help="Print every message, even when the same kind repeats.")

# Each of these is named like a field of Choices, or is read by `_choices`.
ONLY = click.option(
    "--only", multiple=True, metavar="VOLUME", help="Build only this volume of a series (its folder or title)."
)
NAME = click.option(
    "--name",
    metavar="PATTERN",
    callback=_pattern,
    help="Pattern for file names, such as '{series}-{index:02}-{slug}'.",
)
THEME = click.option("--theme", metavar="T", callback=_theme, help="Name of a built-in theme, or path to your own.")
STYLE_SHEETS = click.option(
    "--css", multiple=True, metavar="F", type=_FILE, help="Style sheet to apply after the theme."
)
DRAFTS = click.option("--drafts", is_flag=True, help="Include draft chapters.")
_JOBS = click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; 0: as pay.")
NO_CACHE = click.option("--no-cache", is_flag=True, help="Ignore the cache and render everything again.")
CACHE = click.option(
    "--cache-dir",
    envvar="CHAPBOOK_CACHE_DIR",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Cache folder.",
)
READING: tuple[Option, ...] = (ONLY, DRAFTS, _JOBS, NO_CACHE, CACHE)
"""The options of the commands that read books and write none."""
BUILDING: tuple[Option, ...] = (
    ONLY,
    NAME,
    THEME,
    STYLE_SHEETS,
    click.option("--cover", metavar="F", type=_FILE, help="Image to use as the cover."),
    click.option(
        "--for",
        "targets",
        multiple=True,
        type=click.Choice(("generic", "kindle", "kobo", "apple", "google")),
        callback=_targets,
        help="Store or reading system to build the book for; 'generic', the default, suits all. Repeatable.",
    ),
    click.option(
        "--assets", multiple=True, metavar="DIR", type=_FOLDER, help="Folder of pictures outside the content folder."
    ),
    DRAFTS,
    click.option("--strict", is_flag=True, help="Treat warnings as errors."),
    _JOBS,
    click.option(
        "--allow-extension",
        "allow_extensions",
        multiple=True,
        metavar="NAME",
        help="Markdown extension that a content folder may load.",
    ),
    click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="Installed plug-in to use."),
    NO_CACHE,
    CACHE,
    click.option("--untrusted", is_flag=True, help="Use the tighter limits for content of people you don't know."),
    click.option("--max-seconds", type=float, metavar="N", help="Stop the whole run after so many seconds."),
    click.option("--max-memory", metavar="SIZE", callback=_memory, help="Stop the run above this memory (800M, 2G)."),
    click.option("--limit", "limited", multiple=True, metavar="NAME=N", help="Set another limit, such as links=5000."),
    click.option(
        "--select",
        multiple=True,
        metavar="CODE",
        callback=_codes,
        help="Report only messages with these codes, and errors.",
    ),
    click.option(
        "--ignore", multiple=True, metavar="CODE", callback=_codes, help="Don't report messages with these codes."
    ),
)
"""The options of the commands that build or check books."""


def choosing(*options: Option) -> Option:
    """Adds the `options` to a command, and passes it those that choose something for all books as `choices`."""

    def added(command: Command) -> Command:
        @wraps(command)
        def called(**given: Any) -> int:  # noqa: ANN401 - as each option has it
            choices, rest = _choices(given)
            return command(choices=choices, **rest)

        made: Command = called
        for option in reversed(options):
            made = option(made)
        return made

    return added


def _choices(given: dict[str, Any]) -> tuple[Choices, dict[str, Any]]:
    """The choices among the values of options, and the other values."""
    from chapbook.series.requests import Choices  # noqa: PLC0415 - see cli

    chosen = {name: given.pop(name) for name in Choices.__struct_fields__ if name in given}
    if "no_cache" in given:
        chosen["cache"] = cache_of(no_cache=given.pop("no_cache"), cache_dir=given.pop("cache_dir"))
    if "untrusted" in given:
        limiting = {name: given.pop(name) for name in ("untrusted", "max_seconds", "max_memory", "limited")}
        for option, is_given in (
            ("--allow-extension", chosen["allow_extensions"]),
            ("--theme with a folder", isinstance(chosen["theme"], Path)),
        ):
            if limiting["untrusted"] and is_given:
                raise click.UsageError(f"--untrusted and {option} can't be used together")
        chosen["limits"] = _limits(**limiting)
    return Choices(**chosen), given


def cache_of(*, no_cache: bool, cache_dir: Path | None) -> Path | None:
    """The cache's folder: `cache_dir`, or the one in which this user's programs keep caches."""
    from chapbook.cache import user_cache  # noqa: PLC0415 - see cli

    return None if no_cache else cache_dir or user_cache(sys.platform)


def _limits(*, untrusted: bool, limited: tuple[str, ...], **bounds: float | None) -> Limits:
    """What a run may take. Raises UsageError for a limit that isn't one."""
    from chapbook.model.diagnostics import ChapbookError  # noqa: PLC0415 - see cli
    from chapbook.model.limits import DEFAULTS, UNTRUSTED  # noqa: PLC0415 - see cli

    said: dict[str, object] = {}
    for each in limited:
        name, _, number = each.partition("=")
        if name not in DEFAULTS.__struct_fields__ or not re.fullmatch(r"\d{1,12}", number, re.ASCII):
            known = ", ".join(DEFAULTS.__struct_fields__)
            raise click.UsageError(f"--limit '{each}' isn't NAME=N with one of these names: {known}")
        said[name] = int(number)
    said |= {name: value for name, value in bounds.items() if value is not None}
    try:
        return (UNTRUSTED if untrusted else DEFAULTS).replace(**said)
    except ChapbookError as error:
        raise click.UsageError(error.diagnostics[0].message) from error


def sources_or_here(sources: tuple[Path, ...], doing: str, *, quiet: bool) -> tuple[Path, ...]:
    """`sources`, or the current folder if empty, with a line that says so.

    Raises UsageError if the current folder has no chapters.
    """
    if sources:
        return sources
    from chapbook.series.planning import book_in  # noqa: PLC0415 - see cli

    here = Path.cwd()
    name = printable(here.name or str(here))
    book = book_in(here)
    if book != ".":
        command = click.get_current_context().command_path
        lack = f"the current folder, '{name}', has no book.yaml"
        if inner := printable(book):
            raise click.UsageError(f"{lack}, but its folder '{inner}' has one: write '{command} {shlex.quote(inner)}'")
        raise click.UsageError(
            f"{lack} and no chapters (.md files): go to the folder of your book, or name it: {command} my-book"
        )
    if not quiet:
        click.echo(f"{doing} the current folder, '{name}'", err=True)
    return (Path(),)


@contextmanager
def told_as_usage() -> Iterator[None]:
    """Turns an error in planning into an error on the command line: nothing was done yet."""
    from chapbook.model.diagnostics import ChapbookError  # noqa: PLC0415 - see cli

    try:
        yield
    except ChapbookError as error:
        fault = error.diagnostics[0]
        words = f"{fault.message}: {fault.hint}" if fault.hint else fault.message
        raise click.UsageError(printable(words)) from error
