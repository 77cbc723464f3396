"""The command's options, and the values the user chose."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack, cast, get_args

import click

from chapbook.command.limits import BOUNDS, limits_of
from chapbook.command.paths import theme_of
from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from chapbook.series.planning import Choices

__all__ = [
    "CACHE",
    "FORMAT",
    "SOURCE",
    "SOURCES",
    "SOURCES_OR_HERE",
    "Chosen",
    "Format",
    "cache_of",
    "choices_of",
    "choosing",
    "choosing_cover",
    "choosing_metadata",
    "choosing_preview",
    "format_of",
    "pattern_of",
    "say_that_folder_is_gone",
    "sources_or_here",
    "told_as_usage",
]

_EXISTING = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=_EXISTING)
SOURCES_OR_HERE = click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=_EXISTING)
"""Like SOURCES; `sources_or_here` returns the current folder if there are none."""
SOURCE = click.argument("source", metavar="SOURCE", type=_EXISTING)
_DRAFTS = click.option("--drafts", is_flag=True, help="Include draft chapters.")
_STRICT = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
_JOBS = click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; 0: as pay.")
_NO_CACHE = click.option("--no-cache", is_flag=True, help="Ignore the cache and render everything again.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document to standard output.")
_QUIET = click.option("-q", "--quiet", is_flag=True, help="Print only warnings and errors.")
_ALL = click.option("--all", "ungrouped", is_flag=True, help="Print every message, even when the same kind repeats.")
THEME = click.option("--theme", metavar="T", help="Name of a built-in theme, or path to your own.")
_CSS = click.option("--css", multiple=True, metavar="F", type=_FILE, help="Style sheet to apply after the theme.")
_COVER = click.option("--cover", metavar="F", type=_FILE, help="Image to use as the cover.")
_ONLY = click.option(
    "--only", multiple=True, metavar="VOLUME", help="Build only this volume of a series (its folder or title)."
)
_NAME = click.option("--name", metavar="PATTERN", help="Pattern for file names, such as '{series}-{index:02}-{slug}'.")
CACHE = click.option(
    "--cache-dir",
    envvar="CHAPBOOK_CACHE_DIR",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Cache folder.",
)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_ASSETS = click.option(
    "--assets", multiple=True, metavar="DIR", type=_FOLDER, help="Folder of pictures outside the content folder."
)
_ALLOW = click.option(
    "--allow-extension",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="Markdown extension that a content folder may load.",
)

_PLUGIN = click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="Installed plug-in to use.")


Format = Literal["text", "json", "github", "sarif", "junit", "markdown"]
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Format)),
    help="How to print messages: as text (the default), JSON (the same as --json), annotations of a GitHub workflow, "
    "SARIF, JUnit's XML, or a report in Markdown.",
)


_SELECT = click.option(
    "--select", multiple=True, metavar="CODE", help="Report only messages with these codes, and errors."
)
_IGNORE = click.option("--ignore", multiple=True, metavar="CODE", help="Don't report messages with these codes.")

_FOR = click.option(
    "--for",
    "targets",
    multiple=True,
    type=click.Choice(("generic", "kindle", "kobo", "apple", "google")),
    help="Store or reading system to build the book for; 'generic', the default, suits all. Repeatable.",
)


class Chosen(TypedDict):
    """The options that building and checking share."""

    theme: str | None
    css: tuple[Path, ...]
    cover: Path | None
    assets: tuple[Path, ...]
    drafts: bool
    strict: bool
    jobs: int
    allowed: tuple[str, ...]
    plugins: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    targets: tuple[str, ...]
    no_cache: bool
    only: tuple[str, ...]
    name: str | None
    cache_dir: Path | None
    untrusted: bool
    max_seconds: float | None
    max_memory: int | None
    limited: tuple[str, ...]


def choosing(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options of `Chosen`, and those about output, to `command`."""
    for option in reversed(
        (
            *(_ONLY, _NAME, THEME, _CSS, _COVER, _FOR, _ASSETS, _DRAFTS, _STRICT, _JOBS, _ALLOW, _PLUGIN),
            *(_NO_CACHE, CACHE),
            *BOUNDS,
            *(_SELECT, _IGNORE, _JSON, _QUIET, _ALL),
        )
    ):
        command = option(command)
    return command


def choosing_cover(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options about covers to `command`."""
    for option in (THEME, _NAME, _ONLY):
        command = option(command)
    return command


def choosing_metadata(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options about metadata to `command`."""
    for option in (CACHE, _NO_CACHE, _JOBS, _DRAFTS, _ONLY):
        command = option(command)
    return command


def choosing_preview(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options about previewing to `command`."""
    for option in (CACHE, _NO_CACHE, _DRAFTS, _CSS, THEME, _ONLY):
        command = option(command)
    return command


def choices_of(*, force: bool = False, **chosen: Unpack[Chosen]) -> Choices:
    """The choices from the options of `Chosen` and `--force`."""
    from chapbook.series.planning import Choices  # noqa: PLC0415 - see cli

    theme = theme_of(chosen["theme"])
    return Choices(
        theme=theme,
        css=chosen["css"],
        cover=chosen["cover"],
        assets=chosen["assets"],
        drafts=chosen["drafts"],
        strict=chosen["strict"],
        jobs=chosen["jobs"],
        plugins=chosen["plugins"],
        select=_codes("--select", chosen["select"]),
        ignore=_codes("--ignore", chosen["ignore"]),
        targets=tuple(dict.fromkeys(chosen["targets"])) or ("generic",),
        cache=cache_of(no_cache=chosen["no_cache"], cache_dir=chosen["cache_dir"]),
        allow_extensions=chosen["allowed"],
        only=chosen["only"],
        name=pattern_of(chosen["name"]),
        force=force,
        limits=limits_of(
            untrusted=chosen["untrusted"],
            max_seconds=chosen["max_seconds"],
            max_memory=chosen["max_memory"],
            limited=chosen["limited"],
            refused={"--allow-extension": chosen["allowed"], "--theme with a folder": isinstance(theme, Path)},
        ),
    )


def _codes(option: str, words: Sequence[str]) -> tuple[str, ...]:
    """The codes that an option names, each alone or several with commas. Raises UsageError for what it can't take."""
    from chapbook.model.codes import CODES, Severity  # noqa: PLC0415 - see cli
    from chapbook.model.near import nearest  # noqa: PLC0415 - see cli

    codes = tuple(code for word in words for code in re.split(r"[,\s\[\]]+", word) if code)
    for code in codes:
        if code not in CODES:
            meant = nearest(code, CODES)
            hint = f"did you mean '{meant}'?" if meant else "'chapbook explain' lists all codes"
            raise click.UsageError(f"{option}: there is no message with the code '{code}': {hint}")
        if option == "--ignore" and CODES[code].severity is Severity.ERROR:
            raise click.UsageError(f"--ignore: '{code}' is an error, which chapbook never ignores")
    return codes


def cache_of(*, no_cache: bool, cache_dir: Path | None) -> Path | None:
    """The cache's folder: `cache_dir`, or the one in which this user's programs keep caches."""
    from chapbook.cache import user_cache  # noqa: PLC0415 - see cli

    return None if no_cache else cache_dir or user_cache(sys.platform)


def pattern_of(word: str | None) -> str:
    """The pattern given with `--name`. Raises UsageError if it isn't valid."""
    from chapbook.model.names import check_pattern  # noqa: PLC0415 - see cli

    try:
        return check_pattern(word) if word is not None else ""
    except ValueError as error:
        raise click.UsageError(f"--name '{word}': {error}") from error


def format_of(form: str | None, *, as_json: bool) -> Format:
    """The output format. Raises UsageError if `--json` and `--format` contradict each other."""
    if as_json and form not in {None, "json"}:
        raise click.UsageError(f"--json does not go with --format {form}")
    return "json" if as_json else cast("Format", form or "text")


def sources_or_here(sources: tuple[Path, ...], doing: str, *, quiet: bool) -> tuple[Path, ...]:
    """`sources`, or the current folder if empty, with a line that says so.

    Raises UsageError if the current folder has no chapters.
    """
    if sources:
        return sources
    import shlex  # noqa: PLC0415 - see cli

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


def say_that_folder_is_gone() -> int:
    """Answers a FileNotFoundError that comes of a deleted current folder: gives the exit code. Raises all others."""
    from chapbook.series.requests import current_folder  # noqa: PLC0415 - see cli

    if current_folder():
        raise  # noqa: PLE0704 - called where it is handled
    click.echo("Error: the current folder was deleted: go to another, or give whole paths", err=True)
    return 2


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
