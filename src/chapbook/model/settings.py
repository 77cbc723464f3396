"""How a book is made, as values: everything of book.yaml that is not metadata."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from chapbook.model.diagnostics import Position

__all__ = [
    "ContentFile",
    "DialectName",
    "ExtensionSpec",
    "FileRef",
    "FontFile",
    "ImageLimits",
    "Settings",
    "VolumeSettings",
]

DialectName = Literal["markdown", "commonmark"]


class ContentFile(Struct, frozen=True):
    """A file of the content folder, by its path in it; read only through the folder, never around it."""

    path: str


FileRef = ContentFile | Path
"""Where a style sheet, font or cover comes from: the untrusted folder, or a path that the user gave."""


class FontFile(Struct, frozen=True, kw_only=True):
    """A font to pack, and how."""

    file: FileRef
    subset: bool = False
    """Whether only with the characters that the book has; this needs the extra ``chapbook[fonts]``."""


class ExtensionSpec(Struct, frozen=True, kw_only=True):
    """A Python-Markdown extension: a registered name or an object, with its options."""

    extension: object
    """A name (``str``) or an instance of ``markdown.extensions.Extension``."""
    options: Mapping[str, object] = field(default_factory=dict)
    trusted: bool = False
    """Whether a name may be any importable module: given by the user, not by the content folder."""


class ImageLimits(Struct, frozen=True, kw_only=True):
    """What a picture may be before it is made smaller."""

    max_pixels: int = 5_600_000
    max_bytes: int = 5_000_000
    quality: int = 85
    """Of a JPEG that chapbook writes, 1 to 95."""


class Settings(Struct, frozen=True, kw_only=True):
    """How the book is made."""

    dialect: DialectName = "markdown"
    extensions: tuple[ExtensionSpec, ...] = ()
    smart: bool = True
    toc_depth: int = 2
    """1: parts and chapters; 2: second-level headings of a chapter too; 3: the third."""
    theme: str | FileRef = "classic"
    """The name of a theme that ships, or the folder of one's own."""
    accent: str = ""
    css: tuple[FileRef, ...] = ()
    fonts: tuple[FileRef | FontFile, ...] = ()
    cover: FileRef | None = None
    images: ImageLimits = ImageLimits()
    render_seconds: float = 20.0
    positions: Mapping[str, Position] = field(default_factory=dict)
    """Where book.yaml says it, by key (``images.quality``, ``css[1]``), for messages."""
    source: str = "book.yaml"
    """The file, relative to the content folder, that `positions` are of."""


class VolumeSettings(Struct, frozen=True, kw_only=True):
    """How the chapters of one volume are rendered where several volumes are joined in one book."""

    folder: str
    """The volume's, relative to the content folder, with slashes: what the paths of its chapters begin with."""
    settings: Settings
    """Dialect, extensions, punctuation and time are this volume's; the rest is the whole book's affair."""
