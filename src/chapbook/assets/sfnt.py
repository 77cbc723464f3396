"""Reads from a font file what it is called and whether its licence allows embedding (OpenType 1.9).

Reads TrueType, OpenType and WOFF 1.0. Fonts are untrusted, so each offset and length is checked.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

__all__ = [
    "RESTRICTED",
    "RESTRICTED_HINT",
    "Coverage",
    "FontNames",
    "package_fonts",
    "read_coverages",
    "read_font",
]

RESTRICTED = "a font whose licence forbids embedding (OS/2 fsType)"
RESTRICTED_HINT = "ask its maker for a licence that allows it, or use another font"

_MOST_TABLES = 256
_LARGEST_TABLE = 2_000_000
"""The most bytes of one of the tables read here, unpacked."""
_RESTRICTED, _EMBEDDABLE, _NO_SUBSET, _BITMAP_ONLY = 0x0002, 0x000C, 0x0100, 0x0200
_FAMILY, _TYPOGRAPHIC_FAMILY, _LICENCE, _LICENCE_URL = 1, 16, 13, 14
_WINDOWS, _UNICODE, _MACINTOSH, _ENGLISH = 3, 0, 1, 0x409
_ITALIC, _OBLIQUE = 0x0001, 0x0200


def package_fonts(package: str) -> Path:
    """The folder with the fonts of a Python package, found without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.origin:
        raise FileNotFoundError(f"the Python package '{package}' is not installed")
    return Path(spec.origin).parent / "files"


class FontNames(Struct, frozen=True, kw_only=True):
    """A font's names and embedding licence, as the file states them."""

    family: str
    weight: int
    """1 to 1000, as in CSS."""
    italic: bool
    restricted: bool
    """Whether its licence forbids embedding (OS/2 ``fsType``)."""
    whole: bool = False
    """Whether its licence forbids subsets (OS/2 ``fsType``)."""
    licence: str = ""
    """The licence text in the font, and where to read it."""


def read_font(content: bytes) -> FontNames:
    """Reads the names and licence of the font `content`. Raises ValueError, worded for the author."""
    try:
        tables = _woff_tables(content) if content[:4] == b"wOFF" else _sfnt_tables(content)
        return _names(tables)
    except (struct.error, zlib.error, IndexError) as error:
        raise ValueError("damaged: a table lies beyond the end of the file") from error


def _names(tables: dict[bytes, bytes]) -> FontNames:
    missing = sorted(tag.decode("ascii") for tag in (b"name", b"head") if tag not in tables)
    if missing:
        raise ValueError(f"damaged: no table '{missing[0]}'")
    texts = _texts(tables[b"name"])
    family = texts.get(_TYPOGRAPHIC_FAMILY) or texts.get(_FAMILY, "")
    if not family:
        raise ValueError("without a family name")
    (mac_style,) = struct.unpack_from(">H", tables[b"head"], 44)
    weight, italic, restricted, whole = (700 if mac_style & 1 else 400), bool(mac_style & 2), False, False
    if b"OS/2" in tables:
        weight, fs_type = struct.unpack_from(">H2xH", tables[b"OS/2"], 4)
        (selection,) = struct.unpack_from(">H", tables[b"OS/2"], 62)
        italic = bool(selection & (_ITALIC | _OBLIQUE))
        restricted = bool(fs_type & _BITMAP_ONLY) or (bool(fs_type & _RESTRICTED) and not fs_type & _EMBEDDABLE)
        whole = bool(fs_type & _NO_SUBSET)
    return FontNames(
        family=family,
        weight=max(1, min(1000, weight)),
        italic=italic,
        restricted=restricted,
        whole=whole,
        licence=" ".join(texts[name] for name in (_LICENCE, _LICENCE_URL) if name in texts),
    )


def _sfnt_tables(content: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">H", content, 4)
    tables = {}
    for index in range(_checked(count)):
        tag, offset, length = struct.unpack_from(">4s4xII", content, 12 + 16 * index)
        if tag in _READ:
            tables[tag] = _slice(content, offset, length)
    return tables


def _woff_tables(content: bytes) -> dict[bytes, bytes]:
    """The tables of a WOFF file (WOFF File Format 1.0, sections 4 and 5)."""
    (count,) = struct.unpack_from(">H", content, 12)
    tables = {}
    for index in range(_checked(count)):
        tag, offset, packed, length = struct.unpack_from(">4sIII", content, 44 + 20 * index)
        if tag in _READ:
            data = _slice(content, offset, packed)
            if packed < length:
                data = zlib.decompressobj().decompress(data, min(length, _LARGEST_TABLE))
            tables[tag] = data
    return tables


_READ = frozenset({b"name", b"head", b"OS/2"})


def _checked(count: int) -> int:
    if not 0 < count <= _MOST_TABLES:
        raise ValueError("damaged: no list of tables")
    return count


def _slice(content: bytes, offset: int, length: int) -> bytes:
    if length > _LARGEST_TABLE or offset + length > len(content):
        raise ValueError("damaged: a table lies beyond the end of the file")
    return content[offset : offset + length]


def _texts(table: bytes) -> dict[int, str]:
    """The name records that chapbook uses, by name id (OpenType, table ``name``); in English if available."""
    count, storage = struct.unpack_from(">HH", table, 2)
    found: dict[int, tuple[int, str]] = {}
    total = 0
    for index in range(count):
        platform, _, language, name, length, offset = struct.unpack_from(">6H", table, 6 + 12 * index)
        total += length
        if total > _LARGEST_TABLE:  # thousands of records may point to the same long text
            raise ValueError("damaged: its names take more than 2 MB")
        if name not in _NAMES or platform not in {_WINDOWS, _UNICODE, _MACINTOSH}:
            continue
        raw = table[storage + offset : storage + offset + length]
        text = raw.decode("mac_roman" if platform == _MACINTOSH else "utf-16-be", "ignore")
        text = "".join(character for character in text if character.isprintable()).strip()
        if text:
            english = platform == _WINDOWS and language == _ENGLISH
            rank = 0 if english else 1 if platform == _UNICODE else 2
            found[name] = min(found.get(name, (rank, text)), (rank, text))
    return {name: text for name, (_, text) in found.items()}


_NAMES = frozenset({_FAMILY, _TYPOGRAPHIC_FAMILY, _LICENCE, _LICENCE_URL})


_COLLECTION = b"ttcf"
_UNICODE_SUBTABLES = frozenset({(3, 10), (0, 4), (0, 6), (3, 1), (0, 3), (0, 0), (0, 1), (0, 2)})
"""Platform and encoding ids of the subtables that map Unicode."""
_MAX_FACES = 64
_MAX_TABLE = 8_000_000
_SEGMENTED, _GROUPED = 4, 12


class Coverage(Struct, frozen=True, eq=False):
    """The characters that one face supports, as sorted, separate ranges: `starts`, and `ends` (inclusive).

    It is large, so two are compared by identity.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, character: str) -> bool:
        """Whether the face has a glyph for `character`."""
        at = bisect_right(self.starts, ord(character)) - 1
        return at >= 0 and ord(character) <= self.ends[at]


def read_coverages(path: Path) -> tuple[Coverage, ...]:
    """The coverage of each face in the font file at `path`; a collection has several, in order.

    Empty for a file that isn't a font or can't be read.
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
        if (platform, encoding) in _UNICODE_SUBTABLES:
            (kind,) = struct.unpack_from(">H", table, offset)
            if kind == _SEGMENTED:
                ranges |= _segments(table, offset)
            elif kind == _GROUPED:
                ranges |= _groups(table, offset)
    return _merged(ranges)


def _segments(table: bytes, at: int) -> set[tuple[int, int]]:
    """The ranges of a cmap subtable of format 4. Ranges that map through the glyph array may have gaps inside."""
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
    """The ranges of a cmap subtable of format 12."""
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
