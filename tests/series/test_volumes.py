"""Many books in one run: none stops another, whatever becomes of it or of the process that builds it."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from msgspec.structs import replace

from chapbook import Choices, build_many
from chapbook.series.build_many import build_book, build_requests
from chapbook.series.dask_cluster import as_seen_from_here
from chapbook.series.planning import plan_books
from support.command import run
from support.libraries import write_library, write_volume
from support.opened import Opened
from support.processes import PATIENCE, start, wait_until

EXAMPLES = Path(__file__).parents[2] / "examples"
Given = ParamSpec("Given")
Result = TypeVar("Result")

posix = pytest.mark.skipif(os.name != "posix", reason="signals and forking are POSIX")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Seven volumes, three of them broken: the second, the third and the last."""
    folder = write_library(tmp_path / "library", 7)
    for name in ("v002", "v003", "v007"):
        (folder / name / "c1.md").write_text("---\nweight: heavy\n---\n# X\n")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("jobs", ["0", "1", "2", "5"])
def test_a_broken_volume_stops_no_other_with_any_number_of_jobs(library: Path, jobs: str) -> None:
    done = run("build", "library", "-o", "out/", "-j", jobs, "--no-cache", cwd=library.parent)
    assert done.returncode == 1
    whole = [number for number in range(1, 8) if number not in (2, 3, 7)]
    assert done.stdout.splitlines() == [f"out/volume-{number}.epub" for number in whole]
    assert names(library.parent / "out") == sorted(f"volume-{number}.epub" for number in whole)
    faults = re.findall(r"^library/(v\d+)/c1.md:2:9: error: .*\[weight-invalid\]$", done.stderr, re.MULTILINE)
    assert faults == ["v002", "v003", "v007"]
    assert "4 of 7 books" in done.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_bytes_do_not_depend_on_where_a_book_is_built(library: Path, jobs: str) -> None:
    run("build", "library", "-o", "out/", "-j", jobs, "--no-cache", cwd=library.parent)
    report = build_book(plan_books([library], library.parent / "alone")[4])
    assert report.output
    assert report.output.read_bytes() == (library.parent / "out" / "volume-5.epub").read_bytes()


def test_check_takes_whole_libraries_too(library: Path) -> None:
    done = run("check", "library", "-j", "2", cwd=library.parent)
    assert done.returncode == 1
    assert done.stderr.count("[weight-invalid]") == 3
    assert list(library.parent.glob("**/*.epub")) == []


def test_two_volumes_of_one_title_are_refused_and_the_others_built(library: Path) -> None:
    (library / "v004" / "book.yaml").write_text("title: Volume 1\nlanguage: en\n")
    done = run("build", "library", "-o", "out/", "-j", "2", cwd=library.parent)
    assert done.stderr.count("[output-clash]") == 2
    assert len(names(library.parent / "out")) == 2


@pytest.mark.parametrize("titles", [("Straße", "STRASSE"), ("ΟΔΟΣ", "οδοσ"), ("Ann's Book", "ANN’S  BOOK")])
def test_names_that_differ_in_case_alone_clash_on_any_file_system(titles: tuple[str, str], tmp_path: Path) -> None:
    for at, title in enumerate((*titles, "Another")):
        write_volume(tmp_path / str(at), title)
    planned = plan_books([tmp_path / str(at) for at in range(3)], tmp_path / "out")
    assert [[each.code for each in request.said] for request in planned] == [["output-clash"], ["output-clash"], []]
    assert f"'{tmp_path / '1'}'" in planned[0].said[0].message


# The table at the end


def test_the_summary_has_a_row_for_each_book_and_one_for_all(library: Path) -> None:
    (library / "v001" / "c1.md").write_text("---\nweight: 1\n---\n# One\n\n[gone](no.md) and three words.\n")
    done = run("build", "library", "-o", "out/", cwd=library.parent)
    table = [line for line in done.stderr.splitlines() if re.match(r"title |Volume |\d+ of ", line)]
    assert len(table) == 9
    assert table[0].split() == [
        *("title", "place", "identifier", "changes", "chapters", "words", "reading", "size", "warnings", "time")
    ]
    assert re.fullmatch(r"Volume 1 +1 +[0-9a-f-]{19}… +– +2 +1\d +1 min +\d+\.\d KB +1 +\d+\.\d s", table[1])
    assert re.fullmatch(r"Volume 3 +– +– +– +.* not built +0 +\d+\.\d s", table[3])
    assert re.fullmatch(r"4 of 7 books +\d+ +\d+ +\d+ min +[\d.]+ [KM]B +1 +\d+\.\d s", table[-1])
    assert len({len(line) for line in table}) == 1


def test_the_summary_says_which_books_were_there_already(library: Path) -> None:
    run("build", "library", "-o", "out/", cwd=library.parent)
    (library / "v001" / "c1.md").write_text("---\nweight: 1\n---\n# One\n\nOther words.\n")
    done = run("build", "library", "-o", "out/", cwd=library.parent)
    rows = [line for line in done.stderr.splitlines() if re.match(r"Volume ", line)]
    assert [re.split(r" {2,}", row)[7] for row in rows if "not built" not in row][1:] == ["unchanged"] * 3
    assert re.fullmatch(r"Volume 1 +1 .* +1 changed +2 +\d+ +1 min +\d+\.\d KB +0 +\d+\.\d s", rows[0])
    told = json.loads(run("build", "library", "-o", "out/", "--json", cwd=library.parent).stdout)
    assert [book["unchanged"] for book in told["books"]] == [book["output"] is not None for book in told["books"]]


@pytest.mark.parametrize("words", [["-q"], ["--json"]])
def test_the_summary_is_for_readers_who_want_one(library: Path, words: list[str]) -> None:
    done = run("build", "library", "-o", "out/", *words, cwd=library.parent)
    assert "chapters" not in done.stderr


def test_one_book_needs_no_summary(library: Path) -> None:
    assert "chapters" not in run("build", "library/v001", cwd=library.parent).stderr


def test_json_has_the_same_facts(library: Path) -> None:
    done = run("build", "library", "-o", "out/", "-j", "2", "--json", cwd=library.parent)
    books = json.loads(done.stdout)["books"]
    assert [book["title"] for book in books] == [f"Volume {number}" for number in range(1, 8)]
    assert [book["ok"] for book in books].count(False) == 3
    for book in books:
        assert book["seconds"] >= 0
        if book["ok"]:
            assert (book["chapters"], book["words"], book["minutes"]) == (2, 14, 1)
            assert book["identifier"].startswith("urn:uuid:")
            assert book["series"] == {"name": "The Series", "index": book["title"].removeprefix("Volume ")}
            assert book["bytes"] == (library.parent / book["output"]).stat().st_size


# Workers that die


def build(folder: Path, *words: str) -> subprocess.Popen[str]:
    return start("-m", "chapbook", "build", "library", "-o", "out/", "--no-cache", *words, cwd=folder)


def some_books(folder: Path, building: subprocess.Popen[str]) -> None:
    """Waits until three are written."""
    wait_until(lambda: len(list(folder.glob("out/*.epub"))) >= 3, building)


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks /proc for a process's children")


@linux
def test_control_c_stops_every_worker_and_says_one_line(tmp_path: Path) -> None:
    write_library(tmp_path / "library", 30)
    building = build(tmp_path, "-j", "2", "-q")
    some_books(tmp_path, building)
    workers = children(building.pid)
    os.killpg(building.pid, signal.SIGINT)  # as a terminal sends it: to the workers too
    out, error = building.communicate(timeout=PATIENCE)  # until the last process that has the streams is gone
    assert (building.returncode, out, error) == (130, "", "chapbook: stopped\n")
    assert len(workers) == 2
    assert [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")] == []


# build_many


def processes() -> Executor:
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


class Backwards(Executor):
    """Made by hand: does everything at once, the last first, as soon as somebody asks for a result."""

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        future: Future[Result] = Future()
        future.set_running_or_notify_cancel()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor, processes, Backwards])
def test_any_executor_will_do(library: Path, executor: Callable[[], Executor] | None) -> None:
    out = library.parent / "out"
    if executor is None:
        reports = list(build_many([library], out, in_order=True))
    else:
        with executor() as running:
            reports = list(build_many([library], out, executor=running, in_order=True))
    assert [report.source for report in reports] == [str(library / f"v{number:03}") for number in range(1, 8)]
    assert [report.ok for report in reports].count(False) == 3
    assert names(out) == sorted(report.output.name for report in reports if report.output)


class LastFirst(ThreadPoolExecutor):
    """Begins no book before all that come after it are done."""

    def __init__(self, books: int) -> None:
        super().__init__(books)
        self._done = [threading.Event() for _ in range(books)]
        self._begun = iter(range(books))

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        at = next(self._begun)

        def in_turn() -> Result:
            assert all(done.wait(60) for done in self._done[at + 1 :])
            return fn(*args, **kwargs)

        future = super().submit(in_turn)
        future.add_done_callback(lambda _: self._done[at].set())
        return future


@pytest.mark.parametrize(("in_order", "expected"), [(True, ["V0", "V1", "V2"]), (False, ["V2", "V1", "V0"])])
def test_reports_come_as_books_are_finished_or_in_the_order_of_the_sources(
    tmp_path: Path, *, in_order: bool, expected: list[str]
) -> None:
    sources = [write_volume(tmp_path / f"v{number}", f"V{number}") for number in range(3)]
    with LastFirst(3) as running:
        reports = build_many(sources, tmp_path / "out", executor=running, in_order=in_order)
        assert [report.title for report in reports] == expected


def test_a_request_does_not_grow_with_the_library(tmp_path: Path) -> None:
    few = plan_books([write_library(tmp_path / "few", 3, chapters=1)], None)
    many = plan_books([write_library(tmp_path / "many", 501, chapters=1)], None)
    assert few[0].volumes == ("Volume 1", "Volume 2", "Volume 3")
    assert many[0].volumes == ()
    assert len(pickle.dumps(many[0])) < 4_000


def test_many_processes_without_an_executor(library: Path) -> None:
    reports = list(build_many([library], library.parent / "out", choices=Choices(jobs=2), in_order=True))
    assert [report.ok for report in reports].count(True) == 4


def test_nothing_is_built_before_it_is_asked_for_and_no_chapter_is_read_for_a_title(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    from chapbook.reading import content_folder  # noqa: PLC0415 - to watch one function
    from chapbook.reading import folder as titles  # noqa: PLC0415 - to watch one function

    def watched(root: Path, path: str, most: int) -> bytes:
        read.append(path)
        return content_folder.read_bytes(root, path, most)

    monkeypatch.setattr(titles, "read_bytes", watched)
    (library / "v004" / "book.yaml").unlink()

    def sources() -> Iterator[Path]:
        for number in range(1, 8):
            yield library / f"v{number:03}"

    reports = build_many(sources(), library.parent / "out")
    assert read == []
    first = next(reports)
    assert (first.title, first.ok) == ("Volume 1", True)
    assert read == ["book.yaml"] * (6 + 6 + 1)  # the titles of the series, what is said of each book, the first book
    assert names(library.parent / "out") == ["volume-1.epub"]


def kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@posix
def test_an_executor_that_breaks_costs_no_book_but_the_one_that_breaks_it(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(library.parent)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as running:
        doomed = running.submit(kill_this_process)
        reports = list(build_many([library], "out", executor=running, in_order=True))
        assert doomed.exception() is not None
    assert [report.ok for report in reports].count(True) == 4
    assert all(report.errors[0].code == "weight-invalid" for report in reports if not report.ok)


class Losing(Backwards):
    """A cluster that gives up a book, with an error of its own."""

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        future = super().submit(fn, *args, **kwargs)
        if "v004" in str(args[0]):
            future = Future()
            future.set_exception(OSError("worker tcp://10.0.0.7 left"))
        return future


def test_a_book_that_a_cluster_gives_up_is_an_error_with_its_name(library: Path) -> None:
    reports = list(build_many([library], library.parent / "out", executor=Losing(), in_order=True))
    assert [(each.code, each.message) for each in reports[3].errors] == [
        ("worker-lost", "the book's worker was lost: worker tcp://10.0.0.7 left")
    ]
    assert [report.ok for report in reports].count(True) == 3


def test_a_fault_of_our_own_is_told_with_its_place_and_stops_no_other(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chapbook.reading import source  # noqa: PLC0415 - to break it

    def broken(source: str, **_: object) -> None:
        raise ZeroDivisionError(f"in {Path(source).name}")

    monkeypatch.setattr(source, "read_source", broken)
    reports = list(build_many([library], library.parent / "out"))
    assert {report.errors[0].code for report in reports} == {"unexpected"}
    assert re.match(r"ZeroDivisionError in test_volumes.py, line \d+: in v001", reports[0].errors[0].message)


# Workers elsewhere


def test_a_worker_in_another_folder_finds_what_is_given_relative_to_ours(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(library.parent)
    (library.parent / "own.css").write_text("p { text-indent: 3em }\n")
    choices = Choices(css=(Path("own.css"),), cache=Path("cache"))
    (request,) = plan_books(["library/v001"], Path("out"), choices=choices)
    (library.parent / "elsewhere").mkdir()
    monkeypatch.chdir(library.parent / "elsewhere")
    report = build_book(request)
    assert (report.source, report.output) == ("library/v001", Path("out/volume-1.epub"))
    assert report.ok, report.diagnostics
    assert names(library.parent) == ["cache", "elsewhere", "library", "out", "own.css"]
    assert names(library.parent / "elsewhere") == []


def test_a_worker_that_sees_other_files_is_told_of(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chapbook.series import dask_cluster as sharing  # noqa: PLC0415 - to wait for nothing

    monkeypatch.setattr(sharing, "_WAITS", (0.0, 0.0))
    (request,) = plan_books([library / "v001"], library.parent / "out")
    report = build_book(request)
    assert as_seen_from_here(request, report) == report
    assert report.output
    report.output.write_bytes(b"another file")
    assert [each.code for each in as_seen_from_here(request, report).errors] == ["worker-apart"]
    report.output.unlink()
    assert as_seen_from_here(request, report).output is None
    blind = build_book(replace(request, source=str(library / "v001x")))
    assert [each.code for each in as_seen_from_here(request, blind).errors] == ["worker-apart"]
    missing = replace(request, source=str(library / "v001x"))
    assert [each.code for each in as_seen_from_here(missing, blind).errors] == ["source-missing"]


def test_progress_is_told_of_books_where_there_are_several(library: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    requests = plan_books([library], library.parent / "out")
    list(build_requests(requests, progress=lambda *each: seen.append(each)))
    assert seen == [("books", number, 7) for number in range(1, 8)]
    list(build_requests(requests[:1], progress=lambda *each: seen.append(each)))
    assert seen[7:] == [("chapters", 1, 2), ("chapters", 2, 2)]


# The example series


def test_the_example_series_is_built_from_its_volumes_yaml(tmp_path: Path) -> None:
    done = run("build", EXAMPLES, "-o", "build/", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["build/the-harbour-year.epub", "build/the-winter-sky.epub"]
    for number, name in enumerate(("the-harbour-year", "the-winter-sky"), 1):
        package = Opened(tmp_path / "build" / f"{name}.epub").files["EPUB/package.opf"].decode()
        assert '<meta name="calibre:series" content="The Tidewater Almanac"/>' in package
        assert f'<meta name="calibre:series_index" content="{number}"/>' in package
        (collection,) = re.findall(
            r'<meta id="([^"]*)" property="belongs-to-collection">The Tidewater Almanac</meta>', package
        ) or re.findall(r'<meta property="belongs-to-collection" id="([^"]*)">The Tidewater Almanac</meta>', package)
        assert f'refines="#{collection}" property="collection-type">series<' in package
        assert f'refines="#{collection}" property="group-position">{number}<' in package
