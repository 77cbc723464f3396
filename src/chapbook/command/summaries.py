"""What the command prints about whole books: the summary table of several, accessibility, and metadata."""

from __future__ import annotations

import csv
import io
import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from chapbook.command.terminal import cut, draws_lines, room_on, wants_colour, width
from chapbook.model.accessibility import Claim
from chapbook.model.diagnostics import Changes, Diagnostic, MetadataEntry, Report
from chapbook.model.xml_text import printable

__all__ = [
    "accessibility_json",
    "accessibility_text",
    "metadata_csv",
    "metadata_json",
    "print_columns",
    "print_summary",
    "shown_size",
]

_COLUMNS = ("title", "place", "identifier", "changes", "chapters", "words", "reading", "size", "warnings", "time")
_LONGEST_TITLE = 48
_LONGEST_IDENTIFIER = 20


def print_summary(reports: Sequence[Report], stream: TextIO) -> None:
    """Prints a row for each of `reports` and a total: a table on a terminal, plain columns otherwise."""
    rows = [_row(report) for report in reports]
    whole = _whole(reports)
    if stream.isatty():
        _print_table(rows, whole, stream)
    else:
        print_columns([_COLUMNS, *rows, whole], stream)


def _row(report: Report) -> tuple[str, ...]:
    title = printable(report.title or report.source)
    return (
        title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…",
        printable(report.place) or "–",
        _identifier(report.identifier),
        _changes(report.changes),
        f"{report.chapters:,}",
        f"{report.words:,}",
        _minutes(report.minutes),
        _outcome(report),
        f"{len(report.warnings):,}",
        _seconds(report.seconds),
    )


def _identifier(value: str) -> str:
    """An ISBN in full; only the beginning of a longer identifier."""
    short = printable(re.sub("^urn:(isbn|uuid):", "", value)) or "–"
    return short if len(short) <= _LONGEST_IDENTIFIER else f"{short[: _LONGEST_IDENTIFIER - 1]}…"


def _changes(changes: Changes | None) -> str:
    """``1 new, 2 changed``: chapters that differ from those in the previous file."""
    if changes is None:
        return "–"
    named = {"new": changes.added, "changed": changes.changed, "moved": changes.moved, "gone": changes.removed}
    return ", ".join(f"{len(each):,} {word}" for word, each in named.items() if each) or "–"


def _minutes(minutes: int) -> str:
    return f"{minutes:,} min"


def _outcome(report: Report) -> str:
    if not report.ok:
        return "not built"
    return "unchanged" if report.unchanged else shown_size(report.size)


def _whole(reports: Sequence[Report]) -> tuple[str, ...]:
    built = sum(report.ok for report in reports)
    count = f"{built:,} of {len(reports):,} books" if built < len(reports) else f"{len(reports):,} books"
    return (
        count,
        "",
        "",
        "",
        f"{sum(report.chapters for report in reports):,}",
        f"{sum(report.words for report in reports):,}",
        _minutes(sum(report.minutes for report in reports)),
        shown_size(sum(report.size for report in reports)),
        f"{sum(len(report.warnings) for report in reports):,}",
        _seconds(sum(report.seconds for report in reports)),
    )


def shown_size(count: int) -> str:
    """The size in a unit that needs few digits; empty if nothing was written (a check)."""
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} B" if count else "–"


def _seconds(seconds: float) -> str:
    """The total processor time of all processes, which can exceed the elapsed time."""
    return f"{seconds:,.1f} s"


def print_columns(rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Prints `rows` in columns, the first to the left and the others to the right."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [first + " " * (widths[0] - width(first))]
        cells += [" " * (room - width(cell)) + cell for cell, room in zip(others, widths[1:], strict=True)]
        stream.write("  ".join(cells).rstrip() + "\n")


def _print_table(rows: Sequence[Sequence[str]], whole: Sequence[str], stream: TextIO) -> None:
    """As many columns as the terminal has room for, with the titles cut; their names above, the sums below."""
    lines = [_COLUMNS, *rows, whole]
    widths = {name: max(map(width, column)) for name, column in zip(_COLUMNS, zip(*lines, strict=True), strict=True)}
    room = room_on(stream) - len(_GAP) - 1  # a line as long as the terminal is wide would wrap on some
    for name in ("", *_FIRST_TO_GO):
        widths.pop(name, None)
        rest = sum(widths.values()) - widths["title"] + len(_GAP) * (len(widths) - 1)
        if room - rest >= min(widths["title"], _SHORTEST_TITLE):
            break
    widths["title"] = max(1, min(widths["title"], room - rest))
    rule = _GAP + ("─" if draws_lines(stream) else "-") * (rest + widths["title"])
    head, *shown, foot = (_aligned(dict(zip(_COLUMNS, line, strict=True)), widths) for line in lines)
    if wants_colour(stream):
        head, foot = f"\x1b[1m{head}\x1b[0m", f"\x1b[1m{foot}\x1b[0m"
    stream.write("\n".join(["", head, rule, *shown, rule, foot, "", ""]))


def _aligned(cells: Mapping[str, str], widths: Mapping[str, int]) -> str:
    """The title on the left, figures on the right of their columns."""
    title = cut(cells["title"], widths["title"])
    line = _GAP + title + " " * (widths["title"] - width(title))
    for name in list(widths)[1:]:
        line += _GAP + " " * (widths[name] - width(cells[name])) + cells[name]
    return line


_GAP = "  "
_SHORTEST_TITLE = 24
"""Columns that a title keeps; rather than cut it more, a terminal shows fewer figures."""
_FIRST_TO_GO = ("identifier", "place", "changes", "reading", "time", "words", "chapters", "size", "warnings")
_WIDTH = 110
_COLUMN = 48
_UNDESCRIBED = "image-no-alt"


def accessibility_text(report: Report, base: str) -> str:
    """The accessibility summary of `report` as text; `base` is its paths' folder. Control characters are escaped."""
    return "".join(f"{printable(line)}\n" for line in _lines(report, base))


def _lines(report: Report, base: str) -> Iterator[str]:
    found = report.accessibility
    name = report.title or report.source
    if found is None:
        yield f"{name}: a book with errors claims nothing"
        return
    yield f"{name}: accessibility metadata, and the reason for each claim"
    yield from _claims(found.made)
    yield from _wrapped("accessibilitySummary", f"“{found.summary}”")
    yield "not claimed:"
    yield from _claims(found.kept_back)
    if all(each.property != "conformsTo" for each in found.made):
        yield from _wrapped("conformsTo, certifiedBy", "never by a program: a person must have judged the whole book")
    yield "still to be checked by a person:"
    for each in found.to_check:
        yield from textwrap.wrap(each, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    places = [each for each in report.diagnostics if each.code == _UNDESCRIBED]
    if places:
        yield "pictures without a description:"
        yield from (f"  {_place(each, base)}" for each in places)


def _claims(claims: Iterable[Claim]) -> Iterator[str]:
    for claim in claims:
        yield from _wrapped(f"{claim.property}: {claim.value}", claim.because)


def _wrapped(head: str, because: str) -> Iterator[str]:
    start = f"  {head:{_COLUMN}}  "
    return iter(textwrap.wrap(because, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start)))


def _place(diagnostic: Diagnostic, base: str) -> str:
    shown = os.path.join(base, diagnostic.path or "")  # noqa: PTH118 - as the user wrote it
    place = ":".join(str(part) for part in (shown, diagnostic.line, diagnostic.column) if part is not None)
    return f"{place}: {diagnostic.message}"


def accessibility_json(report: Report) -> dict[str, Any]:
    """The accessibility summary for the JSON document: ``null`` for a book with errors."""
    found = report.accessibility
    if found is None:
        return {"accessibility": None}
    return {
        "accessibility": {
            "claimed": [_claim(each) for each in found.made],
            "not_claimed": [_claim(each) for each in found.kept_back],
            "summary": found.summary,
            "to_check": list(found.to_check),
        }
    }


def _claim(claim: Claim) -> dict[str, str]:
    return {"property": claim.property, "value": claim.value, "because": claim.because}


def metadata_json(report: Report) -> dict[str, Any]:
    """The metadata in a book's package document, for the JSON document; empty for a book with errors.

    Each name has a list of values, each with its refinements.
    """
    named: dict[str, list[dict[str, Any]]] = {}
    for each in report.metadata:
        language = {"language": each.language} if each.language else {}
        named.setdefault(each.name, []).append({"value": each.value, **language, **_refinements(each)})
    return {"metadata": named}


def _refinements(entry: MetadataEntry) -> dict[str, str | list[str]]:
    """The refinements of `entry`, and theirs: by name, as a text or, if there are several, a list."""
    said: dict[str, list[str]] = {}
    waiting = list(entry.refinements)
    while waiting:
        each = waiting.pop(0)
        said.setdefault(each.name, []).append(each.value)
        waiting += each.refinements
    return {name: values[0] if len(values) == 1 else values for name, values in said.items()}


def metadata_csv(reports: Sequence[Report]) -> str:
    """The metadata of books as CSV (RFC 4180): a row for each book, a column for each name that occurs.

    Several values of one name share a cell, separated by semicolons. Their refinements have columns of their own, in
    the same order: ``dc:creator``, ``dc:creator.role``.
    """
    rows = [
        {
            "source": printable(report.source),
            "ok": "yes" if report.ok else "no",
            "chapters": str(report.chapters),
            "words": str(report.words),
            **_cells(report.metadata),
        }
        for report in reports
    ]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(columns)
    writer.writerows([_harmless(_visible(row.get(name, ""))) for name in columns] for row in rows)
    return target.getvalue()


def _cells(entries: Sequence[MetadataEntry]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name in dict.fromkeys(each.name for each in entries):
        same = [each for each in entries if each.name == name]
        cells[name] = "; ".join(each.value for each in same)
        refining = [_cells(each.refinements) for each in same]
        for more in dict.fromkeys(key for each in refining for key in each):
            cells[f"{name}.{more}"] = "; ".join(each.get(more, "") for each in refining)
    return cells


def _visible(cell: str) -> str:
    """A cell with escapes for what isn't seen; lines stay, which CSV quotes."""
    return "\n".join(map(printable, cell.split("\n")))


def _harmless(cell: str) -> str:
    """A cell that spreadsheets don't read as a formula, which could fetch or run something when the file is opened."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) else cell
