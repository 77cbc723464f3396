"""Parses YAML into the common tree: each value as written, with its position (YAML 1.2.2).

It uses only the parser's events: no tag is resolved and no object created, ``010`` stays ``010`` and ``no`` stays
``no``. Each alias counts with everything it stands for, so that small files can't expand into huge trees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import yaml
from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.keys.tree import MAX_DEPTH, MAX_NODES, MappingNode, Node, Pair, ScalarNode, SequenceNode, doubled
from chapbook.keys.yaml_faults import mended, yaml_fault
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position

__all__ = ["cut_by_comments", "parse_yaml"]

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader if PyYAML has it: eight times as fast."""
_PLAIN = re.compile("[\t\n\r -~\xa0-\u2027]*")
"""Text that the parser always accepts; most front matter is like this."""
_FIRST_STAND_IN = 0xF0000
_MERGE = "<<"


def parse_yaml(text: str, *, code: str, first_line: int = 1) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    r"""The tree of the single document in `text`, and diagnostics.

    ``None`` with a diagnostic of `code` (or ``too-deep``) if it isn't valid YAML; ``None`` alone for an empty document.
    `first_line` is the line of the file on which `text` begins; line breaks are ``\\n``.
    """
    if (plain := _plain_mapping(text, first_line)) is not None:
        return plain, ()
    stand_ins = _stand_ins(text)
    if stand_ins:
        text = text.translate(stand_ins)
    builder = _Builder(code, first_line, {stand: original for original, stand in stand_ins.items()})
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.YAMLError as error:
        fault = replace(yaml_fault(error, text, code, first_line), fix=mended(text, first_line, _Loader))
        return None, (*builder.diagnostics, fault)
    except ChapbookError as error:
        return None, (*builder.diagnostics, *error.diagnostics)
    return builder.root, tuple(builder.diagnostics)


_LINE = re.compile(
    r"""([A-Za-z_][A-Za-z0-9_-]{0,60}):[ ]{1,20}+
    (?: (?P<plain>[A-Za-z0-9](?:[^\n:#]|:(?=[^ \n])|(?<![ ])\#)*+)
    | "(?P<double>[^"\\\n]*)"[ ]*+ | '(?P<single>[^'\n]*)'[ ]*+ ) (?:\n|\Z)""",
    re.VERBOSE,
)
"""A key, and a value that ends with its line."""
_MOST_LINES = 100


def _plain_mapping(text: str, first_line: int) -> MappingNode | None:
    """The tree of a `text` in which each line is a key and a text or number, as most front matter is; otherwise
    ``None``. (The parser takes five times as long.)
    """
    if _PLAIN.fullmatch(text) is None or "\t" in text or "\r" in text:
        return None
    pairs: dict[str, Pair] = {}
    at = 0
    while at < len(text):
        found = _LINE.match(text, at)
        if found is None or found[1] in pairs or len(pairs) == _MOST_LINES:
            return None
        at, line, style = found.end(), first_line + len(pairs), found.lastgroup or ""
        column = found.start(style) - found.start() + 1 - (style != "plain")
        words = found[style].rstrip(" ") if style == "plain" else found[style]
        value = ScalarNode(words, Position(line, column), "plain" if style == "plain" else "quoted", "")
        pairs[found[1]] = Pair(ScalarNode(found[1], Position(line, 1), "plain", ""), value)
    return MappingNode(tuple(pairs.values()), Position(first_line, 1)) if pairs else None


_TEXT = re.compile(
    r"""^(title|subtitle|heading|description|publisher|rights)[ ]*+:[ ]++([^\s"'#|>&*!\[{%@`][^\n]*+)""", re.MULTILINE
)
_COMMENT = re.compile(r"[ \t]#")


def cut_by_comments(text: str, first_line: int = 1) -> Iterator[Diagnostic]:
    """Warns about top-level texts that a comment cuts off: ``title: Letter #3``."""
    for found in _TEXT.finditer(text) if " #" in text or "\t#" in text else ():
        comment = _COMMENT.search(found[2])
        if comment is None:
            continue
        value = found[2].replace("\\", "\\\\").replace('"', '\\"')
        yield Diagnostic.of(
            "value-comment",
            f"'{found[1]}' ends before '{found[2][comment.end() - 1 :]}': in YAML a '#' after a space begins a comment",
            at=Position(
                first_line + text.count("\n", 0, found.start()), found.start(2) - found.start() + comment.end()
            ),
            hint=f'write {found[1]}: "{value}" where the words belong to it',
        )


def _stand_ins(text: str) -> dict[int, int]:
    """For each character that the parser would refuse, a private-use one that isn't in the text."""
    if _PLAIN.fullmatch(text):
        return {}
    letters = set(text)
    unfit = sorted(filter(_unfit().match, letters))
    taken = {ord(each) for each in letters if ord(each) >= _FIRST_STAND_IN}
    free = (each for each in range(_FIRST_STAND_IN, 0x10FFFE) if each not in taken)
    return {ord(each): next(free) for each in unfit}


@cache
def _unfit() -> re.Pattern[str]:
    """The characters that YAML 1.1's parser refuses, or reads as line breaks, and YAML 1.2 allows.

    Compiled when first needed: a class of so many characters takes 3 ms.
    """
    return re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class _Open(Struct):
    """A list or mapping that isn't finished yet."""

    at: Position
    anchor: str | None
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    """A mapping's keys and values in turn."""
    nodes: int = 1
    height: int = 1


class _Builder(Struct):
    code: str
    first_line: int
    originals: dict[int, int]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    root: Node | None = None
    documents: int = 0
    nodes: int = 0
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int, int] | None] = field(default_factory=dict)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._start(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1

    def _at(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        assert mark is not None  # noqa: S101 - only events made by hand have none
        return Position(mark.line + self.first_line, mark.column + 1)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text = event.value.translate(self.originals) if self.originals else event.value
        plain = event.style is None or not event.style or event.implicit[0]
        tag = event.tag or ""
        node = ScalarNode(text, self._at(event), "plain" if plain else "quoted", "" if tag == "!" else tag)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, 1, 0)
        self._place(node, 1, 0)

    def _start(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        at = self._at(event)
        if len(self.open) >= MAX_DEPTH:
            raise self._too_deep(at)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.open.append(_Open(at, event.anchor, isinstance(event, yaml.MappingStartEvent)))

    def _end(self) -> None:
        closed = self.open.pop()
        node: Node
        if closed.is_mapping:
            keys, values = closed.items[::2], closed.items[1::2]
            node = MappingNode(self._pairs(zip(keys, values, strict=True)), closed.at)
        else:
            node = SequenceNode(tuple(closed.items), closed.at)
        if closed.anchor is not None:
            self.anchors[closed.anchor] = (node, closed.nodes, closed.height)
        self._place(node, closed.nodes, closed.height, counted=closed.nodes - 1)

    def _alias(self, event: yaml.AliasEvent) -> None:
        at = self._at(event)
        name = event.anchor or ""
        target = self.anchors.get(name)
        if target is None:
            known = name in self.anchors
            why = f"'*{name}' repeats itself" if known else f"there is no '&{name}' to repeat"
            hint = f'put a value that starts with * in quotes: "*{name}"'
            raise ChapbookError(Diagnostic.of(self.code, why, at=at, hint=hint))
        node, nodes, height = target
        if len(self.open) + height > MAX_DEPTH:
            raise self._too_deep(at)
        self._place(node, nodes, height, at=at)

    def _place(self, node: Node, nodes: int, height: int, *, counted: int = 0, at: Position | None = None) -> None:
        """Adds a finished node to its parent; `counted` of its `nodes` were counted already."""
        self.nodes += nodes - counted
        if self.nodes > MAX_NODES:
            raise self._too_deep(at or node.at)
        if self.open:
            parent = self.open[-1]
            parent.items.append(node)
            parent.nodes += nodes
            parent.height = max(parent.height, height + 1)
        elif self.documents == 1:
            self.root = node
        elif not (isinstance(node, ScalarNode) and node.is_null):
            hint = "keep everything above the second '---', or in one block"
            raise ChapbookError(Diagnostic.of(self.code, "a second YAML document begins", at=node.at, hint=hint))

    def _pairs(self, items: Iterable[tuple[Node, Node]]) -> tuple[Pair, ...]:
        pairs: dict[str, Pair] = {}
        merged: list[Node] = []
        for key, value in items:
            if not isinstance(key, ScalarNode):
                self._note(self.code, "a key is a list or mapping", key.at, "write each key as plain text; quote {…}")
            elif key.text == _MERGE and key.style == "plain":
                merged.append(value)
            elif key.text in pairs:
                self.diagnostics.append(doubled(key.text, pairs[key.text].key.at.line, key.at))
            else:
                pairs[key.text] = Pair(key, value)
        for each in merged:
            self._merge(each, pairs)
        return tuple(pairs.values())

    def _merge(self, value: Node, into: dict[str, Pair]) -> None:
        """Resolves a merge key (``<<: *base``): the mapping's own keys take precedence."""
        for each in value.items if isinstance(value, SequenceNode) else (value,):
            if not isinstance(each, MappingNode):
                hint = "give it the alias of a mapping, for example '<<: *base'"
                self._note(self.code, "'<<' merges mappings only", each.at, hint)
                continue
            for pair in each:
                into.setdefault(pair.key.text, pair)

    def _note(self, code: str, message: str, at: Position, hint: str | None) -> None:
        self.diagnostics.append(Diagnostic.of(code, message, at=at, hint=hint))

    def _too_deep(self, at: Position) -> ChapbookError:
        message = f"more than {MAX_DEPTH} levels or {MAX_NODES:,} values; what an alias repeats counts each time"
        return ChapbookError(Diagnostic.of("too-deep", message, at=at, hint="keep it to what the book needs"))
