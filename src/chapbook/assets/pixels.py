"""Pixels for a book: upright, eight bits a channel, grey or sRGB, with or without transparency; as JPEG or PNG.

Encoders have fixed settings, so the same pixels give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from math import ceil, sqrt
from types import MappingProxyType

from PIL import Image, ImageChops, ImageCms

__all__ = [
    "brought_near",
    "encode_jpeg",
    "encode_png",
    "flattened",
    "has_transparency",
    "hides_on_black",
    "is_drawing",
    "normalised",
    "resized",
    "size_within",
    "upright",
]

_TURNS = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)
"""The transposition that turns each Exif orientation upright (TIFF 6.0, section 8)."""
_BYTE = 255
_DARK = 90
"""Grey levels below this have less than 3:1 contrast on black."""
_VISIBLE = [0] * 64 + [_BYTE] * 192
"""For each of the 256 alpha values, whether the pixel counts as visible."""
_WIDE = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})
"""Pillow's modes of more than eight bits; all are grey."""
_SIXTEEN = frozenset(mode for mode in _WIDE if ";" in mode)
"""The modes in which white has the same value in all pictures."""


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turns `image` upright, by its Exif `orientation`."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def has_transparency(image: Image.Image) -> bool:
    """Whether any pixel isn't fully opaque."""
    if not image.has_transparency_data:
        return False
    return any(isinstance(low, int | float) and low < _BYTE for low, _ in _alphas(image))


def _alphas(image: Image.Image) -> Iterator[tuple[object, object]]:
    for strip in _strips(image):
        low, high = _alpha(strip).getextrema()
        yield low, high


_STRIP = 4_000_000
"""Pixels converted at once if the result is small: a picture may have a hundred million."""


def _strips(image: Image.Image, rows: int = 1) -> Iterator[Image.Image]:
    """Cuts `image` into strips from top to bottom, each a multiple of `rows` high; a small image stays whole."""
    if image.width * image.height <= _STRIP:
        yield image
        return
    height = rows * max(1, _STRIP // (image.width * rows))
    for top in range(0, image.height, height):
        yield image.crop((0, top, image.width, min(image.height, top + height)))


def hides_on_black(image: Image.Image) -> bool:
    """Whether `image` is transparent and has dark parts, which would vanish on a black page."""
    if not has_transparency(image):
        return False
    dark = visible = 0
    for strip in _strips(image):
        whole = strip if strip.mode == "RGBA" else strip.convert("RGBA")
        shown = whole.getchannel("A").point(_VISIBLE)
        shades = whole.convert("RGB").convert("L").histogram(shown)
        dark += sum(shades[:_DARK])
        visible += sum(shades)
    return dark > visible / 100


def _alpha(image: Image.Image) -> Image.Image:
    # Don't convert without need: conversion copies, and a picture may take 200 MB.
    return (image if image.mode == "RGBA" else image.convert("RGBA")).getchannel("A")


def normalised(image: Image.Image) -> Image.Image:
    """Converts `image` to mode L, RGB or RGBA and its colours to sRGB, by its colour profile if it has one."""
    if image.mode in _WIDE:
        return _eight_bits(image)
    alpha = _alpha(image) if has_transparency(image) else None
    opaque = _in_srgb(image)
    if alpha is None:
        return opaque
    opaque = opaque.convert("RGB")
    opaque.putalpha(alpha)
    return opaque


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode in {"1", "L"}:
        return image.convert("L")
    # A copy of 12 million pixels takes 20 ms and 36 MB, so RGB images are used directly.
    if isinstance(image.info.get("transparency"), bytes):  # Pillow warns of a way to RGB that drops it
        image = image.convert("RGBA")
    plain = image if image.mode in {"CMYK", "LAB", "RGB"} else image.convert("RGB")
    if not profile:
        return _plain_rgb(plain)
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return _plain_rgb(plain)
    return converted or _plain_rgb(plain)


def _plain_rgb(image: Image.Image) -> Image.Image:
    """Converts `image`, of mode RGB, CMYK or LAB, to RGB, ignoring its colour profile."""
    if image.mode == "LAB":
        return _from_lab(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    return converted or image.getchannel("L")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scales grey of more than eight bits to eight: from 16 bits, or from the brightest value if there are more."""
    deep = image.convert("F") if image.mode == "F" else image.convert("I")
    _, high = deep.getextrema()
    most = float(high) if isinstance(high, int | float) else 1.0
    top = next((limit for limit in (_BYTE, 65_535) if most <= limit and image.mode != "F"), max(most, 1e-9))
    if image.mode.startswith("I;16"):
        top = 65_535
    return deep.point(lambda value: value * (_BYTE / top) + 0.0).convert("L")


def flattened(image: Image.Image) -> Image.Image:
    """Converts `image` to RGB, with transparent parts on white."""
    if image.mode != "RGBA":
        return image if image.mode == "RGB" else image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def size_within(size: tuple[int, int], max_pixels: int, max_side: int) -> tuple[int, int]:
    """The largest size of the same shape within the limits; `size` itself if it fits."""
    width, height = size
    scale = min(1.0, sqrt(max_pixels / (width * height)), max_side / max(width, height))
    if scale >= 1:
        return size
    # A side never shrinks below one pixel; the other side must still keep within the limit.
    smaller = (max(1, int(width * scale)), max(1, int(height * scale)))
    return min(smaller[0], max_pixels // smaller[1] or 1), min(smaller[1], max_pixels // smaller[0] or 1)


_MOST_WHOLE = 40_000_000
"""The most pixels that are converted in one piece."""


def brought_near(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Shrinks a huge `image` to about twice the width of `size`, in the modes of `normalised`; else returns it
    unchanged.

    It works in strips, so it needs hardly any memory besides the image itself.
    """
    factor = int(image.width / size[0] / 2)
    if image.width * image.height <= _MOST_WHOLE or factor < 2 or image.mode in _WIDE - _SIXTEEN:  # noqa: PLR2004 - see above
        return image
    grey = image.mode in _SIXTEEN | {"1", "L"}
    mode = "RGBA" if image.has_transparency_data else "L" if grey else "RGB"
    made = Image.new(mode, (ceil(image.width / factor), ceil(image.height / factor)))
    top = 0
    for strip in _strips(image, factor):
        smaller = normalised(strip).convert(mode).reduce(factor)
        made.paste(smaller, (0, top))
        top += smaller.height
    return made


def resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Scales `image` to `size`, which is the same size or smaller."""
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


_FEWEST_COLOURS = 256
_OF_ONE_KIND = MappingProxyType({"PNG": True, "GIF": True, "JPEG": False})
"""Whether a format is used for drawings: lossless formats are, the others are for photographs."""


def is_drawing(name: str, image: Image.Image) -> bool:
    """Whether `image`, from a file of the format `name`, is a drawing rather than a photograph.

    A JPEG counts as a photograph; a PNG or GIF counts as a drawing. In any other format, a picture counts as a drawing
    if its colours fit in a palette.
    """
    if name in _OF_ONE_KIND:
        return _OF_ONE_KIND[name]
    return image.getcolors(_FEWEST_COLOURS) is not None and image.mode != "L"


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
