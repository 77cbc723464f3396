"""What Docusaurus' MDX adds to Markdown: imports, comments and components."""

from __future__ import annotations

import re

from chapbook.model.diagnostics import Diagnostic
from chapbook.source.edits import Box, division_mark, fenced_lines, in_boxes, outside_code
from chapbook.source.positions import SourceText

__all__ = ["read_mdx"]

_MODULE = re.compile(
    r"^(?:import[ \t]+(?:[^\n;]*?[ \t]from[ \t]+)?[\"'][^\"'\n]*[\"'];?"
    r"|import[ \t]*\{[^{}]*\}[ \t]*from[ \t]*[\"'][^\"'\n]*[\"'];?"
    r"|export[ \t]+(?:const|let|var|function|default)\b(?:[^\n]*\n)*?(?=\n|\Z))",
    re.MULTILINE,
)
_REMARK = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
_TAG = re.compile(r"([ ]*)<(/?)(Tabs|TabItem|CodeGroup|Steps?|Columns?|Details)\b([^<>]*)>[ \t]*")
_LABEL = re.compile(r"(?<![\w-])(?:label|title|summary)=(?:\"([^\"]*)\"|'([^']*)'|\{\"([^\"]*)\"\})")
_VALUE = re.compile(r"(?<![\w-])value=(?:\"([^\"]*)\"|'([^']*)')")


def read_mdx(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
    """Removes imports, exports and comments, and turns tabs into divisions."""
    text = outside_code(source, _MODULE, lambda found: "\n" * found[0].count("\n"))
    text = outside_code(source, _REMARK, lambda found: "\n" * found[0].count("\n"), text)
    text = outside_code(source, _CLASS_NAME, lambda found: f"{found[1]}class=", text)
    lines = text.split("\n")
    in_fence = fenced_lines(lines)
    boxes, open_ = [], list[tuple[int, re.Match[str]]]()
    for nth, line in enumerate(lines):
        found = None if in_fence[nth] or "<" not in line else _TAG.fullmatch(line)
        if found is None or found[4].endswith("/"):
            continue
        if not found[2]:
            open_.append((nth, found))
        elif open_ and open_[-1][1][3] == found[3]:
            start, opening = open_.pop()
            width = len(opening[1])
            boxes.append(
                Box(start=start, end=nth + 1, mark=_mark(opening), indent=width, cut=_cut(lines, start, nth, width))
            )
    return ("\n".join(in_boxes(lines, boxes)) if boxes else text), ()


_CLASS_NAME = re.compile(r"(<[a-z][^<>]{0,200}?\s)className=(?=[\"'])")


def _mark(opening: re.Match[str]) -> str:
    said = _LABEL.search(opening[4]) or _VALUE.search(opening[4])
    title = next(filter(None, said.groups()), "") if said else ""
    return division_mark(f".{opening[3].lower()}", title) if title else ""


def _cut(lines: list[str], start: int, end: int, width: int) -> int:
    """How much more than the tag all lines inside are indented."""
    widths = [len(line) - len(line.lstrip(" ")) for line in lines[start + 1 : end] if line.strip()]
    return max(0, min(widths, default=width) - width)
