"""What `compare_books` found, as values."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from chapbook.assets.sfnt import FontNames
from chapbook.inspecting.text import Passage
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.value import Value

__all__ = ["BookFile", "ChapterChange", "Comparison", "FileChange", "ValueChange"]


class ValueChange(Value, frozen=True, kw_only=True):
    """A value that differs: of the metadata, the style, or one chapter."""

    name: str
    """As the attribute of `Book` or `Chapter`: ``title``, ``accent``."""
    before: str
    """In words; empty where there was none."""
    after: str


class ChapterChange(Value, frozen=True, kw_only=True):
    """A chapter, or the opening of a part, that is new, gone or changed."""

    change: Literal["added", "removed", "changed"]
    name: str
    """The Markdown file, where that is known, else the document in the EPUB; of the old edition if it was removed."""
    title: str
    words: int
    """How many it has."""
    is_part: bool = False
    old_name: str = ""
    """Of a chapter that was renamed, the name that it had."""
    old_title: str = ""
    """Of one with another title, the title that it had."""
    moved: bool = False
    """Whether it stands elsewhere among the others of its part, or in another part; as few as explain the order."""
    follows: str = ""
    """The name of the chapter that it now stands after; empty for the first."""
    words_added: int = 0
    """In Chinese and Japanese these are characters."""
    words_removed: int = 0
    pictures_added: tuple[str, ...] = ()
    """The pictures that it shows and didn't show, by their names."""
    pictures_removed: tuple[str, ...] = ()
    notes_added: int = 0
    """References to notes; the text of a note counts among the words."""
    notes_removed: int = 0
    descriptions: int = 0
    """Pictures with another alternative text."""
    links: int = 0
    """Places where the same words lead elsewhere, or became or ceased to be a link."""
    formatting: int = 0
    """Places where the same words are set in another way: emphasis, headings, paragraphs, lists."""
    values: tuple[ValueChange, ...] = ()
    """Of its front matter what isn't text: ``type``, ``language``, ``accent``, ``in_toc``."""
    passages: tuple[Passage, ...] = ()


FileKind = Literal["picture", "font", "style sheet", "recording", "file"]


class BookFile(Struct, frozen=True, kw_only=True):
    """A file that isn't a document: a picture, a font, a style sheet."""

    name: str
    kind: FileKind
    media_type: str
    bytes: int
    digest: str
    """SHA-256 of the bytes; of a font that of what it calls itself, since a book may have a part of it."""
    width: int = 0
    """Of a picture, in pixels; 0 where it says none."""
    height: int = 0
    font: FontNames | None = None


class FileChange(Value, frozen=True, kw_only=True):
    """A picture, font, style sheet or other file that is new, gone, changed, or has another name."""

    change: Literal["added", "removed", "changed", "renamed"]
    kind: FileKind
    name: str
    """In the EPUB; that of the old edition if it was removed."""
    before: BookFile | None = None
    after: BookFile | None = None


class Comparison(Value, frozen=True, kw_only=True):
    """What differs between two editions of a book."""

    before: str
    """The old edition as it was named."""
    after: str
    metadata: tuple[ValueChange, ...] = ()
    chapters: tuple[ChapterChange, ...] = ()
    """In the order of the new edition; those that are gone stand where they were."""
    cover: FileChange | None = None
    files: tuple[FileChange, ...] = ()
    """All but the cover."""
    style: tuple[ValueChange, ...] = ()
    """``theme`` and ``accent``; style sheets and fonts are among the files."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What of an EPUB couldn't be read, and so isn't compared."""

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.metadata or self.chapters or self.cover or self.files or self.style)
