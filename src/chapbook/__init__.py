"""Turns a folder of Markdown chapters into an EPUB 3 publication.

Heavy modules are imported only when a name that needs them is first used.
"""

from __future__ import annotations

from chapbook._version import __version__

TYPE_CHECKING = False  # what typing.TYPE_CHECKING is; importing typing would take longer than everything else here
if TYPE_CHECKING:
    from chapbook.assets.file_formats import FittedImage
    from chapbook.book import Book
    from chapbook.building.generated_pages import Cover
    from chapbook.building.inputs import Progress
    from chapbook.building.own_code import Construct, Pass, ShortcodeCall
    from chapbook.inspecting.changes import BookFile, ChapterChange, Comparison, FileChange, ValueChange
    from chapbook.inspecting.comparing import compare_books
    from chapbook.inspecting.statistics import (
        BookStatistics,
        ChapterStatistics,
        LanguageStatistics,
        PictureStatistics,
        book_statistics,
    )
    from chapbook.inspecting.text import Passage
    from chapbook.markup.page import Page
    from chapbook.model.accessibility import AccessibilityReport, Claim
    from chapbook.model.contents import Chapter, Part
    from chapbook.model.diagnostics import (
        Changes,
        ChapbookError,
        Diagnostic,
        Edit,
        IgnoredMessage,
        ListedDocument,
        MetadataEntry,
        Position,
        Report,
        Severity,
    )
    from chapbook.model.limits import UNTRUSTED, Limits
    from chapbook.model.metadata import AccessibilityStatement, Contributor, Identifier, Metadata, Series, Subject
    from chapbook.model.settings import ContentFile, ExtensionSpec, FontFile, ImageLimits
    from chapbook.reading.source import read_chapter
    from chapbook.series.build_many import build_many
    from chapbook.series.requests import Choices
    from chapbook.starting.start import StartedBook, start_book

__all__ = [
    "UNTRUSTED",
    "AccessibilityReport",
    "AccessibilityStatement",
    "Book",
    "BookFile",
    "BookStatistics",
    "Changes",
    "ChapbookError",
    "Chapter",
    "ChapterChange",
    "ChapterStatistics",
    "Choices",
    "Claim",
    "Comparison",
    "Construct",
    "ContentFile",
    "Contributor",
    "Cover",
    "Diagnostic",
    "Edit",
    "ExtensionSpec",
    "FileChange",
    "FittedImage",
    "FontFile",
    "Identifier",
    "IgnoredMessage",
    "ImageLimits",
    "LanguageStatistics",
    "Limits",
    "ListedDocument",
    "Metadata",
    "MetadataEntry",
    "Page",
    "Part",
    "Pass",
    "Passage",
    "PictureStatistics",
    "Position",
    "Progress",
    "Report",
    "Series",
    "Severity",
    "ShortcodeCall",
    "StartedBook",
    "Subject",
    "ValueChange",
    "__version__",
    "book_statistics",
    "build_many",
    "compare_books",
    "read_chapter",
    "start_book",
]

_MODULES = {
    "Book": "book",
    "Choices": "series.requests",
    "Cover": "building.generated_pages",
    "FittedImage": "assets.file_formats",
    "Page": "markup.page",
    "Progress": "building.inputs",
    **dict.fromkeys(("Construct", "Pass", "ShortcodeCall"), "building.own_code"),
    "build_many": "series.build_many",
    "read_chapter": "reading.source",
    "compare_books": "inspecting.comparing",
    **dict.fromkeys(("BookFile", "ChapterChange", "Comparison", "FileChange", "ValueChange"), "inspecting.changes"),
    "Passage": "inspecting.text",
    **dict.fromkeys(
        ("BookStatistics", "ChapterStatistics", "LanguageStatistics", "PictureStatistics", "book_statistics"),
        "inspecting.statistics",
    ),
    **dict.fromkeys(("StartedBook", "start_book"), "starting.start"),
    **dict.fromkeys(("AccessibilityReport", "Claim"), "model.accessibility"),
    **dict.fromkeys(("Chapter", "Part"), "model.contents"),
    **dict.fromkeys(
        (
            "Changes",
            "ChapbookError",
            "Diagnostic",
            "Edit",
            "IgnoredMessage",
            "ListedDocument",
            "MetadataEntry",
            "Position",
            "Report",
            "Severity",
        ),
        "model.diagnostics",
    ),
    **dict.fromkeys(
        ("AccessibilityStatement", "Contributor", "Identifier", "Metadata", "Series", "Subject"), "model.metadata"
    ),
    **dict.fromkeys(("UNTRUSTED", "Limits"), "model.limits"),
    **dict.fromkeys(("ContentFile", "ExtensionSpec", "FontFile", "ImageLimits"), "model.settings"),
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'chapbook' has no attribute '{name}'")
    from importlib import import_module  # noqa: PLC0415 - see the module's docstring

    return getattr(import_module(f"chapbook.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
