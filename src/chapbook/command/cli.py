"""The command: parses its words, calls the library, prints what it says."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from chapbook._version import __version__

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from chapbook.series.planning import BookRequest, Choices

__all__ = ["run"]

_EXISTING = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=_EXISTING)
_DRAFTS = click.option("--drafts", is_flag=True, help="Take in chapters marked as drafts.")
_STRICT = click.option("--strict", is_flag=True, help="Let a warning stop a book as an error does.")
_JOBS = click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; 0: as pay.")
_NO_CACHE = click.option("--no-cache", is_flag=True, help="Render everything anew.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
_QUIET = click.option("-q", "--quiet", is_flag=True, help="Print errors and warnings only.")
_ALL = click.option("--all", "ungrouped", is_flag=True, help="Print every message, where kinds repeat too.")
_THEME = click.option("--theme", metavar="T", help="A theme's name, or the folder of your own.")
_CSS = click.option("--css", multiple=True, metavar="F", type=_FILE, help="A style sheet, after the theme.")
_COVER = click.option("--cover", metavar="F", type=_FILE, help="A picture as the cover.")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_ASSETS = click.option(
    "--assets", multiple=True, metavar="DIR", type=_FOLDER, help="A folder of pictures that lies beside the chapters."
)
_ALLOW = click.option(
    "--allow-extension", "allowed", multiple=True, metavar="NAME", help="A Markdown extension that a folder may load."
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
    no_cache: bool


def _choosing(command: Callable[..., int]) -> Callable[..., int]:
    """Gives `command` the options of `Chosen`, and those that say what is printed."""
    for option in reversed(
        (_THEME, _CSS, _COVER, _ASSETS, _DRAFTS, _STRICT, _JOBS, _ALLOW, _NO_CACHE, _JSON, _QUIET, _ALL)
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def chapbook() -> None:
    """Turn folders of Markdown chapters into EPUB 3 books.

    SOURCE is a content folder, a folder with volumes.yaml, or one Markdown file.
    """


@chapbook.command()
@_SOURCES
@click.option("-o", "--output", metavar="FILE|FOLDER/", help="Where the book goes; a folder for several.")
@click.option("--omnibus", is_flag=True, help="Join the volumes of each SOURCE, a library, in one book.")
@click.option("--watch", "watched", is_flag=True, help="Build again whenever a file changes, until Ctrl-C.")
@click.option("--dask", metavar="ADDRESS", help="Build on the Dask cluster at this address; 'local': a new one here.")
@_choosing
def build(
    sources: tuple[Path, ...],
    output: str | None,
    *,
    omnibus: bool,
    watched: bool,
    dask: str | None,
    as_json: bool,
    quiet: bool,
    ungrouped: bool,
    **chosen: Unpack[Chosen],
) -> int:
    """Build each SOURCE as an EPUB file.

    Without -o the title becomes the file's name, in the current folder.
    """
    from chapbook.command import running  # noqa: PLC0415 - `--version` needs none of it

    choices = _choices(**chosen)
    options = running.RunOptions(jobs=choices.jobs, as_json=as_json, quiet=quiet, ungrouped=ungrouped)
    plan = partial(_planned, sources, output, choices, omnibus=omnibus)
    if watched:
        if as_json or dask:
            raise click.UsageError(f"--watch does not go with {'--json' if as_json else '--dask'}")
        running.watch(sources, choices, options, plan)
    requests = plan()
    with _executor(dask, choices.jobs) as executor:
        return running.run(requests, options, executor)


@chapbook.command()
@_SOURCES
@click.option("--a11y", is_flag=True, help="Print what is claimed of its accessibility and why, and what to look at.")
@_choosing
def check(
    sources: tuple[Path, ...],
    *,
    a11y: bool,
    as_json: bool,
    quiet: bool,
    ungrouped: bool,
    **chosen: Unpack[Chosen],
) -> int:
    """Print all there is to say of each SOURCE; write nothing."""
    from chapbook.command import running  # noqa: PLC0415 - see build
    from chapbook.series.planning import plan_books  # noqa: PLC0415 - see build

    choices = _choices(**chosen)
    options = running.RunOptions(
        jobs=choices.jobs, as_json=as_json, quiet=quiet, ungrouped=ungrouped, accessibility=a11y
    )
    return running.run(plan_books(sources, None, choices=choices), options)


@chapbook.command()
@_SOURCES
@click.option("--csv", "as_csv", is_flag=True, help="Print a table instead: a row for each book.")
@_DRAFTS
@_JOBS
@_NO_CACHE
def metadata(sources: tuple[Path, ...], *, as_csv: bool, drafts: bool, jobs: int, no_cache: bool) -> int:
    """Print the metadata of each SOURCE as JSON, as the package document has it, without writing a book.

    Of a folder with volumes.yaml, that of each volume.
    """
    from chapbook.command import running  # noqa: PLC0415 - see build
    from chapbook.series.planning import Choices, plan_books  # noqa: PLC0415 - see build

    choices = Choices(drafts=drafts, jobs=jobs, cache=None if no_cache else _cache_folder())
    options = running.RunOptions(jobs=jobs, as_json=not as_csv, quiet=True, metadata="csv" if as_csv else "json")
    return running.run(plan_books(sources, None, choices=choices), options)


@chapbook.command()
def themes() -> int:
    """List the themes, with a line each."""
    from chapbook.styling.themes import theme_names  # noqa: PLC0415 - see build

    listed = theme_names()
    width = max(len(name) for name, _ in listed)
    for name, description in listed:
        click.echo(f"{name:{width}}  {description}")
    return 0


@chapbook.command()
@click.argument("source", metavar="SOURCE", type=_EXISTING)
@click.option("-o", "--output", metavar="FILE|FOLDER/", help="Where the picture goes; without, the title names it.")
@_THEME
def cover(source: Path, output: str | None, *, theme: str | None) -> int:
    """Write the cover of SOURCE, given or drawn, as a picture."""
    from chapbook.command.console import print_report  # noqa: PLC0415 - see build
    from chapbook.series.one_book import write_cover  # noqa: PLC0415 - see build
    from chapbook.series.planning import Choices  # noqa: PLC0415 - see build

    target = None if output is None or _is_folder(output) else Path(output)
    report = write_cover(source, target, folder=_folder(output), choices=Choices(theme=_theme(theme)))
    print_report(report, quiet=False)
    return 0 if report.ok else 1


def _planned(
    sources: Sequence[Path], output: str | None, choices: Choices, *, omnibus: bool
) -> tuple[BookRequest, ...]:
    """What is to be built, and where it goes."""
    from msgspec.structs import replace  # noqa: PLC0415 - see build

    from chapbook.series.planning import plan_books, plan_omnibuses  # noqa: PLC0415 - see build

    plan = plan_omnibuses if omnibus else plan_books
    named = bool(output and not _is_folder(output))
    requests = plan(sources, None if named else _folder(output), choices=choices)
    if output and named:
        if len(requests) > 1:
            raise click.UsageError(f"{len(requests)} books do not go into one file: end '{output}' with a slash")
        requests = tuple(replace(request, output=Path(output)) for request in requests)
    return requests


def _choices(**chosen: Unpack[Chosen]) -> Choices:
    from chapbook.series.planning import Choices  # noqa: PLC0415 - see build

    return Choices(
        theme=_theme(chosen["theme"]),
        css=chosen["css"],
        cover=chosen["cover"],
        assets=chosen["assets"],
        drafts=chosen["drafts"],
        strict=chosen["strict"],
        jobs=chosen["jobs"],
        cache=None if chosen["no_cache"] else _cache_folder(),
        allow_extensions=chosen["allowed"],
    )


@contextmanager
def _executor(dask: str | None, workers: int) -> Iterator[Executor | None]:
    """The executor of the Dask cluster at that address; none where none is given.

    A cluster that is not to be had is a fault of the command line: nothing was done.
    """
    if dask is None:
        yield None
        return
    from chapbook.model.diagnostics import ChapbookError  # noqa: PLC0415 - see build
    from chapbook.series.dask_cluster import dask_executor  # noqa: PLC0415 - see build

    try:
        with dask_executor(dask, workers=workers) as executor:
            yield executor
    except ChapbookError as error:
        fault = error.diagnostics[0]
        raise click.UsageError(f"{fault.message}: {fault.hint}") from error


def _cache_folder() -> Path:
    """Where this user's programs keep what they can do without."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - see build

    return user_cache_path("chapbook", appauthor=False)


def _theme(word: str | None) -> str | Path | None:
    """A theme as it was chosen: a folder's path where it is one or looks like one, else a name."""
    if word is None or not ("/" in word or os.sep in word or os.path.isdir(word)):  # noqa: PTH112 - which raises nothing
        return word
    return Path(word)


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or os.path.isdir(output)  # noqa: PTH112 - which raises nothing


def _folder(output: str | None) -> Path:
    return Path(output) if output and _is_folder(output) else Path()


def run(words: Sequence[str]) -> int:
    """Runs the command with the `words` after its name, and returns the exit code."""
    _collect_seldom()
    try:
        # Not through click's own main(), which answers a Ctrl-C and a closed pipe in its own way.
        with chapbook.make_context("chapbook", list(words)) as context:
            return int(chapbook.invoke(context))
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code


def _collect_seldom() -> None:
    """Has the garbage collector look at this process rarely: a book's values make no cycles, and there are many."""
    gc.set_threshold(_COLLECTED)


_COLLECTED = 100_000
"""Values that are made, and not yet freed, between two collections."""
