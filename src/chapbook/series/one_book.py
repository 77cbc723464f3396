"""One book of a run: built, or only checked; and its cover as a picture."""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from chapbook.book import Book, book_of
from chapbook.building.cache_entries import is_drawn_alike
from chapbook.building.inputs import Progress
from chapbook.building.render import is_known_extension
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Report, has_errors
from chapbook.model.settings import ExtensionSpec, Settings
from chapbook.packaging.editions import changes_between, documents_of
from chapbook.packaging.output import write_picture
from chapbook.packaging.replacing import refuse_sources
from chapbook.reading.folder import FolderContents
from chapbook.series.requests import BookRequest, where_it_lies

__all__ = ["build_one", "chosen_book", "unexpected", "write_cover"]


def build_one(request: BookRequest, progress: Progress | None = None) -> tuple[Report, bool]:
    """Builds or checks one book, and says whether it comes out the same each time.

    It doesn't with a drawn cover whose letters only the machine's fonts have, or with a Markdown extension of unknown
    version. Every fault of the content is in the report; nothing is raised for it.
    """
    said = Report(source=request.source, diagnostics=request.said, strict=request.choices.strict)
    try:
        book = chosen_book(where_it_lies(request))
        report = _written(where_it_lies(request), book, progress)
    except ChapbookError as error:
        if error.report is None:
            return replace(said, diagnostics=(*request.said, *error.diagnostics)), False
        report = error.report
    except Exception as error:  # noqa: BLE001 - a fault of ours stops no other book
        fault = _without_memory() if isinstance(error, MemoryError) else unexpected(error)
        return replace(said, diagnostics=(*request.said, fault)), False
    report = replace(
        report,
        source=request.source,
        output=request.output if report.output is not None else None,
        diagnostics=(*request.said, *report.diagnostics),
    )
    same = (book.cover is not None or is_drawn_alike(repr(book))) and all(map(is_known_extension, book.extensions))
    return report, same


def _without_memory() -> Diagnostic:
    message = "the book needs more memory than chapbook may use"
    return Diagnostic.of("memory-exceeded", message, hint="divide it into volumes, or give chapbook more memory")


def unexpected(error: Exception) -> Diagnostic:
    """A fault of chapbook's own, with the place where it came up."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    message = f"{type(error).__name__} in {Path(at.filename).name}, line {at.lineno}: {error}"
    return replace(
        Diagnostic.of("unexpected", message, hint="this is a bug in chapbook: please report it"),
        trace="".join(traceback.format_exception(error)),
    )


def _written(request: BookRequest, book: Book, progress: Progress | None) -> Report:
    choices = request.choices
    if request.output is None:
        return book.check(
            jobs=choices.jobs, strict=choices.strict, cache=choices.cache, progress=progress, limits=choices.limits
        )
    if request.library:
        refuse_sources(request.output, folders=(request.library,))
    before = documents_of(request.output)
    report = book.write(
        request.output,
        jobs=choices.jobs,
        strict=choices.strict,
        cache=choices.cache,
        progress=progress,
        limits=choices.limits,
    )
    if before is not None and report.ok:
        report = replace(report, changes=changes_between(before, documents_of(request.output) or {}))
    if choices.force and report.unchanged:
        # The bytes are there already: what is left of writing them is the time.
        os.utime(request.output)
        report = replace(report, unchanged=False)
    return report


def chosen_book(request: BookRequest) -> Book:
    """The book as it was read, and what was chosen over it."""
    choices = request.choices
    read = request.reader.read(request)
    book = book_of(_trusting(read, choices.allow_extensions) if choices.allow_extensions else read)
    if choices.theme is not None:
        book.theme = choices.theme
    book.css.extend(choices.css)
    book.cover = choices.cover or book.cover
    for each in choices.plugins:
        book.use(each)
    return book


def _trusting(read: FolderContents, allowed: Sequence[str]) -> FolderContents:
    """What was read, with the extensions that were `allowed` as trusted as those of the user."""

    def settings(said: Settings) -> Settings:
        return replace(said, extensions=tuple(_trusted(each, allowed) for each in said.extensions))

    volumes = tuple(replace(each, settings=settings(each.settings)) for each in read.volumes)
    return replace(read, settings=settings(read.settings), volumes=volumes)


def _trusted(extension: ExtensionSpec, allowed: Sequence[str]) -> ExtensionSpec:
    return replace(extension, trusted=True) if extension.extension in allowed else extension


def write_cover(request: BookRequest, target: Path | None = None) -> Report:
    """Writes the cover of a book, given or drawn, as a picture.

    Without a `target` it is named as the book's file would be. The file's suffix is that of the picture: a target
    without one gets it, one with another is refused (``output-unwritable``), as is one that is a file of the book
    (``output-is-source``). The report has what `check` says of the cover; with an error among that nothing is written.
    """
    said = request.said
    if request.is_settled:
        return Report(source=request.source, diagnostics=said)
    path = target or (request.output or Path("cover")).with_suffix("")
    try:
        book = chosen_book(request)
        cover = book.check_cover()
        said = (*said, *cover.diagnostics)
        if cover.image is None or has_errors(said):
            return Report(source=request.source, diagnostics=said)
        path = write_picture(path, cover.image.data, cover.image.suffix, book.refuse_sources)
    except ChapbookError as error:
        return Report(source=request.source, diagnostics=(*said, *error.diagnostics))
    return Report(source=request.source, output=path, diagnostics=said)
