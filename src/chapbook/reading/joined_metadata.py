"""The metadata of an omnibus: what volumes.yaml says, and what its volumes have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from chapbook.metadata import Contributor, Metadata
from chapbook.reading.settings import BookFields

__all__ = ["joined_metadata"]

Value = TypeVar("Value")


def joined_metadata(shared: BookFields, volumes: Sequence[Metadata], *, title: str) -> Metadata:
    """The metadata of the book that `volumes` make, in their order; `shared` is what volumes.yaml says.

    The book has no place in a series: it is the series. Its people are those of volumes.yaml, and of the volumes
    those whose role nobody has there. What else volumes.yaml does not say is that of the volumes where all
    agree; a language, that of the first; subjects, those of all.
    """
    said = replace(shared.metadata(title=title), title=title, series=None)
    subjects = tuple(dict.fromkeys(subject for each in volumes for subject in each.subjects))
    times = [each.modified for each in volumes if each.modified]
    return replace(
        said,
        authors=_people(said.authors, volumes),
        language=said.language if shared.values.get("language") else _first([each.language for each in volumes]),
        publisher=said.publisher or _common([each.publisher for each in volumes], ""),
        rights=said.rights or _common([each.rights for each in volumes], ""),
        direction=said.direction or _common([each.direction for each in volumes], None),
        subjects=said.subjects or subjects,
        modified=said.modified or (max(times) if len(times) == len(volumes) and times else None),
    )


def _people(said: Sequence[Contributor], volumes: Sequence[Metadata]) -> tuple[Contributor, ...]:
    known = {each.role for each in said}
    others = (person for each in volumes for person in each.authors if person.role not in known)
    by_name = {(person.role, person.name): person for person in others}
    return (*said, *by_name.values())


def _common(values: Sequence[Value], otherwise: Value) -> Value:
    """The one value that all have."""
    return values[0] if values and all(each == values[0] for each in values) else otherwise


def _first(languages: Sequence[str]) -> str:
    return languages[0] if languages else "en"
