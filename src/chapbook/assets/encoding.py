"""Pixels as a JPEG or PNG file that is within limits: fixed settings, so that the same pixels are the same bytes."""

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
"""Whether pictures of a format are drawings: those that lose nothing are, the others are photographs."""
_STEP = 10
_LOWEST_QUALITY = 60
_ALIKE_QUALITY, _ALIKE_ERROR = 92, 2.5
"""The quality of a JPEG in place of a PNG, and how far its values may be off, as the root of the mean square."""
_SMALLEST = 16
"""Pixels on the longer side: below that a picture says nothing more."""


class Bounds(Struct, frozen=True, kw_only=True):
    """What a picture that chapbook writes may be."""

    max_pixels: int
    max_bytes: int
    quality: int
    max_side: int = 32_767
    """Half of what a JPEG can hold; readers fail earlier."""
    given: int = 0
    """Bytes of the file that the picture comes from: a PNG that is larger becomes a JPEG where that looks the same."""


def encode_jpeg(image: Image.Image, quality: int) -> bytes:
    """A baseline JPEG of `image` (L or RGB), without metadata; colours at full resolution from quality 90 on."""
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
    """A PNG of `image` (L, RGB or RGBA), without loss and metadata; with a palette where that holds its colours."""
    target = io.BytesIO()
    # The profile that a conversion to sRGB leaves in the picture has the time of day in it.
    # Level 6 gives what the best one gives, within a thousandth, in less than half its time.
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
    """A JPEG of `image` (L or RGB) that nobody tells from it; ``None`` where there is none.

    Edges that were made smaller have hundreds of shades, of which a PNG becomes larger than that of the whole.
    """
    data = encode_jpeg(image, _ALIKE_QUALITY)
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as made:
        errors = ImageStat.Stat(ImageChops.difference(made, image)).rms
    return data if max(errors) <= _ALIKE_ERROR else None


def _smaller(size: tuple[int, int], length: int, max_bytes: int) -> tuple[int, int]:
    """The next size to try: by how much the file is over, between a half and nine tenths of this one."""
    scale = min(0.9, max(0.5, (max_bytes / length) ** 0.5 * 0.98))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))
