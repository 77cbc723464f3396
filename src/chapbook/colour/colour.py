"""CSS colours and their contrast: any colour an author names, and the shades of it that can be read.

Nothing of an author's text goes into a style sheet: a colour is three numbers here, written as ``#rrggbb``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from math import isfinite

from msgspec import Struct

from chapbook.colour.colour_spaces import Triple, in_gamut, oklch_to_srgb, srgb_decode, srgb_to_oklch, to_srgb

__all__ = [
    "BLACK_PAGE",
    "DARK_PAGE",
    "MINIMUM_CONTRAST",
    "SEPIA_PAGE",
    "WHITE_PAGE",
    "Colour",
    "accent_for_any",
    "accent_for_dark",
    "accent_for_light",
    "by_text_colour",
    "contrast",
    "parse_colour",
]

MINIMUM_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of any size."""

_LONGEST = 128
"""Characters of a colour's text: the longest sensible one has about sixty."""
_STEPS = 24
"""Halvings of the lightness; more than 8-bit channels can tell apart."""


class Colour(Struct, frozen=True, order=True):
    """An opaque sRGB colour, each channel 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def hex(self) -> str:
        """``#rrggbb``, lower case."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """Relative luminance, 0 to 1 (WCAG 2.2, definition of that name)."""
        red, green, blue = (srgb_decode(channel / 255) for channel in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


WHITE_PAGE = Colour(0xFF, 0xFF, 0xFF)
BLACK_PAGE = Colour(0, 0, 0)
SEPIA_PAGE = Colour(0xF4, 0xEC, 0xD8)
"""The warm paper that most reading systems offer beside white."""
DARK_PAGE = Colour(0x1C, 0x1C, 0x1E)
"""The lightest of the usual dark pages: what can be read on it can be read on #121212 and black."""


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of that name)."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=1024)
def parse_colour(text: str) -> Colour | None:
    """The colour that `text` is as a CSS ``<color>`` (CSS Color 4), or ``None``.

    Takes names, hexadecimal and functional notations in every colour space; what lies outside sRGB loses
    chroma until it is inside; alpha is blended on white. ``currentColor``, ``transparent`` and anything
    else without alpha, system colours and all other text are ``None``.
    """
    text = text.strip()
    unclosed = "(" in text and not text.endswith(")")
    if len(text) > _LONGEST or not text.isascii() or unclosed or "/*" in text:
        return None
    # A book without colours does without it
    from tinycss2.color4 import parse_color  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

    try:
        parsed = parse_color(text)
    except (ValueError, OverflowError):  # `color()` without arguments; numbers beyond a float
        return None
    if parsed is None or isinstance(parsed, str) or not parsed.alpha > 0:
        return None
    first, second, third = (coordinate or 0.0 for coordinate in parsed.coordinates)
    if not all(map(isfinite, (first, second, third, parsed.alpha))):
        return None
    return _blended(to_srgb(parsed.space, (first, second, third)), parsed.alpha)


def _blended(srgb: Triple, alpha: float) -> Colour:
    return _rounded(channel * alpha + 1 - alpha for channel in srgb)


def _rounded(channels: Iterable[float]) -> Colour:
    return Colour(*(min(255, max(0, int(channel * 255 + 0.5))) for channel in channels))


def accent_for_light(colour: Colour) -> Colour:
    """The shade of `colour` that has 4.5:1 on white and on sepia: itself where it has, else a darker one.

    Hue and, as far as sRGB goes, chroma stay (Oklch, CSS Color 4, section 9).
    """
    return _shade(colour, 0.0, lambda shade: contrast(shade, SEPIA_PAGE) >= MINIMUM_CONTRAST)


def accent_for_dark(colour: Colour) -> Colour:
    """The shade of `colour` that has 4.5:1 on a dark page: itself where it has, else a lighter one."""
    return _shade(colour, 1.0, lambda shade: contrast(shade, DARK_PAGE) >= MINIMUM_CONTRAST)


def accent_for_any(colour: Colour) -> Colour:
    """The shade of `colour` that has 4.5:1 on white and on black, for pages whose colour is not known.

    Its relative luminance is 0.175 to 0.183, its hue stays; on sepia it has 3.9:1, enough for large type.
    """
    if contrast(colour, BLACK_PAGE) < MINIMUM_CONTRAST:
        return _shade(colour, 1.0, lambda shade: contrast(shade, BLACK_PAGE) >= MINIMUM_CONTRAST)
    return _shade(colour, 0.0, lambda shade: contrast(shade, WHITE_PAGE) >= MINIMUM_CONTRAST)


def by_text_colour(light: Colour, dark: Colour) -> str:
    """CSS for `light` where the text around is dark, and `dark` where it is light: a relative colour (CSS Color 5).

    It follows the page that the reading system really shows, whatever that answers to media queries.
    """
    pairs = ((light.red, dark.red), (light.green, dark.green), (light.blue, dark.blue))
    channels = (
        f"clamp({day}, (g - 128) * 999, {night})" if day <= night else f"clamp({night}, (128 - g) * 999, {day})"
        for day, night in pairs
    )
    return f"rgb(from currentColor {' '.join(channels)})"


def _shade(colour: Colour, end: float, readable: Callable[[Colour], bool]) -> Colour:
    """The shade nearest to `colour` that is readable, on the way to lightness `end` (black or white)."""
    if readable(colour):
        return colour
    lightness, chroma, hue = srgb_to_oklch((colour.red / 255, colour.green / 255, colour.blue / 255))
    near, far = lightness, end
    found = _rounded((end, end, end))
    for _ in range(_STEPS):
        middle = (near + far) / 2
        shade = _rounded(oklch_to_srgb(in_gamut((middle, chroma, hue))))
        if readable(shade):
            found, far = shade, middle
        else:
            near = middle
    return found
