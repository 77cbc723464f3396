"""Which characters a font file has: its ``cmap`` table (OpenType 1.9), read without loading the font."""

from __future__ import annotations

import struct
from bisect import bisect_right
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

__all__ = ["Coverage", "read_coverages"]

_COLLECTION = b"ttcf"
_UNICODE = frozenset({(3, 10), (0, 4), (0, 6), (3, 1), (0, 3), (0, 0), (0, 1), (0, 2)})
"""Platform and encoding of the subtables that map Unicode."""
_MAX_FACES = 64
_MAX_TABLE = 8_000_000
_SEGMENTED, _GROUPED = 4, 12


class Coverage(Struct, frozen=True, eq=False):
    """The characters of one face, as sorted ranges without overlap: `starts` and inclusive `ends`.

    Large, and so compared by identity.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, character: str) -> bool:
        """Whether the face has a glyph for `character`."""
        at = bisect_right(self.starts, ord(character)) - 1
        return at >= 0 and ord(character) <= self.ends[at]


def read_coverages(path: Path) -> tuple[Coverage, ...]:
    """The coverage of each face in the font file at `path`, a collection's in its order.

    A file that is no font, or cannot be read, has none.
    """
    try:
        with path.open("rb") as file:
            return tuple(_read_face(file, start) for start in _faces(file))
    except (OSError, struct.error, ValueError):
        return ()


def _faces(file: BinaryIO) -> tuple[int, ...]:
    if file.read(4) != _COLLECTION:
        return (0,)
    _, count = struct.unpack(">II", file.read(8))
    count = min(count, _MAX_FACES)
    return struct.unpack(f">{count}I", file.read(4 * count))


def _read_face(file: BinaryIO, start: int) -> Coverage:
    file.seek(start + 4)
    (tables,) = struct.unpack(">H6x", file.read(8))
    directory = file.read(16 * tables)
    for tag, _, offset, length in struct.iter_unpack(">4sIII", directory):
        if tag == b"cmap":
            file.seek(offset)
            return _parse(file.read(min(length, _MAX_TABLE)))
    raise ValueError("a font without a cmap table")


def _parse(table: bytes) -> Coverage:
    (count,) = struct.unpack_from(">2xH", table)
    ranges: set[tuple[int, int]] = set()
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * index)
        if (platform, encoding) in _UNICODE:
            (kind,) = struct.unpack_from(">H", table, offset)
            if kind == _SEGMENTED:
                ranges |= _segments(table, offset)
            elif kind == _GROUPED:
                ranges |= _groups(table, offset)
    return _merged(ranges)


def _segments(table: bytes, at: int) -> set[tuple[int, int]]:
    """Format 4. A range that maps through the glyph array may hold gaps, which are looked at."""
    (double,) = struct.unpack_from(">H", table, at + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", table, at + 14)
    starts = struct.unpack_from(f">{count}H", table, at + 16 + double)
    offsets_at = at + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", table, offsets_at)
    found: set[tuple[int, int]] = set()
    for index, (start, end, offset) in enumerate(zip(starts, ends, offsets, strict=True)):
        if start > end or start == 0xFFFF:  # noqa: PLR2004 - the segment that ends the table
            continue
        if not offset:
            found.add((start, end))
            continue
        glyphs_at = offsets_at + 2 * index + offset
        glyphs = struct.unpack_from(f">{end - start + 1}H", table, glyphs_at)
        found.update((code, code) for code, glyph in enumerate(glyphs, start) if glyph)
    return found


def _groups(table: bytes, at: int) -> set[tuple[int, int]]:
    """Format 12."""
    (count,) = struct.unpack_from(">I", table, at + 12)
    groups = table[at + 16 : at + 16 + 12 * count]
    return {(start, end) for start, end, _ in struct.iter_unpack(">III", groups[: len(groups) // 12 * 12])}


def _merged(ranges: set[tuple[int, int]]) -> Coverage:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return Coverage(tuple(start for start, _ in merged), tuple(end for _, end in merged))
