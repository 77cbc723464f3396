"""Builds or checks one book of a run, or writes its cover as a picture."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from chapbook.book import Book, book_of
from chapbook.building.cache_entries import is_drawn_alike
from chapbook.building.inputs import Progress
from chapbook.building.render import is_known_extension
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Report, has_errors
from chapbook.model.settings import ExtensionSpec, Settings
from chapbook.model.targets import TARGETS, TargetName
from chapbook.packaging.destination import destination_of, refuse_sources
from chapbook.packaging.edition_changes import changes_between, documents_of
from chapbook.packaging.output import write_picture
from chapbook.reading.folder import FolderContents
from chapbook.series.requests import BookRequest, said_before, unwanted, where_it_lies

__all__ = ["build_one", "chosen_book", "unexpected", "write_cover"]


def build_one(request: BookRequest, progress: Progress | None = None) -> tuple[Report, bool]:
    """Builds or checks one book, and says whether it would come out the same again.

    It wouldn't with a drawn cover that uses the machine's fonts, or with a Markdown extension of unknown version. All
    content errors are in the report; none is raised.
    """
    said = said_before(request)
    try:
        book = chosen_book(where_it_lies(request))
        report = _written(where_it_lies(request), book, progress)
    except ChapbookError as error:
        if error.report is None:
            return replace(said, diagnostics=(*said.diagnostics, *error.diagnostics)), False
        report = error.report
    except Exception as error:  # noqa: BLE001 - a fault of ours stops no other book
        fault = _without_memory() if isinstance(error, MemoryError) else unexpected(error)
        return replace(said, diagnostics=(*said.diagnostics, fault)), False
    report = replace(
        report,
        source=request.source,
        output=request.output if report.output is not None else None,
        diagnostics=(*said.diagnostics, *report.diagnostics),
        ignored=(*said.ignored, *report.ignored),
    )
    same = (book.cover is not None or is_drawn_alike(repr(book))) and all(map(is_known_extension, book.extensions))
    return report, same


def _without_memory() -> Diagnostic:
    message = "the book needs more memory than chapbook may use"
    return Diagnostic.of("memory-exceeded", message, hint="divide it into volumes, or give chapbook more memory")


def unexpected(error: Exception) -> Diagnostic:
    """The diagnostic for an error in chapbook itself, with the place in its code."""
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
        refuse_sources(destination_of(request.output), folders=(request.library,))
    before = documents_of(request.output)
    report = book.write(
        request.output,
        jobs=choices.jobs,
        strict=choices.strict,
        cache=choices.cache,
        progress=progress,
        limits=choices.limits,
    )
    report = replace(report, diagnostics=(*report.diagnostics, *_size_doubts(report, choices.targets[0])))
    if before is not None and report.ok:
        report = replace(report, changes=changes_between(before, documents_of(request.output) or {}))
    if choices.force and report.unchanged:
        # The file has these bytes already; just update its time.
        os.utime(request.output)
        report = replace(report, unchanged=False)
    return report


def _size_doubts(report: Report, target: TargetName) -> Iterator[Diagnostic]:
    """A warning where the file is larger than its target takes, which is known when it is written."""
    most, title = TARGETS[target].most_bytes, TARGETS[target].title
    if most and (report.size or 0) > most:
        message = f"the file has {(report.size or 0) / 1e6:,.0f} MB; {title} takes {most / 1e6:,.0f}"
        yield Diagnostic.of("target-doubtful", message, hint="set smaller limits in 'images', or split the book")


def chosen_book(request: BookRequest) -> Book:
    """The book as read, with the user's choices applied."""
    choices = request.choices
    read = request.reader.read(request)
    book = book_of(_trusting(read, choices.allow_extensions) if choices.allow_extensions else read)
    if choices.theme is not None:
        book.theme = choices.theme
    book.css.extend(choices.css)
    book.cover = choices.cover or book.cover
    book.messages = {**unwanted(choices), **book.messages}
    book.target = choices.targets[0]
    for each in choices.plugins:
        book.use(each)
    return book


def _trusting(read: FolderContents, allowed: Sequence[str]) -> FolderContents:
    """What was read, with the `allowed` extensions trusted like the user's own."""

    def settings(said: Settings) -> Settings:
        return replace(said, extensions=tuple(_trusted(each, allowed) for each in said.extensions))

    volumes = tuple(replace(each, settings=settings(each.settings)) for each in read.volumes)
    return replace(read, settings=settings(read.settings), volumes=volumes)


def _trusted(extension: ExtensionSpec, allowed: Sequence[str]) -> ExtensionSpec:
    return replace(extension, trusted=True) if extension.extension in allowed else extension


def write_cover(request: BookRequest, target: Path | None = None) -> Report:
    """Writes a book's cover, given or drawn, as a picture.

    Without a `target` it is named like the book's file. The suffix is that of the picture: a target without one gets
    it; a target with another suffix (``output-unwritable``) or that is one of the book's files (``output-is-source``)
    is refused. The report has what `check` says about the cover; if that includes an error, nothing is written.
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
