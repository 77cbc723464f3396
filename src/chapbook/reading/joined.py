"""Settings and metadata of an omnibus: what volumes.yaml says, or else what all volumes agree on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.settings import BookFields
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.metadata import Contributor, Metadata
from chapbook.model.settings import ContentFile, FontFile, Settings, VolumeSettings

__all__ = ["JoinedFiles", "joined_metadata", "joined_settings", "own_settings_notes", "positions_left", "with_changes"]

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


_EACH = ("dialect", "extensions", "syntax", "link_prefix", "smart", "render_seconds")
"""Settings that each volume keeps."""


def joined_settings(shared: BookFields, volumes: Sequence[Settings]) -> Settings:
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


def own_settings_notes(own: Settings, book: Settings, folder: str) -> Iterator[Diagnostic]:
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


def with_changes(volumes: Sequence[VolumeSettings], said: Settings, now: Settings) -> tuple[VolumeSettings, ...]:
    """The settings of `volumes`, after the book's settings changed from `said` to `now`: changes apply to all."""
    given = {name: getattr(now, name) for name in _EACH}
    changed = {name: value for name, value in given.items() if value != getattr(said, name)}
    return tuple(replace(each, settings=replace(each.settings, **changed)) for each in volumes)


def positions_left(said: Settings, now: object) -> dict[str, Position]:
    """Where book.yaml says what still holds `now`: a value that was changed since has no place there."""
    changed = {name for name in ("theme", "accent", "cover") if getattr(now, name) != getattr(said, name)}
    return {key: position for key, position in said.positions.items() if key not in changed}


Value = TypeVar("Value")


def joined_metadata(shared: BookFields, volumes: Sequence[Metadata], *, title: str) -> Metadata:
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


def _common(values: Sequence[Value], otherwise: Value) -> Value:
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
