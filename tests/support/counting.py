"""Work that is counted and never timed: the same figures on any machine, however busy it is.

What is counted, each place by itself: the lines of Python that run, the steps that regular expressions take
(`counted_patterns`), and the elements that lxml walks over to answer ``len``, an index or an iteration. Work that
grows with the square of its input then shows at its own line, even where it is a small part of the whole.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, MappingProxyType, ModuleType
from typing import Any
from unittest import mock

from lxml import etree

from support.counted_patterns import CountedPattern

__all__ = ["assert_constant", "assert_linear", "assert_square", "steps"]

_SLACK = 200
"""Steps at one place that say nothing of how they grow."""


def steps(work: Callable[[], object], *packages: str) -> Counter[str]:
    """How many steps `work` takes in chapbook and in further `packages` or modules, by the place where it does."""
    names = ("chapbook", *packages)
    tally = _Tally(names)
    with ExitStack() as stack:
        for name in names:
            import_module(name)
        stack.enter_context(_counted_patterns(names, tally))
        stack.enter_context(_counted_elements(tally))
        stack.enter_context(_counted_lines(tally))
        work()
    tally.on = False
    return tally.taken


def assert_linear(work: Callable[[int], object], size: int, *packages: str) -> None:
    """Asks that no place takes three times the steps in ``work(2 * size)`` that it takes in ``work(size)``."""
    _assert_within(3, work, size, packages)


def assert_square(work: Callable[[int], object], size: int, *packages: str) -> None:
    """Asks that no place takes six times the steps in ``work(2 * size)``: for what is bounded to a small size."""
    _assert_within(6, work, size, packages)


def _assert_within(times: int, work: Callable[[int], object], size: int, packages: Sequence[str]) -> None:
    once, twice = _of_both(work, size, packages)
    grown = {place: (once[place], taken) for place, taken in twice.items() if taken > times * once[place] + _SLACK}
    assert not grown, f"steps for a size and for twice that size, by place: {grown}"


def assert_constant(work: Callable[[int], object], size: int, *packages: str) -> None:
    """Asks that ``work(2 * size)`` takes as many steps as ``work(size)``."""
    once, twice = _of_both(work, size, packages)
    assert once == twice, f"more for twice the size: {twice - once}"


def _of_both(work: Callable[[int], object], size: int, packages: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    work(size)  # what is imported and cached once is no part of it
    once, twice = steps(lambda: work(size), *packages), steps(lambda: work(2 * size), *packages)
    assert once, "nothing was counted"
    return once, twice


class _Tally:
    """What has been counted so far."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.taken: Counter[str] = Counter()
        self.on = True
        self._patterns: dict[re.Pattern[Any], CountedPattern] = {}

    def pattern(self, real: re.Pattern[Any]) -> CountedPattern:
        """`real`, counted as long as this counts."""
        if real not in self._patterns:
            self._patterns[real] = CountedPattern(real, self._of_pattern)
        return self._patterns[real]

    def _of_pattern(self, pattern: str, steps: int) -> bool:
        if self.on and steps:
            self.taken[f"pattern {pattern}"] += steps
        return self.on


# Lines


@contextmanager
def _counted_lines(tally: _Tally) -> Iterator[None]:
    folders = tuple(path for name in tally.names for path in _places_of(sys.modules[name]))
    known: dict[CodeType, bool] = {}
    lines: Counter[tuple[str, int]] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        if event == "line":
            lines[code.co_filename, frame.f_lineno] += 1
        elif event == "call":
            if code not in known:
                known[code] = code.co_filename.startswith(folders)
            return trace if known[code] else None
        return trace

    before = sys.gettrace()
    _call_nothing_back()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
        tally.taken.update(
            {f"{Path(name).parent.name}/{Path(name).name}:{line}": count for (name, line), count in lines.items()}
        )


def _places_of(module: ModuleType) -> Iterator[str]:
    """What the names of the files of a package begin with, or the one of a module."""
    for folder in getattr(module, "__path__", ()):
        yield f"{Path(folder).resolve()}{os.sep}"
    if not hasattr(module, "__path__") and module.__file__:
        yield module.__file__


class _NothingAtAll(BaseException):
    """Raised and caught at once."""


def _call_nothing_back() -> None:
    """Lets an exception arrive that was sent to a thread.

    One that was sent and called back, as deadlines do, is under way for ever to CPython 3.11, which then hangs where
    lines are traced.
    """
    kind, thread = ctypes.py_object(_NothingAtAll), ctypes.c_ulong(threading.get_ident())
    with suppress(_NothingAtAll):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, kind)
        while True:
            pass


# Patterns


@contextmanager
def _counted_patterns(names: Sequence[str], tally: _Tally) -> Iterator[None]:
    """Every pattern that the modules of `names` hold is counted, and every one that they compile meanwhile."""
    compile_: Callable[..., re.Pattern[Any]] = re._compile  # type: ignore[attr-defined]  # all functions of re use it

    def compile_counted(pattern: Any, flags: int) -> Any:
        compiled = compile_(pattern, flags)
        caller = sys._getframe(2).f_globals.get("__name__", "")
        return tally.pattern(compiled) if _is_within(caller, names) else compiled

    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if _is_within(name, names):
                _count_patterns_of(module, tally, stack)
        stack.enter_context(mock.patch("re._compile", compile_counted))
        yield


def _is_within(name: str, names: Sequence[str]) -> bool:
    return name.partition(".")[0] in names


def _count_patterns_of(holder: ModuleType | type, tally: _Tally, stack: ExitStack) -> None:
    for name, value in list(vars(holder).items()):
        if hasattr(value, "cache_clear"):
            value.cache_clear()  # it may have kept a pattern
        elif isinstance(value, type) and isinstance(holder, ModuleType) and value.__module__ == holder.__name__:
            _count_patterns_of(value, tally, stack)
        elif (counted := _with_counted(value, tally)) is not value:
            stack.enter_context(mock.patch.object(holder, name, counted))


def _with_counted(value: Any, tally: _Tally) -> Any:
    """`value` with every pattern in it counted; itself where it holds none."""
    if isinstance(value, re.Pattern):
        return tally.pattern(value)
    if type(value) in {tuple, list}:
        made = [_with_counted(each, tally) for each in value]
        return type(value)(made) if any(new is not old for new, old in zip(made, value, strict=True)) else value
    if type(value) in {dict, MappingProxyType}:
        held: Mapping[Any, Any] = {key: _with_counted(each, tally) for key, each in value.items()}
        return held if any(held[key] is not value[key] for key in value) else value
    return value


# Elements


@contextmanager
def _counted_elements(tally: _Tally) -> Iterator[None]:
    """Elements that count those that lxml walks over."""

    def walked(name: str) -> Callable[..., Iterator[Any]]:
        plain = getattr(etree.ElementBase, name)

        def walk(self: etree._Element, *args: Any, **kwargs: Any) -> Iterator[Any]:
            for each in plain(self, *args, **kwargs):
                tally.taken[f"lxml {name}"] += 1
                yield each

        return walk

    class Counted(etree.ElementBase):
        def __len__(self) -> int:
            length = super().__len__()
            tally.taken["lxml len"] += 1 + length
            return length

        def __getitem__(self, at: Any) -> Any:
            tally.taken["lxml []"] += 1 + (abs(at) if isinstance(at, int) else super().__len__())
            return super().__getitem__(at)

        def index(self, child: Any, start: int | None = None, stop: int | None = None) -> int:
            found = super().index(child, start, stop)
            tally.taken["lxml index"] += 1 + found
            return found

        def insert(self, index: int, element: Any) -> None:
            tally.taken["lxml insert"] += 1 + abs(index)
            super().insert(index, element)

    for name in ("__iter__", "iter", "iterdescendants", "iterchildren", "itersiblings", "iterancestors", "itertext"):
        setattr(Counted, name, walked(name))
    etree.set_element_class_lookup(etree.ElementDefaultClassLookup(element=Counted))
    try:
        yield
    finally:
        etree.set_element_class_lookup(None)
