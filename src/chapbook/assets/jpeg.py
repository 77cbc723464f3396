"""Reads the segments of a JPEG file (ITU-T T.81, annex B) and removes metadata without touching the pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from chapbook.assets.exif import Exif, parse_exif, says_place

__all__ = ["JpegMetadata", "count_scans", "read_jpeg_metadata", "strip_jpeg"]

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP1, _APP2, _APP13, _APP14, _COMMENT = 0xE1, 0xE2, 0xED, 0xEE, 0xFE
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length: TEM and the restart markers."""
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]", re.DOTALL)
"""In a scan, a marker that begins a segment or ends the picture."""
_MOST_SEGMENTS = 10_000
_EXIF = b"Exif\0"
_KEPT = frozenset({0xE0})
"""Application segments that stay: JFIF, and, recognised by content, the ICC profile and Adobe's colour transform."""


class Segment(Struct, frozen=True):
    """One marker segment, from `start` to `end` in the file; `content` is what follows its two length bytes."""

    marker: int
    start: int
    end: int
    content: bytes


class JpegMetadata(Struct, frozen=True):
    """What a JPEG's metadata says."""

    exif: Exif


def read_jpeg_metadata(data: bytes) -> JpegMetadata:
    """Reads the segments before the image data; skips damaged ones."""
    orientation, located = 1, False
    for segment in _segments(data):
        content = segment.content
        if segment.marker == _APP1 and content.startswith(_EXIF):
            exif = parse_exif(content[6:])
            orientation = exif.orientation if orientation == 1 else orientation
            located = located or exif.located
        elif segment.marker in {_APP1, _APP13, _COMMENT}:
            located = located or says_place(content) or (segment.marker == _APP13 and _iptc_place(content))
    return JpegMetadata(Exif(orientation, located))


def strip_jpeg(data: bytes) -> bytes:
    """Removes Exif, XMP, IPTC, comments, previews and everything after the end of the picture.

    Keeps the ICC profile and everything needed for decoding, so the pixels don't change.
    """
    kept, at = [data[:2]], 2
    for segment in _segments(data):
        kept.append(data[at : segment.start])
        if not _is_metadata(segment):
            kept.append(data[segment.start : segment.end])
        at = segment.end
    return b"".join(kept) + data[at : _end(data, at)]


def _is_metadata(segment: Segment) -> bool:
    if segment.marker == _COMMENT:
        return True
    if not 0xE0 <= segment.marker <= 0xEF:  # noqa: PLR2004 - APP0 to APP15
        return False
    if segment.marker == _APP2:
        return not segment.content.startswith(b"ICC_PROFILE\0")
    if segment.marker == _APP14:
        return not segment.content.startswith(b"Adobe")
    return segment.marker not in _KEPT


def _segments(data: bytes) -> Iterator[Segment]:
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
        yield Segment(marker, at, end, data[at + 4 : end])
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


def count_scans(data: bytes) -> int:
    """The number of scans: one; about ten in a progressive JPEG; thousands in a file made to overload decoders."""
    return data.count(b"\xff\xda")
