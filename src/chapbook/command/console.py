"""How messages look: plain lines for a pipe, colours and a progress bar on a terminal, one JSON document."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from msgspec.structs import asdict

from chapbook.command.streams import mention
from chapbook.model.codes import Severity
from chapbook.model.diagnostics import Diagnostic, Report
from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = [
    "ProgressBar",
    "base_of",
    "format_diagnostic",
    "github_lines",
    "print_report",
    "reports_json",
    "wants_colour",
]

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}


def wants_colour(stream: TextIO) -> bool:
    """Whether `stream` is a terminal whose user has not declined colours (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def format_diagnostic(diagnostic: Diagnostic, base: str, *, given: Collection[str] = (), colour: bool = False) -> str:
    """``PATH:LINE:COLUMN: warning: words [code]`` and the hint under it.

    `base` is the source's folder. Of `given`, paths that the user gave, each stands as it was given.
    """
    shown = base if diagnostic.path is None else _shown(diagnostic.path, base, given)
    place = ":".join(str(part) for part in (shown, diagnostic.line, diagnostic.column) if part is not None)
    severity = f"{diagnostic.severity}:"
    if colour:
        severity = f"\x1b[{_COLOURS[diagnostic.severity]}m{severity}\x1b[0m"
    line = f"{printable(place)}: {severity} {printable(diagnostic.message)} [{diagnostic.code}]"
    return f"{line}\n  hint: {printable(diagnostic.hint)}" if diagnostic.hint else line


def _shown(path: str, base: str, given: Collection[str]) -> str:
    """A path of the folder `base`, or of a file that was given from outside, as a path from the current folder."""
    within = path if base == os.curdir else os.path.join(base, path)  # noqa: PTH118 - as the user wrote it
    if path in given or (not os.path.lexists(within) and os.path.lexists(path)):
        return path
    if os.path.isabs(path) and not os.path.isabs(base):  # noqa: PTH117 - a file that volumes.yaml names
        near = os.path.relpath(path)
        return path if near.startswith("..") else near
    # The folders above the source have names of their own.
    return os.path.normpath(within) if path.startswith("../") else within


def print_report(report: Report, *, quiet: bool, ungrouped: bool = False, given: Collection[str] = ()) -> None:
    """Prints a report: its messages on standard error, the file that was written on standard output.

    `quiet` keeps back notes and the file's name. Of warnings and notes that repeat the first few are printed, unless
    they are to be `ungrouped`. Paths of `given` stand as the user gave them.
    """
    colour = wants_colour(sys.stderr)
    told = [each for each in report.diagnostics if not (quiet and each.severity is Severity.NOTE)]
    for line in _lines(told, base_of(report), given, colour=colour, ungrouped=ungrouped):
        sys.stderr.write(line + "\n")
    if report.output is not None and not quiet:
        mention(printable(str(report.output)) + "\n")
    if not report.ok:
        sys.stderr.write(f"{printable(report.source)}: {_outcome(report)}\n")


_MOST_OF_A_KIND = 5
"""Warnings or notes of one code that are all printed; of more, the first `_SHOWN_OF_A_KIND`."""
_SHOWN_OF_A_KIND = 3
_MOST_UNCOUNTED = 5
"""Messages that need no line to count them."""


def _lines(
    told: Sequence[Diagnostic], base: str, given: Collection[str], *, colour: bool, ungrouped: bool
) -> Iterator[str]:
    by_code: dict[str, list[Diagnostic]] = {}
    for each in told:
        by_code.setdefault(each.code, []).append(each)
    printed: Counter[str] = Counter()
    for each in told:
        kind = by_code[each.code]
        grouped = not ungrouped and len(kind) > _MOST_OF_A_KIND and each.severity is not Severity.ERROR
        if grouped and printed[each.code] == _SHOWN_OF_A_KIND:
            continue
        yield format_diagnostic(each, base, given=given, colour=colour)
        printed[each.code] += 1
        if grouped and printed[each.code] == _SHOWN_OF_A_KIND:
            rest = kind[_SHOWN_OF_A_KIND:]
            files = len({other.path for other in rest})
            where = f" in {files:,} files" if files > 1 else ""
            yield f"  and {len(rest):,} more of this kind{where}; --all lists them [{each.code}]"
    if len(told) > _MOST_UNCOUNTED:
        yield _counted(by_code)


def _counted(by_code: Mapping[str, Sequence[Diagnostic]]) -> str:
    """``212 warnings: 200 link-target-missing, 12 image-no-alt; 3 notes: 3 draft``."""
    parts = []
    for severity in Severity:
        kinds = {code: len(each) for code, each in by_code.items() if each[0].severity is severity}
        if kinds:
            counts = ", ".join(f"{count:,} {code}" for code, count in sorted(kinds.items(), key=_by_number))
            parts.append(f"{_count(sum(kinds.values()), severity.value)}: {counts}")
    return "; ".join(parts)


def _by_number(kind: tuple[str, int]) -> tuple[int, str]:
    return (-kind[1], kind[0])


def base_of(report: Report) -> str:
    """The folder that a report's paths lie in: the source, or that of a source which is a file."""
    source = Path(report.source)
    if os.path.isdir(source) or not source.suffix:  # noqa: PTH112 - which raises nothing
        return report.source
    return str(source.parent)


def _outcome(report: Report) -> str:
    errors, warnings = len(report.errors), len(report.warnings)
    counted = [_count(errors, "error")] if errors else []
    counted += [_count(warnings, "warning")] if warnings else []
    return f"not built: {' and '.join(counted)}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"


def reports_json(reports: Iterable[Report], more: Callable[[Report], dict[str, Any]] | None = None) -> str:
    """One JSON document of all `reports`; `more` gives what else is to be said of each."""
    books = [
        {
            "source": report.source,
            "output": str(report.output) if report.output is not None else None,
            "ok": report.ok,
            "diagnostics": [_json(each) for each in report.diagnostics],
            "title": report.title,
            "chapters": report.chapters,
            "words": report.words,
            "minutes": report.minutes,
            "identifier": report.identifier,
            "series": {"name": report.series, "index": report.place} if report.series else None,
            "bytes": report.size,
            "unchanged": report.unchanged,
            "changes": asdict(report.changes) if report.changes else None,
            "seconds": round(report.seconds, 3),
            **(more(report) if more else {}),
        }
        for report in reports
    ]
    lines = json.dumps({"books": books}, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(line if line.isprintable() else _escaped(line) for line in lines)


def _escaped(line: str) -> str:
    """A line of JSON with escapes, which JSON has for every character, for what a terminal might obey."""
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)


def _json(diagnostic: Diagnostic) -> dict[str, str | int | None]:
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "hint": diagnostic.hint,
        **({"chapter": diagnostic.chapter} if diagnostic.chapter is not None else {}),
    }


_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github_lines(report: Report, *, quiet: bool, given: Collection[str] = ()) -> Iterator[str]:
    """A report as workflow commands, a line each, by which GitHub shows every message beside its line.

    See "Workflow commands for GitHub Actions" in GitHub's documentation. Paths are those of the repository.
    """
    for each in report.diagnostics:
        if quiet and each.severity is Severity.NOTE:
            continue
        place: list[tuple[str, str | int | None]] = []
        if each.path:
            place = [("file", _in_repository(_shown(each.path, base_of(report), given)))]
        place += [("line", each.line), ("col", each.column)] if each.path and each.line else []
        named = (*place, ("title", f"chapbook: {each.code}"))
        said = ",".join(f"{name}={_property(str(value))}" for name, value in named if value is not None)
        words = each.message if each.path else f"{report.source}: {each.message}"
        hint = f"\nhint: {printable(each.hint)}" if each.hint else ""
        yield f"::{_LEVELS[each.severity]} {said}::{_data(printable(words) + hint)}\n"


def _in_repository(path: str) -> str:
    """`path` from the root of the repository that a workflow has checked out; elsewhere from the current folder."""
    root = os.environ.get("GITHUB_WORKSPACE")
    whole = os.path.abspath(path)  # noqa: PTH100 - a link that the user gave is not followed
    inside = (
        os.path.relpath(whole, root) if root and os.path.splitdrive(root)[0] == os.path.splitdrive(whole)[0] else ""
    )
    near = inside if inside and not inside.startswith("..") else os.path.normpath(path)
    return printable(near.replace(os.sep, "/"))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


class ProgressBar:
    """A bar on standard error while books are built; nothing where it is not `shown`.

    It is drawn when there is something new, by no thread of its own: where one ran, no worker could be forked.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._bar: Bar | None = None
        self._tasks: dict[str, TaskID] = {}
        self._drawn = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Shows that of the `stage` so much is done."""
        if not self._shown:
            return
        bar = self._bar or self._begin()
        if stage not in self._tasks:
            self._tasks[stage] = bar.add_task(stage, total=None)
        bar.update(self._tasks[stage], completed=done, total=total)
        now = time.monotonic()
        if done == total or now - self._drawn > _BETWEEN:
            self._drawn = now
            bar.refresh()

    def clear(self) -> None:
        """Takes the bar from the terminal, so that something may be printed; the next call begins another."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = None
        self._tasks = {}

    def _begin(self) -> Bar:
        from rich.console import Console  # noqa: PLC0415 - heavy, and of use on a terminal only
        from rich.progress import Progress  # noqa: PLC0415 - see above

        # Standard output may be a file while standard error is a terminal: neither is redirected.
        console = Console(file=sys.stderr)
        self._bar = Progress(
            console=console, transient=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        self._bar.start()
        return self._bar


_BETWEEN = 0.1
"""Seconds between two drawings of the bar."""
