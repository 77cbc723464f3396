"""Whole processes timed in turn, so that a machine's drift meets every tool alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Timing", "in_turn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The runs of one command."""

    seconds: tuple[float, ...]
    """Wall time of each run."""
    megabytes: float
    """Peak resident memory of the largest single process of any run."""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def in_turn(commands: Mapping[str, Sequence[str]], *, runs: int) -> dict[str, Timing]:
    """Runs each of `commands` once to warm up, then all in turn `runs` times."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    peak = dict.fromkeys(commands, 0.0)
    for run in range(runs + 1):
        for name, words in commands.items():
            took, megabytes = _timed(words)
            if run:
                seconds[name].append(took)
            peak[name] = max(peak[name], megabytes)
    return {name: Timing(seconds=tuple(seconds[name]), megabytes=peak[name]) for name in commands}


def _timed(words: Sequence[str]) -> tuple[float, float]:
    begun = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed: {' '.join(words)[:200]}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return took, usage.ru_maxrss / unit
