"""A book's metadata: the command `metadata`, and the accessibility metadata with its reasons (`check --a11y`)."""

from __future__ import annotations

import csv
import io
import os
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chapbook.command.options import READING, SOURCES, choosing, told_as_usage
from chapbook.command.printing import print_report, reports_json
from chapbook.model.accessibility import Claim
from chapbook.model.diagnostics import Diagnostic, MetadataEntry, Report
from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from chapbook.series.requests import Choices

__all__ = ["accessibility_json", "accessibility_text", "metadata"]


@click.command()
@SOURCES
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead, a row for each book.")
@choosing(*READING)
def metadata(sources: tuple[Path, ...], *, choices: Choices, as_csv: bool) -> int:
    """Print the metadata of each SOURCE.

    It is what the EPUB's package document would have, as JSON; of a series, that of each volume.
    """
    from chapbook.series.build_many import build_requests  # noqa: PLC0415 - see cli
    from chapbook.series.planning import plan_books  # noqa: PLC0415 - see cli

    with told_as_usage():
        requests = plan_books(sources, None, choices=choices)
    reports = list(build_requests(requests))
    if as_csv:
        for each in reports:
            print_report(each, quiet=True)
        books = [report for request, report in zip(requests, reports, strict=True) if not request.is_library]
        sys.stdout.buffer.write(_metadata_csv(books).encode("utf-8", "backslashreplace"))
    else:
        sys.stdout.buffer.write(reports_json(reports, _metadata_json).encode() + b"\n")
    return 0 if all(report.ok for report in reports) else 1


def _metadata_json(report: Report) -> dict[str, Any]:
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


def _metadata_csv(reports: Sequence[Report]) -> str:
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
