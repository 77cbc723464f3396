"""Where a machine has little to offer, the book is built all the same: no home, no locale, no current folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.libraries import write_files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a current folder can be deleted on POSIX")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = {"book.yaml": "title: T\nauthor: A\nlanguage: en\n", "a.md": "# A\n\nWords.\n"}
    return write_files(tmp_path_factory.mktemp("books") / "book", text)


@pytest.fixture(scope="module")
def whole(book: Path) -> bytes:
    done = run(book, "build", "book", "-o", "../whole.epub", cwd=book.parent)
    assert done.returncode == 0
    return (book.parents[1] / "whole.epub").read_bytes()


def run(
    book: Path, *words: str, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command, with nothing in its environment but what finds Python's modules and what is given."""
    path = {name: os.environ[name] for name in ("PYTHONPATH", "XDG_CACHE_HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "chapbook", *(str(book) if each == "book" else each for each in words)],
        cwd=cwd,
        env={**path, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"HOME": "", "XDG_CACHE_HOME": ""},
        {"HOME": "/nowhere", "XDG_CACHE_HOME": ""},
        {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/cache"},
        {"LC_ALL": "xx_YY.ISO-8859-77"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TMPDIR": "/nowhere"},
        {"TERM": "nothing", "COLUMNS": "0", "TZ": "Nowhere/Nothing"},
    ],
    ids=lambda each: " ".join(f"{name}={value}" for name, value in each.items()) or "nothing",
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_environment_of_next_to_nothing(
    book: Path, whole: bytes, tmp_path: Path, environment: dict[str, str], jobs: str
) -> None:
    done = run(book, "build", "book", "-o", "x.epub", "-j", jobs, cwd=tmp_path, environment=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "x.epub\n", "")
    assert (tmp_path / "x.epub").read_bytes() == whole
    assert [each.name for each in tmp_path.iterdir()] == ["x.epub"]


GONE = """
import os, sys
os.mkdir(sys.argv[1])
os.chdir(sys.argv[1])
os.rmdir(sys.argv[1])
os.execv(sys.executable, [sys.executable, "-m", "chapbook", *sys.argv[2:]])
"""


@pytest.mark.parametrize(
    ("words", "ending"),
    [
        ("build BOOK -o OUT/x.epub", (0, "")),
        ("build BOOK -o OUT/x.epub -j 2 --no-cache", (0, "")),
        ("check BOOK", (0, "")),
        ("build BOOK -o x.epub", (1, "there is no such folder")),
        ("build BOOK", (1, "there is no such folder")),
        ("build BOOK -o sub/x.epub", (1, "there is no such folder")),
        ("cover BOOK -o c.jpg", (1, "there is no such folder")),
        ("build", (2, "the current folder was deleted")),
        ("build .", (2, "the current folder was deleted")),
        ("check", (2, "the current folder was deleted")),
        ("metadata .", (2, "the current folder was deleted")),
        ("new x", (2, "the current folder was deleted")),
    ],
)
def test_a_current_folder_that_is_gone(
    book: Path, whole: bytes, tmp_path: Path, words: str, ending: tuple[int, str]
) -> None:
    code, said = ending
    words = words.replace("BOOK", str(book)).replace("OUT", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", GONE, str(tmp_path / "gone"), *words.split()],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    made = list(tmp_path.iterdir())
    assert [each.read_bytes() for each in made] == ([whole] if "OUT" in words or str(tmp_path) in words else [])


def test_a_name_that_is_too_long(book: Path, tmp_path: Path) -> None:
    done = run(book, "build", "book", "-o", f"{'x' * 300}.epub", cwd=tmp_path)
    assert done.returncode == 1
    assert "can't write the book: the name is too long [output-unwritable]" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_to_standard_output_left_goes_with_the_next(book: Path, whole: bytes, tmp_path: Path) -> None:
    """And what another run is at, or what isn't a folder of ours, stays."""
    import fcntl  # noqa: PLC0415 - of POSIX

    for name in ("chapbook-run-left", "chapbook-run-used"):
        write_files(tmp_path / name, {"book.epub": "half"})
    (tmp_path / "chapbook-run-link").symlink_to(book)
    used = os.open(tmp_path / "chapbook-run-used", os.O_RDONLY)
    fcntl.flock(used, fcntl.LOCK_EX)
    program = [sys.executable, "-m", "chapbook", "build", str(book), "-o", "-"]
    done = subprocess.run(program, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, check=False)
    os.close(used)
    assert done.stdout == whole
    assert sorted(each.name for each in tmp_path.iterdir()) == ["chapbook-run-link", "chapbook-run-used"]
    assert (book / "a.md").exists()
    shutil.rmtree(tmp_path / "chapbook-run-used")
