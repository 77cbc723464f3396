"""Books built by the workers of a Dask cluster, here one of two processes on this machine."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from chapbook import ChapbookError, build_many
from chapbook.series import dask_cluster
from chapbook.series.dask_cluster import dask_executor
from support.command import run
from support.libraries import write_library
from support.processes import PATIENCE, start, wait_until


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]  # distributed is typed in parts
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        silence_logs=50,
        dashboard_address="127.0.0.1:0",
    ) as running:
        yield running


@pytest.fixture
def client(cluster: LocalCluster) -> Iterator[Client]:
    with Client(cluster) as connected:  # type: ignore[no-untyped-call]  # see above
        connected.wait_for_workers(2)
        yield connected


def executor(client: Client) -> Executor:
    made: Executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]  # see above
    return made


def test_a_library_is_built_to_the_same_bytes(client: Client, tmp_path: Path) -> None:
    library = write_library(tmp_path / "library", 5)
    (library / "v003" / "c1.md").write_text("---\nweight: heavy\n---\n# X\n")
    here = list(build_many([library], tmp_path / "here", in_order=True))
    there = list(build_many([library], tmp_path / "there", executor=executor(client), in_order=True))
    assert [(each.source, each.diagnostics, each.words) for each in there] == [
        (each.source, each.diagnostics, each.words) for each in here
    ]
    assert len(list((tmp_path / "there").iterdir())) == 4
    for path in (tmp_path / "here").iterdir():
        assert (tmp_path / "there" / path.name).read_bytes() == path.read_bytes()


def test_the_workers_need_no_current_folder_of_ours(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_library(tmp_path / "library", 2)
    monkeypatch.chdir(tmp_path)
    reports = list(build_many(["library"], "out", executor=executor(client), in_order=True))
    assert [str(report.output) for report in reports] == ["out/volume-1.epub", "out/volume-2.epub"]
    assert all(report.ok for report in reports)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_a_worker_that_is_killed_in_the_middle_costs_no_book(
    cluster: LocalCluster, client: Client, tmp_path: Path
) -> None:
    library = write_library(tmp_path / "library", 16)
    reports = build_many([library], tmp_path / "out", executor=executor(client))
    ok = [next(reports).ok]
    os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
    ok += [report.ok for report in reports]
    assert ok == [True] * 16
    assert len(list((tmp_path / "out").iterdir())) == 16


@pytest.mark.parametrize("where", ["local", "address"])
def test_the_command_builds_on_a_cluster(cluster: LocalCluster, where: str, tmp_path: Path) -> None:
    write_library(tmp_path / "library", 3)
    address = cluster.scheduler_address if where == "address" else "local"
    done = run("build", "library", "-o", "out/", "--dask", address, "-j", "2", "--no-cache", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"out/volume-{number}.epub" for number in (1, 2, 3)]
    assert done.stderr.splitlines()[0].split()[0] == "title"


@pytest.mark.skipif(os.name != "posix", reason="interrupts are sent as POSIX has them")
def test_control_c_says_one_line(tmp_path: Path) -> None:
    write_library(tmp_path / "library", 60)
    words = ("build", "library", "-o", "out/", "--dask", "local", "-j", "2", "-q")
    building = start("-m", "chapbook", *words, cwd=tmp_path)
    wait_until(lambda: bool(list(tmp_path.glob("out/*.epub"))), building)
    os.killpg(building.pid, signal.SIGINT)
    out, error = building.communicate(timeout=PATIENCE)
    assert (building.returncode, out, error) == (130, "", "chapbook: stopped\n")


def test_without_dask_the_command_says_what_to_install(tmp_path: Path) -> None:
    write_library(tmp_path / "library", 1)
    (tmp_path / "distributed.py").write_text("raise ImportError('no such package')\n")
    done = run("build", "library", "--dask", "local", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "Dask is not installed: pip install 'chapbook[dask]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("*.epub")) == []


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "no such address", "nonsense://x"])
def test_a_cluster_that_is_not_there_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_PATIENCE", 1)
    before = clients()
    with pytest.raises(ChapbookError, match="no Dask scheduler at") as raised, dask_executor(address):
        pass
    assert raised.value.diagnostics[0].code == "cluster-unreachable"
    assert clients() <= before  # one that is half made and collected later may stand in the way of the next


def clients() -> int:
    """How many clients of Dask this process holds, collected or not."""
    return sum(isinstance(each, Client) for each in gc.get_objects())
