"""An author's style sheet as it ships: imports followed, files packed, what readers reject left out and named.

Follows CSS Syntax 3 as tinycss2 reads it, EPUB 3.3 section 6.3.1 (CSS requirements) and what EPUBCheck's
own, older CSS parser takes. The author's text stays as it is but for what is left out.
"""

from __future__ import annotations

from msgspec import Struct

from chapbook.contents import Files
from chapbook.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.settings import FileRef
from chapbook.styling.references import Assets
from chapbook.styling.rules import ship_sheet
from chapbook.styling.sources import Asset, source_of

__all__ = ["PackedStylesheet", "pack_stylesheet"]


class PackedStylesheet(Struct, frozen=True, kw_only=True):
    """A style sheet without references that lead nowhere, and the files that it refers to."""

    css: str
    """For a sheet in ``styles/`` itself: its URLs are relative to that folder (``assets/paper-1a2b3c4d.png``)."""
    assets: tuple[Asset, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def pack_stylesheet(
    reference: FileRef, files: Files | None = None, *, path: str | None = None, at: Position | None = None
) -> PackedStylesheet:
    """Reads the style sheet `reference` and all that it refers to.

    `files` is the content folder, which a ContentFile is read from; a Path is the user's, and what it refers
    to is looked for in the folder it lies in. `path` and `at` say which file names the sheet, for
    ``css-file-missing``. Every other diagnostic has the CSS file, line and column. Raises nothing.
    """
    source, name = source_of(reference, files)
    if not source.has(name):
        fault = Diagnostic.of("css-file-missing", f"no style sheet '{source.shown(name)}'", path=path, at=at)
        return PackedStylesheet(css="", diagnostics=(fault,))
    assets = Assets()
    diagnostics: list[Diagnostic] = []
    try:
        css = ship_sheet(source, name, assets, diagnostics)
    except ChapbookError as error:
        return PackedStylesheet(css="", diagnostics=error.diagnostics)
    return PackedStylesheet(css=css, assets=assets.packed(), diagnostics=tuple(diagnostics))
