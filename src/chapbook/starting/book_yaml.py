"""Writes a book.yaml for people to edit: the known values, and a line for each key that most people need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import yaml
from msgspec import Struct
from msgspec.structs import fields

from chapbook.keys.settings_file import parse_settings
from chapbook.keys.table import BOOK_KEYS
from chapbook.model.metadata import Contributor, Identifier, Metadata
from chapbook.model.settings import ContentFile

__all__ = ["book_yaml", "front_matter", "scalar", "values_of_metadata"]

_GROUPS = (
    ("title", "subtitle", "authors", "contributors", "language"),
    ("identifier",),
    ("description", "publisher", "date", "rights", "subjects", "series"),
    ("theme", "accent", "cover"),
)
"""Keys in this order, with a blank line between groups; others follow if they have a value."""
_EXAMPLES = MappingProxyType(
    {
        "subtitle": "A Novel",
        "authors": "[Ann Author, Ben Author]",
        "description": "What shops and libraries show, in a few sentences.",
        "publisher": "Your Press",
        "date": "2026-05-01",
        "rights": "© 2026 Ann Author",
        "subjects": "[Harbours, Tides]",
        "series": "{name: The Name of the Series, index: 1}",
        "theme": "classic",
        "accent": '"#7a3b2e"',
        "cover": "cover.jpg",
    }
)
_KEPT_BY = "Reading apps use it to keep readers' places and notes, even if the title changes. Don't change it."
_ABOUT = {key.name: key.meaning for key in BOOK_KEYS} | {
    "identifier": _KEPT_BY,
    "theme": "The look of the book: a built-in theme, or a folder of your own. 'chapbook themes' lists the themes.",
    "cover": "Without a cover chapbook draws one. A cover.jpg beside this file is found without this line.",
}
_HEAD = "# About the book. Every key is optional; a line that begins with '#' is switched off.\n"
_PLAIN = frozenset({"title", "subtitle", "authors", "description", "publisher", "date", "rights", "subjects", "series"})
"""Keys that need no comment."""


def book_yaml(values: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """A book.yaml with `values`, and the keys whose values chapbook wouldn't accept.

    Those keys are left out of the text.
    """
    refused = tuple(key for key, value in values.items() if parse_settings(f"{key}: {scalar(value)}\n").diagnostics)
    kept = {key: value for key, value in values.items() if key not in refused}
    others = tuple(key.name for key in BOOK_KEYS if key.name in kept and not any(key.name in each for each in _GROUPS))
    groups = ("\n".join(_lines(group, kept)) for group in (*_GROUPS, others))
    return _HEAD + "\n\n".join(filter(None, groups)) + "\n", refused


def _lines(group: Sequence[str], values: Mapping[str, object]) -> Iterator[str]:
    """A line for each key: its value, or a commented-out example; above it its meaning, unless the name says it.

    (A comment after a value could be meant as part of it, and chapbook warns about that.)
    """
    for key in group:
        name = "author" if key == "authors" and isinstance(values.get(key), str) else key
        line = f"{name}: {scalar(values[key])}" if key in values else f"# {key}: {_EXAMPLES.get(key, '')}"
        if key in values or key in _EXAMPLES:
            yield line if key in _PLAIN else f"# {_ABOUT[key]}\n{line}"


def scalar(value: object) -> str:
    """A value as YAML on one line."""
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=float("inf"), sort_keys=False)
    return written.removesuffix("\n").removesuffix("\n...").strip()


def front_matter(values: Mapping[str, object]) -> str:
    """A chapter's front matter with `values`, without empty ones."""
    said = (f"{key}: {scalar(value)}\n" for key, value in values.items() if value not in ("", None, (), "chapter"))
    return f"---\n{''.join(said)}---\n\n"


def values_of_metadata(metadata: Metadata) -> dict[str, object]:
    """A book's metadata in the form of book.yaml, without empty values."""
    names = (each.name for each in fields(type(metadata)))
    said = {name: _plain(getattr(metadata, name)) for name in names}
    said.pop("modified")
    if isinstance(said.get("series"), dict):
        said["series"] = {key: value for key, value in said["series"].items() if key != "volumes"}  # type: ignore[attr-defined]  # a dict
    return {name: value for name, value in said.items() if value}


def _plain(value: object) -> object:
    """A value of the model as plain data for YAML: mappings, lists and texts."""
    if isinstance(value, Contributor) and value == Contributor(name=value.name):
        return value.name
    if isinstance(value, Identifier | ContentFile):
        return value.value if isinstance(value, Identifier) else value.path
    if isinstance(value, Struct):
        return {each.name: _plain(found) for each in fields(type(value)) if (found := getattr(value, each.name))}
    if isinstance(value, tuple | list):
        found = [_plain(each) for each in value]
        return found[0] if len(found) == 1 and isinstance(found[0], str) else found
    return value.isoformat() if isinstance(value, dt.date) else value
