"""Turns a folder of Markdown chapters into an EPUB 3 publication.

Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

from chapbook._version import __version__

TYPE_CHECKING = False  # as typing has it: importing that takes longer than all else here
TYPE_CHECKING = False
if TYPE_CHECKING:
    from chapbook.book import Book
    from chapbook.model.accessibility import AccessibilityReport, Claim
    from chapbook.model.contents import Chapter, Part
    from chapbook.model.diagnostics import Changes, ChapbookError, Diagnostic, Position, Report, Severity
    from chapbook.model.metadata import Contributor, Identifier, Metadata, Series
    from chapbook.model.settings import ContentFile, ExtensionSpec, FontFile, ImageLimits
    from chapbook.series.build_many import build_many
    from chapbook.series.planning import Choices

__all__ = [
    "AccessibilityReport",
    "Book",
    "Changes",
    "ChapbookError",
    "Chapter",
    "Choices",
    "Claim",
    "ContentFile",
    "Contributor",
    "Diagnostic",
    "ExtensionSpec",
    "FontFile",
    "Identifier",
    "ImageLimits",
    "Metadata",
    "Part",
    "Position",
    "Report",
    "Series",
    "Severity",
    "__version__",
    "build_many",
]

_MODULES = {
    "Book": "book",
    "Choices": "series.planning",
    "build_many": "series.build_many",
    **dict.fromkeys(("AccessibilityReport", "Claim"), "model.accessibility"),
    **dict.fromkeys(("Chapter", "Part"), "model.contents"),
    **dict.fromkeys(("Changes", "ChapbookError", "Diagnostic", "Position", "Report", "Severity"), "model.diagnostics"),
    **dict.fromkeys(("Contributor", "Identifier", "Metadata", "Series"), "model.metadata"),
    **dict.fromkeys(("ContentFile", "ExtensionSpec", "FontFile", "ImageLimits"), "model.settings"),
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'chapbook' has no attribute '{name}'")
    from importlib import import_module  # noqa: PLC0415 - see the module's docstring

    return getattr(import_module(f"chapbook.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
