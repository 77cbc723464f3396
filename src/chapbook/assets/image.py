"""Makes a picture, or the author's own cover, fit for the book: unchanged if possible, otherwise converted or smaller.

JPEG, PNG, GIF and SVG are core media types, which reading systems must show (EPUB 3.3, section 3.2). The limits are
those of Apple Books (5.6 million pixels) and KDP (5 MB). For covers, stores ask for RGB, JPEG or PNG, at least 1,400
pixels on the short side, taller than wide.
"""

from __future__ import annotations

import io
import re

from msgspec.structs import replace
from PIL import Image, ImageChops, ImageStat

from chapbook.assets.file_formats import FittedImage, Format, ImageError, damaged, sniff, too_large
from chapbook.assets.pixels import (
    brought_near,
    encode_jpeg,
    encode_png,
    flattened,
    has_transparency,
    hides_on_black,
    is_drawing,
    normalised,
    resized,
    size_within,
    upright,
)
from chapbook.assets.raster import Raster, decode, draw_svg, read_raster
from chapbook.assets.svg_files import fit_svg
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.settings import ImageLimits

__all__ = ["fit_cover", "fit_image"]

_MAX_BYTES = 100_000_000
_MAX_WRITTEN = 24_000_000
"""The most pixels in a picture that chapbook writes, whatever the settings; a larger one may ship unchanged."""
_UNFIT_COLOURS = frozenset({"CMYK", "YCCK", "LAB"})
_WIDTH = re.compile(r"<svg\b[^>]*\swidth\s*=\s*[\"'][^\"'%]*[\"']")
"""A drawing that says its width in other units than the page's."""


def fit_image(data: bytes, limits: ImageLimits) -> FittedImage:
    """Returns the picture `data` as it goes into the book: unchanged if it is within `limits` and in a core format.

    Otherwise chapbook applies the Exif orientation, removes a location (without touching the pixels if possible),
    converts CMYK to sRGB and WebP, BMP, TIFF, AVIF and ICO to JPEG or PNG, and scales down what is too large. It
    enlarges nothing. Raises ImageError: ``image-damaged`` if `data` isn't a readable picture, ``image-too-large`` if it
    is larger than chapbook opens.
    """
    kind = _format_of(data)
    if kind.name == "SVG":
        return fit_svg(data, limits) if limits.svg else _drawn(fit_svg(data, limits))
    raster = read_raster(kind.name, data, limits.read_pixels)
    try:
        return _as_it_is(raster, kind, limits) or _converted(raster, limits)
    except MemoryError as error:
        raise too_large("the picture needs more memory than chapbook may use", "make it smaller") from error


def _format_of(data: bytes) -> Format:
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


def _drawn(image: FittedImage) -> FittedImage:
    """The SVG `image` as a PNG; its width and height stay those of the drawing."""
    svg = image.data.decode("utf-8")
    picture = draw_svg(svg, (image.width, image.height), is_fluid=_WIDTH.search(svg) is None)
    size = (image.width, image.height) if image.width and image.height else picture.size
    return FittedImage.of("PNG", encode_png(picture), size, changed=True, warnings=image.warnings)


def _as_it_is(raster: Raster, kind: Format, limits: ImageLimits) -> FittedImage | None:
    """The picture with its pixels unchanged, or ``None`` if it must be converted."""
    said = raster.metadata
    if kind.role != "ships" or said.orientation != 1 or raster.mode in _UNFIT_COLOURS:
        return None
    if raster.width * raster.height > limits.max_pixels or max(raster.width, raster.height) > limits.max_side:
        return None
    if said.animated and not limits.animations:
        return None
    data = _shippable(raster, limits)
    if data is None:
        return None
    see_through = hides_on_black(decode(raster, at_least=(1, 1)))
    size = (raster.width, raster.height)
    changed = data is not raster.data
    return FittedImage.of(
        kind.name, data, size, changed=changed, animated=said.animated and not changed, see_through=see_through
    )


def _shippable(raster: Raster, limits: ImageLimits) -> bytes | None:
    """The bytes of the file, without metadata if it says a place or makes the file too large; else ``None``."""
    data = raster.bare if raster.metadata.located or len(raster.data) > limits.max_bytes else raster.data
    return data if len(data) <= limits.max_bytes else None


def _converted(raster: Raster, limits: ImageLimits) -> FittedImage:
    extent = (min(limits.max_pixels, _MAX_WRITTEN), limits.max_side)
    size = size_within((raster.width, raster.height), *extent)
    decoded = brought_near(decode(raster, at_least=size), size)
    image = normalised(upright(decoded, raster.metadata.orientation))
    made = _encode_within(image, extent, limits, drawing=is_drawing(raster.name, image), given=len(raster.data))
    if not raster.metadata.animated:
        return made
    still = Diagnostic.of(
        "image-still",
        "the animation became a still picture: the book shows its first frame",
        hint="a GIF within the limits of 'images' keeps moving" if limits.animations else "choose a still picture",
    )
    return replace(made, warnings=(still,))


_STEP = 10
_LOWEST_QUALITY = 60
_ALIKE_QUALITY, _ALIKE_ERROR = 92, 2.5
"""The quality of a JPEG that replaces a PNG, and the largest root mean square error it may have."""
_SMALLEST = 16
"""Pixels on the longer side; a smaller picture would be useless."""


def _encode_within(
    image: Image.Image, extent: tuple[int, int], limits: ImageLimits, *, drawing: bool, given: int = 0
) -> FittedImage:
    """Encodes `image` (L, RGB or RGBA) as large and as good as `limits` allow, and `extent`: pixels, and of a side.

    A drawing or a transparent picture becomes a PNG if that fits. Everything else becomes a JPEG: chapbook first lowers
    the quality, then the size. A PNG larger than the file that was `given`, in bytes, becomes a JPEG if that looks the
    same. Raises ImageError (``image-too-large``) if nothing fits.
    """
    size = size_within(image.size, *extent)
    while True:
        shown = resized(image, size)
        name, data = _encode(shown, limits, drawing=drawing, given=given)
        if len(data) <= limits.max_bytes:
            return FittedImage.of(name, data, shown.size, changed=True, see_through=hides_on_black(shown))
        if max(size) <= _SMALLEST:
            raise too_large(
                f"chapbook can't make the picture fit into {limits.max_bytes} bytes", "raise 'images.max_bytes'"
            )
        size = _smaller(size, len(data), limits.max_bytes)


def _encode(image: Image.Image, limits: ImageLimits, *, drawing: bool, given: int) -> tuple[str, bytes]:
    if image.mode == "RGBA":
        return "PNG", encode_png(image)
    if drawing:
        data = encode_png(image)
        if given and len(data) > given and (alike := _jpeg_alike(image)) and len(alike) < len(data):
            return "JPEG", alike
        if len(data) <= limits.max_bytes:
            return "PNG", data
    quality = limits.quality
    data = encode_jpeg(image, quality)
    while len(data) > limits.max_bytes and quality > _LOWEST_QUALITY:
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


_COVER_PIXELS, _COVER_SIDE, _SHORT_SIDE = 5_600_000, 4096, 1400


def fit_cover(data: bytes, limits: ImageLimits) -> FittedImage:
    """Returns the cover `data` as it goes into the book: unchanged if stores accept it, else converted or scaled down.

    Its warnings are ``cover-small`` and ``cover-shape``; covers are never enlarged. Raises ImageError
    (``cover-invalid``) if `data` isn't a readable pixel image.
    """
    try:
        kind = _format_of(data)
        if kind.name == "SVG":
            raise _invalid(
                "the cover is an SVG, and stores don't accept those", "save it as JPEG or PNG, 1600 × 2560 pixels"
            )
        raster = read_raster(kind.name, data, limits.read_pixels)
        made = _cover_as_it_is(raster, limits) or _converted_cover(raster, limits)
    except ImageError as error:
        raise _as_cover(error) from error
    return replace(made, warnings=_cover_warnings(raster))


def _as_cover(error: ImageError) -> ChapbookError:
    """The same error as an error of the cover, which stops the book."""
    fault = error.diagnostic
    message = fault.message.replace("the picture", "the cover").replace("the file", "the cover")
    return _invalid(message, fault.hint or "") if fault.code != "cover-invalid" else error


def _invalid(message: str, hint: str) -> ImageError:
    return ImageError(Diagnostic.of("cover-invalid", message, hint=hint))


def _cover_as_it_is(raster: Raster, limits: ImageLimits) -> FittedImage | None:
    size, said = (raster.width, raster.height), raster.metadata
    upright_rgb = said.orientation == 1 and raster.mode == "RGB" and not said.animated
    if raster.name not in {"JPEG", "PNG"} or not upright_rgb or size_within(size, *_cover_extent(limits)) != size:
        return None
    data = _shippable(raster, limits)
    if data is None or has_transparency(decode(raster)):
        return None
    return FittedImage.of(raster.name, data, size, changed=data is not raster.data)


def _converted_cover(raster: Raster, limits: ImageLimits) -> FittedImage:
    decoded = decode(raster, at_least=size_within((raster.width, raster.height), *_cover_extent(limits)))
    image = flattened(normalised(upright(decoded, raster.metadata.orientation)))
    return _encode_within(image, _cover_extent(limits), limits, drawing=is_drawing(raster.name, image))


def _cover_extent(limits: ImageLimits) -> tuple[int, int]:
    return min(_COVER_PIXELS, limits.max_pixels), _COVER_SIDE


def _cover_warnings(raster: Raster) -> tuple[Diagnostic, ...]:
    turned = raster.metadata.orientation > 4  # noqa: PLR2004 - orientations 5 to 8 lie on their side
    width, height = (raster.height, raster.width) if turned else (raster.width, raster.height)
    found = []
    if min(width, height) < _SHORT_SIDE:
        message = f"the cover is {width} × {height} pixels; stores ask for at least {_SHORT_SIDE} on the short side"
        found.append(Diagnostic.of("cover-small", message, hint="use one of 1600 × 2560 pixels"))
    if width > height:
        message = f"the cover is wider than tall: {width} × {height} pixels"
        found.append(Diagnostic.of("cover-shape", message, hint="use one of 1600 × 2560 pixels"))
    return tuple(found)
