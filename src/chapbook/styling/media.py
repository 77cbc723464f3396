"""What a file that a style sheet refers to is, by its bytes: a picture or font that may ship, or why not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Kind", "refusal", "sniff_asset"]


class Kind(Struct, frozen=True):
    """A core media type (EPUB 3.3, section 3.2) and the suffix that goes with it."""

    media_type: str
    suffix: str

    @property
    def is_font(self) -> bool:
        return self.media_type.startswith("font/")


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", Kind("image/png", ".png")),
    (b"\xff\xd8\xff", Kind("image/jpeg", ".jpg")),
    (b"GIF87a", Kind("image/gif", ".gif")),
    (b"GIF89a", Kind("image/gif", ".gif")),
    (b"\x00\x01\x00\x00", Kind("font/ttf", ".ttf")),
    (b"true", Kind("font/ttf", ".ttf")),
    (b"OTTO", Kind("font/otf", ".otf")),
    (b"wOFF", Kind("font/woff", ".woff")),
    (b"wOF2", Kind("font/woff2", ".woff2")),
)
_REFUSED = (
    (b"ttcf", "a font collection", "give one of its fonts as TTF or OTF"),
    (b"RIFF", "a WebP picture or a sound", "make it a PNG or JPEG: not every store takes WebP"),
    (b"BM", "a BMP picture", "make it a PNG or JPEG"),
    (b"II*\x00", "a TIFF picture", "make it a PNG or JPEG"),
    (b"MM\x00*", "a TIFF picture", "make it a PNG or JPEG"),
)
_SVG = Kind("image/svg+xml", ".svg")
_EOT_MAGIC = b"LP"
_EOT_AT = 34
_LARGEST_PICTURE = 5_000_000
_LARGEST_FONT = 30_000_000
_ENCODINGS = frozenset({"UTF-8", "US-ASCII", "ASCII"})
_ELSEWHERE = re.compile(r"""url\(\s*+["']?+\s*+(?!#)""")
"""In an attribute: what refers to something that is not in the drawing itself."""
_LOADING = re.compile(r"url\(|@import|\\", re.IGNORECASE)
_DANGEROUS = frozenset(
    {
        *("script", "handler", "foreignObject", "iframe", "embed", "object", "audio", "video"),
        *("animate", "animateMotion", "animateTransform", "set"),
    }
)


def sniff_asset(content: bytes) -> Kind | None:
    """The kind of picture or font that `content` is; ``None`` for what is no core media type."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    return _SVG if b"<svg" in content[:4096] and content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else None


def refusal(content: bytes) -> tuple[str, str | None] | None:
    """Why `content` may not ship beside a style sheet, in words, and the way out; ``None`` where it may."""
    kind = sniff_asset(content)
    if kind is None:
        return _foreign(content)
    if len(content) > (_LARGEST_FONT if kind.is_font else _LARGEST_PICTURE):
        return f"larger than {(_LARGEST_FONT if kind.is_font else _LARGEST_PICTURE) // 1_000_000} MB", "make it smaller"
    if kind == _SVG:
        return _unsafe_svg(content)
    return None


def _foreign(content: bytes) -> tuple[str, str | None]:
    for signature, name, hint in _REFUSED:
        if content.startswith(signature):
            return name, hint
    if content[_EOT_AT : _EOT_AT + 2] == _EOT_MAGIC:
        return "an EOT font, which only Internet Explorer read", "give it as TTF, OTF or WOFF"
    if not content:
        return "empty", None
    return "neither a picture nor a font", "PNG, JPEG, GIF, SVG, TTF, OTF, WOFF and WOFF2 ship"


def _unsafe_svg(content: bytes) -> tuple[str, str | None] | None:
    """Why an SVG picture may not ship: it runs or loads something, or EPUB 3.3, section 3.9, has no such XML."""
    from lxml import etree  # noqa: PLC0415 - few books have an SVG picture in a style sheet

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return "an SVG picture that is no well-formed XML", None
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        return "an SVG picture with a document type", "save it as plain SVG"
    if (tree.docinfo.encoding or "UTF-8").upper() not in _ENCODINGS:
        return f"an SVG picture in {tree.docinfo.encoding}", "save it as UTF-8"
    if tree.xpath("//processing-instruction('xml-stylesheet')") or any(map(_loads, root.iter(etree.Element))):
        return "an SVG picture that runs or loads something", "save it as plain SVG"
    return None


def _loads(element: etree._Element) -> bool:
    """Whether an element of an SVG runs or loads something."""
    name = str(element.tag).rpartition("}")[2]
    if name in _DANGEROUS or any(_reaches_out(str(key), str(value)) for key, value in element.attrib.items()):
        return True
    return name == "style" and _LOADING.search("".join(map(str, element.itertext()))) is not None


def _reaches_out(attribute: str, value: str) -> bool:
    name, text = attribute.rpartition("}")[2].lower(), value.strip().lower()
    if name.startswith("on"):
        return True
    if name in {"href", "src"}:
        return not text.startswith(("#", "data:image/png", "data:image/jpeg", "data:image/gif"))
    # CSS may write letters as escapes; programs that draw note the paths of Windows under names of their own.
    return _ELSEWHERE.search(text) is not None or ("\\" in text and not attribute.startswith("{"))
