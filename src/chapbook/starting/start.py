"""The library's part of ``chapbook new``: makes a folder with a small book, or with the book of another source."""

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
from chapbook.starting.book_yaml import scalar
from chapbook.starting.new_files import Content, refuse_files, write_new_files

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
        refuse_files(target, os.fspath(folder))
        try:
            from chapbook.starting.from_epub import files_of_epub  # noqa: PLC0415 - it needs an extra
        except ModuleNotFoundError as error:
            message = "a book from an EPUB needs markdownify, which isn't installed"
            fault = Diagnostic.of("extra-missing", message, hint="pip install 'chapbook[epub]'")
            raise ChapbookError(fault) from error
        return _written(target, folder, *files_of_epub(source))
    from chapbook.starting.from_project import files_of_project  # noqa: PLC0415 - which reads a whole folder

    root = Path(os.path.abspath(source))  # noqa: PTH100 - as above
    inside = root.exists() and target.exists() and root.samefile(target)
    if not inside:
        refuse_files(target, os.fspath(folder))
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
        refuse_files(target, os.fspath(named))
    files = _with_schemas(files, target)
    write_new_files(target, files, os.fspath(named))
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
