"""The commands that write books and covers: `build` and `cover`."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import TYPE_CHECKING, NamedTuple

import click

from chapbook.command.options import (
    ALL,
    BUILDING,
    JSON,
    NAME,
    ONLY,
    QUIET,
    SOURCE,
    SOURCES_OR_HERE,
    THEME,
    choosing,
    sources_or_here,
    told_as_usage,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from chapbook.command.running import RunOptions
    from chapbook.series.requests import BookRequest, Choices

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

__all__ = ["build", "cover"]


@click.command()
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
@choosing(*BUILDING, JSON, QUIET, ALL)
def build(
    sources: tuple[Path, ...],
    output: str | None,
    *,
    choices: Choices,
    omnibus: bool,
    watched: bool,
    dask: str | None,
    fail_fast: bool,
    as_json: bool,
    quiet: bool,
    ungrouped: bool,
) -> int:
    """Build an EPUB from each SOURCE.

    Without SOURCE, chapbook builds the current folder. By default the file is named after the title and written to the
    current folder.
    """
    from chapbook.command import running  # noqa: PLC0415 - see cli

    target = _target(output, omnibus=omnibus, watched=watched, dask=dask, as_json=as_json, only=choices.only)
    sources = sources_or_here(sources, "building", quiet=quiet or as_json)
    options = running.RunOptions(
        form="json" if as_json else "text", quiet=quiet, ungrouped=ungrouped, fail_fast=fail_fast
    )
    plan = partial(_planned, sources, target, choices, omnibus=omnibus)
    if watched:
        running.watch(sources, choices, options, plan)
    if target.is_stream:
        return _run_to_stream(plan(), options)
    requests = plan()
    with _executor(dask, choices) as executor:
        return running.run(requests, options, executor)


def _target(
    output: str | None, *, omnibus: bool, watched: bool, dask: str | None, as_json: bool, only: Sequence[str]
) -> _Output:
    """Where the books go. Raises UsageError for options that contradict each other."""
    target = _output_of(output, ".epub")
    for one, others in (
        ("--watch", {"--json": as_json, "--dask": dask, "-o -": target.is_stream} if watched else {}),
        ("-o -", {"--json": as_json, "--dask": dask} if target.is_stream else {}),
        ("--only", {"--omnibus": omnibus} if only else {}),
    ):
        for other, given in others.items():
            if given:
                raise click.UsageError(f"{one} and {other} can't be used together")
    return target


class _Output(NamedTuple):
    """Where books go."""

    file: Path | None = None
    """One file; ``None``: a file for each book, in `folder`."""
    folder: Path = Path()
    is_stream: bool = False
    """Whether the book goes to standard output."""


def _output_of(word: str | None, suffix: str = "") -> _Output:
    """What `-o` names. With a `suffix`, a file that ends otherwise raises UsageError, unless it is a device or pipe."""
    if word is None:
        return _Output()
    if word == "-" and suffix:
        return _Output(is_stream=True)
    if word.endswith(("/", os.sep)) or os.path.isdir(word):  # noqa: PTH112 - which raises nothing
        return _Output(folder=Path(word))
    # What is there and no file is a device or a pipe; these functions raise nothing for a name that is too long.
    if suffix and Path(word).suffix.lower() != suffix and (not os.path.exists(word) or os.path.isfile(word)):  # noqa: PTH110, PTH113
        raise click.UsageError(_refusal(word, suffix))
    return _Output(file=Path(word))


_FORMAT = re.compile(r"\.[a-z][a-z0-9]{1,4}", re.IGNORECASE)
"""A suffix that names a format, and is no part of the name (``v1.2``)."""


def _refusal(word: str, suffix: str) -> str:
    path = Path(word)
    named = path.with_suffix(suffix) if _FORMAT.fullmatch(path.suffix) else path.with_name(path.name + suffix)
    folder = "" if path.suffix else f", or '{word}/' for a folder"
    return f"chapbook writes EPUB only: name it '{named}'{folder}"


def _planned(
    sources: Sequence[Path], target: _Output, choices: Choices, *, omnibus: bool = False
) -> tuple[BookRequest, ...]:
    """The books to build, and where they go."""
    from msgspec.structs import replace  # noqa: PLC0415 - see cli

    from chapbook.model.targets import TARGETS  # noqa: PLC0415 - see cli
    from chapbook.series.planning import plan_books, plan_omnibuses  # noqa: PLC0415 - see cli

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
    from chapbook.series.dask_cluster import dask_executor  # noqa: PLC0415 - see cli

    if choices.limits.needs_process:
        raise click.UsageError("--dask and --max-seconds, --max-memory or --untrusted can't be used together")
    with told_as_usage(), dask_executor(dask, workers=choices.jobs) as executor:
        yield executor


@click.command()
@SOURCE
@click.option(
    "-o", "--output", metavar="FILE|FOLDER/", help="Output file or folder; by default the title names the file."
)
@choosing(ONLY, NAME, THEME)
def cover(source: Path, output: str | None, *, choices: Choices) -> int:
    """Save the cover of SOURCE as an image.

    It is your own cover, or the one chapbook draws; of a series, the cover of each volume.
    """
    from chapbook.command.printing import print_report  # noqa: PLC0415 - see cli
    from chapbook.series.one_book import write_cover  # noqa: PLC0415 - see cli

    target = _output_of(output)
    reports = [write_cover(each, each.output if target.file else None) for each in _planned([source], target, choices)]
    for report in reports:
        print_report(report, quiet=False, given={str(target.file)})
    return 0 if all(report.ok for report in reports) else 1


def _run_to_stream(requests: Sequence[BookRequest], options: RunOptions) -> int:
    """Builds a single book and writes it to standard output, where nothing else is printed; returns the exit code."""
    from msgspec.structs import replace  # noqa: PLC0415 - see cli

    from chapbook.command.running import run  # noqa: PLC0415 - see cli

    if sys.stdout.isatty():
        sys.stderr.write("chapbook: standard output is a terminal: redirect it, as in '-o - > book.epub'\n")
        return 2
    with _scratch_folder() as folder:
        file = folder / "book.epub"
        code = run([replace(each, output=file) for each in requests], replace(options, names_files=False))
        if file.is_file():
            with file.open("rb") as book:
                shutil.copyfileobj(book, sys.stdout.buffer)
    return code


@contextmanager
def _scratch_folder() -> Iterator[Path]:
    """A temporary folder, locked as long as it is used; those that killed runs left go first."""
    for each in Path(gettempdir()).glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            left = _locked(each)
            shutil.rmtree(each, ignore_errors=True)
            os.close(left)
    folder, descriptor = _new_scratch_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


_SCRATCH = "chapbook-run-"


def _new_scratch_folder() -> tuple[Path, int | None]:
    """A new folder and its open descriptor; ``None`` where folders can't be locked."""
    while True:
        folder = Path(mkdtemp(prefix=_SCRATCH))
        try:
            descriptor = _locked(folder)
        except FileNotFoundError:  # before it was locked somebody took it for a leftover
            continue
        except OSError:
            return folder, None
        if folder.exists():
            return folder, descriptor
        os.close(descriptor)


def _locked(folder: Path) -> int:
    """Opens a folder of this user's and locks it until it is closed. Raises OSError where that can't be."""
    if fcntl is None:
        raise OSError
    descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            raise PermissionError
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
