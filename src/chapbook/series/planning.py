"""Which books a run builds, and into which files: known before any of them is begun."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct
from msgspec.structs import replace

from chapbook.model.diagnostics import Diagnostic, has_errors
from chapbook.model.fields import PATH, Checked, Flag, Texts, optional, whole
from chapbook.model.names import VOLUMES_NAME, file_name
from chapbook.model.settings import FILES, THEME
from chapbook.model.value import EMPTY

if TYPE_CHECKING:
    from chapbook.keys.settings import BookFields
    from chapbook.reading.folder import FolderContents
    from chapbook.reading.volumes import VolumesFile

__all__ = [
    "AS_THEY_ARE",
    "BookRequest",
    "Choices",
    "StrPath",
    "plan_books",
    "plan_omnibuses",
    "where_it_lies",
]

StrPath = str | PathLike[str]


class Choices(Checked, frozen=True, kw_only=True):
    """What is chosen for every book of a run, over what its own book.yaml says."""

    theme: Annotated[str | Path | None, optional(THEME)] = None
    css: Annotated[tuple[Path, ...], FILES] = ()
    """Sheets that come after the book's own."""
    cover: Annotated[Path | None, optional(PATH)] = None
    assets: Annotated[tuple[Path, ...], FILES] = ()
    """Folders whose files chapters may refer to as if they lay in the content folder."""
    drafts: Flag = False
    strict: Flag = False
    jobs: Annotated[int, whole(0)] = 1
    """Processes, for the books where there are several and for the chapters of a single one; 0: as many as pay."""
    cache: Annotated[Path | None, optional(PATH)] = None
    """The folder that keeps what was rendered; ``None``: everything is rendered anew."""
    allow_extensions: Texts = EMPTY
    """Markdown extensions that a content folder may name though they are not registered as such."""


AS_THEY_ARE = Choices()
"""Nothing chosen: each book is built as its book.yaml says."""


class BookReader(Struct, frozen=True):
    """How the source of a request is read, which any process may do."""

    read: Callable[[BookRequest], FolderContents]
    title: Callable[[BookRequest], str]
    """The title that the book will have, known before it is read."""


# A book of which nothing has changed is not read at all, and what reads one is loaded when it is needed.


def _read_folder(request: BookRequest) -> FolderContents:
    from chapbook.reading.source import read_source  # noqa: PLC0415 - see above

    choices = request.choices
    return read_source(request.source, drafts=choices.drafts, shared=request.shared, assets=choices.assets)


def _folder_title(request: BookRequest) -> str:
    from chapbook.reading.source import read_title  # noqa: PLC0415 - see above

    return read_title(request.source, request.shared, drafts=request.choices.drafts)


def _read_library(request: BookRequest) -> FolderContents:
    from chapbook.reading.omnibus import read_omnibus  # noqa: PLC0415 - see above

    return read_omnibus(request.source, drafts=request.choices.drafts)


def _library_title(request: BookRequest) -> str:
    from chapbook.reading.omnibus import library_title  # noqa: PLC0415 - see above

    return library_title(request.source)


FOLDER = BookReader(_read_folder, _folder_title)
"""The source is a content folder or a Markdown file."""
OMNIBUS = BookReader(_read_library, _library_title)
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
    reader: BookReader = FOLDER
    base: str = ""
    """The folder that relative paths count from, where another process may have another current one."""

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing left to do but to say what was found."""
        return self.is_library or has_errors(self.said)


def plan_books(
    sources: Iterable[StrPath], folder: Path | None, *, choices: Choices = AS_THEY_ARE
) -> tuple[BookRequest, ...]:
    """A request for each book of `sources`, each with a file of its own in `folder` (``None``: only checks).

    Of a book that does not go without a file, the title is read and nothing else. Two books that would have one
    name get an error each, and are not built.
    """
    base = _current_folder()
    requests = (request for source in sources for request in _requests(os.fspath(source), choices))
    return _with_files([replace(request, base=base) for request in requests], folder)


def plan_omnibuses(
    sources: Iterable[StrPath], folder: Path | None, *, choices: Choices = AS_THEY_ARE
) -> tuple[BookRequest, ...]:
    """As `plan_books`, but the volumes of each of `sources`, which are libraries, make one book."""
    base = _current_folder()
    requests = (BookRequest(source=os.fspath(each), choices=choices, reader=OMNIBUS, base=base) for each in sources)
    return _with_files(tuple(requests), folder)


def _current_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - a string is wanted
    except OSError:  # it was removed: only absolute paths are of use then
        return ""


_MOST_LISTED = 500
"""Volumes of a series of which each has the titles of all: what a library costs would grow with its square."""


def _requests(source: str, choices: Choices) -> Iterator[BookRequest]:
    library = _library(source)
    if library is None:
        yield BookRequest(source=source, choices=choices)
        return
    from chapbook.reading.source import read_title  # noqa: PLC0415 - see _library

    # What is wrong with volumes.yaml is a report of its own, so that it is said once and stops no volume.
    if library.diagnostics or not library.volumes:
        yield BookRequest(source=source, choices=choices, said=library.diagnostics, is_library=True)
    # As the user wrote it, hence no path object.
    folders = [os.path.join(source, *volume.folder.split("/")) for volume in library.volumes]  # noqa: PTH118
    shared = [library.fields(volume) for volume in library.volumes]
    many = len(folders) > _MOST_LISTED
    titles = () if many else tuple(map(partial(read_title, drafts=choices.drafts), folders, shared))
    for folder, fields in zip(folders, shared, strict=True):
        yield BookRequest(source=folder, choices=choices, shared=fields, volumes=titles, library=source)


def _library(source: str) -> VolumesFile | None:
    """What a volumes.yaml in the `source` says."""
    if not os.path.lexists(os.path.join(source, VOLUMES_NAME)):  # noqa: PTH118 - as the user wrote it
        return None
    # A single book of which nothing has changed is not read at all.
    from chapbook.reading.volumes import read_volumes  # noqa: PLC0415 - see above

    return read_volumes(source)


def _with_files(requests: Sequence[BookRequest], folder: Path | None) -> tuple[BookRequest, ...]:
    if folder is None:
        return tuple(requests)
    return _without_clashes([request if request.is_library else _placed(request, folder) for request in requests])


def _placed(request: BookRequest, folder: Path) -> BookRequest:
    return replace(request, output=folder / f"{file_name(request.reader.title(request))}.epub")


def _without_clashes(requests: Sequence[BookRequest]) -> tuple[BookRequest, ...]:
    by_name: dict[str, list[BookRequest]] = {}
    for request in requests:
        if request.output is not None:
            by_name.setdefault(str(request.output).casefold(), []).append(request)
    rivals = {id(request): group for group in by_name.values() if len(group) > 1 for request in group}
    return tuple(_refused(each, rivals[id(each)]) if id(each) in rivals else each for each in requests)


_MOST_NAMED = 5
"""Rivals that a message names; thousands of books without a title have thousands."""


def _refused(request: BookRequest, rivals: Sequence[BookRequest]) -> BookRequest:
    names = [f"'{rival.source}'" for rival in rivals if rival is not request]
    more = len(names) - _MOST_NAMED
    others = ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    fault = Diagnostic.of(
        "output-clash",
        f"the book would be written to '{request.output}', and so would {others}",
        hint="give the books different titles, or build each with its own -o",
    )
    return replace(request, said=(*request.said, fault))


def where_it_lies(request: BookRequest) -> BookRequest:
    """The request with paths that lead where they should from this process; unchanged where they do already."""
    if not request.base or request.base == _current_folder():
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
