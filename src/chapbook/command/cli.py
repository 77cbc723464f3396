"""The command line: parses arguments, calls the library, prints results.

Functions import what a command needs and `chapbook --help` doesn't.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Sequence
from glob import glob

import click

from chapbook._version import __version__
from chapbook.command.book_metadata import metadata
from chapbook.command.build import build, cover
from chapbook.command.check import check
from chapbook.command.diff import diff
from chapbook.command.doctor import doctor
from chapbook.command.explain import explain
from chapbook.command.new import new
from chapbook.command.preview import preview
from chapbook.command.stats import stats

__all__ = ["run"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def chapbook() -> None:
    """Turn folders of Markdown chapters into EPUB 3 books.

    SOURCE is a content folder, a folder with volumes.yaml, or one Markdown file.
    """


@chapbook.command()
def themes() -> int:
    """List the themes."""
    from chapbook.styling.themes import theme_names  # noqa: PLC0415 - see above

    listed = theme_names()
    width = max(len(name) for name, _ in listed)
    for name, description in listed:
        click.echo(f"{name:{width}}  {description}")
    return 0


@chapbook.command()
@click.argument(
    "what", metavar="[book|volumes|chapter]", default="book", type=click.Choice(["book", "volumes", "chapter"])
)
def schema(what: str) -> int:
    """Print a JSON Schema for your editor.

    It covers book.yaml (the default), volumes.yaml, or a chapter's front matter. Editors use it to complete and check
    keys.
    """
    from chapbook.keys.schema import SCHEMAS, json_schema  # noqa: PLC0415 - see above

    name = next(each for each in SCHEMAS if each == what)
    click.echo(json.dumps(json_schema(name), indent=2))
    return 0


for _command in (build, metadata, cover, check, explain, doctor, diff, stats, new, preview):
    chapbook.add_command(_command)


def run(words: Sequence[str]) -> int:
    """Runs the command with the arguments `words`, and returns the exit code."""
    _collect_seldom()
    instruction = os.environ.get(_COMPLETE)
    if instruction:
        from click.shell_completion import shell_complete  # noqa: PLC0415 - see above

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
        from chapbook.series.requests import current_folder  # noqa: PLC0415 - see above

        if current_folder():
            raise
        click.echo("Error: the current folder was deleted: go to another, or give whole paths", err=True)
        return 2


def expanded(words: Sequence[str]) -> list[str]:
    """The `words` with files' names for those that have `*` or `?`, as every shell but those of Windows does it."""
    found: list[str] = []
    for word in words:
        pattern = word.replace("[", "[[]")
        is_pattern = not word.startswith("-") and ("*" in word or "?" in word)
        named = sorted(glob(pattern)) if is_pattern else []  # noqa: PTH207 - as the user wrote it
        found += named or [word]
    return found


_COMPLETE = "_CHAPBOOK_COMPLETE"
"""The variable with which a shell asks for completions, or for its completion script."""


def _collect_seldom() -> None:
    """Makes garbage collection rare in this process: a book has very many values, and they make no cycles."""
    gc.set_threshold(100_000)  # values allocated but not freed between two collections
