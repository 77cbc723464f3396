"""What a build says: of the settings before anything is rendered, of the documents in their order; what is ignored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from chapbook.building.inputs import BookValues
from chapbook.building.pictures import Picture
from chapbook.dialects import check_extensions
from chapbook.markup.page import ContentDocument
from chapbook.model.diagnostics import Diagnostic, IgnoredMessage, has_errors
from chapbook.model.settings import Settings

__all__ = ["document_messages", "extension_faults", "no_chapters", "unused_ignores", "unused_settings"]


def extension_faults(book: BookValues) -> tuple[Diagnostic, ...]:
    """What is wrong with the Markdown extensions of the book, and of each volume."""
    each = (book.settings, *(volume.settings for volume in book.volumes))
    said = (check_extensions(one.extensions, one.positions, one.source) for one in each)
    return tuple(dict.fromkeys(fault for faults in said for fault in faults))


def unused_settings(book: BookValues) -> Iterator[Diagnostic]:
    """Says where extensions of the one dialect are given to the other."""
    each = [volume.settings for volume in book.volumes] or [book.settings]
    for settings in (one for one in each if one.dialect == "commonmark" and one.extensions):
        at = settings.positions.get("extensions")
        yield Diagnostic.of(
            "setting-unused",
            "'extensions' work in the dialect 'markdown' only; 'commonmark' ignores them",
            path=settings.source if at else None,
            at=at,
            hint="remove them, or write 'dialect: markdown'",
        )


def no_chapters(book: BookValues) -> Iterator[Diagnostic]:
    """The fault of an empty book, where reading has not said it or something worse."""
    if not has_errors(book.diagnostics):
        yield Diagnostic.of("no-chapters", "the book has no chapters", hint="add a Markdown file or a Chapter")


def document_messages(documents: Iterable[ContentDocument], pictures: Mapping[str, Picture]) -> Iterator[Diagnostic]:
    """What is said of the documents, in their order, by line and column; then of the pictures."""
    for document in documents:
        said = sorted(document.diagnostics, key=lambda each: (each.line or 0, each.column or 0))
        if document.source:
            yield from said
        else:
            name = document.name.rpartition("/")[2].removesuffix(".xhtml")
            yield from (replace(each, chapter=name, chapter_title=document.title) for each in said)
    for picture in pictures.values():
        yield from picture.warnings


def unused_ignores(settings: Settings, ignored: Iterable[IgnoredMessage]) -> Iterator[Diagnostic]:
    """Names the messages that book.yaml ignores and that nothing causes."""
    found = {each.diagnostic.code for each in ignored}
    for code in settings.messages:
        at = settings.positions.get(f"messages.{code}")
        if at is not None and code not in found:
            message = f"book.yaml ignores '{code}', but nothing in the book causes it"
            yield Diagnostic.of("ignore-unused", message, path=settings.source, at=at, hint="remove the line")
