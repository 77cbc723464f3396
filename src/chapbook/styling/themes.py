"""The themes: those that ship and an author's own.

A theme is a folder with ``theme.css`` (what every reading system knows), perhaps ``modern.css`` (media
queries and all else that Adobe's old engine drops a whole sheet for; linked after the first), and perhaps
``theme.toml``: ``description``, one line, and ``base = false`` for a theme that stands alone instead of on
the shared base.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from msgspec import Struct

from chapbook.contents import Files
from chapbook.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.near import NearWords
from chapbook.settings import ContentFile, FileRef
from chapbook.styling.accents import accents_css, accents_dark_css
from chapbook.styling.sources import Asset
from chapbook.styling.theme_settings import ThemeSettings, parse_theme_toml

__all__ = ["SHEET_NAMES", "Theme", "book_sheets", "find_theme", "shipped_theme", "theme_names"]

SHEET_NAMES = ("styles/theme.css", "styles/accents.css", "styles/modern.css")
"""The sheets that every document links, in this order, before the author's own."""

_BASE = "base"


class Theme(Struct, frozen=True, kw_only=True):
    """A theme, the shared base included where it stands on it."""

    name: str
    description: str = ""
    plain: str
    """CSS for every reading system."""
    modern: str = ""
    """CSS for newer ones, dark pages among it."""
    own: tuple[str, ...] = ()
    """Of `plain` and `modern` what is an author's own and does not ship with chapbook."""
    assets: tuple[Asset, ...] = ()
    """Fonts and pictures that the sheets refer to, by names beside them."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What of an author's own theme was left out."""


def theme_names() -> tuple[tuple[str, str], ...]:
    """The themes that ship, by name: each with the line that describes it."""
    folders = sorted((folder for folder in _styles().iterdir() if _is_theme(folder)), key=lambda folder: folder.name)
    return tuple((folder.name, _settings(folder).description) for folder in folders)


def find_theme(
    theme: str | FileRef, files: Files | None = None, *, path: str | None = None, at: Position | None = None
) -> Theme:
    """The theme `theme`: a name of one that ships, or the folder of an author's own.

    A ContentFile, or a name that no theme has, is a folder of the content folder `files`; a Path is the
    user's. Raises ChapbookError, at `path` and `at`, where there is no such theme (``theme-unknown``) or its
    files are not to be read.
    """
    if isinstance(theme, str) and theme in _names():
        return shipped_theme(theme)
    from chapbook.styling.theme_folder import read_theme_folder  # noqa: PLC0415 - an own theme is rare; start-up is dear

    own = read_theme_folder(ContentFile(theme) if isinstance(theme, str) else theme, files)
    if own is None:
        raise ChapbookError(_unknown(theme, path, at))
    plain, modern = _base() if own.settings.base else ("", "")
    return Theme(
        name=own.name,
        description=own.settings.description,
        plain=plain + own.plain,
        modern=modern + own.modern,
        own=(own.plain, own.modern),
        assets=own.assets,
        diagnostics=own.diagnostics,
    )


def shipped_theme(name: str, *, path: str | None = None, at: Position | None = None) -> Theme:
    """The theme of that name. Raises ChapbookError (``theme-unknown``, at `path` and `at`) where there is none."""
    if name not in _names():
        raise ChapbookError(_unknown(name, path, at))
    folder = _styles() / name
    settings = _settings(folder)
    plain, modern = _base() if settings.base else ("", "")
    return Theme(
        name=name,
        description=settings.description,
        plain=plain + _text(folder, "theme.css"),
        modern=modern + _text(folder, "modern.css"),
    )


def _base() -> tuple[str, str]:
    """The shared base: its plain and its modern CSS."""
    folder = _styles() / _BASE
    return _text(folder, "theme.css"), _text(folder, "modern.css")


def book_sheets(theme: Theme, accents: Iterable[str] = (), accent: str = "") -> tuple[tuple[str, str], ...]:
    """The sheets of a book, by the names of `SHEET_NAMES`: those of its `theme` and of its accents.

    `accents` are the chapters' (any CSS colours, empty ones pass), `accent` is the whole book's.
    """
    given = tuple(accents)
    texts = (theme.plain, accents_css(given, accent), theme.modern + accents_dark_css(given, accent))
    return tuple(zip(SHEET_NAMES, texts, strict=True))


def _names() -> list[str]:
    return [name for name, _ in theme_names()]


def _unknown(theme: str | FileRef, path: str | None, at: Position | None) -> Diagnostic:
    name = theme if isinstance(theme, str) else theme.path if isinstance(theme, ContentFile) else theme.as_posix()
    names = _names()
    near = NearWords(names).like(name, alike=0.5)
    likely = f"perhaps '{near}' is meant; " if near else ""
    hint = f"{likely}there are {', '.join(names)}; a folder of your own holds a 'theme.css'"
    return Diagnostic.of("theme-unknown", f"no theme '{name}'", path=path, at=at, hint=hint)


def _styles() -> Path:
    # A folder beside the code, as pip installs it; importlib.resources, for archives too, takes 3 ms to load.
    return Path(import_module("chapbook.styles").__path__[0])


def _is_theme(folder: Path) -> bool:
    return folder.name != _BASE and folder.is_dir() and (folder / "theme.css").is_file()


def _settings(folder: Path) -> ThemeSettings:
    return parse_theme_toml(_text(folder, "theme.toml"))


def _text(folder: Path, name: str) -> str:
    file = folder / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""
