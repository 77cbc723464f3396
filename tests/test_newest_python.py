"""The newest Python makes the same bytes, and says the same, as the one that runs the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEWEST = Path(os.environ.get("CHAPBOOK_NEWEST_PYTHON") or ROOT / ".venv-newest" / "bin" / "python")


def made_by(python: str | Path) -> dict[tuple[str, str], list[object]]:
    """Of each book and dialect, the hash and the messages."""
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests")))
    done = subprocess.run(
        [python, "-m", "support.book_hashes"],
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {(folder, dialect): made for folder, dialect, *made in lines}


def test_the_newest_python_makes_the_same_books() -> None:
    if not NEWEST.exists():
        pytest.skip("no other Python has chapbook's libraries: make test-newest NEWEST_PYTHON=python3.13")
    version = subprocess.run([NEWEST, "-V"], capture_output=True, text=True, check=True).stdout
    ours, others = made_by(sys.executable), made_by(NEWEST)
    assert len(ours) >= 80
    differing = [key for key in ours if ours[key] != others.get(key)]
    assert not differing, f"{version.strip()} makes other books of {differing}"
    assert ours.keys() == others.keys()
