"""Worker processes that can be killed safely: the task of a killed worker runs again in another.

``concurrent.futures.ProcessPoolExecutor`` gives up all tasks when one process is killed (out of memory, ``kill -9``),
and doesn't say which task that one was running. Here each worker has its own pipe and answers task by task.
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
    """The number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_fork() -> bool:
    """Whether workers can be forked: no other thread could hold a lock, and this process isn't a worker itself."""
    alone = threading.active_count() == 1 and threading.current_thread() is threading.main_thread()
    return alone and hasattr(os, "fork") and may_begin_processes()


def is_worker() -> bool:
    """Whether this process is a worker of a `WorkerPool`, so chapbook handles its signals."""
    processes = sys.modules.get("multiprocessing.process")
    return processes is not None and processes.current_process().name == _NAME


def may_begin_processes() -> bool:
    """Whether Python lets this process begin others: not a worker, one of `multiprocessing.Pool` or of Celery."""
    processes = sys.modules.get("multiprocessing.process")
    return processes is None or not processes.current_process().daemon


class Lost(Struct, frozen=True, kw_only=True):
    """The result of a task whose process died."""

    overdue: bool
    """Whether the deadline ended the process; otherwise it died twice."""
    signal: str = ""
    """The name of the signal, where it is one of those that end processes without memory, and some others."""


class _Task(Generic[Work, Result]):
    """A task, and its result once it has one."""

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
        """The result; raises what the function raised."""
        if self._error is not None:
            raise self._error
        return self._result


class _Worker:
    """A process, its pipe, and its tasks in order."""

    def __init__(self, process: BaseProcess, pipe: Connection[Any, Any]) -> None:
        self.process = process
        self.pipe = pipe
        self.tasks: deque[_Task[Any, Any]] = deque()

    def end(self, *, at_once: bool) -> int | None:
        """Ends the process and returns its exit code."""
        if at_once:
            self.process.terminate()
        self.pipe.close()  # a worker ends when its pipe is closed
        self.process.join(_PATIENCE)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code


class WorkerPool:
    """The worker processes of one build: started when first needed, ended with the build."""

    def __init__(self, processes: int, *, fork: bool) -> None:
        """If `processes` is less than one, or this process can't start others, everything runs here.

        `fork` says that no other thread runs in this process (see `may_fork`), so workers can be forked, which is fast.
        Otherwise they are spawned, as in `multiprocessing`.
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
        """Starts ``function(*args, **kwargs)`` in a worker; returns a function that waits for the result.

        `function` must be defined in a module. What can't be pickled runs here when the result is requested.
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
        """Yields ``function(each)`` for each of `work`, in order; the options are those of `as_finished`."""
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
        """Yields each ``function(each)`` with its index in `work`, as it finishes; raises what `function` raises.

        `function` must be defined in a module; a worker gets at most `chunk` tasks at a time. What can't be pickled
        runs in this process, with `here` if given.
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
        """Waits until a worker answers or dies, and yields the tasks that are now finished."""
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
        """Gives tasks to all idle workers, and starts as many workers as allowed."""
        for worker in self._workers:
            if not worker.tasks:
                self._give(worker)
        while self._waiting and len(self._workers) < self._processes:
            self._workers.append(self._started())
            self._give(self._workers[-1])

    def _give(self, worker: _Worker) -> None:
        """Gives an idle worker its next tasks; fewer towards the end, so that all workers finish together."""
        fair = len(self._waiting) // (2 * self._processes)
        while self._waiting and len(worker.tasks) < max(1, min(self._chunk, fair)):
            if worker.tasks and worker.tasks[0].function is not self._waiting[0].function:
                break
            worker.tasks.append(self._waiting.popleft())
        if worker.tasks:
            with suppress(OSError):  # the worker died; its pipe will say so
                worker.pipe.send((worker.tasks[0].function, [task.work for task in worker.tasks]))

    def _replaced(self, gone: _Worker) -> Iterator[_Task[Any, Any]]:
        """Queues the tasks of a dead worker again, and yields a task that has failed too often."""
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
        # A forked process inherits our ends of all pipes. An open one would hide from workers that we are gone.
        others = [ours, *(worker.pipe for worker in self._workers)] if self._fork else []
        process = context.Process(  # type: ignore[attr-defined]  # only the base class lacks it
            target=serve, args=(theirs, others, os.getpid()), name=_NAME, daemon=True
        )
        with interrupts_held(context):
            process.start()
        theirs.close()
        return _Worker(process, ours)


def _call(call: tuple[Callable[..., Result], tuple[Any, ...], dict[str, Any]]) -> Result:
    function, args, kwargs = call
    return function(*args, **kwargs)
