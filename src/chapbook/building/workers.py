"""Worker processes, any of which may be killed: what one of them was doing is done again in another.

``concurrent.futures.ProcessPoolExecutor`` gives up everything when one process is killed (out of memory, ``kill -9``),
and doesn't say what that one was doing. Here each worker has a pipe of its own and answers piece by piece.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar

from msgspec import Struct

from chapbook.building.worker_main import can_pickle, interrupts_held, serve
from chapbook.rendering.deadline import OVERDUE_SIGNAL

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

__all__ = [
    "Lost",
    "WorkerPool",
    "available_processors",
    "is_worker",
    "may_begin_processes",
    "may_fork",
]

Work = TypeVar("Work")
Result = TypeVar("Result")
Given = ParamSpec("Given")

_NAME = "chapbook-worker"
_ATTEMPTS = 2
_WITHOUT_MEMORY = {-getattr(signal, name, 0): name for name in ("SIGABRT", "SIGKILL")}
"""By exit codes, how processes without memory end: libraries in Rust and C++ give up, and Linux kills who takes too
much. But so may a fault in C code end, and whoever kills processes."""
_PATIENCE = 5.0
"""Seconds that a worker may take to end before it is killed."""


def available_processors() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_fork() -> bool:
    """Whether workers may be forked here: no other thread runs that could hold a lock, and this is no worker itself."""
    alone = threading.active_count() == 1 and threading.current_thread() is threading.main_thread()
    return alone and hasattr(os, "fork") and may_begin_processes()


def is_worker() -> bool:
    """Whether this process is a worker of a `WorkerPool`, whose signals are chapbook's own."""
    processes = sys.modules.get("multiprocessing.process")
    return processes is not None and processes.current_process().name == _NAME


def may_begin_processes() -> bool:
    """Whether Python lets this process begin others: not a worker, one of `multiprocessing.Pool` or of Celery."""
    processes = sys.modules.get("multiprocessing.process")
    return processes is None or not processes.current_process().daemon


class Lost(Struct, frozen=True, kw_only=True):
    """The result of work whose process ended before it was done."""

    overdue: bool
    """Whether the process was ended by its deadline; otherwise it died twice."""
    signal: str = ""
    """The name of the signal, where it is one of those that end processes without memory, and some others."""


class _Task(Generic[Work, Result]):
    """One piece of work, and its result as soon as there is one."""

    def __init__(self, function: Callable[[Work], Result], work: Work, at: int) -> None:
        self.function = function
        self.work = work
        self.at = at
        self.attempts = 0
        self.is_done = False
        self._result: Result | Lost
        self._error: Exception | None = None

    def finish(self, result: Result | Lost, error: Exception | None = None) -> None:
        self.is_done, self._result, self._error = True, result, error

    def result(self) -> Result | Lost:
        """What came of it; raises what the function raised."""
        if self._error is not None:
            raise self._error
        return self._result


class _Worker:
    """One process, its pipe, and what it was given to do, in order."""

    def __init__(self, process: BaseProcess, pipe: Connection[Any, Any]) -> None:
        self.process = process
        self.pipe = pipe
        self.tasks: deque[_Task[Any, Any]] = deque()

    def end(self, *, at_once: bool) -> int | None:
        """Ends the process and gives its exit code."""
        if at_once:
            self.process.terminate()
        self.pipe.close()  # a worker ends when nobody sends it anything any more
        self.process.join(_PATIENCE)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code


class WorkerPool:
    """The processes of one build, started when they are first needed and ended with it."""

    def __init__(self, processes: int, *, fork: bool) -> None:
        """With less than one of `processes`, and where this process may begin none, everything is done here.

        `fork` says that no other thread runs in this process (`may_fork`), so that workers can be forked, which is
        quick. Otherwise they are spawned, as `multiprocessing` has it.
        """
        self._processes = processes if may_begin_processes() else 0
        self._fork = fork and hasattr(os, "fork")
        self._waiting: deque[_Task[Any, Any]] = deque()
        self._workers: list[_Worker] = []
        self._chunk = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end(at_once=kind is not None or bool(worker.tasks))
        self._workers.clear()

    def begin(
        self, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
    ) -> Callable[[], Result | Lost]:
        """Starts ``function(*args, **kwargs)`` in a worker, and gives a function that waits for its result.

        `function` belongs to a module. What can't be pickled is done here, when the result is asked for.
        """
        call = (function, args, kwargs)
        if self._processes < 1 or not can_pickle(call):
            return lambda: function(*args, **kwargs)
        task: _Task[Any, Result] = _Task(_call, call, 0)
        self._waiting.appendleft(task)
        self._occupy()
        return lambda: self._result_of(task)

    def map(
        self,
        function: Callable[[Work], Result],
        work: Sequence[Work],
        *,
        chunk: int = 1,
        here: Callable[[Work], Result] | None = None,
    ) -> Iterator[Result | Lost]:
        """Yields ``function(each)`` for each of `work` in its order, as `as_finished` has it done."""
        waiting: dict[int, Result | Lost] = {}
        coming = self.as_finished(function, work, chunk=chunk, here=here)
        for at in range(len(work)):
            while at not in waiting:
                place, result = next(coming)
                waiting[place] = result
            yield waiting.pop(at)

    def as_finished(
        self,
        function: Callable[[Work], Result],
        work: Sequence[Work],
        *,
        chunk: int = 1,
        here: Callable[[Work], Result] | None = None,
    ) -> Iterator[tuple[int, Result | Lost]]:
        """Yields the place in `work` and ``function(each)``, as they are finished; raises what `function` raises.

        `function` belongs to a module; at most `chunk` pieces are sent to a worker at once. What can't be pickled
        is done in this process, by `here` where that is given.
        """
        if self._processes < 1 or not work or not can_pickle(work[0]):
            yield from ((at, (here or function)(each)) for at, each in enumerate(work))
            return
        self._chunk = chunk
        tasks = [_Task(function, each, at) for at, each in enumerate(work)]
        self._waiting.extend(tasks)
        unfinished = set(tasks)
        while unfinished:
            for task in self._answers():
                if task in unfinished:
                    unfinished.remove(task)
                    yield task.at, task.result()

    def _result_of(self, task: _Task[Work, Result]) -> Result | Lost:
        while not task.is_done:
            for _ in self._answers():
                pass
        return task.result()

    def _answers(self) -> Iterator[_Task[Any, Any]]:
        """Waits until a worker has answered or is gone, and gives the tasks that this finished."""
        from multiprocessing.connection import wait  # noqa: PLC0415 - most builds find all in the cache

        self._occupy()
        ready = set(wait([worker.pipe for worker in self._workers if worker.tasks]))
        for worker in [each for each in self._workers if each.pipe in ready]:
            try:
                result, error = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._replaced(worker)
                continue
            task = worker.tasks.popleft()
            task.finish(result, error)
            if not worker.tasks:
                self._give(worker)
            yield task

    def _occupy(self) -> None:
        """Gives every idle worker something to do, and starts as many as may be."""
        for worker in self._workers:
            if not worker.tasks:
                self._give(worker)
        while self._waiting and len(self._workers) < self._processes:
            self._workers.append(self._started())
            self._give(self._workers[-1])

    def _give(self, worker: _Worker) -> None:
        """Gives an idle worker its next tasks, fewer towards the end so that no worker waits long for another."""
        fair = len(self._waiting) // (2 * self._processes)
        while self._waiting and len(worker.tasks) < max(1, min(self._chunk, fair)):
            if worker.tasks and worker.tasks[0].function is not self._waiting[0].function:
                break
            worker.tasks.append(self._waiting.popleft())
        if worker.tasks:
            with suppress(OSError):  # the worker is gone, and its pipe will say so
                worker.pipe.send((worker.tasks[0].function, [task.work for task in worker.tasks]))

    def _replaced(self, gone: _Worker) -> Iterator[_Task[Any, Any]]:
        """Has the tasks of a worker that died done again, and gives the one that is given up."""
        self._workers.remove(gone)
        code = gone.end(at_once=False)
        overdue = code == -OVERDUE_SIGNAL
        task = gone.tasks[0]
        task.attempts += 1
        given_up = overdue or task.attempts >= _ATTEMPTS
        if given_up:
            gone.tasks.popleft()
        self._waiting.extendleft(reversed(gone.tasks))
        if given_up:
            task.finish(Lost(overdue=overdue, signal=_WITHOUT_MEMORY.get(code or 0, "")))
            yield task

    def _started(self) -> _Worker:
        import multiprocessing  # noqa: PLC0415 - see _answers

        context: BaseContext = multiprocessing.get_context("fork" if self._fork else "spawn")
        ours, theirs = context.Pipe()
        # A forked process inherits our ends of all pipes: one that stays open would hide that we are gone.
        others = [ours, *(worker.pipe for worker in self._workers)] if self._fork else []
        process = context.Process(  # type: ignore[attr-defined]  # every context has it but the base class
            target=serve, args=(theirs, others, os.getpid()), name=_NAME, daemon=True
        )
        with interrupts_held(context):
            process.start()
        theirs.close()
        return _Worker(process, ours)


def _call(call: tuple[Callable[..., Result], tuple[Any, ...], dict[str, Any]]) -> Result:
    function, args, kwargs = call
    return function(*args, **kwargs)
