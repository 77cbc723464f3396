"""A book of which nothing has changed is told by hashes, and reports what its build reported."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from msgspec.structs import replace

from chapbook import Choices, Report
from chapbook.series import build_many, one_book, unchanged
from chapbook.series.build_many import build_book
from chapbook.series.planning import plan_books
from chapbook.series.requests import BookRequest
from support.libraries import write_files, write_library
from support.pictures import drawing, saved

BOOK: dict[str, str | bytes] = {
    "book.yaml": "title: T\nauthor: A\nlanguage: en\n",
    "a.md": "# A\n\nWords, [lost](b.md).\n\n![](p.png)\n",
    "p.png": saved(drawing(), "PNG"),
    "part/b.md": "# B\n\nMore.\n",
}


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were really built, one after the other."""
    sources: list[str] = []
    build_one = one_book.build_one

    def counted(request: BookRequest, _progress: object = None) -> tuple[Report, bool]:
        sources.append(request.source)
        return build_one(request, None)

    monkeypatch.setattr(one_book, "build_one", counted)
    return sources


@pytest.fixture
def request_(tmp_path: Path) -> BookRequest:
    source = write_files(tmp_path / "book", BOOK)
    choices = Choices(cache=tmp_path / "cache")
    return BookRequest(source=str(source), output=tmp_path / "t.epub", choices=choices)


def without_time(report: Report) -> Report:
    return replace(report, seconds=0.0, unchanged=False, changes=None)


def test_the_second_time_nothing_is_built_and_the_same_is_said(request_: BookRequest, built: list[str]) -> None:
    first, second = build_book(request_), build_book(request_)
    assert len(built) == 1
    assert without_time(first) == without_time(second)
    assert [each.code for each in second.diagnostics] == ["link-target-missing", "image-no-alt"]
    assert (first.unchanged, second.unchanged) == (False, True)
    assert second.output == request_.output


def test_a_check_is_kept_too(request_: BookRequest, built: list[str]) -> None:
    check = replace(request_, output=None)
    assert without_time(build_book(check)) == without_time(build_book(check))
    assert len(built) == 1


def test_the_number_of_processes_makes_no_difference(request_: BookRequest, built: list[str]) -> None:
    build_book(request_)
    build_book(replace(request_, choices=replace(request_.choices, jobs=2)))
    assert len(built) == 1


def _write(name: str, text: str) -> Callable[[BookRequest], object]:
    return lambda request: write_files(Path(request.source), {name: text})


def _damage_output(request: BookRequest) -> None:
    assert request.output
    request.output.write_bytes(request.output.read_bytes()[:-1] + b"x")


def _remove_output(request: BookRequest) -> None:
    assert request.output
    request.output.unlink()


@pytest.mark.parametrize(
    "change",
    [
        _write("a.md", "# A\n\nWorms, [lost](b.md).\n\n![](p.png)\n"),
        _write("book.yaml", "title: T\nauthor: A\nlanguage: de\n"),
        _write("c.md", "# C\n"),
        _write("part/_index.md", "# Part\n"),
        _write("later.txt", ""),
        lambda request: (Path(request.source) / "part" / "b.md").unlink(),
        lambda request: (Path(request.source) / "part" / "b.md").rename(Path(request.source) / "part" / "c.md"),
        lambda request: (Path(request.source) / "empty").mkdir(),
        _damage_output,
        _remove_output,
    ],
)
def test_whatever_changes_has_the_book_built(
    request_: BookRequest, built: list[str], change: Callable[[BookRequest], object]
) -> None:
    build_book(request_)
    change(request_)
    report = build_book(request_)
    assert len(built) == 2
    assert report.ok


def test_files_outside_of_the_folder_count(tmp_path: Path, request_: BookRequest, built: list[str]) -> None:
    cover = tmp_path / "cover.png"
    cover.write_bytes(saved(drawing(1500, 2400), "PNG"))
    request = replace(request_, choices=replace(request_.choices, cover=cover))
    build_book(request)
    build_book(request)
    assert len(built) == 1
    cover.write_bytes(saved(drawing(1600, 2400), "PNG"))
    build_book(request)
    assert len(built) == 2


def test_the_environment_counts(request_: BookRequest, built: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    build_book(request_)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    build_book(request_)
    assert len(built) == 2


def test_other_choices_are_another_book(request_: BookRequest, built: list[str]) -> None:
    build_book(request_)
    build_book(replace(request_, choices=replace(request_.choices, theme="verse")))
    assert len(built) == 2


@pytest.mark.parametrize("name", ["style.css", "link"])
def test_what_may_lead_anywhere_is_built_each_time(
    tmp_path: Path, request_: BookRequest, built: list[str], name: str
) -> None:
    choices = request_.choices
    if name == "link":
        (tmp_path / "elsewhere").mkdir()
        (Path(request_.source) / "linked").symlink_to(tmp_path / "elsewhere")
    else:
        (tmp_path / name).write_text("p { color: teal }")
        choices = replace(choices, css=(tmp_path / name,))
    for _ in range(2):
        build_book(replace(request_, choices=choices))
    assert len(built) == 2


def test_a_cover_in_letters_that_only_the_machine_has_is_drawn_each_time(
    request_: BookRequest, built: list[str]
) -> None:
    write_files(Path(request_.source), {"book.yaml": "title: 本\nauthor: A\nlanguage: ja\n"})
    for _ in range(2):
        build_book(request_)
    assert len(built) == 2


def test_a_theme_of_a_working_copy_counts(
    tmp_path: Path, request_: BookRequest, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    styles = write_files(tmp_path / "styles", {"classic/theme.css": "p { color: teal }"})
    spec = ModuleSpec("chapbook.styles", None, is_package=True)
    spec.submodule_search_locations = [str(styles)]
    monkeypatch.setattr(unchanged, "find_spec", lambda _name: spec)
    build_book(request_)
    build_book(request_)
    assert len(built) == 1
    (styles / "classic" / "theme.css").write_text("p { color: maroon }")
    build_book(request_)
    assert len(built) == 2


def test_a_book_with_errors_is_read_again(request_: BookRequest, built: list[str]) -> None:
    write_files(Path(request_.source), {"a.md": "---\nweight: heavy\n---\n"})
    for _ in range(2):
        assert not build_book(request_).ok
    assert len(built) == 2


def test_one_changed_volume_of_a_library_is_built_alone(tmp_path: Path, built: list[str]) -> None:
    library = write_library(tmp_path / "library", 4, chapters=1)
    requests = plan_books([library], tmp_path / "out", choices=Choices(cache=tmp_path / "cache"))
    for request in requests:
        build_book(request)
    del built[:]
    (library / "v002" / "c1.md").write_text("# Other\n\nWords.\n")
    times = [request.output.stat().st_ino for request in requests if request.output]
    for request in requests:
        build_book(request)
    assert [Path(source).name for source in built] == ["v002"]
    after = [request.output.stat().st_ino for request in requests if request.output]
    assert [one == other for one, other in zip(times, after, strict=True)] == [True, False, True, True]


@pytest.mark.usefixtures("built")
def test_no_process_is_started_for_unchanged_volumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = write_library(tmp_path / "library", volumes=4, chapters=1)
    choices = Choices(cache=tmp_path / "cache", jobs=2)
    assert all(report.ok for report in build_many.build_many([library], tmp_path / "out", choices=choices))
    (library / "v002" / "c1.md").write_text("# New\n\nWords.\n", "utf-8")

    def started(*_words: object, **_named: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(build_many, "WorkerPool", started)
    reports = list(build_many.build_many([library], tmp_path / "out", choices=choices, in_order=True))
    assert [report.unchanged for report in reports] == [True, False, True, True]


def test_what_was_edited_during_the_build_and_taken_back_is_built_again(
    request_: BookRequest, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file holds the edited text, though the folder is as it was when the build began."""
    text = Path(request_.source) / "a.md"
    before = text.read_text()
    build_one = one_book.build_one

    def edited(request: BookRequest, _progress: object = None) -> tuple[Report, bool]:
        text.write_text("# A\n\nEdited.\n")
        return build_one(request, None)

    with monkeypatch.context() as patch:
        patch.setattr(one_book, "build_one", edited)
        build_book(request_)
    text.write_text(before)
    assert not build_book(request_).unchanged
    assert len(built) == 2
    assert build_book(request_).unchanged


def test_a_book_in_its_own_folder_is_unchanged_the_second_time(request_: BookRequest, built: list[str]) -> None:
    request = replace(request_, output=Path(request_.source) / "t.epub")
    assert not build_book(request).unchanged
    assert build_book(request).unchanged
    assert len(built) == 1


@pytest.mark.parametrize(("name", "most"), [("_MOST_BYTES", 1_000_000), ("_MOST_FILES", 6)])
def test_more_than_a_book_may_hold_is_not_hashed(
    request_: BookRequest, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    """A file of holes takes no room on the disk, and days to be hashed."""
    monkeypatch.setattr(unchanged, name, most)
    assert unchanged.state_of(request_)
    with (Path(request_.source) / "holes.bin").open("wb") as file:
        file.truncate(1_000_001)
    (Path(request_.source) / "more.txt").touch()
    assert unchanged.state_of(request_) == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_nobody_waits_for_a_pipe(request_: BookRequest) -> None:
    """One that has the output's name, outside the content folder, is written to; nobody reads from it first."""
    assert request_.output
    os.mkfifo(request_.output)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(request_.output.read_bytes()))  # type: ignore[union-attr]
    reader.start()
    assert build_book(request_).ok
    reader.join()
    assert read[0].startswith(b"PK")
