"""The at-rules that refer to files: ``@import`` (CSS Cascade 5, section 2) and ``@font-face``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from chapbook.styling.declarations import (
    Rewrite,
    check_nodes,
    check_prelude,
    declaration_runs,
    parse_declaration,
    ship_declaration,
    ship_value,
)
from chapbook.styling.syntax import Node, Nodes, Rejected, invalid, is_blank, serialized, unsupported

__all__ = ["Import", "parse_import", "ship_font_face"]


class Import(Struct, frozen=True, kw_only=True):
    """An import: its reference, and the rules to wrap around its sheet."""

    reference: str
    wrappers: tuple[str, ...] = ()
    """Outermost first: ``@media print``, ``@supports (…)``, ``@layer base``."""

    def wrap(self, css: str) -> str:
        """`css` inside its rules."""
        for wrapper in reversed(self.wrappers):
            css = f"{wrapper} {{\n{css}\n}}"
        return css


def parse_import(rule: Node) -> Import:
    """Parses the import in the at-rule `rule`. Raises Rejected."""
    if rule.content is not None:
        raise invalid(rule, "'@import' can't have a block")
    nodes = [node for node in rule.prelude if node.type != "comment"]
    nodes = nodes[next((at for at, node in enumerate(nodes) if node.type != "whitespace"), len(nodes)) :]
    if not nodes:
        raise invalid(rule, "'@import' doesn't name a sheet")
    reference = _reference(nodes[0])
    if reference is None:
        raise invalid(nodes[0], "'@import' needs a string or url()")
    rest = nodes[1:]
    check_prelude(rest)
    layer, rest = _layer(_past_space(rest))
    supports, rest = _supports(_past_space(rest))
    media = serialized(rest).strip()
    wrappers = (f"@media {media}" if media else "", supports, layer)
    return Import(reference=reference, wrappers=tuple(filter(None, wrappers)))


def _past_space(nodes: Nodes) -> Nodes:
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


_PICTURE = re.compile(r"\.(?:png|jpg|gif|svg)[\"')]|url\([\"']?data:image/", re.IGNORECASE)


def ship_font_face(rule: Node, rewrite: Rewrite, report: Callable[[Rejected], None]) -> str:
    """The text of the at-rule `rule` for the book; empty if its problem was reported.

    A source that can't ship is removed, and the whole rule if none is left. Raises Rejected.
    """
    if rule.content is None:
        raise invalid(rule, "'@font-face' without a block")
    texts: list[str] = []
    names: set[str] = set()
    for run in declaration_runs(rule.content):
        if is_blank(run[0]):
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
    """Adds the usable parts of `declaration` to `texts`, and yields what is wrong with the rest."""
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
    """`text`, a source for the book. Raises Rejected for a picture, recognised by its content."""
    if _PICTURE.search(text):
        first = next(node for node in part if node.type != "whitespace")
        raise unsupported(first, "a font's 'src' names a picture")
    return text


def _parts(value: Nodes) -> Iterator[Nodes]:
    """Splits `value` at its commas, without empty parts."""
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
