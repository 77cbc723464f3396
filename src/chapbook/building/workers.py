"""Work spread over processes where that pays; in this one otherwise. Results come in the order of the work."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

__all__ = ["available_processors", "map_in_order"]

Work = TypeVar("Work")
Result = TypeVar("Result")


def available_processors() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_in_order(
    function: Callable[[Work], Result], work: Sequence[Work], *, jobs: int, fork: bool, chunk: int = 8
) -> Iterator[Result]:
    """Yields ``function(each)`` for each of `work`, in `jobs` processes; `function` must be a module's own.

    `fork` says that no other thread runs in this process, so that workers may be forked. What cannot be
    pickled (a Markdown extension with a closure) is worked on here.
    """
    if jobs <= 1 or len(work) <= 1 or not _can_pickle(work[0]):
        yield from map(function, work)
        return
    context = multiprocessing.get_context("fork" if fork and hasattr(os, "fork") else "spawn")
    with ProcessPoolExecutor(min(jobs, len(work)), mp_context=context) as pool:
        try:
            yield from pool.map(function, work, chunksize=max(1, min(chunk, len(work) // jobs)))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _can_pickle(value: object) -> bool:
    try:
        pickle.dumps(value)
    except Exception:  # noqa: BLE001 - an author's object may raise anything from its own __reduce__
        return False
    return True
