"""A real browser for tests: Chromium, driven from Node by Playwright, and by the Puppeteer that Ace brings.

Node's modules are looked for in ``CHAPBOOK_NODE_MODULES``, in ``.tools/node_modules`` of the checkout, and beside
``ace-cli`` on the path. Where something is missing the test is skipped, or fails under CI.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NoReturn

import pytest

__all__ = ["missing", "node_modules", "run_script"]

_ROOT = Path(__file__).parents[2]
_NEEDED = ("@daisy/ace-core", "puppeteer", "playwright-core", "epubjs", "@readium/css")
_INSTALL = (
    "npm install --prefix .tools @daisy/ace-cli@1 epubjs@0.3 @readium/css@2.0.0-beta.24 playwright-core@1 pyright@1"
)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def run_script(script: Path, *arguments: str | Path, seconds: float) -> list[Any]:
    """What a Node script writes: one JSON value a line. It is given the folder of modules, then `arguments`."""
    command = [_node(), str(script), str(node_modules()), *map(str, arguments)]
    environment = os.environ | {"PUPPETEER_EXECUTABLE_PATH": _browser()}
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=environment, check=False)
    assert run.returncode == 0, run.stderr or run.stdout
    return [json.loads(line) for line in run.stdout.splitlines()]


def node_modules() -> Path:
    """The folder of Node's modules that has all that the tests need."""
    command = shutil.which("ace-cli") or shutil.which("ace")
    candidates = [
        Path(os.environ["CHAPBOOK_NODE_MODULES"]) if "CHAPBOOK_NODE_MODULES" in os.environ else None,
        _ROOT / ".tools" / "node_modules",
        Path(command).resolve().parents[3] if command else None,
    ]
    for folder in filter(None, candidates):
        if all((folder / name).is_dir() for name in _NEEDED):
            return folder
    return missing(f"Ace, epub.js or Readium CSS is not installed: {_INSTALL}")


def pyright() -> list[str]:
    """The command that checks types as editors do."""
    script = node_modules() / "pyright" / "index.js"
    return [_node(), str(script)] if script.is_file() else [missing(f"Pyright is not installed: {_INSTALL}")]


def _browser() -> str:
    given = os.environ.get("PUPPETEER_EXECUTABLE_PATH", "")
    found = next(filter(None, map(shutil.which, filter(None, (given, *_BROWSERS)))), None)
    return found or missing("Chromium is not installed: apt install chromium")


def _node() -> str:
    return shutil.which("node") or missing("Node is not installed: apt install nodejs npm")


def missing(words: str) -> NoReturn:
    """Skips the test that asks, or fails it under CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)
