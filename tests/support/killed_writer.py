"""Writes a file again and again, each time killed one call of a function later: `killed_writer.py PATH OLD`.

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


def _is_killed_at(call: int, path: Path) -> bool:
    """Writes in a process that kills itself before that call. Gives whether it came so far."""
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) != 0
    calls = count()

    def kill(_frame: FrameType, event: str, _of: object) -> None:
        if event.endswith("call") and next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(kill)
    write_file(path, _write)
    os._exit(0)


def main(path: Path, old: bytes) -> int:
    for call in count():
        if old:
            path.write_bytes(old)
        else:
            path.unlink(missing_ok=True)
        killed = _is_killed_at(call, path)
        found = path.read_bytes() if path.exists() else b""
        assert found == _NEW or (killed and found == old), f"at call {call}: {len(found)} bytes"
        if not killed:
            return call
    raise AssertionError


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]), sys.argv[2].encode())}\n")
