"""Reads a whole library as one book: each volume of volumes.yaml becomes a part."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.settings import BookFields
from chapbook.model.contents import Chapter, Item, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.names import VOLUMES_NAME, readable
from chapbook.model.settings import VolumeSettings
from chapbook.reading.folder import FolderContents, read_folder
from chapbook.reading.joined import JoinedFiles, joined_metadata, joined_settings, own_settings_notes
from chapbook.reading.volumes import Volume, VolumesFile, read_volumes
from chapbook.reading.walk import MOST_FILES, shown

__all__ = ["library_head", "read_omnibus"]


class _ReadVolume(Struct, frozen=True, kw_only=True):
    """A volume of the list and the content of its folder, with paths in that folder."""

    volume: Volume
    contents: FolderContents

    @property
    def folder(self) -> str:
        return self.volume.folder

    def path(self, inner: str) -> str:
        """A path in the volume's folder, as a path in the library."""
        return f"{self.folder}/{inner}" if inner else self.folder


def library_head(path: str | PathLike[str]) -> BookFields:
    """The metadata and settings of the omnibus of the folder `path`, with its final title."""
    library = read_volumes(path)
    if library is None:
        return BookFields(source=VOLUMES_NAME, values={"title": Path(path).name})
    kept = {name: value for name, value in library.shared.values.items() if name != "series"}
    return replace(library.shared, values={**kept, "title": _title(library, path)})


def _title(library: VolumesFile, path: str | PathLike[str]) -> str:
    return library.title or readable(shown(os.path.basename(os.path.abspath(path)))) or "Library"  # noqa: PTH100, PTH119 - as in read_folder


def read_omnibus(path: str | PathLike[str], *, drafts: bool = False) -> FolderContents:
    """Reads the volumes of the library `path` as one book; `drafts` includes drafts.

    A volume is a part with its title, and keeps its own order. Its paths begin with its folder, so that chapters of one
    volume can link to another's files. Never raises for what is in the volumes: each wrong file has its diagnostic.
    Raises ChapbookError (``source-missing``) if there is no volumes.yaml.
    """
    library = read_volumes(path)
    if library is None:
        raise ChapbookError(_no_library(os.fspath(path)))
    faults = tuple(_nested(library.volumes))
    volumes = tuple(_read(path, library, drafts=drafts)) if not faults else ()
    files = JoinedFiles.of({each.folder: each.contents.files for each in volumes})
    faults += tuple(_too_many(files))
    settings = joined_settings(library.shared, [each.contents.settings for each in volumes])
    metadata = joined_metadata(
        library.shared, [each.contents.metadata for each in volumes], title=_title(library, path)
    )
    notes = (note for each in volumes for note in own_settings_notes(each.contents.settings, settings, each.folder))
    return FolderContents(
        metadata=metadata,
        settings=settings,
        items=tuple(_part(each, metadata.language) for each in volumes),
        files=files,
        source=os.fspath(path),
        left_out=frozenset(each.path(inner) for each in volumes for inner in each.contents.left_out),
        broken=frozenset(each.path(inner) for each in volumes for inner in each.contents.broken),
        volumes=tuple(_settings(each) for each in volumes),
        diagnostics=(*library.diagnostics, *faults, *notes, *(said for each in volumes for said in _said(each))),
    )


def _read(path: str | PathLike[str], library: VolumesFile, *, drafts: bool) -> Iterator[_ReadVolume]:
    for volume in library.volumes:
        folder = Path(path, *volume.folder.split("/"))
        yield _ReadVolume(volume=volume, contents=read_folder(folder, drafts=drafts, shared=library.fields(volume)))


def _settings(read: _ReadVolume) -> VolumeSettings:
    settings = read.contents.settings
    return VolumeSettings(folder=read.folder, settings=replace(settings, source=read.path(settings.source)))


def _part(read: _ReadVolume, language: str) -> Part:
    """The volume as a part, whose page has the text of its title page."""
    metadata = read.contents.metadata
    own = "" if metadata.language == language else metadata.language
    opening = Chapter(
        title=metadata.title,
        description=metadata.subtitle,
        authors=tuple(each.name for each in metadata.authors if each.role == "aut"),
        accent=read.contents.settings.accent,
        weight=read.volume.number,
        language=own,
        # Not a file of the volume: links to its root or folder lead to this page.
        path=f"{read.folder}.md",
    )
    return Part(opening=opening, contents=tuple(_moved(read.contents.items, read, own)), path=read.folder)


def _moved(items: Sequence[Item], read: _ReadVolume, language: str) -> Iterator[Item]:
    for item in items:
        if isinstance(item, Part):
            opening = _moved_chapter(item.opening, read, language)
            contents = tuple(_moved(item.contents, read, language))
            yield Part(opening=opening, contents=contents, path=read.path(item.path))
        else:
            yield _moved_chapter(item, read, language)


def _moved_chapter(chapter: Chapter, read: _ReadVolume, language: str) -> Chapter:
    return replace(
        chapter,
        path=read.path(chapter.path),
        language=chapter.language or language,
        aliases=tuple(read.path(alias.strip("/")) for alias in chapter.aliases),
    )


def _said(read: _ReadVolume) -> Iterator[Diagnostic]:
    """The diagnostics of a volume, with paths in the library."""
    for each in read.contents.diagnostics:
        yield replace(each, path=read.path(each.path or ""))


def _nested(volumes: Sequence[Volume]) -> Iterator[Diagnostic]:
    """The error for two volumes that share a chapter, which would give two chapters of one name."""
    folders = {each.folder for each in volumes}
    for volume in volumes:
        parts = volume.folder.split("/")
        above = next((path for at in range(1, len(parts)) if (path := "/".join(parts[:at])) in folders), None)
        if above is not None:
            yield Diagnostic.of(
                "value-invalid",
                f"the volume '{volume.folder}' is inside the volume '{above}'",
                path=VOLUMES_NAME,
                at=volume.at,
                hint="put the volumes' folders side by side, or build the volumes one by one",
            )


def _too_many(files: JoinedFiles) -> Iterator[Diagnostic]:
    if len(files.paths) > MOST_FILES:
        message = f"the volumes have more than {MOST_FILES:,} files together"
        yield Diagnostic.of("too-many-files", message, hint="build the volumes one by one")


def _no_library(path: str) -> Diagnostic:
    message = f"'{shown(path)}' isn't a folder with a {VOLUMES_NAME}, so there are no volumes to join"
    return Diagnostic.of("source-missing", message, hint=f"name the folder that contains {VOLUMES_NAME} lies")
