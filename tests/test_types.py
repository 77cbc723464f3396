"""The library's types, as users' programs meet them. (`make lint` runs mypy over the same programs.)"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.browser import pyright

ROOT = Path(__file__).parents[1]


def test_users_programs_are_right_and_their_mistakes_are_found(request: pytest.FixtureRequest) -> None:
    """A comment that refuses nothing is an error (``reportUnnecessaryTypeIgnoreComment``)."""
    if request.config.getoption("--core"):
        pytest.skip("Pyright is not part of the core")
    command = [*pyright(), "--outputjson", "--pythonpath", sys.executable, "--project", str(ROOT)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(run.stdout)
    assert [(each["range"]["start"]["line"] + 1, each["message"]) for each in told["generalDiagnostics"]] == []
    assert told["summary"]["filesAnalyzed"] == 1
