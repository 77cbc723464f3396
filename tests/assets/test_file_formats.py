from __future__ import annotations

import pytest

from chapbook.assets.file_formats import FORMATS, sniff
from support.pictures import drawing, photograph, saved

_MADE = [
    ("JPEG", "JPEG"),
    ("PNG", "PNG"),
    ("GIF", "GIF"),
    ("WEBP", "WebP"),
    ("BMP", "BMP"),
    ("TIFF", "TIFF"),
    ("AVIF", "AVIF"),
    ("ICO", "ICO"),
    ("PDF", "PDF"),
    ("JPEG2000", "JPEG 2000"),
]

_WRITTEN = [
    (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a > b <html> --><svg viewBox="0 0 1 1"/>', "SVG"),
    ('<?xml version="1.0" encoding="utf-16"?><svg/>'.encode("utf-16"), "SVG"),
    (b'<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>', "SVG"),
    (b"<!DOCTYPE html><html><body><svg/></body></html>", "HTML"),
    (b"%!PS-Adobe-3.0", "PostScript"),
    (b"\x1f\x8b\x08\x00rest", "gzip"),
    (b"PK\x03\x04rest", "ZIP"),
    (b"8BPS\0\1", "Photoshop"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
    (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "MP4"),
    (b"\0\1\0\0\0\x0c", "TrueType font"),
    (b"true\0\x0c", "TrueType font"),
    (b"OTTO\0\x0c", "OpenType font"),
    (b"wOFF\0\1\0\0", "WOFF font"),
    (b"wOF2\0\1\0\0", "WOFF2 font"),
    (b"ttcf\0\1\0\0", "font collection"),
    (b"\0" * 8 + b"\2\0\2\0" + b"\0" * 22 + b"LP", "EOT font"),
    (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
]


@pytest.mark.parametrize(("form", "name"), _MADE)
def test_a_picture_is_known_by_its_bytes(form: str, name: str) -> None:
    kind = sniff(saved(photograph(64, 64), form))
    assert kind is FORMATS[name]


@pytest.mark.parametrize(("data", "name"), _WRITTEN)
def test_text_and_containers_are_known_by_their_beginning(data: bytes, name: str) -> None:
    assert sniff(data) is FORMATS[name]


@pytest.mark.parametrize(
    "data",
    [b"", b"BM", b"BMW is a car maker, and this is a sentence.", b"plain words", b"\0" * 64, b"<p>a</p>", b"RIFF"],
)
def test_what_is_no_picture_is_nothing(data: bytes) -> None:
    assert sniff(data) is None


def test_a_media_type_names_one_format() -> None:
    types = [kind.media_type for kind in FORMATS.values()]
    assert len(types) == len(set(types))
    assert "image/jpg" not in types


def test_a_bitmap_needs_its_header() -> None:
    data = saved(drawing(), "BMP")
    assert sniff(data) is FORMATS["BMP"]
    assert sniff(data[:14]) is None
