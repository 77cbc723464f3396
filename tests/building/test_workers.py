"""Workers may die, and end with the process that started them; nothing but what one was doing is lost."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from chapbook import Book, Chapter
from chapbook.building.workers import Lost, WorkerPool, is_worker, may_fork
from chapbook.rendering.deadline import worker_deadline
from support.libraries import write_volume

posix = pytest.mark.skipif(os.name != "posix", reason="signals and forking are POSIX")
linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks /proc for a process's children")


def children(pid: int) -> set[int]:
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


# The pool


def doubled_unless_deadly(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def doubled_at_the_second_attempt(marked: tuple[int, str]) -> int:
    number, mark = marked
    if number == 3 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def doubled_in_time(number: int) -> int:
    with worker_deadline(0.05):
        if number == 3:
            sum(range(1 << 62))
    return 2 * number


class RefusedError(ValueError):
    """Holds what no other process can be sent."""

    def __init__(self) -> None:
        super().__init__("refused")
        self.lock = threading.Lock()


def fail(number: int) -> int:
    if number == 2:
        raise RefusedError
    raise KeyError(number)


@posix
@pytest.mark.parametrize("processes", [1, 2, 9])
@pytest.mark.parametrize("chunk", [1, 4])
@pytest.mark.parametrize("fork", [True, False])
def test_work_that_kills_its_process_twice_is_given_up_alone(processes: int, chunk: int, *, fork: bool) -> None:
    with WorkerPool(processes, fork=fork) as workers:
        done = dict(workers.as_finished(doubled_unless_deadly, range(6), chunk=chunk))
    assert done == {0: 0, 1: 2, 2: 4, 3: Lost(overdue=False, signal="SIGKILL"), 4: 8, 5: 10}


@posix
def test_work_that_was_lost_once_is_done_again(tmp_path: Path) -> None:
    work = [(number, str(tmp_path / "mark")) for number in range(6)]
    with WorkerPool(2, fork=True) as workers:
        assert list(workers.map(doubled_at_the_second_attempt, work, chunk=2)) == [0, 2, 4, 6, 8, 10]


@posix
def test_c_code_that_never_comes_back_ends_with_its_process() -> None:
    with WorkerPool(1, fork=True) as workers:
        assert list(workers.map(doubled_in_time, range(6), chunk=6)) == [0, 2, 4, Lost(overdue=True), 8, 10]


@posix
def test_what_the_work_raises_is_raised_where_the_result_is_asked_for() -> None:
    with WorkerPool(1, fork=True) as workers:
        with pytest.raises(KeyError, match="1"):
            list(workers.map(fail, [1]))
        with pytest.raises(RuntimeError, match="RefusedError"):
            workers.begin(fail, 2)()


@posix
def test_a_call_that_was_begun_is_answered_between_others() -> None:
    with WorkerPool(2, fork=True) as workers:
        begun = workers.begin(divmod, 7, 2)
        assert list(workers.map(abs, range(-40, 0), chunk=3)) == list(range(40, 0, -1))
        assert begun() == (3, 1)


@pytest.mark.parametrize("processes", [0, 2])
def test_what_cannot_be_sent_is_done_here(processes: int) -> None:
    here: list[int] = []
    work: list[Callable[[], None]] = [lambda number=number: here.append(number) for number in range(3)]  # type: ignore[misc]
    with WorkerPool(processes, fork=True) as workers:
        list(workers.map(_called, work))
        workers.begin(_called, work[0])()
    assert here == [0, 1, 2, 0]


def _called(function: Callable[[], None]) -> None:
    function()


def test_no_work_needs_no_worker() -> None:
    with WorkerPool(2, fork=True) as workers:
        assert list(workers.map(doubled_unless_deadly, [])) == []


@linux
def test_no_worker_outlives_an_iteration_that_is_given_up() -> None:
    before = children(os.getpid())
    with suppress(ZeroDivisionError), WorkerPool(2, fork=True) as workers:
        next(iter(workers.map(abs, range(9))))
        assert len(children(os.getpid()) - before) == 2
        raise ZeroDivisionError
    assert children(os.getpid()) <= before


@posix
def test_a_worker_knows_that_it_is_one() -> None:
    assert not is_worker()
    with WorkerPool(1, fork=True) as workers:
        assert list(workers.map(_is_worker, [0])) == [(True, False)]


def _is_worker(_: int) -> tuple[bool, bool]:
    return is_worker(), may_fork()


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_that_may_begin_none_builds_the_book_itself(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Celery's workers and those of `multiprocessing.Pool` are."""
    book = Book(title="T", language="en", contents=[Chapter(title=str(each), text="Words.") for each in range(9)])
    expected, made = io.BytesIO(), io.BytesIO()
    book.write(expected)
    monkeypatch.setattr(multiprocessing.current_process(), "daemon", True)
    assert not may_fork()
    book.write(made, jobs=jobs)
    assert made.getvalue() == expected.getvalue()


# The processes of a build

BUSY = """
import os
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class Endless(Preprocessor):
    def run(self, lines):
        if "endless" not in lines:
            return lines
        os.write(2, b"%d\\n" % os.getpid())
        sum(range(1 << 62))  # C code: no signal handler and no thread of Python's gets a turn

class Busy(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Endless(md), "endless", 100)

def makeExtension(**settings):
    return Busy(**settings)
"""
"""A Markdown extension that says which process it is in, and never ends."""

THREADED = """
import sys, threading
from chapbook import Choices, build_many

def build():
    choices = Choices(jobs=2, allow_extensions=("busy",))
    list(build_many(sys.argv[1:], "out", choices=choices))

if __name__ == "__main__":
    threading.Thread(target=build).start()
"""
"""A program with threads, whose workers are spawned."""


def write_busy_book(folder: Path, title: str, chapters: int) -> None:
    write_volume(folder, title, chapters=chapters, text="endless\n")
    with (folder / "book.yaml").open("a", encoding="utf-8") as settings:
        settings.write("extensions: [busy]\nrender_seconds: 3600\n")


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(("books", "threads"), [(1, False), (2, False), (2, True)])
def test_workers_end_with_the_process_that_started_them(
    number: signal.Signals, books: int, tmp_path: Path, *, threads: bool
) -> None:
    (tmp_path / "busy.py").write_text(BUSY)
    (tmp_path / "threaded.py").write_text(THREADED)
    sources = [f"book{book}" for book in range(books)]
    for source in sources:
        write_busy_book(tmp_path / source, f"Title of {source}", 2)
    command = ["-m", "chapbook", "build", "-o", "out/", "-j", "2", "--no-cache", "--allow-extension", "busy"]
    building = subprocess.Popen(
        [sys.executable, *(["threaded.py"] if threads else command), *sources],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        start_new_session=True,
    )
    assert building.stderr is not None
    try:
        workers = {int(building.stderr.readline()) for _ in range(2)}
        assert len(workers) == 2
        assert building.pid not in workers
        building.send_signal(number)
        # The streams end when the last process that has them is gone.
        assert building.communicate(timeout=60) == (b"", b"")
        assert building.returncode == -number
    finally:
        with suppress(ProcessLookupError):
            os.killpg(building.pid, signal.SIGKILL)


@linux
@pytest.mark.parametrize("books", [1, 2])
def test_a_killed_worker_costs_a_second_attempt(books: int, tmp_path: Path) -> None:
    (tmp_path / "once.py").write_text(ONCE)
    for book in range(books):
        write_volume(tmp_path / f"book{book}", f"Title {book}", chapters=3, text="endless\n")
        with (tmp_path / f"book{book}" / "book.yaml").open("a", encoding="utf-8") as settings:
            settings.write("extensions: [once]\n")
    command = [sys.executable, "-m", "chapbook", "build", "-o", "out/", "-j", "2", "--no-cache"]
    done = subprocess.run(
        [*command, "--allow-extension", "once", *(f"book{book}" for book in range(books))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "MARK": str(tmp_path / "mark")},
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, [f"out/title-{book}.epub" for book in range(books)])
    assert "lost" not in done.stderr
    assert (tmp_path / "mark").exists()


@posix
def test_a_chapter_that_is_stuck_in_c_code_is_named_among_several_books(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(BUSY)
    write_busy_book(tmp_path / "stuck", "Stuck", 2)
    settings = (tmp_path / "stuck" / "book.yaml").read_text().replace("3600", "0.2")
    (tmp_path / "stuck" / "book.yaml").write_text(settings)
    write_volume(tmp_path / "fine", "Fine", chapters=1, text="Words.\n")
    command = [sys.executable, "-m", "chapbook", "build", "-o", "out/", "-j", "2", "--no-cache"]
    done = subprocess.run(
        [*command, "--allow-extension", "busy", "stuck", "fine"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "out/fine.epub\n")
    assert done.stderr.count("[render-time]") == 2


ONCE = """
import os, signal
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

class Deadly(Preprocessor):
    def run(self, lines):
        if "endless" not in lines:
            return lines
        try:
            os.close(os.open(os.environ["MARK"], os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return lines
        os.kill(os.getpid(), signal.SIGKILL)

class Once(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Deadly(md), "deadly", 100)

def makeExtension(**settings):
    return Once(**settings)
"""
"""A Markdown extension that kills the first process in which it runs."""
