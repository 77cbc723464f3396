"""What a build is given, as values."""

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
    """A whole book before it is rendered."""

    metadata: Metadata
    settings: Settings
    items: tuple[Chapter | Part, ...]
    """In any order."""
    files: Files
    left_out: frozenset[str] = frozenset()
    """Paths of Markdown files that are not of the book (drafts), for messages about links to them."""
    made: Mapping[str, str] = field(default_factory=dict)
    """Paths of pages of an old book that chapbook makes itself, with their kinds, for links to them."""
    broken: frozenset[str] = frozenset()
    """Paths of chapters that have errors and are missing among `items`: the book is only checked then."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What reading had to say, in the order of the book."""
    volumes: tuple[VolumeSettings, ...] = ()
    """Where several volumes are joined: how the chapters of each are rendered."""
    folder_name: str = ""
    """The content folder's, under which a site may show it: ``/docs/two`` is ``two.md`` in a folder called ``docs``."""
    hooks: Hooks = HOOKS
    host_fonts: bool = True
    """Whether a drawn cover may use the machine's fonts."""
    own: OwnParts = OwnParts()
    """What Python code adds that no stage looks into."""


class BuildOptions(Struct, frozen=True, kw_only=True):
    """How to go about it; nothing here changes a byte of the book, but `modified` where the book has none."""

    jobs: int = 1
    """Processes that render; 0: as many as pay."""
    modified: datetime | None = None
    """SOURCE_DATE_EPOCH as the caller read it: aware; for a book that does not say when it was modified."""
    cache: Cache | None = None
    progress: Progress | None = None
    fork: bool = False
    """Whether the caller knows that no other thread runs, so that workers may be forked, which is quick."""
    limits: Limits = DEFAULTS
    """What the build may take."""


class GivenFiles(Struct, frozen=True):
    """The files that Python code gave, before those of the content folder, where there is one."""

    content: Mapping[str, bytes]
    """By their paths."""
    folder: Files | None = None

    def names(self) -> frozenset[str]:
        return frozenset(self.content).union(self.folder.names() if self.folder else ())

    def held(self, path: str) -> bytes | None:
        """The bytes of a file that is in memory."""
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
    """The options of a build, with what the environment says: the one place that reads it.

    Raises ChapbookError for a wrong one.
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
    """What of a book is said of the whole, without its chapters: little enough to be sent to a worker."""
    return replace(book, items=(), left_out=frozenset(), broken=frozenset(), diagnostics=())


class BuildContext(Struct, frozen=True, kw_only=True):
    """What the stages of one build share: its options, its worker processes, and where it puts bytes aside."""

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
