"""Reads a book from what the user names: a content folder, or one Markdown file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from chapbook.keys.front_matter import FrontMatter, parse_front_matter
from chapbook.keys.settings_file import BookFields, parse_settings, read_book_fields
from chapbook.keys.tree import Findings
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.fields import Kind, checked
from chapbook.model.metadata import Series
from chapbook.model.names import readable
from chapbook.reading.content_folder import (
    MOST_TEXT_BYTES,
    AssetFolder,
    ContentFolder,
    MemoryFolder,
    Traversable,
    decode_text,
    read_bytes,
)
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
from chapbook.reading.roles import roles_of
from chapbook.reading.volumes import VolumesFile, find_listed
from chapbook.reading.walk import FolderListing, is_markdown, shown, walk

__all__ = ["read_book", "read_chapter", "read_file", "read_head", "read_source", "volume_folders", "volume_titles"]


def read_source(
    path: str | PathLike[str] | Traversable,
    *,
    drafts: bool = False,
    shared: BookFields | None = None,
    volumes: Sequence[str] = (),
    assets: Sequence[str | PathLike[str] | Traversable] = (),
) -> FolderContents:
    """Reads a content folder or one Markdown file: see read_folder and read_file.

    `shared` is what the series of a volume sets, `volumes` has the titles of all its volumes. A source that isn't a
    path on disk, such as a folder in a ZIP file, is first read into memory.
    """
    folders = [Path(each) if isinstance(each, str | PathLike) else MemoryFolder.of(each) for each in assets]
    if not isinstance(path, str | PathLike):
        memory = MemoryFolder.of(path)
        if path.is_dir():
            return read_folder(memory, drafts=drafts, shared=shared, assets=folders)
        return _read_one(memory, memory.name, memory.name, folders)
    if not os.path.isdir(path):  # noqa: PTH112 - strings are as good
        return read_file(path, assets=folders)
    read = read_folder(path, drafts=drafts, shared=shared, assets=folders)
    series, common = read.metadata.series, shared.values.get("series") if shared else None
    if series is None or not isinstance(common, Series) or common.name != series.name:
        return read
    return replace(read, metadata=replace(read.metadata, series=replace(series, volumes=tuple(volumes))))


def read_book(
    path: str | PathLike[str] | Traversable,
    *,
    drafts: bool = False,
    assets: Sequence[str | PathLike[str] | Traversable] = (),
) -> FolderContents:
    """Reads one book by its path, like `read_source`; a volume of a series is read as that volume.

    Raises ChapbookError like `read_source`, and if a volumes.yaml above the folder can't be read.
    """
    found = find_listed(path) if isinstance(path, str | PathLike) and os.path.isdir(path) else None  # noqa: PTH112 - as above
    if found is None:
        return read_source(path, drafts=drafts, assets=assets)
    shared = found.listed.fields(found.volume)
    titles = volume_titles(found.library, found.listed, drafts=drafts)
    read = read_source(path, drafts=drafts, shared=shared, volumes=titles, assets=assets)
    return replace(read, diagnostics=(*found.diagnostics(), *read.diagnostics))


_MOST_LISTED = 500
"""In larger series, volumes don't list all titles: the total size would grow with the square."""


def volume_folders(library: str, listed: VolumesFile) -> list[str]:
    """The folders of the volumes, in the form that the user would write."""
    return [os.path.join(library, *each.folder.split("/")) for each in listed.volumes]  # noqa: PTH118 - as the user wrote it


def volume_titles(library: str, listed: VolumesFile, *, drafts: bool = False) -> tuple[str, ...]:
    """The titles of all volumes in order, for the last page of each; empty for a very large library."""
    if len(listed.volumes) > _MOST_LISTED:
        return ()
    shared = map(listed.fields, listed.volumes)
    heads = map(partial(read_head, drafts=drafts), volume_folders(library, listed), shared)
    return tuple(str(each.values["title"]) for each in heads)


def read_file(path: str | PathLike[str], *, assets: Sequence[Path | MemoryFolder] = ()) -> FolderContents:
    """Reads one Markdown file as a book: its front matter can also have the keys of book.yaml.

    Pictures and links are looked up only in its folder. A draft is built, because the user named it. Raises
    ChapbookError (``source-missing``) if the file doesn't exist.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - as in read_folder
    if not os.path.isfile(whole):  # noqa: PTH113 - which raises nothing
        raise ChapbookError(missing_source(os.fspath(path)))
    return _read_one(whole.parent, whole.name, os.fspath(path), assets)


def read_chapter(source: str | PathLike[str] | IO[str] | IO[bytes] | Iterable[str]) -> Chapter:
    """Reads a Markdown text, with its front matter, as a chapter.

    `source` is the text itself, the path of a file (a `Path`, never a `str`), an open file, or an iterable of the
    text's pieces. Raises ChapbookError if the front matter has an error, or a file can't be read.
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
    """The content of an open file or an iterable of texts."""
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
    """Reads the file `name` of the folder `root`; messages call it `source`."""
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


def _file_fields(read: FrontMatter, files: ContentFolder | None) -> BookFields:
    if read.mapping is None:
        return BookFields(source=read.chapter.path)
    found = Findings(path=read.chapter.path, source=read.source, files=files)
    return read_book_fields(read.mapping, found, unknown_pass=True)


def read_head(source: str, shared: BookFields | None = None, *, drafts: bool = False) -> BookFields:
    """The metadata and settings of the book of `source`, with its final title, without reading its chapters.

    Files that it names aren't looked up, and from another tool's project only the title is read. What can't be read is
    left out.
    """
    root = Path(os.path.abspath(source))  # noqa: PTH100 - resolve() would follow a link that the user gave
    if not os.path.isdir(root):  # noqa: PTH112 - which raises nothing
        front = _front_matter(root.parent, root.name)
        fields = _file_fields(front, None) if front else BookFields(source=shown(root.name))
        return _titled(fields, (front.chapter.title if front else "") or readable(shown(root.name)))
    try:
        names = sorted(os.listdir(root))  # noqa: PTH208 - names are wanted
    except OSError:
        names = []
    name = next(iter(settings_files(names)), "")
    text = text_of(root, name)
    fields = (parse_settings(text, name) if text else BookFields()).over(shared or BookFields())
    said = str(fields.values.get("title") or "") or _title_found(root, names, drafts=drafts)
    return _titled(fields, said or readable(shown(root.name)) or "Book")


def _titled(fields: BookFields, title: str) -> BookFields:
    return replace(fields, values={**fields.values, "title": title})


def _title_found(root: Path, names: list[str], *, drafts: bool) -> str:
    """The title that `read_folder` would use if book.yaml has none."""
    found = walk(root)
    project = project_of(root, found, BookFields())
    opening = _front_matter(root, roles_of(FolderListing("", files=names)).opening)
    written = opening.chapter.title if opening and (drafts or not opening.chapter.draft) else ""
    said = str(project.values.get("title", "")) or written
    return said or str(with_found_title(BookFields(), root, found, None).values.get("title", ""))


def _front_matter(root: Path, name: str) -> FrontMatter | None:
    """The front matter of a Markdown file; ``None`` if it can't be read."""
    text = text_of(root, name)
    return parse_front_matter(text, shown(name)) if text else None
