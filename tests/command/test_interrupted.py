"""A build that is killed, stopped or short of disk leaves the old file as it was, and nothing beside it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.corpus import write_corpus
from support.processes import PATIENCE, calls_of, start, start_interrupted, start_killed


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), chapters=48)


@pytest.fixture(scope="module")
def calls(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many functions the build calls in its first process when nobody stops it."""
    return calls_of("build", corpus, "-o", tmp_path_factory.mktemp("whole") / "x.epub", "--no-cache", "-j", "2")


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_killed_at_twenty_moments(corpus: Path, calls: int, tmp_path: Path) -> None:
    target = tmp_path / "x.epub"
    target.write_bytes(b"the old file")
    chance = random.Random(20)
    latest, killed = calls, 0
    while killed < 20:
        moment = chance.randint(latest // 2, latest)  # the half before is reading what there is
        building = start_killed(moment, "build", corpus, "-o", target, "--no-cache", "-j", "2")
        building.communicate(timeout=PATIENCE)
        if building.returncode == -signal.SIGKILL:
            killed += 1
        else:  # it had ended already: how often it waits for its workers is never quite the same
            assert building.returncode == 0
            latest = moment - 1
        if target.read_bytes() != b"the old file":
            assert zipfile.ZipFile(target).testzip() is None
            target.write_bytes(b"the old file")
        assert [path.name for path in tmp_path.iterdir()] == ["x.epub"]


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
