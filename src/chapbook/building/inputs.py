"""The input of a build, as values."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import TextIOBase
from os import PathLike
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.building.spool import Spool
from chapbook.building.workers import WorkerPool, may_fork
from chapbook.cache import Cache
from chapbook.model.contents import Chapter, Files, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.fields import PATH, Kind, checked, instance, optional, whole
from chapbook.model.hooks import HOOKS, Hooks
from chapbook.model.limits import DEFAULTS, Limits
from chapbook.model.metadata import Metadata
from chapbook.model.settings import Settings, VolumeSettings
from chapbook.packaging.publication import OwnParts

__all__ = [
    "TARGET",
    "WITHIN",
    "BookValues",
    "BuildContext",
    "BuildOptions",
    "GivenFiles",
    "Progress",
    "book_without_text",
    "build_options",
]

Progress = Callable[[str, int, int], None]
"""Called with the stage's name (``chapters``, ``pictures``), how many are done, and how many there are."""


class BookValues(Struct, frozen=True, kw_only=True):
    """A whole book, before rendering."""

    metadata: Metadata
    settings: Settings
    items: tuple[Chapter | Part, ...]
    """In any order."""
    files: Files
    left_out: frozenset[str] = frozenset()
    """Paths of Markdown files that aren't in the book (drafts), for messages about links to them."""
    made: Mapping[str, str] = field(default_factory=dict)
    """For a book read from an EPUB: the paths of pages that chapbook makes itself, with their kinds, for links to
    them.
    """
    broken: frozenset[str] = frozenset()
    """Paths of chapters that have errors and aren't in `items`; the book is then only checked."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Diagnostics from reading, in the order of the book."""
    volumes: tuple[VolumeSettings, ...] = ()
    """For an omnibus: how to render each volume's chapters."""
    folder_name: str = ""
    """The content folder's name, under which a site may show it: ``/docs/two`` is ``two.md`` in a folder ``docs``."""
    hooks: Hooks = HOOKS
    host_fonts: bool = True
    """Whether a drawn cover may use the machine's fonts."""
    own: OwnParts = OwnParts()
    """What Python code adds without chapbook inspecting it."""


class BuildOptions(Struct, frozen=True, kw_only=True):
    """Options of a build. They don't change the book's bytes, except `modified` if the book sets no date."""

    jobs: int = 1
    """Number of worker processes; 0 chooses automatically."""
    modified: datetime | None = None
    """SOURCE_DATE_EPOCH as read by the caller (aware), for a book that doesn't set its own date."""
    cache: Cache | None = None
    progress: Progress | None = None
    fork: bool = False
    """Whether no other thread runs, so that workers can be forked, which is fast."""
    limits: Limits = DEFAULTS
    """What the build may take."""


class GivenFiles(Struct, frozen=True):
    """Files given by Python code; they take precedence over the content folder's."""

    content: Mapping[str, bytes]
    """By their paths."""
    folder: Files | None = None

    def names(self) -> frozenset[str]:
        return frozenset(self.content).union(self.folder.names() if self.folder else ())

    def held(self, path: str) -> bytes | None:
        """The bytes of a file held in memory; ``None`` if it isn't."""
        return self.content.get(path) or getattr(self.folder, "held", self.content.get)(path)

    def read(self, path: str) -> bytes:
        if path in self.content:
            return self.content[path]
        if self.folder is None:
            raise ChapbookError(Diagnostic.of("file-unreadable", "there is no such file", path=path))
        return self.folder.read(path)


def build_options(
    *, jobs: int, cache: str | PathLike[str] | None, progress: Progress | None, limits: Limits = DEFAULTS
) -> BuildOptions:
    """The options of a build, including what environment variables set; only this function reads those.

    Raises ChapbookError for an invalid variable.
    """
    jobs, cache = checked(_JOBS, "jobs", jobs), checked(_CACHE, "cache", cache)
    checked(_LIMITS, "limits", limits)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    modified = None
    if epoch:
        try:
            modified = datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise ChapbookError(
                Diagnostic.of(
                    "value-invalid",
                    f"SOURCE_DATE_EPOCH isn't a number of seconds: '{epoch}'",
                    hint="set it to seconds since 1970, or unset it",
                )
            ) from error
    kept = None if cache is None else Cache(Path(cache))
    return BuildOptions(jobs=jobs, modified=modified, cache=kept, progress=progress, fork=may_fork(), limits=limits)


_JOBS, _CACHE, _LIMITS = whole(0), optional(PATH), instance(Limits, takes="Limits")


def book_without_text(book: BookValues) -> BookValues:
    """The book without its chapters: what applies to it as a whole, small enough to send to a worker."""
    return replace(book, items=(), left_out=frozenset(), broken=frozenset(), diagnostics=())


class BuildContext(Struct, frozen=True, kw_only=True):
    """What the stages of one build share: options, worker processes, and the spool."""

    options: BuildOptions
    workers: WorkerPool
    spool: Spool


def _target(value: object) -> object:
    if isinstance(value, str | PathLike) or (hasattr(value, "write") and not isinstance(value, TextIOBase)):
        return value
    raise TypeError


def _within(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    path = posixpath.normpath(value.replace("\\", "/"))
    if value.strip() == "" or path.startswith(("/", "..")) or "\0" in path:
        raise ValueError
    return path


WITHIN = Kind(takes="a relative path within the book", check=_within)
TARGET = Kind(takes="a path or a binary file object", check=_target)
