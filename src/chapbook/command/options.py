"""The options of the command, and what was chosen by them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypedDict, Unpack

import click

from chapbook.command.limits import BOUNDS, limits_of
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
    "Output",
    "cache_of",
    "choices_of",
    "choosing",
    "choosing_cover",
    "choosing_metadata",
    "choosing_preview",
    "expanded",
    "format_of",
    "output_of",
    "pattern_of",
    "sources_or_here",
    "theme_of",
    "told_as_usage",
]

_EXISTING = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=_EXISTING)
SOURCES_OR_HERE = click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=_EXISTING)
"""As SOURCES; `sources_or_here` gives the current folder where none is named."""
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


_FORMATS = ("text", "json", "github")
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="How to print messages: 'text' (the default), 'json' (as --json), or 'github', annotations of a workflow.",
)


class Chosen(TypedDict):
    """The options that building and checking have in common."""

    theme: str | None
    css: tuple[Path, ...]
    cover: Path | None
    assets: tuple[Path, ...]
    drafts: bool
    strict: bool
    jobs: int
    allowed: tuple[str, ...]
    plugins: tuple[str, ...]
    no_cache: bool
    only: tuple[str, ...]
    name: str | None
    cache_dir: Path | None
    untrusted: bool
    max_seconds: float | None
    max_memory: int | None
    limited: tuple[str, ...]


def choosing(command: Callable[..., int]) -> Callable[..., int]:
    """Gives `command` the options of `Chosen`, and those that say what is printed."""
    for option in reversed(
        (
            *(_ONLY, _NAME, THEME, _CSS, _COVER, _ASSETS, _DRAFTS, _STRICT, _JOBS, _ALLOW, _PLUGIN),
            *(_NO_CACHE, CACHE),
            *BOUNDS,
            *(_JSON, _QUIET, _ALL),
        )
    ):
        command = option(command)
    return command


def choosing_cover(command: Callable[..., int]) -> Callable[..., int]:
    """Gives `command` the options that concern a cover."""
    for option in (THEME, _NAME, _ONLY):
        command = option(command)
    return command


def choosing_metadata(command: Callable[..., int]) -> Callable[..., int]:
    """Gives `command` the options that concern what is said of a book."""
    for option in (CACHE, _NO_CACHE, _JOBS, _DRAFTS, _ONLY):
        command = option(command)
    return command


def choosing_preview(command: Callable[..., int]) -> Callable[..., int]:
    """Gives `command` the options that concern a book that is only looked at."""
    for option in (CACHE, _NO_CACHE, _DRAFTS, _CSS, THEME, _ONLY):
        command = option(command)
    return command


def choices_of(*, force: bool = False, **chosen: Unpack[Chosen]) -> Choices:
    """What the options of `Chosen` say, and `--force`."""
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


def cache_of(*, no_cache: bool, cache_dir: Path | None) -> Path | None:
    """The folder of the cache: without one given, where this user's programs keep what they can do without."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - see cli

    return None if no_cache else cache_dir or user_cache_path("chapbook", appauthor=False)


def pattern_of(word: str | None) -> str:
    """The pattern of `--name`. Raises UsageError for what is none."""
    from chapbook.model.output_names import check_pattern  # noqa: PLC0415 - see cli

    try:
        return check_pattern(word) if word is not None else ""
    except ValueError as error:
        raise click.UsageError(f"--name '{word}': {error}") from error


def theme_of(word: str | None) -> str | Path | None:
    """A theme as it was chosen: a folder's path where it is one or looks like one, else a name."""
    if word is None or not ("/" in word or os.sep in word or os.path.isdir(word)):  # noqa: PTH112 - which raises nothing
        return word
    return Path(word)


class Output(NamedTuple):
    """Where books go."""

    file: Path | None = None
    """One file; ``None``: a file for each book, in `folder`."""
    folder: Path = Path()
    is_stream: bool = False
    """Whether the book goes to standard output."""


def output_of(word: str | None, suffix: str = "") -> Output:
    """What `-o` names. With a `suffix`, a file that ends otherwise raises UsageError, unless it is a device or pipe."""
    if word is None:
        return Output()
    if word == "-" and suffix:
        return Output(is_stream=True)
    if word.endswith(("/", os.sep)) or os.path.isdir(word):  # noqa: PTH112 - which raises nothing
        return Output(folder=Path(word))
    # What is there and no file is a device or a pipe; these functions raise nothing for a name that is too long.
    if suffix and Path(word).suffix.lower() != suffix and (not os.path.exists(word) or os.path.isfile(word)):  # noqa: PTH110, PTH113
        raise click.UsageError(_refusal(word, suffix))
    return Output(file=Path(word))


_FORMAT = re.compile(r"\.[a-z][a-z0-9]{1,4}", re.IGNORECASE)
"""A suffix that names a format, and is no part of the name (``v1.2``)."""


def _refusal(word: str, suffix: str) -> str:
    path = Path(word)
    named = path.with_suffix(suffix) if _FORMAT.fullmatch(path.suffix) else path.with_name(path.name + suffix)
    folder = "" if path.suffix else f", or '{word}/' for a folder"
    return f"chapbook writes EPUB only: name it '{named}'{folder}"


def format_of(form: str | None, *, as_json: bool) -> str:
    """How messages are printed. Raises UsageError where `--json` and `--format` say two things."""
    if as_json and form not in {None, "json"}:
        raise click.UsageError(f"--json does not go with --format {form}")
    return "json" if as_json else form or "text"


def sources_or_here(sources: tuple[Path, ...], doing: str, *, quiet: bool) -> tuple[Path, ...]:
    """The `sources`; where there are none the current folder, and a line that says so.

    Raises UsageError where the current folder has no chapters.
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


@contextmanager
def told_as_usage() -> Iterator[None]:
    """Makes an error of planning one of the command line: nothing was done."""
    from chapbook.model.diagnostics import ChapbookError  # noqa: PLC0415 - see cli

    try:
        yield
    except ChapbookError as error:
        fault = error.diagnostics[0]
        words = f"{fault.message}: {fault.hint}" if fault.hint else fault.message
        raise click.UsageError(printable(words)) from error


def expanded(words: Sequence[str]) -> list[str]:
    """The `words` with files' names for those that have `*` or `?`, as every shell but those of Windows does it."""
    found: list[str] = []
    for word in words:
        pattern = word.replace("[", "[[]")
        is_pattern = not word.startswith("-") and ("*" in word or "?" in word)
        named = sorted(glob(pattern)) if is_pattern else []  # noqa: PTH207 - as the user wrote it
        found += named or [word]
    return found
