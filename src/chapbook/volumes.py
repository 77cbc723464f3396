"""Many books at once: several sources, or the volumes of a series."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import IO

from chapbook.book import Book
from chapbook.building.values import Progress
from chapbook.diagnostics import ChapbookError, Diagnostic, Report, has_errors
from chapbook.names import file_name
from chapbook.packaging.output import write_file
from chapbook.reading.folder import read_source
from chapbook.reading.settings import BookFields
from chapbook.reading.titles import read_title
from chapbook.reading.volumes import read_volumes
from chapbook.settings import ExtensionSpec

__all__ = ["BookRequest", "Choices", "build_book", "build_many", "plan_books", "write_cover"]

StrPath = str | PathLike[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What is chosen for every book of a run, over what its own book.yaml says."""

    theme: str | Path | None = None
    css: tuple[Path, ...] = ()
    """Sheets that come after the book's own."""
    cover: Path | None = None
    drafts: bool = False
    strict: bool = False
    jobs: int = 1
    """Processes that render one book; 0: as many as pay."""
    cache: Path | None = None
    """The folder that keeps what was rendered; ``None``: everything is rendered anew."""
    allow_extensions: tuple[str, ...] = ()
    """Markdown extensions that a content folder may name though they are not registered as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRequest:
    """One book to be built: a value that any process may be given."""

    source: str
    """The content folder or Markdown file, as it was given."""
    output: Path | None = None
    """The file to write; ``None``: the book is only checked."""
    choices: Choices = Choices()
    shared: BookFields | None = None
    """What the series says of all its volumes."""
    said: tuple[Diagnostic, ...] = ()
    """What was found before the book was read."""
    is_library: bool = False
    """Whether there is no book, only what there is to say of a volumes.yaml."""


def build_many(
    sources: Iterable[StrPath],
    out: StrPath,
    *,
    executor: Executor | None = None,
    choices: Choices = Choices(),
    in_order: bool = False,
) -> Iterator[Report]:
    """Builds every book of `sources` into the folder `out`, and yields a report for each as it is finished.

    A source is a content folder, a folder with volumes.yaml, or a Markdown file. `executor` is any
    ``concurrent.futures.Executor``; without one the books are built here, one after the other. With
    `in_order` the reports come in the order of the sources. A broken book stops no other: its report is not
    `ok`. Nothing is raised for content; a source that is not there is an error of its report.
    """
    requests = plan_books(sources, Path(out), choices=choices)
    if executor is None:
        yield from map(build_book, requests)
        return
    futures = [executor.submit(build_book, request) for request in requests]
    try:
        for future in futures if in_order else as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


def plan_books(
    sources: Iterable[StrPath],
    folder: Path | None,
    *,
    choices: Choices = Choices(),
) -> tuple[BookRequest, ...]:
    """A request for each book of `sources`, each with a file of its own in `folder` (``None``: only checks).

    Two books that would have one name get an error each, and are not built.
    """
    requests = [request for source in sources for request in _requests(os.fspath(source), choices)]
    if folder is None:
        return tuple(requests)
    return _without_clashes([request if request.is_library else _placed(request, folder) for request in requests])


def _requests(source: str, choices: Choices) -> Iterator[BookRequest]:
    library = read_volumes(source)
    if library is None:
        yield BookRequest(source=source, choices=choices)
        return
    # What is wrong with volumes.yaml is a report of its own, so that it is said once and stops no volume.
    if library.diagnostics or not library.volumes:
        yield BookRequest(source=source, choices=choices, said=library.diagnostics, is_library=True)
    for volume in library.volumes:
        folder = os.path.join(source, *volume.folder.split("/"))  # noqa: PTH118 - as the user wrote it
        yield BookRequest(source=folder, choices=choices, shared=library.fields(volume))


def _placed(request: BookRequest, folder: Path) -> BookRequest:
    stem = file_name(read_title(request.source, request.shared))
    return replace(request, output=folder / f"{stem}.epub")


def _without_clashes(requests: Sequence[BookRequest]) -> tuple[BookRequest, ...]:
    by_name: dict[str, list[BookRequest]] = {}
    for request in requests:
        if request.output is not None:
            by_name.setdefault(str(request.output).casefold(), []).append(request)
    rivals = {id(request): group for group in by_name.values() if len(group) > 1 for request in group}
    return tuple(_refused(each, rivals[id(each)]) if id(each) in rivals else each for each in requests)


def _refused(request: BookRequest, rivals: Sequence[BookRequest]) -> BookRequest:
    others = ", ".join(f"'{rival.source}'" for rival in rivals if rival is not request)
    fault = Diagnostic.of(
        "output-clash",
        f"the book would be written to '{request.output}', and so would {others}",
        hint="give the books different titles, or build each with its own -o",
    )
    return replace(request, said=(*request.said, fault))


def build_book(request: BookRequest, progress: Progress | None = None) -> Report:
    """Builds or checks one book. Every fault of the content is in the report; nothing is raised for it."""
    said = Report(source=request.source, diagnostics=request.said, strict=request.choices.strict)
    if request.is_library or has_errors(request.said):
        return said
    try:
        report = _built(request, progress)
    except ChapbookError as error:
        return replace(said, diagnostics=(*request.said, *error.diagnostics))
    return replace(report, source=request.source, diagnostics=(*request.said, *report.diagnostics))


def _built(request: BookRequest, progress: Progress | None) -> Report:
    choices, book = request.choices, _book(request)
    if request.output is None:
        return book.check(jobs=choices.jobs, strict=choices.strict, cache=choices.cache, progress=progress)
    return book.write(request.output, jobs=choices.jobs, strict=choices.strict, cache=choices.cache, progress=progress)


def _book(request: BookRequest) -> Book:
    """The book as it was read, and what was chosen over it."""
    choices = request.choices
    book = Book.from_contents(read_source(request.source, drafts=choices.drafts, shared=request.shared))
    if choices.theme is not None:
        book.theme = choices.theme
    book.css += choices.css
    book.extensions = [_trusted(each, choices.allow_extensions) for each in book.extensions]
    book.cover = choices.cover or book.cover
    return book


def _write(file: IO[bytes], *, data: bytes) -> None:
    file.write(data)


def _trusted(extension: object, allowed: Sequence[str]) -> object:
    if isinstance(extension, ExtensionSpec) and extension.extension in allowed:
        return replace(extension, trusted=True)
    return extension


def write_cover(source: StrPath, target: Path | None, *, choices: Choices = Choices()) -> Report:
    """Writes the cover of a book, given or drawn, as a picture; named after the title where there is no `target`.

    The file's suffix is that of the picture where `target` has none. A book with errors has its cover all the
    same, as far as it could be read.
    """
    request = BookRequest(source=os.fspath(source), choices=choices)
    try:
        book = _book(request)
        image = book.cover_image()
        path = target or Path(file_name(book.title))
        path = path if path.suffix else path.with_suffix(image.suffix)
        write_file(path, partial(_write, data=image.data))
    except ChapbookError as error:
        return Report(source=request.source, diagnostics=error.diagnostics)
    return Report(source=request.source, output=path, diagnostics=image.warnings)
