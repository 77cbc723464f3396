"""How Ctrl-C ends the command."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

__all__ = ["answer_in_run", "end_at_once"]

_INTERRUPTED = 130
"""The exit code: 128 plus the number of SIGINT, like shells."""


def answer_in_run() -> None:
    """Makes the first Ctrl-C raise KeyboardInterrupt, and the second end the process at once.

    The first one also ends the process at once if an exception could get lost: Cython modules drop exceptions while
    they are imported, and Python only prints those raised while it frees an object. Nothing changes if the command was
    started with Ctrl-C ignored, as shells do for background jobs.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _answer)
        sys.unraisablehook = _end_if_interrupted


def end_at_once(_number: int = 0, _frame: FrameType | None = None) -> NoReturn:
    """Prints one line and ends the process at once, without Python's clean-up.

    An unfinished output file has no name yet. Workers end by themselves, but Python would wait for them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):  # bypass `sys.stderr`, which may be closed already
        os.write(2, (_AFTER_BAR if _is_terminal() else b"") + b"chapbook: stopped\n")
    os._exit(_INTERRUPTED)


def _is_terminal() -> bool:
    return os.name == "posix" and os.isatty(2) and os.environ.get("TERM", "dumb") != "dumb"


_AFTER_BAR = b"\r\x1b[K"
"""Removes a progress bar from the terminal's last line (ECMA-48)."""


def _answer(_number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGINT, end_at_once)
    while frame:
        if frame.f_globals.get("__name__") == "importlib._bootstrap":
            end_at_once()
        frame = frame.f_back
    raise KeyboardInterrupt


def _end_if_interrupted(unraisable: sys.UnraisableHookArgs) -> None:
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        end_at_once()
    sys.__unraisablehook__(unraisable)
