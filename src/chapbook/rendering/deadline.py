"""Deadlines in processor time: a suspended laptop or a busy machine doesn't use up anybody's time. Bounds of memory."""

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
"""Ends a worker process whose code doesn't come back to Python in time."""
_AGAIN = 0.5
"""Seconds after which an interruption is repeated that was swallowed (in a finaliser, or by a bare except)."""
_GRACE = 1.0
"""Seconds of processor time that C code has to come back to Python before its process is ended."""
_SHORTEST_WAIT = 0.01
_LONGEST = 10.0**8


class Overdue(BaseException):
    """Raised in code that ran longer than it may. Not an Exception, so that no ``except Exception`` swallows it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises `Overdue` within the block once the calling thread has used `seconds` of processor time in it.

    An infinite number, or none above 0, means never. A watching thread does it, so that no signal of the caller's
    process is touched; it waits until the interpreter runs Python code again. (Where the system can't tell the time
    of another thread, that of the process counts.)
    """
    if not _is_limit(seconds):
        yield
        return
    watch = _Watch(threading.current_thread(), seconds)
    try:
        watch.start()
        yield
    finally:
        # The interruption may come while it is being called off, and a watch must not outlive its block.
        stopped = False
        while not stopped:
            with suppress(Overdue):
                watch.stop()
                stopped = True


@contextmanager
def worker_deadline(seconds: float) -> Iterator[None]:
    """As `deadline`, for the main thread of a worker process, whose signals and timers are chapbook's own.

    A timer signal interrupts Python code and regular expressions. Other C code that goes on for a second more ends
    with the process, by `OVERDUE_SIGNAL`.
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
    """Has allocations beyond `most` bytes fail within the block, as MemoryError in Python code. For worker processes.

    Only Linux knows such a bound (RLIMIT_DATA, see getrlimit(2)); elsewhere this does nothing.
    """
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 - only Unix has it

    before = resource.getrlimit(resource.RLIMIT_DATA)
    held = int(Path("/proc/self/statm").read_text("ascii").split()[_DATA]) * resource.getpagesize()
    known = [each for each in before if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([held + most, *known]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


_DATA = 5
"""The place of a process's own pages in its statm (proc(5))."""


def _is_limit(seconds: float) -> bool:
    return 0 < seconds < _LONGEST and not math.isnan(seconds)


class _Watch(threading.Thread):
    """Interrupts a thread after some processor time, until it is stopped. It is made in the thread that it watches."""

    def __init__(self, watched: threading.Thread, seconds: float) -> None:
        super().__init__(name="chapbook-deadline", daemon=True)
        self._thread = watched
        self._interrupt = _interrupter(watched.ident or 0)
        self._used = _clock_of_this_thread()
        self._end = self._used() + seconds
        self._over = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        # A thread can't use more processor time than goes by, so that nothing is missed by sleeping for what is left.
        while not self._over.wait(max(self._left(), _SHORTEST_WAIT)):
            with self._lock:
                if not self._thread.is_alive():  # its number may be another thread's by now
                    return
                if self._left() <= 0 and not self._over.is_set():
                    self._interrupt(Overdue)
                    self._end = self._used() + _AGAIN

    def stop(self) -> None:
        """Ends the watch; an interruption that is still under way is called back."""
        with self._lock:
            self._over.set()
            self._interrupt(None)

    def _left(self) -> float:
        try:
            return self._end - self._used()
        except OSError:  # the thread has ended
            return _AGAIN


def _clock_of_this_thread() -> Callable[[], float]:
    """Gives the calling thread's processor time in seconds, to whichever thread asks."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)


def _interrupter(thread: int) -> Callable[[type[BaseException] | None], object]:
    """What raises an exception in the thread of that number, or with ``None`` calls it back."""
    import ctypes  # noqa: PLC0415 - workers, which render nearly always, need none of it

    send, number = ctypes.pythonapi.PyThreadState_SetAsyncExc, ctypes.c_ulong(thread)
    return lambda kind: send(number, None if kind is None else ctypes.py_object(kind))
