"""Builds that take more than they may: they are ended, with all that they began, and leave nothing."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chapbook import Book, ChapbookError, Chapter, Choices, Limits, build_many
from chapbook.building import bounded
from chapbook.building.bounded import results_within
from support.processes import PATIENCE, children_of, is_running

posix = pytest.mark.skipif(os.name != "posix", reason="signals are told by POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded and told by Linux")
SOON = Limits(max_seconds=0.3)
"""For what never ends by itself."""


def endless(_text: str) -> str:
    while True:
        time.sleep(1)


def uninterruptible(_text: str) -> str:
    """C code that goes on for ever without a look at signals, for all that Python can tell."""
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL})
    return endless("")


def large(_text: str) -> str:
    held = bytearray(os.urandom(1)) * 200_000_000
    time.sleep(1_000)
    return str(len(held))


def book_of(dialect: Callable[[str], str] | None = None, chapters: int = 1) -> Book:
    book = Book(title="x", authors="x", language="en")
    if dialect:
        book.dialect = dialect
    book.add(*(Chapter(title=f"{n}", text="words") for n in range(chapters)))
    return book


def said_by(build: Callable[[], object]) -> list[str]:
    with pytest.raises(ChapbookError) as caught:
        build()
    return [each.code for each in caught.value.diagnostics]


def test_a_build_within_its_limits_is_the_same_book(tmp_path: Path) -> None:
    limits, plain, held = Limits(max_seconds=1_000), io.BytesIO(), io.BytesIO()
    book_of().write(plain)
    report = book_of().write(held, limits=limits)
    assert held.getvalue() == plain.getvalue()
    assert report.ok
    shown: list[tuple[str, int, int]] = []
    report = book_of().write(tmp_path / "x.epub", limits=limits, progress=lambda *told: shown.append(told))
    assert report.output == tmp_path / "x.epub"
    assert (tmp_path / "x.epub").read_bytes() == plain.getvalue()
    assert shown[-1] == ("chapters", 1, 1)
    assert book_of().check(limits=limits).ok


@posix
@pytest.mark.parametrize("dialect", [endless, uninterruptible])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_build_that_takes_too_long_is_ended(dialect: Callable[[str], str], jobs: int, tmp_path: Path) -> None:
    target = tmp_path / "x.epub"
    target.write_bytes(b"old")
    new = tmp_path / "new" / "folder" / "x.epub"
    before = children_of(os.getpid())
    for path in (target, new):
        book = book_of(dialect)
        assert said_by(lambda: book.write(path, limits=SOON, jobs=jobs)) == ["build-time"]  # noqa: B023 - called at once
    assert said_by(lambda: book_of(dialect).check(limits=SOON, jobs=jobs)) == ["build-time"]
    assert sorted(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == b"old"
    assert children_of(os.getpid()) == before


def small_process(function: Callable[[], list[str]]) -> list[str]:
    """What `function` of this module returns in a new process: this one may hold more memory than the limits here."""
    code = f"import test_bounded; print(*test_bounded.{function.__name__}())"
    path = os.pathsep.join([os.path.dirname(__file__), *sys.path])  # noqa: PTH120 - for a variable
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def three_large_chapters() -> list[str]:
    book, limits = book_of(large, chapters=3), Limits(max_memory=500_000_000)
    return said_by(lambda: book.check(limits=limits, jobs=3))


def one_large_chapter() -> list[str]:
    report = book_of(large).check(limits=Limits(max_memory=120_000_000, chapter_memory=1_000_000_000))
    return [each.code for each in report.errors]


@linux
def test_the_memory_of_all_processes_counts_together() -> None:
    assert small_process(three_large_chapters) == ["build-memory"]


@linux
def test_no_process_of_a_build_gets_more_than_all_may_have() -> None:
    assert small_process(one_large_chapter) == ["memory-exceeded"]


def _deadly(send: Callable[[object], None]) -> None:
    send("one")
    os.kill(os.getpid(), signal.SIGKILL)


def _begins_another(send: Callable[[object], None]) -> None:
    other = multiprocessing.get_context("fork").Process(target=endless, args=("",))
    other.start()
    send(other.pid)
    endless("")


@posix
def test_a_process_that_dies_is_told() -> None:
    results = results_within(Limits(), _deadly)
    assert next(results) == "one"
    assert said_by(lambda: next(results)) == ["worker-lost"]


@linux
def test_what_a_build_began_ends_when_nobody_wants_it_any_more() -> None:
    results = results_within(Limits(), _begins_another)
    with closing(results):
        other = next(results)
        assert is_running(other)
    for _ in range(3_000):  # it was killed, but nobody waited for its end
        if not is_running(other):
            break
        time.sleep(0.01)
    assert not is_running(other)


def test_limits_that_cannot_be_kept_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "may_begin_processes", lambda: False)
    assert said_by(lambda: book_of().check(limits=SOON)) == ["value-invalid"]
    monkeypatch.setattr("sys.platform", "win32")
    assert said_by(lambda: book_of().check(limits=Limits(max_memory=500_000_000))) == ["value-invalid"]


@posix
def test_of_a_run_the_books_that_were_finished_stand(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "book.yaml").write_text(f"title: {name}\nauthor: x\nlanguage: en\n")
        (tmp_path / name / "a.md").write_text("words\n")
    reports = list(
        build_many([tmp_path / "a", tmp_path / "b"], tmp_path / "out", choices=Choices(limits=Limits(max_seconds=500)))
    )
    assert all(each.ok for each in reports)
    choices = Choices(limits=Limits(max_seconds=0.000_001))
    (report,) = build_many([tmp_path / "a"], tmp_path / "out", choices=choices)
    assert [each.code for each in report.errors] == ["build-time"]
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["a.epub", "b.epub"]
