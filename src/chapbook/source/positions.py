"""Finds positions in the Markdown source; used only when there is something to report.

The parser of the ``commonmark`` dialect gives exact ranges for links, pictures, notes, formulas and code, also for text
rendered by the other dialect: the two agree on nearly all of them. What it doesn't find is searched for in the text.
Each method returns a position: the nearest known one, or at worst the text's first line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import unquote

import pyromark
from msgspec import Struct, field

from chapbook.dialects.commonmark import OPTIONS
from chapbook.model.diagnostics import Diagnostic, Edit, Position

__all__ = ["Changed", "Locator", "Ranges", "SourceText", "outside_code"]

_LINK_ATTRIBUTE = re.compile(r"""<(a|area)\s[^>]{0,2000}?href\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_SOURCE_ATTRIBUTE = re.compile(
    r"""<(img|image|audio|video|source|track)\s[^>]{0,2000}?(?:src|href)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""",
    re.IGNORECASE,
)


class Ranges:
    """Sorted, separate ranges of a text, prepared for many lookups."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self._ranges = ranges
        self._starts = [start for start, _ in ranges]

    def __contains__(self, index: int) -> bool:
        before = bisect_right(self._starts, index) - 1
        return before >= 0 and index < self._ranges[before][1]


class _Places(Struct):
    """What the parser found and where, as byte offsets in the UTF-8 text, by the written form."""

    links: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    images: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    references: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    definitions: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    formulas: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    headings: list[int] = field(default_factory=list)
    code: list[tuple[int, int]] = field(default_factory=list)


class Locator:
    """Finds the lines and columns of a chapter's links, pictures, notes, raw HTML and words.

    `text` is the chapter's Markdown (or `html`) as written, and `first_line` its first line in the file. `nth` is the
    index (from 0) among things of the same kind and name, in source order. Nothing is parsed before the first question.
    """

    def __init__(self, text: str, first_line: int = 1, *, html: bool = False) -> None:
        self._text = text
        self._first_line = first_line
        self._html = html
        self._found: dict[str, tuple[int, ...]] = {}

    def offset(self, index: int) -> Position:
        """The position of the character at `index`."""
        line = bisect_right(self._line_starts, index) - 1
        return Position(self._first_line + line, index - self._line_starts[line] + 1)

    def link(self, written: str, nth: int = 0) -> Position:
        """A link (inline, by reference or raw HTML) whose target was written so, or percent-encoded."""
        return self._place(self._places.links[_plain(written)], nth) or self._as_written(written, nth)

    def image(self, written: str, nth: int = 0) -> Position:
        """A picture (inline, by reference or raw HTML) whose file was written so, or percent-encoded."""
        known = self._place(self._places.images[_plain(written)], nth)
        return known or (self._as_written(written, nth) if written else self.element("img", nth))

    def note_reference(self, label: str, nth: int = 0) -> Position:
        """A footnote reference ``[^label]``, with or without a definition."""
        known = self._places.references[label]
        written = self._outside_code(re.compile(r"(?<!\\)" + re.escape(f"[^{label}]"))) if nth >= len(known) else ()
        return self._nth(written, nth) if written else self._place(known, nth) or self.offset(0)

    def note_definition(self, label: str, nth: int = 0) -> Position:
        """A footnote's definition ``[^label]: …``."""
        known = self._place(self._places.definitions[label], nth)
        return known or self._nth(self._outside_code(re.compile(re.escape(f"[^{label}]:"))), nth)

    def element(self, name: str, nth: int = 0) -> Position:
        """A raw HTML start tag of that name, ignoring case, outside code."""
        pattern = re.compile(rf"<{re.escape(name)}(?![\w:-])", re.IGNORECASE)
        return self._nth(self._outside_code(pattern), nth)

    def attribute(self, name: str, nth: int = 0) -> Position:
        """An attribute of that name in a raw HTML tag, ignoring case, outside code."""
        pattern = re.compile(rf"<[a-z][^<>]{{0,2000}}?\s({re.escape(name)})\s*(?=[=\s/>])", re.IGNORECASE)
        return self._nth(self._outside_code(pattern, group=1), nth)

    def identifier(self, name: str, nth: int = 0) -> Position:
        """An id that the author set: ``id="name"``, ``name="name"`` or ``{#name}``."""
        pattern = re.compile(rf"""(?:\b(?:id|name)\s*=\s*["']?|\{{[^{{}}\n]*#){re.escape(name)}(?![\w-])""")
        return self._nth(self._outside_code(pattern), nth)

    def heading(self, nth: int = 0) -> Position:
        """The heading number `nth`, from 0."""
        return self._place(self._places.headings, nth) or self.offset(0)

    def formula(self, tex: str, nth: int = 0) -> Position:
        """A formula by its TeX source, without the dollar signs."""
        return self._place(self._places.formulas[" ".join(tex.split())], nth) or self.text(tex, nth)

    def fence(self, language: str) -> Position:
        """The first fence of that language."""
        return self.pattern(re.compile(rf"^[ \t>]*(?:`{{3,}}|~{{3,}})[ {{.]*{re.escape(language)}", re.MULTILINE))

    def pattern(self, pattern: re.Pattern[str]) -> Position:
        """The first place of a pattern."""
        found = pattern.search(self._text)
        return self.offset(found.start() if found else 0)

    def text(self, snippet: str, nth: int = 0) -> Position:
        """Words as in the source, whatever white space is between them."""
        words = snippet.split()
        for count in (len(words), 3, 1):
            pattern = re.compile(r"\s+".join(re.escape(word) for word in words[:count]))
            found = [match.start() for match in pattern.finditer(self._text)] if words else []
            if found:
                return self._nth(found, nth)
        return self.offset(0)

    def _as_written(self, target: str, nth: int) -> Position:
        """A target that the parser didn't find, written so or with the letters that a dialect encodes."""
        return self.text(target if target in self._text else unquote(target), nth)

    @cached_property
    def _line_starts(self) -> Sequence[int]:
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    @cached_property
    def _bytes(self) -> bytes:
        return self._text.encode("utf-8", "replace")

    @cached_property
    def _byte_line_starts(self) -> Sequence[int]:
        return [0, *(match.end() for match in re.finditer(b"\n", self._bytes))]

    @cached_property
    def _places(self) -> _Places:
        places = _Places()
        events = () if self._html else pyromark.events_with_range(self._bytes.decode(), options=OPTIONS)
        for event, span in events:
            _note(places, event, span["start"], span["end"])
        for pattern, found in ((_LINK_ATTRIBUTE, places.links), (_SOURCE_ATTRIBUTE, places.images)):
            for match in pattern.finditer(self._text):
                start = len(self._text[: match.start()].encode("utf-8", "replace"))
                found[_plain(match[2].strip("\"'"))].append(start)
        for each in (*places.links.values(), *places.images.values()):
            each.sort()
        return places

    def _byte_offset(self, start: int) -> Position:
        line = bisect_right(self._byte_line_starts, start) - 1
        column = len(self._bytes[self._byte_line_starts[line] : start].decode("utf-8", "ignore")) + 1
        return Position(self._first_line + line, column)

    def _place(self, starts: Sequence[int], nth: int) -> Position | None:
        return self._byte_offset(starts[min(nth, len(starts) - 1)]) if starts else None

    def _nth(self, indexes: Sequence[int], nth: int) -> Position:
        return self.offset(indexes[min(nth, len(indexes) - 1)] if indexes else 0)

    def _outside_code(self, pattern: re.Pattern[str], group: int = 0) -> Sequence[int]:
        found = self._found.get(pattern.pattern)
        if found is None:
            found = self._found[pattern.pattern] = tuple(self._search(pattern, group))
        return found

    def _search(self, pattern: re.Pattern[str], group: int) -> Iterator[int]:
        return (match.start(group) for match in pattern.finditer(self._text) if not self.is_code(match.start(group)))

    def is_code(self, index: int) -> bool:
        """Whether the character at `index` is in code (a block or a span)."""
        return index in self._code

    @cached_property
    def _code(self) -> Ranges:
        return Ranges(self.code)

    @cached_property
    def code(self) -> Sequence[tuple[int, int]]:
        """The ranges of code (blocks and spans), in characters and in order."""
        if self._text.isascii():
            return self._places.code
        return [(self._index(start), self._index(end)) for start, end in self._places.code]

    def _index(self, start: int) -> int:
        at = self._byte_offset(start)
        return self._line_starts[at.line - self._first_line] + at.column - 1


class SourceText(Struct, frozen=True, kw_only=True):
    """The text of a chapter before the dialect reads it."""

    text: str
    dialect: str = "markdown"
    path: str = ""
    """The file that contains it; empty for a chapter made in Python."""
    first_line: int = 1
    """The line of the file on which it begins."""
    syntax: tuple[str, ...] = ()
    """The tools whose syntax is read."""
    shortcodes: str | Mapping[str, Any] = "chapbook.source.shortcodes:SHORTCODES"
    """See `Hooks`."""

    def fault(
        self,
        code: str,
        message: str,
        at: Position | None = None,
        hint: str | None = None,
        fix: tuple[Edit, ...] = (),
    ) -> Diagnostic:
        """A diagnostic for its file."""
        return Diagnostic.of(code, message, path=self.path or None, at=at, hint=hint, fix=fix)


Changed = tuple[str, tuple[Diagnostic, ...]]
"""What a construct of the text returns: the new text, and diagnostics."""


def outside_code(
    source: SourceText, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], text: str | None = None
) -> str:
    """The text (by default that of `source`), with `new` for each match outside code."""
    text = source.text if text is None else text
    if pattern.search(text) is None:
        return text
    places = Locator(text)
    return pattern.sub(lambda found: found[0] if places.is_code(found.start()) else new(found), text)


def _plain(target: str) -> str:
    return unquote(unescape(target)).strip()


def _note(places: _Places, event: Any, start: int, end: int) -> None:  # noqa: ANN401 - pyromark's own union
    """Records where the parser saw something that messages may refer to."""
    if isinstance(event, str):
        return
    kind, value = next(iter(event.items()))
    if kind == "Code":
        places.code.append((start, end))
    elif kind in {"InlineMath", "DisplayMath"}:
        places.formulas[" ".join(value.split())].append(start)
    elif kind == "FootnoteReference":
        places.references[value].append(start)
    elif kind == "Start" and isinstance(value, dict):
        _note_block(places, value, start, end)


def _note_block(places: _Places, tag: dict[str, Any], start: int, end: int) -> None:
    kind, value = next(iter(tag.items()))
    if kind == "Link":
        places.links[_plain(value["dest_url"])].append(start)
    elif kind == "Image":
        places.images[_plain(value["dest_url"])].append(start)
    elif kind == "FootnoteDefinition":
        places.definitions[value].append(start)
    elif kind == "Heading":
        places.headings.append(start)
    elif kind == "CodeBlock":
        places.code.append((start, end))
