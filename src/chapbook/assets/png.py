"""Reads the chunks of a PNG file (W3C PNG, third edition) and removes metadata."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from msgspec import Struct

from chapbook.assets.exif import Exif, parse_exif, says_place

__all__ = ["PngMetadata", "read_png_metadata", "strip_png"]

_TEXT = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_NEEDED = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"iCCP",
        b"sBIT",
        b"sRGB",
        b"bKGD",
        b"pHYs",
        b"cICP",
    }
)
"""Chunks before the last one that say how the still picture looks."""
_MOST_CHUNKS = 100_000
_END = b"\0\0\0\0IEND\xaeB`\x82"
"""The last chunk (PNG, 11.2.5), always of these bytes."""


class Chunk(Struct, frozen=True):
    """One chunk, from `start` to `end` in the file, including its length and checksum."""

    name: bytes
    start: int
    end: int


class PngMetadata(Struct, frozen=True):
    """What a PNG's metadata says."""

    exif: Exif
    animated: bool


def read_png_metadata(data: bytes) -> PngMetadata:
    """Reads the chunks and skips damaged ones. Compressed text isn't opened; chapbook assumes it has no location.

    Raises ValueError if the chunks never end.
    """
    exif, located, animated, ended = Exif(), False, False, False
    for chunk in _chunks(data):
        content = data[chunk.start + 8 : chunk.end - 4]
        if chunk.name == b"eXIf":
            exif = parse_exif(content)
            located = located or exif.located
        elif chunk.name in _TEXT:
            located = located or says_place(content) or content.startswith(b"Raw profile type exif")
        if _is_spoilt(data, chunk):
            located = True  # nobody can tell what it says, and readers stop at it: remove it like a location
        animated = animated or chunk.name == b"acTL"
        ended = data[chunk.start : chunk.end] == _END
    located = located or not ended  # readers stop at what stands there, or wait for more
    return PngMetadata(Exif(exif.orientation, located), animated)


def _is_spoilt(data: bytes, chunk: Chunk) -> bool:
    """Whether `chunk` has a wrong checksum and isn't needed to show the pixels (PNG, 5.3 and 5.4)."""
    return chunk.name[:1].islower() and not _is_whole(data, chunk)


def _is_whole(data: bytes, chunk: Chunk) -> bool:
    return crc32(data[chunk.start + 4 : chunk.end - 4]).to_bytes(4, "big") == data[chunk.end - 4 : chunk.end]


def strip_png(data: bytes) -> bytes:
    """Removes Exif, text, time, further frames and damaged chunks; keeps what the still picture needs."""
    kept = (each for each in _chunks(data) if each.name in _NEEDED and not _is_spoilt(data, each))
    return data[:8] + b"".join(data[chunk.start : chunk.end] for chunk in kept) + _END


def _chunks(data: bytes) -> Iterator[Chunk]:
    at, count = 8, 0
    while at + 12 <= len(data):
        count += 1
        if count > _MOST_CHUNKS:
            raise ValueError("it has more chunks than any picture needs")
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        yield Chunk(name, at, min(end, len(data)))
        if name == b"IEND":
            return
        at = end
