"""The parts of the benchmark: each writes what it builds, times it, and prints its share of the table."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import corpora
from benchmarks.rivals import epub_gen_memory, pandoc
from benchmarks.table import heading, part, ratio, row, shown, target
from benchmarks.timing import Command, Timing, in_turn

__all__ = ["cold", "growth", "large", "pictures", "start", "volumes"]

_BUILT, _BROKEN = frozenset({0}), frozenset({1})
"""Exit codes."""
_CHAPTERS = 300
_MIDDLING = 1_000
_LARGE = 3_000
_PANDOC = {"markdown": 1 / 6, "commonmark": 1 / 15}
"""The part of pandoc's time that a dialect may take at the most."""
_AGAIN = {"one chapter changed": 1 / 4, "nothing changed": 1 / 8}
"""The part of a build from nothing that another build may take at the most."""
_HUGE = 30_000
_PROGRAM = str(Path(sys.executable).with_name("chapbook"))
_MEMORY = 200.0
_TWO_JOBS = 1.7
_GROWTH = 0.1
"""The part by which a chapter of a large book may take more than one of a smaller book."""


def cold(scratch: Path, runs: int) -> None:
    """A book from nothing beside other tools, and again after a change of one chapter, and after none."""
    books = {dialect: corpora.chapters(scratch / dialect, count=_CHAPTERS, dialect=dialect) for dialect in _PANDOC}
    output = scratch / "book.epub"
    commands = {f"chapbook, {dialect}, from nothing": _built(book, output) for dialect, book in books.items()}
    for dialect, book in books.items():
        again = _built(book, output, cache=scratch / "cache" / dialect)
        commands[f"chapbook, {dialect}, one chapter changed"] = replace(again, before=partial(corpora.change, book))
        commands[f"chapbook, {dialect}, nothing changed"] = again
    rivals = {
        "pandoc --file-scope": pandoc(books["markdown"], output),
        "epub-gen-memory, markdown-it": epub_gen_memory(books["markdown"], output, corpora.ROOT / ".tools"),
    }
    commands |= {name: Command(words=words) for name, words in rivals.items() if words}
    heading(f"{_CHAPTERS} chapters of 8 KB")
    timings = in_turn(commands, runs=runs)
    for name, timing in timings.items():
        row(name, timing)
    for name, words in rivals.items():
        if words is None:
            print(f"  {name:44} is not to be had here")
    for dialect in _PANDOC:
        _verdicts(dialect, timings)


def _verdicts(dialect: str, timings: dict[str, Timing]) -> None:
    ours = timings[f"chapbook, {dialect}, from nothing"]
    rivals = {"pandoc --file-scope": _PANDOC[dialect]}
    if dialect == "markdown":
        rivals["epub-gen-memory, markdown-it"] = 1.0
    for name, most in rivals.items():
        if name in timings:
            part(f"{dialect}: of {name.split(',')[0]}", ours, timings[name], most)
    for what, most in _AGAIN.items():
        part(f"{dialect}: {what}, of cold", timings[f"chapbook, {dialect}, {what}"], ours, most)


def start(_scratch: Path, runs: int) -> None:
    """What the command takes when it does nothing."""
    commands = {
        "bare Python": Command(words=[sys.executable, "-I", "-c", "pass"]),
        "chapbook --version": Command(words=[_PROGRAM, "--version"]),
    }
    heading("Start")
    timings = in_turn(commands, runs=runs * 4)
    for name, timing in timings.items():
        row(name, timing)
    part("--version, of bare Python", timings["chapbook --version"], timings["bare Python"], 2.0)


def large(scratch: Path, runs: int) -> None:
    """A book of 30,000 chapters: from nothing, and again after a change of one chapter."""
    del runs
    book = corpora.chapters(scratch / "large", count=_HUGE, dialect="commonmark")
    cold = _built(book, scratch / "book.epub", cache=scratch / "cache")
    heading(f"{_HUGE:,} chapters, commonmark")
    built = in_turn({"from nothing": cold}, runs=1, warm_up=False)["from nothing"]
    changed = in_turn({"one": replace(cold, before=partial(corpora.change, book))}, runs=1, warm_up=False)["one"]
    row("from nothing", replace(built, megabytes=None))  # the run for the memory finds the cache
    row("one chapter changed", changed)
    part("one chapter changed, of cold", changed, built, 1 / 6)
    if changed.megabytes is not None:
        target("memory", changed.megabytes, 500.0, unit=" MB")


def growth(scratch: Path, runs: int) -> None:
    """Ten times the chapters: what each further one takes, and how much memory all of them."""
    for dialect in _PANDOC:
        sizes = (_CHAPTERS, _MIDDLING, _LARGE)
        commands = {
            f"{dialect}, {size} chapters": _built(
                corpora.chapters(scratch / f"{dialect}-{size}", count=size, dialect=dialect), scratch / "book.epub"
            )
            for size in sizes
        }
        heading(f"Growth, {dialect}")
        timings = in_turn(commands, runs=min(runs, 3))
        for name, timing in timings.items():
            row(name, timing)
        small, middling, large = (timing.median for timing in timings.values())
        first = (middling - small) / (_MIDDLING - _CHAPTERS) * 1e3
        further = (large - middling) / (_LARGE - _MIDDLING) * 1e3
        shown(f"each chapter from {_CHAPTERS} to {_MIDDLING}", first, unit=" ms")
        target(f"each chapter from {_MIDDLING} to {_LARGE}", further, first * (1 + _GROWTH), unit=" ms")
        peak = timings[f"{dialect}, {_LARGE} chapters"].megabytes
        if peak is not None:
            target("memory of the large book", peak, _MEMORY, unit=" MB")


def pictures(scratch: Path, runs: int) -> None:
    """Forty photographs of several megapixels: half within the limits, half to be made smaller."""
    book = corpora.pictures(scratch / "album", kept=20, converted=20)
    heading("40 photographs, 20 of them within the limits, 20 of 12 million pixels")
    commands = {f"-j {jobs}": _built(book, scratch / "book.epub", jobs=jobs) for jobs in (1, 2)}
    commands["from the cache"] = _built(book, scratch / "book.epub", cache=scratch / "cache")
    for name, timing in in_turn(commands, runs=min(runs, 3)).items():
        row(name, timing)


def volumes(scratch: Path, runs: int) -> None:
    """200 volumes of 20 chapters, three of them broken, in one process and in two."""
    del runs
    series = corpora.library(scratch / "series", volumes=200, count=20, broken=3)
    output = scratch / "out"
    output.mkdir()
    commands = {f"-j {jobs}": _built(series, output, jobs=jobs, codes=_BROKEN) for jobs in (1, 2)}
    heading("200 volumes of 20 chapters, three of them broken")
    timings = in_turn(commands, runs=2, warm_up=False)
    for name, timing in timings.items():
        row(name, timing)
    target(
        "-j 2: times as fast as -j 1", ratio(timings["-j 1"].seconds, timings["-j 2"].seconds), _TWO_JOBS, least=True
    )
    shown("books", len(list(output.glob("*.epub"))))


def _built(
    source: Path, output: Path, *, jobs: int = 0, cache: Path | None = None, codes: frozenset[int] = _BUILT
) -> Command:
    """The command that builds `source`; without a `cache` everything anew."""
    words = [_PROGRAM, "build", str(source), "-o", str(output), "-q", "-j", str(jobs)]
    if cache is None:
        return Command(words=[*words, "--no-cache"], codes=codes)
    return Command(words=words, codes=codes, environment={"XDG_CACHE_HOME": str(cache)})
