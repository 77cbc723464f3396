"""One declaration in an author's sheet: whether it may ship, and its rewritten references."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chapbook.assets.svg_policy import (
    LOADING,
    loads_what_a_variable_says,
    may_load,
    shown,
    takes_an_address,
)
from chapbook.model.diagnostics import Position
from chapbook.styling.references import Refused, leads_elsewhere
from chapbook.styling.syntax import (
    Node,
    Nodes,
    Rejected,
    at,
    invalid,
    is_blank,
    parse_one_declaration,
    serialized,
    serialized_name,
    significant,
    unsupported,
)

__all__ = [
    "Rewrite",
    "check_nodes",
    "check_prelude",
    "declaration_runs",
    "parse_declaration",
    "ship_declaration",
    "ship_value",
]

Rewrite = Callable[[str, Position], str]
"""Takes a reference and its position, and returns the one for the book. Raises Refused."""

_FORBIDDEN = {
    "direction": ("doesn't belong in a book's style sheet", "set 'dir' in the markup"),
    "unicode-bidi": ("doesn't belong in a book's style sheet", "set 'dir' or use 'bdo' in the markup"),
    "behavior": ("runs code", None),
    "-ms-behavior": ("runs code", None),
    "-moz-binding": ("runs code", None),
    "-webkit-text-size-adjust": ("keeps readers from choosing a size in Apple Books", None),
}
_REWRITTEN = LOADING | {"url"}
_NAMED = frozenset({"ident", "dimension", "hash"})
_FIXED = frozenset({"fixed", "sticky", "-webkit-sticky"})


def declaration_runs(content: Nodes) -> Iterator[Nodes]:
    """Splits a block at its semicolons: each run is white space or a comment, or a whole declaration.

    A rule inside the block, which ends with its own block, is a run too. No run is empty.
    """
    run: Nodes = []
    for node in content:
        if not run and is_blank(node):
            yield [node]
        elif node == ";":
            if run:
                yield run
            run = []
        else:
            run.append(node)
            if node.type == "{} block" and not _is_custom(run):
                yield run
                run = []
    if run:
        yield run


def _is_custom(run: Nodes) -> bool:
    return bool(run[0].type == "ident" and run[0].value.startswith("--"))


def parse_declaration(run: Nodes) -> Node:
    """Parses `run` as a declaration. Raises Rejected."""
    first = run[0]
    if first.type == "at-keyword" or (run[-1].type == "{} block" and not _is_custom(run)):
        raise unsupported(first, "nested rules fail EPUBCheck", "write the whole selector as a rule of its own")
    declaration = parse_one_declaration(run)
    if declaration.type != "error":
        return declaration
    if first == "/":
        raise invalid(first, "a '/' before a declaration", "CSS has comments of the form /* … */ only")
    if first.type == "error":
        raise invalid(first, _sentence(first.message))
    text = " ".join(serialized(run[:20]).split())[:40]
    hint = f"only Internet Explorer 7 reads a name after '{first.value}'" if first in ("*", "+") else None
    raise invalid(first, f"'{text}' isn't a declaration", hint or "a declaration has the form 'name: value;'")


def _sentence(message: str) -> str:
    """tinycss2's message in chapbook's form: lower case, no full stop."""
    return f"{message[:1].lower()}{message[1:]}".rstrip(".")


def ship_declaration(declaration: Node, rewrite: Rewrite) -> str:
    """The text of `declaration` for the book. Raises Rejected."""
    name = declaration.lower_name
    if name in _FORBIDDEN:
        raise unsupported(declaration, f"'{name}' {_FORBIDDEN[name][0]}", _FORBIDDEN[name][1])
    value = declaration.value
    _check_value(declaration, value)
    words = {node.lower_value for node in value if node.type == "ident"}
    if name == "position" and words & _FIXED:
        raise unsupported(declaration, f"'position: {min(words & _FIXED)}' hides text on a page", "leave it out")
    if name in {"filter", "-ms-filter"} and "progid" in words:
        raise unsupported(declaration, f"'{name}: progid:…' works in Internet Explorer only")
    text = ship_value(value, rewrite)
    important = " !important" if declaration.important else ""
    return f"{serialized_name(declaration.name)}:{text.rstrip() if important else text}{important};"


def ship_value(nodes: Nodes, rewrite: Rewrite) -> str:
    """The text of `nodes`, with references rewritten. Raises Rejected."""

    def written(node: Node) -> str | None:
        if node.type == "url":
            return f'url("{_rewritten(node, node.value, rewrite)}")'
        if node.type == "function" and node.lower_name == "url":
            return f'url("{_rewritten(node, _url_text(node), rewrite)}")'
        if node.type == "function" and node.lower_name in LOADING:
            if loads_what_a_variable_says(node):
                message = f"'{node.name}()' loads an address from a variable"
                raise unsupported(node, message, "name the file in the function itself")
            inner = [_Reference(part) if part.type == "string" else part for part in node.arguments]
            return f"{serialized_name(node.name)}({ship_value(inner, rewrite)})"
        return None

    return serialized(nodes, written)


class _Reference:
    """A string used as a URL, treated like an unquoted ``url()``."""

    type = "url"

    def __init__(self, node: Node) -> None:
        self.value = node.value
        self.source_line = node.source_line
        self.source_column = node.source_column


def _url_text(function: Node) -> str:
    strings = significant(function.arguments)
    if len(strings) != 1 or strings[0].type != "string":
        raise invalid(function, "url() needs one string")
    text: str = strings[0].value
    return text


def _rewritten(node: Node, reference: str, rewrite: Rewrite) -> str:
    try:
        return rewrite(reference, at(node))
    except Refused as refused:
        raise Rejected(refused.code, refused.message, at(node), refused.hint) from refused


def _check_value(declaration: Node, value: Nodes) -> None:
    """Raises Rejected for what can't be in a value, or what EPUBCheck's parser can't read."""
    if not significant(value) and not declaration.name.startswith("--"):
        raise invalid(declaration, f"'{declaration.name}' has no value")
    check_nodes(value)


def check_nodes(nodes: Nodes) -> None:
    """Raises Rejected for nodes that can't be in a value or a rule's prelude."""
    before = None
    for node in nodes:
        if node.type == "error":
            raise invalid(node, _sentence(node.message))
        if node == ">" and before is not None and before.type in _NAMED and before.serialize().endswith("--"):
            raise invalid(before, "'-->' in a value")
        before = node
        if node == "!":
            raise invalid(node, "a '!' at the end of a value that isn't '!important'")
        if node.type == "at-keyword" or node in ("<!--", "-->", "@", ";"):
            raise invalid(node, f"'{node.serialize()}' in a value")
        if node.type == "{} block":
            raise unsupported(node, "a block in braces in a value fails EPUBCheck")
        if node.type == "function" and node.lower_name == "expression":
            raise unsupported(node, "'expression()' runs code")
        if node.type == "function" and node.lower_name not in _REWRITTEN:
            _check_unknown(node)
        if node.type in {"function", "() block", "[] block"}:
            check_nodes(node.arguments if node.type == "function" else node.content)


def check_prelude(nodes: Nodes) -> None:
    """Raises Rejected for nodes that can't be in the prelude of an at-rule. Preludes load nothing, so no address is."""
    check_nodes(nodes)
    for node in _all(nodes):
        if node.type == "url" or (node.type == "function" and node.lower_name in {"url", "src"}):
            raise unsupported(node, "an address in the condition of a rule")


def _all(nodes: Nodes) -> Iterator[Node]:
    for node in nodes:
        yield node
        if node.type in {"function", "() block", "[] block"}:
            yield from _all(node.arguments if node.type == "function" else node.content)


def _check_unknown(function: Node) -> None:
    """Raises Rejected where a function would load an address, were it one that a browser may know one day."""
    if takes_an_address(function):
        raise unsupported(function, "'attr()' makes an address of an attribute", "name the file in 'url()'")
    address = next(filter(leads_elsewhere, may_load(function)), None)
    if address is not None:
        message = f"'{function.name}()' may load '{shown(address)}', which isn't in the book"
        raise Rejected("css-reference-remote", message, at(function), "put the file beside the sheet")
