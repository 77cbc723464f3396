"""A build that is killed, stopped or short of disk leaves the old file as it was, and nothing beside it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.corpus import write_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"), chapters=120)


def start(source: Path, target: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "chapbook", "build", str(source), "-o", str(target), "--no-cache", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def seconds(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the build takes when nobody stops it."""
    begun = time.monotonic()
    done = start(corpus, tmp_path_factory.mktemp("whole") / "x.epub")
    done.communicate(timeout=120)
    assert done.returncode == 0
    return time.monotonic() - begun


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_killed_at_twenty_moments(corpus: Path, seconds: float, tmp_path: Path) -> None:
    target = tmp_path / "x.epub"
    target.write_bytes(b"the old file")
    chance = random.Random(20)
    latest, killed = seconds, 0
    while killed < 20:
        moment = chance.uniform(0, latest)
        building = start(corpus, target)
        time.sleep(moment)
        os.killpg(building.pid, signal.SIGKILL)
        building.communicate(timeout=60)
        if building.returncode == -signal.SIGKILL:
            killed += 1
        else:  # it had ended already: the machine is quicker than it was when it was timed
            assert building.returncode == 0
            latest = moment
        if target.read_bytes() != b"the old file":
            assert zipfile.ZipFile(target).testzip() is None
            target.write_bytes(b"the old file")
        assert [path.name for path in tmp_path.iterdir()] == ["x.epub"]


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_control_c_says_one_line(corpus: Path, seconds: float, jobs: str, tmp_path: Path) -> None:
    target = tmp_path / "x.epub"
    moment, code = seconds, 0
    while code == 0:  # until it is in the middle: the machine may be quicker than it was when it was timed
        target.write_bytes(b"the old file")
        moment *= 0.6
        building = start(corpus, target, "-j", jobs)
        time.sleep(moment)
        os.killpg(building.pid, signal.SIGINT)  # as the terminal sends it: to the workers too
        out, error = building.communicate(timeout=60)
        code = building.returncode
    assert code == 130
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
    building = start(corpus, target)
    _, error = building.communicate(timeout=120)
    assert building.returncode == 1
    assert "no space is left" in error
    assert "[output-unwritable]" in error
    assert target.read_bytes() == b"the old file"
    assert [path.name for path in small_disk.iterdir()] == ["x.epub"]
