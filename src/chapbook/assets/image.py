"""Makes a picture fit for the book: unchanged if possible, otherwise converted or scaled down.

JPEG, PNG, GIF and SVG are core media types, which reading systems must show (EPUB 3.3, section 3.2). The limits are
those of Apple Books (5.6 million pixels) and KDP (5 MB).
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
"""The most pixels in a picture that chapbook writes, whatever the settings; a larger one may ship unchanged."""
_UNFIT_COLOURS = frozenset({"CMYK", "YCCK", "LAB"})


def fit_image(data: bytes, limits: ImageLimits) -> FittedImage:
    """Returns the picture `data` as it goes into the book: unchanged if it is within `limits` and in a core format.

    Otherwise chapbook applies the Exif orientation, removes a location (without touching the pixels if possible),
    converts CMYK to sRGB and WebP, BMP, TIFF, AVIF and ICO to JPEG or PNG, and scales down what is too large. It
    enlarges nothing. Raises ImageError: ``image-damaged`` if `data` isn't a readable picture, ``image-too-large`` if it
    is larger than chapbook opens.
    """
    kind = picture_format(data)
    if kind.name == "SVG":
        return fit_svg(data, limits) if limits.svg else _drawn(data, limits)
    raster = read_raster(kind.name, data, limits.read_pixels)
    try:
        return _as_it_is(raster, kind, limits) or _converted(raster, limits)
    except MemoryError as error:
        raise too_large("the picture needs more memory than chapbook may use", "make it smaller") from error


def _drawn(data: bytes, limits: ImageLimits) -> FittedImage:
    from chapbook.assets.drawing import drawn  # noqa: PLC0415 - resvg is an extra

    return drawn(fit_svg(data, limits))


def picture_format(data: bytes) -> Format:
    """The format of the picture `data`. Raises ImageError for a format that chapbook can't read."""
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
    """The picture with its pixels unchanged, or ``None`` if it must be converted.

    Its metadata is removed if it has a location or makes the file too large.
    """
    if kind.role != "ships" or raster.exif.orientation != 1 or raster.mode in _UNFIT_COLOURS:
        return None
    if raster.width * raster.height > limits.max_pixels or max(raster.width, raster.height) > limits.max_side:
        return None
    if raster.animated and not limits.animations:
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
    size = size_within((raster.width, raster.height), max_pixels=most, max_side=limits.max_side)
    decoded = brought_near(decode(raster, at_least=size), size)
    image = normalised(upright(decoded, raster.exif.orientation))
    bounds = Bounds(
        max_pixels=most,
        max_bytes=limits.max_bytes,
        quality=limits.quality,
        max_side=limits.max_side,
        given=len(raster.data),
    )
    made = encode_within(image, bounds, drawing=is_drawing(raster.name, image))
    if not raster.animated:
        return made
    still = Diagnostic.of(
        "image-still",
        "the animation became a still picture: the book shows its first frame",
        hint="a GIF within the limits of 'images' keeps moving" if limits.animations else "choose a still picture",
    )
    return replace(made, warnings=(still,))
