"""CSS Syntax 3 as tinycss2 reads and writes it; the one place that knows tinycss2 has no types of its own."""

from __future__ import annotations

from collections.abc import Callable

import tinycss2.serializer  # type: ignore[import-untyped]

from chapbook.styling.faults import Node, Nodes

__all__ = ["parse_nodes", "parse_one_declaration", "parse_rules", "parse_sheet", "serialized", "serialized_name"]


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
