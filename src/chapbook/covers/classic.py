"""The classic cover: dark cloth with gold, a double frame, the title above an ornament."""

from __future__ import annotations

from math import pi, radians, sin

from PIL import Image

from chapbook.colour.colour import Colour
from chapbook.covers.cover import Column, CoverBrief, small_capitals
from chapbook.covers.lettering import Style
from chapbook.covers.sheet import HEIGHT, WIDTH, Point, SeededNumbers, Sheet, on_circle
from chapbook.covers.typefaces import Cut

__all__ = ["classic"]

_GILT = Colour(0xE6, 0xCF, 0x9C)
_CENTRE = WIDTH / 2
_FRAME = 84
_TEXT = WIDTH - 2 * 190
_TITLE = Style(cut=Cut("serif", 500), largest=270, smallest=64, leading=1.02)
_SUBTITLE = Style(cut=Cut("serif", 400, italic=True), largest=124, smallest=44)
_SERIES_TOP = 205
_ROSETTE = (110.0, 385.0)
"""The least and largest radius; if the least doesn't fit, the cover has only words."""


def classic(brief: CoverBrief) -> Image.Image:
    """Draws the cover."""
    palette = brief.palette
    cloth = palette.shade(0.30, 0.85)
    gilt = palette.ink_on(cloth, chroma=0.9) if palette.is_sunny else _GILT
    title = brief.title(_TITLE, _TEXT, 900)
    subtitle = brief.subtitle(_SUBTITLE, _TEXT, 400)
    authors = brief.authors(small_capitals("serif", 128, 500), _TEXT, 330)
    series = brief.series(small_capitals("serif", 112, 500), _TEXT, 230)
    head = _SERIES_TOP + series.height + 100 if series.lines else 300
    rule = head + title.height + 92
    below = rule + 60 + (subtitle.height + 84 if subtitle.lines else 0)
    foot = HEIGHT - 225 - authors.height
    sheet = _cloth(cloth, gilt)
    _rule_with_diamond(sheet, (_CENTRE, rule), gilt)
    room = foot - 90 - below
    if room / 2 > _ROSETTE[0]:
        _rosette(sheet, (_CENTRE, below + room / 2), min(_ROSETTE[1], room / 2), brief.numbers, gilt)
    column = Column(sheet.finished(), brief.compositor, _CENTRE, _TEXT, "center")
    column.put(series, _SERIES_TOP, gilt)
    column.put(title, head, palette.ink_on(cloth))
    column.put(subtitle, rule + 62, gilt)
    column.put(authors, foot, palette.ink_on(cloth))
    return column.image


def _cloth(colour: Colour, gilt: Colour) -> Sheet:
    sheet = Sheet(colour.hex)
    sheet.frame(64, 5, gilt.hex)
    sheet.frame(_FRAME, 2, gilt.hex)
    for x, y, start in ((0, 0, 0), (1, 0, 90), (1, 1, 180), (0, 1, 270)):
        corner = (_FRAME + x * (WIDTH - 2 * _FRAME), _FRAME + y * (HEIGHT - 2 * _FRAME))
        for radius, weight in ((96, 4.0), (78, 2.0)):
            arc = [on_circle(corner, radius, radians(start + step * 2)) for step in range(46)]
            sheet.line(arc, weight, gilt.hex)
        sheet.disc(on_circle(corner, 40, radians(start + 45)), 9, gilt.hex)
    return sheet


def _rule_with_diamond(sheet: Sheet, centre: Point, gilt: Colour) -> None:
    """Draws a short line that tapers on both sides of a diamond."""
    x, y = centre
    for side in (-1, 1):
        sheet.polygon(((x + side * 34, y - 3), (x + side * 260, y), (x + side * 34, y + 3)), gilt.hex)
    sheet.polygon(((x, y - 13), (x + 13, y), (x, y + 13), (x - 13, y)), gilt.hex)


def _rosette(sheet: Sheet, centre: Point, radius: float, numbers: SeededNumbers, gilt: Colour) -> None:
    """Draws a guilloche: rotated closed curves between two circles, in a ring of beads."""
    petals, turns, depth = numbers.whole(7, 13), numbers.whole(4, 6), numbers.between(0.30, 0.46)
    for turn in range(turns):
        phase = turn * 2 * pi / turns
        reaches = [1 - depth + depth * sin(petals * radians(step / 3) + phase) for step in range(1081)]
        points = [on_circle(centre, radius * 0.86 * reach, radians(step / 3)) for step, reach in enumerate(reaches)]
        sheet.line(points, 2.6, gilt.hex)
    sheet.ring(centre, radius, 4, gilt.hex)
    sheet.ring(centre, radius * 0.95, 1.8, gilt.hex)
    beads = petals * turns
    for bead in range(beads):
        sheet.disc(on_circle(centre, radius * 0.905, 2 * pi * bead / beads), radius * 0.012, gilt.hex)
