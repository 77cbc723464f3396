"""mdBook's directives (``{{#include file}}``): chapbook reads no other file into a chapter, and says so."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from chapbook.rendering.source.code_ranges import code_ranges
from chapbook.settings import DialectName

__all__ = ["find_directives"]

_DIRECTIVE = re.compile(r"(?<!\\)\{\{#(?:include|rustdoc_include|playground|playpen|title)\b[^{}\n]{0,500}\}\}")


def find_directives(text: str, dialect: DialectName) -> Iterator[tuple[int, str]]:
    """Every directive with its place: in the text, and alone on a line of a code block, where mdBook too takes it."""
    if "{{#" not in text:
        return
    code = code_ranges(text, dialect)
    starts = [start for start, _ in code]
    for found in _DIRECTIVE.finditer(text):
        line_start = text.rfind("\n", 0, found.start()) + 1
        before = text[line_start : found.start()]
        block = bisect_right(starts, found.start()) - 1
        in_block = block >= 0 and found.start() < code[block][1]
        if not before.strip() if in_block else before.count("`") % 2 == 0:
            yield found.start(), found[0]
