"""Runs the command: builds the books, prints their reports and returns the exit code; once, or on each change."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from chapbook.command.book_metadata import accessibility_json, accessibility_text
from chapbook.command.options import Format
from chapbook.command.printing import base_of, print_report, reports_json
from chapbook.command.terminal import ProgressBar, print_summary
from chapbook.model.diagnostics import Report
from chapbook.model.names import VOLUMES_NAME, folders_above
from chapbook.series.build_many import build_requests
from chapbook.series.requests import BookRequest, Choices

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["RunOptions", "changes", "look", "run", "show_reports", "watch"]


class RunOptions(Struct, frozen=True, kw_only=True):
    """What to print, and when to stop."""

    form: Format = "text"
    """The format in which messages are printed."""
    quiet: bool = False
    names_files: bool = True
    """Whether to print which files were written."""
    ungrouped: bool = False
    """Whether to print all messages, even repeated kinds."""
    fail_fast: bool = False
    """Whether to stop at the first broken book."""
    accessibility: bool = False
    """Whether to print each book's accessibility claims."""


_OF_LINES = ("text", "github")
"""Formats of which each book's part is printed when it is done; others are one document."""


def run(requests: Sequence[BookRequest], options: RunOptions, executor: Executor | None = None) -> int:
    """Builds the books of `requests` and returns the exit code: 0 if all are fine, else 1."""
    bar = ProgressBar(shown=sys.stderr.isatty() and options.form != "json" and not options.quiet)
    given = frozenset(map(str, filter(None, (path for each in requests for path in _given(each)))))
    libraries = frozenset(at for at, each in enumerate(requests) if each.is_library)
    try:
        with closing(build_requests(requests, executor=executor, progress=bar)) as reports:
            return show_reports(reports, len(requests), options, before=bar.clear, given=given, libraries=libraries)
    finally:
        bar.clear()


def _given(request: BookRequest) -> tuple[Path | None, ...]:
    """The files that the user named for a book."""
    return (request.output, request.choices.cover, *request.choices.css)


def show_reports(
    reports: Iterable[Report],
    count: int,
    options: RunOptions,
    *,
    before: Callable[[], None] = lambda: None,
    given: AbstractSet[str] = frozenset(),
    libraries: AbstractSet[int] = frozenset(),
) -> int:
    """Prints the reports, of which there will be `count`, as they come, and gives the exit code.

    `before` is called before each is printed. Messages print paths in `given` as the user gave them. Reports at the
    places `libraries` are of no book.
    """
    shown: list[Report] = []
    for report in reports:
        before()
        shown.append(report)
        _show(report, options, given)
        if options.fail_fast and not report.ok:
            _say_stopped(count - len(shown), options)
            break
    before()
    books = [report for at, report in enumerate(shown) if at not in libraries]
    if options.form == "json":
        told = reports_json(shown, accessibility_json if options.accessibility else None)
        sys.stdout.buffer.write(told.encode() + b"\n")
    elif options.form not in _OF_LINES:
        from chapbook.command.check_formats import document_of  # noqa: PLC0415 - seldom asked for

        told = document_of(options.form, shown, quiet=options.quiet, ungrouped=options.ungrouped, given=given)
        sys.stdout.buffer.write(told.encode("utf-8", "backslashreplace"))
    elif len(books) > 1 and not options.quiet:
        sys.stdout.flush()
        print_summary(books, sys.stderr)
    return 0 if all(report.ok for report in shown) else 1


def _say_stopped(left: int, options: RunOptions) -> None:
    if left and options.form != "json":
        sys.stderr.write(f"stopped at the first broken book (--fail-fast): {left:,} left\n")


def _show(report: Report, options: RunOptions, given: AbstractSet[str]) -> None:
    """Prints one report, unless all reports go into one document."""
    if options.form == "github":
        from chapbook.command.check_formats import github_lines  # noqa: PLC0415 - seldom asked for

        sys.stdout.writelines(github_lines(report, quiet=options.quiet, given=given))
    elif options.form == "text":
        told = report if options.names_files else replace(report, output=None)
        print_report(told, quiet=options.quiet, ungrouped=options.ungrouped, given=given)
    if options.form in _OF_LINES and options.accessibility and report.title:
        sys.stdout.write(accessibility_text(report, base_of(report)))


def watch(
    sources: Sequence[Path], choices: Choices, options: RunOptions, plan: Callable[[], Sequence[BookRequest]]
) -> None:
    """Builds what `plan` returns, and rebuilds affected books when a file of the `sources` or `choices` changes.

    It runs until interrupted, whatever errors the books have.
    """
    roots = [source if source.is_dir() else source.parent for source in sources]
    above = [folder for source in sources if source.is_dir() for folder in folders_above(str(source))]
    roots += [
        *(Path(folder, VOLUMES_NAME) for folder in above),
        *choices.css,
        *choices.assets,
        *filter(None, [choices.cover]),
        *([choices.theme] if isinstance(choices.theme, Path) else []),
    ]
    before = look(roots)
    last = tuple(plan())
    outputs = _outputs(last)
    _build(last, options)
    for changed in changes(roots, before, outputs):
        planned = tuple(plan())
        outputs |= _outputs(planned)
        _build([each for each in planned if each not in last or _is_concerned(each, planned, changed)], options)
        last = planned


def _build(requests: Sequence[BookRequest], options: RunOptions) -> None:
    if requests:
        run(requests, options)
        sys.stdout.flush()


def _outputs(requests: Sequence[BookRequest]) -> set[str]:
    return {os.path.abspath(each.output) for each in requests if each.output}  # noqa: PTH100 - as look has them


def _is_concerned(request: BookRequest, planned: Sequence[BookRequest], changed: frozenset[str]) -> bool:
    """Whether any of `changed` affects the book. A file that belongs to no book, such as a shared style sheet, may
    affect all.
    """
    folder = _folder(request)
    folders = [_folder(each) for each in planned if not each.is_library]
    return any(path.startswith(folder) or not path.startswith(tuple(folders)) for path in changed)


def _folder(request: BookRequest) -> str:
    source = Path(os.path.abspath(request.source))  # noqa: PTH100 - as look has them
    return str(source if source.is_dir() or not source.suffix else source.parent).rstrip(os.sep) + os.sep


_EVERY = 0.3
"""Seconds between two checks."""
_SHARE = 10
"""After a slow check, wait this many times its duration."""
_SETTLING = 0.1
"""Seconds without further changes before a change counts as complete: editors and `git checkout` write many files."""
_MOST_SETTLING = 50
_MOST_FILES = 50_000
_SKIPPED = frozenset({"node_modules"})

Stamp = tuple[int, int, int]
"""A file's modification time, size and identity."""


def look(roots: Iterable[Path]) -> dict[str, Stamp]:
    """All files in `roots` (folders or files), by absolute path. Like books, it ignores hidden files."""
    found: dict[str, Stamp] = {}
    open_ = [os.path.abspath(root) for root in roots]  # noqa: PTH100 - a link that the user gave is not followed here
    while open_ and len(found) < _MOST_FILES:
        folder = open_.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.name in _SKIPPED:
                        continue
                    with suppress(OSError):  # the file was removed meanwhile
                        if entry.is_dir(follow_symlinks=False):
                            open_.append(entry.path)
                        else:
                            found[entry.path] = _stamp(entry.stat())
        except NotADirectoryError:
            with suppress(OSError):
                found[folder] = _stamp(os.stat(folder))  # noqa: PTH116 - a string is as good
        except OSError:
            continue
    return found


def _stamp(status: os.stat_result) -> Stamp:
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def changes(roots: Iterable[Path], before: Mapping[str, Stamp], ours: AbstractSet[str]) -> Iterator[frozenset[str]]:
    """Waits, and yields the paths of files that were added, removed or changed since the last time (first: `before`).

    Files in `ours`, the books being built, are ignored; the set may grow. The iteration never ends by itself.
    """
    roots = tuple(roots)
    seen = dict(before)
    while True:
        begun = time.monotonic()
        now = look(roots)
        changed = _changed(seen, now, ours)
        if changed:
            now = _settled(roots, now)
            changed |= _changed(seen, now, ours)
            seen = now
            yield frozenset(changed)
        time.sleep(max(_EVERY, _SHARE * (time.monotonic() - begun)) if not changed else 0)


def _settled(roots: Iterable[Path], before: dict[str, Stamp]) -> dict[str, Stamp]:
    for _ in range(_MOST_SETTLING):
        time.sleep(_SETTLING)
        now = look(roots)
        if now == before:
            break
        before = now
    return before


def _changed(before: Mapping[str, Stamp], now: Mapping[str, Stamp], ours: AbstractSet[str]) -> set[str]:
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)} - ours
