"""YAML's syntax errors in an author's words."""

from __future__ import annotations

from types import MappingProxyType

import yaml

from chapbook.diagnostics import Diagnostic, Position
from chapbook.reading.tree import MAX_DEPTH

__all__ = ["yaml_fault"]

_QUOTE = 'put the whole value in quotes: key: "value"'
_ESCAPE = "write the backslash twice, or use single quotes"
_UNCLOSED = "write its end, or put a value that begins with a bracket or brace in quotes"

_WORDS = MappingProxyType(
    {
        "mapping values are not allowed": ("a colon and a space inside a value", _QUOTE),
        "found character that cannot start any token": ("a value cannot start with this character", _QUOTE),
        "found unexpected end of stream": ("a quotation mark opens here and never closes", "write its end"),
        "found unexpected document": ("a quotation mark opens here and never closes", "write its end"),
        "did not find expected alphabetic": ("a value cannot start with '*' or '&'", _QUOTE),
        "expected alphabetic or numeric": ("a value cannot start with '*' or '&'", _QUOTE),
        "found unknown escape character": ("a backslash in double quotes that starts no escape", _ESCAPE),
        "did not find expected hexdecimal": ("an escape without its digits", _ESCAPE),
        "found invalid Unicode character escape": ("an escape of a character that is none", _ESCAPE),
        "found undefined tag handle": ("a value cannot start with '!'", _QUOTE),
        "did not find expected tag URI": ("a value cannot start with '!'", _QUOTE),
        "block sequence entries are not allowed": ("a list item ('- ') cannot stand here", "start it on its own line"),
        "did not find expected '-'": ("a key among list items", "indent the list, or the key"),
        "did not find expected key": (
            "what follows is no key of the block",
            "give every key of a block one indentation",
        ),
        "could not find expected ':'": ("a line without 'key:'", "write 'key: value', or indent the line that goes on"),
        "did not find expected ',' or ']'": ("a list that opens with '[' never closes", _UNCLOSED),
        "did not find expected ',' or '}'": ("a mapping that opens with '{' never closes", _UNCLOSED),
        "did not find expected node content": ("a list or mapping that is not finished", _UNCLOSED),
        "did not find expected comment or line break": ("text after a value that has ended", _QUOTE),
        "did not find URI escaped octet": ("a value cannot start with '!' or '%'", _QUOTE),
        "tab character": ("a tab where YAML takes only spaces", "indent with spaces"),
    }
)
"""By the start of libyaml's words for the problem; the pure parser's are the same or fall to the general case."""
_FROM_CONTEXT = (
    "while scanning a quoted scalar",
    "while parsing a flow sequence",
    "while parsing a flow mapping",
    "while scanning a simple key",
)
"""Faults that are better shown where they begin than where the parser noticed."""


def yaml_fault(error: yaml.YAMLError, text: str, code: str, first_line: int) -> Diagnostic:
    """The diagnostic of a syntax error in `text`, which begins on `first_line` of its file."""
    problem = str(getattr(error, "problem", None) or "")
    mark = getattr(error, "problem_mark", None)
    context = str(getattr(error, "context", None) or "")
    if getattr(error, "context_mark", None) is not None and context.startswith(_FROM_CONTEXT):
        mark = getattr(error, "context_mark", mark)
    at = Position(mark.line + first_line, mark.column + 1) if mark is not None else None
    if "maximum nesting depth" in problem:
        return Diagnostic.of("too-deep", f"more than {MAX_DEPTH} levels of lists or mappings", at=at)
    line = text.split("\n")[mark.line] if mark is not None and mark.line <= text.count("\n") else ""
    if mark is not None and line[mark.column : mark.column + 1] == "\t":
        problem = "tab character"
    for start, (words, hint) in _WORDS.items():
        if problem.startswith(start):
            return Diagnostic.of(code, f"no valid YAML: {words}", at=at, hint=hint)
    return Diagnostic.of(code, f"no valid YAML: {problem or 'it cannot be read'}", at=at, hint=_QUOTE)
