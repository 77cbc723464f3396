"""How messages and reports are printed: plain lines for a pipe, colours on a terminal, one JSON document."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from msgspec.structs import asdict

from chapbook.command.process import mention
from chapbook.model.codes import Severity
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Edit, Report
from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from chapbook.inspecting.changes import BookFile

__all__ = [
    "base_of",
    "book_file",
    "book_file_json",
    "counted",
    "diagnostic_json",
    "format_diagnostic",
    "grouped",
    "more_of_a_kind",
    "print_diagnostics",
    "print_error",
    "print_json",
    "print_report",
    "reports_json",
    "shown_path",
    "shown_size",
    "wants_colour",
]

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}


def wants_colour(stream: TextIO) -> bool:
    """Whether `stream` is a terminal whose user has not declined colours (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def format_diagnostic(diagnostic: Diagnostic, base: str, *, given: Collection[str] = (), colour: bool = False) -> str:
    """``PATH:LINE:COLUMN: warning: message [code]``, and the hint below it.

    `base` is the source's folder. Paths in `given` are printed as the user gave them.
    """
    shown = base if diagnostic.path is None else shown_path(diagnostic.path, base, given)
    place = ":".join(str(part) for part in (shown, diagnostic.line, diagnostic.column) if part is not None)
    severity = f"{diagnostic.severity}:"
    if colour:
        severity = f"\x1b[{_COLOURS[diagnostic.severity]}m{severity}\x1b[0m"
    line = f"{printable(place)}: {severity} {printable(diagnostic.message)} [{diagnostic.code}]"
    return f"{line}\n  hint: {printable(diagnostic.hint)}" if diagnostic.hint else line


def shown_path(path: str, base: str, given: Collection[str]) -> str:
    """A path relative to the current folder, for a file in `base` or a file given from outside."""
    within = path if base == os.curdir else os.path.join(base, path)  # noqa: PTH118 - as the user wrote it
    if path in given or (not os.path.lexists(within) and os.path.lexists(path)):
        return path
    if os.path.isabs(path) and not os.path.isabs(base):  # noqa: PTH117 - a file that volumes.yaml names
        near = os.path.relpath(path)
        return path if near.startswith("..") else near
    # Above the source folder, names that the user gave read better than "..".
    return os.path.normpath(within) if path.startswith("../") else within


def print_diagnostics(diagnostics: Iterable[Diagnostic], base: str) -> None:
    """Prints the messages on standard error; their paths count from `base`."""
    colour = wants_colour(sys.stderr)
    for each in diagnostics:
        sys.stderr.write(format_diagnostic(each, base, colour=colour) + "\n")


def print_error(error: ChapbookError) -> None:
    """Prints the messages of an error on standard error."""
    print_diagnostics(error.diagnostics, base_of(error.report) if error.report else "chapbook")


def print_report(report: Report, *, quiet: bool, ungrouped: bool = False, given: Collection[str] = ()) -> None:
    """Prints a report: messages on standard error, the written file's name on standard output.

    `quiet` hides notes and the file's name. Repeated warnings and notes are printed only a few times, unless
    `ungrouped` is set. Paths in `given` are printed as the user gave them.
    """
    colour = wants_colour(sys.stderr)
    told = [each for each in report.diagnostics if not (quiet and each.severity is Severity.NOTE)]
    for line in _lines(told, base_of(report), given, colour=colour, ungrouped=ungrouped):
        sys.stderr.write(line + "\n")
    if not quiet and (ignored := Counter(each.diagnostic.code for each in report.ignored if each.reason)):
        sys.stderr.write(f"ignored, as book.yaml says: {_kinds(ignored)}\n")
    if report.output is not None and not quiet:
        mention(printable(str(report.output)) + "\n")
    if not report.ok:
        sys.stderr.write(f"{printable(report.source)}: {_outcome(report)}\n")


_MOST_OF_A_KIND = 5
"""Up to this many warnings or notes of one code are all printed; of more, the first `_SHOWN_OF_A_KIND`."""
_SHOWN_OF_A_KIND = 3
_MOST_UNCOUNTED = 5
"""Up to this many messages don't need a line with their number."""


def _lines(
    told: Sequence[Diagnostic], base: str, given: Collection[str], *, colour: bool, ungrouped: bool
) -> Iterator[str]:
    for each, rest in grouped(told, ungrouped=ungrouped):
        yield format_diagnostic(each, base, given=given, colour=colour)
        if rest:
            yield f"  {more_of_a_kind(rest)} [{each.code}]"
    if len(told) > _MOST_UNCOUNTED:
        yield _counted(told)


def grouped(told: Sequence[Diagnostic], *, ungrouped: bool) -> Iterator[tuple[Diagnostic, Sequence[Diagnostic]]]:
    """The diagnostics to print in full, each with those of its kind that aren't printed after it: mostly none.

    Only the first warnings and notes of a code are printed where there are many, unless all are to be `ungrouped`.
    """
    by_code: dict[str, list[Diagnostic]] = {}
    for each in told:
        by_code.setdefault(each.code, []).append(each)
    printed: Counter[str] = Counter()
    for each in told:
        kind = by_code[each.code]
        cut = not ungrouped and len(kind) > _MOST_OF_A_KIND and each.severity is not Severity.ERROR
        printed[each.code] += 1
        if not cut or printed[each.code] <= _SHOWN_OF_A_KIND:
            yield each, kind[_SHOWN_OF_A_KIND:] if cut and printed[each.code] == _SHOWN_OF_A_KIND else ()


def more_of_a_kind(rest: Sequence[Diagnostic]) -> str:
    """How many messages of a kind aren't printed, and how to see them."""
    files = len({other.path for other in rest})
    where = f" in {files:,} files" if files > 1 else ""
    return f"and {len(rest):,} more of this kind{where}; --all lists them"


def _counted(told: Sequence[Diagnostic]) -> str:
    """``212 warnings: 200 link-target-missing, 12 image-no-alt; 3 notes: 3 draft``."""
    parts = []
    for severity in Severity:
        kinds = Counter(each.code for each in told if each.severity is severity)
        if kinds:
            parts.append(f"{counted(sum(kinds.values()), severity.value)}: {_kinds(kinds)}")
    return "; ".join(parts)


def _kinds(kinds: Counter[str]) -> str:
    """``200 link-target-missing, 12 image-no-alt``: the most first."""
    return ", ".join(f"{count:,} {code}" for code, count in sorted(kinds.items(), key=_by_number))


def _by_number(kind: tuple[str, int]) -> tuple[int, str]:
    return (-kind[1], kind[0])


def base_of(report: Report) -> str:
    """The folder that a report's paths are relative to: the source, or the folder of a source file."""
    source = Path(report.source)
    if os.path.isdir(source) or not source.suffix:  # noqa: PTH112 - which raises nothing
        return report.source
    return str(source.parent)


def _outcome(report: Report) -> str:
    errors, warnings = len(report.errors), len(report.warnings)
    found = [counted(errors, "error")] if errors else []
    found += [counted(warnings, "warning")] if warnings else []
    outcome = "not in order" if report.source.lower().endswith(".epub") else "not built"
    return f"{outcome}: {' and '.join(found)}"


def counted(number: int, word: str) -> str:
    """``1 error``, ``2,000 errors``."""
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"


def reports_json(reports: Iterable[Report], more: Callable[[Report], dict[str, Any]] | None = None) -> str:
    """One JSON document of all `reports`; `more` returns further members for each."""
    books = [
        {
            "source": report.source,
            "output": str(report.output) if report.output is not None else None,
            "ok": report.ok,
            "diagnostics": [diagnostic_json(each) for each in report.diagnostics],
            "ignored": [{**diagnostic_json(each.diagnostic), "reason": each.reason} for each in report.ignored],
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
    return _json_text({"books": books})


def _json_text(document: object) -> str:
    """A JSON document, with escapes for what a terminal might obey."""
    lines = json.dumps(document, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(line if line.isprintable() else _escaped(line) for line in lines)


def print_json(document: object) -> None:
    """Prints a JSON document on standard output."""
    sys.stdout.buffer.write(_json_text(document).encode() + b"\n")


def _escaped(line: str) -> str:
    """A line of JSON, with characters that could control a terminal written as JSON escapes."""
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)


def _edit(edit: Edit) -> dict[str, str | int]:
    return {"line": edit.at.line, "column": edit.at.column, "old": edit.old, "new": edit.new}


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """A message as a member of a JSON document."""
    return {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "hint": diagnostic.hint,
        **({"chapter": diagnostic.chapter} if diagnostic.chapter is not None else {}),
        **({"fix": [_edit(each) for each in diagnostic.fix]} if diagnostic.fix else {}),
    }


def shown_size(count: int) -> str:
    """The size in a unit that needs few digits; empty if nothing was written (a check)."""
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} B" if count else "–"


def book_file(file: BookFile) -> str:
    """A file's size: ``1,200 × 900 pixels, 69.6 KB``."""
    pixels = f"{file.width:,} × {file.height:,} pixels, " if file.width else ""
    return pixels + shown_size(file.bytes)


def book_file_json(file: BookFile) -> dict[str, Any]:
    """A file as a member of a JSON document."""
    told: dict[str, Any] = {
        "name": file.name,
        "media_type": file.media_type,
        "bytes": file.bytes,
        "digest": file.digest,
    }
    if file.kind == "picture":
        told |= {"width": file.width, "height": file.height}
    if file.font:
        told |= {"family": file.font.family, "weight": file.font.weight, "italic": file.font.italic}
    return told
