"""A deadline for what runs in the calling thread, whatever it does in Python."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

__all__ = ["Overdue", "deadline"]

_AGAIN = 0.5
"""Seconds after which an interruption comes again that was swallowed (in a finaliser, or by a bare except)."""
_LONGEST = 10.0**8


class Overdue(BaseException):
    """What runs took longer than it may. No Exception, so that no ``except Exception`` on the way keeps it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises `Overdue` within the block once it has run for `seconds`; an infinite number, or none above 0, for never.

    In a process's main thread a timer signal does it, which interrupts regular expressions too; the handler and the
    timer that were there before are put back. In another thread, or where there are no timer signals, a watching
    thread does, which waits until the interpreter runs Python code again.
    """
    if not 0 < seconds < _LONGEST or math.isnan(seconds):
        yield
    elif threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
        with _by_signal(seconds):
            yield
    else:
        with _by_watching(seconds):
            yield


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise Overdue

    before = signal.getsignal(signal.SIGALRM)
    started = time.monotonic()
    left, interval = signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if before is None else before)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - started), 1e-6), interval)


@contextmanager
def _by_watching(seconds: float) -> Iterator[None]:
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


class _Watch(threading.Thread):
    """Interrupts a thread after a time, until it is stopped."""

    def __init__(self, watched: threading.Thread, seconds: float) -> None:
        super().__init__(name="chapbook-deadline", daemon=True)
        self._thread = watched
        self._interrupt = _interrupter(watched.ident or 0)
        self._seconds = seconds
        self._over = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        wait = self._seconds
        while not self._over.wait(wait):
            with self._lock:
                if not self._thread.is_alive():  # its number may be another thread's by now
                    return
                if not self._over.is_set():
                    self._interrupt(Overdue)
            wait = _AGAIN

    def stop(self) -> None:
        """Ends the watch; an interruption that is still under way is called back."""
        with self._lock:
            self._over.set()
            self._interrupt(None)


def _interrupter(thread: int) -> Callable[[type[BaseException] | None], object]:
    """What raises an exception in the thread of that number, or with ``None`` calls it back."""
    import ctypes  # noqa: PLC0415 - a process's main thread, which renders nearly always, needs none of it

    send, number = ctypes.pythonapi.PyThreadState_SetAsyncExc, ctypes.c_ulong(thread)
    return lambda kind: send(number, None if kind is None else ctypes.py_object(kind))
