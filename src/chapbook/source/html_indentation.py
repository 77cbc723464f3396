"""Indented raw HTML with empty lines in it: CommonMark would read what follows such a line as code."""

from __future__ import annotations

import re

from chapbook.model.diagnostics import Diagnostic
from chapbook.source.positions import SourceText

__all__ = ["settle_indentation"]

_NAMES = (
    "article|aside|blockquote|center|details|div|dl|fieldset|figure|footer|form|header|main|nav|ol|section|table|ul"
)
_BEGINS = re.compile(rf"[ ]{{0,3}}<(?:{_NAMES})(?=[\s>])", re.IGNORECASE)
_SOMEWHERE = re.compile(rf"\n[ ]{{0,3}}<(?:{_NAMES})(?=[\s>])", re.IGNORECASE)
_TAG = re.compile(rf"<(/?)(?:{_NAMES})(?=[\s>])[^<>]*>", re.IGNORECASE)
_FENCE = re.compile(r"[ ]*(`{3,}|~{3,})")
_CODE = 4
"""Spaces from which a line after an empty one is code."""


def settle_indentation(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
    """Removes indentation after an empty line in raw HTML if lines before it were indented too.

    If they weren't (``<details>``, an empty line, an indented line), code is meant.
    """
    if _SOMEWHERE.search(f"\n{source.text}") is None:
        return source.text, ()
    lines = source.text.split("\n")
    depth = cut = 0
    indented = below = False
    fence = ""
    for at, line in enumerate(lines):
        found = _FENCE.match(line)
        if found and (not fence or (found[1].startswith(fence) and not line.strip(" `~"))):
            fence = "" if fence else found[1]
        if not depth and (fence or not _BEGINS.match(line)):
            continue
        if not depth:
            indented = below = False
        if not line.strip():
            below, cut = True, -1
        else:
            width = len(line) - len(line.lstrip(" "))
            if not below:
                indented = indented or (depth > 0 and width >= _CODE)
            elif indented and depth:
                cut = width if cut < 0 else cut
                lines[at] = line[min(width, cut) :]
        if not fence:
            depth = max(0, depth + sum(-1 if tag[1] else 1 for tag in _TAG.finditer(line)))
    return "\n".join(lines), ()
