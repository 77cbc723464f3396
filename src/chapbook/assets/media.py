"""What a file that a style sheet refers to is, by its bytes: a picture or font that may ship, or why not."""

from __future__ import annotations

from msgspec import Struct

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
    """An SVG picture that runs or loads something, or is no well-formed XML."""
    from lxml import etree  # noqa: PLC0415 - few books have an SVG picture in a style sheet

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return "an SVG picture that is no well-formed XML", None
    if root.getroottree().docinfo.internalDTD is not None:
        return "an SVG picture with a document type", "save it as plain SVG"
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        if name in _DANGEROUS or any(_loads(key, value) for key, value in element.attrib.items()):
            return "an SVG picture that runs or loads something", "save it as plain SVG"
        if name == "style" and any(word in (element.text or "") for word in ("url(", "@import")):
            return "an SVG picture that runs or loads something", "save it as plain SVG"
    return None


def _loads(attribute: str | bytes, value: str | bytes) -> bool:
    name, text = str(attribute).rpartition("}")[2].lower(), str(value).strip().lower()
    if name.startswith("on"):
        return True
    if name in {"href", "src"}:
        return not text.startswith(("#", "data:image/png", "data:image/jpeg", "data:image/gif"))
    return "url(" in text and "url(#" not in text.replace("'", "").replace('"', "")
