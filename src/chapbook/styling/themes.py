"""The themes: chapbook's and authors' own.

A theme is a folder with ``theme.css`` (for all reading systems), optionally ``modern.css`` (media queries and other
rules that make Adobe's old engine drop a whole sheet; linked after the first), and optionally ``theme.toml``:
``description``, one line, and ``base = false`` for a theme that doesn't use the shared base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

from msgspec import Struct

from chapbook.assets.fitted import Fit
from chapbook.assets.sources import Asset
from chapbook.colour.colour import (
    Colour,
    accent_for_any,
    accent_for_dark,
    accent_for_light,
    by_text_colour,
    parse_colour,
)
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.near import NearWords
from chapbook.model.settings import ContentFile, FileRef
from chapbook.styling.directions import VERTICAL, by_direction, turned
from chapbook.styling.theme_folder import ThemeSettings, parse_theme_toml

__all__ = [
    "SHEET_NAMES",
    "Theme",
    "accent_class",
    "accents_by_page_css",
    "accents_css",
    "book_sheets",
    "find_theme",
    "shipped_theme",
    "theme_names",
]

SHEET_NAMES = ("styles/theme.css", "styles/accents.css", "styles/modern.css")
"""The sheets that all documents link, in this order, before the author's own."""

_BASE = "base"


class Theme(Struct, frozen=True, kw_only=True):
    """A theme, including the shared base if it uses it."""

    name: str
    description: str = ""
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
    folders = sorted((folder for folder in _styles().iterdir() if _is_theme(folder)), key=lambda folder: folder.name)
    return tuple((folder.name, _settings(folder).description) for folder in folders)


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
    from chapbook.styling.theme_folder import read_theme_folder  # noqa: PLC0415 - themes of users are rare; importing it takes time

    own = read_theme_folder(ContentFile(theme) if isinstance(theme, str) else theme, files, fit)
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
    """The built-in theme of that name. Raises ChapbookError (``theme-unknown``, at `path` and `at`) if unknown."""
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


def book_sheets(
    theme: Theme, accents: Iterable[str] = (), accent: str = "", *, vertical: bool = False
) -> tuple[tuple[str, str], ...]:
    """The sheets of a book, by the names in `SHEET_NAMES`: those of its `theme` and of its accents.

    `accents` are the chapters' (CSS colours, or empty), `accent` is the whole book's. In a `vertical` book, lines run
    from top to bottom, the first at the right.
    """
    given = tuple(accents)
    plain, modern = theme.plain, by_direction(theme.plain) + theme.modern
    if vertical:
        plain, modern = (turned(each, theme.own) for each in (theme.plain, theme.modern))
        plain = VERTICAL + plain
    texts = (plain, accents_css(given, accent), modern + accents_by_page_css(given, accent))
    return tuple(zip(SHEET_NAMES, texts, strict=True))


def _names() -> list[str]:
    return [name for name, _ in theme_names()]


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


def _is_theme(folder: Path) -> bool:
    return folder.name != _BASE and folder.is_dir() and (folder / "theme.css").is_file()


def _settings(folder: Path) -> ThemeSettings:
    return parse_theme_toml(_text(folder, "theme.toml"))


def _text(folder: Path, name: str) -> str:
    file = folder / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def accent_class(accent: str) -> str:
    """The class for `accent`, a CSS colour: ``accent-2f4f4f``; empty if it isn't a colour."""
    colour = parse_colour(accent)
    return f"accent-{colour.hex[1:]}" if colour else ""


def accents_css(accents: Iterable[str], book: str = "") -> str:
    """The rules for the chapters' `accents` and the whole `book`'s, legible on white and on black pages.

    Only titles and rules get the accent here: no colour of small type is legible on all pages. Takes CSS colours in any
    order, repeated or not; ignores what isn't a colour. A chapter's rules have precedence over the book's. Without
    accents the sheet contains only a comment.
    """
    rules = _rules(accents, book, lambda colour: accent_for_any(colour).hex, labels=False)
    whole = parse_colour(book)
    own = f" The book's own is {whole.hex}." if whole else ""
    return f"/* Accents that can be read on white and on black.{own} */\n" + "".join(rules)


def accents_by_page_css(accents: Iterable[str], book: str = "") -> str:
    """Like `accents_css`, with shades for light pages and for dark ones; empty without accents.

    First by media queries; then, for the newest reading systems, by the text's colour, which shows the real page's.
    """
    given = tuple(accents)
    shades: tuple[tuple[str, Shade, str], ...] = (
        ("@media (prefers-color-scheme: light)", lambda colour: accent_for_light(colour).hex, "color: "),
        ("@media (prefers-color-scheme: dark)", lambda colour: accent_for_dark(colour).hex, "color: "),
        (
            "@supports (-webkit-text-fill-color: rgb(from currentColor g g g))",
            lambda colour: by_text_colour(accent_for_light(colour), accent_for_dark(colour)),
            "color: inherit; -webkit-text-fill-color: ",
        ),
    )
    blocks = ((where, "".join(_rules(given, book, shade, text=text))) for where, shade, text in shades)
    return "".join(f"{where} {{\n{rules}}}\n" for where, rules in blocks if rules)


Shade = Callable[[Colour], str]
"""Returns the CSS colour for an accent."""


def _rules(
    accents: Iterable[str], book: str, shade: Shade, *, labels: bool = True, text: str = "color: "
) -> Iterator[str]:
    """The rules of each accent; `text` is the property that sets the colour of letters."""
    whole = parse_colour(book)
    if whole:
        yield _rule("", shade(whole), labels=labels, text=text)
        yield f".title-page .title {{ {text}{shade(whole)}; }}\n"
        yield f"section.title-page {{ border-color: {shade(whole)}; }}\n"
    for colour in sorted({colour for colour in map(parse_colour, accents) if colour}):
        yield _rule(f".accent-{colour.hex[1:]} ", shade(colour), labels=labels, text=text)


def _rule(scope: str, shade: str, *, labels: bool, text: str) -> str:
    label = f"{scope}.opening .label, " if labels else ""
    return f"{label}{scope}.opening .title {{ {text}{shade}; }}\n{scope}.opening {{ border-color: {shade}; }}\n"
