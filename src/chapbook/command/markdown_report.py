"""The report of a check as Markdown, to put into a pull request.

What an author wrote stands in code spans only: there it can't be a heading, a link, a mention of somebody or HTML.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from chapbook.command.printing import base_of, counted, grouped, more_of_a_kind, shown_path
from chapbook.model.codes import CODES, Severity
from chapbook.model.diagnostics import Diagnostic, Report
from chapbook.model.xml_text import printable

__all__ = ["code_span", "in_repository", "markdown_report", "place_in_repository", "without_notes"]

_MOST_CHAPTERS = 200
_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.NOTE: "Notes"}
_TICKS = re.compile("`+")


def markdown_report(reports: Sequence[Report], given: Collection[str] = (), *, quiet: bool, ungrouped: bool) -> str:
    """The reports as CommonMark with the tables of GitHub's.

    Each book has its title, a table of the messages by code, each message with its place and what to do, and the
    chapters in their order. `quiet` leaves the notes out. Of warnings and notes that repeat the first few are listed,
    unless `ungrouped`.
    """
    lines: list[str] = []
    for report in reports:
        lines += [f"## {code_span(report.title or report.source)}", "", _outcome(report), ""]
        said = without_notes(report) if quiet else report.diagnostics
        lines += _table(said)
        lines += _problems(said, report, given, ungrouped=ungrouped)
        lines += _order(report)
    return "\n".join(lines)


def without_notes(report: Report) -> tuple[Diagnostic, ...]:
    """The errors and warnings, in the order of the book."""
    return tuple(each for each in report.diagnostics if each.severity is not Severity.NOTE)


def code_span(text: str) -> str:
    """`text` as a code span of Markdown, whatever is in it."""
    text = printable(text) or " "
    ticks = "`" * (max((len(each) for each in _TICKS.findall(text)), default=0) + 1)
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _outcome(report: Report) -> str:
    numbers = {"error": len(report.errors), "warning": len(report.warnings)}
    found = " and ".join(counted(number, word) for word, number in numbers.items() if number)
    size = f"{counted(report.chapters, 'chapter')}, {counted(report.words, 'word')}." if report.chapters else ""
    if not report.ok:
        return f"**Not in order: {found}.** {size}".rstrip()
    return f"**{found or 'No problems'}.** {size}".rstrip()


def _table(said: Sequence[Diagnostic]) -> list[str]:
    if not said:
        return []
    rows = [
        f"| `{code}` | {severity} | {count:,} | {CODES[code].meaning} |"
        for severity in Severity
        for code, count in Counter(each.code for each in said if each.severity is severity).most_common()
    ]
    return ["| code | severity | count | what it means |", "|---|---|--:|---|", *rows, ""]


def _problems(
    diagnostics: Sequence[Diagnostic], report: Report, given: Collection[str], *, ungrouped: bool
) -> Iterator[str]:
    for severity, heading in _HEADINGS.items():
        said = [each for each in diagnostics if each.severity is severity]
        if not said:
            continue
        yield from (f"### {heading}", "")
        for each, rest in grouped(said, ungrouped=ungrouped):
            yield f"- {code_span(place_in_repository(each, report, given))}: {code_span(each.message)} (`{each.code}`)"
            if each.hint:
                yield f"  - what to do: {code_span(each.hint)}"
            if rest:
                yield f"- {more_of_a_kind(rest)} (`{each.code}`)"
        yield ""


def in_repository(path: str) -> str:
    """`path` from the root of the repository that a workflow checked out; elsewhere from the current folder."""
    root = os.environ.get("GITHUB_WORKSPACE")
    whole = os.path.abspath(path)  # noqa: PTH100 - a link that the user gave is not followed
    inside = (
        os.path.relpath(whole, root) if root and os.path.splitdrive(root)[0] == os.path.splitdrive(whole)[0] else ""
    )
    near = inside if inside and not inside.startswith("..") else os.path.normpath(path)
    return near.replace(os.sep, "/")


def place_in_repository(diagnostic: Diagnostic, report: Report, given: Collection[str]) -> str:
    """``PATH:LINE:COLUMN``, or the book's folder for what has no path."""
    base = base_of(report)
    file = in_repository(base if diagnostic.path is None else shown_path(diagnostic.path, base, given))
    return ":".join(str(part) for part in (file, diagnostic.line, diagnostic.column) if part is not None)


def _order(report: Report) -> Iterator[str]:
    """The chapters in their order, and what set it."""
    if not report.order:
        return
    base = base_of(report)
    yield f"<details><summary>The order of the {counted(len(report.order), 'document')}</summary>"
    yield ""
    told = [each for each in report.diagnostics if each.code == "navigation" and each.message]
    if told:
        yield from (f"chapbook says: {code_span(each.message)}" for each in told)
    else:
        yield "Weights and file names set the order."
    yield ""
    for number, each in enumerate(report.order[:_MOST_CHAPTERS], 1):
        file = shown_path(each.path, base, ()) if each.path else ""
        path = f" ({code_span(each.path)})" if os.path.isfile(file) else ""  # noqa: PTH113 - which raises nothing
        yield f"{number}. {code_span(each.title)}{path}"
    more = len(report.order) - _MOST_CHAPTERS
    if more > 0:
        yield from ("", f"And {more:,} more.")
    yield from ("", "</details>", "")
