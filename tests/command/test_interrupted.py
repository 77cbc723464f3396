"""A build that is killed, stopped or short of disk leaves the old file as it was, and nothing beside it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.corpus import write_corpus
from support.kills import SIGNALS, kill_builds
from support.processes import PATIENCE, start, start_interrupted


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), chapters=48)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc what is left of a group of processes")
def test_builds_that_are_killed_leave_the_old_book_or_the_new_one(tmp_path: Path) -> None:
    """``make kills`` kills five hundred."""
    seen = kill_builds(tmp_path, 24, seed=24)
    assert seen.count == 24
    assert {each.rpartition(", ")[2] for each in seen.kills} == set(SIGNALS)
    assert len(seen.kills) == 16
    assert seen.outputs.total() == 36
    assert seen.outputs["old"]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("chapter", [20, 48], ids=["in the middle", "when workers have nothing to do"])
def test_control_c_says_one_line(corpus: Path, chapter: int, jobs: str, tmp_path: Path) -> None:
    target = tmp_path / "x.epub"
    target.write_bytes(b"the old file")
    building = start_interrupted(chapter, "build", corpus, "-o", target, "--no-cache", "-j", jobs)
    out, error = building.communicate(timeout=PATIENCE)
    assert building.returncode == 130
    assert (out, error) == ("", "chapbook: stopped\n")
    assert target.read_bytes() == b"the old file"
    assert [path.name for path in tmp_path.iterdir()] == ["x.epub"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 100 KB, smaller than any book with a cover."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small tmpfs takes root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_file(corpus: Path, small_disk: Path) -> None:
    target = small_disk / "x.epub"
    target.write_bytes(b"the old file")
    building = start("-m", "chapbook", "build", corpus, "-o", target, "--no-cache")
    _, error = building.communicate(timeout=PATIENCE)
    assert building.returncode == 1
    assert "no space is left" in error
    assert "[output-unwritable]" in error
    assert target.read_bytes() == b"the old file"
    assert [path.name for path in small_disk.iterdir()] == ["x.epub"]


def test_two_builds_to_one_file_leave_one_whole_book(tmp_path: Path) -> None:
    books = [write_corpus(tmp_path / name, chapters=2, size=400, seed=at) for at, name in enumerate("ab")]
    for book in books:
        _assert_built(start("-m", "chapbook", "build", book, "-o", f"{book}.epub", "-q"))
    alone = [Path(f"{book}.epub").read_bytes() for book in books]
    (tmp_path / "out").mkdir()
    words = ("-o", tmp_path / "out" / "x.epub", "-q", "--cache-dir", tmp_path / "cache")
    for each in [start("-m", "chapbook", "build", book, *words) for book in books * 3]:
        _assert_built(each)
    assert alone[0] != alone[1]
    assert (tmp_path / "out" / "x.epub").read_bytes() in alone
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["x.epub"]


def _assert_built(building: subprocess.Popen[str]) -> None:
    _, error = building.communicate(timeout=PATIENCE)
    assert (building.returncode, error) == (0, "")
