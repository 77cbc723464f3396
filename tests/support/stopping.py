"""The command, stopped at one of the calls that it makes: `stopping.py SIGNAL NUMBER WORDS…`.

The calls are those of the first process; all of its group get the signal, as a terminal sends it. `count` for a
signal only says at the end how many calls there were. The path of a file that is not there yet for a signal lets the
first worker with so many calls kill itself, and makes that file.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

from chapbook.__main__ import main
from chapbook.command.cli import run


class _Calls:
    """The calls of functions, Python's own and others, in this process and those that are forked from it."""

    def __init__(self, what: str, last: int) -> None:
        self._what = what
        self._last = last
        self._first_process = os.getpid()
        self._process = self._first_process
        self.count = 0

    def __call__(self, _frame: FrameType, event: str, _of: object) -> None:
        if not event.endswith("call"):
            return
        self.count += 1
        if os.getpid() == self._first_process:
            if self.count == self._last and os.sep not in self._what:
                os.killpg(0, signal.Signals[self._what])
        elif os.sep in self._what:
            self._lose()
        else:
            sys.setprofile(None)

    def _lose(self) -> None:
        if self._process != os.getpid():
            self._process, self.count = os.getpid(), 0
        if self.count == self._last:
            sys.setprofile(None)
            with suppress(FileExistsError):
                Path(self._what).touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    calls = _Calls(sys.argv[1], int(sys.argv[2]))
    del sys.argv[1:3], sys.path[0]  # the neighbours of this file are nothing that the command imports
    sys.setprofile(calls)
    if calls._last:
        main()
    code = run(sys.argv[1:])
    sys.setprofile(None)
    sys.stderr.write(f"{calls.count}\n")
    sys.exit(code)
