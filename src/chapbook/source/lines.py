"""Reads a chapter's text line by line, before a dialect does: finds code, and turns other tools' boxes into quotations.

What is code (CommonMark 0.31, 4.4, 4.5) needn't be exact in complex nesting: it decides which shortcodes are examples.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from chapbook.model.marks import WORD_JOINER

__all__ = [
    "Box",
    "blank",
    "box_mark",
    "code_ranges",
    "division_mark",
    "fenced_lines",
    "fences_changed",
    "in_boxes",
    "width_of",
    "words_of_link",
]

_FENCE = re.compile(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+){0,4})(`{3,}|~{3,})([^\n]*)")
_CLOSING = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*")
_CONTAINER = re.compile(r"[ ]{0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]|\[\^[^\]\n]+\]:|:[ \t]|(?:!!!|\?\?\?)[ +])")
"""The start of a block whose further paragraphs are indented without being code."""


def code_ranges(text: str, dialect: str) -> list[tuple[int, int]]:
    """The ranges of fenced and indented code in `text`, in order, including the fences.

    An unclosed fence makes the rest of the text code in CommonMark, and is text in Python-Markdown.
    """
    lines = list(_lines(text))
    ranges, nth = [], 0
    unclosed: dict[str, int] = {}
    blank, contained, indented = True, False, False
    while nth < len(lines):
        start, line = lines[nth]
        last = _fenced(lines, nth, dialect, unclosed)
        if last is not None:
            ranges.append((start, lines[last][0] + len(lines[last][1])))
            nth, blank, indented = last + 1, False, False
            continue
        if not line.strip():
            blank = True
        elif line.startswith(("    ", "\t")) and not contained and (blank or indented):
            ranges.append((start, start + len(line)))
            indented, blank = True, False
        else:
            contained = bool(_CONTAINER.match(line)) or (contained and (line[0] in " \t" or not blank))
            indented = blank = False
        nth += 1
    return ranges


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _fenced(lines: list[tuple[int, str]], nth: int, dialect: str, unclosed: dict[str, int]) -> int | None:
    """The last line of the fenced code that begins on the line `nth`; ``None`` if none does.

    `unclosed` has, by a fence's character and whether it is quoted, the shortest fence that isn't closed any more.
    """
    found = _FENCE.match(lines[nth][1])
    if not found or (found[2][0] == "`" and "`" in found[3]):
        return None
    kind = ("> " if ">" in found[1] else "") + found[2][0]
    if len(found[2]) >= unclosed.get(kind, len(found[2]) + 1):
        return None
    for last in range(nth + 1, len(lines)):
        line = lines[last][1]
        if kind[0] == ">" and not line.lstrip().startswith(">"):
            return last - 1
        closing = _CLOSING.fullmatch(line)
        if closing and closing[1][0] == found[2][0] and len(closing[1]) >= len(found[2]):
            return last
    unclosed[kind] = len(found[2])
    return len(lines) - 1 if dialect == "commonmark" else None


def width_of(line: str) -> int:
    """The number of spaces at the start of `line`."""
    return len(line) - len(line.lstrip(" "))


def blank(found: re.Match[str]) -> str:
    """Nothing but the line ends of what was found, so that the lines below keep their numbers."""
    return "\n" * found[0].count("\n")


def words_of_link(words: str) -> str:
    """`words` as the text of a link or picture, with the signs of Markdown escaped."""
    return re.sub(r"([\[\]\\`*_<])", r"\\\1", words)


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


def division_mark(attributes: str, title: str) -> str:
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
            most = width_of(lines[at]) + _MOST_INDENT
            closing = (
                each for each in below if lines[each].count(sign[0]) >= len(sign) and width_of(lines[each]) <= most
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


_OPENING = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")


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
        width = width_of(rest)
        rest = rest[min(width, each.indent + each.box.cut) :]
        before += " " * each.indent + ("> " if each.box.mark else "")
    return before, rest
