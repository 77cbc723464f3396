"""Checks that reading systems and EPUBCheck's CSS parser accept a selector (Selectors 4, section 17)."""

from __future__ import annotations

from chapbook.styling.syntax import Node, Nodes, Rejected, invalid, significant, unsupported

__all__ = ["check_keyframe", "check_selector"]

_COMBINATORS = frozenset(">+~")
_ATTRIBUTE_OPERATORS = frozenset({"=", "~=", "|=", "^=", "$=", "*="})
_COMPARED = 3
"""The parts of an attribute selector that compares: name, operator, value."""
_OF_SELECTORS = frozenset({"is", "where", "not", "has"})
"""Functions whose selectors EPUBCheck parses; in others it accepts only simple values."""
_SIMPLE = frozenset({"ident", "string", "number", "dimension", "percentage", "whitespace", "comment"})


def check_selector(prelude: Nodes) -> None:
    """Raises Rejected at the first error in the list of selectors before a block.

    An empty list passes; the caller knows whether it is allowed there.
    """
    nodes = [node for node in prelude if node.type != "comment"]
    while nodes and nodes[-1].type == "whitespace":
        nodes.pop()
    if nodes:
        _Selector(nodes).check_list()


def check_keyframe(prelude: Nodes) -> None:
    """Raises Rejected unless a keyframe's selector is ``from``, ``to`` or percentages."""
    nodes = significant(prelude)
    for node in nodes[::2]:
        if not (node.type == "percentage" or (node.type == "ident" and node.lower_value in {"from", "to"})):
            raise invalid(node, "a keyframe is 'from', 'to' or a percentage")
    for node in nodes[1::2]:
        if node != ",":
            raise invalid(node, "separate keyframes with commas")


class _Selector:
    """A walk over the nodes of a selector list."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._index = 0

    def check_list(self) -> None:
        while True:
            self._skip_space()
            self._complex()
            if self._peek() is None:
                return
            self._index += 1  # a comma

    def _complex(self) -> None:
        """Compound selectors with combinators between them, up to a comma or the end."""
        while True:
            self._compound()
            space = self._skip_space()
            node = self._peek()
            if node is None or node == ",":
                return
            if node.type == "literal" and node.value in _COMBINATORS:
                self._index += 1
                self._skip_space()
            elif not space:
                raise _wrong(node)

    def _compound(self) -> None:
        start = self._index
        self._element()
        while self._subclass():
            pass
        if self._index == start:
            node = self._peek()
            raise _wrong(node) if node is not None else invalid(self._nodes[-1], "a selector is missing at the end")

    def _element(self) -> None:
        """An element's name or ``*``, with or without a namespace prefix; may be absent."""
        start = self._index
        if _is_name(self._peek()):
            self._index += 1
        bar, prefixed = self._peek(), self._index > start
        if bar == "|":
            self._index += 1
            name = self._peek()
            if not _is_name(name):
                raise invalid(bar, "a namespace prefix without an element")
            if name == "*" and not prefixed:
                raise unsupported(bar, "'|*' fails EPUBCheck")
            self._index += 1

    def _subclass(self) -> bool:
        """An id, class, attribute or pseudo-class; returns whether there was one."""
        node = self._peek()
        if node is None:
            return False
        if node.type == "hash":
            if not node.is_identifier:
                raise invalid(node, f"'#{node.value}' isn't an id in CSS: it starts with a digit")
        elif node.type == "[] block":
            _check_attribute(node)
        elif node == ".":
            self._index += 1
            name = self._peek()
            if name is None or name.type != "ident":
                raise invalid(node, "a '.' without the name of a class")
        elif node == ":":
            self._pseudo(node)
        else:
            return False
        self._index += 1
        return True

    def _pseudo(self, colon: Node) -> None:
        """Up to the name of a pseudo-class or -element, which the caller then skips."""
        self._index += 1
        if self._peek() == ":":
            self._index += 1
        name = self._peek()
        if name is None or name.type not in {"ident", "function"}:
            raise invalid(colon, "a ':' without the name of a pseudo-class or pseudo-element")
        if name.type == "function":
            _check_arguments(name)

    def _skip_space(self) -> bool:
        start = self._index
        while (node := self._peek()) is not None and node.type == "whitespace":
            self._index += 1
        return self._index > start

    def _peek(self) -> Node:
        return self._nodes[self._index] if self._index < len(self._nodes) else None


def _is_name(node: Node) -> bool:
    return node is not None and (node.type == "ident" or node == "*")


def _check_arguments(function: Node) -> None:
    """Raises Rejected for arguments that no functional pseudo-class accepts."""
    if not significant(function.arguments):
        raise invalid(function, f"':{function.name}()' without a selector")
    if function.lower_name in _OF_SELECTORS:
        check_selector(_relative(function) if function.lower_name == "has" else function.arguments)
        return
    for node in function.arguments:
        if node.type == "error":
            raise _wrong(node)
        if node.type not in _SIMPLE and node not in ("+", "-"):
            hint = "write the selector another way, perhaps with a class of its own"
            raise unsupported(node, f"a selector or list in ':{function.name}()' fails EPUBCheck", hint)


def _relative(function: Node) -> Nodes:
    """The selectors of ``:has()``, without a combinator at the start of the first."""
    nodes = [node for node in function.arguments if node.type != "comment"]
    start = 1 if nodes[0].type == "whitespace" else 0
    return nodes[start + 1 :] if nodes[start].type == "literal" and nodes[start].value in _COMBINATORS else nodes


def _check_attribute(block: Node) -> None:
    nodes = significant(block.content)
    if nodes and nodes[0] == "|":
        del nodes[0]
    elif len(nodes) > 1 and nodes[1] == "|":
        del nodes[:2]
    if len(nodes) > _COMPARED and all(node.type in {"ident", "string"} for node in nodes[2:]):
        hint = "remove the letter before ']', and write the selector once for each spelling"
        raise unsupported(nodes[_COMPARED], "a flag in an attribute selector fails EPUBCheck", hint)
    name = bool(nodes) and nodes[0].type == "ident"
    compared = (
        len(nodes) == _COMPARED
        and nodes[1].type == "literal"
        and nodes[1].value in _ATTRIBUTE_OPERATORS
        and nodes[2].type in {"ident", "string"}
    )
    if not (name and (len(nodes) == 1 or compared)):
        raise invalid(block, "an attribute selector is '[name]' or '[name=\"value\"]'")


def _wrong(node: Node) -> Rejected:
    if node == "&":
        return unsupported(node, "nested rules fail EPUBCheck", "write the whole selector as a rule of its own")
    if node == "||":
        return unsupported(node, "the column combinator '||' fails EPUBCheck")
    if node == "/":
        return invalid(node, "a '/' in a selector", "CSS has comments of the form /* … */ only")
    if node.type == "error":
        return invalid(node, f"in a selector: {node.message[:1].lower()}{node.message[1:]}")
    if node.type in {"dimension", "number"}:
        return invalid(node, f"'{node.serialize()}' isn't a selector: a name starts with a letter")
    return invalid(node, f"'{' '.join(node.serialize().split())[:40]}' isn't a selector")
