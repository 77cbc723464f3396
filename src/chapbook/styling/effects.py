"""Counts what an author's style sheets do that affects accessibility: absolute text sizes, movement, colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import takewhile

from msgspec import Struct

from chapbook.styling.syntax import Node, Nodes, parse_nodes, significant

__all__ = ["SheetEffects", "sheet_effects"]

_SIZES = frozenset({"font-size", "font", "line-height"})
_ABSOLUTE = frozenset({"px", "pt", "pc", "cm", "mm", "in", "q"})
_COLOURS = frozenset({"color", "background", "background-color"})
_MOVES = frozenset({"animation", "animation-name"})
_MOVES_PREFIXED = ("-webkit-", "-moz-", "-epub-", "-o-")
_STILL = frozenset({"none", "initial", "inherit", "unset", "revert"})


class SheetEffects(Struct, frozen=True, kw_only=True):
    """How many declarations in the style sheets have each effect."""

    fixed_sizes: int = 0
    """Declarations that set text or line heights in absolute units, which override the reader's size."""
    animations: int = 0
    colours: int = 0


def sheet_effects(sheets: Iterable[str]) -> SheetEffects:
    """The effects of the CSS texts `sheets`, as they ship (checked, with limited nesting)."""
    counts: Counter[str] = Counter()
    declarations = [each for sheet in sheets for each in _declarations(parse_nodes(sheet))]
    variables = _absolute_variables(declarations)
    for name, value in declarations:
        counts["sizes"] += name in _SIZES and _is_absolute(value, variables)
        counts["moves"] += _unprefixed(name) in _MOVES and not _is_still(value)
        counts["colours"] += name in _COLOURS and not _is_still(value)
    return SheetEffects(fixed_sizes=counts["sizes"], animations=counts["moves"], colours=counts["colours"])


def _declarations(nodes: Nodes) -> Iterator[tuple[str, Nodes]]:
    """All declarations in the blocks among `nodes`, at any depth: lower-case name and value."""
    waiting = [node for node in nodes if node.type == "{} block"]
    while waiting:
        content = waiting.pop().content
        waiting += (node for node in content if node.type == "{} block")
        start = 0
        for at, node in enumerate([*content, None]):
            if node is None or node == ";" or node.type == "{} block":
                yield from _declaration(content[start:at])
                start = at + 1


def _declaration(run: Nodes) -> Iterator[tuple[str, Nodes]]:
    parts = significant(run)
    if len(parts) > 2 and parts[0].type == "ident" and parts[1] == ":":  # noqa: PLR2004 - a name, a colon, a value
        name: str = parts[0].value
        yield name if name.startswith("--") else parts[0].lower_value, parts[2:]


def _unprefixed(name: str) -> str:
    return next((name.removeprefix(each) for each in _MOVES_PREFIXED if name.startswith(each)), name)


def _absolute_variables(declarations: Iterable[tuple[str, Nodes]]) -> frozenset[str]:
    """The custom properties that contain an absolute length, directly or through others."""
    found: set[str] = set()
    users: dict[str, list[str]] = {}
    for name, value in declarations:
        if name.startswith("--"):
            if _is_absolute(value, frozenset()):
                found.add(name)
            for node in _flat(value):
                if node.type == "ident" and node.value.startswith("--"):
                    users.setdefault(node.value, []).append(name)
    waiting = list(found)
    while waiting:
        new = [user for user in users.get(waiting.pop(), ()) if user not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def _is_absolute(value: Nodes, variables: frozenset[str]) -> bool:
    return any(
        (node.type == "dimension" and node.value != 0 and node.lower_unit in _ABSOLUTE)
        or (node.type == "ident" and node.value in variables)
        for node in _flat(value)
    )


def _flat(nodes: Nodes) -> Iterator[Node]:
    """Nodes, including the arguments of functions among them: ``calc(2px + 1em)``, ``var(--size)``."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        if node.type == "function":
            waiting += node.arguments
        elif node.type == "() block":
            waiting += node.content


def _is_still(value: Nodes) -> bool:
    words = list(takewhile(lambda node: node != "!", value))
    return len(words) == 1 and words[0].type == "ident" and words[0].lower_value in _STILL
