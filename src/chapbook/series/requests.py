"""A request to build one book, which can be sent to other processes: its source, its file, the user's choices."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

from msgspec import Struct
from msgspec.structs import replace

from chapbook.model.codes import CODES, Severity
from chapbook.model.diagnostics import Diagnostic, Report, has_errors, sifted
from chapbook.model.fields import Checked, Flag, Kind, Texts, instance, list_of, optional, several_of, whole
from chapbook.model.limits import DEFAULTS, Limits
from chapbook.model.names import PATTERN
from chapbook.model.settings import THEME
from chapbook.model.targets import TargetName
from chapbook.model.value import EMPTY, NONE, Given

if TYPE_CHECKING:
    from chapbook.keys.settings_file import BookFields
    from chapbook.reading.folder import FolderContents

__all__ = [
    "AS_THEY_ARE",
    "OMNIBUS",
    "BookRequest",
    "Choices",
    "StrPath",
    "current_folder",
    "said_before",
    "unwanted",
    "where_it_lies",
]

StrPath = str | PathLike[str]


def _path(value: object) -> Path:
    if isinstance(value, str | PathLike):
        return Path(value)
    raise TypeError


_PATH = Kind(takes="a path", check=_path)
_GENERIC: Any = ("generic",)
_PATHS = list_of(_PATH, takes="a path or a list of paths")


class Choices(Checked, frozen=True, kw_only=True):
    """What the user chose for all books of a run; it overrides each book.yaml."""

    theme: Annotated[str | Path | None, optional(THEME)] = None
    css: Annotated[Given[tuple[Path, ...], Iterable[StrPath] | StrPath], _PATHS] = EMPTY
    """Sheets that come after the book's own."""
    cover: Annotated[Given[Path | None, StrPath | None], optional(_PATH)] = NONE
    assets: Annotated[Given[tuple[Path, ...], Iterable[StrPath] | StrPath], _PATHS] = EMPTY
    """Folders whose files chapters can refer to as if they were in the content folder."""
    drafts: Flag = False
    strict: Flag = False
    jobs: Annotated[int, whole(0)] = 1
    """Number of worker processes, for several books or for the chapters of one; 0 chooses automatically."""
    cache: Annotated[Given[Path | None, StrPath | None], optional(_PATH)] = NONE
    """The folder for rendered chapters; ``None``: no cache."""
    allow_extensions: Texts = EMPTY
    """Markdown extensions that a content folder may name although they aren't registered."""
    plugins: Texts = EMPTY
    """Installed plug-ins that each book uses, by their names."""
    only: Texts = EMPTY
    """For libraries: the volumes to build, by folder, the folder's last part, or title; empty: all."""
    name: Annotated[str, PATTERN] = ""
    """The pattern for file names; empty: that of volumes.yaml, or the title."""
    select: Texts = EMPTY
    """Codes of the only warnings and notes that are reported; empty: all."""
    ignore: Texts = EMPTY
    """Codes of warnings and notes that aren't reported."""
    force: Flag = False
    """Whether to write unchanged books again."""
    targets: Annotated[
        Given[tuple[TargetName, ...], Iterable[str] | str],
        several_of(*get_args(TargetName), takes=f"a list of {', '.join(get_args(TargetName))}"),
    ] = _GENERIC
    """The stores and reading systems that each book is built for, a file for each; a request has one."""
    limits: Annotated[Limits, instance(Limits, takes="Limits")] = DEFAULTS
    """What the run may take, and what its content may hold."""


def unwanted(choices: Choices) -> dict[str, str]:
    """The codes of the messages that `select` and `ignore` leave out, without reasons, as `Book.messages` has them."""
    chosen = {*choices.ignore, *(set(CODES).difference(choices.select) if choices.select else ())}
    return {code: "" for code, row in CODES.items() if code in chosen and row.severity is not Severity.ERROR}


AS_THEY_ARE = Choices()
"""No choices: each book is built as its book.yaml says."""


class BookReader(Struct, frozen=True):
    """How to read the source of a request, in whichever process."""

    read: Callable[[BookRequest], FolderContents]
    head: Callable[[BookRequest], BookFields]
    """Reads the book's metadata and settings, including its title, without reading chapters."""


# An unchanged book isn't read at all, so import what reads one only when needed.


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
    """A request to build one book; it can be sent to other processes."""

    source: str
    """The content folder or Markdown file, as it was given."""
    output: Path | None = None
    """The file to write; ``None``: the book is only checked."""
    choices: Choices = AS_THEY_ARE
    shared: BookFields | None = None
    """What the series sets for all its volumes."""
    volumes: tuple[str, ...] = ()
    """The titles of all volumes of the series, in order."""
    said: tuple[Diagnostic, ...] = ()
    """Diagnostics from before the book was read."""
    is_library: bool = False
    """Whether there is no book, only diagnostics about a volumes.yaml."""
    library: str = ""
    """The folder of the volumes.yaml that lists the book."""
    folder: str = ""
    """The book's own folder, as that volumes.yaml lists it."""
    pattern: str = ""
    """The pattern for its file name; empty: the title."""
    reader: BookReader = FOLDER
    base: str = ""
    """The folder that relative paths start from, if another process has another current folder."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing remains but to report what was found. A check continues, to report the rest."""
        return self.is_library or (self.output is not None and has_errors(self.said))


def said_before(request: BookRequest) -> Report:
    """The report of what was found before the book was read."""
    said, ignored = sifted(request.said, unwanted(request.choices))
    return Report(source=request.source, diagnostics=said, ignored=ignored, strict=request.choices.strict)


def current_folder() -> str:
    """The folder that relative paths start from; empty if it no longer exists."""
    try:
        return os.getcwd()  # noqa: PTH109 - a string is wanted
    except OSError:  # it was removed, so only absolute paths are useful
        return ""


def where_it_lies(request: BookRequest) -> BookRequest:
    """The request with paths that are right in this process; unchanged if they are already."""
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
