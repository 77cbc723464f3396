"""A chapter's time is processor time, nobody's signals are taken, and C code ends too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from chapbook import Book, Chapter, Diagnostic, ExtensionSpec
from chapbook.building.workers import WorkerPool
from chapbook.markup.page import ContentDocument, RenderSettings
from chapbook.rendering import deadline as deadline_module
from chapbook.rendering.deadline import Overdue, deadline, worker_deadline
from chapbook.rendering.document import render_chapter

posix = pytest.mark.skipif(os.name != "posix", reason="signals and forking are POSIX")


class Slow(Extension):
    """Never comes to an end."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.preprocessors.register(_Endless(md), "endless", 100)


class _Endless(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        while lines:
            try:
                sum(range(1_000))
            except Exception:  # noqa: BLE001 - what a careless extension does
                continue
        return lines


def render(text: str, settings: RenderSettings) -> ContentDocument:
    return render_chapter(Chapter(title="A", text=text, path="one/a.md"), name="text/one/a.xhtml", settings=settings)


def in_thread(work: Callable[[], ContentDocument]) -> ContentDocument:
    results: list[ContentDocument] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join()
    return results[0]


@pytest.mark.parametrize("run", [lambda work: work(), in_thread], ids=["main", "thread"])
def test_an_endless_chapter_is_named(run: Callable[[Callable[[], ContentDocument]], ContentDocument]) -> None:
    settings = RenderSettings(extensions=(ExtensionSpec(extension=Slow()),), render_seconds=0.2)
    document = run(lambda: render("text", settings))
    (said,) = document.diagnostics
    assert (said.code, said.path, said.line) == ("render-time", "one/a.md", 1)
    assert "0.2 seconds" in said.message
    assert document.data == b""
    assert render("text", RenderSettings(render_seconds=20)).data


@posix
def test_no_signal_and_no_timer_of_the_caller_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def touched(*_: object) -> None:
        raise AssertionError

    for name in ("signal", "setitimer", "alarm"):
        monkeypatch.setattr(signal, name, touched)
    settings = RenderSettings(extensions=(ExtensionSpec(extension=Slow()),), render_seconds=0.1)
    assert render("text", settings).diagnostics[0].code == "render-time"
    assert render("text", RenderSettings(render_seconds=20)).data


class Clock:
    """A clock of a thread that stands still, while the wall's runs on."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def __call__(self) -> float:
        if threading.current_thread().name == "chapbook-deadline":
            self.asked.set()
        return 0.0


def test_time_that_goes_by_while_nothing_is_computed_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(deadline_module, "_clock_of_this_thread", lambda: clock)
    with deadline(0.001):
        for _ in range(5):  # the watch woke up after its time, and found that none of it was used
            clock.asked.clear()
            assert clock.asked.wait(60)


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 0.0, -1.0])
@pytest.mark.parametrize("limit", [deadline, worker_deadline])
def test_no_deadline(limit: Callable[[float], object], seconds: float) -> None:
    before = threading.active_count()
    with limit(seconds):  # type: ignore[attr-defined]  # it is a context manager
        assert threading.active_count() == before
        assert not hasattr(signal, "getitimer") or signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_deadline_in_a_thread_that_was_kept_leaves_nothing_behind() -> None:
    faults: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(200):
                with deadline(0.002):
                    sum(range(500))
            for _ in range(20_000):
                sum(range(50))
        except Overdue:
            return
        except BaseException as error:  # noqa: BLE001 - what the test is about
            faults.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not faults


PROFILED = """
import cProfile
from chapbook.rendering.deadline import deadline
profile = cProfile.Profile()
profile.enable()
for _ in range(3):
    with deadline(60):
        sum(range(500))
profile.disable()
print("done")
"""


def test_a_profiler_goes_on_after_a_deadline() -> None:
    # Python 3.11 never went on if an interruption was cancelled that nobody had sent.
    ran = subprocess.run([sys.executable, "-c", PROFILED], capture_output=True, text=True, check=False, timeout=120)
    assert (ran.stdout, ran.stderr) == ("done\n", "")


def kept_and_missed(number: int) -> str:
    try:
        with worker_deadline(0.05):
            while number:
                sum(range(1_000))
    except Overdue:
        return "missed"
    return "kept"


@posix
def test_a_workers_timers_end_with_the_block() -> None:
    with WorkerPool(1, fork=True) as workers:
        assert list(workers.map(kept_and_missed, [0, 1, 0, 1])) == ["kept", "missed", "kept", "missed"]
        assert list(workers.map(timers_left, [0])) == [((0.0, 0.0), (0.0, 0.0))]


def timers_left(_: int) -> tuple[tuple[float, float], tuple[float, float]]:
    kept_and_missed(1)
    return signal.getitimer(signal.ITIMER_PROF), signal.getitimer(signal.ITIMER_VIRTUAL)


class Stuck(Extension):
    """Goes on in C code, which no exception reaches."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.preprocessors.register(_Stuck(md), "stuck", 100)


class _Stuck(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        if "stuck" in lines:
            sum(range(1 << 62))
        return lines


@posix
def test_a_chapter_that_is_stuck_in_c_code_is_named_and_the_others_are_rendered() -> None:
    book = Book(title="T", language="en", extensions=[Stuck()], render_seconds=0.1)
    for title in ("one", "two", "three"):
        book.add(Chapter(title=title, text="stuck" if title == "two" else "Text."))
    assert [(each.code, "'two'" in each.message) for each in faults(book, jobs=2)] == [("render-time", True)]


def faults(book: Book, jobs: int) -> tuple[Diagnostic, ...]:
    return book.check(jobs=jobs).errors


def test_attributes_without_number_are_removed_and_named() -> None:
    many = " ".join(f"a{number}=1" for number in range(60_000))
    few = " ".join(f"a{number}='x > y'" for number in range(200))
    for dialect in ("markdown", "commonmark"):
        settings = RenderSettings(dialect=dialect)
        document = render(f"First.\n\n<p {many}>words</p>\n\n<p id='kept' {few}>more</p>\n", settings)
        told = [(each.code, each.line) for each in document.diagnostics]
        assert ("markup-removed", 3) in told
        assert "more than 256 attributes" in document.diagnostics[told.index(("markup-removed", 3))].message
        assert b"<p>words</p>" in document.data
        assert b'<p id="kept">more</p>' in document.data
