"""An author's own theme: a folder with a theme's files, read like the author's style sheets."""

from __future__ import annotations

import tomllib
from pathlib import Path

from msgspec import Struct

from chapbook.assets.fitted import Fit
from chapbook.assets.sources import Asset, ContentSource, PathSource, Source
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.settings import FileRef
from chapbook.styling.references import Assets
from chapbook.styling.stylesheet import ship_sheet

__all__ = ["ThemeFolder", "ThemeSettings", "parse_theme_toml", "read_theme_folder"]


class ThemeFolder(Struct, frozen=True, kw_only=True):
    """The theme of a folder, without the shared base."""

    name: str
    settings: ThemeSettings
    plain: str
    modern: str
    assets: tuple[Asset, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_theme_folder(folder: FileRef, files: Files | None, fit: Fit | None = None) -> ThemeFolder | None:
    """The theme in `folder` (of the content folder `files`, or the user's own); ``None`` without a ``theme.css``.

    `fit` makes its pictures fit for the book, with the default limits by default. Raises ChapbookError if one of its
    files can't be read. What can't ship is in the diagnostics.
    """
    opened = _open(folder, files)
    if opened is None:
        return None
    source, prefix, name = opened
    if not source.has(f"{prefix}theme.css"):
        return None
    settings = _settings(source, f"{prefix}theme.toml")
    assets, diagnostics = Assets(fit), list[Diagnostic]()
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
    """The source of the theme's files, the path before their names there, and the theme's name."""
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


_LONGEST_TOML = 10_000


class ThemeSettings(Struct, frozen=True, kw_only=True):
    """The content of ``theme.toml``."""

    description: str = ""
    base: bool = True
    """Whether the theme uses the shared base."""


def parse_theme_toml(text: str) -> ThemeSettings:
    """Parses a ``theme.toml``. Raises ValueError, worded for the author, if it isn't valid."""
    if len(text) > _LONGEST_TOML:
        raise ValueError("longer than 10,000 characters")
    table = tomllib.loads(text)
    description, base = table.get("description", ""), table.get("base", True)
    if not isinstance(description, str):
        raise ValueError("'description' isn't text")
    if not isinstance(base, bool):
        raise ValueError("'base' has to be true or false")
    return ThemeSettings(description=" ".join(description.split()), base=base)
