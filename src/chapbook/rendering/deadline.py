"""Limits on processor time, which a suspended laptop or busy machine doesn't use up, and on memory."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

__all__ = ["OVERDUE_SIGNAL", "Overdue", "deadline", "memory_bound", "worker_deadline"]

OVERDUE_SIGNAL: int = getattr(signal, "SIGVTALRM", 0)
"""Ends a worker process whose code doesn't return to Python in time."""
_AGAIN = 0.5
"""Seconds after which a swallowed interruption is repeated (in a finaliser, or by a bare except)."""
_GRACE = 1.0
"""Seconds of processor time for C code to return to Python before its process is ended."""
_SHORTEST_WAIT = 0.01
_LONGEST = 10.0**8


class Overdue(BaseException):
    """Raised in code that ran too long. Not an Exception, so that ``except Exception`` doesn't catch it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises `Overdue` in the block once the calling thread has used `seconds` of processor time in it.

    Infinity, or a number not above 0, means no limit. A watching thread does this, so the caller's signals aren't
    touched; it takes effect when the interpreter next runs Python code. (If the system can't measure another thread's
    time, the process's time counts.)
    """
    if not _is_limit(seconds):
        yield
        return
    watch = _Watch(threading.current_thread(), seconds)
    try:
        watch.start()
        yield
    finally:
        # The interruption may come while the watch is being stopped, and a watch must end with its block.
        # Cancelling it would leave Python 3.11 looking for it for good: a profiler or debugger then never goes on.
        stopped = False
        while not stopped:
            with suppress(Overdue):
                watch.stop()
                stopped = True


@contextmanager
def worker_deadline(seconds: float) -> Iterator[None]:
    """Like `deadline`, but for the main thread of a worker process, where chapbook owns signals and timers.

    A timer signal interrupts Python code and regular expressions. If other C code runs for another second, the process
    is ended with `OVERDUE_SIGNAL`.
    """
    if not _is_limit(seconds) or not hasattr(signal, "setitimer"):
        with deadline(seconds):
            yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise Overdue

    signal.signal(signal.SIGPROF, interrupt)
    signal.signal(OVERDUE_SIGNAL, signal.SIG_DFL)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds + _GRACE)
        signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
        yield
    finally:
        # An interruption may still come between these lines.
        with suppress(Overdue):
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@contextmanager
def memory_bound(most: int) -> Iterator[None]:
    """Makes allocations beyond `most` bytes fail in the block with MemoryError. For worker processes.

    Only Linux has such a limit (RLIMIT_DATA, see getrlimit(2)); elsewhere this does nothing.
    """
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 - only on Unix

    before = resource.getrlimit(resource.RLIMIT_DATA)
    held = int(Path("/proc/self/statm").read_text("ascii").split()[_DATA]) * resource.getpagesize()
    known = [each for each in before if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([held + most, *known]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


_DATA = 5
"""The index of a process's own pages in its statm (proc(5))."""


def _is_limit(seconds: float) -> bool:
    return 0 < seconds < _LONGEST and not math.isnan(seconds)


class _Watch(threading.Thread):
    """Interrupts the thread that created it after some processor time, until it is stopped."""

    def __init__(self, watched: threading.Thread, seconds: float) -> None:
        super().__init__(name="chapbook-deadline", daemon=True)
        self._thread = watched
        self._interrupt = _interrupter(watched.ident or 0)
        self._used = _clock_of_this_thread()
        self._end = self._used() + seconds
        self._over = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        # A thread can't use more processor time than passes, so sleeping for the remaining time misses nothing.
        while not self._over.wait(max(self._left(), _SHORTEST_WAIT)):
            with self._lock:
                if not self._thread.is_alive():  # its number may belong to another thread by now
                    return
                if self._left() <= 0 and not self._over.is_set():
                    self._interrupt()
                    self._end = self._used() + _AGAIN

    def stop(self) -> None:
        """Ends the watch. An interruption that was sent before is raised in here, or was raised already."""
        with self._lock:
            self._over.set()

    def _left(self) -> float:
        try:
            return self._end - self._used()
        except OSError:  # the thread has ended
            return _AGAIN


def _clock_of_this_thread() -> Callable[[], float]:
    """Returns a function that gives the current thread's processor time in seconds, callable from all threads."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)


def _interrupter(thread: int) -> Callable[[], object]:
    """A function that raises `Overdue` in the thread of that number."""
    import ctypes  # noqa: PLC0415 - workers, which render nearly always, need none of it

    send, number = ctypes.pythonapi.PyThreadState_SetAsyncExc, ctypes.c_ulong(thread)
    return lambda: send(number, ctypes.py_object(Overdue))
