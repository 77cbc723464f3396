"""Recognises unchanged books by hashes, before any library is loaded.

The result of a build is kept under a hash of everything it depends on: all files of the content folder, files named
outside it, the request, the environment, chapbook and its libraries. If the hash is the same again and the output is
still the file that was written, the old report is returned, with all its messages.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from chapbook.building.cache_entries import entry_of, value_of
from chapbook.building.cache_versions import file_stamps, tool_versions
from chapbook.cache import Cache, key_of
from chapbook.model.diagnostics import Changes, Report
from chapbook.series.requests import FOLDER, BookRequest

__all__ = ["keep_report", "kept_report", "state_of"]

_CHUNK = 1 << 20
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

    Raises OSError for unreadable files and for links to folders, whose content could be anywhere.
    """
    waiting, root = [str(folder)], os.path.realpath(folder)
    while waiting:
        here = waiting.pop()
        with os.scandir(here) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        yield os.fsencode(os.path.relpath(here, folder))
        for entry in listed:
            if entry.name.startswith("."):
                yield from _hidden(entry, root)
                continue
            if entry.is_dir():
                if entry.is_symlink():
                    raise OSError
                waiting.append(entry.path)
            elif entry.is_file() and not (output and entry.name == output.name and Path(entry).samefile(output)):
                yield from (os.fsencode(entry.name), _hash_within(entry, root))
            else:
                yield os.fsencode(entry.name)


def _hash_within(entry: os.DirEntry[str], root: str) -> bytes:
    """A hash of the file or, for a link that leads outside `root` and isn't read, of its target."""
    if entry.is_symlink():
        real = os.path.realpath(entry.path)
        if os.path.commonpath((real, root)) != root:
            return os.fsencode(real)
    return _hash_of(entry.path)


def _hidden(entry: os.DirEntry[str], root: str) -> Iterator[str | bytes]:
    """Hidden files and folders that a book can depend on: settings of tools, which chapbook reads by name."""
    if entry.name in {".gitbook.yaml", ".vitepress", ".obsidian"}:
        yield os.fsencode(entry.name)
        yield from (_hash_within(entry, root),) if entry.is_file() else ()
        if entry.is_dir():
            named = (each for each in os.scandir(entry.path) if each.name.startswith(("config.", "templates.")))
            yield from (
                _hash_within(each, root) for each in sorted(named, key=lambda each: each.name) if each.is_file()
            )


def _hash_of(path: str | Path) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - of a string
        return hashlib.file_digest(file, "sha256").digest()


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
    """Keeps the `report` of a book made from `state`, if the next build can't come out differently."""
    cache = Cache(request.choices.cache) if state and request.choices.cache else None
    if cache is None or not report.ok:
        return
    try:
        output = _hash_of(request.output) if request.output else b""
    except OSError:
        return
    entry = entry_of(_Kept(report=replace(report, output=None, unchanged=False, changes=None), output=output))
    if entry:
        cache.write(state, entry)
