"""The part of a file that a chapter includes: all of it, some lines, what stands between two marks, below a heading."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["Line", "part_of"]

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ANCHOR = re.compile(r"\bANCHOR(?:_END)?:[ ]*[\w-]+|-{1,}8<-{1,}[ ]*\[(?:start|end):[ ]*[\w-]+\]")
_RANGE = re.compile(r"(\d{0,9})(?::(\d{0,9}))?", re.ASCII)


class Line(Struct, frozen=True):
    """A line of a chapter's text, and where it stands."""

    text: str
    path: str
    number: int


def part_of(text: str, path: str, part: str) -> list[Line] | None:
    """The lines of a file that are asked for: all, a range, an anchor, what is below a heading; ``None`` for none."""
    head = _FRONT_MATTER.match(text) if path.lower().endswith((".md", ".markdown", ".mdx", ".qmd")) else None
    skipped = text.count("\n", 0, head.end()) if head else 0
    body = text[head.end() if head else 0 :].removesuffix("\n")
    lines = [Line(each, path, number) for number, each in enumerate(body.split("\n"), skipped + 1)]
    if part.startswith("#"):
        return _below_heading(lines, part.rpartition("#")[2].strip())
    if not part:
        return [each for each in lines if not _ANCHOR.search(each.text)]
    numbers = _RANGE.fullmatch(part)
    if numbers:
        first = int(numbers[1] or 1)
        last = first if ":" not in part else int(numbers[2] or len(lines) + skipped)
        return [each for each in lines if first <= each.number <= last]
    return _between_anchors(lines, part)


def _between_anchors(lines: list[Line], name: str) -> list[Line] | None:
    begin = re.compile(rf"\bANCHOR:[ ]*{re.escape(name)}(?![\w-])|8<-{{1,}}[ ]*\[start:[ ]*{re.escape(name)}\]")
    end = re.compile(rf"\bANCHOR_END:[ ]*{re.escape(name)}(?![\w-])|8<-{{1,}}[ ]*\[end:[ ]*{re.escape(name)}\]")
    start = next((nth for nth, each in enumerate(lines) if begin.search(each.text)), None)
    if start is None:
        return None
    stop = next((nth for nth in range(start + 1, len(lines)) if end.search(lines[nth].text)), len(lines))
    return [each for each in lines[start + 1 : stop] if not _ANCHOR.search(each.text)]


_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_LONGEST = 1_000
"""Characters of a line that may be a heading."""


def _below_heading(lines: list[Line], name: str) -> list[Line] | None:
    """A heading of those words with what is below it, or the block that is called ``^name``."""
    if name.startswith("^"):
        return _block(lines, name)
    level, start = 0, -1
    for nth, each in enumerate(lines):
        found = _HEADING.fullmatch(each.text) if len(each.text) <= _LONGEST else None
        if found is None:
            continue
        if start < 0 and found[2].strip().casefold() == name.casefold():
            level, start = len(found[1]), nth
        elif start >= 0 and len(found[1]) <= level:
            return lines[start:nth]
    return lines[start:] if start >= 0 else None


def _block(lines: list[Line], name: str) -> list[Line] | None:
    """The paragraph, quotation or item that ends in ``^name``, or has it on a line of its own below."""
    marked = next((nth for nth, each in enumerate(lines) if f" {each.text.rstrip()}".endswith(f" {name}")), None)
    if marked is None:
        return None
    if lines[marked].text.strip() == name:  # it stands below its block
        lines = lines[:marked]
        marked = next((nth for nth in reversed(range(marked)) if lines[nth].text.strip()), -1)
        if marked < 0:
            return None
    start = marked
    while start and lines[start - 1].text.strip():
        start -= 1
    last = replace(lines[marked], text=lines[marked].text.rstrip().removesuffix(name).rstrip())
    return [*lines[start:marked], last]
