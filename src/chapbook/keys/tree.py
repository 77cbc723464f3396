"""The one tree that YAML, TOML and JSON are read into: every value as it was written, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from chapbook.model.diagnostics import Position

__all__ = ["MAX_DEPTH", "MAX_NODES", "MappingNode", "Node", "Pair", "ScalarNode", "SequenceNode", "described"]

MAX_DEPTH = 20
"""Levels of lists and mappings; nobody writes more by hand."""
MAX_NODES = 10_000
"""Values in one front matter or settings file, those that an alias stands for counted each time."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SHOWN = 40


class ScalarNode(Struct, frozen=True):
    """A value that is no list and no mapping, as its text: ``010``, ``no`` and ``1.50`` stay as written."""

    text: str
    at: Position
    style: Literal["plain", "quoted"] = "quoted"
    """Plain is what stands without quotes: a word, number, boolean or date."""
    tag: str = ""
    """The YAML tag that was written (``tag:yaml.org,2002:str``); mostly empty."""

    @property
    def is_null(self) -> bool:
        """Whether nothing is given: ``key:``, ``key: ~`` or ``key: null``."""
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
    """Keys and values in the order of the file, each key once."""

    pairs: tuple[Pair, ...]
    at: Position

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)


Node = ScalarNode | SequenceNode | MappingNode


def described(node: Node) -> str:
    """What `node` is, in words for a message: ``a list``, ``a mapping``, ``'heavy'``."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    if node.is_null:
        return "nothing"
    text = node.text if len(node.text) <= _SHOWN else node.text[: _SHOWN - 1] + "…"
    return f"'{text}'"
