"""The themes: chapbook's and authors' own.

A theme is a folder with ``theme.css`` (for all reading systems), optionally ``modern.css`` (media queries and other
rules that make Adobe's old engine drop a whole sheet; linked after the first), and optionally ``theme.toml``:
``description``, one line, and ``base = false`` for a theme that doesn't use the shared base. An author's own theme is
read like the author's style sheets.
"""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

from msgspec import Struct

from chapbook.assets.file_formats import Fit
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.near import NearWords
from chapbook.model.settings import ContentFile, FileRef
from chapbook.styling.references import Assets
from chapbook.styling.style_folders import Asset, ContentSource, PathSource, Source

__all__ = ["Theme", "find_theme", "shipped_theme", "theme_names"]

_BASE = "base"
_LONGEST_TOML = 10_000


class Theme(Struct, frozen=True, kw_only=True):
    """A theme, including the shared base if it uses it."""

    plain: str
    """CSS for all reading systems."""
    modern: str = ""
    """CSS for newer ones, including dark pages."""
    own: tuple[str, ...] = ()
    """The parts of `plain` and `modern` that are an author's own, not chapbook's."""
    assets: tuple[Asset, ...] = ()
    """Fonts and pictures that the sheets refer to, by names beside them."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What was left out of an author's own theme."""


def theme_names() -> tuple[tuple[str, str], ...]:
    """The built-in themes by name, each with its one-line description."""
    return tuple((name, _settings_of(_styles() / name).description) for name in _names())


def find_theme(
    theme: str | FileRef,
    files: Files | None = None,
    *,
    path: str | None = None,
    at: Position | None = None,
    fit: Fit | None = None,
) -> Theme:
    """The theme `theme`: the name of one of chapbook's, or the folder of an author's own.

    A ContentFile, or a name that no theme has, is a folder of the content folder `files`; a Path is the user's. `fit`
    makes its pictures fit for the book, with the default limits by default. Raises ChapbookError, at `path` and `at`,
    if there is no such theme (``theme-unknown``) or its files can't be read.
    """
    if isinstance(theme, str) and theme in _names():
        return shipped_theme(theme)
    own = _own_theme(ContentFile(theme) if isinstance(theme, str) else theme, files, fit)
    if own is None:
        raise ChapbookError(_unknown(theme, path, at))
    return own


def shipped_theme(name: str) -> Theme:
    """The built-in theme of that name."""
    folder = _styles() / name
    plain, modern = _base(_settings_of(folder))
    return Theme(plain=plain + _text(folder, "theme.css"), modern=modern + _text(folder, "modern.css"))


def _own_theme(folder: FileRef, files: Files | None, fit: Fit | None) -> Theme | None:
    """The theme in `folder` (of the content folder `files`, or the user's own); ``None`` without a ``theme.css``.

    Raises ChapbookError if one of its files can't be read. What can't ship is in the diagnostics.
    """
    opened = _open(folder, files)
    if opened is None:
        return None
    source, prefix = opened
    if not source.has(f"{prefix}theme.css"):
        return None
    from chapbook.styling.stylesheet import ship_sheet  # noqa: PLC0415 - themes of users are rare; importing it takes time

    plain, modern = _base(_own_settings(source, f"{prefix}theme.toml"))
    assets, diagnostics = Assets(fit), list[Diagnostic]()
    own = tuple(
        ship_sheet(source, prefix + sheet, assets, diagnostics) if source.has(prefix + sheet) else ""
        for sheet in ("theme.css", "modern.css")
    )
    return Theme(
        plain=plain + own[0],
        modern=modern + own[1],
        own=own,
        assets=assets.packed(),
        diagnostics=tuple(diagnostics),
    )


def _open(folder: FileRef, files: Files | None) -> tuple[Source, str] | None:
    """The source of the theme's files, and the path before their names there."""
    if isinstance(folder, Path):
        return PathSource(folder), ""
    if files is None:
        return None
    path = folder.path.strip("/")
    return ContentSource.of(files), f"{path}/" if path else ""


class _Settings(Struct, frozen=True, kw_only=True):
    """The content of ``theme.toml``."""

    description: str = ""
    base: bool = True
    """Whether the theme uses the shared base."""


def _own_settings(source: Source, path: str) -> _Settings:
    if not source.has(path):
        return _Settings()
    shown = source.shown(path)
    content = source.read(path)
    try:
        return _parse_toml(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and TOMLDecodeError among them
        fault = Diagnostic.of(
            "theme-invalid",
            f"'{shown}' cannot be read: {error}",
            path=shown,
            hint="a theme.toml has 'description = \"…\"' and perhaps 'base = false'",
        )
        raise ChapbookError(fault) from error


def _parse_toml(text: str) -> _Settings:
    """Parses a ``theme.toml``. Raises ValueError, worded for the author, if it isn't valid."""
    if len(text) > _LONGEST_TOML:
        raise ValueError("longer than 10,000 characters")
    table = tomllib.loads(text)
    description, base = table.get("description", ""), table.get("base", True)
    if not isinstance(description, str):
        raise ValueError("'description' isn't text")
    if not isinstance(base, bool):
        raise ValueError("'base' has to be true or false")
    return _Settings(description=" ".join(description.split()), base=base)


def _base(settings: _Settings) -> tuple[str, str]:
    """The plain and the modern CSS of the shared base, if the theme uses it."""
    folder = _styles() / _BASE
    return (_text(folder, "theme.css"), _text(folder, "modern.css")) if settings.base else ("", "")


def _names() -> list[str]:
    folders = (each for each in _styles().iterdir() if each.name != _BASE and (each / "theme.css").is_file())
    return sorted(each.name for each in folders)


def _unknown(theme: str | FileRef, path: str | None, at: Position | None) -> Diagnostic:
    name = theme if isinstance(theme, str) else theme.path if isinstance(theme, ContentFile) else theme.as_posix()
    names = _names()
    near = NearWords(names).like(name, alike=0.5)
    likely = f"did you mean '{near}'? Otherwise, " if near else ""
    hint = f"{likely}there are {', '.join(names)}; a folder of your own holds a 'theme.css'"
    return Diagnostic.of("theme-unknown", f"there is no theme '{name}'", path=path, at=at, hint=hint)


def _styles() -> Path:
    # A folder beside the code, as pip installs it; importlib.resources, which also reads archives, takes 3 ms to load.
    return Path(import_module("chapbook.styles").__path__[0])


def _settings_of(folder: Path) -> _Settings:
    return _parse_toml(_text(folder, "theme.toml"))


def _text(folder: Path, name: str) -> str:
    file = folder / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""
