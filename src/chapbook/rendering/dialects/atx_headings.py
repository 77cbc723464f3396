"""Headings that begin with number signs in the ``markdown`` dialect, which may end in one: ``# C#``."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from markdown.blockprocessors import HashHeaderProcessor
from markdown.util import ETX, STX

from chapbook.rendering.dialects.attribute_lists import AttributeLists

__all__ = ["AtxHeadings"]

_HASH = f"{STX}{ord('#')}{ETX}"
"""As Python-Markdown writes an escaped one."""


class AtxHeadings(HashHeaderProcessor):
    """``# …``; the signs that close it have a space before them (CommonMark 0.31.2, section 4.2): ``# C#``."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?P<header>[^\n]*+)(?:\n|$)")

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        super().run(parent, blocks)
        heading = parent[-1]
        text = _unclosed(heading.text or "")
        attributes = AttributeLists.HEADER_RE.search(text) if "{" in text else None
        end = attributes.start() if attributes else len(text)
        heading.text = _unclosed(text[:end]) + text[end:]


def _unclosed(heading: str) -> str:
    """`heading` without the signs that close it; others at its end are escaped, or attribute lists would take them."""
    without = heading.rstrip("#")
    words = without.rstrip() if not without or without[-1].isspace() else heading
    without = words.rstrip("#")
    count = len(words) - len(without)
    if not count:
        return words
    return without + ("#" if without.endswith("\\") else _HASH) + _HASH * (count - 1)
