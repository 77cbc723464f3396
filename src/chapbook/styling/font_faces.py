"""The ``@font-face`` rule of an author's sheet: of its sources those ship that are there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from chapbook.styling.declarations import (
    Rewrite,
    check_nodes,
    declaration_runs,
    parse_declaration,
    ship_declaration,
    ship_value,
)
from chapbook.styling.faults import Node, Nodes, Rejected, invalid, unsupported

__all__ = ["ship_font_face"]

_PICTURE = re.compile(r"\.(?:png|jpg|gif|svg)[\"')]|url\([\"']?data:image/", re.IGNORECASE)


def ship_font_face(rule: Node, rewrite: Rewrite, report: Callable[[Rejected], None]) -> str:
    """The text of the at-rule `rule` as it ships; empty where what is wrong with it has been reported.

    A source that does not ship goes alone, and the rule with the last of them. Raises Rejected.
    """
    if rule.content is None:
        raise invalid(rule, "'@font-face' without a block")
    texts: list[str] = []
    names: set[str] = set()
    for run in declaration_runs(rule.content):
        if run[0].type in {"whitespace", "comment"}:
            continue
        try:
            declaration = parse_declaration(run)
            names.add(declaration.lower_name)
            for fault in _shipped(declaration, rewrite, texts):
                report(fault)
        except Rejected as rejected:
            report(rejected)
    missing = [name for name in ("font-family", "src") if name not in names]
    if missing:
        raise invalid(rule, f"'@font-face' without '{missing[0]}'")
    if not any(text.startswith("src:") for text in texts):
        return ""
    return "@font-face {\n  " + "\n  ".join(texts) + "\n}"


def _shipped(declaration: Node, rewrite: Rewrite, texts: list[str]) -> Iterator[Rejected]:
    """Adds what ships of `declaration` to `texts` and gives what is wrong with the rest."""
    if declaration.lower_name != "src":
        texts.append(ship_declaration(declaration, rewrite))
        return
    check_nodes(declaration.value)
    parts = []
    for part in _parts(declaration.value):
        try:
            parts.append(_font(part, ship_value(part, rewrite).strip()))
        except Rejected as rejected:
            yield rejected
    if parts:
        texts.append(f"src: {', '.join(parts)};")


def _font(part: Nodes, text: str) -> str:
    """`text`, a source as it ships. Raises Rejected for a picture, which is packed by what it holds."""
    if _PICTURE.search(text):
        first = next(node for node in part if node.type != "whitespace")
        raise unsupported(first, "a font's 'src' names a picture")
    return text


def _parts(value: Nodes) -> Iterator[Nodes]:
    """What the commas of `value` tell apart, empty parts left out."""
    part: Nodes = []
    for node in value:
        if node == ",":
            if part:
                yield part
            part = []
        elif node.type != "comment":
            part.append(node)
    if any(node.type != "whitespace" for node in part):
        yield part
