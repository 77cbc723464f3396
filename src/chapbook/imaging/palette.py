"""The colours of a drawn cover, all made from one accent."""

from __future__ import annotations

from msgspec import Struct

from chapbook.imaging.sheet import Chance
from chapbook.styling.colour import Colour, contrast, parse_colour
from chapbook.styling.colour_spaces import in_gamut, oklch_to_srgb, srgb_to_oklch

__all__ = ["Palette", "palette_of"]

_ACCENTS = (
    "#1f4e5f",
    "#7a2e35",
    "#27406b",
    "#3c5a40",
    "#5b3a66",
    "#a05a1c",
    "#37474f",
    "#8a3b57",
    "#1d6a5b",
    "#6b4a2f",
)
"""For a book without an accent, by its title."""
_READABLE = 7.0
"""The contrast that text is given where it can be had (WCAG 2.2, 1.4.6); never less than 4.5."""


class Palette(Struct, frozen=True):
    """Shades of one accent, in Oklch: `lightness` 0 to 1, `chroma` as a share of the accent's, `turn` in degrees."""

    accent: Colour

    def shade(self, lightness: float, chroma: float = 1.0, turn: float = 0.0) -> Colour:
        """The accent's hue at another lightness, with a share of its chroma."""
        _, own, hue = srgb_to_oklch((self.accent.red / 255, self.accent.green / 255, self.accent.blue / 255))
        red, green, blue = oklch_to_srgb(in_gamut((lightness, own * chroma, hue + turn)))
        return Colour(*(min(255, max(0, round(channel * 255))) for channel in (red, green, blue)))

    def paper(self) -> Colour:
        """Nearly white, with a breath of warmth or of the accent."""
        return self.shade(0.965, 0.10)

    def ink_on(self, *grounds: Colour, chroma: float = 0.5) -> Colour:
        """A shade for text on all of `grounds`: the first that has good contrast, light on dark, dark on light."""
        dark = min(ground.luminance for ground in grounds) < 0.18  # noqa: PLR2004 - where white and black are even
        steps = [0.97, 0.985, 1.0] if dark else [0.34, 0.28, 0.22, 0.16, 0.1, 0.0]
        shades = [self.shade(step, chroma * (0.2 if dark else 1.0)) for step in steps]
        good = (shade for shade in shades if _least(shade, grounds) >= _READABLE)
        return next(
            good, max((*shades, Colour(0, 0, 0), Colour(255, 255, 255)), key=lambda each: _least(each, grounds))
        )

    def accent_on(self, *grounds: Colour) -> Colour:
        """The shade nearest to the accent that text on `grounds` may have (4.5:1)."""
        lightness, _, _ = srgb_to_oklch((self.accent.red / 255, self.accent.green / 255, self.accent.blue / 255))
        steps = sorted((step / 50 for step in range(51)), key=lambda step: abs(step - lightness))
        shades = (self.shade(step) for step in steps)
        return next((shade for shade in shades if _least(shade, grounds) >= 4.6), self.ink_on(*grounds))  # noqa: PLR2004


def _least(shade: Colour, grounds: tuple[Colour, ...]) -> float:
    return min(contrast(shade, ground) for ground in grounds)


def palette_of(accent: str, chance: Chance) -> Palette:
    """The palette of `accent`, any CSS colour; where it is none, of one that `chance` picks."""
    given = parse_colour(accent) if accent else None
    picked = parse_colour(_ACCENTS[chance.whole(0, len(_ACCENTS) - 1)])
    return Palette(given or picked or Colour(0x27, 0x40, 0x6B))
