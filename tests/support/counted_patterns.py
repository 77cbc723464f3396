"""Regular expressions whose work is counted: each is tried step by step beside Python's own engine.

Python's engine says nothing of how often it looked at a character. The steps here do the same in Python, slowly, and
are counted; what comes of it is always the answer of Python's engine, and theirs has to be the same.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from support.pattern_steps import Run, steps_of

__all__ = ["CountedPattern"]


@contextmanager
def _deep_calls() -> Iterator[None]:
    """Lets each turn of a loop in a pattern be calls within calls."""
    limit, tracing = sys.getrecursionlimit(), sys.gettrace()
    sys.settrace(None)  # its lines are no part of the work, and a tracer slows it down
    sys.setrecursionlimit(10_000_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        sys.settrace(tracing)


class CountedPattern:
    """A pattern that tells `count` how many steps each look for it takes. `count` gives whether it still counts."""

    def __init__(self, pattern: re.Pattern[Any], count: Callable[[str, int], bool]) -> None:
        self._real = pattern
        self._count = count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def search(self, text: Any, pos: int = 0, endpos: int = 2**62) -> re.Match[Any] | None:
        return self._counted(self._real.search, text, pos, endpos)

    def match(self, text: Any, pos: int = 0, endpos: int = 2**62) -> re.Match[Any] | None:
        return self._counted(self._real.match, text, pos, endpos, only=True)

    def fullmatch(self, text: Any, pos: int = 0, endpos: int = 2**62) -> re.Match[Any] | None:
        return self._counted(self._real.fullmatch, text, pos, endpos, only=True, whole=True)

    def finditer(self, text: Any, pos: int = 0, endpos: int = 2**62) -> Iterator[re.Match[Any]]:
        real = self._real.finditer(text, pos, endpos)
        at, not_at = pos, -1
        while found := self._counted(lambda *_: next(real, None), text, at, endpos, not_at=not_at):
            yield found
            at = found.end()
            not_at = at if found.start() == at else -1

    def findall(self, text: Any, pos: int = 0, endpos: int = 2**62) -> list[Any]:
        self._all(text)
        return self._real.findall(text, pos, endpos)

    def sub(self, repl: Any, string: Any, count: int = 0) -> Any:
        self._all(string, count)
        return self._real.sub(repl, string, count)

    def subn(self, repl: Any, string: Any, count: int = 0) -> tuple[Any, int]:
        self._all(string, count)
        return self._real.subn(repl, string, count)

    def split(self, string: Any, maxsplit: int = 0) -> list[Any]:
        self._all(string, maxsplit)
        return self._real.split(string, maxsplit)

    def _all(self, text: Any, most: int = 0) -> None:
        for nth, _ in enumerate(self.finditer(text), 1):
            if nth == most:
                break

    def _counted(
        self, look: Callable[[Any, int, int], re.Match[Any] | None], text: Any, pos: int, endpos: int,
        *, only: bool = False, whole: bool = False, not_at: int = -1,
    ) -> re.Match[Any] | None:  # fmt: skip
        if not self._count(self._real.pattern, 0):
            return look(text, pos, endpos)
        step = steps_of(self._real)
        run = Run(text, min(endpos, len(text)), whole=whole)
        start = pos = min(pos, len(text))
        end = -1
        try:
            with _deep_calls():
                for start in range(pos, pos + 1 if only else run.end + 1):
                    run.not_at = not_at if start == not_at else -1
                    run.marks.clear()
                    end = step(run, start)
                    if end >= 0:
                        break
        finally:
            self._count(self._real.pattern, run.steps)
        found = look(text, pos, endpos)
        assert (start, end) == found.span() if found else end < 0, f"{self._real.pattern!r} at {pos} of {text!r}"
        return found
