"""Converts another tool's project, or a plain folder of chapters, by writing a book.yaml for it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from os import PathLike
from pathlib import Path

from msgspec.structs import replace

from chapbook.keys.settings_file import BookFields, parse_settings
from chapbook.model.contents import Chapter, Item, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.names import VOLUMES_NAME
from chapbook.model.order import in_order
from chapbook.model.settings import ContentFile, Settings
from chapbook.packaging.publication import identifier_of
from chapbook.reading.content_folder import MOST_BYTES, read_bytes
from chapbook.reading.folder import FolderContents, project_of, read_folder, settings_files
from chapbook.reading.project_files import Project
from chapbook.reading.walk import shown, walk
from chapbook.starting.book_yaml import book_yaml, values_of_metadata
from chapbook.starting.new_files import Content

__all__ = ["files_of_project"]

_NAME = "book.yaml"
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
        return {_NAME: text.encode()}, said
    templates = tuple(f"{each}/" for each in project.left_out)
    names = sorted(
        each for each in {*found.paths, *found.hidden.intersection(_HIDDEN)} if not each.startswith(templates)
    )
    return {**{name: partial(read_bytes, root, name, MOST_BYTES) for name in names}, _NAME: text.encode()}, said


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
        (_chapter(each.opening), _tree(each.contents)) if isinstance(each, Part) else _chapter(each)
        for each in in_order(items)
    ]


def _chapter(chapter: Chapter) -> tuple[str, str, str]:
    return chapter.path, chapter.title, chapter.contents_title


def _not_said(key: str, source: str) -> Diagnostic:
    message = f"book.yaml has no '{key}', because chapbook doesn't accept its value in the old project"
    return Diagnostic.of("navigation", message, path=shown(source))
