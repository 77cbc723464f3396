"""What runs in a worker process: it does what it is sent, and ends with its parent. How one is started safely."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

__all__ = ["begin_worker", "can_pickle", "interrupts_held", "sendable", "serve"]

_PARENT_DEATH_SIGNAL = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""


def serve(pipe: Connection[Any, Any], others: Sequence[Connection[Any, Any]], parent: int) -> None:
    """Runs tasks until the pipe is closed."""
    begin_worker(others, parent)
    with suppress(EOFError, OSError):
        while True:
            function, work = pipe.recv()
            for each in work:
                _answer(pipe, function, each)
    # Cleaning up would take longer than rendering many chapters, and nothing needs it.
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(0)


def begin_worker(others: Sequence[Connection[Any, Any]], parent: int) -> None:
    """Makes this process one that `parent` ends, and closes the `others`: what it inherited of the parent's pipes."""
    # A Ctrl-C reaches every process of the terminal; the first one answers it, and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    _end_with(parent)
    for each in others:
        each.close()


def _answer(pipe: Connection[Any, Any], function: Callable[[Any], Any], work: object) -> None:
    try:
        answer: tuple[object, Exception | None] = function(work), None
    except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
        answer = None, sendable(error)
    pipe.send(answer)


def sendable(error: Exception) -> Exception:
    """`error` itself, or its text if its class can't be pickled."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made in this line
    except Exception:  # noqa: BLE001 - an author's class may raise anything
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with(parent: int) -> None:
    """Makes this process end as soon as `parent` ends, however that happens.

    On Linux the kernel does it, even during C code. Elsewhere a thread waits for it.
    """
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):  # builds without ctypes; other C libraries
            import ctypes  # noqa: PLC0415 - for workers alone

            if ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL) == 0:
                if os.getppid() != parent:  # the parent ended before that call
                    os._exit(1)
                return
    threading.Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415 - nobody else needs it

    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


@contextmanager
def interrupts_held(context: BaseContext) -> Iterator[None]:
    """Keeps a Ctrl-C back while a process starts, so that none arrives before the process knows what to do then."""
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield
        return
    if context.get_start_method() == "spawn":
        from multiprocessing import resource_tracker  # noqa: PLC0415 - only this start method has one

        resource_tracker.ensure_running()  # it lets a Ctrl-C through when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def can_pickle(value: object) -> bool:
    """Whether `value` can be pickled."""
    try:
        pickle.dumps(value)
    except Exception:  # noqa: BLE001 - an author's object may raise anything from its own __reduce__
        return False
    return True
