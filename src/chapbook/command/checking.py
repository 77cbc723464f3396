"""The command `check`: the messages of a build without a book, slips put right, and EPUBs by any maker checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

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

if TYPE_CHECKING:
    from chapbook.model.diagnostics import Report
    from chapbook.series.planning import Choices

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
    from chapbook.series.planning import plan_books  # noqa: PLC0415 - see cli

    choices = choices_of(**chosen)
    form = format_of(form, as_json=as_json)
    epubs = _epubs_of(sources, source)
    _refuse(form, fix=fix, agreed=agreed, epub_a11y=bool(epubs) and a11y, epub_fix=bool(epubs) and fix)
    sources = sources_or_here(sources, "checking", quiet=quiet or form != "text")
    given = given_files(choices)
    options = running.RunOptions(
        jobs=choices.jobs, form=form, quiet=quiet, ungrouped=ungrouped, accessibility=a11y, given=given
    )
    if epubs:
        return running.show_reports(_reports(epubs, source, choices), len(epubs), options)
    plan = partial(plan_books, sources, None, choices=choices)
    with told_as_usage():
        requests = plan()
    if not fix:
        return running.run(requests, options)
    from chapbook.command.fixing import run_with_fixes  # noqa: PLC0415 - see cli

    return run_with_fixes(plan, choices, options, agreed=agreed)


def _refuse(form: str, *, fix: bool, agreed: bool, epub_a11y: bool, epub_fix: bool) -> None:
    """Raises UsageError for options that don't go together, or with an EPUB."""
    for is_so, words in (
        (agreed and not fix, "--yes is of use only with --fix"),
        (fix and form != "text", f"--fix prints a diff, so it can't be used with --format {form}"),
        (epub_fix, "--fix puts right a book's source, not an EPUB"),
        (epub_a11y, "--a11y explains what chapbook claims of a book that it builds, not of an EPUB"),
    ):
        if is_so:
            raise click.UsageError(words)


def _epubs_of(sources: Sequence[Path], source: Path | None) -> tuple[Path, ...]:
    """The EPUBs among the `sources`; raises UsageError where other sources stand beside them.

    `source` is that of `--source`, which is of use for one EPUB only.
    """
    epubs = tuple(each for each in sources if each.suffix.lower() == ".epub" and each.is_file())
    if epubs and len(epubs) < len(sources):
        raise click.UsageError("check EPUBs and content folders in two runs")
    if source is not None and len(epubs) != 1:
        raise click.UsageError("--source names the source of one EPUB: chapbook check book.epub --source my-book")
    return epubs


def _reports(epubs: Sequence[Path], source: Path | None, choices: Choices) -> Iterator[Report]:
    """What is wrong with each of the EPUBs, but for what is chosen not to be said."""
    from msgspec.structs import replace  # noqa: PLC0415 - see cli

    from chapbook.checking.epub import check_epub  # noqa: PLC0415 - see cli
    from chapbook.model.diagnostics import sifted  # noqa: PLC0415 - see cli
    from chapbook.series.requests import unwanted  # noqa: PLC0415 - see cli

    for epub in epubs:
        report = check_epub(epub, source=None if source is None else str(source), strict=choices.strict)
        said, ignored = sifted(report.diagnostics, unwanted(choices))
        yield replace(report, diagnostics=said, ignored=ignored)
