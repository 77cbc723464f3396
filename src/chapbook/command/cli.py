"""The command line: parses arguments, calls the library, prints results."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from chapbook._version import __version__
from chapbook.command.about import ABOUT
from chapbook.command.checking import check
from chapbook.command.editions import EDITIONS
from chapbook.command.new import new
from chapbook.command.options import (
    SOURCE,
    SOURCES,
    SOURCES_OR_HERE,
    Chosen,
    cache_of,
    choices_of,
    choosing,
    choosing_cover,
    choosing_metadata,
    pattern_of,
    say_that_folder_is_gone,
    sources_or_here,
    told_as_usage,
)
from chapbook.command.paths import Output, expanded, given_files, output_of, theme_of
from chapbook.command.previewing import preview

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from chapbook.series.planning import BookRequest, Choices

__all__ = ["run"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def chapbook() -> None:
    """Turn folders of Markdown chapters into EPUB 3 books.

    SOURCE is a content folder, a folder with volumes.yaml, or one Markdown file.
    """


@chapbook.command()
@SOURCES_OR_HERE
@click.option(
    "-o",
    "--output",
    metavar="FILE|FOLDER/",
    help="Output file, a folder for several books, or '-' for standard output.",
)
@click.option("--omnibus", is_flag=True, help="Join the volumes of each SOURCE (a series) into one book.")
@click.option("--watch", "watched", is_flag=True, help="Build again whenever a file changes, until Ctrl-C.")
@click.option("--dask", metavar="ADDRESS", help="Build on the Dask cluster at this address, or a new one: 'local'.")
@click.option("--force", is_flag=True, help="Write unchanged books again.")
@click.option("--fail-fast/--keep-going", help="Stop at the first book with errors, or build the others (the default).")
@choosing
def build(
    sources: tuple[Path, ...],
    output: str | None,
    *,
    omnibus: bool,
    watched: bool,
    dask: str | None,
    force: bool,
    fail_fast: bool,
    as_json: bool,
    quiet: bool,
    ungrouped: bool,
    **chosen: Unpack[Chosen],
) -> int:
    """Build an EPUB from each SOURCE.

    Without SOURCE, chapbook builds the current folder. By default the file is named after the title and written to the
    current folder.
    """
    from chapbook.command import running  # noqa: PLC0415 - `--version` needs none of it

    target = _target(output, omnibus=omnibus, watched=watched, dask=dask, as_json=as_json, only=chosen["only"])
    choices = choices_of(force=force, **chosen)
    sources = sources_or_here(sources, "building", quiet=quiet or as_json)
    options = running.RunOptions(
        jobs=choices.jobs,
        form="json" if as_json else "text",
        quiet=quiet,
        ungrouped=ungrouped,
        fail_fast=fail_fast,
        given=given_files(choices),
    )
    plan = partial(_planned, sources, target, choices, omnibus=omnibus)
    if watched:
        running.watch(sources, choices, options, plan)
    if target.is_stream:
        return running.run_to_stream(plan(), options)
    requests = plan()
    with _executor(dask, choices) as executor:
        return running.run(requests, options, executor)


def _target(
    output: str | None, *, omnibus: bool, watched: bool, dask: str | None, as_json: bool, only: Sequence[str]
) -> Output:
    """Where the books go. Raises UsageError for options that contradict each other."""
    target = output_of(output, ".epub")
    for one, others in (
        ("--watch", {"--json": as_json, "--dask": dask, "-o -": target.is_stream} if watched else {}),
        ("-o -", {"--json": as_json, "--dask": dask} if target.is_stream else {}),
        ("--only", {"--omnibus": omnibus} if only else {}),
    ):
        for other, given in others.items():
            if given:
                raise click.UsageError(f"{one} and {other} can't be used together")
    return target


@chapbook.command()
@SOURCES
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead, a row for each book.")
@choosing_metadata
def metadata(
    sources: tuple[Path, ...],
    *,
    as_csv: bool,
    only: tuple[str, ...],
    drafts: bool,
    jobs: int,
    no_cache: bool,
    cache_dir: Path | None,
) -> int:
    """Print the metadata of each SOURCE.

    It is what the EPUB's package document would have, as JSON; of a series, that of each volume.
    """
    from chapbook.command import running  # noqa: PLC0415 - see build
    from chapbook.series.planning import Choices, plan_books  # noqa: PLC0415 - see build

    choices = Choices(drafts=drafts, jobs=jobs, only=only, cache=cache_of(no_cache=no_cache, cache_dir=cache_dir))
    if as_csv:
        options = running.RunOptions(jobs=jobs, quiet=True, metadata="csv")
    else:
        options = running.RunOptions(jobs=jobs, form="json", quiet=True, metadata="json")
    with told_as_usage():
        requests = plan_books(sources, None, choices=choices)
    return running.run(requests, options)


@chapbook.command()
@SOURCE
@click.option(
    "-o", "--output", metavar="FILE|FOLDER/", help="Output file or folder; by default the title names the file."
)
@choosing_cover
def cover(source: Path, output: str | None, *, theme: str | None, only: tuple[str, ...], name: str | None) -> int:
    """Save the cover of SOURCE as an image.

    It is your own cover, or the one chapbook draws; of a series, the cover of each volume.
    """
    from chapbook.command.console import print_report  # noqa: PLC0415 - see build
    from chapbook.series.one_book import write_cover  # noqa: PLC0415 - see build
    from chapbook.series.planning import Choices  # noqa: PLC0415 - see build

    target = output_of(output)
    choices = Choices(theme=theme_of(theme), only=only, name=pattern_of(name))
    reports = [write_cover(each, each.output if target.file else None) for each in _planned([source], target, choices)]
    for report in reports:
        print_report(report, quiet=False, given={str(target.file)})
    return 0 if all(report.ok for report in reports) else 1


def _planned(
    sources: Sequence[Path], target: Output, choices: Choices, *, omnibus: bool = False
) -> tuple[BookRequest, ...]:
    """The books to build, and where they go."""
    from msgspec.structs import replace  # noqa: PLC0415 - see build

    from chapbook.model.targets import TARGETS  # noqa: PLC0415 - see build
    from chapbook.series.planning import plan_books, plan_omnibuses  # noqa: PLC0415 - see build

    plan = plan_omnibuses if omnibus else plan_books
    to_one = target.file or target.is_stream
    with told_as_usage():
        requests = plan(sources, None if to_one else target.folder, choices=choices)
    if not to_one:
        return requests
    books = sum(not each.is_library for each in requests)
    if books > 1:
        where = f"'{target.file}' is one file" if target.file else "standard output can take only one book"
        raise click.UsageError(f"{where}, but there are {books:,} books: use -o with a folder, for example -o out/")
    kind = TARGETS[choices.targets[0]]
    if target.file and kind.has_spans and not target.file.name.lower().endswith(kind.suffix):
        raise click.UsageError(f"a KEPUB is known by its name: call it '{target.file.with_suffix(kind.suffix)}'")
    return tuple(each if each.is_library else replace(each, output=target.file) for each in requests)


@contextmanager
def _executor(dask: str | None, choices: Choices) -> Iterator[Executor | None]:
    """Yields the executor for the Dask cluster at that address; ``None`` without an address.

    If the cluster can't be reached, that is an error on the command line, because nothing was done yet.
    """
    if dask is None:
        yield None
        return
    from chapbook.series.dask_cluster import dask_executor  # noqa: PLC0415 - see build

    if choices.limits.needs_process:
        raise click.UsageError("--dask and --max-seconds, --max-memory or --untrusted can't be used together")
    with told_as_usage(), dask_executor(dask, workers=choices.jobs) as executor:
        yield executor


for _command in (check, *ABOUT, *EDITIONS, new, preview):
    chapbook.add_command(_command)


def run(words: Sequence[str]) -> int:
    """Runs the command with the arguments `words`, and returns the exit code."""
    _collect_seldom()
    instruction = os.environ.get(_COMPLETE)
    if instruction:
        from click.shell_completion import shell_complete  # noqa: PLC0415 - seldom used

        return shell_complete(chapbook, {}, "chapbook", _COMPLETE, instruction)
    words = expanded(words) if os.name == "nt" else words
    try:
        # click's own main() handles Ctrl-C and closed pipes differently, so call the steps here.
        with chapbook.make_context("chapbook", list(words)) as context:
            return int(chapbook.invoke(context))
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except FileNotFoundError:
        return say_that_folder_is_gone()


_COMPLETE = "_CHAPBOOK_COMPLETE"
"""The variable with which a shell asks for completions, or for its completion script."""


def _collect_seldom() -> None:
    """Makes garbage collection rare in this process: a book has very many values, and they make no cycles."""
    gc.set_threshold(100_000)  # values allocated but not freed between two collections
