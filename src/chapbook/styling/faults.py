"""What is wrong with a piece of CSS, before it is known in which file it stands."""

from __future__ import annotations

from typing import Any

from chapbook.diagnostics import Diagnostic, Position

__all__ = ["Node", "Nodes", "Rejected", "at", "check_depth", "invalid", "unsupported"]

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
