"""`--watch`: a book is built again when it is saved, and whatever is wrong with it ends nothing."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pytest

from chapbook.command import running
from chapbook.command.cli import chapbook
from chapbook.command.running import _is_concerned, changes, look
from chapbook.series.planning import plan_books
from support.command import run
from support.libraries import write_files, write_library
from support.opened import Opened
from support.processes import PATIENCE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="interrupts are sent as POSIX has them")


class Watching:
    """`chapbook build … --watch` in a folder, and what it prints, line by line."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "chapbook", "build", *words, "--watch"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        assert self._process.stdout
        self._reading = threading.Thread(target=self._read, args=(self._process.stdout,))
        self._reading.start()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._lines.put(line.rstrip("\n"))

    def until(self, words: str) -> list[str]:
        """The lines down to the first that has `words` in it."""
        lines: list[str] = []
        while not lines or words not in lines[-1]:
            lines.append(self._lines.get(timeout=PATIENCE))
        return lines

    def interrupt(self) -> tuple[int, list[str]]:
        """The exit code, and what is said to a Ctrl-C."""
        os.killpg(self._process.pid, signal.SIGINT)
        code = self._process.wait(PATIENCE)
        self._reading.join()
        lines = []
        while not self._lines.empty():
            lines.append(self._lines.get())
        return code, lines

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class Rests:
    """Stands in for the clock of the watch: it does the next of some things in each rest between two looks."""

    class OverError(Exception):
        """There is nothing more to do."""

    monotonic = staticmethod(lambda: 0.0)

    def __init__(self, *things: Callable[[], object]) -> None:
        self._things = iter(things)

    def sleep(self, _seconds: float) -> None:
        thing = next(self._things, None)
        if thing is None:
            raise self.OverError
        thing()


def nothing() -> None:
    """What is done in most rests."""


def save(path: Path, text: str) -> None:
    """Replaces a file in one step: nobody sees it half written, however slow the machine is."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text)
    new.replace(path)


def text_of(path: Path) -> str:
    return "".join(content.decode() for name, content in Opened(path).files.items() if name.startswith("EPUB/text/"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_files(
        tmp_path / "book",
        {"book.yaml": "title: The Book\nauthor: Ann\nlanguage: en\n", "one.md": "# One\n\nThe first words.\n"},
    )


def test_saving_builds_again_and_control_c_ends_it_in_one_line(book: Path, tmp_path: Path) -> None:
    with Watching(tmp_path, "book", "-o", "x.epub") as running:
        running.until("x.epub")
        assert "The first words." in text_of(tmp_path / "x.epub")
        save(book / "one.md", "# One\n\nOther words.\n")
        assert running.until("x.epub") == ["x.epub"]
        assert "Other words." in text_of(tmp_path / "x.epub")
        code, lines = running.interrupt()
        assert (code, lines) == (130, ["chapbook: stopped"])


def test_it_goes_on_whatever_is_wrong(book: Path, tmp_path: Path) -> None:
    with Watching(tmp_path, "book", "-o", "x.epub") as running:
        running.until("x.epub")
        old = (tmp_path / "x.epub").read_bytes()
        save(book / "one.md", "---\nweight: heavy\n---\n# One\n")
        lines = running.until("not built")
        assert lines[0].startswith("book/one.md:2:9: error: ")
        assert (tmp_path / "x.epub").read_bytes() == old
        (book / "one.md").unlink()
        running.until("not built")
        book.rename(tmp_path / "away")
        running.until("not built")
        (tmp_path / "away").rename(book)
        save(book / "two.md", "# Two\n\nBack again.\n")
        running.until("x.epub")
        assert "Back again." in text_of(tmp_path / "x.epub")


def test_what_it_writes_itself_is_no_change(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def rename() -> None:
        (book / "book.yaml").write_text("title: Another\nauthor: Ann\nlanguage: en\n")

    monkeypatch.chdir(book)
    monkeypatch.setattr(running, "time", Rests(*[nothing] * 5, rename, *[nothing] * 9))
    with pytest.raises(Rests.OverError):
        chapbook.main(["build", ".", "-o", "out/", "--watch", "-j", "1"], standalone_mode=False)
    assert capsys.readouterr().out.splitlines() == ["out/the-book.epub", "out/another.epub"]
    assert sorted(path.name for path in (book / "out").iterdir()) == ["another.epub", "the-book.epub"]


def test_of_a_library_only_the_volume_that_was_saved_is_built_again(tmp_path: Path) -> None:
    library = write_library(tmp_path / "library", 3)
    with Watching(tmp_path, "library", "-o", "out/") as running:
        running.until("3 books")
        save(library / "v002" / "c1.md", "# Saved\n")
        assert running.until("out/") == ["out/volume-2.epub"]
        save(library / "volumes.yaml", "title: Renamed\nlanguage: en\nvolumes: [v001, v002]\n")
        assert running.until("2 books")[:2] == ["out/volume-1.epub", "out/volume-2.epub"]
        assert "Renamed" in Opened(tmp_path / "out" / "volume-2.epub").files["EPUB/package.opf"].decode()


def test_of_a_volume_alone_the_volumes_yaml_above_is_watched_too(tmp_path: Path) -> None:
    library = write_library(tmp_path / "library", 2)
    with Watching(tmp_path, "library/v002", "-o", "x.epub") as running:
        running.until("x.epub")
        save(library / "volumes.yaml", "title: Renamed\nlanguage: en\nvolumes: [v001, v002]\n")
        running.until("x.epub")
        assert "Renamed" in Opened(tmp_path / "x.epub").files["EPUB/package.opf"].decode()


def test_the_user_s_own_sheet_is_watched_too(book: Path, tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text("p { text-indent: 1em }\n")
    with Watching(tmp_path, "book", "-o", "x.epub", "--css", "own.css") as running:
        running.until("x.epub")
        save(tmp_path / "own.css", "p { text-indent: 3em }\n")
        running.until("x.epub")
        sheets = [content for name, content in Opened(tmp_path / "x.epub").files.items() if name.endswith(".css")]
        assert any(b"3em" in sheet for sheet in sheets)
    assert book.is_dir()


@pytest.mark.parametrize("words", [["--json"], ["--dask", "local"]])
def test_it_does_not_go_with_everything(book: Path, words: list[str], tmp_path: Path) -> None:
    done = run("build", book, "--watch", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert f"--watch and {words[0]} can't be used together" in done.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.md").write_text("other"),
        lambda folder: (folder / "a.md").unlink(),
        lambda folder: (folder / "new.md").write_text("new"),
        lambda folder: (folder / "deep" / "b.png").rename(folder / "deep" / "c.png"),
        lambda folder: os.utime(folder / "a.md", (1, 1)),
    ],
    ids=["written", "removed", "new", "renamed", "touched"],
)
def test_files_that_come_go_or_change_are_seen(change: Callable[[Path], object], tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "a", "deep/b.png": "b"})
    before = look([tmp_path])
    change(tmp_path)
    assert next(changes([tmp_path], before, set()))


def test_hidden_files_and_our_own_are_not_looked_at(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "a", ".git/x": "x", "node_modules/y": "y", ".a.md.swp": "z", "x.epub": "x"})
    assert set(look([tmp_path])) == {str(tmp_path / "a.md"), str(tmp_path / "x.epub")}
    before = look([tmp_path])
    write_files(tmp_path, {"x.epub": "another", "a.md": "b"})
    assert next(changes([tmp_path], before, {str(tmp_path / "x.epub")})) == {str(tmp_path / "a.md")}


def test_a_file_may_be_watched_and_what_is_not_there_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text("p {}")
    assert list(look([tmp_path / "own.css", tmp_path / "none", tmp_path / "none.css"])) == [str(tmp_path / "own.css")]


def test_a_book_is_concerned_by_its_own_files_and_by_those_of_no_book(tmp_path: Path) -> None:
    for name in ("1", "10"):
        write_files(tmp_path, {f"{name}/a.md": "# A\n"})
    planned = plan_books([tmp_path / "1", tmp_path / "10"], None)

    def concerned(*changed: str) -> list[bool]:
        paths = frozenset(os.path.abspath(tmp_path / each) for each in changed)  # noqa: PTH100 - as look has them
        return [_is_concerned(each, planned, paths) for each in planned]

    assert concerned("1/a.md") == [True, False]
    assert concerned("10/a.md") == [False, True]
    assert concerned("10/a.md", "1/part/b.md") == [True, True]
    assert concerned("100/a.md") == concerned("shared.css") == [True, True]


def test_many_files_written_one_after_the_other_are_one_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [tmp_path / f"{number}.md" for number in range(5)]
    monkeypatch.setattr(running, "time", Rests(*(path.touch for path in files), nothing))
    assert next(changes([tmp_path], look([tmp_path]), set())) == set(map(str, files))
