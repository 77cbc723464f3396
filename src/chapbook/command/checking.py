"""The command `check`: the messages of a build without a book, slips put right, and EPUBs by any maker checked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Unpack

import click

from chapbook.command.options import (
    FORMAT,
    SOURCES_OR_HERE,
    Chosen,
    choices_of,
    choosing,
    format_of,
    sources_or_here,
    told_as_usage,
)
from chapbook.command.paths import given_files

__all__ = ["check"]


@click.command()
@SOURCES_OR_HERE
@FORMAT
@click.option(
    "--a11y",
    is_flag=True,
    help="Print the accessibility metadata, the reason for each claim, and what to check by hand.",
)
@click.option(
    "--source",
    metavar="SOURCE",
    type=click.Path(exists=True, path_type=Path),
    help="Of an EPUB: its content folder or Markdown file, to name the lines there.",
)
@click.option("--fix", is_flag=True, help="Show what chapbook can put right in your files, and ask before writing it.")
@click.option("--yes", "agreed", is_flag=True, help="With --fix: write the changes without asking.")
@choosing
def check(
    sources: tuple[Path, ...],
    *,
    form: str | None,
    a11y: bool,
    source: Path | None,
    fix: bool,
    agreed: bool,
    as_json: bool,
    quiet: bool,
    ungrouped: bool,
    **chosen: Unpack[Chosen],
) -> int:
    """Report problems, without writing a book.

    SOURCE may be an EPUB too, of any maker: EPUBCheck then checks it as well, if it is installed.
    Without SOURCE, chapbook checks the current folder.
    """
    from chapbook.command import running  # noqa: PLC0415 - see cli
    from chapbook.command.epubs import check_epubs, epubs_of  # noqa: PLC0415 - see cli
    from chapbook.series.planning import plan_books  # noqa: PLC0415 - see cli

    choices = choices_of(**chosen)
    form = format_of(form, as_json=as_json)
    if agreed and not fix:
        raise click.UsageError("--yes is of use only with --fix")
    if fix and form != "text":
        raise click.UsageError(f"--fix prints a diff, so it can't be used with --format {form}")
    sources = sources_or_here(sources, "checking", quiet=quiet or form != "text")
    options = running.RunOptions(
        jobs=choices.jobs,
        as_json=form == "json",
        form=form,
        quiet=quiet,
        ungrouped=ungrouped,
        accessibility=a11y,
        given=given_files(choices),
    )
    if epubs := epubs_of(sources, source):
        if fix:
            raise click.UsageError("--fix puts right a book's source, not an EPUB")
        return check_epubs(epubs, source, choices, options)
    with told_as_usage():
        requests = plan_books(sources, None, choices=choices)
    if not fix:
        return running.run(requests, options)
    from chapbook.command.fixing import run_with_fixes  # noqa: PLC0415 - see cli

    return run_with_fixes(partial(plan_books, sources, None, choices=choices), choices, options, agreed=agreed)
