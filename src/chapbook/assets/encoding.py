"""Encodes pixels as a JPEG or PNG file within limits. Settings are fixed, so the same pixels give the same bytes."""

from __future__ import annotations

import io
from types import MappingProxyType

from msgspec import Struct
from PIL import Image, ImageChops, ImageStat

from chapbook.assets.fitted import FittedImage, fitted, too_large
from chapbook.assets.pixels import hides_on_black, resized, size_within

__all__ = ["Bounds", "encode_jpeg", "encode_png", "encode_within", "is_drawing"]

_FEWEST_COLOURS = 256
_OF_ONE_KIND = MappingProxyType({"PNG": True, "GIF": True, "JPEG": False})
"""Whether a format is used for drawings: lossless formats are, the others are for photographs."""
_STEP = 10
_LOWEST_QUALITY = 60
_ALIKE_QUALITY, _ALIKE_ERROR = 92, 2.5
"""The quality of a JPEG that replaces a PNG, and the largest root mean square error it may have."""
_SMALLEST = 16
"""Pixels on the longer side; a smaller picture would be useless."""


class Bounds(Struct, frozen=True, kw_only=True):
    """The limits for a picture that chapbook encodes."""

    max_pixels: int
    max_bytes: int
    quality: int
    max_side: int = 32_767
    """Half of what a JPEG can hold; readers fail earlier."""
    given: int = 0
    """Size of the original file in bytes: a larger PNG becomes a JPEG if that looks the same."""


def encode_jpeg(image: Image.Image, quality: int) -> bytes:
    """Returns `image` (L or RGB) as a baseline JPEG without metadata; colours keep full resolution from quality 90."""
    sharp = quality >= 90  # noqa: PLR2004 - below, the eye does not see the difference
    try:
        return _saved_jpeg(image, quality, optimize=True, subsampling=0 if sharp else 2)
    except OSError:  # Pillow gives a byte or two a pixel to find the best code in, which noise does not fit into
        return _saved_jpeg(image, quality, optimize=False, subsampling=0 if sharp else 2)


def _saved_jpeg(image: Image.Image, quality: int, *, optimize: bool, subsampling: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, optimize=optimize, progressive=False, subsampling=subsampling)
    return target.getvalue()


def encode_png(image: Image.Image) -> bytes:
    """Returns `image` (L, RGB or RGBA) as a lossless PNG without metadata; with a palette if that holds its colours."""
    target = io.BytesIO()
    # Drop the profile that a conversion to sRGB leaves in the picture: it contains the time of day. Level 6 compresses
    # within a thousandth of the best level, in less than half its time.
    _with_palette(image).save(target, "PNG", compress_level=6, icc_profile=None)
    return target.getvalue()


def _with_palette(image: Image.Image) -> Image.Image:
    if image.mode != "RGB" or image.getcolors(_FEWEST_COLOURS) is None:
        return image
    reduced = image.quantize(_FEWEST_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    exact = ImageChops.difference(reduced.convert("RGB"), image).getbbox() is None
    return reduced if exact else image


def is_drawing(name: str, image: Image.Image) -> bool:
    """Whether `image`, from a file of the format `name`, is a drawing rather than a photograph.

    A JPEG counts as a photograph; a PNG or GIF counts as a drawing. In any other format, a picture counts as a drawing
    if its colours fit in a palette.
    """
    if name in _OF_ONE_KIND:
        return _OF_ONE_KIND[name]
    return image.getcolors(_FEWEST_COLOURS) is not None and image.mode != "L"


def encode_within(image: Image.Image, bounds: Bounds, *, drawing: bool) -> FittedImage:
    """Encodes `image` (L, RGB or RGBA) within `bounds`, as large and as good as they allow.

    A drawing or a transparent picture becomes a PNG if that fits. Everything else becomes a JPEG: chapbook first lowers
    the quality, then the size. Raises ImageError (``image-too-large``) if nothing fits.
    """
    size = size_within(image.size, max_pixels=bounds.max_pixels, max_side=bounds.max_side)
    while True:
        shown = resized(image, size)
        name, data = _encode(shown, bounds, drawing=drawing)
        if len(data) <= bounds.max_bytes:
            return fitted(name, data, shown.size, changed=True, see_through=hides_on_black(shown))
        if max(size) <= _SMALLEST:
            raise too_large(
                f"chapbook can't make the picture fit into {bounds.max_bytes} bytes", "raise 'images.max_bytes'"
            )
        size = _smaller(size, len(data), bounds.max_bytes)


def _encode(image: Image.Image, bounds: Bounds, *, drawing: bool) -> tuple[str, bytes]:
    if image.mode == "RGBA":
        return "PNG", encode_png(image)
    if drawing:
        data = encode_png(image)
        if bounds.given and len(data) > bounds.given and (alike := _jpeg_alike(image)) and len(alike) < len(data):
            return "JPEG", alike
        if len(data) <= bounds.max_bytes:
            return "PNG", data
    quality = bounds.quality
    data = encode_jpeg(image, quality)
    while len(data) > bounds.max_bytes and quality > _LOWEST_QUALITY:
        quality = max(_LOWEST_QUALITY, quality - _STEP)
        data = encode_jpeg(image, quality)
    return "JPEG", data


def _jpeg_alike(image: Image.Image) -> bytes | None:
    """Returns `image` (L or RGB) as a JPEG that looks the same, or ``None`` if a JPEG would visibly differ.

    Scaling a drawing down gives its edges hundreds of shades, so the smaller PNG can be larger than the original.
    """
    data = encode_jpeg(image, _ALIKE_QUALITY)
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as made:
        errors = ImageStat.Stat(ImageChops.difference(made, image)).rms
    return data if max(errors) <= _ALIKE_ERROR else None


def _smaller(size: tuple[int, int], length: int, max_bytes: int) -> tuple[int, int]:
    """The next size to try: 0.5 to 0.9 of the current one, depending on how far the file is over the limit."""
    scale = min(0.9, max(0.5, (max_bytes / length) ** 0.5 * 0.98))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))
