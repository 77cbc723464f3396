"""Times chapbook beside other tools on one generated folder: 300 chapters of 8 KB."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.rivals import epub_gen_memory, pandoc
from benchmarks.timing import Timing, in_turn

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.corpus import write_corpus  # noqa: E402 - the tests' own generator

TARGETS = {
    "markdown": (("pandoc", 1 / 6), ("epub-gen-memory", 1.0)),
    "commonmark": (("pandoc", 1 / 15),),
}
"""By dialect: the rival, and the part of its time that chapbook may take at the most."""


def main() -> None:
    """Runs the benchmark of the words on the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--chapters", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        timings = in_turn(_commands(Path(scratch), given.chapters), runs=given.runs)
    print(f"{given.chapters} chapters of 8 KB, median of {given.runs} runs in turn")
    for name, timing in timings.items():
        low, high = min(timing.seconds), max(timing.seconds)
        print(f"  {name:24} {timing.median:7.2f} s  ({low:.2f} to {high:.2f})  {timing.megabytes:5.0f} MB")
    for dialect, targets in TARGETS.items():
        for rival, most in targets:
            if rival in timings:
                print(_verdict(dialect, rival, most, timings))


def _commands(scratch: Path, chapters: int) -> dict[str, list[str]]:
    markdown = write_corpus(scratch / "markdown", chapters=chapters)
    commonmark = write_corpus(scratch / "commonmark", chapters=chapters)
    with (commonmark / "book.yaml").open("a") as settings:
        settings.write("dialect: commonmark\n")
    target = scratch / "book.epub"
    chapbook = str(Path(sys.executable).with_name("chapbook"))
    commands: dict[str, list[str] | None] = {
        "chapbook markdown": [chapbook, "build", str(markdown), "-o", str(target), "-q", "--no-cache"],
        "chapbook commonmark": [chapbook, "build", str(commonmark), "-o", str(target), "-q", "--no-cache"],
        "pandoc": pandoc(markdown, target),
        "epub-gen-memory": epub_gen_memory(markdown, target, ROOT / ".tools"),
    }
    for name, words in commands.items():
        if words is None:
            print(f"left out, since it is not to be had here: {name}")
    return {name: words for name, words in commands.items() if words is not None}


def _verdict(dialect: str, rival: str, most: float, timings: dict[str, Timing]) -> str:
    pairs = zip(timings[f"chapbook {dialect}"].seconds, timings[rival].seconds, strict=True)
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    middle = ratios[len(ratios) // 2]
    met = "met" if middle <= most else "not met"
    return f"  {dialect}: {middle:.3f} of {rival}'s time, pair by pair; at most {most:.3f} is wanted: {met}"


if __name__ == "__main__":
    main()
