"""Pixels as a JPEG or PNG file that is within limits: fixed settings, so that the same pixels are the same bytes."""

from __future__ import annotations

import io
from types import MappingProxyType

from msgspec import Struct
from PIL import Image, ImageChops

from chapbook.assets.fitted import FittedImage, fitted, too_large
from chapbook.assets.pixels import resized, size_within

__all__ = ["Bounds", "encode_jpeg", "encode_png", "encode_within", "is_drawing"]

_FEWEST_COLOURS = 256
_OF_ONE_KIND = MappingProxyType({"PNG": True, "GIF": True, "JPEG": False})
"""Whether pictures of a format are drawings: those that lose nothing are, the others are photographs."""
_STEP = 10
_LOWEST_QUALITY = 60
_SMALLEST = 16
"""Pixels on the longer side: below that a picture says nothing more."""


class Bounds(Struct, frozen=True, kw_only=True):
    """What a picture that chapbook writes may be."""

    max_pixels: int
    max_bytes: int
    quality: int
    max_side: int = 32_767
    """Half of what a JPEG can hold; readers fail earlier."""


def encode_jpeg(image: Image.Image, quality: int) -> bytes:
    """A baseline JPEG of `image` (L or RGB), without metadata; colours at full resolution from quality 90 on."""
    target = io.BytesIO()
    sharp = quality >= 90  # noqa: PLR2004 - below, the eye does not see the difference
    image.save(target, "JPEG", quality=quality, optimize=True, progressive=False, subsampling=0 if sharp else 2)
    return target.getvalue()


def encode_png(image: Image.Image) -> bytes:
    """A PNG of `image` (L, RGB or RGBA), without loss and metadata; with a palette where that holds its colours."""
    target = io.BytesIO()
    # The profile that a conversion to sRGB leaves in the picture has the time of day in it.
    _with_palette(image).save(target, "PNG", optimize=True, icc_profile=None)
    return target.getvalue()


def _with_palette(image: Image.Image) -> Image.Image:
    if image.mode != "RGB" or image.getcolors(_FEWEST_COLOURS) is None:
        return image
    reduced = image.quantize(_FEWEST_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    exact = ImageChops.difference(reduced.convert("RGB"), image).getbbox() is None
    return reduced if exact else image


def is_drawing(name: str, image: Image.Image) -> bool:
    """Whether `image`, from a file of the format `name`, is a drawing rather than a photograph.

    A JPEG never is, also where it is a photograph in shades of grey; a PNG or GIF is, and else what has no more
    colours than a palette holds.
    """
    if name in _OF_ONE_KIND:
        return _OF_ONE_KIND[name]
    return image.getcolors(_FEWEST_COLOURS) is not None and image.mode != "L"


def encode_within(image: Image.Image, bounds: Bounds, *, drawing: bool) -> FittedImage:
    """`image` (L, RGB or RGBA) as a file within `bounds`, as large and as good as they let it be.

    A drawing, and what is transparent, becomes a PNG where that fits; anything else a JPEG, of lower
    quality before it is made smaller. Raises ImageError (``image-too-large``) where nothing fits.
    """
    size = size_within(image.size, max_pixels=bounds.max_pixels, max_side=bounds.max_side)
    while True:
        shown = resized(image, size)
        name, data = _encode(shown, bounds, drawing=drawing)
        if len(data) <= bounds.max_bytes:
            return fitted(name, data, shown.size, changed=True)
        if max(size) <= _SMALLEST:
            raise too_large(f"the picture cannot be made to fit {bounds.max_bytes} bytes", "raise 'images.max_bytes'")
        size = _smaller(size, len(data), bounds.max_bytes)


def _encode(image: Image.Image, bounds: Bounds, *, drawing: bool) -> tuple[str, bytes]:
    if image.mode == "RGBA":
        return "PNG", encode_png(image)
    if drawing:
        data = encode_png(image)
        if len(data) <= bounds.max_bytes:
            return "PNG", data
    quality = bounds.quality
    data = encode_jpeg(image, quality)
    while len(data) > bounds.max_bytes and quality > _LOWEST_QUALITY:
        quality = max(_LOWEST_QUALITY, quality - _STEP)
        data = encode_jpeg(image, quality)
    return "JPEG", data


def _smaller(size: tuple[int, int], length: int, max_bytes: int) -> tuple[int, int]:
    """The next size to try: by how much the file is over, between a half and nine tenths of this one."""
    scale = min(0.9, max(0.5, (max_bytes / length) ** 0.5 * 0.98))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))
