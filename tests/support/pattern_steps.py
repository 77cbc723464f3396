"""A regular expression as steps that can be counted: each look at a character is one, and each turn of a loop."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

__all__ = ["Run", "Step", "steps_of"]

# They are Python's own, and private: they have no types.
_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")

_SINGLE = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN"})
"""What looks at one character."""
_MOST = 1_000_000
"""Steps after which a look is given up: those of a pattern that doubles them with each character."""
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


class Run:
    """One attempt on a text, up to `end`: what has been counted, what the groups hold, and how far the loops are."""

    def __init__(self, text: Any, end: int, *, whole: bool) -> None:
        self.text = text
        self.end = end
        self.whole = whole
        self.not_at = -1
        """Where no match may end: an empty one was found there already."""
        self.steps = 0
        self.marks: dict[int, int] = {}
        self.loops: dict[int, tuple[int, int]] = {}

    def spend(self, steps: int) -> None:
        self.steps += steps
        assert self.steps < _MOST, "a pattern that takes steps without end"


Step = Callable[[Run, int], int]
"""Tries a pattern's rest at a place. Gives where it ends, or -1; and leaves the run as it was where it fails."""


@lru_cache(maxsize=1000)
def steps_of(pattern: re.Pattern[Any]) -> Step:
    """The steps of a whole `pattern`."""
    tree = _parser.parse(pattern.pattern, pattern.flags)
    return _Making().sequence(tree, tree.state.flags, _done)


def _done(run: Run, at: int) -> int:
    return -1 if at == run.not_at or (run.whole and at != run.end) else at


def _inner_done(_run: Run, at: int) -> int:
    return at


class _Making:
    """Makes steps of a parsed pattern, the last first."""

    def __init__(self) -> None:
        self._loops = 0

    def sequence(self, items: Any, flags: int, then: Step) -> Step:
        for name, value in reversed([(str(op), value) for op, value in items]):
            then = self._step(name, value, flags, then)
        return then

    def _step(self, name: str, value: Any, flags: int, then: Step) -> Step:
        if name in _SINGLE:
            return _repeated(_test(name, value, flags), 1, 1, "", then)
        if name in _REPEATS:
            return self._repeat(name, value, flags, then)
        made: dict[str, Callable[[Any, int, Step], Step]] = {
            "AT": _place,
            "SUBPATTERN": self._group,
            "BRANCH": self._branch,
            "ASSERT": self._look,
            "ASSERT_NOT": self._look_not,
            "ATOMIC_GROUP": self._atomic,
            "GROUPREF": _reference,
        }
        return made[name](value, flags, then)

    def _group(self, value: Any, flags: int, then: Step) -> Step:
        number, added, removed, items = value
        flags = (flags | added) & ~removed
        if number is None:
            return self.sequence(items, flags, then)
        return _mark(2 * number, self.sequence(items, flags, _mark(2 * number + 1, then)))

    def _branch(self, value: Any, flags: int, then: Step) -> Step:
        ways = [self.sequence(items, flags, then) for items in value[1]]

        def step(run: Run, at: int) -> int:
            for way in ways:
                run.spend(1)
                end = way(run, at)
                if end >= 0:
                    return end
            return -1

        return step

    def _look(self, value: Any, flags: int, then: Step) -> Step:
        direction, items = value
        inner = self.sequence(items, flags, _inner_done)
        back = items.getwidth()[0] if direction < 0 else 0

        def step(run: Run, at: int) -> int:
            run.spend(1)
            return then(run, at) if at >= back and inner(run, at - back) >= 0 else -1

        return step

    def _look_not(self, value: Any, flags: int, then: Step) -> Step:
        direction, items = value
        inner = self.sequence(items, flags, _inner_done)
        back = items.getwidth()[0] if direction < 0 else 0

        def step(run: Run, at: int) -> int:
            run.spend(1)
            return -1 if at >= back and inner(run, at - back) >= 0 else then(run, at)

        return step

    def _atomic(self, items: Any, flags: int, then: Step) -> Step:
        return _once(self.sequence(items, flags, _inner_done), then)

    def _repeat(self, name: str, value: Any, flags: int, then: Step) -> Step:
        least, most, items = value
        if len(items) == 1 and str(items[0][0]) in _SINGLE:
            return _repeated(_test(str(items[0][0]), items[0][1], flags), least, int(most), name, then)
        if name == "POSSESSIVE_REPEAT":
            return _once(self._loop(value, flags, _inner_done, lazy=False), then)
        return self._loop(value, flags, then, lazy=name == "MIN_REPEAT")

    def _loop(self, value: Any, flags: int, then: Step, *, lazy: bool) -> Step:
        least, most, items = value
        self._loops += 1
        number = self._loops

        def turn(run: Run, at: int) -> int:
            run.spend(1)
            before = run.loops[number]
            times, last = before
            more = times < least or (times < int(most) and at != last)
            end = then(run, at) if lazy and times >= least else -1
            if end < 0 and more:
                run.loops[number] = (times + 1, at)
                end = body(run, at)
                run.loops[number] = before
            if end < 0 and not lazy and times >= least:
                end = then(run, at)
            return end

        body = self.sequence(items, flags, turn)

        def step(run: Run, at: int) -> int:
            before = run.loops.get(number, (0, -1))
            run.loops[number] = (0, -1)
            end = turn(run, at)
            run.loops[number] = before
            return end

        return step


def _once(inner: Step, then: Step) -> Step:
    """`inner` as it is first found, and no other way."""

    def step(run: Run, at: int) -> int:
        run.spend(1)
        marks = dict(run.marks)
        found = inner(run, at)
        end = then(run, found) if found >= 0 else -1
        if end < 0:
            run.marks = marks
        return end

    return step


def _mark(which: int, then: Step) -> Step:
    def step(run: Run, at: int) -> int:
        before = run.marks.get(which, -1)
        run.marks[which] = at
        end = then(run, at)
        if end < 0:
            run.marks[which] = before
        return end

    return step


def _reference(number: int, flags: int, then: Step) -> Step:
    def step(run: Run, at: int) -> int:
        start, end = run.marks.get(2 * number, -1), run.marks.get(2 * number + 1, -1)
        length = end - start
        run.spend(1 + length)
        if start < 0 or end < 0 or at + length > run.end:
            return -1
        held, here = run.text[start:end], run.text[at : at + length]
        same = held.lower() == here.lower() if flags & re.IGNORECASE else held == here
        return then(run, at + length) if same else -1

    return step


def _alone(name: str, value: Any, flags: int) -> re.Pattern[Any]:
    """One item of a pattern as a pattern of its own."""
    state = _parser.State()
    state.flags = flags
    made: re.Pattern[Any] = _compiler.compile(_parser.SubPattern(state, [(getattr(_parser, name), value)]), flags)
    return made


def _place(value: Any, flags: int, then: Step) -> Step:
    here = _alone("AT", value, flags)

    def step(run: Run, at: int) -> int:
        run.spend(1)
        return then(run, at) if here.match(run.text, at, run.end) else -1

    return step


def _test(name: str, value: Any, flags: int) -> Callable[[Any, int], bool]:
    """Whether the character at a place of a text is one of those meant."""
    one = _alone(name, value, flags)
    known: dict[Any, bool] = {}

    def test(text: Any, at: int) -> bool:
        character = text[at]
        if character not in known:
            known[character] = one.match(text, at, at + 1) is not None
        return known[character]

    return test


def _repeated(test: Callable[[Any, int], bool], least: int, most: int, name: str, then: Step) -> Step:
    """So many characters of one kind: each look at one is a step."""

    def run_of(run: Run, at: int, most: int) -> int:
        end, limit = at, min(run.end, at + most)
        while end < limit and test(run.text, end):
            end += 1
        run.spend(end - at + 1)
        return end

    def greedy(run: Run, at: int) -> int:
        reached = run_of(run, at, most)
        last = reached if name == "POSSESSIVE_REPEAT" else at + least
        for place in range(reached, max(last, at + least) - 1, -1):
            run.spend(1)
            end = then(run, place)
            if end >= 0:
                return end
        return -1

    def lazy(run: Run, at: int) -> int:
        place = run_of(run, at, least)
        while place >= at + least:
            end = then(run, place)
            if end >= 0 or place - at == most or run_of(run, place, 1) == place:
                return end
            place += 1
        return -1

    return lazy if name == "MIN_REPEAT" else greedy
