"""Patterns for the books' file names: ``{series}-{index:02}-{slug}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from chapbook.model.fields import Kind
from chapbook.model.names import file_name
from chapbook.model.near import nearest

__all__ = ["FIELDS", "PATTERN", "check_pattern", "name_by"]

FIELDS = ("series", "index", "slug", "title", "author", "identifier", "language", "date")
_LISTED = ", ".join(f"{{{each}}}" for each in FIELDS)
_MOST = 200
_WIDTH = re.compile("0[1-9]")
_SUFFIX = re.compile(r"\.epub$", re.IGNORECASE)


def check_pattern(pattern: str) -> str:
    """Returns `pattern` if it is valid. Raises ValueError, which says what is wrong.

    A field is one of `FIELDS`, without attributes, items, conversions or formats, except for the number of digits of
    the index, one to nine (``{index:02}``).
    """
    if len(pattern) > _MOST:
        raise ValueError(f"a pattern has at most {_MOST} characters")
    if not pattern.strip():
        raise ValueError("the pattern is empty")
    if "/" in pattern or "\\" in pattern:
        raise ValueError("a pattern is the name of a file, without folders: name the folder with -o")
    try:
        pieces = list(Formatter().parse(pattern))
    except ValueError:
        raise ValueError("it has an unmatched brace; write two for the brace itself") from None
    for _, name, form, conversion in pieces:
        if name is None:
            continue
        if name not in FIELDS:
            near = nearest(name, FIELDS)
            raise ValueError(
                f"there is no field '{{{name}}}'; " + (f"did you mean '{{{near}}}'? " if near else "") + _KNOWN
            )
        if conversion or (form and not (name == "index" and _WIDTH.fullmatch(form))):
            raise ValueError(f"'{{{name}}}' takes no format; only the index has one, its digits: {{index:02}}")
    return pattern


_KNOWN = f"the fields are {_LISTED}"


def name_by(pattern: str, values: Mapping[str, str]) -> str:
    """A file name without suffix, made from a checked `pattern`. Values that are missing are left out."""
    written = []
    for literal, name, form, _ in Formatter().parse(_SUFFIX.sub("", pattern)):
        value = values.get(name, "") if name else ""
        if form and value:
            whole, point, part = value.partition(".")
            value = whole.zfill(int(form)) + point + part
        written += [literal, value]
    return file_name("".join(written))


def _pattern(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return check_pattern(value) if value else value


PATTERN = Kind(takes=f"a file name with the fields {_LISTED}", check=_pattern)
