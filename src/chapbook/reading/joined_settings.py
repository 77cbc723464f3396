"""How an omnibus is made: what volumes.yaml says, and where it says nothing, what all volumes agree on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from chapbook.diagnostics import Diagnostic
from chapbook.reading.settings import BookFields
from chapbook.settings import ContentFile, FontFile, Settings, VolumeSettings

__all__ = ["joined_settings", "own_settings_notes", "with_changes"]

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
"""What a book has once, by the field of Settings, and what to call it."""


_EACH = ("dialect", "extensions", "smart", "render_seconds")
"""What each volume keeps for itself."""


def joined_settings(shared: BookFields, volumes: Sequence[Settings]) -> Settings:
    """The settings of the book that `volumes` make; `shared` is what volumes.yaml says.

    A file of one volume's folder cannot be agreed on: paths in two folders are two files.
    """
    agreed = {name: value for name in _WHOLE if name not in shared.values for value in _agreed(name, volumes)}
    return BookFields(source=shared.source, values={**agreed, **shared.values}, positions=shared.positions).settings()


def _agreed(name: str, volumes: Sequence[Settings]) -> Iterator[object]:
    values = [getattr(each, name) for each in volumes]
    if values and all(each == values[0] for each in values) and not _is_inside(values[0]):
        yield values[0]


def _is_inside(value: object) -> bool:
    """Whether a value is a file of a content folder, or has some."""
    if isinstance(value, FontFile):
        return _is_inside(value.file)
    return isinstance(value, ContentFile) or (isinstance(value, tuple) and any(map(_is_inside, value)))


def own_settings_notes(own: Settings, book: Settings, folder: str) -> Iterator[Diagnostic]:
    """A note for each setting of the volume in `folder` that does not hold in the book that it is joined to."""
    for name, words in _WHOLE.items():
        at = _place(name, own.positions)
        if at and getattr(own, name) != getattr(book, name):
            message = f"{words} of this volume alone cannot be kept where volumes are joined"
            hint = f"write '{name}: …' into volumes.yaml for all of them"
            yield Diagnostic.of(
                "omnibus-setting", message, path=f"{folder}/{own.source}", at=own.positions[at], hint=hint
            )


def _place(name: str, positions: Mapping[str, object]) -> str:
    """The key under which `positions` has the setting `name`; empty where the volume's own file has it not."""
    return next((key for key in positions if key == name or key.startswith((f"{name}[", f"{name}."))), "")


def with_changes(volumes: Sequence[VolumeSettings], said: Settings, now: Settings) -> tuple[VolumeSettings, ...]:
    """The settings of `volumes` after the whole book's were changed from `said` to `now`: a change is for all."""
    given = {name: getattr(now, name) for name in _EACH}
    changed = {name: value for name, value in given.items() if value != getattr(said, name)}
    return tuple(replace(each, settings=replace(each.settings, **changed)) for each in volumes)
