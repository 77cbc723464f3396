"""What a terminal shows besides plain lines: colours, a progress bar, texts cut to its width."""

from __future__ import annotations

import os
import shutil
import sys
import time
import unicodedata
from typing import TextIO

__all__ = ["ProgressBar", "cut", "draws_lines", "room_on", "wants_colour", "width"]


def wants_colour(stream: TextIO) -> bool:
    """Whether `stream` is a terminal whose user has not declined colours (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


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
