"""What the command says of whole books: the table at the end of a run of several, what one claims of its
accessibility, and its metadata.
"""

from __future__ import annotations

import csv
import io
import os
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from chapbook.command.console import wants_colour
from chapbook.model.accessibility import Claim
from chapbook.model.diagnostics import Changes, Diagnostic, MetadataEntry, Report
from chapbook.model.xml_text import printable

__all__ = ["accessibility_json", "accessibility_text", "metadata_csv", "metadata_json", "print_summary"]

_COLUMNS = ("title", "place", "identifier", "changes", "chapters", "words", "reading", "size", "warnings", "time")
_LONGEST_TITLE = 48
_LONGEST_IDENTIFIER = 20


def print_summary(reports: Sequence[Report], stream: TextIO) -> None:
    """Prints a row for each of `reports` and one for all: a table on a terminal, plain columns otherwise."""
    rows = [_row(report) for report in reports]
    whole = _whole(reports)
    if stream.isatty():
        _print_table(rows, whole, stream)
    else:
        _print_columns([_COLUMNS, *rows, whole], stream)


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
    """An ISBN whole, of a longer identifier the beginning."""
    short = printable(re.sub("^urn:(isbn|uuid):", "", value)) or "–"
    return short if len(short) <= _LONGEST_IDENTIFIER else f"{short[: _LONGEST_IDENTIFIER - 1]}…"


def _changes(changes: Changes | None) -> str:
    """``1 new, 2 changed``: chapters that differ from those of the book that was there before."""
    if changes is None:
        return "–"
    named = {"new": changes.added, "changed": changes.changed, "moved": changes.moved, "gone": changes.removed}
    return ", ".join(f"{len(each):,} {word}" for word, each in named.items() if each) or "–"


def _minutes(minutes: int) -> str:
    return f"{minutes:,} min"


def _outcome(report: Report) -> str:
    if not report.ok:
        return "not built"
    return "unchanged" if report.unchanged else _size(report.size)


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
        _size(sum(report.size for report in reports)),
        f"{sum(len(report.warnings) for report in reports):,}",
        _seconds(sum(report.seconds for report in reports)),
    )


def _size(count: int) -> str:
    """Bytes in the unit that leaves few digits; none where nothing was written (a check)."""
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} B" if count else "–"


def _seconds(seconds: float) -> str:
    """The work of all processes, which is more than the time that went by."""
    return f"{seconds:,.1f} s"


def _print_columns(rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [" " * (width - _width(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        stream.write("  ".join(cells).rstrip() + "\n")


def _width(text: str) -> int:
    """How many columns a terminal gives to `text` (Unicode Standard Annex 11)."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.category(each) in {"Mn", "Me", "Cf"} for each in text)


def _print_table(rows: Sequence[Sequence[str]], whole: Sequence[str], stream: TextIO) -> None:
    from rich import box  # noqa: PLC0415 - heavy, and of use on a terminal only
    from rich.console import Console  # noqa: PLC0415 - see above
    from rich.table import Table  # noqa: PLC0415 - see above
    from rich.text import Text  # noqa: PLC0415 - see above

    console = Console(file=stream, no_color=not wants_colour(stream), highlight=False)
    table = Table(box=box.SIMPLE_HEAD, show_footer=True)
    shown = [at for at, name in enumerate(_COLUMNS) if name not in _WIDE or console.width >= _WIDTH]
    for at in shown:
        name = _COLUMNS[at]
        left = name == "title"
        table.add_column(name, Text(whole[at]), justify="left" if left else "right", no_wrap=not left)
    for row in rows:
        table.add_row(*(Text(row[at]) for at in shown))  # as text: a title in [brackets] is no markup of rich's
    console.print(table)


_WIDE = frozenset({"place", "identifier", "changes"})
"""Columns for which a narrow terminal has no room."""
_WIDTH = 110
_COLUMN = 48
_UNDESCRIBED = "image-no-alt"


def accessibility_text(report: Report, base: str) -> str:
    """The lines to print of `report`, whose paths lie under `base`; control characters are shown as escapes."""
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
    """The same as a member of the JSON document: ``null`` for a book with errors."""
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
    """All that the package document says of a book, as a member of the JSON document; empty for one with errors.

    Of each name there is a list of values, each with what refines it.
    """
    named: dict[str, list[dict[str, Any]]] = {}
    for each in report.metadata:
        language = {"language": each.language} if each.language else {}
        named.setdefault(each.name, []).append({"value": each.value, **language, **_refinements(each)})
    return {"metadata": named}


def _refinements(entry: MetadataEntry) -> dict[str, str | list[str]]:
    """What refines the `entry`, and what refines that: a text by its name, a list where there are several."""
    said: dict[str, list[str]] = {}
    waiting = list(entry.refinements)
    while waiting:
        each = waiting.pop(0)
        said.setdefault(each.name, []).append(each.value)
        waiting += each.refinements
    return {name: values[0] if len(values) == 1 else values for name, values in said.items()}


def metadata_csv(reports: Sequence[Report]) -> str:
    """The metadata of books as CSV (RFC 4180), a row a book, and a column for each name that any of them has.

    Several values of one name stand in one cell, with semicolons between them, and so, in their order, do the values
    that refine them, in a column of their own: ``dc:creator``, ``dc:creator.role``.
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
    """A cell that no spreadsheet takes for a formula, which could fetch or run something when the file is opened."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")) else cell
