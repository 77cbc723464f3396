"""Parses TOML (1.0.0) and JSON (RFC 8259) into the common tree. Few books have either, so this is imported when needed.

The standard library parses both; this module finds where the keys and values are written.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator, Mapping

from msgspec import Struct

from chapbook.keys.tree import (
    MAX_DEPTH,
    MAX_NODES,
    MappingNode,
    Node,
    Pair,
    ScalarNode,
    SequenceNode,
    doubled,
    too_deep,
)
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position

__all__ = ["parse_json", "parse_toml"]

_CODE = "front-matter-invalid"
_TOML_TOKEN = re.compile(
    r'"""(?:[^\\"]++|\\.|"(?!""))*+"""|'
    r"'''(?:[^']++|'(?!''))*+'''|"
    r'"(?:[^"\\\n]++|\\.)*+"|'
    r"'[^'\n]*'|#[^\n]*|[\[\]{}\n]",
    re.DOTALL,
)
"""Strings, comments, and what opens and closes.

Possessive, so that the matcher doesn't store a position for each letter, which takes 100 bytes each.
"""
_BLANK = "\x01"
_NOT_LINE_END = re.compile(r"[^\n]")
_CHAIN = re.compile(r"""(?<![\w"'\x01-])(?:[\w"'\x01-]+[ \t]*\.[ \t]*){20}""")
"""A dotted key longer than chapbook reads; the standard library takes quadratic time for it."""
_KEY = re.compile(
    r"""[ \t]*(\[{0,2})[ \t]*(?:"((?:[^"\\\n]++|\\.)*+)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*([.=\]])[ \t]*"""
)
_DAY = re.compile(r"""[^"'#=]*=[ \t]*([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[Tt ]?[0-9:.Zz+-]*)""")
"""A value in the form of a date."""
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class _Written(str):
    """A number as written, so that it can be told from a string."""

    __slots__ = ()


def parse_toml(text: str, *, first_line: int = 1) -> tuple[MappingNode | None, tuple[Diagnostic, ...]]:
    """The tree of `text`, and diagnostics. Each value has the position of its top-level key."""
    bare = _TOML_TOKEN.sub(_blank, text)
    if _CHAIN.search(bare):
        return None, (too_deep(Position(first_line)),)
    keys = _top_level_keys(text, bare, first_line)
    try:
        table = tomllib.loads(text, parse_float=_Written)
        return _TomlTree(keys).top(table, Position(first_line)), ()
    except RecursionError:
        return None, (too_deep(Position(first_line)),)
    except ChapbookError as error:
        return None, error.diagnostics
    except ValueError as error:
        return None, (_toml_fault(str(error), text, bare, first_line),)


def _blank(token: re.Match[str]) -> str:
    """`token` with strings and comments replaced by spaces of the same length, so that only structure is left."""
    word = token[0]
    if len(word) == 1:
        return word
    return word[0] + _NOT_LINE_END.sub(_BLANK, word[1:]) if word[0] != "#" else " " * len(word)


class _Key(Struct, frozen=True):
    at: Position
    value: Position


def _statements(text: str, bare: str) -> list[tuple[int, int, re.Match[str]]]:
    """The line, start and match of each key or header at the start of a line, outside lists and strings."""
    found, depth, start = [], 0, 0
    for number, line in enumerate(bare.split("\n")):
        if depth == 0 and (match := _KEY.match(text, start)) and not line.lstrip().startswith(_BLANK):
            found.append((number, start, match))
        depth = max(0, depth + sum(line.count(each) for each in "[{") - sum(line.count(each) for each in "]}"))
        start += len(line) + 1
    return found


def _top_level_keys(text: str, bare: str, first_line: int) -> dict[str, _Key]:
    keys: dict[str, _Key] = {}
    in_table = False
    for number, start, match in _statements(text, bare):
        if match[1] or not in_table:
            name = match[2] or match[3] or match[4] or ""
            group = next(each for each in (2, 3, 4) if match[each] is not None)
            quote = 0 if group == 4 else 1  # noqa: PLR2004 - the group of a bare key
            at = Position(number + first_line, match.start(group) - quote - start + 1)
            value = Position(at.line, match.end() - start + 1) if match[5] == "=" else at
            keys.setdefault(name, _Key(at, value))
        in_table = in_table or bool(match[1])
    return keys


def _toml_fault(message: str, text: str, bare: str, first_line: int) -> Diagnostic:
    place = _PLACE.search(message)
    words = message[: place.start()] if place else message
    at = Position(text.count("\n") + first_line)
    if place and place[1]:
        at = Position(int(place[1]) + first_line - 1, int(place[2]))
    if words.startswith("Cannot overwrite a value"):
        return _doubled(text, bare, at, first_line)
    if "integer string conversion" in words:
        words, at = "a number has too many digits", Position(first_line)
    day = _DAY.match(text.split("\n")[at.line - first_line])
    if day and day.start(1) < at.column <= day.end(1):
        begin = Position(at.line, day.start(1) + 1)
        hint = "write year-month-day: 2024-10-05"
        return Diagnostic.of("value-invalid", f"'{day[1].strip()}' is not a valid date", at=begin, hint=hint)
    return Diagnostic.of(
        _CODE,
        f"invalid TOML: {words[:1].lower()}{words[1:]}",
        at=at,
        hint="put text in quotes, and close lists and tables",
    )


def _doubled(text: str, bare: str, at: Position, first_line: int) -> Diagnostic:
    names: dict[str, int] = {}
    for number, _, match in _statements(text, bare):
        line = number + first_line
        name = match[2] or match[3] or match[4] or ""
        if match[1]:
            names = {}
        if line == at.line and name in names:
            at = Position(line, match.end() - len(match[0].lstrip()) - _line_start(text, match.start()) + 1)
            return doubled(name, names[name], at)
        names[name] = line
    return Diagnostic.of("key-doubled", "a key appears twice", at=at, hint="keep one of the two")


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


class _TomlTree(Struct):
    keys: dict[str, _Key]
    nodes: int = 0

    def top(self, table: Mapping[str, object], at: Position) -> MappingNode:
        pairs = []
        for name, value in table.items():
            key = self.keys.get(name, _Key(at, at))
            pairs.append(Pair(ScalarNode(name, key.at), self._node(value, key.value, 1)))
        return MappingNode(tuple(pairs), at)

    def _node(self, value: object, at: Position, depth: int) -> Node:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise ChapbookError(too_deep(at))
        if isinstance(value, dict):
            pairs = ((ScalarNode(name, at), self._node(each, at, depth + 1)) for name, each in value.items())
            return MappingNode(tuple(Pair(key, node) for key, node in pairs), at)
        if isinstance(value, list):
            return SequenceNode(tuple(self._node(each, at, depth + 1) for each in value), at)
        plain = not isinstance(value, str) or isinstance(value, _Written)
        return ScalarNode(_text(value), at, "plain" if plain else "quoted")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


_JSON_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]]|[^\s{}\[\],:"]+')
"""Possessive, as above."""


def parse_json(text: str) -> tuple[Node | None, int, tuple[Diagnostic, ...]]:
    """Returns the tree of the JSON object at the start of `text`, the index after its end, and diagnostics.

    Python's decoder decides what is valid; its tokens then give the tree with positions. An object that never closes
    gives ``front-matter-unclosed``.
    """
    try:
        end = json.JSONDecoder(parse_int=str).raw_decode(text)[1]
        builder = _JsonTree(text)
        root = builder.build(_JSON_TOKEN.finditer(text, 0, end))
    except RecursionError:
        return None, len(text), (too_deep(Position(1)),)
    except json.JSONDecodeError as error:
        return None, len(text), (_json_fault(error),)
    except ChapbookError as error:
        return None, len(text), error.diagnostics
    return root, end, tuple(builder.diagnostics)


def _json_fault(error: json.JSONDecodeError) -> Diagnostic:
    at = Position(error.lineno, error.colno)
    if error.doc[error.pos :].strip() == "":
        return Diagnostic.of(
            "front-matter-unclosed", "the JSON front matter never closes", at=Position(1), hint="end it with '}'"
        )
    words = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
    return Diagnostic.of(_CODE, f"invalid JSON: {words}", at=at, hint="YAML between '---' lines is easier to write")


class _JsonTree:
    """Makes the tree from the tokens of valid JSON."""

    def __init__(self, text: str) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._text = text
        self._line, self._start = 1, 0
        self._nodes = 0

    def build(self, tokens: Iterator[re.Match[str]]) -> Node:
        open_: list[tuple[bool, Position, list[Node]]] = []
        for token in tokens:
            word, at = token[0], self._at(token.start())
            if word in "{[":
                open_.append((word == "{", at, []))
                if len(open_) > MAX_DEPTH:
                    raise ChapbookError(too_deep(at))
                continue
            node = self._closed(*open_.pop()) if word in "}]" else _scalar(word, at)
            self._nodes += 1
            if self._nodes > MAX_NODES:
                raise ChapbookError(too_deep(at))
            if not open_:
                return node
            open_[-1][2].append(node)
        raise AssertionError("the decoder found the object's end")

    def _at(self, index: int) -> Position:
        ends = self._text.count("\n", self._start, index)
        if ends:
            self._line += ends
            self._start = self._text.rfind("\n", self._start, index) + 1
        return Position(self._line, index - self._start + 1)

    def _closed(self, is_object: bool, at: Position, items: list[Node]) -> Node:  # noqa: FBT001 - unpacked from a tuple
        if not is_object:
            return SequenceNode(tuple(items), at)
        pairs: dict[str, Pair] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            assert isinstance(key, ScalarNode)  # noqa: S101 - JSON has no other keys
            if key.text in pairs:
                self.diagnostics.append(doubled(key.text, pairs[key.text].key.at.line, key.at))
            else:
                pairs[key.text] = Pair(key, value)
        return MappingNode(tuple(pairs.values()), at)


def _scalar(word: str, at: Position) -> ScalarNode:
    if word.startswith('"'):
        return ScalarNode(json.loads(word, strict=False), at, "quoted")
    return ScalarNode(word, at, "plain")
