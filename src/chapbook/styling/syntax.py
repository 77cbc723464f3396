"""Typed wrappers for tinycss2's CSS Syntax 3 parser; tinycss2 itself has no types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tinycss2.serializer  # type: ignore[import-untyped]

from chapbook.model.diagnostics import Diagnostic, Position

__all__ = [
    "Node",
    "Nodes",
    "Rejected",
    "at",
    "check_depth",
    "invalid",
    "parse_nodes",
    "parse_one_declaration",
    "parse_rules",
    "parse_sheet",
    "serialized",
    "serialized_name",
    "unsupported",
]


def parse_nodes(text: str) -> Nodes:
    """The component values of `text`, including comments and white space."""
    nodes: Nodes = tinycss2.parse_component_value_list(text)
    return nodes


def parse_sheet(nodes: Nodes) -> Nodes:
    """The rules of a whole sheet."""
    rules: Nodes = tinycss2.parse_stylesheet(nodes)
    return rules


def parse_rules(nodes: Nodes) -> Nodes:
    """The rules in the block of another rule."""
    rules: Nodes = tinycss2.parse_rule_list(nodes)
    return rules


def parse_one_declaration(nodes: Nodes) -> Node:
    """Parses `nodes` as one declaration; returns a node of type ``error`` if they aren't one."""
    return tinycss2.parse_one_declaration(nodes)


def serialized_name(name: str) -> str:
    """The text of an identifier, with escapes where needed."""
    text: str = tinycss2.serializer.serialize_identifier(name)
    return text


def serialized(nodes: Nodes, written: Callable[[Node], str | None] = lambda _: None) -> str:
    """The text of nodes; for some, `written` has another text.

    White space and comments are nodes too, so tokens stay apart. Nodes must not nest deeply.
    """
    return "".join(_text(node, written) for node in nodes)


def _text(node: Node, written: Callable[[Node], str | None]) -> str:
    text = written(node)
    if text is not None:
        return text
    if node.type == "function":
        return f"{serialized_name(node.name)}({serialized(node.arguments, written)})"
    if node.type.endswith(" block"):
        return f"{node.type[0]}{serialized(node.content, written)}{node.type[1]}"
    plain: str = node.serialize()
    return plain


Node = Any
"""A node of tinycss2, which has no types of its own: has ``type``, ``source_line`` and ``source_column``."""
Nodes = list[Any]


class Rejected(Exception):  # noqa: N818 - no error: what a rule, selector or declaration comes to
    """A rule, selector or declaration that can't ship, and why: a diagnostic without its file."""

    def __init__(self, code: str, message: str, place: Position, hint: str | None = None) -> None:
        super().__init__(code, message, place, hint)
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint

    def diagnostic(self, path: str) -> Diagnostic:
        """The diagnostic for the sheet at `path`."""
        return Diagnostic.of(self.code, self.message, path=path, at=self.place, hint=self.hint)


def at(node: Node) -> Position:
    """The position of `node`; tinycss2 counts lines and columns (in characters) from 1."""
    return Position(node.source_line, node.source_column)


def invalid(node: Node, message: str, hint: str | None = None) -> Rejected:
    """A syntax error at `node`."""
    return Rejected("css-invalid", message, at(node), hint)


def unsupported(node: Node, message: str, hint: str | None = None) -> Rejected:
    """Valid CSS at `node` that reading systems or EPUBCheck don't accept."""
    return Rejected("css-not-supported", message, at(node), hint)


_DEEPEST = 32


def check_depth(rule: Node, nodes: Nodes) -> None:
    """Raises Rejected if `nodes`, which belong to `rule`, nest too deeply."""
    level, depth = nodes, 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise invalid(rule, f"brackets nest deeper than {_DEEPEST} levels")
        level = [inner for node in level for inner in _inside(node)]


def _inside(node: Node) -> Nodes:
    if node.type == "function":
        return list(node.arguments)
    return list(node.content) if node.type.endswith(" block") else []
