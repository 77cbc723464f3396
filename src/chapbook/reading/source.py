"""The source of a book as the user names it: a content folder, or one Markdown file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from chapbook.keys.front_matter import FrontMatter, parse_front_matter
from chapbook.keys.settings import BookFields, parse_settings, read_book_fields
from chapbook.keys.tree import Findings
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.fields import Kind, checked
from chapbook.model.names import readable
from chapbook.reading.content_folder import MOST_TEXT_BYTES, AssetFolder, ContentFolder, decode_text, read_bytes
from chapbook.reading.defaults import with_defaults
from chapbook.reading.folder import (
    FolderContents,
    missing_source,
    project_of,
    read_folder,
    settings_files,
    text_of,
    with_found_title,
)
from chapbook.reading.memory_folder import MemoryFolder, Traversable
from chapbook.reading.roles import roles_of
from chapbook.reading.walk import FolderListing, is_markdown, shown, walk

__all__ = ["read_chapter", "read_file", "read_source", "read_title"]


def read_source(
    path: str | PathLike[str] | Traversable,
    *,
    drafts: bool = False,
    shared: BookFields | None = None,
    assets: Sequence[str | PathLike[str] | Traversable] = (),
) -> FolderContents:
    """Reads a content folder, or one Markdown file: see read_folder and read_file.

    What is no path on a disk, such as a folder in a ZIP file, is read into memory first.
    """
    folders = [Path(each) if isinstance(each, str | PathLike) else MemoryFolder.of(each) for each in assets]
    if not isinstance(path, str | PathLike):
        memory = MemoryFolder.of(path)
        if path.is_dir():
            return read_folder(memory, drafts=drafts, shared=shared, assets=folders)
        return _read_one(memory, memory.name, memory.name, folders)
    if os.path.isdir(path):  # noqa: PTH112 - strings are as good
        return read_folder(path, drafts=drafts, shared=shared, assets=folders)
    return read_file(path, assets=folders)


def read_file(path: str | PathLike[str], *, assets: Sequence[Path | MemoryFolder] = ()) -> FolderContents:
    """Reads one Markdown file as a book: its front matter may have the keys of book.yaml too.

    Pictures and links are looked up in its folder and nowhere else. A draft is built: it is asked for by
    name. Raises ChapbookError (``source-missing``) where there is no such file.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - as in read_folder
    if not os.path.isfile(whole):  # noqa: PTH113 - which raises nothing
        raise ChapbookError(missing_source(os.fspath(path)))
    return _read_one(whole.parent, whole.name, os.fspath(path), assets)


def read_chapter(source: str | PathLike[str] | IO[str] | IO[bytes] | Iterable[str]) -> Chapter:
    """The chapter that a Markdown text is, with its front matter.

    `source` is the text itself, the path of a file (a `Path`, never a `str`), an open file, or an iterable of the
    text's pieces. Raises ChapbookError where the front matter has an error, or a file can't be read.
    """
    name = ""
    if isinstance(source, str):
        text = source
    elif isinstance(source, PathLike):
        name = os.fspath(source)
        folder, file = os.path.split(os.path.abspath(source))  # noqa: PTH100 - as in read_folder
        text = decode_text(read_bytes(Path(folder), file, MOST_TEXT_BYTES), name)
    else:
        pieces = checked(_PIECES, "source", source)
        text = decode_text(pieces, "") if isinstance(pieces, bytes) else pieces
    read = parse_front_matter(text, name)
    if has_errors(read.diagnostics):
        raise ChapbookError(*read.diagnostics)
    return replace(read.chapter, path="", source=(name, read.chapter.first_line) if name else None, first_line=1)


def _pieces(value: object) -> str | bytes:
    """What an open file or an iterable of texts holds."""
    reading = getattr(value, "read", None)
    whole = reading() if callable(reading) else None
    if isinstance(whole, str | bytes):
        return whole
    if whole is not None or isinstance(value, bytes | Mapping) or not isinstance(value, Iterable):
        raise TypeError
    pieces = tuple(value)
    if not all(isinstance(each, str) for each in pieces):
        raise TypeError("an iterable of something else")
    return "".join(pieces)


_PIECES = Kind(takes="text, a path, an open file, or an iterable of texts", check=_pieces)


def _read_one(
    root: Path | MemoryFolder, name: str, source: str, assets: Sequence[Path | MemoryFolder]
) -> FolderContents:
    """Reads the file `name` of the folder `root`, which messages call `source`."""
    if not is_markdown(name):
        raise ChapbookError(missing_source(source))
    files = ContentFolder(root, walk(root).paths | {name}, tuple(map(AssetFolder.at, assets)))
    try:
        text = decode_text(read_bytes(root, name, MOST_TEXT_BYTES), shown(name))
    except ChapbookError as error:
        empty = BookFields(source=shown(name))
        return _one_chapter(Chapter(path=shown(name)), empty, files, source, error.diagnostics)
    read = parse_front_matter(text, shown(name))
    fields = _file_fields(read, files)
    chapter = read.chapter
    diagnostics = list(fields.diagnostics)
    known = {(each.code, each.line, each.column) for each in diagnostics}
    for each in read.diagnostics:
        of_book = each.code == "date-invalid" and "date" in fields.values
        if (each.code, each.line, each.column) not in known and not of_book:
            diagnostics.append(each)
    diagnostics.sort(key=lambda each: (each.line or 0, each.column or 0))
    return _one_chapter(chapter, fields, files, source, tuple(diagnostics))


def _one_chapter(
    chapter: Chapter, fields: BookFields, files: ContentFolder, source: str, diagnostics: tuple[Diagnostic, ...]
) -> FolderContents:
    title = chapter.title or readable(chapter.path)
    own = fields.diagnostics
    fields, said = with_defaults(replace(fields, diagnostics=diagnostics), title, [chapter.text])
    fields = replace(fields, diagnostics=own)
    return FolderContents(
        metadata=fields.metadata(title=title),
        settings=fields.settings(),
        items=(chapter,),
        files=files,
        source=source,
        diagnostics=(*diagnostics, *said),
    )


def _file_fields(read: FrontMatter, files: ContentFolder) -> BookFields:
    if read.mapping is None:
        return BookFields(source=read.chapter.path)
    found = Findings(path=read.chapter.path, source=read.source, files=files)
    return read_book_fields(read.mapping, found, unknown_pass=True)


def read_title(source: str, shared: BookFields | None = None, *, drafts: bool = False) -> str:
    """The title that the book of `source` will have; that of its name where it cannot be read."""
    root = Path(os.path.abspath(source))  # noqa: PTH100 - resolve() would follow a link that the user gave
    if not os.path.isdir(root):  # noqa: PTH112 - which raises nothing
        return _title_of_chapter(root.parent, root.name, drafts=True) or readable(shown(root.name))
    try:
        names = sorted(os.listdir(root))  # noqa: PTH208 - names are wanted
    except OSError:
        names = []
    said = _title_in_settings(root, names) or (str(shared.values.get("title", "")) if shared else "")
    return said or _title_found(root, names, drafts=drafts) or readable(shown(root.name)) or "Book"


def _title_found(root: Path, names: list[str], *, drafts: bool) -> str:
    """The title that `read_folder` finds where book.yaml has none."""
    found = walk(root)
    project = project_of(root, found, BookFields())
    opening = roles_of(FolderListing("", files=names)).opening
    said = str(project.values.get("title", "")) or _title_of_chapter(root, opening, drafts=drafts)
    return said or str(with_found_title(BookFields(), root, found, None).values.get("title", ""))


def _title_in_settings(root: Path, names: list[str]) -> str:
    """What book.yaml says."""
    text = text_of(root, next(iter(settings_files(names)), ""))
    return str(parse_settings(text).values.get("title", "")) if text else ""


def _title_of_chapter(root: Path, name: str, *, drafts: bool) -> str:
    """What the front matter of a Markdown file says, a draft's only with `drafts`."""
    text = text_of(root, name)
    chapter = parse_front_matter(text, shown(name)).chapter if text else None
    return chapter.title if chapter and (drafts or not chapter.draft) else ""
