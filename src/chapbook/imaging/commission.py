"""What a cover is drawn from, and the column in which its words stand."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageDraw

from chapbook.imaging.fonts import Cut
from chapbook.imaging.lettering import Align, Compositor, SetText, Style
from chapbook.imaging.palette import Palette
from chapbook.imaging.sheet import Chance
from chapbook.styling.colour import Colour

__all__ = ["Column", "Commission", "Composition", "Wording", "small_capitals"]

_NO_BREAK = "\u00a0"
_ONE_LINE = 0.62
"""Of the largest size: down to it the names stay on one line."""


class Wording(Struct, frozen=True, kw_only=True):
    """The words on a cover; what is empty is not there."""

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    series: str = ""
    comma: str = ", "
    """What stands between two authors."""


class Commission(Struct, frozen=True, kw_only=True):
    """All that decides a cover's looks but its composition."""

    wording: Wording
    palette: Palette
    compositor: Compositor
    chance: Chance
    """Of this book alone."""
    family_chance: Chance
    """The same for all volumes of a series."""

    def title(self, style: Style, width: float, height: float) -> SetText:
        """The title in `width` × `height` pixels."""
        return self.compositor.fit(self.wording.title, style, width, height)

    def subtitle(self, style: Style, width: float, height: float) -> SetText:
        """The subtitle in `width` × `height` pixels."""
        return self.compositor.fit(self.wording.subtitle, style, width, height)

    def series(self, style: Style, width: float, height: float) -> SetText:
        """The series and the place in it."""
        return self.compositor.fit(self.wording.series, style, width, height)

    def authors(self, style: Style, width: float, height: float) -> SetText:
        """The authors: on one line where that does not make them small, else broken between names."""
        names = [name.replace(" ", _NO_BREAK) for name in self.wording.authors]
        text = self.wording.comma.join(names)
        least = max(style.smallest, round(style.largest * _ONE_LINE))
        one_line = replace(style, most_lines=1, smallest=least, comfortable=least)
        found = self.compositor.fit_whole(text, one_line, width, height)
        found = found or self.compositor.fit_whole(text, replace(style, comfortable=style.smallest), width, height)
        return found or self.compositor.fit(text.replace(_NO_BREAK, " "), style, width, height)


Composition = Callable[[Commission], Image.Image]


class Column(Struct, frozen=True):
    """A column on a picture in which text is drawn, with its left edge or middle at `x`, `width` pixels wide."""

    image: Image.Image
    compositor: Compositor
    x: float
    width: float
    align: Align

    def put(self, text: SetText, top: float, colour: Colour) -> float:
        """Draws `text` with the top of its ink at `top`. The y below its ink."""
        align, x = self.align, self.x
        if align == "left" and text.right_to_left:
            align, x = "right", x + self.width
        self.compositor.draw(ImageDraw.Draw(self.image), text, (x, top), colour.hex, align)
        return top + text.height

    def put_up(self, text: SetText, bottom: float, colour: Colour) -> None:
        """Draws `text` with the bottom of its ink at `bottom`."""
        self.put(text, bottom - text.height, colour)


def small_capitals(family: str, largest: int, weight: int) -> Style:
    """Capitals set wide, for names and series."""
    cut = Cut(family, weight)
    return Style(cut=cut, largest=largest, smallest=largest // 2, capitals=True, tracking=0.11, leading=1.42)
