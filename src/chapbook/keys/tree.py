"""The common tree for YAML, TOML and JSON: each value as it was written, with its position.

It also has Findings, which collects the problems in one file while it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, Protocol

from msgspec import Struct, field

from chapbook.model.diagnostics import Diagnostic, Edit, Position
from chapbook.model.settings import FileRef

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "UNSPACED_KEY",
    "FileFinder",
    "Findings",
    "MappingNode",
    "Node",
    "Pair",
    "ScalarNode",
    "SequenceNode",
    "described",
    "doubled",
    "items_of",
    "keys_of",
    "mapping_of",
    "spaced_keys",
    "too_deep",
    "word_of",
]

MAX_DEPTH = 20
"""Levels of lists and mappings; nobody writes more by hand."""
MAX_NODES = 10_000
"""The most values in one file, counting those that an alias repeats each time."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SHOWN = 40


class ScalarNode(Struct, frozen=True):
    """A single value (not a list or mapping) as its text: ``010``, ``no`` and ``1.50`` stay as written."""

    text: str
    at: Position
    style: Literal["plain", "quoted"] = "quoted"
    """Plain values are written without quotes: a word, number, boolean or date."""
    tag: str = ""
    """The YAML tag that was written (``tag:yaml.org,2002:str``); mostly empty."""

    @property
    def is_null(self) -> bool:
        """Whether the value is empty: ``key:``, ``key: ~`` or ``key: null``."""
        return self.style == "plain" and self.text in _NULLS and self.tag in ("", "tag:yaml.org,2002:null")


class SequenceNode(Struct, frozen=True):
    """A list."""

    items: tuple[Node, ...]
    at: Position


class Pair(Struct, frozen=True):
    """A key and its value."""

    key: ScalarNode
    value: Node


class MappingNode(Struct, frozen=True):
    """A mapping in the order of the file, with each key once."""

    pairs: tuple[Pair, ...]
    at: Position

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)


Node = ScalarNode | SequenceNode | MappingNode
UNSPACED_KEY = re.compile(r"([A-Za-z][\w-]*):(?![\s/])\S")
"""A key without the space that YAML asks for after its colon; the colon of an address is none."""


def spaced_keys(source: str, first: int, text: str) -> tuple[Edit, ...]:
    """The spaces that are missing after keys (``title:The Way``), where the plain `text` on line `first` is only such.

    The text goes on over further lines of the file `source`, joined by spaces.
    """
    edits: list[Edit] = []
    seen: list[str] = []
    for number, line in enumerate(source.split("\n")[first - 1 : first + MAX_NODES], first):
        found = UNSPACED_KEY.match(line)
        if found is None or len(" ".join(seen)) >= len(text):
            break
        seen.append(line.strip())
        edits.append(Edit(Position(number, len(found[1]) + 1), ":", ": "))
    return tuple(edits) if " ".join(seen) == text else ()


def described(node: Node) -> str:
    """`node` in words for a message: ``a list``, ``a mapping``, ``'heavy'``."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    if node.is_null:
        return "nothing"
    text = node.text if len(node.text) <= _SHOWN else node.text[: _SHOWN - 1] + "…"
    return f"'{text}'"


def keys_of(node: Node | None) -> dict[str, Node]:
    """The values of a mapping by key; empty for anything else."""
    return {pair.key.text: pair.value for pair in node} if isinstance(node, MappingNode) else {}


def word_of(node: Node | None) -> str:
    """A text on one line; empty for anything else."""
    return " ".join(node.text.split()) if isinstance(node, ScalarNode) and not node.is_null else ""


def items_of(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; none of anything else."""
    return node.items if isinstance(node, SequenceNode) else ()


def too_deep(at: Position) -> Diagnostic:
    """The error for a file that nests deeper, or holds more values, than chapbook reads."""
    return Diagnostic.of("too-deep", f"more than {MAX_DEPTH} levels or {MAX_NODES:,} values", at=at)


def doubled(name: str, first: int, at: Position) -> Diagnostic:
    """The error for a key that is on the line `first` already."""
    message = f"'{name}' appears twice: in lines {first} and {at.line}"
    return Diagnostic.of("key-doubled", message, at=at, hint="keep one of the two")


class FileFinder(Protocol):
    """Finds the files that settings name (cover, style sheets, fonts)."""

    def find(self, path: str) -> FileRef | None:
        """The file at a clean relative path with slashes; ``None`` if there is no readable file."""

    def names(self) -> Iterable[str]:
        """Paths that could have been meant, for hints."""


class Findings(Struct):
    """Collects the diagnostics and key positions of one file while it is read."""

    path: str
    source: str = ""
    """The file's text with ``\\n`` as line breaks; for messages that quote the line."""
    files: FileFinder | None = None
    """``None``: don't look for files."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)

    def add(
        self,
        code: str,
        message: str,
        at: Position | None = None,
        hint: str | None = None,
        fix: tuple[Edit, ...] = (),
    ) -> None:
        """Adds a diagnostic for this file."""
        self.diagnostics.append(Diagnostic.of(code, message, path=self.path, at=at, hint=hint, fix=fix))

    def writing(self, node: Node, new: str) -> tuple[Edit, ...]:
        """The change that writes `new` in the place of a single value; none where the file has it in another form."""
        if not isinstance(node, ScalarNode) or not node.text or node.text == new:
            return ()
        line, start = self.line(node.at.line), node.at.column - 1
        start += line[start : start + 1] in {"'", '"'}
        is_there = line.startswith(node.text, start)
        return (Edit(Position(node.at.line, start + 1), node.text, new),) if is_there else ()

    def in_order(self) -> tuple[Diagnostic, ...]:
        """The diagnostics, sorted by line and column."""
        return tuple(sorted(self.diagnostics, key=lambda each: (each.line or 0, each.column or 0)))

    def line(self, number: int) -> str:
        """The line of the file, 1-based; empty if there is no such line."""
        lines = self.source.split("\n", number)
        return lines[number - 1] if number <= len(lines) else ""


def mapping_of(root: Node | None, found: Findings, code: str, named: str, hint: str) -> MappingNode | None:
    """`root` as a mapping; ``None`` if it is empty or not a mapping, which is reported with the name `named`."""
    if root is None or isinstance(root, MappingNode):
        return root
    if not (isinstance(root, ScalarNode) and root.is_null):
        what = "text" if isinstance(root, ScalarNode) else "a list"
        fix = spaced_keys(found.source, root.at.line, root.text) if isinstance(root, ScalarNode) else ()
        found.add(code, f"the {named} is {what}, not a list of 'key: value' lines", root.at, hint, fix)
    return None
