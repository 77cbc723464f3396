"""The command: parses its words, calls the library, prints what it says."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from chapbook._version import __version__

if TYPE_CHECKING:
    from chapbook.diagnostics import Report
    from chapbook.volumes import BookRequest

__all__ = ["main"]

_EXISTING = click.Path(exists=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=_EXISTING)
_DRAFTS = click.option("--drafts", is_flag=True, help="Take in chapters marked as drafts.")
_STRICT = click.option("--strict", is_flag=True, help="Let a warning stop a book as an error does.")
_JOBS = click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; 0: as pay.")
_NO_CACHE = click.option("--no-cache", is_flag=True, help="Render everything anew.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
_QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing of books that are in order.")
_THEME = click.option("--theme", metavar="T", help="A theme's name, or the folder of your own.")
_CSS = click.option("--css", multiple=True, metavar="F", type=_FILE, help="A style sheet, after the theme.")
_COVER = click.option("--cover", metavar="F", type=_FILE, help="A picture as the cover.")
_ALLOW = click.option(
    "--allow-extension", "allowed", multiple=True, metavar="NAME", help="A Markdown extension that a folder may load."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def chapbook() -> None:
    """Turn folders of Markdown chapters into EPUB 3 books.

    SOURCE is a content folder, a folder with volumes.yaml, or one Markdown file.
    """


@chapbook.command()
@_SOURCES
@click.option("-o", "--output", metavar="FILE|FOLDER/", help="Where the book goes; a folder for several.")
@_THEME
@_CSS
@_COVER
@_DRAFTS
@_STRICT
@_JOBS
@_ALLOW
@_NO_CACHE
@_JSON
@_QUIET
def build(
    sources: tuple[Path, ...],
    output: str | None,
    *,
    theme: str | None,
    css: tuple[Path, ...],
    cover: Path | None,
    drafts: bool,
    strict: bool,
    jobs: int,
    allowed: tuple[str, ...],
    no_cache: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Build each SOURCE as an EPUB file.

    Without -o the title becomes the file's name, in the current folder.
    """
    from chapbook.volumes import Choices, plan_books  # noqa: PLC0415 - `--version` needs none of it

    choices = Choices(
        theme=_theme(theme),
        css=css,
        cover=cover,
        drafts=drafts,
        strict=strict,
        jobs=jobs,
        cache=None if no_cache else _cache_folder(),
        allow_extensions=allowed,
    )
    requests = plan_books(sources, _folder(output), choices=choices)
    if output and not _is_folder(output):
        if len(requests) > 1:
            raise click.UsageError(f"{len(requests)} books do not go into one file: end '{output}' with a slash")
        requests = tuple(replace(request, output=Path(output)) for request in requests)
    return _run(requests, as_json=as_json, quiet=quiet)


@chapbook.command()
@_SOURCES
@_THEME
@_CSS
@_COVER
@_DRAFTS
@_STRICT
@_JOBS
@_ALLOW
@_NO_CACHE
@_JSON
@_QUIET
def check(
    sources: tuple[Path, ...],
    *,
    theme: str | None,
    css: tuple[Path, ...],
    cover: Path | None,
    drafts: bool,
    strict: bool,
    jobs: int,
    allowed: tuple[str, ...],
    no_cache: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Print all there is to say of each SOURCE; write nothing."""
    from chapbook.volumes import Choices, plan_books  # noqa: PLC0415 - see build

    choices = Choices(
        theme=_theme(theme),
        css=css,
        cover=cover,
        drafts=drafts,
        strict=strict,
        jobs=jobs,
        cache=None if no_cache else _cache_folder(),
        allow_extensions=allowed,
    )
    return _run(plan_books(sources, None, choices=choices), as_json=as_json, quiet=quiet)


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
@click.option("-o", "--output", metavar="FILE", help="Where the picture goes; without, the title names it.")
@_THEME
def cover(source: Path, output: str | None, *, theme: str | None) -> int:
    """Write the cover of SOURCE, given or drawn, as a picture."""
    from chapbook.volumes import Choices, write_cover  # noqa: PLC0415 - see build

    report = write_cover(source, Path(output) if output else None, choices=Choices(theme=_theme(theme)))
    return _show((report,), as_json=False, quiet=False)


def _cache_folder() -> Path:
    """Where this user's programs keep what they can do without."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - see build

    return user_cache_path("chapbook", appauthor=False)


def _theme(word: str | None) -> str | Path | None:
    """A theme as it was chosen: a folder's path where it is one or looks like one, else a name."""
    if word is None or not ("/" in word or os.sep in word or Path(word).is_dir()):
        return word
    return Path(word)


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def _folder(output: str | None) -> Path:
    return Path(output) if output and _is_folder(output) else Path()


def _run(requests: Sequence[BookRequest], *, as_json: bool, quiet: bool) -> int:
    from chapbook.console import progress_bar  # noqa: PLC0415 - see build
    from chapbook.volumes import build_book  # noqa: PLC0415 - see build

    def reports() -> Iterator[Report]:
        for request in requests:
            with progress_bar(shown=sys.stderr.isatty() and not as_json and not quiet) as progress:
                report = build_book(request, progress)
            yield report

    return _show(reports(), as_json=as_json, quiet=quiet)


def _show(reports: Iterable[Report], *, as_json: bool, quiet: bool) -> int:
    """Prints what the reports say, each as it comes, and gives the exit code."""
    from chapbook.console import print_report, reports_json  # noqa: PLC0415 - see build

    shown = []
    for report in reports:
        shown.append(report)
        if not as_json:
            print_report(report, quiet=quiet)
    if as_json:
        sys.stdout.buffer.write(reports_json(shown).encode() + b"\n")
    return 0 if all(report.ok for report in shown) else 1


def main() -> NoReturn:
    """Runs the command and exits: 0 built, 1 something is wrong with the content, 2 with the command line."""
    try:
        # Not through click's own main(), which puts an empty line before what is said of a Ctrl-C.
        with chapbook.make_context("chapbook", sys.argv[1:]) as context:
            sys.exit(chapbook.invoke(context))
    except click.exceptions.Exit as finished:
        sys.exit(finished.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("chapbook: stopped", err=True)
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain of it again while it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


_INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""
