"""What a build is given, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.building.spool import Spool
from chapbook.building.workers import WorkerPool
from chapbook.cache import Cache
from chapbook.model.contents import Chapter, Files, Part
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.hooks import HOOKS, Hooks
from chapbook.model.metadata import Metadata
from chapbook.model.settings import Settings, VolumeSettings

__all__ = ["BookValues", "BuildContext", "BuildOptions", "NoFiles", "Progress", "book_without_text"]

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


class NoFiles:
    """The files of a book made in Python without a folder: none."""

    def names(self) -> frozenset[str]:
        return frozenset()

    def read(self, path: str) -> bytes:
        raise FileNotFoundError(path)


def book_without_text(book: BookValues) -> BookValues:
    """What of a book is said of the whole, without its chapters: little enough to be sent to a worker."""
    return replace(book, items=(), left_out=frozenset(), broken=frozenset(), diagnostics=())


class BuildContext(Struct, frozen=True, kw_only=True):
    """What the stages of one build share: its options, its worker processes, and where it puts bytes aside."""

    options: BuildOptions
    workers: WorkerPool
    spool: Spool
