"""Reads a content folder as a book: metadata, settings, chapters and parts in order."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.keys.settings_file import BookFields, parse_settings
from chapbook.model.contents import Chapter, Files, Item, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.metadata import Metadata
from chapbook.model.names import readable
from chapbook.model.order import every_chapter
from chapbook.model.settings import Settings, VolumeSettings
from chapbook.reading.content_folder import (
    MOST_TEXT_BYTES,
    AssetFolder,
    ContentFolder,
    MemoryFolder,
    absolute_root,
    decode_text,
    read_bytes,
)
from chapbook.reading.defaults import is_readme, with_cover, with_defaults, with_project, with_readme
from chapbook.reading.includes import Includer
from chapbook.reading.parts import FolderItems, PartReader, in_first_place
from chapbook.reading.project import Project, ProjectFiles
from chapbook.reading.projects import SUFFIXES_OF_SYNTAX, find_project, navigated_items, read_navigation, unread_files
from chapbook.reading.walk import Walk, is_markdown, shown, walk, without_folders

__all__ = [
    "FolderContents",
    "missing_source",
    "project_of",
    "read_folder",
    "settings_files",
    "text_of",
    "with_found_title",
]

_OF_HUGO = frozenset({"_index.md", "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"})
_SETTINGS_NAMES = ("book.yaml", "book.yml")


class FolderContents(Struct, frozen=True, kw_only=True):
    """A book as it was read. If `diagnostics` has an error, it contains what could be read."""

    metadata: Metadata
    settings: Settings
    items: tuple[Item, ...]
    """In the book's order, the contents of each part too."""
    files: Files
    source: str
    """The folder or file as it was given."""
    left_out: frozenset[str] = frozenset()
    """Markdown files that aren't in the book: drafts, a README.md, files beside an index.md."""
    made: Mapping[str, str] = field(default_factory=dict)
    """For an EPUB: by path, the pages that chapbook makes itself (``cover``, ``titlepage``, ``nav`` and such)."""
    broken: frozenset[str] = frozenset()
    """Markdown files that belong to the book but couldn't be read."""
    volumes: tuple[VolumeSettings, ...] = ()
    """For an omnibus: how to render each volume's chapters."""
    extra: Mapping[str, object] = {}
    """Keys of book.yaml that chapbook doesn't know."""
    diagnostics: tuple[Diagnostic, ...]
    """The settings' diagnostics first, then in the order of the book."""


def read_folder(
    path: str | PathLike[str] | MemoryFolder,
    *,
    drafts: bool = False,
    shared: BookFields | None = None,
    assets: Sequence[Path | MemoryFolder] = (),
) -> FolderContents:
    """Reads the content folder `path`; `drafts` includes drafts. `shared` is what the series of a volume sets.

    `assets` are folders that the user named, whose files chapters can refer to. Never raises for what is in the folder:
    each wrong file has its diagnostic. Raises ChapbookError (``source-missing``) for a missing folder.
    """
    root = absolute_root(path)
    if not (isinstance(root, MemoryFolder) or os.path.isdir(root)):  # noqa: PTH112 - which raises nothing
        raise ChapbookError(missing_source(str(path)))
    found = walk(root)
    files = ContentFolder(root, found.paths)
    fields = _read_settings(found.folders[""].files, files).over(shared or BookFields())
    project = project_of(root, found, fields)
    contents, is_ordered = _contents(root, found, project, fields, drafts=drafts)
    items = in_first_place(contents.opening, contents.items)
    fields = with_project(fields, project, order=_order_of(project, items, is_ordered=is_ordered))
    fields = with_found_title(with_cover(fields, project, found.paths), root, found, contents.opening)
    title = readable(shown(root.name)) or "Book"
    fields, said = with_defaults(fields, title, [each.text for each in every_chapter(items)])
    kept = frozenset(each.path for each in every_chapter(items))
    broken = found.paths.intersection(each.path or "" for each in contents.diagnostics if has_errors((each,))) - kept
    suffixes = _suffixes(project, fields)
    return FolderContents(
        metadata=fields.metadata(title=title),
        settings=fields.settings(),
        items=items,
        files=_with_assets(files, project, fields, assets),
        source=path.name if isinstance(path, MemoryFolder) else os.fspath(path),
        left_out=frozenset(each for each in found.paths if is_markdown(each, suffixes)) - kept - broken,
        broken=broken,
        volumes=_below(project, fields.settings()),
        extra=fields.extra,
        diagnostics=(*fields.diagnostics, *said, *_diagnostics(found, contents, items, suffixes)),
    )


def _diagnostics(
    found: Walk, contents: FolderItems, items: tuple[Item, ...], suffixes: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """What is wrong in the folder; errors of folders without chapters come first."""
    elsewhere = (each for listing in found.folders.values() for each in listing.diagnostics)
    yield from (each for each in elsewhere if has_errors((each,)) and each not in contents.diagnostics)
    yield from _types_once(contents.diagnostics)
    if not any(_has_text(item) for item in items) and not has_errors(contents.diagnostics):
        yield _no_chapters(contents.diagnostics)
    yield from unread_files(found.paths, suffixes)


def _with_assets(
    files: ContentFolder, project: Project, fields: BookFields, named: Sequence[Path | MemoryFolder]
) -> ContentFolder:
    """The files of the folder, with those of the asset folders that book.yaml, the author's tool and the user name."""
    own = fields.values.get("assets") or project.assets
    within = (AssetFolder.within(files.root, each, files.paths) for each in own if isinstance(each, str))  # type: ignore[attr-defined]  # a tuple
    return replace(files, assets=(*within, *map(AssetFolder.at, named)))


def project_of(root: Path | MemoryFolder, found: Walk, fields: BookFields) -> Project:
    """The folder's project, with the order that book.yaml sets."""
    files = ProjectFiles(paths=found.paths, hidden=found.hidden, read=partial(text_of, root))
    project = find_project(files)
    order = fields.values.get("order") or ""
    if order in ("weight", "names"):
        return replace(project, file="", entries=(), position_key="")
    if order:
        return replace(project, file=str(order), entries=read_navigation(files, project, str(order)))
    return project


def _suffixes(project: Project, fields: BookFields) -> tuple[str, ...]:
    """The chapters' suffixes besides Markdown's: those of the project, and of the syntax in book.yaml."""
    syntax = fields.values.get("syntax") or ()
    more = (suffix for each in syntax for suffix in SUFFIXES_OF_SYNTAX.get(each, ()))  # type: ignore[attr-defined]  # a tuple
    return tuple(dict.fromkeys((*project.suffixes, *more)))


def _contents(
    root: Path | MemoryFolder, found: Walk, project: Project, fields: BookFields, *, drafts: bool
) -> tuple[FolderItems, bool]:
    """What the folder contains, and whether a navigation file orders it."""
    order = fields.values.get("order") or ""
    reader = PartReader(
        root=root,
        folders=without_folders(found.folders, project.left_out),
        paths=found.paths,
        drafts=drafts,
        hugo="hugo" in project.syntax or any(path.rpartition("/")[2].lower() in _OF_HUGO for path in found.paths),
        suffixes=_suffixes(project, fields),
        position_key=project.position_key,
        weights=order != "names",
        includer=_includer(root, found, project, fields),
    )
    navigated = navigated_items(reader, project, weights_win=not order) if project.file else None
    if navigated is not None:
        return navigated, True
    contents = reader.read(project.folder)
    if project.file and not any(each.weight is not None for each in every_chapter(contents.items)):
        contents = replace(contents, diagnostics=(_lists_nothing(project.file), *contents.diagnostics))
    return contents, False


def _includer(root: Path | MemoryFolder, found: Walk, project: Project, fields: BookFields) -> Includer | None:
    said = fields.values.get("syntax", project.syntax)
    syntax = tuple(each for each in said if isinstance(each, str))  # type: ignore[attr-defined]  # a tuple
    if not syntax:
        return None
    return Includer(syntax=syntax, paths=found.paths, folder=project.folder, read=partial(text_of, root))


def _lists_nothing(name: str) -> Diagnostic:
    message = f"'{name}' lists no page that exists, so weights and file names set the order"
    hint = "correct the paths in it, or 'order' in book.yaml"
    return Diagnostic.of("navigation-missing", message, path=name, hint=hint)


def _order_of(project: Project, items: Iterable[Item], *, is_ordered: bool) -> str:
    """The source of the order, for the note; empty for chapbook's own rule."""
    if is_ordered:
        return project.file
    has_places = project.position_key and any(each.weight is not None for each in every_chapter(items))
    return project.position_key if has_places else ""


def with_found_title(fields: BookFields, root: Path | MemoryFolder, found: Walk, opening: Chapter | None) -> BookFields:
    """The fields, with a missing title taken from the root's opening or else its README."""
    if fields.values.get("title"):
        return fields
    if opening is not None and opening.title:
        return replace(fields, values={**fields.values, "title": opening.title})
    return with_readme(fields, {name: text_of(root, name) for name in found.folders[""].files if is_readme(name)})


def _below(project: Project, settings: Settings) -> tuple[VolumeSettings, ...]:
    """If the pages are in a subfolder, the settings that make addresses start there."""
    return (VolumeSettings(folder=project.folder, settings=settings),) if project.folder else ()


def _types_once(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Reports each unknown chapter type once, with the number of files: other tools' types can be any word."""
    files = Counter(each.message for each in diagnostics if each.code == "type-unknown")
    seen: set[str] = set()
    for each in diagnostics:
        if each.code != "type-unknown":
            yield each
        elif each.message not in seen:
            seen.add(each.message)
            number = files[each.message]
            yield replace(each, message=f"{each.message} ({number} files)") if number > 1 else each


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
    """The settings files among `names`, the one that is read first."""
    ours = [name for name in names if name.lower() in _SETTINGS_NAMES]
    return sorted(ours, key=lambda name: (_SETTINGS_NAMES.index(name.lower()), name not in _SETTINGS_NAMES))


def _second_settings(name: str, first: str) -> Diagnostic:
    return Diagnostic.of(
        "settings-doubled", f"chapbook ignores it: '{first}' exists too", path=name, hint="keep one of the two"
    )


def _has_text(item: Item) -> bool:
    if isinstance(item, Part):
        return bool(item.opening.text.strip()) or any(_has_text(each) for each in item.contents)
    return True


def _no_chapters(diagnostics: tuple[Diagnostic, ...]) -> Diagnostic:
    if any(each.code == "draft" for each in diagnostics):
        return Diagnostic.of("no-chapters", "every chapter is a draft", hint="add --drafts, or remove 'draft: true'")
    return Diagnostic.of("no-chapters", "the folder has no chapters", hint="put a Markdown file (chapter.md) into it")


def missing_source(path: str) -> Diagnostic:
    """The error for a source that doesn't exist."""
    suffix = os.path.splitext(path)[1].lower() if os.path.isfile(path) else ""  # noqa: PTH113, PTH122 - which raise nothing
    named = shown(path)
    stem = named[: len(named) - len(suffix)]
    hint = "check the path"
    if suffix == ".txt":
        hint = f"if the text is Markdown, name the file '{stem}.md'"
    elif suffix in _PANDOC:
        hint = f"convert it to Markdown first: pandoc '{named}' -o '{stem}.md' --extract-media=."
    return Diagnostic.of("source-missing", f"'{named}' is neither a folder nor a Markdown file", path=named, hint=hint)


_PANDOC = frozenset({".docx", ".odt", ".epub", ".html", ".htm", ".xhtml", ".rtf", ".rst", ".tex", ".fb2", ".org"})
"""Formats that Pandoc can convert to Markdown."""


def text_of(root: Path | MemoryFolder, name: str) -> str:
    """The text of a file in the folder; empty if it can't be read, which the build reports."""
    try:
        return decode_text(read_bytes(root, name, MOST_TEXT_BYTES), shown(name)) if name else ""
    except ChapbookError:
        return ""
