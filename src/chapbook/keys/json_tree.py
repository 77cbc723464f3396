"""Parses JSON into the common tree (RFC 8259)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

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

__all__ = ["parse_json"]

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]]|[^\s{}\[\],:"]+')
"""Possessive, so that the matcher doesn't store a position for each letter, which takes 100 bytes each."""
_CODE = "front-matter-invalid"


def parse_json(text: str) -> tuple[Node | None, int, tuple[Diagnostic, ...]]:
    """Returns the tree of the JSON object at the start of `text`, the index after its end, and diagnostics.

    Python's decoder decides what is valid; its tokens then give the tree with positions. An object that never closes
    gives ``front-matter-unclosed``.
    """
    try:
        end = json.JSONDecoder(parse_int=str).raw_decode(text)[1]
        builder = _Builder(text)
        root = builder.build(_TOKEN.finditer(text, 0, end))
    except RecursionError:
        return None, len(text), (too_deep(Position(1)),)
    except json.JSONDecodeError as error:
        return None, len(text), (_fault(error),)
    except ChapbookError as error:
        return None, len(text), error.diagnostics
    return root, end, tuple(builder.diagnostics)


def _fault(error: json.JSONDecodeError) -> Diagnostic:
    at = Position(error.lineno, error.colno)
    if error.doc[error.pos :].strip() == "":
        return Diagnostic.of(
            "front-matter-unclosed", "the JSON front matter never closes", at=Position(1), hint="end it with '}'"
        )
    words = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
    return Diagnostic.of(_CODE, f"invalid JSON: {words}", at=at, hint="YAML between '---' lines is easier to write")


class _Builder:
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
