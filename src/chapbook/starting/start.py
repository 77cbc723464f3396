"""The library's part of ``chapbook new``: makes a folder with a small book, or with the book of another source.

New files are written never over existing ones, never outside the folder, and all or none.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType

from chapbook.keys.schema import SchemaName, json_schema
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.names import readable
from chapbook.model.value import Value
from chapbook.reading.walk import shown
from chapbook.starting import TEMPLATES
from chapbook.starting.book_yaml import Content, files_of_project, scalar

__all__ = ["StartedBook", "start_book"]

_SCHEMAS: Mapping[str, SchemaName] = MappingProxyType({"book.yaml": "book", "volumes.yaml": "volumes"})
_FOLDER = Path(__file__).parent.parent / "templates"


class StartedBook(Value, frozen=True, kw_only=True):
    """What `start_book` wrote."""

    folder: Path
    """The content folder, or the library."""
    files: tuple[str, ...]
    """The paths of the new files in it, with slashes."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What the new book lacks compared with its source."""


def start_book(
    folder: str | PathLike[str], *, template: str = TEMPLATES[0], source: str | PathLike[str] | None = None
) -> StartedBook:
    """Writes a first book into `folder`, never over existing files.

    Without a `source` it is a small book from the `template`, with the folder's name as its title. A `source` is
    another tool's project, which gets a book.yaml and a copy of its files (only the book.yaml if `folder` is the
    project itself); or an EPUB, whose chapters become Markdown.

    Raises ChapbookError if files are in the way (``files-in-the-way``), the source can't be read, or the files can't be
    written; then nothing is left behind.
    """
    target = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link that the user gave
    if source is None:
        return _written(target, folder, _from_template(template, readable(shown(target.name)) or "Book"))
    if os.path.isfile(source):  # noqa: PTH113 - which raises nothing
        _refuse_files(target, os.fspath(folder))
        try:
            from chapbook.starting.from_epub import files_of_epub  # noqa: PLC0415 - it needs an extra
        except ModuleNotFoundError as error:
            message = "a book from an EPUB needs markdownify, which isn't installed"
            fault = Diagnostic.of("extra-missing", message, hint="pip install 'chapbook[epub]'")
            raise ChapbookError(fault) from error
        return _written(target, folder, *files_of_epub(source))
    root = Path(os.path.abspath(source))  # noqa: PTH100 - as above
    inside = root.exists() and target.exists() and root.samefile(target)
    if not inside:
        _refuse_files(target, os.fspath(folder))
    files, said = files_of_project(source, alone=inside)
    return _written(target, folder, files, said, inside=inside)


def _written(
    target: Path,
    named: str | PathLike[str],
    files: Mapping[str, Content],
    said: tuple[Diagnostic, ...] = (),
    *,
    inside: bool = False,
) -> StartedBook:
    """Writes the `files`: `inside` an existing project, or into a folder of their own."""
    if not inside:
        _refuse_files(target, os.fspath(named))
    files = _with_schemas(files, target)
    _write_new_files(target, files, os.fspath(named))
    return StartedBook(folder=Path(named), files=tuple(files), diagnostics=said)


def _with_schemas(files: Mapping[str, Content], target: Path) -> dict[str, Content]:
    """The files, with the schemas by which an editor completes and checks the settings in them.

    A schema that `target` has already, from an earlier try, stays. The names are hidden, so no book looks at them.
    """
    made: dict[str, Content] = {}
    schemas: dict[str, Content] = {}
    for path, content in files.items():
        folder, _, name = path.rpartition("/")
        if name not in _SCHEMAS or not isinstance(content, bytes):
            made[path] = content
            continue
        schema = f".{_SCHEMAS[name]}.schema.json"
        way = "../" * (folder.count("/") + 1 if folder else 0) + schema
        made[path] = f"# yaml-language-server: $schema={way}\n".encode() + content
        if not os.path.lexists(target / schema):
            schemas[schema] = (json.dumps(json_schema(_SCHEMAS[name]), indent=2) + "\n").encode()
    return made | schemas


def _from_template(name: str, title: str) -> dict[str, bytes]:
    """The files of the template `name`, with `title` and a new identifier."""
    if name not in TEMPLATES:
        message = f"there is no template '{name}'"
        raise ChapbookError(Diagnostic.of("value-invalid", message, hint=f"use one of {', '.join(TEMPLATES)}"))
    files: dict[str, bytes] = {}
    for path in sorted((_FOLDER / name).rglob("*")):
        if path.is_file():
            text = path.read_text("utf-8").replace("{title}", scalar(title))
            text = text.replace("{identifier}", f"urn:uuid:{uuid.uuid4()}")
            files[path.relative_to(_FOLDER / name).as_posix()] = text.encode()
    return files


_MOST_NAMED = 10
_ONLY_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def _refuse_files(folder: Path, named: str) -> None:
    """Raises ChapbookError (``files-in-the-way``) if `folder`, which messages call `named`, isn't empty.

    Hidden names such as ``.git`` don't count: no book reads them.
    """
    if not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):  # noqa: PTH112 - which raises nothing
        raise _in_the_way(named, f"'{shown(named)}' is a file")
    try:
        names = sorted(each for each in os.listdir(folder) if not each.startswith("."))  # noqa: PTH208 - names are wanted
    except OSError as error:
        raise _unwritable(named, error) from error
    if names:
        raise _in_the_way(named, f"'{shown(named)}' isn't empty: {_listed(names)}")


def _write_new_files(folder: Path, files: Mapping[str, Content], named: str) -> None:
    """Writes `files` by their paths in `folder`, and creates the folder if needed.

    Raises ChapbookError if a file exists already (``files-in-the-way``) or can't be written (``output-unwritable``).
    Files written before that are removed again.
    """
    there = [path for path in files if os.path.lexists(folder / path)]
    if there:
        raise _in_the_way(named, f"'{shown(named)}' has these files already: {_listed(there)}")
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        for path, content in files.items():
            at = folder / path
            if not at.resolve().is_relative_to(folder.resolve()):
                raise _in_the_way(named, f"'{shown(path)}' leads out of '{shown(named)}'")
            _make_folder(at.parent, made)
            with os.fdopen(os.open(at, _ONLY_NEW, 0o666), "wb") as file:
                made.append(at)
                file.write(content if isinstance(content, bytes) else content())
    except (OSError, ChapbookError) as error:
        _remove(made)
        raise (error if isinstance(error, ChapbookError) else _unwritable(named, error)) from error


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Creates `folder` and missing ones above it, and records them in `made`."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, made)
    folder.mkdir()
    made.append(folder)


def _remove(made: list[Path]) -> None:
    for path in reversed(made):
        try:
            path.rmdir() if path.is_dir() else path.unlink()
        except OSError:  # someone else's file is in the folder by now, or it is gone
            continue


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(shown(each) for each in names[:_MOST_NAMED]) + more


def _in_the_way(named: str, message: str) -> ChapbookError:
    hint = "give a new folder, or move the files away: chapbook doesn't write over them"
    return ChapbookError(Diagnostic.of("files-in-the-way", message, path=shown(named), hint=hint))


def _unwritable(named: str, error: OSError) -> ChapbookError:
    reason = (error.strerror or "the system refuses").lower()
    message = f"'{shown(named)}' cannot be written: {reason}"
    return ChapbookError(Diagnostic.of("output-unwritable", message, path=shown(named), hint="give another folder"))
