"""The command `new`: makes a first book and prints what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chapbook.command.printing import print_diagnostics
from chapbook.command.process import mention
from chapbook.model.diagnostics import ChapbookError
from chapbook.model.xml_text import printable
from chapbook.starting import TEMPLATES

if TYPE_CHECKING:
    from chapbook.starting.start import StartedBook

__all__ = ["new"]

_NEXT = (
    ("preview", "see it while you write"),
    ("check", "look for problems, without writing a book"),
    ("build", "make the EPUB"),
)


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--template",
    type=click.Choice(TEMPLATES),
    help=f"What kind of book to begin with; '{TEMPLATES[0]}' is the default.",
)
@click.option(
    "--from",
    "source",
    metavar="PATH",
    type=click.Path(exists=True, path_type=Path),
    help="Make it from a Hugo, mdBook, MkDocs, Quarto, GitBook or Obsidian folder, or from an EPUB.",
)
def new(folder: Path, *, template: str | None, source: Path | None) -> int:
    """Start a book in FOLDER.

    FOLDER gets a commented book.yaml and two chapters to replace with your own; with --from, the book in PATH. chapbook
    never overwrites a file.
    """
    from chapbook.starting.start import start_book  # noqa: PLC0415 - see cli

    if template and source:
        raise click.UsageError("--template does not go with --from")
    try:
        started = start_book(folder, template=template or TEMPLATES[0], source=source)
    except ChapbookError as error:
        print_diagnostics(error.diagnostics, "")
        return 1
    _print(started)
    return 0


_MOST_LISTED = 20


def _print(started: StartedBook) -> None:
    """Prints what the new book lacks, its files, and the next steps."""
    print_diagnostics(started.diagnostics, "")
    paths = [str(started.folder / each) for each in started.files]
    listed = paths if len(paths) <= _MOST_LISTED else [*paths[: _MOST_LISTED - 1], _more(len(paths))]
    place = shlex.quote(str(started.folder))
    width = max(len(f"chapbook {name} {place}") for name, _ in _NEXT)
    following = [f"  {f'chapbook {name} {place}':{width}}  # {words}" for name, words in _NEXT]
    mention("".join(f"{printable(line)}\n" for line in (*listed, "", "Next:", *following)))


def _more(number: int) -> str:
    return f"and {number - _MOST_LISTED + 1:,} more files"
