"""Reads a whole library as one book: each volume of volumes.yaml becomes a part.

Its settings and metadata are what volumes.yaml says, or else what all volumes agree on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.settings_file import BookFields
from chapbook.model.contents import Chapter, Files, Item, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.metadata import Contributor, Metadata
from chapbook.model.names import VOLUMES_NAME, readable
from chapbook.model.settings import ContentFile, FontFile, Settings, VolumeSettings
from chapbook.reading.folder import FolderContents, read_folder
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
    settings = _joined_settings(library.shared, [each.contents.settings for each in volumes])
    metadata = _joined_metadata(
        library.shared, [each.contents.metadata for each in volumes], title=_title(library, path)
    )
    notes = (note for each in volumes for note in _own_settings_notes(each.contents.settings, settings, each.folder))
    said = (replace(fault, path=each.path(fault.path or "")) for each in volumes for fault in each.contents.diagnostics)
    return FolderContents(
        metadata=metadata,
        settings=settings,
        items=tuple(_part(each, metadata.language) for each in volumes),
        files=files,
        source=os.fspath(path),
        left_out=frozenset(each.path(inner) for each in volumes for inner in each.contents.left_out),
        broken=frozenset(each.path(inner) for each in volumes for inner in each.contents.broken),
        volumes=tuple(_settings(each) for each in volumes),
        diagnostics=(*library.diagnostics, *faults, *notes, *said),
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


_WHOLE = MappingProxyType(
    {
        "theme": "the theme",
        "css": "the style sheets",
        "fonts": "the fonts",
        "cover": "the cover",
        "toc_depth": "the depth of the contents",
        "images": "the limits of pictures",
    }
)
"""Settings that apply to the whole book, by field of Settings, with their name in messages."""


def _joined_settings(shared: BookFields, volumes: Sequence[Settings]) -> Settings:
    """The settings of the book that `volumes` make; `shared` is what volumes.yaml says.

    A file in a volume's folder is never shared: the same path in two folders means two files.
    """
    agreed = {name: value for name in _WHOLE if name not in shared.values for value in _agreed(name, volumes)}
    return BookFields(source=shared.source, values={**agreed, **shared.values}, positions=shared.positions).settings()


def _agreed(name: str, volumes: Sequence[Settings]) -> Iterator[object]:
    values = [getattr(each, name) for each in volumes]
    if values and all(each == values[0] for each in values) and not _is_inside(values[0]):
        yield values[0]


def _is_inside(value: object) -> bool:
    """Whether a value is or contains a file of a content folder."""
    if isinstance(value, FontFile):
        return _is_inside(value.file)
    return isinstance(value, ContentFile) or (isinstance(value, tuple) and any(map(_is_inside, value)))


def _own_settings_notes(own: Settings, book: Settings, folder: str) -> Iterator[Diagnostic]:
    """A note for each setting of the volume in `folder` that has no effect in the joined book."""
    for name, words in _WHOLE.items():
        at = _place(name, own.positions)
        if at and getattr(own, name) != getattr(book, name):
            message = f"{words} of this volume can't be kept where volumes are joined"
            hint = f"set '{name}: …' in volumes.yaml for all of them"
            yield Diagnostic.of(
                "omnibus-setting", message, path=f"{folder}/{own.source}", at=own.positions[at], hint=hint
            )


def _place(name: str, positions: Mapping[str, object]) -> str:
    """The key of the setting `name` in `positions`; empty if the volume's own file doesn't set it."""
    return next((key for key in positions if key == name or key.startswith((f"{name}[", f"{name}."))), "")


_Value = TypeVar("_Value")


def _joined_metadata(shared: BookFields, volumes: Sequence[Metadata], *, title: str) -> Metadata:
    """The metadata of the book that `volumes` make, in order; `shared` is what volumes.yaml says.

    The book isn't part of a series: it is the series. Its people are those in volumes.yaml, and those of the volumes
    whose role nobody has there. Other values not in volumes.yaml come from the volumes if all agree; the language is
    the first volume's; subjects are those of all.
    """
    said = replace(shared.metadata(title=title), title=title, series=None)
    subjects = tuple(dict.fromkeys(subject for each in volumes for subject in each.subjects))
    times = [each.modified for each in volumes if each.modified]
    return replace(
        said,
        authors=_people(said.authors, [each.authors for each in volumes]),
        contributors=_people(said.contributors, [each.contributors for each in volumes]),
        language=said.language if shared.values.get("language") else next((each.language for each in volumes), "en"),
        publisher=said.publisher or _common([each.publisher for each in volumes], ""),
        imprint=said.imprint or _common([each.imprint for each in volumes], ""),
        rights=said.rights or _common([each.rights for each in volumes], ""),
        rights_uri=said.rights_uri or _common([each.rights_uri for each in volumes], ""),
        direction=said.direction or _common([each.direction for each in volumes], None),
        writing_mode=said.writing_mode
        if shared.values.get("writing_mode")
        else _common([each.writing_mode for each in volumes], said.writing_mode),
        subjects=said.subjects or subjects,
        modified=said.modified or (max(times) if len(times) == len(volumes) and times else None),
    )


def _people(said: Sequence[Contributor], volumes: Sequence[Sequence[Contributor]]) -> tuple[Contributor, ...]:
    known = {each.role for each in said}
    others = (person for each in volumes for person in each if person.role not in known)
    by_name = {(person.role, person.name): person for person in others}
    return (*said, *by_name.values())


def _common(values: Sequence[_Value], otherwise: _Value) -> _Value:
    """The value, if it is the same in all."""
    return values[0] if values and all(each == values[0] for each in values) else otherwise


class JoinedFiles(Struct, frozen=True):
    """The files of each folder, by their paths from the common root. It can be pickled if its folders can."""

    folders: Mapping[str, Files]
    """Relative to the root, with slashes; none within another."""
    paths: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folders: Mapping[str, Files]) -> JoinedFiles:
        """The files of `folders` at this moment."""
        paths = frozenset(f"{folder}/{name}" for folder, files in folders.items() for name in files.names())
        return cls(folders, paths)

    def names(self) -> frozenset[str]:
        """All files of all folders."""
        return self.paths

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises ChapbookError like its folder."""
        for folder in _above(path):
            if folder in self.folders:
                try:
                    return self.folders[folder].read(path[len(folder) + 1 :])
                except ChapbookError as error:
                    raise ChapbookError(*(_from_root(each, folder) for each in error.diagnostics)) from error
        raise ChapbookError(Diagnostic.of("file-unreadable", "there is no such file", path=path))


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _from_root(diagnostic: Diagnostic, folder: str) -> Diagnostic:
    return replace(diagnostic, path=f"{folder}/{diagnostic.path}") if diagnostic.path else diagnostic
