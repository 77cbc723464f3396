"""Opening a picture of pixels without trust: its size before its pixels, and any fault of a decoder as ours."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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

from chapbook.assets.exif import Exif
from chapbook.assets.fitted import ImageError, damaged, too_large
from chapbook.assets.gif import count_frames, strip_gif
from chapbook.assets.jpeg import count_scans, read_jpeg_metadata, strip_jpeg
from chapbook.assets.png import read_png_metadata, strip_png

__all__ = ["MAX_PIXELS", "Raster", "decode", "read_raster"]

MAX_PIXELS = MappingProxyType({"JPEG": 200_000_000, "WebP": 30_000_000, "AVIF": 60_000_000})
"""What is decoded at all. A JPEG is decoded at a fraction of its size; any other whole, at four bytes a pixel, the
decoder of AVIF takes ten, and that of WebP twenty."""
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
"""Called by name, so that a file meets the one decoder of its content, and Pillow's own limit, which
warns of pictures that this module takes, is not asked."""

_TALKATIVE = frozenset(_DECODERS) - {"JPEG", "PNG"}
"""Decoders that warn through Python's `warnings`; the two others do not once the metadata is gone."""
_WARNINGS = threading.Lock()
"""The filters of `warnings` are the whole program's: two threads that change them at once lose them."""

_PATIENCE = 10.0
"""Seconds: a process that was forked while a thread of its parent held the lock would wait for ever."""


class Raster(Struct, frozen=True, kw_only=True):
    """A picture of pixels, opened as far as its header."""

    name: str
    """Of its format, a key of FORMATS."""
    data: bytes
    """As it was given."""
    bare: bytes
    """The same pixels without metadata, where chapbook can take it away; else `data`."""
    width: int
    height: int
    mode: str
    """Pillow's word for its colours: ``RGB``, ``CMYK``."""
    exif: Exif
    """A place is told only where it can be taken away."""
    animated: bool


def read_raster(name: str, data: bytes, most: int) -> Raster:
    """Opens the picture `data` of the format `name`, of at most so many pixels. Raises ImageError."""
    with _faults(name):
        exif, animated, bare = _read_metadata(name, data)
        image = _DECODERS[name](io.BytesIO(bare))
        width, height, mode = *image.size, image.mode
        if name in _TALKATIVE - {"GIF"}:
            exif = Exif(orientation=_orientation(image))
            animated = getattr(image, "n_frames", 1) > 1 and name in {"WebP", "AVIF"}
        image.close()
    _check_size(name, bare, width, height, most)
    return Raster(name=name, data=data, bare=bare, width=width, height=height, mode=mode, exif=exif, animated=animated)


def decode(raster: Raster, at_least: tuple[int, int] | None = None) -> Image.Image:
    """The pixels of the first frame, as its decoder gives them. Raises ImageError where they are damaged.

    `at_least` is a size below which a JPEG need not be decoded in full: it comes at an eighth, a quarter
    or half of its own size, whichever is not below.
    """
    with _faults(raster.name):
        image = _DECODERS[raster.name](io.BytesIO(raster.bare))
        if at_least:
            image.draft(None, at_least)
        image.load()
        return image


@contextmanager
def _faults(name: str) -> Iterator[None]:
    """Turns whatever a decoder raises into our fault, and keeps its warnings from the user's terminal."""
    try:
        with _silence() if name in _TALKATIVE else nullcontext():
            yield
    except ImageError:
        raise
    except MemoryError as error:
        raise too_large("the picture needs more memory than chapbook may use", "make it smaller") from error
    except Image.DecompressionBombError as error:
        raise too_large("the picture has more pixels than chapbook reads", "make it smaller") from error
    except Exception as error:  # a decoder raises whatever a broken file provokes in it
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


def _read_metadata(name: str, data: bytes) -> tuple[Exif, bool, bytes]:
    """What the file says beside its pixels, whether it moves, and the file without all that is not pixels."""
    if name == "JPEG":
        return read_jpeg_metadata(data).exif, False, strip_jpeg(data)
    if name == "PNG":
        metadata = read_png_metadata(data)
        return metadata.exif, metadata.animated, strip_png(data)
    if name == "GIF":
        return Exif(), count_frames(data) > 1, strip_gif(data)
    return Exif(), False, data


def _orientation(image: Image.Image) -> int:
    """Which way is up, by Exif. WebP and AVIF hand it over as it is; a TIFF has it among its own tags."""
    value = image.getexif().get(0x0112, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1  # noqa: PLR2004 - the eight ways to lie


def _check_size(name: str, data: bytes, width: int, height: int, most: int) -> None:
    most = min(most, MAX_PIXELS.get(name, _MAX_PIXELS))
    if width * height > most:
        raise too_large(
            f"the picture has {width} × {height} pixels; chapbook reads up to {most // 1_000_000} million",
            "make it smaller",
        )
    if width < 1 or height < 1:
        raise damaged("the picture has no pixels", "export it again")
    scans = count_scans(data) if name == "JPEG" else 0
    if scans > 1 and width * height > _MAX_PROGRESSIVE:
        most_progressive = _MAX_PROGRESSIVE // 1_000_000
        words = f"the picture is a progressive JPEG of more than {most_progressive} million pixels"
        raise too_large(words, "make it smaller, or save it as a plain JPEG")
    if scans and width * height * scans > max(_MAX_SCAN_PIXELS, 32 * width * height):
        raise too_large("the picture is a progressive JPEG of too many scans", "save it as a plain JPEG")
