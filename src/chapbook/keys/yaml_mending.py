"""Slips in YAML that can be put right since only one thing can be meant.

A tab as indentation, no space after a key's colon, and a value that needs quotation marks: a colon and a space in it,
or a character at its beginning that YAML keeps for itself. The file is changed only if it is a mapping afterwards.
"""

from __future__ import annotations

import re

import yaml

from chapbook.keys.tree import UNSPACED_KEY
from chapbook.model.diagnostics import Edit, Position

__all__ = ["mended"]

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
        error = _fault(lines, loader)
        if error is None:
            return tuple(
                Edit(Position(first_line + at), old, new)
                for at, (old, new) in enumerate(zip(text.split("\n"), lines, strict=True))
                if old != new
            )
        if not _put_right(lines, error):
            break
    return ()


def _fault(lines: list[str], loader: type) -> yaml.MarkedYAMLError | None:
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
