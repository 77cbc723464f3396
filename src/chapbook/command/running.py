"""A run of the command: books built, what there is to say printed as it comes, the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from chapbook.command.console import ProgressBar, base_of, print_report, reports_json
from chapbook.command.tables import accessibility_json, accessibility_text, print_summary
from chapbook.command.watching import changes, look
from chapbook.model.diagnostics import Report
from chapbook.series.planning import BookRequest, Choices
from chapbook.series.volumes import build_requests

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["Manner", "run", "show", "watch"]


class Manner(Struct, frozen=True, kw_only=True):
    """How a run goes about it and what it prints."""

    jobs: int = 1
    """Processes; 0: as many as pay."""
    as_json: bool = False
    quiet: bool = False
    accessibility: bool = False
    """Whether to print what each book claims of its accessibility."""


def run(requests: Sequence[BookRequest], manner: Manner, executor: Executor | None = None) -> int:
    """Builds the books of `requests` and gives the exit code: 0 where all are in order, else 1."""
    bar = ProgressBar(shown=sys.stderr.isatty() and not manner.as_json and not manner.quiet)
    shown: list[Report] = []
    try:
        with closing(build_requests(requests, executor=executor, jobs=manner.jobs, progress=bar)) as reports:
            for report in reports:
                bar.clear()
                shown.append(report)
                show(report, manner)
    finally:
        bar.clear()
    books = [report for report, request in zip(shown, requests, strict=True) if not request.is_library]
    if manner.as_json:
        told = reports_json(shown, accessibility_json if manner.accessibility else None)
        sys.stdout.buffer.write(told.encode() + b"\n")
    elif len(books) > 1 and not manner.quiet:
        sys.stdout.flush()
        print_summary(books, sys.stderr)
    return 0 if all(report.ok for report in shown) else 1


def show(report: Report, manner: Manner) -> None:
    """Prints one report, unless all go into one document."""
    if not manner.as_json:
        print_report(report, quiet=manner.quiet)
        if manner.accessibility and report.title:
            sys.stdout.write(accessibility_text(report, base_of(report)))


def watch(sources: Sequence[Path], choices: Choices, manner: Manner, plan: Callable[[], Sequence[BookRequest]]) -> None:
    """Builds what `plan` gives, and again what is concerned whenever a file of the `sources` or `choices` changes.

    It goes on whatever is wrong, until it is interrupted.
    """
    roots = [source if source.is_dir() else source.parent for source in sources]
    roots += [
        *choices.css,
        *filter(None, [choices.cover]),
        *([choices.theme] if isinstance(choices.theme, Path) else []),
    ]
    before = look(roots)
    last = tuple(plan())
    outputs = _outputs(last)
    _build(last, manner)
    for changed in changes(roots, before, outputs):
        planned = tuple(plan())
        outputs |= _outputs(planned)
        _build([each for each in planned if each not in last or _is_concerned(each, planned, changed)], manner)
        last = planned


def _build(requests: Sequence[BookRequest], manner: Manner) -> None:
    if requests:
        run(requests, manner)
        sys.stdout.flush()


def _outputs(requests: Sequence[BookRequest]) -> set[str]:
    return {os.path.abspath(each.output) for each in requests if each.output}  # noqa: PTH100 - as look has them


def _is_concerned(request: BookRequest, planned: Sequence[BookRequest], changed: frozenset[str]) -> bool:
    """Whether any of `changed` is of the book, or of no book and so perhaps of all: what volumes share, a sheet."""
    folder = _folder(request)
    folders = [_folder(each) for each in planned if not each.is_library]
    return any(path.startswith(folder) or not path.startswith(tuple(folders)) for path in changed)


def _folder(request: BookRequest) -> str:
    source = Path(os.path.abspath(request.source))  # noqa: PTH100 - as look has them
    return str(source if source.is_dir() or not source.suffix else source.parent).rstrip(os.sep) + os.sep
