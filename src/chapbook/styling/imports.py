"""The ``@import`` rule (CSS Cascade 5, section 2): what it says, and how its sheet stands in its place."""

from __future__ import annotations

from msgspec import Struct

from chapbook.styling.declarations import check_nodes
from chapbook.styling.faults import Node, Nodes, invalid
from chapbook.styling.syntax import serialized

__all__ = ["Import", "parse_import"]


class Import(Struct, frozen=True, kw_only=True):
    """An import: what it refers to, and the rules that its sheet stands in."""

    reference: str
    wrappers: tuple[str, ...] = ()
    """The outermost first: ``@media print``, ``@supports (…)``, ``@layer base``."""

    def wrap(self, css: str) -> str:
        """`css` in its rules."""
        for wrapper in reversed(self.wrappers):
            css = f"{wrapper} {{\n{css}\n}}"
        return css


def parse_import(rule: Node) -> Import:
    """What the at-rule `rule` imports. Raises Rejected."""
    if rule.content is not None:
        raise invalid(rule, "'@import' takes no block")
    nodes = [node for node in rule.prelude if node.type != "comment"]
    nodes = nodes[next((at for at, node in enumerate(nodes) if node.type != "whitespace"), len(nodes)) :]
    if not nodes:
        raise invalid(rule, "'@import' names no sheet")
    reference = _reference(nodes[0])
    if reference is None:
        raise invalid(nodes[0], "'@import' takes a string or url()")
    rest = nodes[1:]
    check_nodes(rest)
    layer, rest = _layer(_significant(rest))
    supports, rest = _supports(_significant(rest))
    media = serialized(rest).strip()
    wrappers = (f"@media {media}" if media else "", supports, layer)
    return Import(reference=reference, wrappers=tuple(filter(None, wrappers)))


def _significant(nodes: Nodes) -> Nodes:
    return nodes[1:] if nodes and nodes[0].type == "whitespace" else nodes


def _reference(node: Node) -> str | None:
    if node.type == "function" and node.lower_name == "url":
        strings = [part for part in node.arguments if part.type == "string"]
        return str(strings[0].value) if len(strings) == 1 else None
    return str(node.value) if node.type in {"string", "url"} else None


def _layer(nodes: Nodes) -> tuple[str, Nodes]:
    if nodes and nodes[0].type == "ident" and nodes[0].lower_value == "layer":
        return "@layer", nodes[1:]
    if nodes and nodes[0].type == "function" and nodes[0].lower_name == "layer":
        return f"@layer {serialized(nodes[0].arguments).strip()}", nodes[1:]
    return "", nodes


def _supports(nodes: Nodes) -> tuple[str, Nodes]:
    if nodes and nodes[0].type == "function" and nodes[0].lower_name == "supports":
        condition = serialized(nodes[0].arguments).strip()
        return f"@supports {condition if condition.startswith('(') else f'({condition})'}", nodes[1:]
    return "", nodes
