"""How a book is made, as values: everything of book.yaml that is not metadata."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Annotated, Literal, Protocol, get_args, runtime_checkable

from msgspec import Struct, field
from msgspec.structs import replace

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
]

DialectName = Literal["markdown", "commonmark"]
"""What a book's chapters may be written in."""
ChapterDialect = Literal["markdown", "commonmark", "html"]
"""What one chapter may be: also a fragment or a document of HTML or XHTML."""
CHAPTER_DIALECTS = get_args(ChapterDialect)


def dialect_kind(*names: str) -> Kind:
    """One of these dialects, or a function that makes HTML of a text."""
    named = one_of(*names)
    takes = f"{', '.join(repr(each) for each in names if each)}, or a function from text to HTML"

    def check(value: object) -> object:
        is_own = callable(value) or (isinstance(value, str) and value.startswith(OWN_DIALECT))
        return value if is_own else named.check(value)

    return replace(named, takes=takes, check=check)


OWN_DIALECT = "own:"
"""What the name begins with that is made for such a function."""


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
    """A file of the content folder, by its path in it; read only through the folder, never around it."""

    path: str


FileRef = ContentFile | Path
"""Where a style sheet, font or cover comes from: the untrusted folder, or a path that the user gave."""


def _file(value: object) -> object:
    if isinstance(value, str | PathLike | ContentFile):
        return value
    return CONTENT.check(value)


FILE = Kind(takes="a path, bytes or a Pillow image", check=_file)
FILES = list_of(replace(FILE, takes=""), takes="a path, bytes, the text of a style sheet, or a list of these")
THEME = instance(str, PathLike, ContentFile, takes="a theme's name or a folder")


class FontFile(Checked, frozen=True, kw_only=True):
    """A font to pack, and how."""

    file: Annotated[Given[FileRef, FileRef | str | PathLike[str] | bytes], replace(FILE, takes="a path or bytes")]
    subset: Flag = False
    """Whether only with the characters that the book has; this needs the extra ``chapbook[fonts]``."""


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
    """Whether a name may be any importable module: given by the user, not by the content folder."""


class ImageLimits(Checked, frozen=True, kw_only=True):
    """The limits above which chapbook makes a picture smaller."""

    max_pixels: Annotated[int, whole(10_000, 100_000_000)] = 5_600_000
    max_bytes: Annotated[int, whole(10_000, 200_000_000)] = 5_000_000
    quality: Annotated[int, whole(1, 95)] = 85
    """Of a JPEG that chapbook writes, 1 to 95."""
    read_pixels: Annotated[int, whole(1, 200_000_000)] = 200_000_000
    """Pixels above which chapbook doesn't read a picture; no key of a book sets it."""


@runtime_checkable
class _Extension(Protocol):
    """A Python-Markdown extension, by what Python-Markdown does with it."""

    def extendMarkdown(self, md: object) -> object: ...  # noqa: N802 - Python-Markdown's name


class Settings(Value, frozen=True, kw_only=True):
    """How the book is made."""

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
    """1: parts and chapters; 2: second-level headings of a chapter too; 3: the third."""
    theme: Annotated[str | FileRef, THEME] = "classic"
    """The name of a theme that ships, or the folder of one's own."""
    accent: Colour = ""
    css: Annotated[tuple[FileRef, ...], FILES] = ()
    fonts: Annotated[tuple[FileRef | FontFile, ...], FONTS] = ()
    cover: Annotated[FileRef | None, optional(FILE)] = None
    images: Annotated[ImageLimits, instance(ImageLimits, takes="ImageLimits")] = ImageLimits()
    render_seconds: Annotated[float, above(0, 3600)] = 20.0
    positions: Mapping[str, Position] = field(default_factory=dict)
    """Where book.yaml says it, by key (``images.quality``, ``css[1]``), for messages."""
    source: str = "book.yaml"
    """The file, relative to the content folder, that `positions` are of."""


class VolumeSettings(Struct, frozen=True, kw_only=True):
    """How the chapters of one volume are rendered where several volumes are joined in one book."""

    folder: str
    """The volume's, relative to the content folder, with slashes: what the paths of its chapters begin with."""
    settings: Settings
    """Dialect, extensions, syntax, punctuation and time are this volume's; the rest is the whole book's affair."""
