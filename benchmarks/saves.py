"""A chapter of an open preview saved again and again: how long until the page has its new text."""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import corpora
from benchmarks.table import heading, target

__all__ = ["saves"]

_CHAPTERS = 300
_SAVES = 20
_SECONDS = 0.5
_DOCUMENT = "/book/-/light/text/chapter-0007.xhtml"


def saves(scratch: Path, _runs: int) -> None:
    """Saves of one chapter of a long book: from the save to when a browser that was told so has the new document."""
    book = corpora.chapters(scratch / "book", count=_CHAPTERS, dialect="markdown")
    words = [sys.executable, "-m", "chapbook", "preview", str(book), "--cache-dir", str(scratch / "cache")]
    heading(f"{_SAVES} saves in a preview of {_CHAPTERS} chapters of 8 KB")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:  # noqa: S603
        try:
            assert running.stdout is not None  # noqa: S101 - it was asked for
            address = urlsplit(running.stdout.readline().strip())
            seconds = _timed(book, f"{address.hostname}:{address.port}", f"{address.path}?{address.query}")
        finally:
            running.terminate()
    print(f"  fastest {min(seconds):.3f} s, slowest {max(seconds):.3f} s")
    target("median of the saves", statistics.median(seconds), _SECONDS)


def _timed(book: Path, host: str, way_in: str) -> list[float]:
    asking = http.client.HTTPConnection(host, timeout=60)
    asking.request("GET", way_in)
    answer = asking.getresponse()
    answer.read()
    cookie = {"Cookie": (answer.headers["Set-Cookie"] or "").partition(";")[0]}
    listening = http.client.HTTPConnection(host, timeout=60)
    listening.request("GET", "/events", headers=cookie)
    events = listening.getresponse()

    def asked(path: str) -> bytes:
        asking.request("GET", path, headers=cookie)
        return asking.getresponse().read()

    _next(events.readline)
    seconds = []
    for run in range(1, _SAVES + 1):
        time.sleep(0.5)
        begun = time.perf_counter()
        corpora.change(book, run)
        sought = f"The run number {run}.".encode()
        while True:
            _next(events.readline)
            asked("/state")
            if sought in asked(_DOCUMENT):
                break
        seconds.append(time.perf_counter() - begun)
    return seconds


def _next(readline: Callable[[], bytes]) -> None:
    """Waits for the next of the server's events."""
    while not readline().startswith(b"data:"):
        pass
