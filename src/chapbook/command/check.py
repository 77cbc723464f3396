"""The command `check`: the messages of a build without a book, slips put right, and EPUBs by any maker checked."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import click

from chapbook.command.options import (
    ALL,
    BUILDING,
    JSON,
    QUIET,
    SOURCES_OR_HERE,
    Format,
    choosing,
    sources_or_here,
    told_as_usage,
)
from chapbook.command.printing import base_of, print_diagnostics, wants_colour
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Report, sifted
from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from chapbook.checking.fixes import FixedFile
    from chapbook.command.running import RunOptions
    from chapbook.series.requests import BookRequest, Choices

__all__ = ["check"]


@click.command()
@SOURCES_OR_HERE
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Format)),
    help="How to print messages: as text (the default), JSON (the same as --json), annotations of a GitHub workflow, "
    "SARIF, JUnit's XML, or a report in Markdown.",
)
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
@choosing(*BUILDING, JSON, QUIET, ALL)
def check(
    sources: tuple[Path, ...],
    *,
    choices: Choices,
    form: str | None,
    a11y: bool,
    source: Path | None,
    fix: bool,
    agreed: bool,
    as_json: bool,
    quiet: bool,
    ungrouped: bool,
) -> int:
    """Report problems, without writing a book.

    SOURCE may be an EPUB too, of any maker: EPUBCheck then checks it as well, if it is installed.
    Without SOURCE, chapbook checks the current folder.
    """
    from chapbook.command import running  # noqa: PLC0415 - see cli
    from chapbook.series.planning import plan_books  # noqa: PLC0415 - see cli

    form = _format(form, as_json=as_json)
    epubs = _epubs_of(sources, source)
    _refuse(form, fix=fix, agreed=agreed, epub_a11y=bool(epubs) and a11y, epub_fix=bool(epubs) and fix)
    sources = sources_or_here(sources, "checking", quiet=quiet or form != "text")
    options = running.RunOptions(form=form, quiet=quiet, ungrouped=ungrouped, accessibility=a11y)
    if epubs:
        return running.show_reports(_reports(epubs, source, choices), len(epubs), options)
    plan = partial(plan_books, sources, None, choices=choices)
    with told_as_usage():
        requests = plan()
    return _run_with_fixes(plan, choices, options, agreed=agreed) if fix else running.run(requests, options)


def _format(form: str | None, *, as_json: bool) -> Format:
    """The output format. Raises UsageError if `--json` and `--format` contradict each other."""
    if as_json and form not in {None, "json"}:
        raise click.UsageError(f"--json does not go with --format {form}")
    return "json" if as_json else cast("Format", form or "text")


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
    from chapbook.checking.checked_epub import check_epub  # noqa: PLC0415 - see cli
    from chapbook.series.requests import unwanted  # noqa: PLC0415 - see cli

    for epub in epubs:
        report = check_epub(epub, source=None if source is None else str(source), strict=choices.strict)
        said, ignored = sifted(report.diagnostics, unwanted(choices))
        yield report.replace(diagnostics=said, ignored=ignored)


_UNENDED = "\n\\ No newline at end of file"
_COLOURS = {"+": "32", "-": "31", "@": "36"}


def _run_with_fixes(
    plan: Callable[[], Sequence[BookRequest]], choices: Choices, options: RunOptions, *, agreed: bool
) -> int:
    """Puts right what can be, and then checks the books of `plan` as `run` does.

    The changes are printed first, to standard output. They are written where the user has `agreed` or agrees at the
    terminal; otherwise a line on standard error says that nothing was.
    """
    from chapbook.command.running import run  # noqa: PLC0415 - see cli

    files = list(_fixed(plan(), choices))
    for file in files:
        _print_diff(file)
    sys.stdout.flush()
    written = True
    if not files:
        _say("there is nothing that chapbook can put right")
    elif agreed or _agrees(files):
        written = sum(map(_write, files)) == len(files)
    else:
        _say(f"nothing was written: to write {'this change' if len(files) == 1 else 'these changes'}, add --yes")
    code = run(plan(), options)
    return code if written else 1


def _fixed(requests: Sequence[BookRequest], choices: Choices) -> Iterator[FixedFile]:
    from chapbook.checking.fixes import fixed_files  # noqa: PLC0415 - see cli
    from chapbook.series.build_many import build_requests  # noqa: PLC0415 - see cli
    from chapbook.series.requests import unwanted  # noqa: PLC0415 - see cli

    ignored = unwanted(choices)
    seen: set[Path] = set()
    for report in build_requests(requests):
        # What book.yaml ignores is to stay as it is, too.
        kept = ignored.keys() | {each.diagnostic.code for each in report.ignored}
        root = Path(os.path.abspath(base_of(report)))  # noqa: PTH100 - a link that the user gave is not followed here

        def wanted(each: Diagnostic, kept: set[str] = kept) -> bool:
            return each.code not in kept

        for file in fixed_files(root, report.diagnostics, wanted):
            if root / file.path not in seen:
                seen.add(root / file.path)
                yield file


def _name(file: FixedFile) -> str:
    """The path from the current folder."""
    return os.path.relpath(file.root / file.path).replace(os.sep, "/")


def _print_diff(file: FixedFile) -> None:
    """Prints a unified diff, which `patch` and `git apply` read; for a terminal, control characters as escapes."""
    before, after = (data.decode().split("\n") for data in (file.before, file.after))
    name = _name(file)
    ours = sys.stdout.isatty()
    for line in _diff(before, after, name):
        if not ours:
            sys.stdout.buffer.write(f"{line}\n".encode())
            continue
        shown = printable(line.removesuffix("\r"))
        colour = _COLOURS.get(line[:1]) if wants_colour(sys.stdout) else None
        sys.stdout.write(f"\x1b[{colour}m{shown}\x1b[0m\n" if colour else f"{shown}\n")


def _diff(before: list[str], after: list[str], name: str) -> Iterator[str]:
    """The lines of the diff, without their ends. The last piece of a text that ends its last line is empty."""
    old, new = ([*lines[:-1], *([f"{lines[-1]}{_UNENDED}"] if lines[-1] else [])] for lines in (before, after))
    return difflib.unified_diff(old, new, fromfile=name, tofile=name, lineterm="")


def _agrees(files: Sequence[FixedFile]) -> bool:
    """Whether the user says yes at the terminal; without one, no."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return click.confirm(f"write {'this change' if len(files) == 1 else f'these changes to {len(files):,} files'}?")


def _write(file: FixedFile) -> bool:
    """Writes a file, and says so or why not."""
    from chapbook.checking.fixes import write_fixed  # noqa: PLC0415 - see cli

    try:
        write_fixed(file)
    except ChapbookError as error:
        print_diagnostics(error.diagnostics, os.path.relpath(file.root))
        return False
    _say(f"put right: {printable(_name(file))}")
    return True


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
