"""`check --fix`: shows as a diff what chapbook can put right in an author's files, and writes it if the user agrees."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chapbook.checking.fixes import FixedFile, fixed_files, write_fixed
from chapbook.command.console import base_of, print_diagnostics
from chapbook.command.running import RunOptions, run
from chapbook.command.terminal import wants_colour
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.xml_text import printable
from chapbook.series.build_many import build_requests
from chapbook.series.requests import unwanted

if TYPE_CHECKING:
    from chapbook.series.planning import BookRequest, Choices

__all__ = ["run_with_fixes"]

_UNENDED = "\n\\ No newline at end of file"
_COLOURS = {"+": "32", "-": "31", "@": "36"}


def run_with_fixes(
    plan: Callable[[], Sequence[BookRequest]], choices: Choices, options: RunOptions, *, agreed: bool
) -> int:
    """Puts right what can be, and then checks the books of `plan` as `run` does.

    The changes are printed first, to standard output. They are written where the user has `agreed` or agrees at the
    terminal; otherwise a line on standard error says that nothing was.
    """
    files = list(_fixed(plan(), choices, options))
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


def _fixed(requests: Sequence[BookRequest], choices: Choices, options: RunOptions) -> Iterator[FixedFile]:
    ignored = unwanted(choices)
    seen: set[Path] = set()
    for report in build_requests(requests, jobs=options.jobs):
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
    try:
        write_fixed(file)
    except ChapbookError as error:
        print_diagnostics(error.diagnostics, os.path.relpath(file.root))
        return False
    _say(f"put right: {printable(_name(file))}")
    return True


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
