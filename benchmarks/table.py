"""The table that the benchmarks print: a figure a line, its target beside it, met or not."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.timing import Timing

__all__ = ["heading", "part", "ratio", "row", "shown", "target"]


def heading(text: str) -> None:
    """Begins a part of the table."""
    print(f"\n{text}")


def row(name: str, timing: Timing) -> None:
    """A command's own figures."""
    low, high = min(timing.seconds), max(timing.seconds)
    memory = f"{timing.megabytes:6.0f} MB" if timing.megabytes is not None else ""
    worked = statistics.median(timing.processor)
    print(f"  {name:44} {timing.median:8.3f} s  ({low:.3f} to {high:.3f})  processor {worked:7.3f} s {memory}")


def target(name: str, figure: float, most: float, *, unit: str = "", least: bool = False) -> None:
    """A figure beside its target: `most`, or the `least`."""
    met = figure >= most if least else figure <= most
    wanted = "at least" if least else "at most"
    print(f"  {name:44} {figure:8.3f}{unit}  {wanted} {most:.3f}{unit}: {'met' if met else 'NOT MET'}")


def part(name: str, ours: Timing, theirs: Timing, most: float) -> None:
    """What part of another command's time ours takes, of processors and by the wall, beside its target."""
    target(f"{name}, processor", ratio(ours.processor, theirs.processor), most)
    target(f"{name}, by the wall", ratio(ours.seconds, theirs.seconds), most)


def shown(name: str, figure: float, *, unit: str = "") -> None:
    """A figure without a target."""
    print(f"  {name:44} {figure:8.3f}{unit}")


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of runs that were made one after the other."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
