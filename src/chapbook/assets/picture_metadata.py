"""The metadata of JPEG, PNG and GIF files: which way is up, whether it says a place, and the file without it.

The pixels aren't decoded, so they don't change. Formats: ITU-T T.81, annex B; W3C PNG, third edition; GIF89a; Exif
(CIPA DC-008).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from zlib import crc32

from msgspec import Struct

__all__ = ["PictureMetadata", "read_metadata", "without_metadata"]


class PictureMetadata(Struct, frozen=True):
    """What a file says beside its pixels."""

    orientation: int = 1
    """1 (upright) to 8 (TIFF 6.0, section 8)."""
    located: bool = False
    """Whether it says, or may hide, where the picture was taken; only if chapbook can remove that."""
    animated: bool = False


def read_metadata(name: str, data: bytes) -> PictureMetadata:
    """The metadata of the file `data` in the format `name`; skips what is damaged. Raises ValueError for a bomb."""
    read = {"JPEG": _read_jpeg, "PNG": _read_png, "GIF": _read_gif}.get(name)
    return read(data) if read else PictureMetadata()


def without_metadata(name: str, data: bytes) -> bytes:
    """The file `data` in the format `name` with the same still picture and no metadata; unchanged in other formats."""
    strip = {"JPEG": _strip_jpeg, "PNG": _strip_png, "GIF": _strip_gif}.get(name)
    return strip(data) if strip else data


_ORIENTATION, _GPS = 0x0112, 0x8825
_ENTRY = 12
_SHORT, _LONG = 3, 4


def _read_exif(tiff: bytes) -> PictureMetadata:
    """Reads the first image file directory of an Exif block; `tiff` starts at its TIFF header.

    An unreadable block counts as having a location, because it may hide one.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    try:
        return _read_directory(tiff, order) if order else PictureMetadata(located=True)
    except struct.error:
        return PictureMetadata(located=True)


def _read_directory(tiff: bytes, order: str) -> PictureMetadata:
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    orientation, located = 1, False
    for at in range(start + 2, start + 2 + count * _ENTRY, _ENTRY):
        tag, kind, _ = struct.unpack_from(order + "HHI", tiff, at)
        located = located or tag == _GPS
        if tag == _ORIENTATION and kind in {_SHORT, _LONG}:
            (value,) = struct.unpack_from(order + ("H" if kind == _SHORT else "I"), tiff, at + 8)
            orientation = value if 1 <= value <= 8 else 1  # noqa: PLR2004 - the eight orientations
    return PictureMetadata(orientation, located)


def _says_place(text: bytes) -> bool:
    """Whether an XMP or IPTC block names a place: coordinates, city, country or location."""
    return any(word in text for word in (b"GPS", b"photoshop:City", b"photoshop:Country", b"Iptc4xmp", b":Location"))


_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_JFIF, _APP1, _APP2, _APP13, _APP14, _COMMENT = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length: TEM and the restart markers."""
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]", re.DOTALL)
"""In a scan, a marker that begins a segment or ends the picture."""
_MOST_SEGMENTS = 10_000
_EXIF = b"Exif\0"


class _Segment(Struct, frozen=True):
    """One marker segment of a JPEG, from `start` to `end`; `content` is what follows its two length bytes."""

    marker: int
    start: int
    end: int
    content: bytes


def _read_jpeg(data: bytes) -> PictureMetadata:
    """Reads the segments before the image data."""
    orientation, located = 1, False
    for segment in _segments(data):
        content = segment.content
        if segment.marker == _APP1 and content.startswith(_EXIF):
            exif = _read_exif(content[6:])
            orientation = exif.orientation if orientation == 1 else orientation
            located = located or exif.located
        elif segment.marker in {_APP1, _APP13, _COMMENT}:
            located = located or _says_place(content) or (segment.marker == _APP13 and _iptc_place(content))
    return PictureMetadata(orientation, located)


def _strip_jpeg(data: bytes) -> bytes:
    """Removes Exif, XMP, IPTC, comments, previews and everything after the end of the picture.

    Keeps the ICC profile and everything needed for decoding.
    """
    kept, at = [data[:2]], 2
    for segment in _segments(data):
        kept.append(data[at : segment.start])
        if not _is_metadata(segment):
            kept.append(data[segment.start : segment.end])
        at = segment.end
    return b"".join(kept) + data[at : _end(data, at)]


def _is_metadata(segment: _Segment) -> bool:
    if segment.marker == _COMMENT:
        return True
    if not 0xE0 <= segment.marker <= 0xEF:  # noqa: PLR2004 - APP0 to APP15
        return False
    if segment.marker == _APP2:
        return not segment.content.startswith(b"ICC_PROFILE\0")
    if segment.marker == _APP14:
        return not segment.content.startswith(b"Adobe")  # its colour transform
    return segment.marker != _JFIF


def _segments(data: bytes) -> Iterator[_Segment]:
    """Yields the marker segments before the first scan. Raises ValueError if they never end."""
    at, count = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - the byte that begins every marker
        count += 1
        if count > _MOST_SEGMENTS:
            raise ValueError("it has more segments than any picture needs")
        marker = data[at + 1]
        if marker == 0xFF or marker in _ALONE:  # noqa: PLR2004 - a fill byte
            at += 1 if marker not in _ALONE else 2
            continue
        if marker in {_SOI, _EOI, _SOS}:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data) or end < at + 4:
            return
        yield _Segment(marker, at, end, data[at + 4 : end])
        at = end


def _end(data: bytes, at: int) -> int:
    """The position after the picture's end marker; cameras append films and second pictures there.

    In a scan, 0xFF is followed by zero or a restart marker, so the first end marker found there is the real one.
    Segments between the scans of a progressive picture are skipped by their lengths.
    """
    while found := _MARKER.search(data, at):
        if data[found.start() + 1] == _EOI:
            return found.end()
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return len(data)


def _iptc_place(content: bytes) -> bool:
    """Whether an IPTC-IIM block has a dataset that names a place: 2:26, 2:90, 2:92, 2:95, 2:100 or 2:101."""
    return any(b"\x1c\x02" + bytes((number,)) in content for number in (26, 90, 92, 95, 100, 101))


_TEXT = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_NEEDED = frozenset(b"IHDR PLTE IDAT tRNS cHRM gAMA iCCP sBIT sRGB bKGD pHYs cICP".split())
"""Chunks before the last one that say how the still picture looks."""
_MOST_CHUNKS = 100_000
_LAST_CHUNK = b"\0\0\0\0IEND\xaeB`\x82"
"""Always of these bytes (PNG, 11.2.5)."""


class _Chunk(Struct, frozen=True):
    """One chunk of a PNG, from `start` to `end` in the file, including its length and checksum."""

    name: bytes
    start: int
    end: int


def _read_png(data: bytes) -> PictureMetadata:
    """Compressed text isn't opened; chapbook assumes that it has no location."""
    orientation, located, animated, ended = 1, False, False, False
    for chunk in _chunks(data):
        content = data[chunk.start + 8 : chunk.end - 4]
        if chunk.name == b"eXIf":
            exif = _read_exif(content)
            orientation, located = exif.orientation, located or exif.located
        elif chunk.name in _TEXT:
            located = located or _says_place(content) or content.startswith(b"Raw profile type exif")
        if _is_spoilt(data, chunk):
            located = True  # nobody can tell what it says, and readers stop at it: remove it like a location
        animated = animated or chunk.name == b"acTL"
        ended = data[chunk.start : chunk.end] == _LAST_CHUNK
    located = located or not ended  # readers stop at what stands there, or wait for more
    return PictureMetadata(orientation, located, animated)


def _is_spoilt(data: bytes, chunk: _Chunk) -> bool:
    """Whether `chunk` has a wrong checksum and isn't needed to show the pixels (PNG, 5.3 and 5.4)."""
    if not chunk.name[:1].islower():
        return False
    return crc32(data[chunk.start + 4 : chunk.end - 4]).to_bytes(4, "big") != data[chunk.end - 4 : chunk.end]


def _strip_png(data: bytes) -> bytes:
    """Removes Exif, text, time, further frames and damaged chunks."""
    kept = (each for each in _chunks(data) if each.name in _NEEDED and not _is_spoilt(data, each))
    return data[:8] + b"".join(data[chunk.start : chunk.end] for chunk in kept) + _LAST_CHUNK


def _chunks(data: bytes) -> Iterator[_Chunk]:
    at, count = 8, 0
    while at + 12 <= len(data):
        count += 1
        if count > _MOST_CHUNKS:
            raise ValueError("it has more chunks than any picture needs")
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        yield _Chunk(name, at, min(end, len(data)))
        if name == b"IEND":
            return
        at = end


_EXTENSION, _FRAME, _TRAILER = 0x21, 0x2C, 0x3B
_COMMENT_BLOCK, _APPLICATION = 0xFE, 0xFF
_MOST_BLOCKS = 50_000
_LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})


class _Block(Struct, frozen=True):
    """A block of a GIF from `start` to `end`: a frame, or an extension (metadata or not)."""

    start: int
    end: int
    frame: bool
    metadata: bool


def _read_gif(data: bytes) -> PictureMetadata:
    """Counts the frames. Raises ValueError if the file ends inside a block or has an unknown block."""
    return PictureMetadata(animated=sum(block.frame for block in _blocks(data)) > 1)


def _strip_gif(data: bytes) -> bytes:
    """Removes comments and XMP; keeps all frames and the loop count."""
    blocks = tuple(_blocks(data))
    if not any(block.metadata for block in blocks):
        return data
    kept = (data[block.start : block.end] for block in blocks if not block.metadata)
    return data[: blocks[0].start] + b"".join(kept) + bytes((_TRAILER,))


def _blocks(data: bytes) -> Iterator[_Block]:
    at = 13 + _table(data, 10)
    frames = count = 0
    while at < len(data) and data[at] != _TRAILER:
        count += 1
        if count > _MOST_BLOCKS:
            raise ValueError("it has more blocks than any picture needs")
        start, frame, metadata = at, data[at] == _FRAME, False
        if frame:
            frames += 1
            at = _past_blocks(data, at + 10 + _table(data, at + 9) + 1)
        elif data[at] == _EXTENSION:
            kind, maker = data[at + 1 : at + 2], data[at + 3 : at + 14]
            metadata = kind == bytes((_COMMENT_BLOCK,)) or (kind == bytes((_APPLICATION,)) and maker not in _LOOPS)
            at = _past_blocks(data, at + 2)
        elif frames:
            return  # some programs add bytes after the last frame
        else:
            raise ValueError("it holds something that isn't a GIF block")
        yield _Block(start, at, frame, metadata)


def _table(data: bytes, at: int) -> int:
    """The length in bytes of the colour table that the flags at `at` describe."""
    if at >= len(data):
        raise ValueError("the file ends early")
    return 3 << ((data[at] & 7) + 1) if data[at] & 0x80 else 0


def _past_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += data[at] + 1
    if at >= len(data):
        raise ValueError("the file ends early")
    return at + 1
