"""What one build works with, for the stages that need all of it."""

from __future__ import annotations

from msgspec import Struct

from chapbook.building.spool import Spool
from chapbook.building.values import BuildOptions
from chapbook.building.workers import WorkerPool

__all__ = ["Means"]


class Means(Struct, frozen=True, kw_only=True):
    """The options as they were given, the processes, and where bytes are put aside."""

    options: BuildOptions
    workers: WorkerPool
    spool: Spool
