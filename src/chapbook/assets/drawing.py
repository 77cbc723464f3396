"""SVG drawn as a PNG, by resvg. Needs the extra ``chapbook[kindle]``.

The words in a drawing are set in the fonts that come with chapbook, so that the picture is the same on every machine.
Letters that those lack come from the host's fonts.
"""

from __future__ import annotations

import io
import re
from importlib.util import find_spec
from math import sqrt

from PIL import Image

from chapbook.assets.encoding import encode_png
from chapbook.assets.fitted import FittedImage, damaged, fitted
from chapbook.assets.pixels import flattened
from chapbook.assets.sfnt import package_fonts
from chapbook.model.diagnostics import ChapbookError, Diagnostic

__all__ = ["draw_svg", "drawn", "need_drawing"]

_SCALE = 2.0
"""Pixels of the PNG for one of CSS: screens of readers are finer."""
_USUAL = 400
"""CSS pixels of a drawing that says no size and has no view box."""
_OF_PAGE = 1200
"""Pixels of the width of a page on a finer screen."""
_SIZE = re.compile(r"<svg\b[^>]*\swidth\s*=\s*[\"'][^\"'%]*[\"']")
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


def drawn(image: FittedImage) -> FittedImage:
    """The SVG `image` as a PNG; its width and height stay those of the drawing."""
    svg = image.data.decode("utf-8")
    picture = draw_svg(svg, (image.width, image.height), is_fluid=_SIZE.search(svg) is None)
    size = (image.width, image.height) if image.width and image.height else picture.size
    return fitted("PNG", encode_png(picture), size, changed=True, warnings=image.warnings)
