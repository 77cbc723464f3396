"""An EPUB by any maker checked: by chapbook's own rules, and by EPUBCheck where it is installed."""

from __future__ import annotations

import os
from pathlib import Path

from chapbook.checking.epub_content import content_doubts, content_faults, declared_entities
from chapbook.checking.epub_package import (
    archive_faults,
    compressed_mimetype,
    package_doubts,
    package_faults,
    unlisted_files,
)
from chapbook.checking.epubcheck import epubcheck_messages
from chapbook.checking.opened import OpenedEpub
from chapbook.checking.source_places import SourcePlaces
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Report

__all__ = ["check_epub"]

_BASIC = (archive_faults, package_faults, content_faults)
"""What EPUBCheck reports too: of use where it isn't installed."""
_BEYOND = (compressed_mimetype, declared_entities, package_doubts, unlisted_files, content_doubts)


def check_epub(path: Path, *, source: str | None = None, strict: bool = False) -> Report:
    """What is wrong with the EPUB file `path`, which may be anybody's: nothing in it is trusted.

    Paths of diagnostics begin with the file's name, and go on within the EPUB. What EPUBCheck says is there once,
    in its own words. With the `source` that the book was made of, a content folder or Markdown file, findings are at
    their places there, where those can be told; paths of its files count from the current folder.
    """
    report = Report(source=os.fspath(path), strict=strict)
    try:
        book = OpenedEpub(path)
    except ChapbookError as error:
        said = tuple(each.in_file(path.name) for each in error.diagnostics)
        return report.replace(diagnostics=said)
    messages, was_asked = epubcheck_messages(path)
    checks = _BEYOND if was_asked else (*_BASIC, *_BEYOND)
    said = (*messages, *(each for check in checks for each in check(book)))
    if source is not None:
        try:
            places = SourcePlaces(source)
        except ChapbookError as error:
            return report.replace(diagnostics=error.diagnostics)
        said = tuple(places.placed(each, book) for each in said)
    title = next((" ".join((each.text or "").split()) for each in book.metadata("title")), "")
    return report.replace(diagnostics=_in_order(said), title=title, chapters=len(book.spine), size=path.stat().st_size)


def _in_order(said: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """By file and line, the EPUB as a whole first."""
    return tuple(sorted(said, key=lambda each: (each.path or "", each.line or 0, each.column or 0)))
