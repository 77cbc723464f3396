"""A picture of the content folder made fit for the book: as it is where it can be, converted or smaller where not.

JPEG, PNG, GIF and SVG are core media types that every reading system shows (EPUB 3.3, section 3.2); the
limits are those of Apple Books (5.6 million pixels) and of KDP (5 MB).
"""

from __future__ import annotations

from msgspec.structs import replace

from chapbook.assets.encoding import Bounds, encode_within, is_drawing
from chapbook.assets.fitted import FittedImage, ImageError, damaged, fitted, too_large
from chapbook.assets.pixels import brought_near, hides_on_black, normalised, size_within, upright
from chapbook.assets.raster import Raster, decode, read_raster
from chapbook.assets.sniff import Format, sniff
from chapbook.assets.svg import fit_svg
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.settings import ImageLimits

__all__ = ["FittedImage", "ImageError", "fit_image", "picture_format"]

_MAX_BYTES = 100_000_000
_MAX_WRITTEN = 24_000_000
"""Pixels of a picture that chapbook writes, whatever a book's settings say: one that is larger may ship as it is."""
_UNFIT_COLOURS = frozenset({"CMYK", "YCCK", "LAB"})


def fit_image(data: bytes, limits: ImageLimits) -> FittedImage:
    """The picture `data` as it ships: byte for byte where it is within `limits` and can be shown everywhere.

    Exif orientation is applied, a told place removed (the pixels stay where they may), CMYK becomes sRGB,
    WebP, BMP, TIFF, AVIF and ICO become JPEG or PNG, what is too large is scaled down. Nothing is enlarged.
    Raises ImageError: ``image-damaged`` for what is no picture or cannot be read, ``image-too-large`` for
    what chapbook does not open.
    """
    kind = picture_format(data)
    if kind.name == "SVG":
        return fit_svg(data, limits)
    raster = read_raster(kind.name, data, limits.read_pixels)
    try:
        return _as_it_is(raster, kind, limits) or _converted(raster, limits)
    except MemoryError as error:
        raise too_large("the picture needs more memory than chapbook may use", "make it smaller") from error


def picture_format(data: bytes) -> Format:
    """The format of the picture `data`. Raises ImageError where it is none that chapbook reads."""
    if not data:
        raise damaged("the picture is an empty file", "copy the picture into the folder again")
    if len(data) > _MAX_BYTES:
        raise too_large(f"the picture is larger than {_MAX_BYTES // 1_000_000} MB", "make it smaller")
    kind = sniff(data)
    if kind is None:
        raise damaged("the file isn't a picture that chapbook knows", "save it as JPEG, PNG, GIF or SVG")
    if kind.role in {"foreign", "font"}:
        raise damaged(f"the file is {kind.described}, not a picture for books", kind.way_out)
    return kind


def _as_it_is(raster: Raster, kind: Format, limits: ImageLimits) -> FittedImage | None:
    """The picture with its pixels untouched, without its metadata where that tells a place or is too much."""
    if kind.role != "ships" or raster.exif.orientation != 1 or raster.mode in _UNFIT_COLOURS:
        return None
    if raster.width * raster.height > limits.max_pixels:
        return None
    data = raster.bare if raster.exif.located or len(raster.data) > limits.max_bytes else raster.data
    if len(data) > limits.max_bytes:
        return None
    see_through = hides_on_black(decode(raster, at_least=(1, 1)))
    size = (raster.width, raster.height)
    animated = raster.animated and data is raster.data
    changed = data is not raster.data
    return fitted(kind.name, data, size, changed=changed, animated=animated, see_through=see_through)


def _converted(raster: Raster, limits: ImageLimits) -> FittedImage:
    most = min(limits.max_pixels, _MAX_WRITTEN)
    size = size_within((raster.width, raster.height), max_pixels=most, max_side=32_767)
    decoded = brought_near(decode(raster, at_least=size), size)
    image = normalised(upright(decoded, raster.exif.orientation))
    bounds = Bounds(max_pixels=most, max_bytes=limits.max_bytes, quality=limits.quality, given=len(raster.data))
    made = encode_within(image, bounds, drawing=is_drawing(raster.name, image))
    if not raster.animated:
        return made
    still = Diagnostic.of(
        "image-still",
        "the animation became a still picture: the book shows its first frame",
        hint="a GIF within the limits of 'images' ships as it is",
    )
    return replace(made, warnings=(still,))
