"""The formats of files, recognised by their bytes, and a picture in the format in which it goes into the book.

Neither a file's name nor the host's media types count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.value import Value

__all__ = ["FORMATS", "Fit", "FittedImage", "Format", "ImageError", "damaged", "sniff", "too_large"]

Role = Literal["ships", "converted", "font", "foreign"]


class Format(Struct, frozen=True, kw_only=True):
    """A file format: its name, its media type (IANA) and what chapbook does with such a file."""

    name: str
    media_type: str
    suffix: str
    role: Role
    """``ships``: a picture that all reading systems accept; ``converted``: chapbook converts it to JPEG or PNG;
    ``font``: a font that reading systems accept (EPUB 3.3, section 3.2); ``foreign``: only named in messages.
    """

    @property
    def described(self) -> str:
        """The format with its article: ``an MP4 file``."""
        return f"{'an' if self.name in _AN else 'a'} {self.name} file"

    @property
    def way_out(self) -> str:
        """What the author can do if a file of this format is used as a picture or font."""
        return _WAYS_OUT.get(self.name, "export it as JPEG, PNG or SVG")


_AN = frozenset({"HTML", "MP4", "enhanced metafile", "OpenType font", "EOT font"})
_WAYS_OUT = MappingProxyType(
    {
        "gzip": "if it is a compressed SVG, unpack it",
        "Git LFS pointer": "fetch the real file with 'git lfs pull'",
        "EOT font": "give it as TTF, OTF or WOFF",
        "font collection": "give one of its fonts as TTF or OTF",
    }
)


def _format(name: str, media_type: str, suffix: str, role: Role) -> tuple[str, Format]:
    return name, Format(name=name, media_type=media_type, suffix=suffix, role=role)


FORMATS = MappingProxyType(
    dict(
        (
            _format("JPEG", "image/jpeg", ".jpg", "ships"),
            _format("PNG", "image/png", ".png", "ships"),
            _format("GIF", "image/gif", ".gif", "ships"),
            _format("SVG", "image/svg+xml", ".svg", "ships"),
            _format("WebP", "image/webp", ".webp", "converted"),
            _format("BMP", "image/bmp", ".bmp", "converted"),
            _format("TIFF", "image/tiff", ".tiff", "converted"),
            _format("AVIF", "image/avif", ".avif", "converted"),
            _format("ICO", "image/vnd.microsoft.icon", ".ico", "converted"),
            _format("TrueType font", "font/ttf", ".ttf", "font"),
            _format("OpenType font", "font/otf", ".otf", "font"),
            _format("WOFF font", "font/woff", ".woff", "font"),
            _format("WOFF2 font", "font/woff2", ".woff2", "font"),
            _format("font collection", "font/collection", ".ttc", "foreign"),
            _format("EOT font", "application/vnd.ms-fontobject", ".eot", "foreign"),
            _format("HEIC", "image/heic", ".heic", "foreign"),
            _format("JPEG XL", "image/jxl", ".jxl", "foreign"),
            _format("JPEG 2000", "image/jp2", ".jp2", "foreign"),
            _format("Photoshop", "image/vnd.adobe.photoshop", ".psd", "foreign"),
            _format("PDF", "application/pdf", ".pdf", "foreign"),
            _format("PostScript", "application/postscript", ".ps", "foreign"),
            _format("Windows metafile", "image/wmf", ".wmf", "foreign"),
            _format("enhanced metafile", "image/emf", ".emf", "foreign"),
            _format("gzip", "application/gzip", ".gz", "foreign"),
            _format("ZIP", "application/zip", ".zip", "foreign"),
            _format("HTML", "text/html", ".html", "foreign"),
            _format("MP4", "video/mp4", ".mp4", "foreign"),
            _format("WebM", "video/webm", ".webm", "foreign"),
            _format("Git LFS pointer", "text/plain", ".txt", "foreign"),
        )
    )
)

_BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"\0\0\1\0", "ICO"),
    (b"\0\1\0\0", "TrueType font"),
    (b"true", "TrueType font"),
    (b"OTTO", "OpenType font"),
    (b"wOFF", "WOFF font"),
    (b"wOF2", "WOFF2 font"),
    (b"ttcf", "font collection"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"\xd7\xcd\xc6\x9a", "Windows metafile"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\3\4", "ZIP"),
    (b"\x1a\x45\xdf\xa3", "WebM"),
    (b"version https://git-lfs", "Git LFS pointer"),
)
"""Magic numbers; longer ones before those they begin with."""

_BRANDS = MappingProxyType(
    {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"heim": "HEIC", b"hevc": "HEIC"}
)
"""Brands of the ISO base media file format (ISO/IEC 14496-12, section 4.3); ``mif1`` can mean either."""

_SVG = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,30}:)?svg[\s/>]")
_HTML = re.compile(rb"<(?:!doctype html|html|head|body)[\s/>]", re.IGNORECASE)
_OPENING = 4096
"""Bytes in which an SVG's root element must begin, after comments and a document type."""
_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def sniff(data: bytes) -> Format | None:
    """The format of `data`, by its content; ``None`` if chapbook doesn't know it."""
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning):
            return FORMATS[name]
    name = _by_container(data) or _by_fields(data) or _by_text(data)
    return FORMATS[name] if name else None


def _by_container(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] != b"ftyp":
        return ""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = (data[at : at + 4] for at in (8, *range(16, length, 4)))
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), "MP4")


def _by_fields(data: bytes) -> str:
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in {12, 16, 40, 52, 56, 64, 108, 124}:
        return "BMP"
    if data[34:36] == b"LP" and data[8:12] in _EOT_VERSIONS:
        return "EOT font"
    return "enhanced metafile" if data[:4] == b"\1\0\0\0" and data[40:44] == b" EMF" else ""


_EOT_VERSIONS = (b"\0\0\1\0", b"\1\0\2\0", b"\2\0\2\0")
"""Versions of Embedded OpenType, up to that of 2008."""


def _by_text(data: bytes) -> str:
    start = data[:_OPENING]
    for mark, encoding in _ENCODINGS:
        if start.startswith(mark):
            start = start.decode(encoding, "ignore").encode("utf-8")
    start = re.sub(rb"<!--.*?-->", b"", start.lstrip(), flags=re.DOTALL)
    start = start.lstrip()  # a comment may come before the root (XML 1.0, section 2.8)
    if not start.startswith(b"<"):
        return ""
    svg, html = _SVG.search(start), _HTML.search(start)
    if svg and (html is None or svg.start() < html.start()):
        return "SVG"
    if b"<!DOCTYPE svg" in start or (b"<svg" in data[: 16 * _OPENING] and html is None):
        return "SVG"
    return "HTML" if html else ""


class FittedImage(Value, frozen=True, kw_only=True):
    """A picture as it goes into the book. Its size is in pixels (0 × 0 for an SVG without a size)."""

    data: bytes
    suffix: str
    """``.jpg``, ``.png``, ``.gif`` or ``.svg``: that of the content."""
    media_type: str
    changed: bool
    """Whether `data` differs from what was given."""
    width: int
    height: int
    animated: bool = False
    """Whether it is animated; KDP refuses such pictures."""
    see_through: bool = False
    """Whether it is transparent and dark, so that a dark page would hide it."""
    warnings: tuple[Diagnostic, ...] = ()
    """What the author should know, without a place; the caller adds it."""

    @classmethod
    def of(
        cls,
        name: str,
        data: bytes,
        size: tuple[int, int],
        *,
        changed: bool,
        animated: bool = False,
        see_through: bool = False,
        warnings: tuple[Diagnostic, ...] = (),
    ) -> FittedImage:
        """The picture `data` of the format `name` (a key of FORMATS) and of `size` pixels."""
        kind = FORMATS[name]
        return cls(
            data=data,
            suffix=kind.suffix,
            media_type=kind.media_type,
            changed=changed,
            animated=animated,
            see_through=see_through,
            width=size[0],
            height=size[1],
            warnings=warnings,
        )


Fit = Callable[[bytes], FittedImage]
"""Makes a picture of a file's bytes. Raises ImageError."""


class ImageError(ChapbookError):
    """Raised if the bytes can't be made into a picture; has one diagnostic, without a place."""

    @property
    def diagnostic(self) -> Diagnostic:
        return self.diagnostics[0]


def damaged(message: str, hint: str) -> ImageError:
    """The error for bytes that aren't a picture or can't be decoded."""
    return ImageError(Diagnostic.of("image-damaged", message, hint=hint))


def too_large(message: str, hint: str) -> ImageError:
    """The error for a picture that exceeds a limit and can't be made small enough."""
    return ImageError(Diagnostic.of("image-too-large", message, hint=hint))
