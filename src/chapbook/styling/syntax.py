"""CSS Syntax 3 as tinycss2 reads and writes it; the one place that knows tinycss2 has no types of its own."""

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
    """The component values of `text`, comments and white space among them."""
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
    """The declaration that `nodes` are, else a node of type ``error``."""
    return tinycss2.parse_one_declaration(nodes)


def serialized_name(name: str) -> str:
    """The text of an identifier whose escapes have been read."""
    text: str = tinycss2.serializer.serialize_identifier(name)
    return text


def serialized(nodes: Nodes, written: Callable[[Node], str | None] = lambda _: None) -> str:
    """The text of nodes, as they stood; where `written` gives a text for one, that.

    White space and comments are nodes too, so what was apart stays apart. Nodes must not nest deeply.
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
    """A rule, selector or declaration that does not ship, and why: a diagnostic without its file."""

    def __init__(self, code: str, message: str, place: Position, hint: str | None = None) -> None:
        super().__init__(code, message, place, hint)
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint

    def diagnostic(self, path: str) -> Diagnostic:
        """The diagnostic of the sheet at `path`."""
        return Diagnostic.of(self.code, self.message, path=path, at=self.place, hint=self.hint)


def at(node: Node) -> Position:
    """Where `node` begins; tinycss2 counts lines and columns (in characters) from 1."""
    return Position(node.source_line, node.source_column)


def invalid(node: Node, message: str, hint: str | None = None) -> Rejected:
    """A fault of syntax at `node`."""
    return Rejected("css-invalid", message, at(node), hint)


def unsupported(node: Node, message: str, hint: str | None = None) -> Rejected:
    """Something right in itself at `node` that reading systems or EPUBCheck do not take."""
    return Rejected("css-not-supported", message, at(node), hint)


_DEEPEST = 32


def check_depth(rule: Node, nodes: Nodes) -> None:
    """Raises Rejected where `nodes`, which belong to `rule`, nest deeper than any sheet needs."""
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
