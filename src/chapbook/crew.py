"""Worker processes that may die: what one of them was doing is begun again in another, and nothing else is lost.

``concurrent.futures.ProcessPoolExecutor`` gives up everything when one process is killed (out of memory, kill -9),
and does not say what that one was doing. Here each worker has a pipe of its own and one piece of work at a time.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from chapbook.stopping import begin_worker, held

__all__ = ["work_apart"]

Work = TypeVar("Work")
Result = TypeVar("Result")

_ATTEMPTS = 2
_PATIENCE = 5.0
"""Seconds that a worker that was told to end may take before it is killed."""


def work_apart(
    function: Callable[[Work], Result], work: Sequence[Work], *, processes: int, fork: bool
) -> Iterator[tuple[int, Result | None]]:
    """Yields the place in `work` and the result of each piece, as they are finished, from that many `processes`.

    `function` is a module's own; it and the work can be pickled. `fork` says that no other thread runs in this
    process, so that workers may be forked, which is quick. A piece whose process dies twice has ``None`` as its
    result. However the iteration ends, no worker outlives it.
    """
    crew = _Crew(function, work, fork=fork)
    try:
        crew.start(min(processes, len(work)))
        while crew.busy:
            yield from crew.results()
    finally:
        crew.end()


class _Worker:
    """One process, its pipe, and the place of what it works on."""

    def __init__(self, process: BaseProcess, pipe: Connection[Any, Any]) -> None:
        self.process = process
        self.pipe = pipe
        self.at = -1


class _Crew(Generic[Work, Result]):
    """The workers, and what is left to do."""

    def __init__(self, function: Callable[[Work], Result], work: Sequence[Work], *, fork: bool) -> None:
        self._function = function
        self._work = work
        self._left = deque(range(len(work)))
        self._attempts = [0] * len(work)
        self._workers: list[_Worker] = []
        self._context: BaseContext = multiprocessing.get_context("fork" if fork and hasattr(os, "fork") else "spawn")

    @property
    def busy(self) -> bool:
        return bool(self._workers)

    def start(self, processes: int) -> None:
        """Starts workers, each with something to do."""
        for _ in range(processes):
            self._workers.append(self._worker())
            self._occupy(self._workers[-1])

    def results(self) -> Iterator[tuple[int, Result | None]]:
        """Waits until some worker has something to say or is gone, and gives what came of it."""
        ready = set(wait([worker.pipe for worker in self._workers]))
        for worker in [each for each in self._workers if each.pipe in ready]:
            at = worker.at
            try:
                result: Result = worker.pipe.recv()
            except (EOFError, OSError):
                if not self._replace(worker):
                    yield at, None
            else:
                self._occupy(worker)
                yield at, result

    def end(self) -> None:
        """Ends every worker, whatever it does."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            self._bury(worker)
        self._workers.clear()

    def _occupy(self, worker: _Worker) -> None:
        """Gives the worker its next piece of work, or lets it go where there is none."""
        if not self._left:
            self._workers.remove(worker)
            self._bury(worker)
            return
        worker.at = self._left.popleft()
        self._attempts[worker.at] += 1
        with suppress(OSError):  # it is gone, which its pipe will say
            worker.pipe.send(self._work[worker.at])

    def _replace(self, lost: _Worker) -> bool:
        """Puts a new worker in the place of one that died; false where its work is not to be begun again."""
        again = self._attempts[lost.at] < _ATTEMPTS
        if again:
            self._left.appendleft(lost.at)
        self._bury(lost)
        self._workers.remove(lost)
        if self._left:
            self.start(1)
        return again

    def _worker(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        # A forked process has the ends of all pipes that there are: one that is left open would never say its end.
        others = [ours, *(worker.pipe for worker in self._workers)] if self._is_forking() else []
        process = self._context.Process(  # type: ignore[attr-defined]  # every context has it but the base class
            target=_serve, args=(self._function, theirs, others), daemon=True
        )
        with held(self._context):
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _is_forking(self) -> bool:
        return self._context.get_start_method() == "fork"

    def _bury(self, worker: _Worker) -> None:
        worker.pipe.close()
        worker.process.join(_PATIENCE)
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()
        worker.process.close()


def _serve(
    function: Callable[[Work], Result], pipe: Connection[Any, Any], others: Sequence[Connection[Any, Any]]
) -> None:
    """What a worker does: one piece of work after the other, until there is nobody to send any."""
    begin_worker()
    for each in others:
        each.close()
    with suppress(EOFError, OSError):
        while True:
            pipe.send(function(pipe.recv()))
