"""Which files change: folders are looked at again and again.

No library of notifications is needed, and network file systems, containers and editors that write beside the file
and rename it, which give or withhold notifications each in its own way, are all alike here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

__all__ = ["changes", "look"]

_EVERY = 0.3
"""Seconds between two looks."""
_SHARE = 10
"""A look that takes long is followed by a rest of so many times as long."""
_SETTLING = 0.1
"""Seconds without a change after which one is taken to be whole: editors and `git checkout` write many files."""
_MOST_SETTLING = 50
_MOST_FILES = 50_000
_SKIPPED = frozenset({"node_modules"})

Stamp = tuple[int, int, int]
"""Of a file: when it was changed, its size, and which one it is."""


def look(roots: Iterable[Path]) -> dict[str, Stamp]:
    """Every file in `roots`, folders or files, by its absolute path. Hidden ones are left out, as they are of books."""
    found: dict[str, Stamp] = {}
    open_ = [os.path.abspath(root) for root in roots]  # noqa: PTH100 - a link that the user gave is not followed here
    while open_ and len(found) < _MOST_FILES:
        folder = open_.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.name in _SKIPPED:
                        continue
                    with suppress(OSError):  # gone meanwhile
                        if entry.is_dir(follow_symlinks=False):
                            open_.append(entry.path)
                        else:
                            found[entry.path] = _stamp(entry.stat())
        except NotADirectoryError:
            with suppress(OSError):
                found[folder] = _stamp(os.stat(folder))  # noqa: PTH116 - a string is as good
        except OSError:
            continue
    return found


def _stamp(status: os.stat_result) -> Stamp:
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def changes(roots: Iterable[Path], before: Mapping[str, Stamp], ours: AbstractSet[str]) -> Iterator[frozenset[str]]:
    """Waits, and yields the paths of files that came, went or changed since `before`, and then since each time.

    The paths of `ours`, which may become more, are those of the books that are built: no changes. The iteration
    does not end by itself.
    """
    roots = tuple(roots)
    seen = dict(before)
    while True:
        begun = time.monotonic()
        now = look(roots)
        changed = _changed(seen, now, ours)
        if changed:
            now = _settled(roots, now)
            changed |= _changed(seen, now, ours)
            seen = now
            yield frozenset(changed)
        time.sleep(max(_EVERY, _SHARE * (time.monotonic() - begun)) if not changed else 0)


def _settled(roots: Iterable[Path], before: dict[str, Stamp]) -> dict[str, Stamp]:
    for _ in range(_MOST_SETTLING):
        time.sleep(_SETTLING)
        now = look(roots)
        if now == before:
            break
        before = now
    return before


def _changed(before: Mapping[str, Stamp], now: Mapping[str, Stamp], ours: AbstractSet[str]) -> set[str]:
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)} - ours
