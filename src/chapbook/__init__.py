"""Turns a folder of Markdown chapters into an EPUB 3 publication.

Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

from chapbook._version import __version__

TYPE_CHECKING = False  # as typing has it: importing that takes longer than all else here
if TYPE_CHECKING:
    from chapbook.accessibility import AccessibilityReport, Claim
    from chapbook.book import Book
    from chapbook.contents import Chapter, Part
    from chapbook.diagnostics import ChapbookError, Diagnostic, Position, Report, Severity
    from chapbook.metadata import Contributor, Identifier, Metadata, Series
    from chapbook.planning import Choices
    from chapbook.settings import ContentFile, ExtensionSpec, FontFile, ImageLimits
    from chapbook.volumes import build_many

__all__ = [
    "AccessibilityReport",
    "Book",
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
    "Choices": "planning",
    "build_many": "volumes",
    **dict.fromkeys(("AccessibilityReport", "Claim"), "accessibility"),
    **dict.fromkeys(("Chapter", "Part"), "contents"),
    **dict.fromkeys(("ChapbookError", "Diagnostic", "Position", "Report", "Severity"), "diagnostics"),
    **dict.fromkeys(("Contributor", "Identifier", "Metadata", "Series"), "metadata"),
    **dict.fromkeys(("ContentFile", "ExtensionSpec", "FontFile", "ImageLimits"), "settings"),
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'chapbook' has no attribute '{name}'")
    from importlib import import_module  # noqa: PLC0415 - see the module's docstring

    return getattr(import_module(f"chapbook.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
