"""One book to be built, as a value that any process may be given: its source, its file, what was chosen for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct
from msgspec.structs import replace

from chapbook.model.diagnostics import Diagnostic, has_errors
from chapbook.model.fields import Checked, Flag, Kind, Texts, instance, list_of, optional, whole
from chapbook.model.limits import DEFAULTS, Limits
from chapbook.model.output_names import PATTERN
from chapbook.model.settings import THEME
from chapbook.model.value import EMPTY, NONE, Given

if TYPE_CHECKING:
    from chapbook.keys.settings import BookFields
    from chapbook.reading.folder import FolderContents

__all__ = ["AS_THEY_ARE", "OMNIBUS", "BookRequest", "Choices", "StrPath", "current_folder", "where_it_lies"]

StrPath = str | PathLike[str]


def _path(value: object) -> Path:
    if isinstance(value, str | PathLike):
        return Path(value)
    raise TypeError


_PATH = Kind(takes="a path", check=_path)
_PATHS = list_of(_PATH, takes="a path or a list of paths")


class Choices(Checked, frozen=True, kw_only=True):
    """What is chosen for every book of a run, over what its own book.yaml says."""

    theme: Annotated[str | Path | None, optional(THEME)] = None
    css: Annotated[Given[tuple[Path, ...], Iterable[StrPath] | StrPath], _PATHS] = EMPTY
    """Sheets that come after the book's own."""
    cover: Annotated[Given[Path | None, StrPath | None], optional(_PATH)] = NONE
    assets: Annotated[Given[tuple[Path, ...], Iterable[StrPath] | StrPath], _PATHS] = EMPTY
    """Folders whose files chapters may refer to as if they lay in the content folder."""
    drafts: Flag = False
    strict: Flag = False
    jobs: Annotated[int, whole(0)] = 1
    """Processes, for the books where there are several and for the chapters of a single one; 0: as many as pay."""
    cache: Annotated[Given[Path | None, StrPath | None], optional(_PATH)] = NONE
    """The folder that keeps what was rendered; ``None``: everything is rendered anew."""
    allow_extensions: Texts = EMPTY
    """Markdown extensions that a content folder may name though they are not registered as such."""
    plugins: Texts = EMPTY
    """Installed plug-ins that each book uses, by their names."""
    only: Texts = EMPTY
    """Of libraries, the volumes that are built, each by its folder, the folder's last name or its title; empty: all."""
    name: Annotated[str, PATTERN] = ""
    """The pattern of files' names; empty: that of volumes.yaml, else the title."""
    force: Flag = False
    """Whether what has not changed is written again."""
    limits: Annotated[Limits, instance(Limits, takes="Limits")] = DEFAULTS
    """What the run may take, and what its content may hold."""


AS_THEY_ARE = Choices()
"""Nothing chosen: each book is built as its book.yaml says."""


class BookReader(Struct, frozen=True):
    """How the source of a request is read, which any process may do."""

    read: Callable[[BookRequest], FolderContents]
    head: Callable[[BookRequest], BookFields]
    """What is said of the book as a whole, its title among it, known before any chapter is read."""


# A book of which nothing has changed is not read at all, and what reads one is loaded when it is needed.


def _read_folder(request: BookRequest) -> FolderContents:
    from chapbook.reading.source import read_source  # noqa: PLC0415 - see above

    chosen = request.choices
    return read_source(
        request.source, drafts=chosen.drafts, shared=request.shared, volumes=request.volumes, assets=chosen.assets
    )


def _folder_head(request: BookRequest) -> BookFields:
    from chapbook.reading.source import read_head  # noqa: PLC0415 - see above

    return read_head(request.source, request.shared, drafts=request.choices.drafts)


def _read_library(request: BookRequest) -> FolderContents:
    from chapbook.reading.omnibus import read_omnibus  # noqa: PLC0415 - see above

    return read_omnibus(request.source, drafts=request.choices.drafts)


def _library_head(request: BookRequest) -> BookFields:
    from chapbook.reading.omnibus import library_head  # noqa: PLC0415 - see above

    return library_head(request.source)


FOLDER = BookReader(_read_folder, _folder_head)
"""The source is a content folder or a Markdown file."""
OMNIBUS = BookReader(_read_library, _library_head)
"""The source is a library, whose volumes are one book."""


class BookRequest(Struct, frozen=True, kw_only=True):
    """One book to be built: a value that any process may be given."""

    source: str
    """The content folder or Markdown file, as it was given."""
    output: Path | None = None
    """The file to write; ``None``: the book is only checked."""
    choices: Choices = AS_THEY_ARE
    shared: BookFields | None = None
    """What the series says of all its volumes."""
    volumes: tuple[str, ...] = ()
    """The titles of all volumes of the series, in order."""
    said: tuple[Diagnostic, ...] = ()
    """What was found before the book was read."""
    is_library: bool = False
    """Whether there is no book, only what there is to say of a volumes.yaml."""
    library: str = ""
    """The folder of the volumes.yaml that lists the book."""
    folder: str = ""
    """The book's own folder, as that volumes.yaml lists it."""
    pattern: str = ""
    """That of its file's name; empty: the title."""
    reader: BookReader = FOLDER
    base: str = ""
    """The folder that relative paths count from, where another process may have another current one."""

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing left to do but to say what was found. A check goes on to say the rest."""
        return self.is_library or (self.output is not None and has_errors(self.said))


def current_folder() -> str:
    """The folder that relative paths count from here; empty where it is gone."""
    try:
        return os.getcwd()  # noqa: PTH109 - a string is wanted
    except OSError:  # it was removed: only absolute paths are of use then
        return ""


def where_it_lies(request: BookRequest) -> BookRequest:
    """The request with paths that lead where they should from this process; unchanged where they do already."""
    if not request.base or request.base == current_folder():
        return request
    base, choices = Path(request.base), request.choices
    return replace(
        request,
        source=str(base / request.source),
        library=request.library and str(base / request.library),
        output=request.output and base / request.output,
        choices=replace(
            choices,
            theme=base / choices.theme if isinstance(choices.theme, Path) else choices.theme,
            css=tuple(base / each for each in choices.css),
            assets=tuple(base / each for each in choices.assets),
            cover=choices.cover and base / choices.cover,
            cache=choices.cache and base / choices.cache,
        ),
    )
