"""Whole processes timed in turn, so that a machine's drift meets every command alike."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Command", "Timing", "in_turn"]

_BETWEEN = 0.02
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is timed."""

    words: Sequence[str]
    before: Callable[[int], None] | None = None
    """Called with the number of the run before each, and not timed."""
    codes: frozenset[int] = frozenset({0})
    """The exit codes that are right."""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The runs of one command."""

    seconds: tuple[float, ...]
    """Wall time of each run."""
    processor: tuple[float, ...]
    """Seconds that the processors worked in each run, for all its processes together."""
    megabytes: float | None
    """Peak memory of all its processes together, what they share counted once; ``None`` where the system does not
    say (it takes Linux)."""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def in_turn(commands: Mapping[str, Command], *, runs: int, warm_up: bool = True) -> dict[str, Timing]:
    """Runs each of `commands` once to warm up, if that is wanted, then all in turn `runs` times.

    Memory is taken in a run of its own, at the end: looking at it takes time.
    """
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for run in range(0 if warm_up else 1, runs + 1):
        for name, command in commands.items():
            once = _timed(command, run)
            if run:
                took[name].append(once)
    peaks = {name: _peak(command, runs + 1) for name, command in commands.items()}
    return {
        name: Timing(
            seconds=tuple(wall for wall, _ in took[name]),
            processor=tuple(worked for _, worked in took[name]),
            megabytes=peaks[name],
        )
        for name in commands
    }


def _timed(command: Command, run: int) -> tuple[float, float]:
    """Seconds by the wall, and of processors."""
    if command.before:
        command.before(run)
    begun, worked = time.perf_counter(), _worked()
    _checked(_started(command), command)
    return time.perf_counter() - begun, _worked() - worked


def _worked() -> float:
    """Processor time of all processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _started(command: Command) -> subprocess.Popen[bytes]:
    # As an installation has it: compiled once, not at every start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(  # noqa: S603 - our own words
        command.words,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**inherited, **command.environment},
    )


def _checked(process: subprocess.Popen[bytes], command: Command) -> None:
    if process.wait() not in command.codes:
        raise SystemExit(f"failed with {process.returncode}: {' '.join(command.words)[:200]}")


def _peak(command: Command, run: int) -> float | None:
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    if command.before:
        command.before(run)
    process = _started(command)
    peak, ended = 0.0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not ended.wait(_BETWEEN):
            peak = max(peak, sum(_share(each) for each in _family(process.pid)))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        _checked(process, command)
    finally:
        ended.set()
        looking.join()
    return peak


def _family(process: int) -> list[int]:
    """The process and all that it started."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(each) for task in tasks for each in (task / "children").read_text().split()]
    except OSError:
        return []
    return [process, *(each for child in children for each in _family(child))]


def _share(process: int) -> float:
    """The megabytes of a process, what it shares with others divided among them (PSS)."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
