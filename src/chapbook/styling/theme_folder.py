"""An author's own theme: a folder with the files that a theme has, read as style sheets of the author's are."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from chapbook.contents import Files
from chapbook.diagnostics import ChapbookError, Diagnostic
from chapbook.settings import FileRef
from chapbook.styling.references import Assets
from chapbook.styling.rules import ship_sheet
from chapbook.styling.sources import Asset, ContentSource, PathSource, Source
from chapbook.styling.theme_settings import ThemeSettings, parse_theme_toml

__all__ = ["ThemeFolder", "read_theme_folder"]


class ThemeFolder(Struct, frozen=True, kw_only=True):
    """The theme of a folder, without the shared base."""

    name: str
    settings: ThemeSettings
    plain: str
    modern: str
    assets: tuple[Asset, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_theme_folder(folder: FileRef, files: Files | None) -> ThemeFolder | None:
    """The theme in `folder` (of the content folder `files`, or the user's own); ``None`` without a ``theme.css``.

    Raises ChapbookError where a file of it cannot be read. What of it does not ship is in the diagnostics.
    """
    opened = _open(folder, files)
    if opened is None:
        return None
    source, prefix, name = opened
    if not source.has(f"{prefix}theme.css"):
        return None
    settings = _settings(source, f"{prefix}theme.toml")
    assets, diagnostics = Assets(), list[Diagnostic]()
    plain, modern = (
        ship_sheet(source, prefix + sheet, assets, diagnostics) if source.has(prefix + sheet) else ""
        for sheet in ("theme.css", "modern.css")
    )
    return ThemeFolder(
        name=name,
        settings=settings,
        plain=plain,
        modern=modern,
        assets=assets.packed(),
        diagnostics=tuple(diagnostics),
    )


def _open(folder: FileRef, files: Files | None) -> tuple[Source, str, str] | None:
    """Where the files of the theme lie, the path before their names there, and what the theme is called."""
    if isinstance(folder, Path):
        return PathSource(folder), "", folder.name
    if files is None:
        return None
    path = folder.path.strip("/")
    return ContentSource.of(files), f"{path}/" if path else "", path.rpartition("/")[2]


def _settings(source: Source, path: str) -> ThemeSettings:
    if not source.has(path):
        return ThemeSettings()
    shown = source.shown(path)
    content = source.read(path)
    try:
        return parse_theme_toml(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and TOMLDecodeError among them
        fault = Diagnostic.of(
            "theme-invalid",
            f"'{shown}' cannot be read: {error}",
            path=shown,
            hint="a theme.toml has 'description = \"…\"' and perhaps 'base = false'",
        )
        raise ChapbookError(fault) from error
