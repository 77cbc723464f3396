"""The source of a book as the user names it: a content folder, or one Markdown file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from msgspec.structs import replace

from chapbook.keys.front_matter import FrontMatter, parse_front_matter
from chapbook.keys.settings import BookFields, parse_settings, read_book_fields
from chapbook.keys.tree import Findings
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import ChapbookError, Diagnostic
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
from chapbook.reading.roles import roles_of
from chapbook.reading.walk import FolderListing, is_markdown, shown, walk

__all__ = ["read_file", "read_source", "read_title"]


def read_source(
    path: str | PathLike[str],
    *,
    drafts: bool = False,
    shared: BookFields | None = None,
    assets: Sequence[Path] = (),
) -> FolderContents:
    """Reads a content folder, or one Markdown file: see read_folder and read_file."""
    if os.path.isdir(path):  # noqa: PTH112 - strings are as good
        return read_folder(path, drafts=drafts, shared=shared, assets=assets)
    return read_file(path, assets=assets)


def read_file(path: str | PathLike[str], *, assets: Sequence[Path] = ()) -> FolderContents:
    """Reads one Markdown file as a book: its front matter may have the keys of book.yaml too.

    Pictures and links are looked up in its folder and nowhere else. A draft is built: it is asked for by
    name. Raises ChapbookError (``source-missing``) where there is no such file.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - as in read_folder
    if not is_markdown(whole.name) or not os.path.isfile(whole):  # noqa: PTH113 - which raises nothing
        raise ChapbookError(missing_source(os.fspath(path)))
    root, name = whole.parent, whole.name
    files = ContentFolder(root, walk(root).paths | {name}, tuple(map(AssetFolder.at, assets)))
    try:
        text = decode_text(read_bytes(root, name, MOST_TEXT_BYTES), shown(name))
    except ChapbookError as error:
        empty = BookFields(source=shown(name))
        return _one_chapter(Chapter(path=shown(name)), empty, files, os.fspath(path), error.diagnostics)
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
    return _one_chapter(chapter, fields, files, os.fspath(path), tuple(diagnostics))


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
