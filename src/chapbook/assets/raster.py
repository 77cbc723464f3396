"""The pixels of a picture file: raster images decoded safely, SVG drawn by resvg (the extra ``chapbook[kindle]``).

Checks the size before decoding, and turns each decoder error into an ImageError. The words in a drawing are set in the
fonts that come with chapbook, so that the picture is the same on every machine. Letters that those lack come from the
host's fonts.
"""

from __future__ import annotations

import io
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from math import sqrt
from types import MappingProxyType

from msgspec import Struct
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from chapbook.assets.file_formats import ImageError, damaged, too_large
from chapbook.assets.picture_metadata import PictureMetadata, read_metadata, without_metadata
from chapbook.assets.pixels import flattened
from chapbook.assets.sfnt import package_fonts
from chapbook.model.diagnostics import ChapbookError, Diagnostic

__all__ = ["MAX_PIXELS", "Raster", "decode", "draw_svg", "need_drawing", "read_raster"]

MAX_PIXELS = MappingProxyType({"JPEG": 200_000_000, "WebP": 30_000_000, "AVIF": 60_000_000})
"""The most pixels that chapbook decodes, by format. JPEG can be decoded at a fraction of its size; others need four
bytes a pixel, AVIF's decoder ten and WebP's twenty.
"""
_MAX_PIXELS = 100_000_000
_MAX_PROGRESSIVE = 120_000_000
"""Pixels of a progressive JPEG: its decoder holds the whole picture, at six bytes a pixel."""
_MAX_SCAN_PIXELS = 4_000_000_000
"""Pixels times scans: a progressive JPEG of a few bytes a scan would keep a decoder busy for hours."""

_DECODERS: MappingProxyType[str, type[ImageFile.ImageFile]] = MappingProxyType(
    {
        "JPEG": JpegImagePlugin.JpegImageFile,
        "PNG": PngImagePlugin.PngImageFile,
        "GIF": GifImagePlugin.GifImageFile,
        "WebP": WebPImagePlugin.WebPImageFile,
        "BMP": BmpImagePlugin.BmpImageFile,
        "TIFF": TiffImagePlugin.TiffImageFile,
        "AVIF": AvifImagePlugin.AvifImageFile,
        "ICO": IcoImagePlugin.IcoImageFile,
    }
)
"""Called directly, so that only the decoder for the file's content sees it, and Pillow's own limit doesn't apply: it
warns about pictures that this module allows.
"""

_TALKATIVE = frozenset(_DECODERS) - {"JPEG", "PNG"}
"""Decoders that warn through Python's `warnings`; the other two don't once the metadata is removed."""
_WARNINGS = threading.Lock()
"""The filters of `warnings` are global: two threads that change them at once would lose them."""

_PATIENCE = 10.0
"""Seconds; a process forked while a thread held the lock would otherwise wait forever."""


class Raster(Struct, frozen=True, kw_only=True):
    """A pixel image of which only the header was read."""

    name: str
    """The name of its format, a key of FORMATS."""
    data: bytes
    """The original bytes."""
    bare: bytes
    """The same pixels without metadata, if chapbook can remove it; otherwise `data`."""
    width: int
    height: int
    mode: str
    """Pillow's name for the colours: ``RGB``, ``CMYK``."""
    metadata: PictureMetadata


def read_raster(name: str, data: bytes, most: int) -> Raster:
    """Opens the picture `data` of the format `name`, of at most so many pixels. Raises ImageError."""
    with _faults(name):
        metadata, bare = read_metadata(name, data), without_metadata(name, data)
        image = _DECODERS[name](io.BytesIO(bare))
        width, height, mode = *image.size, image.mode
        if name in _TALKATIVE - {"GIF"}:
            animated = getattr(image, "n_frames", 1) > 1 and name in {"WebP", "AVIF"}
            metadata = PictureMetadata(_orientation(image), animated=animated)
        image.close()
    _check_size(name, bare, width, height, most)
    return Raster(name=name, data=data, bare=bare, width=width, height=height, mode=mode, metadata=metadata)


def decode(raster: Raster, at_least: tuple[int, int] | None = None) -> Image.Image:
    """Decodes the first frame. Raises ImageError if it is damaged.

    A JPEG may be decoded at 1/2, 1/4 or 1/8 of its size, as long as that isn't below `at_least`.
    """
    with _faults(raster.name):
        image = _DECODERS[raster.name](io.BytesIO(raster.bare))
        if at_least:
            image.draft(None, at_least)
        image.load()
        return image


@contextmanager
def _faults(name: str) -> Iterator[None]:
    """Turns whatever a decoder raises into an ImageError, and keeps its warnings off the terminal."""
    try:
        with _silence() if name in _TALKATIVE else nullcontext():
            yield
    except ImageError:
        raise
    except MemoryError as error:
        raise too_large("the picture needs more memory than chapbook may use", "make it smaller") from error
    except Image.DecompressionBombError as error:
        raise too_large("the picture has more pixels than chapbook reads", "make it smaller") from error
    except Exception as error:  # broken files make decoders raise all sorts of errors
        words = "the picture is damaged or cut off"
        raise damaged(words, f"open it in an editor and save it as {name} again") from error


@contextmanager
def _silence() -> Iterator[None]:
    held = _WARNINGS.acquire(timeout=_PATIENCE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if held:
            _WARNINGS.release()


def _orientation(image: Image.Image) -> int:
    """The Exif orientation. Pillow hands over the block of a WebP or AVIF; a TIFF has it among its own tags."""
    value = image.getexif().get(0x0112, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1  # noqa: PLR2004 - the eight orientations


def _check_size(name: str, data: bytes, width: int, height: int, most: int) -> None:
    most = min(most, MAX_PIXELS.get(name, _MAX_PIXELS))
    if width * height > most:
        raise too_large(
            f"the picture has {width} × {height} pixels; chapbook reads up to {most // 1_000_000} million",
            "make it smaller",
        )
    if width < 1 or height < 1:
        raise damaged("the picture has no pixels", "export it again")
    scans = data.count(b"\xff\xda") if name == "JPEG" else 0  # one; about ten in a progressive JPEG
    if scans > 1 and width * height > _MAX_PROGRESSIVE:
        most_progressive = _MAX_PROGRESSIVE // 1_000_000
        words = f"the picture is a progressive JPEG of more than {most_progressive} million pixels"
        raise too_large(words, "make it smaller, or save it as a plain JPEG")
    if scans and width * height * scans > max(_MAX_SCAN_PIXELS, 32 * width * height):
        raise too_large("the picture is a progressive JPEG of too many scans", "save it as a plain JPEG")


_SCALE = 2.0
"""Pixels of the PNG for one of CSS: screens of readers are finer."""
_USUAL = 400
"""CSS pixels of a drawing that says no size and has no view box."""
_OF_PAGE = 1200
"""Pixels of the width of a page on a finer screen."""
_LONGEST_SIDE, _MOST_PIXELS = 3_000, 4_000_000
_FONTS = (
    ("fontpkg_inter", "Inter[opsz,wght].ttf"),
    ("fontpkg_inter", "Inter-Italic[opsz,wght].ttf"),
    ("fontpkg_eb_garamond", "EBGaramond[wght].ttf"),
    ("fontpkg_eb_garamond", "EBGaramond-Italic[wght].ttf"),
)
_SANS, _SERIF = "Inter", "EB Garamond"
_ASKS_FOR_SERIF = re.compile(r"(?<!sans-)(?<!sans )\bserif\b|times|georgia|garamond|palatino|roman", re.IGNORECASE)
_OWN_LETTERS = re.compile(r"[\s\x20-\u024f\u0370-\u03ff\u0400-\u045f\u2010-\u2026\u2190-\u2193\u2200-\u22ff]*")
"""Letters of Latin, Greek and Cyrillic, and signs, which chapbook's own fonts have."""
_WORDS = re.compile(r">([^<>]+)<")


def need_drawing(what: str) -> None:
    """Raises ChapbookError (``extra-missing``) where resvg, which draws `what`, is not installed."""
    if find_spec("resvg_py") is None:
        hint = "pip install 'chapbook[kindle]'"
        raise ChapbookError(Diagnostic.of("extra-missing", f"resvg, which draws {what}, is not installed", hint=hint))


def draw_svg(svg: str, size: tuple[int, int], *, scale: float = _SCALE, is_fluid: bool = False) -> Image.Image:
    """The drawing `svg` on white, in `scale` times its `size` in CSS pixels (0 × 0 where it says none).

    One that is fluid, as wide as the page, is drawn as large as a page shows it.

    Raises ChapbookError: ``extra-missing`` without resvg, ``image-damaged`` for what it can't draw.
    """
    need_drawing("pictures of SVG")
    import resvg_py  # noqa: PLC0415 - an optional package

    width, height = size if min(size) > 0 else (_USUAL, _USUAL)
    scale = max(scale, _OF_PAGE / max(width, height)) if is_fluid else scale
    room = min(_LONGEST_SIDE / max(width, height), sqrt(_MOST_PIXELS / (width * height)), scale)
    family = _SERIF if _ASKS_FOR_SERIF.search(svg) else _SANS
    try:
        data = resvg_py.svg_to_bytes(
            svg_string=svg,
            background="white",
            width=max(1, round(width * room)),
            font_files=[str(package_fonts(package) / name) for package, name in _FONTS],
            skip_system_fonts=all(map(_OWN_LETTERS.fullmatch, _WORDS.findall(svg))),
            font_family=family,
            serif_family=family,
            sans_serif_family=_SANS,
            monospace_family=_SANS,
        )
        image = Image.open(io.BytesIO(bytes(data)))
        image.load()
    except (ValueError, OSError) as error:
        raise damaged("chapbook can't draw the SVG", "save it as PNG") from error
    return flattened(image)
