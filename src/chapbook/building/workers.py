"""Work spread over processes where that pays; in this one otherwise. Results come in the order of the work."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

from chapbook.stopping import begin_worker, held

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.context import BaseContext

__all__ = ["Workers", "available_processors"]

Work = TypeVar("Work")
Result = TypeVar("Result")
Given = ParamSpec("Given")


def available_processors() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """The processes of one build, begun when they are first asked for and ended with it."""

    def __init__(self, processes: int, *, fork: bool) -> None:
        """With less than one of `processes` everything is done here.

        `fork` says that no other thread runs in this process, so that workers may be forked, which is quick.
        """
        self._processes = processes
        self._fork = fork
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def begin(
        self, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Callable[[], Result]:
        """Begins ``function(*args, **kwargs)`` in a worker, and gives a function that waits for its result.

        `function` is a module's own. What cannot be pickled is done here, when the result is asked for.
        """
        if self._processes < 1 or not _can_pickle((args, kwargs)):
            return lambda: function(*args, **kwargs)
        pool, context = self._started()
        with held(context):
            return pool.submit(function, *args, **kwargs).result

    def map(self, function: Callable[[Work], Result], work: Sequence[Work], *, chunk: int) -> Iterator[Result]:
        """Yields ``function(each)`` for each of `work`, sent `chunk` at a time; what cannot be pickled is done here."""
        if self._processes < 1 or not work or not _can_pickle(work[0]):
            yield from map(function, work)
            return
        fair = max(1, min(chunk, len(work) // self._processes))
        pool, context = self._started()
        with held(context):
            results = pool.map(function, work, chunksize=fair)
        yield from results

    def _started(self) -> tuple[ProcessPoolExecutor, BaseContext]:
        """The pool, which starts its processes when it is given work."""
        import multiprocessing  # noqa: PLC0415 - most builds have everything in the cache, and start no process
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - see above

        context = multiprocessing.get_context("fork" if self._fork and hasattr(os, "fork") else "spawn")
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, mp_context=context, initializer=begin_worker)
        return self._pool, context


def _can_pickle(value: object) -> bool:
    try:
        pickle.dumps(value)
    except Exception:  # noqa: BLE001 - an author's object may raise anything from its own __reduce__
        return False
    return True
