"""How the command ends before it is done: by Ctrl-C."""

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
"""The exit code: 128 and the number of SIGINT, as shells have it."""


def answer_in_run() -> None:
    """Makes the first Ctrl-C a KeyboardInterrupt, and the next one the end of the process.

    So does the first one where an exception may reach nobody. Modules of Cython drop those that come while they are
    imported; Python drops those that come while an object is freed, and prints them. Nothing changes where the command
    was started with Ctrl-C ignored, as shells do in the background.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _answer)
        sys.unraisablehook = _end_if_interrupted


def end_at_once(_number: int = 0, _frame: FrameType | None = None) -> NoReturn:
    """Ends the process with one line, without a look at what Python would still do.

    An output file that isn't whole has no name yet. Workers end by themselves; Python would wait for what they do.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):  # past `sys.stderr`, which may be closed already
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
