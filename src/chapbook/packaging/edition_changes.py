"""Finds what changed between two editions of a book's file, by comparing their content documents."""

from __future__ import annotations

import os
import re
import zipfile
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path

from chapbook.model.diagnostics import Changes
from chapbook.model.names import item_id
from chapbook.packaging.publication import FOLDER, PACKAGE_NAME

__all__ = ["changes_between", "documents_of", "rising"]

_ITEM = re.compile(r'<itemref\b[^>]*?\bidref="([^"]*)"')
_MOST = 16_000_000
"""The most bytes of a package document that is read."""
_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK"))
"""Nobody waits for a pipe that has the name of a book."""
_FAULTS = (OSError, ValueError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError)


def documents_of(path: Path) -> Mapping[str, int] | None:
    """The chapters of a book that chapbook wrote, in reading order, each with its checksum.

    ``None`` if there is no such file. Only the package document is unpacked.
    """
    folder = f"{FOLDER}/"
    try:
        descriptor = os.open(path, os.O_RDONLY | _FLAGS)
        with open(descriptor, "rb") as whole, zipfile.ZipFile(whole) as archive:  # noqa: PTH123 - of a descriptor
            checksums = {each.filename.removeprefix(folder): each.CRC for each in archive.infolist()}
            with archive.open(folder + PACKAGE_NAME) as file:
                package = file.read(_MOST).decode()
    except _FAULTS:
        return None
    by_id = {item_id(name): name for name in checksums if name.startswith("text/")}
    order = (by_id[each] for each in _ITEM.findall(package) if each in by_id)
    return {name: checksums[name] for name in order}


def changes_between(before: Mapping[str, int], after: Mapping[str, int]) -> Changes:
    """The chapters of `after` that are new, changed, moved or gone, compared with `before`."""
    common = [name for name in after if name in before]
    places = {name: at for at, name in enumerate(before)}
    kept = rising([places[name] for name in common])
    return Changes(
        added=tuple(name for name in after if name not in before),
        changed=tuple(name for name in common if before[name] != after[name]),
        moved=tuple(name for name in common if places[name] not in kept),
        removed=tuple(name for name in before if name not in after),
    )


def rising(places: Sequence[int]) -> set[int]:
    """The most of `places` that are in rising order: a longest increasing subsequence."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [at]
    found, at = set(), last[-1] if last else -1
    while at >= 0:
        found.add(places[at])
        at = before[at]
    return found
