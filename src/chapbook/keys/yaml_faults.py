"""Explains YAML syntax errors in an author's words, at the place of the slip; puts right those with only one meaning.

These are a tab as indentation, no space after a key's colon, and a value that needs quotation marks: a colon and a
space in it, or a character at its beginning that YAML keeps for itself. A file is changed only if it is a mapping
afterwards.
"""

from __future__ import annotations

import re
from types import MappingProxyType

import yaml

from chapbook.keys.tree import MAX_DEPTH, UNSPACED_KEY
from chapbook.model.diagnostics import Diagnostic, Edit, Position

__all__ = ["mended", "yaml_fault"]

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
        "found invalid Unicode character escape": ("an escape for a character that doesn't exist", _ESCAPE),
        "found undefined tag handle": ("a value cannot start with '!'", _QUOTE),
        "did not find expected tag URI": ("a value cannot start with '!'", _QUOTE),
        "block sequence entries are not allowed": ("a list item ('- ') can't be here", "start it on its own line"),
        "did not find expected '-'": ("a key among list items", "indent the list, or the key"),
        "did not find expected key": (
            "the line below isn't a key of this block",
            "indent all keys of a block alike",
        ),
        "did not find expected <document start>": (
            "the line below isn't a key of this block",
            "indent all keys of a block alike",
        ),
        "could not find expected ':'": ("a line without 'key:'", "write 'key: value', or indent the continuation line"),
        "did not find expected ',' or ']'": ("a list that opens with '[' never closes", _UNCLOSED),
        "did not find expected ',' or '}'": ("a mapping that opens with '{' never closes", _UNCLOSED),
        "did not find expected node content": ("a list or mapping that is not finished", _UNCLOSED),
        "did not find expected comment or line break": ("text after the end of a value", _QUOTE),
        "did not find URI escaped octet": ("a value cannot start with '!' or '%'", _QUOTE),
        "tab character": ("a tab where YAML takes only spaces", "indent with spaces"),
    }
)
"""By the start of libyaml's message; the pure Python parser's are the same or use the general case."""
_FROM_CONTEXT = (
    "while scanning a quoted scalar",
    "while parsing a flow sequence",
    "while parsing a flow mapping",
    "while scanning a simple key",
)
"""Errors better shown where the construct begins than where the parser noticed."""


def yaml_fault(error: yaml.YAMLError, text: str, code: str, first_line: int) -> Diagnostic:
    """The diagnostic for a syntax error in `text`, which begins on `first_line` of its file."""
    problem = str(getattr(error, "problem", None) or "")
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Diagnostic.of(code, f"invalid YAML: {problem or 'it cannot be read'}", hint=_QUOTE)
    lines = text.split("\n")
    slip = _unindented(problem, lines, mark.line, mark.column) or _unfinished(problem, lines, mark.line, mark.column)
    if slip is not None:
        line, column, words, hint = slip
        words = _LINE.sub(lambda found: f"line {int(found[1]) + first_line}", words)
        return Diagnostic.of(code, f"invalid YAML: {words}", at=Position(line + first_line, column + 1), hint=hint)
    context = str(getattr(error, "context", None) or "")
    if getattr(error, "context_mark", None) is not None and context.startswith(_FROM_CONTEXT):
        mark = getattr(error, "context_mark", mark)
    at = Position(mark.line + first_line, mark.column + 1)
    if "maximum nesting depth" in problem:
        return Diagnostic.of("too-deep", f"more than {MAX_DEPTH} levels of lists or mappings", at=at)
    if _character(lines, mark.line, mark.column) == "\t":
        problem = "tab character"
    for start, (words, hint) in _WORDS.items():
        if problem.startswith(start):
            return Diagnostic.of(code, f"invalid YAML: {words}", at=at, hint=hint)
    return Diagnostic.of(code, f"invalid YAML: {problem or 'it cannot be read'}", at=at, hint=_QUOTE)


_Slip = tuple[int, int, str, str]
"""Line and column from 0, the problem, with lines as ``{line 3}`` from 0, and the hint."""
_LINE = re.compile(r"\{line (\d+)\}")
_KEY = re.compile(r"""(?:- +)*[^\s"'#\[{-][^:\n]*:(?= |$)""")


def _character(lines: list[str], line: int, column: int) -> str:
    return lines[line][column : column + 1] if line < len(lines) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _above(lines: list[str], line: int) -> list[int]:
    """The non-empty lines above `line`, nearest first."""
    return [at for at in range(min(line, len(lines)) - 1, -1, -1) if lines[at].strip() and lines[at].strip()[0] != "#"]


def _unindented(problem: str, lines: list[str], line: int, column: int) -> _Slip | None:
    """A key that isn't aligned with its neighbours; the parser sees a value that continues, or a block that ends."""
    above = _above(lines, line)
    if not above or line >= len(lines):
        return None
    if problem.startswith("mapping values are not allowed"):
        return _key_in_value(lines, line, column, above)
    if problem.startswith(("did not find expected key", "did not find expected <document start>")):
        return _end_of_block(lines, line, above[0])
    return None


def _key_in_value(lines: list[str], line: int, column: int, above: list[int]) -> _Slip | None:
    indent, before = _indent(lines[line]), _indent(lines[above[0]])
    key = _KEY.match(lines[line], indent)
    if key is None or key.end() != column + 1:
        return None
    if indent > before:
        words = f"{{line {line}}} is indented more than {{line {above[0]}}}"
        return (line, indent, words, "align the key with the key above it; put text of several lines in quotes")
    if len(above) == 1 and indent == before and not _KEY.match(lines[above[0]], before):
        return (above[0], before, *_WORDS["could not find expected ':'"])
    return None


def _end_of_block(lines: list[str], line: int, above: int) -> _Slip | None:
    indent, before = _indent(lines[line]), _indent(lines[above])
    item = lines[line].lstrip(" ").startswith("-")
    if indent != before:
        words = f"{{line {line}}} is indented {'less' if indent < before else 'more'} than {{line {above}}}"
        return (line, indent, words, f"begin {'all items of a list' if item else 'all keys of a block'} in one column")
    if item:
        words = f"a list item ('- ') below {{line {above}}}, which has a value already"
        return (line, indent, words, "begin the list on the line below its key, and write nothing beside the key")
    return None


def _unfinished(problem: str, lines: list[str], line: int, column: int) -> _Slip | None:
    """A list or mapping that is never closed (reported where it begins), or a bracket or comma with a part missing."""
    if not problem.startswith("did not find expected node content"):
        return None
    sign = _character(lines, line, column)
    if sign == ",":
        return (line, column, "a comma without a value before it", "remove the comma, or write the value")
    if sign in ("]", "}") and sign:
        return (line, column, f"'{sign}' closes nothing", "remove it, or put a value that begins with it in quotes")
    opened: list[tuple[int, int]] = []
    for at, each in enumerate(lines[: line + 1]):
        for place, character in enumerate(each[:column] if at == line else each):
            if character in "[{":
                opened.append((at, place))
            elif character in "]}" and opened:
                opened.pop()
    if not opened or sign:
        return None
    at, place = opened[-1]
    kind = "list" if lines[at][place] == "[" else "mapping"
    return (at, place, f"a {kind} that opens with '{lines[at][place]}' never closes", _UNCLOSED)


_MOST = 20_000
"""Characters of a text that is put right: each slip means to parse it once more."""


_MOST_SLIPS = 20
_TABS = re.compile(r"\t+(?=\S)")


_VALUE = re.compile(r"([A-Za-z][\w-]*:[ \t]+)(\S.*?)[ \t]*")
_STARTS = "@`%"
"""What no plain value may begin with."""


def mended(text: str, first_line: int, loader: type) -> tuple[Edit, ...]:
    """The changes that make a mapping of `text`, which is no YAML; `first_line` is its first in the file.

    There are none where something else may be meant.
    """
    if len(text) > _MOST:
        return ()
    lines = text.split("\n")
    for _ in range(_MOST_SLIPS):
        error = _error_in(lines, loader)
        if error is None:
            return tuple(
                Edit(Position(first_line + at), old, new)
                for at, (old, new) in enumerate(zip(text.split("\n"), lines, strict=True))
                if old != new
            )
        if not _put_right(lines, error):
            break
    return ()


def _error_in(lines: list[str], loader: type) -> yaml.MarkedYAMLError | None:
    """What is wrong with the lines: the error of the parser; an empty one where they are no mapping."""
    try:
        events = list(yaml.parse("\n".join(lines), Loader=loader))
    except yaml.MarkedYAMLError as error:
        return error
    except yaml.YAMLError:
        return yaml.MarkedYAMLError()
    root = events[2] if len(events) > 2 else None  # noqa: PLR2004 - after the starts of stream and document
    return None if isinstance(root, yaml.MappingStartEvent) else yaml.MarkedYAMLError()


def _put_right(lines: list[str], error: yaml.MarkedYAMLError) -> bool:
    """Puts right one slip of the kinds that are known here, in `lines`; false where there is none at the error."""
    marks = [each for each in (error.context_mark, error.problem_mark) if each is not None]
    near = dict.fromkeys(line for each in marks for line in (each.line, each.line - 1) if 0 <= line < len(lines))
    if any(lines[at].startswith("\t") for at in near):
        return _untabbed(lines)
    for at in near:
        unspaced, valued = UNSPACED_KEY.match(lines[at]), _VALUE.fullmatch(lines[at])
        if unspaced:
            end = unspaced.end(1) + 1
            lines[at] = f"{lines[at][:end]} {lines[at][end:]}"
            return True
        if valued and _needs_quotes(valued[2]):
            lines[at] = f'{valued[1]}"{valued[2]}"'
            return True
    return False


def _untabbed(lines: list[str]) -> bool:
    """Two spaces for each tab at the beginning of a line; not where a line begins with tabs and spaces."""
    if any(re.match(r"(?:\t+ | +\t)", line) for line in lines):
        return False
    for at, line in enumerate(lines):
        lines[at] = _TABS.sub(lambda found: "  " * len(found[0]), line, count=1) if line.startswith("\t") else line
    return True


def _needs_quotes(value: str) -> bool:
    if re.search(r'["\\]|[ \t]#', value) or value[0] in "'|>[{#":
        return False
    return value[0] in _STARTS or ": " in value or value.endswith(":")
