"""What has changed from one edition of a book's file to the next, by the content documents of both."""

from __future__ import annotations

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
"""Bytes of a package document that is read."""
_FAULTS = (OSError, ValueError, KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError)


def documents_of(path: Path) -> Mapping[str, int] | None:
    """The chapters of a book that chapbook wrote, in reading order, each with the checksum of its content.

    ``None`` where there is no such file. Nothing is unpacked but the package document.
    """
    folder = f"{FOLDER}/"
    try:
        with zipfile.ZipFile(path) as archive:
            checksums = {each.filename.removeprefix(folder): each.CRC for each in archive.infolist()}
            with archive.open(folder + PACKAGE_NAME) as file:
                package = file.read(_MOST).decode()
    except _FAULTS:
        return None
    by_id = {item_id(name): name for name in checksums if name.startswith("text/")}
    order = (by_id[each] for each in _ITEM.findall(package) if each in by_id)
    return {name: checksums[name] for name in order}


def changes_between(before: Mapping[str, int], after: Mapping[str, int]) -> Changes:
    """The chapters of `after` that are new or other than in `before`, those that stand elsewhere, and those gone."""
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
    """As many of `places` as rise, one after the other: a longest increasing subsequence."""
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
