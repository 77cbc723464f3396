"""A content folder, or one Markdown file, as a book: metadata, settings, chapters and parts in order."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from os import PathLike
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.front_matter import FrontMatter, parse_front_matter
from chapbook.keys.settings import BookFields, parse_settings, read_book_fields
from chapbook.keys.tree import Findings
from chapbook.model.contents import Chapter, Files, Item, Part, every_chapter
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.metadata import Metadata
from chapbook.model.names import readable
from chapbook.model.settings import Settings, VolumeSettings
from chapbook.reading.content_folder import MOST_TEXT_BYTES, ContentFolder, decode_text, read_bytes
from chapbook.reading.defaults import with_defaults, with_project
from chapbook.reading.navigation import Project, find_project
from chapbook.reading.parts import FolderItems, PartReader, in_first_place
from chapbook.reading.roles import roles_of, unread_files
from chapbook.reading.walk import FolderListing, Walk, is_markdown, shown, walk

__all__ = ["ContentFolder", "FolderContents", "read_file", "read_folder", "read_source", "read_title", "settings_files"]

_OF_HUGO = frozenset({"_index.md", "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"})
_SETTINGS_NAMES = ("book.yaml", "book.yml")


class FolderContents(Struct, frozen=True, kw_only=True):
    """A book as it was read. With an error among `diagnostics` it is what could be read."""

    metadata: Metadata
    settings: Settings
    items: tuple[Item, ...]
    """In the book's order, the contents of each part too."""
    files: Files
    source: str
    """The folder or file as it was given."""
    left_out: frozenset[str] = frozenset()
    """Markdown files that are not of the book: drafts, a README.md, what lies beside an index.md."""
    broken: frozenset[str] = frozenset()
    """Markdown files that are of the book and could not be read."""
    volumes: tuple[VolumeSettings, ...] = ()
    """Of an omnibus: how the chapters of each volume are rendered."""
    diagnostics: tuple[Diagnostic, ...]
    """The settings' first, then in the order of the book."""


def read_source(path: str | PathLike[str], *, drafts: bool = False, shared: BookFields | None = None) -> FolderContents:
    """Reads a content folder, or one Markdown file: see read_folder and read_file."""
    if os.path.isdir(path):  # noqa: PTH112 - strings are as good
        return read_folder(path, drafts=drafts, shared=shared)
    return read_file(path)


def read_folder(path: str | PathLike[str], *, drafts: bool = False, shared: BookFields | None = None) -> FolderContents:
    """Reads the content folder `path`; with `drafts`, those too. `shared` is what the series of a volume says.

    Never raises for what is in the folder: every wrong file has its diagnostic. Raises ChapbookError
    (``source-missing``) where there is no such folder.
    """
    root = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link that the user gave
    if not os.path.isdir(root):  # noqa: PTH112 - which raises nothing
        raise ChapbookError(_missing(os.fspath(path)))
    found = walk(root)
    files = ContentFolder(root, found.paths)
    fields = _read_settings(found.folders[""].files, files)
    fields = fields.over(shared) if shared else fields
    project, contents, is_ordered = _contents(root, found, drafts=drafts)
    fields = with_project(fields, project, is_ordered=is_ordered) if project else fields
    opening = contents.opening
    if opening is not None and opening.title and not fields.values.get("title"):
        fields = replace(fields, values={**fields.values, "title": opening.title})
    items = in_first_place(opening, contents.items)
    elsewhere = (each for listing in found.folders.values() for each in listing.diagnostics)
    stopped = [each for each in elsewhere if has_errors((each,)) and each not in contents.diagnostics]
    title = readable(shown(root.name)) or "Book"
    fields, said = with_defaults(fields, title, [each.text for each in every_chapter(items)])
    diagnostics = [*fields.diagnostics, *said, *stopped, *contents.diagnostics]
    if not any(_has_text(item) for item in items) and not has_errors(contents.diagnostics):
        diagnostics.append(_no_chapters(contents.diagnostics))
    kept = frozenset(each.path for each in every_chapter(items))
    broken = frozenset(each.path for each in contents.diagnostics if has_errors((each,)) and each.path) - kept
    broken &= found.paths
    return FolderContents(
        metadata=fields.metadata(title=title),
        settings=fields.settings(),
        items=items,
        files=files,
        source=os.fspath(path),
        left_out=frozenset(filter(is_markdown, found.paths)) - kept - broken,
        broken=broken,
        volumes=_below(project, fields.settings()),
        diagnostics=tuple(_types_once([*diagnostics, *unread_files(found.paths)])),
    )


def _contents(root: Path, found: Walk, *, drafts: bool) -> tuple[Project | None, FolderItems, bool]:
    """The project that the folder is, what it contains, and whether in the order of a navigation file."""
    hugo = any(path.rpartition("/")[2].lower() in _OF_HUGO for path in found.paths)
    project = find_project(found.paths, partial(_text, root))
    hugo = hugo or (project is not None and project.folder == "content")
    reader = PartReader(root=root, folders=found.folders, drafts=drafts, hugo=hugo)
    navigated = reader.by_navigation(project) if project and project.file else None
    return project, navigated or reader.read(project.folder if project else ""), navigated is not None


def _below(project: Project | None, settings: Settings) -> tuple[VolumeSettings, ...]:
    """Where the pages lie in a folder of their own, that is where addresses count from."""
    return (VolumeSettings(folder=project.folder, settings=settings),) if project and project.folder else ()


def _types_once(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Each unknown type of chapter once, with the number of files that have it: other tools' may be any word."""
    files = Counter(each.message for each in diagnostics if each.code == "type-unknown")
    seen: set[str] = set()
    for each in diagnostics:
        if each.code != "type-unknown":
            yield each
        elif each.message not in seen:
            seen.add(each.message)
            number = files[each.message]
            yield replace(each, message=f"{each.message} ({number} files)") if number > 1 else each


def read_file(path: str | PathLike[str]) -> FolderContents:
    """Reads one Markdown file as a book: its front matter may have the keys of book.yaml too.

    Pictures and links are looked up in its folder and nowhere else. A draft is built: it is asked for by
    name. Raises ChapbookError (``source-missing``) where there is no such file.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - as in read_folder
    if not is_markdown(whole.name) or not os.path.isfile(whole):  # noqa: PTH113 - which raises nothing
        raise ChapbookError(_missing(os.fspath(path)))
    root, name = whole.parent, whole.name
    files = ContentFolder(root, walk(root).paths | {name})
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


def _read_settings(names: list[str], files: ContentFolder) -> BookFields:
    ours = settings_files(names)
    if not ours:
        return BookFields()
    first = ours[0]
    notes = tuple(_second_settings(name, first) for name in ours[1:])
    try:
        text = decode_text(read_bytes(files.root, first, MOST_TEXT_BYTES), first)
    except ChapbookError as error:
        return BookFields(source=first, diagnostics=(*error.diagnostics, *notes))
    fields = parse_settings(text, first, files)
    return replace(fields, diagnostics=(*fields.diagnostics, *notes))


def settings_files(names: Iterable[str]) -> list[str]:
    """Those of `names` that are settings files, the one that is read first."""
    ours = [name for name in names if name.lower() in _SETTINGS_NAMES]
    return sorted(ours, key=lambda name: (_SETTINGS_NAMES.index(name.lower()), name not in _SETTINGS_NAMES))


def _second_settings(name: str, first: str) -> Diagnostic:
    return Diagnostic.of("settings-doubled", f"not read: '{first}' is there too", path=name, hint="keep one of the two")


def _has_text(item: Item) -> bool:
    if isinstance(item, Part):
        return bool(item.opening.text.strip()) or any(_has_text(each) for each in item.contents)
    return True


def _no_chapters(diagnostics: tuple[Diagnostic, ...]) -> Diagnostic:
    if any(each.code == "draft" for each in diagnostics):
        return Diagnostic.of("no-chapters", "every chapter is a draft", hint="add --drafts, or take 'draft: true' out")
    return Diagnostic.of("no-chapters", "the folder holds no chapter", hint="put a Markdown file (chapter.md) into it")


def _missing(path: str) -> Diagnostic:
    return Diagnostic.of(
        "source-missing", f"'{shown(path)}' is no folder and no Markdown file", path=shown(path), hint="check the path"
    )


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
    opening = roles_of(FolderListing("", files=names)).opening
    return said or _title_of_chapter(root, opening, drafts=drafts) or readable(shown(root.name)) or "Book"


def _title_in_settings(root: Path, names: list[str]) -> str:
    """What book.yaml says."""
    text = _text(root, next(iter(settings_files(names)), ""))
    return str(parse_settings(text).values.get("title", "")) if text else ""


def _title_of_chapter(root: Path, name: str, *, drafts: bool) -> str:
    """What the front matter of a Markdown file says, a draft's only with `drafts`."""
    text = _text(root, name)
    chapter = parse_front_matter(text, shown(name)).chapter if text else None
    return chapter.title if chapter and (drafts or not chapter.draft) else ""


def _text(root: Path, name: str) -> str:
    """The text of a file of the folder; empty where it cannot be read, which its build will say."""
    try:
        return decode_text(read_bytes(root, name, MOST_TEXT_BYTES), shown(name)) if name else ""
    except ChapbookError:
        return ""
