"""Fenced code in the ``markdown`` dialect, wherever CommonMark has it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping

from markdown.extensions.fenced_code import FencedBlockPreprocessor

from chapbook.dialects.block_syntax import QUOTED, QuotedFences

__all__ = ["Fences"]

_INDENTED_FENCE = re.compile(rf"^(?: +| *(?:[-+*]|\d+\.) +|{QUOTED})(?:`{{3,}}|~{{3,}})", re.MULTILINE)
_FENCE = re.compile(r"( +)(`{3,}|~{3,})([^`]*)")
_PLAIN_FENCE = re.compile(r"`{3,}|~{3,}")
_FENCE_ALONE = re.compile(r"\s*+(?:`{3,}+|~{3,}+)\s*+")
_ITEM_FENCE = re.compile(r"( *(?:[-+*]|\d+\.) +)(`{3,}|~{3,})([^`]*)")
_ITEM = re.compile(r" *(?:(?:[-+*]|\d+\.)\s|\[\^[^\]\n]+\]:)")
"""What a block belongs to that is indented below it: a list item, or a note."""


class Fences(FencedBlockPreprocessor):
    """Fenced code, also where it begins a list item, is indented under one by two, three or four
    spaces, or stands in a quotation.

    What follows the language on its line (``rust,ignore``, ``go {linenos=table}``) is passed over: Python-Markdown
    would take no such fence for one.
    """

    FENCED_BLOCK_RE = re.compile(
        r"""
        ^(?P<fence>~{3,}|`{3,})[ ]*+
        (?:\{(?P<attrs>[^\n]*)\}(?=[ ]*\n)
          |(?:\.?(?P<lang>[\w\#.+-]*+)[ ]*+)?(?:hl_lines=(?P<quot>"|')(?P<hl_lines>[^\n"']*+)(?P=quot)[ ]*+)?)
        [^`\n]*+\n
        (?P<code>.*?)(?<=\n)
        (?P=fence)[ ]*$
        """,
        re.MULTILINE | re.DOTALL | re.VERBOSE,
    )

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        return super().run(self._unindented(lines) if _INDENTED_FENCE.search(text) else lines)

    def _unindented(self, lines: list[str]) -> list[str]:
        result: list[str] = []
        lasts = {line.rstrip(" "): index for index, line in enumerate(lines)}
        closers = [index for index, line in enumerate(lines) if _FENCE_ALONE.fullmatch(line)]
        quotations = QuotedFences(lines)
        at = 0
        while at < len(lines):
            shown = _end_of_shown(lines, at, lasts)
            if shown:
                result += lines[at : shown + 1]
                at = shown + 1
                continue
            quoted = quotations.beginning(at)
            if quoted:
                block = [f"{quoted.mark}{line}".rstrip(" ") for line in super().run(list(quoted.lines))]
                result += block if quoted.goes_on else block[:-1]
                at = quoted.last + 1
                continue
            fence = _FENCE.fullmatch(lines[at])
            depth = _list_depth(result, len(fence[1])) if fence else 0
            end = (
                _closing(lines, closers, at, fence[2])
                if fence and (depth or len(fence[1]) < self.md.tab_length)
                else None
            )
            if fence is None or end is None:
                item, last = self._item(lines, closers, at)
                result.append(item)
                at = last + 1
                continue
            width = len(fence[1])
            block = [_cut(line, width) for line in lines[at : end + 1]]
            result += [" " * self.md.tab_length * depth + line if line else "" for line in super().run(block)]
            at = end + 1
        return result

    def _item(self, lines: list[str], closers: list[int], at: int) -> tuple[str, int]:
        """The line `at`, or all of a fence that begins a list item there as one line; and the last line that it is."""
        fence = _ITEM_FENCE.fullmatch(lines[at])
        end = _closing(lines, closers, at, fence[2]) if fence else None
        if fence is None or end is None or any(line[:1].strip() for line in lines[at + 1 : end + 1]):
            return lines[at], at
        width = len(fence[1])
        block = [lines[at][width:], *(_cut(line, width) for line in lines[at + 1 : end + 1])]
        return fence[1] + "".join(super().run(block)), end


def _end_of_shown(lines: list[str], at: int, lasts: Mapping[str, int]) -> int:
    """The last line of a fence that is not indented, in which other fences are text; 0 where none begins.

    `lasts`: by its text, where a line stands last.
    """
    fence = _PLAIN_FENCE.match(lines[at])
    if fence is None or lasts.get(fence[0], 0) <= at:
        return 0
    return next(index for index in range(at + 1, len(lines)) if lines[index].rstrip(" ") == fence[0])


def _list_depth(lines: list[str], indent: int) -> int:
    """In how many list items, as Python-Markdown counts them, a line stands that is indented so and follows `lines`."""
    for line in reversed(lines):
        own = len(line) - len(line.lstrip(" "))
        if line.strip() and own < indent:
            if _ITEM.match(line):
                return own // 4 + 1
            indent = own
        if not indent:
            break
    return 0


def _closing(lines: list[str], closers: list[int], at: int, fence: str) -> int | None:
    """The line that closes the fence of the line `at`, of those (`closers`) that hold a fence and nothing else."""
    for nth in range(bisect_right(closers, at), len(closers)):
        line = lines[closers[nth]].strip()
        if len(line) >= len(fence) and line[0] == fence[0]:
            return closers[nth]
    return None


def _cut(line: str, width: int) -> str:
    own = len(line) - len(line.lstrip(" "))
    return line[min(own, width) :]
