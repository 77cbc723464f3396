"""Writes a file again and again, each time stopped one call of a function later: `killed_writer.py PATH OLD SIGNAL`.

Before each time the file PATH holds the text OLD; where OLD is empty there is none. Afterwards it has to be as it was
or whole. Ends when a time goes through to its end, and prints how many did not.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path
from types import FrameType
from typing import IO

from chapbook.packaging.output import write_file

_NEW = b"new" * 20_000


def _write(file: IO[bytes]) -> None:
    file.write(_NEW)


def _is_killed_at(call: int, path: Path, how: signal.Signals) -> bool:
    """Writes in a process that sends itself a signal before that call. Gives whether it came so far."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) != 0
    calls = count()

    def kill(_frame: FrameType, event: str, _of: object) -> None:
        if event.endswith("call") and next(calls) == call:
            os.kill(os.getpid(), how)

    sys.unraisablehook = lambda _: os._exit(1)  # an interruption while something is freed, as the command has it
    sys.setprofile(kill)
    try:
        write_file(path, _write)
        os._exit(0)
    except KeyboardInterrupt:
        os._exit(1)


def main(path: Path, old: bytes, how: signal.Signals) -> int:
    for call in count():
        if old:
            path.write_bytes(old)
        else:
            path.unlink(missing_ok=True)
        killed = _is_killed_at(call, path, how)
        found = path.read_bytes() if path.exists() else b""
        assert found == _NEW or (killed and found == old), f"at call {call}: {len(found)} bytes"
        if not killed:
            return call
    raise AssertionError


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]), sys.argv[2].encode(), signal.Signals[sys.argv[3]])}\n")
