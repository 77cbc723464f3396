"""What a cover is drawn from, and the column in which its words stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from chapbook.imaging.sheet import Chance
from chapbook.imaging.lettering import Align, Compositor, SetText, Style
from chapbook.imaging.palette import Palette
from chapbook.styling.colour import Colour

__all__ = ["Column", "Commission", "Composition", "Wording"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words on a cover; what is empty is not there."""

    title: str
    subtitle: str = ""
    authors: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """All that decides a cover's looks but its composition."""

    wording: Wording
    palette: Palette
    compositor: Compositor
    chance: Chance
    """Of this book alone."""
    family_chance: Chance
    """The same for all volumes of a series."""


Composition = Callable[[Commission], Image.Image]


@dataclass(slots=True)
class Column:
    """A column of text on a picture, `width` pixels wide, with its left edge, middle or right edge at `x`."""

    image: Image.Image
    compositor: Compositor
    x: float
    width: float
    align: Align

    def fit(self, text: str, style: Style, height: float) -> SetText:
        """`text` set to the column's width and `height`."""
        return self.compositor.fit(text, style, self.width, height)

    def put(self, text: SetText, top: float, colour: Colour) -> float:
        """Draws `text` with the top of its ink at `top`. The y below its ink."""
        align, x = self._side(text)
        self.compositor.draw(ImageDraw.Draw(self.image), text, (x, top), colour.hex, align)
        return top + text.height

    def put_up(self, text: SetText, bottom: float, colour: Colour) -> float:
        """Draws `text` with the bottom of its ink at `bottom`. The y above its ink."""
        self.put(text, bottom - text.height, colour)
        return bottom - text.height

    def _side(self, text: SetText) -> tuple[Align, float]:
        """Text from right to left stands at a left-aligned column's right edge."""
        if self.align == "left" and text.right_to_left:
            return "right", self.x + self.width
        return self.align, self.x
