"""Converts Pandoc's grid and simple tables, which no dialect reads, to tables with bars; and reads captions."""

from __future__ import annotations

import re
from itertools import pairwise

from chapbook.model.marks import TABLE_CAPTION
from chapbook.source.lines import fenced_lines, width_of
from chapbook.source.positions import Changed, SourceText

__all__ = ["read_tables"]

_GRID = re.compile(r"[ ]{0,3}\+(?:[:=-]+\+)+[ ]*")
_RULE = re.compile(r"[ ]{0,3}-{2,}(?:[ ]+-{2,})*[ ]*")
_COLUMNS = re.compile(r"-+")


def read_tables(source: SourceText) -> Changed:
    """Turns grid, simple and multiline tables into tables with bars, keeping the number of lines."""
    lines = source.text.split("\n")
    in_fence = fenced_lines(lines)
    at = 0
    while at < len(lines):
        end, rows = at + 1, list[str]()
        if not in_fence[at]:
            end, rows = _grid(lines, at) if _GRID.fullmatch(lines[at]) else _simple(lines, at) or (at + 1, [])
        if rows:
            lines[at:end] = [*rows, *[""] * (end - at - len(rows))]
        at = end
    _mark_captions(lines, in_fence)
    return "\n".join(lines), ()


_CAPTION = re.compile(r"[ ]{0,3}(?:[Tt]able)?:[ ]+(\S.*?)(?:[ ]*\{([^{}\n]*)\})?[ \t]*")
_ID = re.compile(r"#([\w.:-]+)")


def _mark_captions(lines: list[str], in_fence: list[bool]) -> None:
    """Marks paragraphs that are captions of tables before or after them, for the pass on tables."""
    for nth, line in enumerate(lines):
        found = None if in_fence[nth] or ":" not in line else _CAPTION.fullmatch(line)
        if found is None or (nth and lines[nth - 1].strip()):
            continue
        above = next((each for each in reversed(lines[max(0, nth - _FAR) : nth]) if each.strip()), "")
        below = next((each for each in lines[nth + 1 : nth + _FAR] if each.strip()), "")
        if above.lstrip().startswith("|") or below.lstrip().startswith("|"):
            place = _ID.search(found[2] or "")
            id_ = f' id="{place[1]}"' if place else ""
            lines[nth] = f'<span class="{TABLE_CAPTION}"{id_}>{found[1]}</span>'


_FAR = 12
"""Empty lines left by a table that was written on more lines."""


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(" ".join(each.split()).replace("|", "\\|") for each in cells) + " |"


def _aligned(sign: str) -> str:
    left, right = sign.startswith(":"), sign.endswith(":")
    return f"{':' if left else '-'}-{':' if right else '-'}"


def _grid(lines: list[str], at: int) -> tuple[int, list[str]]:
    """The line after a possible grid table that begins at `at`, and its rows with bars; empty if it isn't one."""
    indent = width_of(lines[at])
    edges = [found.start() for found in re.finditer(r"\+", lines[at])]
    end = at + 1
    while end < len(lines) and re.match(r"[ ]{0,3}[+|]", lines[end]):
        end += 1
    block = lines[at:end]
    if end - at < 3 or not _GRID.fullmatch(block[-1]):  # noqa: PLR2004 - two rules and a row
        return end, []
    rows: list[list[str]] = [[""] * (len(edges) - 1)]
    head, signs = 0, block[0]
    for line in block[1:]:
        if _GRID.fullmatch(line):
            if "=" in line and not head:
                head, signs = len(rows), line
            if line is not block[-1]:
                rows.append([""] * (len(edges) - 1))
        else:
            cells = [line[left + 1 : right] for left, right in pairwise(edges)]
            rows[-1] = [f"{have} {new.strip(' |')}" for have, new in zip(rows[-1], cells, strict=True)]
    rule = "|" + "|".join(_aligned(each) for each in signs.strip().strip("+").split("+")) + "|"
    shown = [_row(each) for each in rows]
    made = [*shown[:head], rule, *shown[head:]] if head else [_row([""] * (len(edges) - 1)), rule, *shown]
    spaces = " " * indent
    return end, [spaces + each for each in made] if len(made) <= end - at else []


def _simple(lines: list[str], at: int) -> tuple[int, list[str]] | None:
    """The same for a simple or multiline table, whose header or upper rule is at `at`."""
    is_framed = re.fullmatch(r"[ ]{0,3}-{3,}[ ]*", lines[at]) is not None and at + 1 < len(lines)
    rule_at = _rule_below(lines, at + 1 if is_framed else at, is_framed=is_framed)
    if rule_at is None or (at and lines[at - 1].strip()):
        return None
    spans = [(found.start(), found.end()) for found in _COLUMNS.finditer(lines[rule_at])]
    if len(spans) < 2:  # noqa: PLR2004 - one column is a heading
        return None
    bounds = [(start, spans[nth + 1][0] if nth + 1 < len(spans) else None) for nth, (start, _) in enumerate(spans)]
    head_lines = lines[at + 1 if is_framed else at : rule_at]
    head = [" ".join(filter(None, (line[a:b].strip() for line in head_lines))) for a, b in bounds]
    end, rows, fresh = rule_at + 1, list[list[str]](), True
    while end < len(lines):
        line = lines[end]
        if re.fullmatch(r"[ ]{0,3}-{2,}(?:[ -]*-)?[ ]*", line):
            end += 1
            break
        if not line.strip():
            if not is_framed:
                break
            fresh = True
        else:
            cells = [line[a:b].strip() for a, b in bounds]
            if fresh or not is_framed:
                rows.append(cells)
                fresh = False
            else:
                rows[-1] = [f"{have} {new}".strip() for have, new in zip(rows[-1], cells, strict=True)]
        end += 1
    else:
        if is_framed:
            return None
    made = [_row(head), "|" + "---|" * len(spans), *map(_row, rows)]
    return (end, made) if rows and len(made) <= end - at else None


def _rule_below(lines: list[str], at: int, *, is_framed: bool) -> int | None:
    """The line of dashes between the header, which begins at `at`, and the rows."""
    most = 8 if is_framed else 2
    for nth in range(at, min(at + most, len(lines))):
        if _RULE.fullmatch(lines[nth]) and len(_COLUMNS.findall(lines[nth])) > 1:
            return nth
        if not lines[nth].strip():
            return None
    return None
