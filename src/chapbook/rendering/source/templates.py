"""What other tools take for templates and chapbook for text: mdBook's directives, Liquid's tags (Jekyll, GitBook)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from chapbook.rendering.source.code_ranges import code_ranges
from chapbook.settings import DialectName

__all__ = ["find_templates"]

_MDBOOK = re.compile(r"(?<!\\)\{\{#(?:include|rustdoc_include|playground|playpen|title)\b[^{}\n]{0,500}\}\}")
_LIQUID = re.compile(
    r"(?<![\\{])\{%-?\s{0,9}(?:end)?(?:raw|highlight|include|include_relative|link|post_url|if|unless|for|assign|capture"
    r"|comment|case|cycle|hint|tabs?|code|content-ref|embed|swagger|api-method|file|method|page-ref|figure|image"
    r"|youtube|youtuber|noparse|lwc)\b[^{}\n]{0,500}?%\}"
)


def find_templates(text: str, dialect: DialectName) -> Iterator[tuple[int, str, str]]:
    """Every template with its place and its tool: in the text, and mdBook's also alone on a line of a code block,
    where mdBook takes it too.
    """
    found = [(each, "mdBook") for each in _MDBOOK.finditer(text)] if "{{#" in text else []
    found += [(each, "Liquid") for each in _LIQUID.finditer(text)] if "{%" in text else []
    code = code_ranges(text, dialect) if found else []
    starts = [start for start, _ in code]
    for each, tool in found:
        before = text[text.rfind("\n", 0, each.start()) + 1 : each.start()]
        block = bisect_right(starts, each.start()) - 1
        in_block = block >= 0 and each.start() < code[block][1]
        if (tool == "mdBook" and not before.strip()) if in_block else before.count("`") % 2 == 0:
            yield each.start(), each[0], tool
