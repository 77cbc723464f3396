"""Writes a book.yaml for people to edit: the known values, and a line for each key that most people need.

So another tool's project, or a plain folder of chapters, becomes a book of chapbook's.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from types import MappingProxyType

import yaml
from msgspec import Struct
from msgspec.structs import fields, replace

from chapbook.keys.settings_file import BookFields, parse_settings
from chapbook.keys.table import BOOK_KEYS
from chapbook.model.contents import Chapter, Item, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.metadata import Contributor, Identifier, Metadata
from chapbook.model.names import VOLUMES_NAME
from chapbook.model.order import in_order
from chapbook.model.settings import ContentFile, Settings
from chapbook.packaging.publication import identifier_of
from chapbook.reading.content_folder import MOST_BYTES, read_bytes
from chapbook.reading.folder import FolderContents, project_of, read_folder, settings_files
from chapbook.reading.project import Project
from chapbook.reading.walk import shown, walk

__all__ = ["Content", "book_yaml", "files_of_project", "front_matter", "scalar", "values_of_metadata"]

Content = bytes | Callable[[], bytes]
"""A file's bytes, or a function that returns them when it is written."""

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


_HIDDEN = (".gitbook.yaml",)
"""Hidden files that say where a tool's pages are."""


def files_of_project(
    source: str | PathLike[str], *, alone: bool
) -> tuple[Mapping[str, Content], tuple[Diagnostic, ...]]:
    """The files of a book that equals the one in the folder `source`, by path, and diagnostics.

    They are the book.yaml `alone`, or with all files of the folder. Raises ChapbookError if the folder doesn't exist,
    already has a book.yaml or volumes.yaml, or its book has an error.
    """
    read = read_folder(source)
    root = Path(os.path.abspath(source))  # noqa: PTH100 - like in reading
    found = walk(root)
    _refuse_settings(found.folders[""].files, os.fspath(source))
    if has_errors(read.diagnostics):
        place = shown(os.fspath(source))
        raise ChapbookError(
            *(replace(each, path=f"{place}/{each.path}") for each in read.diagnostics if has_errors((each,)))
        )
    project = project_of(root, found, BookFields())
    text, refused = _settings_of(read, project, source)
    said = tuple(_not_said(key, read.source) for key in refused)
    if alone:
        return {"book.yaml": text.encode()}, said
    templates = tuple(f"{each}/" for each in project.left_out)
    names = sorted(
        each for each in {*found.paths, *found.hidden.intersection(_HIDDEN)} if not each.startswith(templates)
    )
    return {**{name: partial(read_bytes, root, name, MOST_BYTES) for name in names}, "book.yaml": text.encode()}, said


def _refuse_settings(names: list[str], named: str) -> None:
    for name in (*settings_files(names), *({VOLUMES_NAME} & set(names))):
        message = f"'{shown(named)}' is a book of chapbook's already: it has the file '{name}'"
        hint = "change that file, or move it away to have a new one"
        raise ChapbookError(Diagnostic.of("files-in-the-way", message, path=shown(named), hint=hint))


def _settings_of(read: FolderContents, project: Project, source: str | PathLike[str]) -> tuple[str, tuple[str, ...]]:
    """The book.yaml with which the folder stays the book that was `read`, and the keys that can't be written."""
    values = values_of_metadata(read.metadata)
    values["identifier"] = identifier_of(read.metadata).value
    settings = read.settings
    for key in ("syntax", "link_prefix"):
        if getattr(settings, key):
            values[key] = list(getattr(settings, key))
    if settings.dialect != Settings().dialect:
        values["dialect"] = settings.dialect
    if isinstance(settings.cover, ContentFile):
        values["cover"] = settings.cover.path
    if project.assets:
        values["assets"] = list(project.assets)
    if not project.file:
        return book_yaml(values)
    text, refused = book_yaml({**values, "order": project.file})
    again = read_folder(source, shared=parse_settings(text))
    # If weights take precedence over the tool's file, or it orders nothing, no key says the same.
    return (text, refused) if _tree(again.items) == _tree(read.items) else book_yaml(values)


def _tree(items: Iterable[Item]) -> list[object]:
    """Files and titles in the order of the book, each part with its contents."""
    return [
        (_named(each.opening), _tree(each.contents)) if isinstance(each, Part) else _named(each)
        for each in in_order(items)
    ]


def _named(chapter: Chapter) -> tuple[str, str, str]:
    return chapter.path, chapter.title, chapter.contents_title


def _not_said(key: str, source: str) -> Diagnostic:
    message = f"book.yaml has no '{key}', because chapbook doesn't accept its value in the old project"
    return Diagnostic.of("navigation", message, path=shown(source))
