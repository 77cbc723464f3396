"""Where style sheets and what they refer to come from: the content folder, or a folder of the user's."""

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
"""Bytes of one file of the user's: a large font has about twenty million."""


class Asset(Struct, frozen=True, kw_only=True):
    """A file that style sheets refer to, as it goes into the publication."""

    name: str
    """In the publication: ``styles/assets/paper.png``."""
    media_type: str
    data: bytes


class Source(Protocol):
    """A folder that files are read from, never from outside it. Paths are relative to it, with slashes."""

    def has(self, path: str) -> bool:
        """Whether there is a regular file of that path."""

    def read(self, path: str) -> bytes:
        """The file's bytes. Raises ChapbookError."""

    def shown(self, path: str) -> str:
        """The path as messages have it."""

    def near(self, path: str) -> str | None:
        """The path of a file that differs from `path` in case alone, for a hint."""


class ContentSource(Struct, frozen=True):
    """The content folder."""

    files: Files
    names: frozenset[str]
    folded: Mapping[str, str]
    """The names by what they are without regard to case."""

    @classmethod
    def of(cls, files: Files) -> ContentSource:
        """The folder that `files` are in."""
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
    """The folder of a file that the user named. What it refers to stays inside, links followed."""

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

    def near(self, path: str) -> str | None:  # noqa: ARG002 - as Source has it
        return None  # a user's own folder may be large, and is not listed for a hint


def source_of(reference: FileRef, files: Files | None) -> tuple[Source, str]:
    """The source of a file, and the file's path in it. `files` is the content folder where there is one."""
    if isinstance(reference, Path):
        return PathSource(reference.parent), reference.name
    if files is None:
        raise ValueError(f"a file of the content folder without one: {reference.path}")
    return ContentSource.of(files), reference.path


def resolve(base: str, reference: str) -> str | None:
    """The path that `reference`, a decoded relative URL without fragment, means from the file at path `base`.

    One that starts with ``/`` starts at the source's root; ``None`` for one that climbs out of it.
    """
    start = "" if reference.startswith("/") else base.rpartition("/")[0]
    path = normpath(f"{start}/{reference}".lstrip("/") if reference.strip("/") else "")
    return None if path == "." or path.split("/", 1)[0] == ".." or "\0" in path or "\\" in path else path
