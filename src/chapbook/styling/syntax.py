"""The text of a style sheet and its syntax: decodes it, removes what would stop the parser, and parses it.

The parser is tinycss2 (CSS Syntax 3), which has no types of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import tinycss2.serializer  # type: ignore[import-untyped]

from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.xml_text import EXCLUDED

__all__ = [
    "LARGEST_SHEET",
    "Node",
    "Nodes",
    "Rejected",
    "at",
    "check_closed",
    "check_depth",
    "decode_sheet",
    "invalid",
    "is_blank",
    "last_start",
    "namespace_url",
    "parse_nodes",
    "parse_one_declaration",
    "parse_rules",
    "parse_sheet",
    "serialized",
    "serialized_name",
    "significant",
    "unsupported",
]

LARGEST_SHEET = 1_000_000
"""The most bytes of a sheet with its imports; a large one has a tenth of that."""

_CHARSET = re.compile(rb'@charset "([^"\r\n]{1,40})";')
_LONG_NUMBER = re.compile(r"[0-9]{301,}")
_LINE_ENDS = re.compile(r"\r\n?|\f")
_PIECES = re.compile(
    r"""/\*(?:[^*]|\*(?!/))*(?P<comment>\*/)?      # a comment
    | "(?:[^"\\\n]|\\[\s\S])*"? | '(?:[^'\\\n]|\\[\s\S])*'?    # a string
    | \b[uU][rR][lL]\([ \t\n]*[^"' \t\n)][^)]*\)?  # a URL without quotes
    | \\[\s\S] | (?P<opening>[({\[]) | (?P<closing>[)}\]])""",
    re.VERBOSE,
)
_PAIRS = {"(": ")", "{": "}", "[": "]"}
_FORBIDDEN = re.compile(rf"(?![\x0b\x0c])[{EXCLUDED}\x7f]")


def decode_sheet(content: bytes, shown: str, diagnostics: list[Diagnostic]) -> str:
    """The text of the sheet `shown`, with newlines as line breaks, without byte order mark.

    EPUB requires UTF-8. UTF-16 with its mark is read and reported; other bytes raise ChapbookError (``not-utf8``),
    because chapbook doesn't guess.
    """
    if len(content) > LARGEST_SHEET:
        raise ChapbookError(Diagnostic.of("file-too-large", f"'{shown}' has more than 1 MB", path=shown))
    text = _decoded(content, shown, diagnostics)
    # Only "\n" counts as a line break, as in all other messages.
    text = _LINE_ENDS.sub(lambda end: "\n" if end[0] == "\r\n" else " ", text)
    return _tame(text, shown, diagnostics)


def _decoded(content: bytes, shown: str, diagnostics: list[Diagnostic]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = "save it as UTF-8"
        diagnostics.append(
            Diagnostic.of("css-not-supported", "the sheet is UTF-16", path=shown, at=Position(1), hint=hint)
        )
        return content.decode("utf-16", "replace")
    body = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line, start = before.count(b"\n") + 1, before.rfind(b"\n") + 1
        column = len(before[start:].decode("utf-8")) + 1
        fault = Diagnostic.of(
            "not-utf8",
            f"byte 0x{body[error.start]:02X} isn't valid UTF-8",
            path=shown,
            at=Position(line, column),
            hint="save the sheet as UTF-8",
        )
        raise ChapbookError(fault) from error
    declared = _CHARSET.match(body)
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        name = declared[1].decode("ascii", "replace")
        message = f"the sheet says that it is '{name}', but it is UTF-8"
        diagnostics.append(
            Diagnostic.of("css-not-supported", message, path=shown, at=Position(1), hint="remove '@charset'")
        )
    return text


def _tame(text: str, shown: str, diagnostics: list[Diagnostic]) -> str:
    """Removes control characters and numbers with hundreds of digits, which Python itself refuses."""
    for pattern, message in ((_FORBIDDEN, "a control character"), (_LONG_NUMBER, "a number of more than 300 digits")):
        found = pattern.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            diagnostics.append(Diagnostic.of("css-invalid", message, path=shown, at=Position(line, column)))
            text = pattern.sub(lambda match: " " if len(match[0]) == 1 else "0", text)
    return text


def check_closed(text: str, shown: str, diagnostics: list[Diagnostic]) -> None:
    """Reports what is opened in `text` and never closed: parsers close it at the end, but EPUBCheck stops."""
    opened: list[tuple[str, int]] = []
    for piece in _PIECES.finditer(text):
        if piece["opening"]:
            opened.append((piece[0], piece.start()))
        elif piece["closing"] and opened and _PAIRS[opened[-1][0]] == piece[0]:
            opened.pop()
        elif piece[0].startswith("/*") and not piece["comment"]:
            opened.append(("/*", piece.start()))
    if opened:
        sign, start = opened[0]
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        hint = f"it ends with '{_PAIRS.get(sign, '*/')}'"
        diagnostics.append(
            Diagnostic.of("css-invalid", f"'{sign}' never closes", path=shown, at=Position(line, column), hint=hint)
        )


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


def is_blank(node: Node) -> bool:
    """Whether `node` is white space or a comment."""
    return node.type in _BLANK


_BLANK = frozenset({"whitespace", "comment"})


def significant(nodes: Nodes) -> Nodes:
    """`nodes` without white space and comments."""
    return [node for node in nodes if node.type not in _BLANK]


def namespace_url(node: Node) -> str:
    """The namespace's name, if it is plain enough to be written again."""
    parts = [part for part in node.arguments if part.type == "string"] if node.type == "function" else [node]
    text = parts[0].value if len(parts) == 1 and parts[0].type in {"string", "url"} else ""
    return text if text.isascii() and text.isprintable() and not set(text) & set('"\\') else ""


def last_start(nodes: Nodes) -> Node:
    """Where the text after the last rule of a sheet begins."""
    start, first = 0, None
    for index, node in enumerate(nodes):
        first = first or (None if is_blank(node) else node)
        if node.type == "{} block" or (node == ";" and first is not None and first.type == "at-keyword"):
            start, first = index + 1, None
    rest = significant(nodes[start:])
    return rest[0] if rest else nodes[-1]


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
