"""Finds Hugo's shortcodes, ``{{< name value key="value" >}}``, outside code and comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from chapbook.source.lines import code_ranges

__all__ = ["Fault", "Literal", "Tag", "find_templates", "read_tags"]


class Tag(Struct, frozen=True, kw_only=True):
    """An opening, closing or single shortcode, from `start` up to `end` of the text."""

    start: int
    end: int
    name: str
    closing: bool = False
    lone: bool = False
    """Whether it ends in ``/>}}``."""
    values: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)

    def value(self, key: str, position: int | None = None) -> str:
        """The value of `key`, or the one at `position` among those without a key; empty if there is neither."""
        if key in self.named:
            return self.named[key]
        return self.values[position] if position is not None and position < len(self.values) else ""


class Literal(Struct, frozen=True, kw_only=True):
    """An escaped shortcode: ``{{</* x */>}}``, shown as ``{{< x >}}``."""

    start: int
    end: int
    text: str


class Fault(Struct, frozen=True, kw_only=True):
    """A place that begins like a shortcode but isn't one."""

    start: int
    end: int
    text: str


_MARK = re.compile(r"`+|\{\{[<%]|<!--|\\[`{\\]|<(?:pre|code|script|style|textarea)(?=[\s>])", re.IGNORECASE)
_NAME = re.compile(r"\{\{([<%])\s*(/?)\s*([\w][\w./-]{0,100})(?=[\s>%/])")
_PARAMETER = re.compile(
    r"""\s*(?:([\w-]{1,100})\s*=\s*)?"""
    r"""(?:"((?:[^"\\]|\\.){0,5000})"|“([^”]{0,5000})”|`([^`]{0,5000})`|((?!/?[>%]\}\})(?:(?!\{\{[<%])[^\s"`]){1,2000}?(?=\s|/?[>%]\}\})))""",
    re.DOTALL,
)
_MOST_PARAMETERS = 40
"""The most parameters of a shortcode; a longer one is probably unclosed, and isn't read to the end of the text."""
_END = re.compile(r"\s*(/?)([>%])\}\}")
_COMMENTED = re.compile(r"\{\{([<%])\s*/\*(.{0,2000}?)\*/\s*([>%])\}\}", re.DOTALL)
_RAW = frozenset({"highlight", "comment"})
"""Shortcodes whose inner text isn't Markdown, so other shortcodes in it are ignored."""


def read_tags(text: str, dialect: str) -> Iterator[Tag | Literal | Fault]:
    """Yields everything in `text` that is a shortcode or begins like one, in order."""
    yield from _Reading(text, code_ranges(text, dialect))


class _Reading:
    """One reading of a text from left to right."""

    def __init__(self, text: str, code: list[tuple[int, int]]) -> None:
        self._text = text
        self._code = code
        self._starts = [start for start, _ in code]
        self._without_end: set[str] = set()
        self._at = 0

    def __iter__(self) -> Iterator[Tag | Literal | Fault]:
        while found := _MARK.search(self._text, self._at):
            start, mark = found.start(), found[0]
            block = bisect_right(self._starts, start) - 1
            if block >= 0 and start < self._code[block][1]:
                yield from self._verbatim(max(self._at, self._code[block][0]), self._code[block][1])
            elif mark[0] == "`":
                yield from self._code_span(start, mark)
            elif mark[:2] == "{{":
                yield from self._shortcode(start)
            elif mark == "<!--":
                self._at = self._after("-->", found.end()) or found.end()
            elif mark[0] == "<":
                end = self._after(f"</{mark[1:].lower()}", found.end()) or found.end()
                yield from self._verbatim(start, end)
            else:
                self._at = found.end()

    def _verbatim(self, start: int, end: int) -> Iterator[Literal]:
        """In code, only the escaped form of a shortcode changes, as in Hugo."""
        for found in _COMMENTED.finditer(self._text, start, end):
            yield Literal(start=found.start(), end=found.end(), text=f"{{{{{found[1]}{found[2]}{found[3]}}}}}")
        self._at = end

    def _code_span(self, start: int, ticks: str) -> Iterator[Literal]:
        """A code span is closed by the same number of backticks in the same paragraph (CommonMark 0.31, 6.1)."""
        at, length = start + len(ticks), len(ticks)
        paragraph = self._text.find("\n\n", at)
        limit = paragraph if paragraph >= 0 else len(self._text)
        if ticks in self._without_end:
            self._at = at
            return
        for found in re.compile("`+").finditer(self._text, at, limit):
            if len(found[0]) == length:
                yield from self._verbatim(start, found.end())
                return
        if limit == len(self._text):
            self._without_end.add(ticks)
        self._at = at

    def _after(self, end: str, at: int) -> int | None:
        """The position after `end`; if there is none, it is looked for only once."""
        if end in self._without_end:
            return None
        found = re.compile(re.escape(end), re.IGNORECASE).search(self._text, at)
        if found is None:
            self._without_end.add(end)
        return found.end() if found else None

    def _shortcode(self, start: int) -> Iterator[Tag | Literal | Fault]:
        commented = _COMMENTED.match(self._text, start)
        if commented:
            self._at = commented.end()
            shown = f"{{{{{commented[1]}{commented[2]}{commented[3]}}}}}".replace("<", "&lt;").replace(">", "&gt;")
            yield Literal(start=start, end=self._at, text=shown)
            return
        tag = self._tag(start)
        if tag is None:
            self._at = start + 3
            yield Fault(start=start, end=self._at, text=self._text[start : start + 30].split("\n")[0])
            return
        self._at = tag.end
        yield tag
        if tag.name in _RAW and not tag.closing and not tag.lone:
            yield from self._raw_end(tag)

    def _tag(self, start: int) -> Tag | None:
        head = _NAME.match(self._text, start)
        if head is None:
            return None
        at = head.end()
        values: list[str] = []
        named: dict[str, str] = {}
        while len(values) + len(named) < _MOST_PARAMETERS and (parameter := _PARAMETER.match(self._text, at)):
            key, quoted, curled, raw, bare = parameter.groups()
            value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else curled or raw or bare or ""
            if key:
                named[key] = value
            else:
                values.append(value)
            at = parameter.end()
        end = _END.match(self._text, at)
        if end is None or end[2] != (">" if head[1] == "<" else "%"):
            return None
        return Tag(
            start=start, end=end.end(), name=head[3], closing=bool(head[2]), lone=bool(end[1]),
            values=tuple(values), named=named,
        )  # fmt: skip

    def _raw_end(self, tag: Tag) -> Iterator[Tag]:
        """Continues at the closing shortcode of one with raw text."""
        key = f"/{tag.name}"
        if key in self._without_end:
            return
        pattern = re.compile(rf"\{{\{{[<%]\s*/\s*{tag.name}\s*[>%]\}}\}}")
        found = pattern.search(self._text, tag.end)
        if found is None:
            self._without_end.add(key)
            return
        yield Tag(start=found.start(), end=found.end(), name=tag.name, closing=True)
        self._at = found.end()


_MDBOOK = re.compile(r"(?<!\\)\{\{#(?:include|rustdoc_include|playground|playpen|title)\b[^{}\n]{0,500}\}\}")
_LIQUID = re.compile(
    r"(?<![\\{])\{%-?\s{0,9}(?:end)?(?:raw|highlight|include|include_relative|link|post_url|if|unless|for|assign|capture"
    r"|comment|case|cycle|hint|tabs?|code|content-ref|embed|swagger|api-method|file|method|page-ref|figure|image"
    r"|youtube|youtuber|noparse|lwc)\b[^{}\n]{0,500}?%\}"
)


def find_templates(text: str, dialect: str) -> Iterator[tuple[int, str, str]]:
    """Each template with its position and tool: in the text, and mdBook's also alone on a line of a code block, where
    mdBook reads it too.
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
