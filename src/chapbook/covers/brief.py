"""The input for drawing a cover, and the column for its text."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageDraw

from chapbook.colour.colour import Colour, contrast, parse_colour
from chapbook.colour.colour_spaces import in_gamut, oklch_to_srgb, srgb_to_oklch
from chapbook.covers.lettering import Align, Compositor, SetText, Style
from chapbook.covers.sheet import SeededNumbers
from chapbook.covers.typefaces import Cut

__all__ = ["Column", "Composition", "CoverBrief", "Palette", "Wording", "palette_of", "small_capitals"]

_NO_BREAK = "\u00a0"
_ONE_LINE = 0.62
"""Share of the largest size down to which the names stay on one line."""


class Wording(Struct, frozen=True, kw_only=True):
    """The words on a cover; empty ones are left out."""

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    series: str = ""
    comma: str = ", "
    """The separator between two authors."""


class CoverBrief(Struct, frozen=True, kw_only=True):
    """Everything that decides how a cover looks, except its composition."""

    wording: Wording
    palette: Palette
    compositor: Compositor
    numbers: SeededNumbers
    """Random numbers for this book."""
    series_numbers: SeededNumbers
    """The same for all volumes of a series."""

    def title(self, style: Style, width: float, height: float) -> SetText:
        """The title, set in `width` × `height` pixels."""
        return self.compositor.fit(self.wording.title, style, width, height)

    def subtitle(self, style: Style, width: float, height: float) -> SetText:
        """The subtitle, set in `width` × `height` pixels."""
        return self.compositor.fit(self.wording.subtitle, style, width, height)

    def series(self, style: Style, width: float, height: float) -> SetText:
        """The series and the number in it, set in `width` × `height` pixels."""
        return self.compositor.fit(self.wording.series, style, width, height)

    def authors(self, style: Style, width: float, height: float) -> SetText:
        """The authors: on one line if that isn't too small, else broken between names."""
        names = [name.replace(" ", _NO_BREAK) for name in self.wording.authors]
        text = self.wording.comma.join(names)
        least = max(style.smallest, round(style.largest * _ONE_LINE))
        one_line = replace(style, most_lines=1, smallest=least, comfortable=least)
        found = self.compositor.fit_whole(text, one_line, width, height)
        found = found or self.compositor.fit_whole(text, replace(style, comfortable=style.smallest), width, height)
        return found or self.compositor.fit(text.replace(_NO_BREAK, " "), style, width, height)


Composition = Callable[[CoverBrief], Image.Image]


class Column(Struct, frozen=True):
    """A column for text: its left edge or middle is at `x`, its width is `width` pixels."""

    image: Image.Image
    compositor: Compositor
    x: float
    width: float
    align: Align

    def put(self, text: SetText, top: float, colour: Colour) -> float:
        """Draws `text` with the top of its ink at `top`. Returns the y below its ink."""
        align, x = self.align, self.x
        if align == "left" and text.right_to_left:
            align, x = "right", x + self.width
        self.compositor.draw(ImageDraw.Draw(self.image), text, (x, top), colour.hex, align)
        return top + text.height

    def put_up(self, text: SetText, bottom: float, colour: Colour) -> None:
        """Draws `text` with the bottom of its ink at `bottom`."""
        self.put(text, bottom - text.height, colour)


def small_capitals(family: str, largest: int, weight: int) -> Style:
    """A style of widely spaced capitals, for names and series."""
    cut = Cut(family, weight)
    return Style(cut=cut, largest=largest, smallest=largest // 2, capitals=True, tracking=0.11, leading=1.42)


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
"""Colours for books without an accent, chosen by title."""
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
        lightness, chroma, hue = srgb_to_oklch((self.accent.red / 255, self.accent.green / 255, self.accent.blue / 255))
        return lightness >= _LIGHT and chroma >= _COLOURFUL and _ORANGE <= hue % 360 <= _LIME

    def _tone(self, lightness: float, chroma: float = 1.0, turn: float = 0.0) -> Colour:
        _, own, hue = srgb_to_oklch((self.accent.red / 255, self.accent.green / 255, self.accent.blue / 255))
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
        lightness, _, _ = srgb_to_oklch((self.accent.red / 255, self.accent.green / 255, self.accent.blue / 255))
        steps = sorted((step / 50 for step in range(51)), key=lambda step: abs(step - lightness))
        shades = (self._tone(step) for step in steps)
        return next((shade for shade in shades if _least(shade, grounds) >= 4.6), self.ink_on(*grounds))  # noqa: PLR2004


def _least(shade: Colour, grounds: tuple[Colour, ...]) -> float:
    return min(contrast(shade, ground) for ground in grounds)


def palette_of(accent: str, numbers: SeededNumbers) -> Palette:
    """The palette of `accent`, a CSS colour; if it isn't one, `numbers` picks a colour."""
    given = parse_colour(accent) if accent else None
    picked = parse_colour(_ACCENTS[numbers.whole(0, len(_ACCENTS) - 1)])
    return Palette(given or picked or Colour(0x27, 0x40, 0x6B))
