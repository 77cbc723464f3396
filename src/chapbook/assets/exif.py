"""Reads the two things that matter in Exif metadata (CIPA DC-008): which way is up, and whether it has a location."""

from __future__ import annotations

import struct

from msgspec import Struct

__all__ = ["Exif", "parse_exif", "says_place"]

_ORIENTATION = 0x0112
_GPS = 0x8825
_ENTRY = 12
_SHORT, _LONG = 3, 4


class Exif(Struct, frozen=True):
    """`orientation` is 1 (upright) to 8 (TIFF 6.0, section 8); `located` says whether the metadata has a location."""

    orientation: int = 1
    located: bool = False


def parse_exif(tiff: bytes) -> Exif:
    """Reads the first image file directory of an Exif block; `tiff` starts at its TIFF header.

    An unreadable block counts as having a location, because it may hide one.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return Exif(located=True)
    try:
        return _directory(tiff, order)
    except struct.error:
        return Exif(located=True)


def _directory(tiff: bytes, order: str) -> Exif:
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    orientation, located = 1, False
    for at in range(start + 2, start + 2 + count * _ENTRY, _ENTRY):
        tag, kind, _ = struct.unpack_from(order + "HHI", tiff, at)
        located = located or tag == _GPS
        if tag == _ORIENTATION and kind in {_SHORT, _LONG}:
            (value,) = struct.unpack_from(order + ("H" if kind == _SHORT else "I"), tiff, at + 8)
            orientation = value if 1 <= value <= 8 else 1  # noqa: PLR2004 - the eight orientations
    return Exif(orientation, located)


def says_place(xmp: bytes) -> bool:
    """Whether an XMP or IPTC block names a place: coordinates, city, country or location."""
    return any(word in xmp for word in (b"GPS", b"photoshop:City", b"photoshop:Country", b"Iptc4xmp", b":Location"))
