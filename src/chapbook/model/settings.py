"""How to make a book: all settings in book.yaml that aren't metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Annotated, Literal, Protocol, get_args, runtime_checkable

from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.model.codes import CODES, Severity
from chapbook.model.diagnostics import Position
from chapbook.model.fields import (
    CONTENT,
    Checked,
    Colour,
    Flag,
    Kind,
    Texts,
    above,
    instance,
    list_of,
    one_of,
    optional,
    several,
    several_of,
    whole,
)
from chapbook.model.targets import TargetName
from chapbook.model.value import EMPTY, Given, Value

__all__ = [
    "CHAPTER_DIALECTS",
    "FILES",
    "OWN_DIALECT",
    "SYNTAXES",
    "THEME",
    "ChapterDialect",
    "ContentFile",
    "DialectName",
    "ExtensionSpec",
    "FileRef",
    "FontFile",
    "ImageLimits",
    "Settings",
    "VolumeSettings",
    "dialect_kind",
    "positions_left",
    "with_changes",
]

DialectName = Literal["markdown", "commonmark"]
"""Dialects for a book's chapters."""
ChapterDialect = Literal["markdown", "commonmark", "html"]
"""Dialects for one chapter: also HTML or XHTML, a fragment or a document."""
CHAPTER_DIALECTS = get_args(ChapterDialect)


def dialect_kind(*names: str) -> Kind:
    """One of these dialects, or a function that turns a text into HTML."""
    named = one_of(*names)
    takes = f"{', '.join(repr(each) for each in names if each)}, or a function from text to HTML"

    def check(value: object) -> object:
        is_own = callable(value) or (isinstance(value, str) and value.startswith(OWN_DIALECT))
        return value if is_own else named.check(value)

    return replace(named, takes=takes, check=check)


OWN_DIALECT = "own:"
"""The prefix of the generated name for such a function."""


SYNTAXES = (
    "docusaurus",
    "gitbook",
    "github",
    "hugo",
    "jekyll",
    "mdbook",
    "mkdocs",
    "obsidian",
    "pandoc",
    "quarto",
)
"""The tools whose syntax chapbook reads beside the dialect's own."""


class ContentFile(Value, frozen=True):
    """A file of the content folder, by its path; it can only be read through the folder."""

    path: str


FileRef = ContentFile | Path
"""A style sheet, font or cover: from the untrusted folder, or a path from the user."""


def _file(value: object) -> object:
    if isinstance(value, str | PathLike | ContentFile):
        return value
    return CONTENT.check(value)


FILE = Kind(takes="a path, bytes or a Pillow image", check=_file)
FILES = list_of(replace(FILE, takes=""), takes="a path, bytes, the text of a style sheet, or a list of these")
THEME = instance(str, PathLike, ContentFile, takes="a theme's name or a folder")


class FontFile(Checked, frozen=True, kw_only=True):
    """A font to include, and how."""

    file: Annotated[Given[FileRef, FileRef | str | PathLike[str] | bytes], replace(FILE, takes="a path or bytes")]
    subset: Flag = False
    """Whether to include only characters that the book uses; needs the extra ``chapbook[fonts]``."""


FONTS = list_of(
    Kind(takes="", check=lambda value: value if isinstance(value, FontFile) else _file(value)),
    takes="a path, bytes, a FontFile, or a list of these",
)


class ExtensionSpec(Checked, frozen=True, kw_only=True):
    """A Python-Markdown extension: a registered name or an object, with its options."""

    extension: object
    """A name (``str``) or an instance of ``markdown.extensions.Extension``."""
    options: Mapping[str, object] = field(default_factory=dict)
    trusted: Flag = False
    """Whether a name may be any importable module: true if the user gave it, not the content folder."""


class ImageLimits(Checked, frozen=True, kw_only=True):
    """The limits above which chapbook scales a picture down."""

    max_pixels: Annotated[int, whole(10_000, 100_000_000)] = 5_600_000
    max_bytes: Annotated[int, whole(10_000, 200_000_000)] = 5_000_000
    quality: Annotated[int, whole(1, 95)] = 85
    """The quality of JPEGs that chapbook writes, 1 to 95."""
    max_side: Annotated[int, whole(100, 32_767)] = 32_767
    """Pixels of the longer side; half of what a JPEG can hold, and readers fail earlier."""
    svg: Flag = True
    """Whether SVG ships; otherwise it becomes PNG, which needs the extra ``chapbook[kindle]``."""
    animations: Flag = True
    """Whether a GIF that moves ships as it is."""
    read_pixels: Annotated[int, whole(1, 200_000_000)] = 200_000_000
    """Pixels above which chapbook doesn't read a picture; no key of a book sets it."""


def _reasons(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for pair in value.items() for each in pair):
        raise TypeError
    for code in value:
        if code not in CODES:
            raise ValueError(f"'{code}'")
        if CODES[code].severity is Severity.ERROR:
            raise ValueError(f"'{code}', which is an error")
    return value if isinstance(value, dict) else dict(value)


REASONS = Kind(takes="a mapping of codes of warnings and notes to reasons", check=_reasons)


@runtime_checkable
class _Extension(Protocol):
    """A Python-Markdown extension, recognised by the method that Python-Markdown calls."""

    def extendMarkdown(self, md: object) -> object: ...  # noqa: N802 - Python-Markdown's name


class Settings(Value, frozen=True, kw_only=True):
    """How to make the book."""

    dialect: Annotated[DialectName, dialect_kind(*get_args(DialectName))] = "markdown"
    extensions: Annotated[
        tuple[ExtensionSpec, ...],
        several(str, ExtensionSpec, _Extension, takes="a name, an extension, or a list of these"),
    ] = ()
    syntax: Annotated[
        tuple[str, ...], several_of(*SYNTAXES, takes=f"a list of {', '.join(SYNTAXES[:-1])} and {SYNTAXES[-1]}")
    ] = ()
    """The tools whose syntax is read beside the dialect's own."""
    link_prefix: Texts = EMPTY
    """Addresses under which a site shows the content folder: ``/guide``, ``https://example.org/book/``."""
    smart: Flag = True
    toc_depth: Annotated[int, whole(1, 3)] = 2
    """1: parts and chapters; 2: also a chapter's second-level headings; 3: also third-level."""
    theme: Annotated[str | FileRef, THEME] = "classic"
    """The name of a built-in theme, or the folder of the user's own."""
    accent: Colour = ""
    css: Annotated[tuple[FileRef, ...], FILES] = ()
    fonts: Annotated[tuple[FileRef | FontFile, ...], FONTS] = ()
    cover: Annotated[FileRef | None, optional(FILE)] = None
    images: Annotated[ImageLimits, instance(ImageLimits, takes="ImageLimits")] = ImageLimits()
    render_seconds: Annotated[float, above(0, 3600)] = 20.0
    messages: Annotated[Mapping[str, str], REASONS] = field(default_factory=dict)
    """Codes of warnings and notes that aren't reported, with the reasons; without one where an option names it."""
    target: Annotated[TargetName, one_of(*get_args(TargetName))] = "generic"
    """The store or reading system that the book is for (model/targets.py). No key sets it: a book has several."""
    positions: Mapping[str, Position] = field(default_factory=dict)
    """The positions in book.yaml by key (``images.quality``, ``css[1]``), for messages."""
    source: str = "book.yaml"
    """The file that `positions` refer to, relative to the content folder."""


class VolumeSettings(Struct, frozen=True, kw_only=True):
    """How to render the chapters of one volume of an omnibus."""

    folder: str
    """The volume's folder, relative to the content folder, with slashes; its chapters' paths begin with it."""
    settings: Settings
    """Dialect, extensions, syntax, punctuation and time limit come from this volume; the rest from the whole book."""


_OF_EACH_VOLUME = ("dialect", "extensions", "syntax", "link_prefix", "smart", "render_seconds")
"""Settings that each volume keeps."""


def with_changes(volumes: Sequence[VolumeSettings], said: Settings, now: Settings) -> tuple[VolumeSettings, ...]:
    """The settings of `volumes`, after the book's settings changed from `said` to `now`: changes apply to all."""
    given = {name: getattr(now, name) for name in _OF_EACH_VOLUME}
    changed = {name: value for name, value in given.items() if value != getattr(said, name)}
    return tuple(replace(each, settings=replace(each.settings, **changed)) for each in volumes)


def positions_left(said: Settings, now: object) -> dict[str, Position]:
    """Where book.yaml says what still holds `now`: a value that was changed since has no place there."""
    changed = {name for name in ("theme", "accent", "cover") if getattr(now, name) != getattr(said, name)}
    return {key: position for key, position in said.positions.items() if key not in changed}
