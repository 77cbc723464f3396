"""Recognises unchanged books by hashes, before any library is loaded.

The result of a build is kept under a hash of everything it depends on: all files of the content folder, files named
outside it, the request, the environment, chapbook and its libraries. If the hash is the same again and the output is
still the file that was written, the old report is returned, with all its messages.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from chapbook.building.cache_entries import entry_of, value_of
from chapbook.building.cache_versions import file_stamps, tool_versions
from chapbook.cache import Cache, key_of
from chapbook.model.diagnostics import Changes, Report
from chapbook.opening import LinkOutError, open_within
from chapbook.series.requests import FOLDER, BookRequest

__all__ = ["keep_report", "kept_report", "state_of"]

_ENVIRONMENT = ("SOURCE_DATE_EPOCH",)
"""Environment variables that affect a book."""


class _Kept(Struct, frozen=True, kw_only=True):
    """The result of a build."""

    report: Report
    """Without its output."""
    output: bytes
    """The SHA-256 of the file; empty for a check."""


def state_of(request: BookRequest) -> str:
    """A hash of everything that the book of `request` depends on; empty if unknown, or if nothing is cached."""
    if request.reader != FOLDER:  # in another process it isn't the same object
        return ""
    choices = request.choices
    source = Path(request.source)
    outside = _outside(request)
    if choices.cache is None or outside is None or not os.path.isdir(source):  # noqa: PTH112 - which raises nothing
        return ""
    environment = [f"{name}={os.environ.get(name, '')}" for name in _ENVIRONMENT]
    try:
        files = [*_hashes(source, Path(os.path.realpath(request.output)) if request.output else None)]
        for path in outside:
            files += _hashes(path, None) if path.is_dir() else [path.name, _hash_of(path)]
    except OSError:
        return ""
    # The shared fields and titles are those of volumes.yaml as it is now, wherever it is.
    asked = {**asdict(request), "reader": None, "choices": replace(choices, jobs=0, cache=None, force=False, name="")}
    return key_of("book", tool_versions(), *_theme_stamps(), repr(asked), *environment, *files)


def _theme_stamps() -> list[str]:
    """The sizes and times of chapbook's own themes: in a working copy they are beside the package, not in it."""
    spec = find_spec("chapbook.styles")
    folders = spec.submodule_search_locations if spec else None
    return sorted(stamp for folder in folders or () for stamp in file_stamps(folder))


def _outside(request: BookRequest) -> list[Path] | None:
    """The files and folders outside the content folder that the book uses; ``None`` if there may be others.

    A style sheet can refer to files beside it, and a Markdown extension can read anything.
    """
    choices, shared = request.choices, request.shared.values if request.shared else {}
    if choices.css or choices.allow_extensions or choices.plugins or any(shared.get(key) for key in ("css", "fonts")):
        return None
    named = (choices.cover, choices.theme, shared.get("cover"), shared.get("theme"))
    return [*choices.assets, *(each for each in named if isinstance(each, Path))]


def _hashes(folder: Path, output: Path | None) -> Iterator[str | bytes]:
    """The names and contents of everything in `folder`, except hidden files and the book itself.

    Raises OSError for what can't be read, for more than a book may hold, and for a link to a folder: its content could
    lie anywhere.
    """
    waiting, root, count, size = [""], os.path.realpath(folder), 0, 0
    while waiting:
        here = waiting.pop()
        with os.scandir(folder / here) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        yield os.fsencode(here)
        count += len(listed)
        for entry in listed:
            path = f"{here}/{entry.name}".lstrip("/")
            if entry.name.startswith("."):
                yield from _hidden(entry, root, path)
            elif entry.is_dir():
                if entry.is_symlink():
                    raise OSError
                waiting.append(path)
            elif entry.is_file() and not (output and entry.name == output.name and Path(entry).samefile(output)):
                size += entry.stat().st_size
                if size > _MOST_BYTES or count > _MOST_FILES:
                    raise OSError
                yield from (os.fsencode(entry.name), _hash_within(root, path))
            elif not entry.is_file():
                yield os.fsencode(entry.name)


_MOST_BYTES = 4 << 30
"""Of all files together: hashing more would take longer than most builds."""
_MOST_FILES = 50_000


def _hash_within(root: str, path: str) -> bytes:
    """A hash of the file or, for a link that leads outside `root` and isn't read, of its target."""
    try:
        descriptor = open_within(root, path)
    except LinkOutError:
        return os.fsencode(os.path.realpath(f"{root}/{path}"))
    return _digest(descriptor)


def _hidden(entry: os.DirEntry[str], root: str, path: str) -> Iterator[str | bytes]:
    """Hidden files and folders that a book can depend on: settings of tools, which chapbook reads by name."""
    if entry.name in {".gitbook.yaml", ".vitepress", ".obsidian"}:
        yield os.fsencode(entry.name)
        yield from (_hash_within(root, path),) if entry.is_file() else ()
        if entry.is_dir():
            named = (each for each in os.scandir(entry.path) if each.name.startswith(("config.", "templates.")))
            yield from (
                _hash_within(root, f"{path}/{each.name}")
                for each in sorted(named, key=lambda each: each.name)
                if each.is_file()
            )


def _hash_of(path: str | Path) -> bytes:
    return _digest(os.open(path, os.O_RDONLY | _FLAGS))


_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK"))


def _digest(descriptor: int) -> bytes:
    """The hash of an open file, which is closed. Raises OSError for what isn't a regular file."""
    with open(descriptor, "rb", buffering=0) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError
        if status.st_size < _SMALL:  # file_digest begins with a buffer of 256 KB
            return hashlib.sha256(file.read()).digest()
        return hashlib.file_digest(file, "sha256").digest()


_SMALL = 1 << 20


def kept_report(request: BookRequest, state: str) -> Report | None:
    """The report of the build that made the present output from the same `state`; ``None`` if there is none."""
    cache = Cache(request.choices.cache) if state and request.choices.cache else None
    entry = cache.read(state) if cache else None
    kept = value_of(entry, _Kept) if entry else None
    if cache is None or kept is None:
        return None
    try:
        if request.output and _hash_of(request.output) != kept.output:
            return None
    except OSError:
        return None
    cache.touch([state])
    written = request.output is not None
    return replace(kept.report, output=request.output, unchanged=written, changes=Changes() if written else None)


def keep_report(request: BookRequest, state: str, report: Report) -> None:
    """Keeps the `report` of a book that was made of `state`, if nothing in it may come out otherwise next time.

    Nor is it kept where a file changed while the book was built: which text was read, nobody knows.
    """
    cache = Cache(request.choices.cache) if state and request.choices.cache else None
    if cache is None or not report.ok or state_of(request) != state:
        return
    try:
        output = _hash_of(request.output) if request.output else b""
    except OSError:
        return
    entry = entry_of(_Kept(report=replace(report, output=None, unchanged=False, changes=None), output=output))
    if entry:
        cache.write(state, entry)
