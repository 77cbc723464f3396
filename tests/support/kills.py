"""Builds that are killed: ``python -m support.kills --count 500`` kills that many, and says what it saw.

Each build is of one book or of several, with a cache or without; it gets one of four signals at a call of a function
that chance chooses, half of them among the last calls of the operating system, where files are written. After each
kill every output is the old file or the new one, whole; after the next build it is the new one, and no process,
temporary file or lock is left. The same seed gives the same kills, as far as waiting for workers lets it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from support.corpus import write_corpus
from support.pictures import drawing, saved
from support.processes import PATIENCE, calls_of, living, start, start_killed

__all__ = ["SIGNALS", "Seen", "kill_builds"]

SIGNALS = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT")
_BOOKS = ("alone", "first", "second")
_KINDS = ("", "-system")
_FOLDERS = ("out", "cache", "tmp")


@dataclass
class Seen:
    """What came of the kills."""

    kills: Counter[str] = field(default_factory=Counter)
    """By what was killed and how: ``2 books, cache, SIGHUP``."""
    outputs: Counter[str] = field(default_factory=Counter)
    """How many outputs were ``old`` or ``new`` after the kill."""
    too_late: int = 0
    """Builds that ended before their moment came."""

    @property
    def count(self) -> int:
        return self.kills.total()


@dataclass(frozen=True, kw_only=True)
class _Run:
    """A build as it is repeated: what it says, where it writes, and what is there before and after."""

    name: str
    folder: Path
    words: tuple[str, ...]
    outputs: tuple[str, ...]
    calls: dict[str, int]

    @property
    def environment(self) -> dict[str, str]:
        return {"TMPDIR": str(self.folder / "tmp"), "XDG_CACHE_HOME": str(self.folder / "nowhere")}

    def prepare(self) -> None:
        """Puts everything back as it was after the build of the old text."""
        for name in _FOLDERS:
            shutil.rmtree(self.folder / name, ignore_errors=True)
            shutil.copytree(self.folder / "before" / name, self.folder / name, copy_function=shutil.copyfile)

    def states(self) -> list[str]:
        """Of each output, whether it is the old one or the new one; something else is an error."""
        return [self._state(name) for name in self.outputs]

    def _state(self, name: str) -> str:
        found = (self.folder / "out" / name).read_bytes()
        for state, folder in (("old", "before/out"), ("new", "after")):
            if found == (self.folder / folder / name).read_bytes():
                return state
        raise AssertionError(f"{self.name}: '{name}' is neither the old book nor the new one")

    def assert_tidy(self) -> None:
        """Asks that nothing lies about but the outputs and whole entries of the cache."""
        assert sorted(each.name for each in (self.folder / "out").iterdir()) == sorted(self.outputs)
        assert not any((self.folder / "tmp").iterdir()), list((self.folder / "tmp").iterdir())
        strays = [each for each in (self.folder / "cache").rglob("*") if each.is_file() and not _is_entry(each)]
        assert not strays, strays


def _is_entry(path: Path) -> bool:
    """Whether a file of the cache has a name as entries have, or is the one with the marks."""
    return path.name == "written" or (len(path.parent.name) == 2 and len(path.name) == 62)


def kill_builds(
    folder: Path, count: int, *, seed: int = 1, chapters: int = 3, progress: Callable[[Seen], object] | None = None
) -> Seen:
    """Kills `count` builds in turn, in books of so many chapters that it makes in the empty `folder`."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored, and so by the builds
    chance = random.Random(seed)
    runs = [_prepared(folder, books, chapters, cache=cache) for books in (1, 2) for cache in (False, True)]
    seen = Seen()
    turns = [(run, name, kind) for kind in _KINDS for name in SIGNALS for run in runs]
    while seen.count < count:
        run, name, kind = turns[seen.count % len(turns)]
        _kill_one(run, name, kind, chance, seen)
        if progress:
            progress(seen)
    return seen


def _kill_one(run: _Run, name: str, kind: str, chance: random.Random, seen: Seen) -> None:
    run.prepare()
    last = run.calls[kind]
    moment = chance.randint(last - last // 10 if kind else 1, last)
    killed = start_killed(name + kind, moment, *run.words, environment=run.environment)
    _, error = killed.communicate(timeout=PATIENCE)
    assert "Traceback" not in error, error
    if killed.returncode == 0:  # how often it waits for its workers is never quite the same
        seen.too_late += 1
        assert seen.too_late <= 10 + seen.count, "the signals don't come"
        return
    expected = 130 if name == "SIGINT" else -signal.Signals[name]
    assert killed.returncode == expected, (killed.returncode, error)
    seen.kills[f"{run.name}, {name}"] += 1
    seen.outputs.update(run.states())
    again = start("-m", "chapbook", *run.words, environment=run.environment)
    _, error = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0, error
    assert set(run.states()) == {"new"}
    assert living(killed.pid) == living(again.pid) == []
    run.assert_tidy()


def _prepared(folder: Path, books: int, chapters: int, *, cache: bool) -> _Run:
    """A run of so many `books`, with what it writes of the old text and of the new one."""
    place = folder / f"{books}-{'cache' if cache else 'none'}"
    sources = [str(folder / name) for name in (_BOOKS[:1] if books == 1 else _BOOKS[1:])]
    outputs = tuple(f"{Path(each).name}.epub" for each in sources)
    to = f"{place}/out/" if books > 1 else f"{place}/out/{outputs[0]}"
    kept = ("--cache-dir", f"{place}/cache") if cache else ("--no-cache",)
    words = ("build", *sources, "-o", to, "-j", "2", "-q", *kept)
    for name in _FOLDERS:
        (place / name).mkdir(parents=True)
    name = f"{books} book{'s' * (books > 1)}, {kept[0].strip('-')}"
    run = _Run(name=name, folder=place, words=words, outputs=outputs, calls={})
    _write_books(folder, chapters, "The old text.")
    _build(run)
    for name in _FOLDERS:
        shutil.copytree(place / name, place / "before" / name)
    _write_books(folder, chapters, "The new text.")
    _build(run)
    shutil.copytree(place / "out", place / "after")
    for kind in _KINDS:
        run.prepare()
        run.calls[kind] = calls_of(*words, kind=kind, environment=run.environment)
    return run


def _build(run: _Run) -> None:
    built = start("-m", "chapbook", *run.words, environment=run.environment)
    _, error = built.communicate(timeout=PATIENCE)
    assert built.returncode == 0, error


def _write_books(folder: Path, chapters: int, text: str) -> None:
    for at, name in enumerate(_BOOKS):
        book = write_corpus(folder / name, chapters=chapters, size=400, seed=at)
        (book / "book.yaml").write_text(f"title: {name}\nauthor: A\nlanguage: en\ncover: c.png\n", "utf-8")
        (book / "c.png").write_bytes(saved(drawing(1400, 1400), "PNG"))
        (book / "p.bmp").write_bytes(saved(drawing(40, 40), "BMP"))
        (book / "z.md").write_text(f"# Last\n\n{text}\n\n![A picture](p.bmp)\n", "utf-8")


def _say(seen: Seen) -> None:
    if seen.count % _OFTEN == 0:
        sys.stderr.write(f"{seen.count:,} builds killed\n")


_OFTEN = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="how many builds to kill (500)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_builds(Path(folder), asked.count, seed=asked.seed, progress=_say)
    for name, number in sorted(seen.kills.items()):
        sys.stdout.write(f"{number:6,}  {name}\n")
    said = f"{seen.outputs['old']:,} old and {seen.outputs['new']:,} new outputs, each whole"
    sys.stdout.write(f"{seen.count:,} builds killed: {said}; nothing left ({seen.too_late} ended before)\n")


if __name__ == "__main__":
    main()
