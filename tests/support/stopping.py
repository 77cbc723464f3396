"""The command, stopped at a moment that is counted: `stopping.py WHAT NUMBER WORDS…`.

`count`: it is not stopped, and says at its end on standard error how many functions its first process called.
`count-system` counts only the calls of the operating system's functions.
The name of a signal: at that call of the first process it gets that signal, and its workers don't.
`SIGTERM-system`: the same, of the calls of the operating system's functions: opening, linking, renaming, syncing.
`interrupt`: at that chapter that is done all of them are interrupted, as a terminal does it for a Ctrl-C.
A path: the first worker to come to that call kills itself and makes that file, which is not there yet.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from unittest import mock

from chapbook.__main__ import main
from chapbook.command import cli
from chapbook.command.terminal import ProgressBar


class _Calls:
    """Counts the calls of functions, Python's own and others, in this process and those that are forked from it."""

    def __init__(self, what: str, last: int) -> None:
        self._mark = Path(what) if os.sep in what else None
        name, _, kind = what.partition("-")
        self._signal = None if self._mark else getattr(signal, name, None)
        self._only_system = kind == "system"
        self._last = last
        self._process = self._first_process = os.getpid()
        self.count = 0

    def __call__(self, _frame: FrameType, event: str, of: object) -> None:
        if event.endswith("call") and (not self._only_system or getattr(of, "__module__", "") == "posix"):
            if self._process != os.getpid():
                self._process, self.count = os.getpid(), 0
            self.count += 1
            if self.count == self._last:
                self._stop()

    def _stop(self) -> None:
        is_worker = os.getpid() != self._first_process
        if self._signal and not is_worker:
            os.kill(os.getpid(), self._signal)
        if self._mark is not None and is_worker:
            with suppress(FileExistsError):
                self._mark.touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)


class _Chapters(ProgressBar):
    """A bar that interrupts when so many chapters are done."""

    last = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        super().__call__(stage, done, total)
        if stage == "chapters" and done == self.last:
            os.killpg(0, signal.SIGINT)


def run(what: str, number: int) -> None:
    if what == "interrupt":
        _Chapters.last = number
        with mock.patch("chapbook.command.running.ProgressBar", _Chapters):
            main()
    calls = _Calls(what, number)
    sys.setprofile(calls)
    if calls._last:
        main()
    code = cli.run(sys.argv[1:])
    sys.setprofile(None)
    sys.stderr.write(f"{calls.count}\n")
    sys.exit(code)


if __name__ == "__main__":
    asked = sys.argv[1], int(sys.argv[2])
    del sys.argv[1:3], sys.path[0]  # the neighbours of this file are nothing that the command imports
    run(*asked)
