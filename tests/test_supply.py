"""What is said of an audit, and that both archives are the same wherever they are built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from support.audit import judged, main
from test_distribution import ROOT

BUILD = "import sys; sys.path.insert(0, 'build_backend'); import reproducible as backend; backend.{}(sys.argv[1])"


def report(*packages: dict[str, object]) -> dict[str, object]:
    return {"dependencies": [{"name": "chapbook", "skip_reason": "not there"}, *packages], "fixes": []}


GOOD = {"name": "lxml", "version": "6.1.3", "vulns": []}
BAD = {"name": "markdown", "version": "3.8", "vulns": [{"id": "PYSEC-2026-89", "fix_versions": ["3.8.1"]}]}
UNKNOWN = {"name": "pillow", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([GOOD], 0, "1 packages, no known hole"),
        ([GOOD, BAD], 1, "markdown 3.8: PYSEC-2026-89, fixed in 3.8.1"),
        ([GOOD, UNKNOWN], 2, "not audited, 1 of 2 packages: pillow"),
        ([BAD, UNKNOWN], 1, "not audited, 1 of 2 packages: pillow"),
        ([], 2, "there are no packages to audit"),
    ],
)
def test_an_audit_passes_only_where_every_package_was_asked_for(
    packages: list[dict[str, object]], code: int, words: str
) -> None:
    made, said = judged(report(*packages))
    assert made == code
    assert words in said


def test_an_audit_that_fails_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither without pip-audit, which isn't among the tests' tools, nor without its service."""
    assert main([str(tmp_path), "--no-such-flag"]) == 2
    assert "nothing was audited" in capsys.readouterr().out


def test_the_backend_is_the_one_that_the_project_names() -> None:
    system = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]
    assert (system["build-backend"], system["backend-path"]) == ("reproducible", ["build_backend"])


@pytest.mark.parametrize("kind", ["build_sdist", "build_wheel"])
def test_both_archives_are_the_same_wherever_and_whenever_they_are_built(kind: str, tmp_path: Path) -> None:
    made = []
    for place, umask, moment, seed in (("a", 0o022, 1_000_000_000, "1"), ("b/c d", 0o077, 1_700_000_001, "2")):
        copy, out = tmp_path / place / "chapbook", tmp_path / place / "out"
        out.mkdir(parents=True)
        subprocess.run(
            [sys.executable, "-c", _COPY, str(ROOT), str(copy), str(umask), str(moment)],
            check=True,
            cwd=ROOT / "tests",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        subprocess.run(
            [sys.executable, "-c", BUILD.format(kind), str(out)],
            check=True,
            cwd=copy,
            umask=umask,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "2" else "UTC"},
            capture_output=True,
        )
        (archive,) = out.iterdir()
        made.append((archive.name, archive.read_bytes()))
        shutil.rmtree(copy)
    assert made[0] == made[1]


_COPY = """
import os, shutil, sys
from pathlib import Path
from test_distribution import not_source
source, target, umask, moment = sys.argv[1:]
shutil.copytree(source, target, ignore=not_source, copy_function=shutil.copyfile)
for path in Path(target).rglob("*"):
    run = path.is_dir() or os.access(Path(source) / path.relative_to(target), os.X_OK)
    path.chmod((0o777 if run else 0o666) & ~int(umask))
    os.utime(path, (int(moment), int(moment)))
"""
