"""What the command shows besides messages: a progress bar, tables as wide as the terminal, colours."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TextIO

from chapbook.command.printing import shown_size, wants_colour
from chapbook.model.diagnostics import Changes, Report
from chapbook.model.xml_text import printable

__all__ = ["ProgressBar", "cut", "print_columns", "print_summary", "width"]


class ProgressBar:
    """A bar on standard error while books are built; nothing if it isn't `shown`, or the terminal moves no cursor.

    It is drawn when there is something new, by no thread of its own: where one ran, no worker could be forked.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and os.environ.get("TERM") != "dumb"
        self._stage = ""
        self._first = 0
        self._begun = self._drawn = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Shows that of the `stage` so much is done."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._begun, self._first = stage, now, done
        if self._shown and (done == total or now - self._drawn > _BETWEEN):
            self._drawn = now
            seen = done - self._first
            left = (now - self._begun) * (total - done) / seen if seen > 0 else None
            sys.stderr.write(f"{_ERASE}{_bar(stage, done, total, left)}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Takes the bar from the terminal, so that something may be printed; the next call draws it again."""
        if self._drawn:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()
        self._drawn = 0.0


_BETWEEN = 0.1
"""Seconds between two drawings of the bar."""
_LONGEST_BAR = 40
_SHORTEST_BAR = 8
_ERASE = "\r\x1b[2K"
"""Goes to the start of the line and empties it (ECMA-48)."""


def _bar(stage: str, done: int, total: int, left: float | None) -> str:
    """``chapters ━━━━━━━━──────── 120/240 0:07``: a line for the terminal, at its end the seconds that are `left`."""
    part = done / total if total else 1.0
    count = f"{done:,}/{total:,}"
    time_left = "" if left is None else "{}:{:02}".format(*divmod(round(left), 60))
    widest = len(f"{stage}  {total:,}/{total:,} 00:00")  # by what it grows to, so that the bar keeps its length
    room = min(_LONGEST_BAR, room_on(sys.stderr) - widest - 1)
    if room < _SHORTEST_BAR:
        return f"{stage} {count}"[: room_on(sys.stderr) - 1]
    full, rest = ("━", "─") if draws_lines(sys.stderr) else ("#", ".")
    drawn = full * int(room * part)
    empty = rest * (room - len(drawn))
    if wants_colour(sys.stderr):
        drawn, empty = f"\x1b[32m{drawn}\x1b[0m", f"\x1b[90m{empty}\x1b[0m"
    return f"{stage} {drawn}{empty} {count} {time_left}".rstrip()


def room_on(stream: TextIO) -> int:
    """How many columns the terminal of `stream` has (COLUMNS says otherwise); 80 if it doesn't say."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return shutil.get_terminal_size((columns or 80, 24)).columns


def draws_lines(stream: TextIO) -> bool:
    """Whether the encoding of `stream` has the characters that lines are drawn with."""
    return stream.encoding.lower().startswith("utf")


def width(text: str) -> int:
    """How many columns a terminal gives to `text` (Unicode Standard Annex 11)."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.category(each) in {"Mn", "Me", "Cf"} for each in text)


def cut(text: str, columns: int) -> str:
    """`text` in at most so many `columns`, with an ellipsis where something is left out."""
    if width(text) <= columns:
        return text
    while text and width(text) >= columns:
        text = text[:-1]
    return f"{text}…"


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
