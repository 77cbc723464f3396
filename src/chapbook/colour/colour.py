"""CSS colours and their contrast: parses the colours that authors name, and finds readable shades of them.

A style sheet never contains the author's text: here a colour is three numbers, written as ``#rrggbb``.
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
    "SEPIA_PAGE",
    "WHITE_PAGE",
    "Colour",
    "Palette",
    "accent_for_any",
    "accent_for_dark",
    "accent_for_light",
    "by_text_colour",
    "contrast",
    "parse_colour",
]

_MINIMUM_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of any size."""

_LONGEST = 128
"""The most characters in a colour; the longest sensible one has about sixty."""
_STEPS = 24
"""How often the lightness interval is halved; more than 8-bit channels can show."""


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
        """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
        red, green, blue = (srgb_decode(channel / 255) for channel in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def oklch(self) -> Triple:
        """Lightness (0 to 1), chroma and hue (degrees) in Oklch."""
        return srgb_to_oklch((self.red / 255, self.green / 255, self.blue / 255))


WHITE_PAGE = Colour(0xFF, 0xFF, 0xFF)
BLACK_PAGE = Colour(0, 0, 0)
SEPIA_PAGE = Colour(0xF4, 0xEC, 0xD8)
"""The warm paper colour that most reading systems offer besides white."""
DARK_PAGE = Colour(0x1C, 0x1C, 0x1E)
"""The lightest of the usual dark pages: what is readable on it is readable on #121212 and black."""


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=1024)
def parse_colour(text: str) -> Colour | None:
    """Parses `text` as a CSS ``<color>`` (CSS Color 4); returns ``None`` if it isn't one.

    Accepts names, hexadecimal and functional notation in all colour spaces. A colour outside sRGB loses chroma until it
    fits; a half-transparent one is blended with white. ``currentColor``, ``transparent`` (and other fully transparent
    colours) and system colours give ``None``.
    """
    text = text.strip()
    unclosed = "(" in text and not text.endswith(")")
    if len(text) > _LONGEST or not text.isascii() or unclosed or "/*" in text:
        return None
    # A book without colours doesn't need this import
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
    """`colour`, darkened if needed until it has a contrast of 4.5:1 on white and on sepia.

    Hue stays, and chroma as far as sRGB allows (Oklch, CSS Color 4, section 9).
    """
    return _shade(colour, 0.0, lambda shade: contrast(shade, SEPIA_PAGE) >= _MINIMUM_CONTRAST)


def accent_for_dark(colour: Colour) -> Colour:
    """`colour`, lightened if needed until it has a contrast of 4.5:1 on a dark page."""
    return _shade(colour, 1.0, lambda shade: contrast(shade, DARK_PAGE) >= _MINIMUM_CONTRAST)


def accent_for_any(colour: Colour) -> Colour:
    """A shade of `colour` with a contrast of 4.5:1 on white and on black, for pages of unknown colour.

    Its relative luminance is 0.175 to 0.183 and its hue stays; on sepia the contrast is 3.9:1, enough for large type.
    """
    if contrast(colour, BLACK_PAGE) < _MINIMUM_CONTRAST:
        return _shade(colour, 1.0, lambda shade: contrast(shade, BLACK_PAGE) >= _MINIMUM_CONTRAST)
    return _shade(colour, 0.0, lambda shade: contrast(shade, WHITE_PAGE) >= _MINIMUM_CONTRAST)


def by_text_colour(light: Colour, dark: Colour) -> str:
    """CSS that gives `light` where the surrounding text is dark, and `dark` where it is light (CSS Color 5).

    It depends on the text colour that the reading system really uses, whatever it answers to media queries.
    """
    pairs = ((light.red, dark.red), (light.green, dark.green), (light.blue, dark.blue))
    channels = (
        f"clamp({day}, (g - 128) * 999, {night})" if day <= night else f"clamp({night}, (128 - g) * 999, {day})"
        for day, night in pairs
    )
    return f"rgb(from currentColor {' '.join(channels)})"


def _shade(colour: Colour, end: float, readable: Callable[[Colour], bool]) -> Colour:
    """The readable shade nearest to `colour`, moving its lightness towards `end` (black or white)."""
    if readable(colour):
        return colour
    lightness, chroma, hue = colour.oklch
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


_READABLE = 7.0
"""The contrast aimed at (WCAG 2.2, 1.4.6); never below 4.5."""
_LIGHT, _COLOURFUL, _ORANGE, _LIME = 0.7, 0.07, 52.0, 126.0
"""Lightness, chroma and hues in Oklch."""
_SUNNY_FROM = 0.72


class Palette(Struct, frozen=True):
    """Shades of one accent in Oklch: `lightness` is 0 to 1, `chroma` a factor of the accent's, `turn` in degrees."""

    accent: Colour

    def shade(self, lightness: float, chroma: float = 1.0, turn: float = 0.0) -> Colour:
        """The accent's hue at another lightness, with a fraction of its chroma.

        Dark yellows and oranges would look olive or brown, so shades of a light one stay light.
        """
        if self.is_sunny and abs(turn) < 90:  # noqa: PLR2004 - beyond, it is another colour
            lightness = _SUNNY_FROM + (1 - _SUNNY_FROM) * lightness
        return self._tone(lightness, chroma, turn)

    @property
    def is_sunny(self) -> bool:
        """Whether the accent is a light yellow or orange."""
        lightness, chroma, hue = self.accent.oklch
        return lightness >= _LIGHT and chroma >= _COLOURFUL and _ORANGE <= hue % 360 <= _LIME

    def _tone(self, lightness: float, chroma: float = 1.0, turn: float = 0.0) -> Colour:
        _, own, hue = self.accent.oklch
        red, green, blue = oklch_to_srgb(in_gamut((lightness, own * chroma, hue + turn)))
        return Colour(*(min(255, max(0, round(channel * 255))) for channel in (red, green, blue)))

    def paper(self) -> Colour:
        """Nearly white, slightly warm or tinted with the accent."""
        return self.shade(0.965, 0.10)

    def ink_on(self, *grounds: Colour, chroma: float = 0.5) -> Colour:
        """A text colour with good contrast on all `grounds`: the first that fits, light on dark or dark on light."""
        dark = min(ground.luminance for ground in grounds) < 0.18  # noqa: PLR2004 - where white and black are even
        steps = [0.97, 0.985, 1.0] if dark else [0.34, 0.28, 0.22, 0.16, 0.1, 0.0]
        shades = [self._tone(step, chroma * (0.2 if dark else 1.0)) for step in steps]
        good = (shade for shade in shades if _least(shade, grounds) >= _READABLE)
        return next(
            good, max((*shades, Colour(0, 0, 0), Colour(255, 255, 255)), key=lambda each: _least(each, grounds))
        )

    def accent_on(self, *grounds: Colour) -> Colour:
        """The shade nearest to the accent that is readable on `grounds` (4.5:1)."""
        lightness, _, _ = self.accent.oklch
        steps = sorted((step / 50 for step in range(51)), key=lambda step: abs(step - lightness))
        shades = (self._tone(step) for step in steps)
        return next((shade for shade in shades if _least(shade, grounds) >= 4.6), self.ink_on(*grounds))  # noqa: PLR2004


def _least(shade: Colour, grounds: tuple[Colour, ...]) -> float:
    return min(contrast(shade, ground) for ground in grounds)
