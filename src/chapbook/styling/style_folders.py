"""Where style sheets and the files they refer to are read from: the content folder, or a folder of the user's."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from posixpath import normpath
from typing import Protocol

from msgspec import Struct

from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.settings import FileRef
from chapbook.opening import open_within, real_path, regular_bytes

__all__ = ["Asset", "ContentSource", "PathSource", "Source", "resolve", "source_of"]

_LARGEST = 50_000_000
"""The most bytes of one file of the user's; a large font has about twenty million."""


class Asset(Struct, frozen=True, kw_only=True):
    """A file that a style sheet refers to, as it goes into the publication."""

    name: str
    """In the publication: ``styles/assets/paper.png``."""
    media_type: str
    data: bytes


class Source(Protocol):
    """A folder to read files from; nothing outside it can be read. Paths are relative to it, with slashes."""

    def has(self, path: str) -> bool:
        """Whether `path` is a regular file."""

    def read(self, path: str) -> bytes:
        """The bytes of the file. Raises ChapbookError."""

    def shown(self, path: str) -> str:
        """The path to show in messages."""

    def near(self, path: str) -> str | None:
        """The path of a file whose name differs from `path` only in case, for a hint."""


class ContentSource(Struct, frozen=True):
    """The content folder as a Source."""

    files: Files
    names: frozenset[str]
    folded: Mapping[str, str]
    """The real names by their case-folded form."""

    @classmethod
    def of(cls, files: Files) -> ContentSource:
        """The source that reads from `files`."""
        names = files.names()
        return cls(files, names, {name.casefold(): name for name in sorted(names)})

    def has(self, path: str) -> bool:
        return path in self.names

    def read(self, path: str) -> bytes:
        return self.files.read(path)

    def shown(self, path: str) -> str:
        return path

    def near(self, path: str) -> str | None:
        return self.folded.get(path.casefold())


class PathSource(Struct, frozen=True):
    """The folder of a file that the user named. References stay inside it, also after following links."""

    folder: Path

    def has(self, path: str) -> bool:
        try:
            return os.path.isfile(real_path(os.fspath(self.folder), path))  # noqa: PTH113 - which raises nothing
        except (OSError, ValueError):  # it leads out, or is a name too long or with a null character
            return False

    def read(self, path: str) -> bytes:
        shown = self.shown(path)
        try:
            data = regular_bytes(open_within(os.fspath(self.folder), path), _LARGEST)
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", "") or "unreadable").lower()
            fault = Diagnostic.of("file-unreadable", f"cannot open '{shown}': {reason}", path=shown)
            raise ChapbookError(fault) from error
        if data is None:
            raise ChapbookError(Diagnostic.of("file-too-large", f"'{shown}' has more than 50 MB", path=shown))
        return data

    def shown(self, path: str) -> str:
        return (self.folder / path).as_posix()

    def near(self, path: str) -> str | None:  # noqa: ARG002 - like Source
        return None  # don't list a user's own folder just for a hint: it may be large


def source_of(reference: FileRef, files: Files | None) -> tuple[Source, str]:
    """The source of a file, and the file's path in it. `files` is the content folder, if the book has one."""
    if isinstance(reference, Path):
        return PathSource(reference.parent), reference.name
    if files is None:
        raise ValueError(f"a file of the content folder without one: {reference.path}")
    return ContentSource.of(files), reference.path


def resolve(base: str, reference: str) -> str | None:
    """The path of `reference` (a decoded relative URL without fragment) as seen from the file `base`.

    A reference that starts with ``/`` starts at the source's root. ``None`` if it leads outside.
    """
    start = "" if reference.startswith("/") else base.rpartition("/")[0]
    path = normpath(f"{start}/{reference}".lstrip("/") if reference.strip("/") else "")
    return None if path == "." or path.split("/", 1)[0] == ".." or "\0" in path or "\\" in path else path
