"""A build in a process of its own, which is ended where it takes more time or memory than it may.

Only another process can say no to C code, and to an interpreter that has no memory left. Whoever asked for the build
waits, looks at the clock and at the memory of all processes of the build, and ends them together.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from msgspec.structs import replace

from chapbook.building.inputs import BuildOptions, Progress
from chapbook.building.worker_main import begin_worker, interrupts_held, sendable
from chapbook.building.workers import may_begin_processes, may_fork
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Report
from chapbook.model.limits import Limits
from chapbook.packaging.output import write_stream
from chapbook.packaging.replacing import left_behind

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["checked_apart", "progress_by", "results_within", "within_process", "written_apart"]

_EVERY = 0.05
"""Seconds between two looks at the clock and the memory."""


def _check_bounds(limits: Limits) -> None:
    """Raises ChapbookError (``value-invalid``) where this process can't keep a build within `limits`."""
    if limits.max_memory is not None and sys.platform != "linux":
        raise _impossible("'max_memory' works on Linux only", "build in a container that has a limit of memory")
    if limits.needs_process and not may_begin_processes():
        message = "'max_seconds' and 'max_memory' need a process of their own, and this process may begin none"
        raise _impossible(message, "set the limits of the task queue that began this process")


def _impossible(message: str, hint: str) -> ChapbookError:
    return ChapbookError(Diagnostic.of("value-invalid", message, hint=hint))


def results_within(
    limits: Limits, function: Callable[..., None], *args: object, outputs: Sequence[Path] = ()
) -> Generator[Any, None, None]:
    """Yields what ``function(send, *args)`` sends from another process, which may begin processes of its own.

    Raises ChapbookError with ``build-time`` or ``build-memory`` where that exceeds `limits`, ``worker-lost`` where the
    process died, and what the function raised. The process and all that it began are ended then, and when the
    iteration is left; of `outputs`, the files that it writes, each is the old one or whole.
    """
    _check_bounds(limits)
    with left_behind(outputs):
        build = _Build(limits, function, args)
        try:
            yield from build.results()
        finally:
            build.end()


class _Build:
    """The process of a build, and its pipe."""

    def __init__(self, limits: Limits, function: Callable[..., None], args: tuple[object, ...]) -> None:
        self._limits = limits
        self._end = time.monotonic() + limits.max_seconds if limits.max_seconds is not None else None
        context: Any = multiprocessing.get_context("fork" if may_fork() else "spawn")
        self._pipe: Connection[Any, Any]
        self._pipe, theirs = context.Pipe()
        given = (theirs, [self._pipe] if may_fork() else [], os.getpid(), limits.max_memory, (function, args))
        self._process = context.Process(target=_run, args=given, name="chapbook-build")
        with interrupts_held(context):
            self._process.start()
        theirs.close()

    def results(self) -> Iterator[Any]:
        """What the process sends, as it comes."""
        while True:
            while not self._pipe.poll(_EVERY):
                self._check()
            self._check()
            try:
                kind, value = self._pipe.recv()
            except (EOFError, OSError):
                raise ChapbookError(self._lost()) from None
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value

    def end(self) -> None:
        """Ends the process with all that it began."""
        if self._process.exitcode is None:
            for each in reversed(_family(self._process.pid or 0)):
                with suppress(OSError):
                    os.kill(each, _KILL)
        self._process.join()
        self._pipe.close()
        self._process.close()

    def _check(self) -> None:
        seconds, memory = self._limits.max_seconds, self._limits.max_memory
        if self._end is not None and time.monotonic() > self._end:
            message = f"the build took more than {seconds:g} seconds, so chapbook stopped it"
            hint = "divide the book, or raise 'max_seconds' (--max-seconds)"
            raise ChapbookError(Diagnostic.of("build-time", message, hint=hint))
        if memory is not None and _memory_of(_family(self._process.pid or 0), memory) > memory:
            raise ChapbookError(_too_much(memory))

    def _lost(self) -> Diagnostic:
        self._process.join()
        code = self._process.exitcode
        if self._limits.max_memory is not None and code == -_ABORTED:
            return _too_much(self._limits.max_memory)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        message = f"the process of the build ended before the book was done, by {how}"
        return Diagnostic.of("worker-lost", message, hint="build again, with fewer jobs (-j) if memory is short")


_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_ABORTED = getattr(signal, "SIGABRT", 0)


def _too_much(most: int) -> Diagnostic:
    message = f"the build took more than {most // 1_000_000:,} MB of memory, so chapbook stopped it"
    return Diagnostic.of("build-memory", message, hint="divide the book, or raise 'max_memory' (--max-memory)")


def _run(
    pipe: Connection[Any, Any],
    others: Sequence[Connection[Any, Any]],
    parent: int,
    memory: int | None,
    call: tuple[Callable[..., None], tuple[object, ...]],
) -> None:
    """Runs in the process of the build: sends what the function sends, then ``end`` or the error."""
    begin_worker(others, parent)
    if memory is not None:
        _bound(memory)
    try:
        function, args = call
        function(lambda each: pipe.send(("result", each)), *args)
        last: tuple[str, object] = ("end", None)
    except Exception as error:  # noqa: BLE001 - it is raised where the results are asked for
        last = ("error", sendable(error))
    with suppress(OSError):
        pipe.send(last)
    pipe.close()
    os._exit(0)


def _bound(memory: int) -> None:
    """Has each process of the build get no more memory than all together may have (RLIMIT_DATA, getrlimit(2))."""
    import resource  # noqa: PLC0415 - only Unix has it

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


# The memory of processes, from proc(5). Elsewhere than on Linux there is nothing of this.


def _family(process: int) -> list[int]:
    """A process and all that it began, and those began."""
    found = [process]
    for each in found:
        with suppress(OSError):
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text("ascii").split())
    return found


def _memory_of(processes: Sequence[int], most: int) -> int:
    """The bytes that `processes` hold together. What they share is counted once, where it matters for `most`."""
    held = sum(map(_resident, processes))
    return held if held <= most else sum(map(_proportional, processes))


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):  # it has ended
        return 0


def _proportional(process: int) -> int:
    """The resident memory of a process, of pages that several share a fair part each (PSS)."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").split("\n")
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):  # it has ended, or the kernel doesn't say
        return _resident(process)


# One call


def checked_apart(check: Callable[..., Report], options: BuildOptions, *, strict: bool) -> Report:
    """The report of a book's `check`, called in another process, which is held to the limits of `options`."""
    report: Report = _result_apart(partial(check, strict=strict), options)
    return report


def written_apart(
    write: Callable[..., Report], target: Path | BinaryIO, options: BuildOptions, *, strict: bool
) -> Report:
    """The report of a book's `write`, called in another process; a file object is written to here."""
    if isinstance(target, Path):
        report: Report = _result_apart(partial(write, target, strict=strict), options, target)
        return report
    report, data = _result_apart(partial(_in_memory, partial(write, strict=strict)), options)
    write_stream(target, partial(_write, data=data))
    return report


def _in_memory(write: Callable[..., Report], **given: object) -> tuple[Report, bytes]:
    book = io.BytesIO()
    return write(book, **given), book.getvalue()


def _write(file: IO[bytes], *, data: bytes) -> None:
    file.write(data)


def _result_apart(function: Callable[..., Any], options: BuildOptions, *outputs: Path) -> Any:  # noqa: ANN401 - what the function gives
    """What ``function(jobs=…, cache=…, …)`` returns in a process that is held to the limits of `options`."""
    result = None
    cache = options.cache.folder if options.cache else None
    given = {"jobs": options.jobs, "cache": cache, "limits": within_process(options.limits)}
    shows = options.progress is not None
    for kind, value in results_within(options.limits, _call, function, given, shows, outputs=outputs):
        if kind == "result":
            result = value
        elif options.progress is not None:
            options.progress(*value)
    return result


def _call(send: Callable[[object], None], function: Callable[..., object], given: dict[str, Any], shows: bool) -> None:  # noqa: FBT001 - sent
    send(("result", function(**given, progress=progress_by(send) if shows else None)))


def within_process(limits: Limits) -> Limits:
    """What is left of `limits` for the process that is held to those that need one."""
    return replace(limits, max_seconds=None, max_memory=None)


def progress_by(send: Callable[[object], None]) -> Progress:
    """A progress that is sent, as ``("progress", (stage, done, total))``."""
    return lambda *told: send(("progress", told))
