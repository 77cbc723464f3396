"""The segments of a JPEG file (ITU-T T.81, annex B): its metadata, and the file without them, pixels untouched."""

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
"""In a scan: a marker that begins a segment or ends the picture."""
_MOST_SEGMENTS = 10_000
_EXIF = b"Exif\0"
_KEPT = frozenset({0xE0})
"""Application segments that stay: JFIF; and by their content the ICC profile and Adobe's colour transform."""


class Segment(Struct, frozen=True):
    """One marker segment: `start` to `end` in the file, its two length bytes' `content`."""

    marker: int
    start: int
    end: int
    content: bytes


class JpegMetadata(Struct, frozen=True):
    """What a JPEG says about itself beside its pixels."""

    exif: Exif


def read_jpeg_metadata(data: bytes) -> JpegMetadata:
    """Reads the segments before the picture's own bytes; what is damaged there is passed over."""
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
    """The same picture without Exif, XMP, IPTC, comments, previews and what follows its end.

    The ICC profile and what decoding needs stay, so every pixel does.
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
    """The marker segments up to and without the first scan. Raises ValueError where there is no end to them."""
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
    """Where the picture ends: after its end marker, whatever a camera appended (films, second pictures).

    In a scan 0xFF is followed by zero or a restart marker, so the first end marker there is the real one;
    segments between the scans of a progressive picture are passed over by their lengths.
    """
    while found := _MARKER.search(data, at):
        if data[found.start() + 1] == _EOI:
            return found.end()
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")
    return len(data)


def _iptc_place(content: bytes) -> bool:
    """Whether IPTC-IIM has a dataset of place: 2:26, 2:90, 2:92, 2:95, 2:100 or 2:101."""
    return any(b"\x1c\x02" + bytes((number,)) in content for number in (26, 90, 92, 95, 100, 101))


def count_scans(data: bytes) -> int:
    """The scans of a JPEG: one, about ten where it is progressive, thousands in a file made to keep decoders busy."""
    return data.count(b"\xff\xda")
