"""Processes that tests stop: when something is seen of them, or at a moment that is counted.

Neither depends on how quick the machine is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

__all__ = [
    "PATIENCE",
    "calls_of",
    "children_of",
    "is_running",
    "living",
    "start",
    "start_interrupted",
    "start_killed",
    "start_with_lost_worker",
    "wait_until",
]

PATIENCE = 300.0
"""Seconds after which a process is taken to hang. Nothing that is in order comes near them."""
_NO_CHANGES: Mapping[str, str] = MappingProxyType({})
_STOPPING = Path(__file__).with_name("stopping.py")


def start(
    *words: str | Path, cwd: Path | None = None, environment: Mapping[str, str] = _NO_CHANGES
) -> subprocess.Popen[str]:
    """A Python program, with the processes that it starts in a group of their own."""
    return subprocess.Popen(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Returns when `condition` holds, which it does before `process` ends."""
    net = threading.Timer(PATIENCE, process.kill)
    net.start()
    try:
        while not condition():
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
                assert condition(), "it ended, and did not come to it"
    finally:
        net.cancel()


def children_of(process: int) -> set[str]:
    """The processes that `process` began and that go on; none where the system doesn't say."""
    try:
        return set(Path(f"/proc/{process}/task/{process}/children").read_text().split())
    except OSError:
        return set()


def is_running(process: int) -> bool:
    """Whether a process goes on, for Linux: one that has ended and that nobody asked after doesn't."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def calls_of(*words: str | Path, kind: str = "", environment: Mapping[str, str] = _NO_CHANGES) -> int:
    """How many functions the first process of the command `words` calls; with ``-system``, those of the system."""
    counted = start(_STOPPING, f"count{kind}", "0", *words, environment=environment)
    _, error = counted.communicate(timeout=PATIENCE)
    assert counted.returncode == 0, error
    return int(error.splitlines()[-1])


def start_killed(
    what: str, call: int, *words: str | Path, environment: Mapping[str, str] = _NO_CHANGES
) -> subprocess.Popen[str]:
    """The command `words`, whose first process gets the signal `what` when it comes to that call of a function."""
    return start(_STOPPING, what, str(call), *words, environment=environment)


def living(group: int) -> list[int]:
    """The processes of a group that haven't ended."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of_group = each.read_text().rpartition(")")[2].split()[:3]
            if int(of_group) == group and state not in {"Z", "X"}:
                found.append(int(each.parent.name))
    return found


def start_interrupted(chapter: int, *words: str | Path) -> subprocess.Popen[str]:
    """The command `words` with a Ctrl-C when so many chapters are done."""
    return start(_STOPPING, "interrupt", str(chapter), *words)


def start_with_lost_worker(call: int, mark: Path, *words: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """The command `words`, of whose workers the first to make that many calls is lost. It leaves the file `mark`."""
    return start(_STOPPING, mark, str(call), *words, cwd=cwd)
