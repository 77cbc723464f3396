"""Changes a chapter's text before a dialect reads it: outside code, and in boxes of lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from chapbook.model.marks import WORD_JOINER
from chapbook.source.positions import Locator, SourceText

__all__ = [
    "Box",
    "box_mark",
    "division_mark",
    "fenced_lines",
    "fences_changed",
    "in_boxes",
    "outside_code",
]


def outside_code(
    source: SourceText, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], text: str | None = None
) -> str:
    """The text (by default that of `source`), with `new` for each match outside code."""
    text = source.text if text is None else text
    if pattern.search(text) is None:
        return text
    places = Locator(text)
    return pattern.sub(lambda found: found[0] if places.is_code(found.start()) else new(found), text)


class Box(Struct, frozen=True, kw_only=True):
    """Lines of another tool's box: from index `start` up to `end`."""

    start: int
    """The line that opens it."""
    end: int
    """The line after its last one."""
    mark: str
    """The replacement for the opening line (see `box_mark`); empty for a box that is removed but keeps its content."""
    indent: int = 0
    """Spaces before the opening line, as it is written."""
    cut: int = 0
    """Spaces by which the lines inside are indented more."""
    closes: bool = True
    """Whether the last line closes the box, and is removed."""


def box_mark(kind: str, title: str = "") -> str:
    """The line that turns a quotation into an alert; a heading, because any block can follow it directly."""
    word = re.sub(r"[^\w -]+", "", kind).strip(" -_0123456789")[:30] or "note"
    return _heading(f"[!{word}]", title)


def _heading(mark: str, title: str) -> str:
    """The mark and its title, kept apart, because ``[!note] [words]`` would be a reference link."""
    return f"###### {mark}{WORD_JOINER if title.startswith('[') else ''} {title}".rstrip()


def division_mark(attributes: str, title: str = "") -> str:
    """The line that turns a quotation into a division, with ``.class`` and ``#id``."""
    return _heading(f"[!{{{attributes}}}]", title)


def fenced_blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """The first and last line (both fences) of each closed code block, wherever it is."""
    closers: dict[str, list[int]] = {"`": [], "~": []}
    for nth, line in enumerate(lines):
        found = _CLOSING.fullmatch(line)
        if found:
            closers[found[1][0]].append(nth)
    blocks = []
    at = 0
    unclosed: dict[str, int] = {}
    while at < len(lines):
        opening = _OPENING.match(lines[at])
        sign = opening[1] if opening else ""
        last = None
        if sign and len(sign) < unclosed.get(sign[0], len(sign) + 1):
            below = closers[sign[0]][bisect_right(closers[sign[0]], at) :]
            most = _width(lines[at]) + _MOST_INDENT
            closing = (
                each for each in below if lines[each].count(sign[0]) >= len(sign) and _width(lines[each]) <= most
            )
            last = next(closing, None)
            if last is None:
                unclosed[sign[0]] = len(sign)
        if last is not None:
            blocks.append((at, last))
        at = at + 1 if last is None else last + 1
    return blocks


def fenced_lines(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it belongs to a fenced code block."""
    inside = [False] * len(lines)
    for first, last in fenced_blocks(lines):
        inside[first : last + 1] = [True] * (last + 1 - first)
    return inside


def fences_changed(text: str, new: Callable[[Sequence[str]], list[str] | None]) -> str:
    """The text, with the lines that `new` returns for each fenced code block; ``None`` leaves a block unchanged."""
    lines = text.split("\n")
    for first, last in reversed(fenced_blocks(lines)):
        made = new(lines[first : last + 1])
        if made is not None:
            lines[first : last + 1] = made
    return "\n".join(lines)


_MOST_INDENT = 3
"""Spaces by which a closing fence may be indented (CommonMark 0.31.2, section 4.5)."""


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


_OPENING = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_CLOSING = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*")


def in_boxes(lines: Sequence[str], boxes: Iterable[Box]) -> list[str]:
    """The lines with each of `boxes`, which may nest, as a quotation whose first line names its kind.

    The number of lines stays the same.
    """
    opening = {box.start: box for box in boxes}
    made: list[str] = []
    open_: list[_Open] = []
    for nth, line in enumerate(lines):
        while open_ and nth >= open_[-1].box.end:
            open_.pop()
        before, rest = _quoted(open_, line)
        box = opening.get(nth)
        if box is not None:
            inner = _Open(box=box, indent=max(0, box.indent - sum(each.indent + each.box.cut for each in open_)))
            made.append(f"{before}{' ' * inner.indent}{f'> {box.mark}' if box.mark else ''}".rstrip())
            open_.append(inner)
        elif open_ and open_[-1].box.closes and nth == open_[-1].box.end - 1:
            open_.pop()
            made.append(_quoted(open_, "")[0].rstrip())
        else:
            made.append(f"{before}{rest}" if rest.strip() else before.rstrip())
    return made


class _Open(Struct, frozen=True, kw_only=True):
    """A box whose lines are being read."""

    box: Box
    indent: int
    """Spaces before it, beyond those of the boxes around it."""


def _quoted(open_: Sequence[_Open], line: str) -> tuple[str, str]:
    """The prefix for a line in those boxes, and the rest of the line."""
    before, rest = "", line
    for each in open_:
        width = len(rest) - len(rest.lstrip(" "))
        rest = rest[min(width, each.indent + each.box.cut) :]
        before += " " * each.indent + ("> " if each.box.mark else "")
    return before, rest
