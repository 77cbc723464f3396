"""The minimal cover: white space, a plain title and one figure."""

from __future__ import annotations

from math import radians

from PIL import Image

from chapbook.covers.cover import Column, CoverBrief
from chapbook.covers.lettering import Style
from chapbook.covers.sheet import HEIGHT, WIDTH, Point, Sheet, on_circle
from chapbook.covers.typefaces import Cut

__all__ = ["minimal"]

_MARGIN = 170
_TEXT = WIDTH - 2 * _MARGIN
_HEAD = 260
_TITLE = Style(cut=Cut("sans", 600), largest=216, smallest=52, leading=1.1)
_SUBTITLE = Style(cut=Cut("sans", 300), largest=120, smallest=40, leading=1.28)
_AUTHORS = Style(cut=Cut("sans", 500), largest=124, smallest=38, leading=1.3)
_SERIES = Style(cut=Cut("sans", 500), largest=108, smallest=34)
_LEAST_RADIUS = 80.0
_RADIUS = 470.0


def minimal(brief: CoverBrief) -> Image.Image:
    """Draws the cover."""
    palette = brief.palette
    paper = palette.shade(0.972, 0.08)
    title = brief.title(_TITLE, _TEXT, 760)
    subtitle = brief.subtitle(_SUBTITLE, _TEXT, 420)
    authors = brief.authors(_AUTHORS, _TEXT, 330)
    series = brief.series(_SERIES, _TEXT, 240)
    below = _HEAD + title.height + (subtitle.height + 64 if subtitle.lines else 0)
    foot = HEIGHT - 190 - authors.height - (series.height + 76 if series.lines else 0)
    sheet = Sheet(paper.hex)
    radius = min(_RADIUS, (foot - below) / 2 - 130)
    if radius > _LEAST_RADIUS:
        centre = (WIDTH - _MARGIN - radius, (below + foot) / 2)
        figure = _FIGURES[brief.series_numbers.whole(0, len(_FIGURES) - 1)]
        figure(sheet, centre, radius, brief)
    column = Column(sheet.finished(), brief.compositor, _MARGIN, _TEXT, "left")
    ink = palette.ink_on(paper, chroma=0.35)
    column.put(subtitle, column.put(title, _HEAD, ink) + 64, ink)
    column.put(series, foot, palette.accent_on(paper))
    column.put_up(authors, HEIGHT - 190, ink)
    return column.image


def _eclipse(sheet: Sheet, centre: Point, radius: float, brief: CoverBrief) -> None:
    """Draws a disc in front of a paler one."""
    palette, numbers = brief.palette, brief.numbers
    angle = radians(numbers.between(0, 360))
    sheet.disc(on_circle(centre, radius * 0.3, angle), radius * 0.7, palette.shade(0.86, 0.5).hex)
    sheet.disc(on_circle(centre, -radius * 0.18, angle), radius * 0.62, palette.shade(0.56, 1.1).hex)


def _rings(sheet: Sheet, centre: Point, radius: float, brief: CoverBrief) -> None:
    """Draws rings of different weights around one point; the innermost is a disc."""
    palette, numbers = brief.palette, brief.numbers
    rings = numbers.whole(4, 7)
    for ring in range(rings):
        colour = palette.shade(0.58 + 0.3 * ring / rings, 1.05 - 0.5 * ring / rings)
        sheet.ring(centre, radius * (ring + 2) / (rings + 1), radius * 0.036, colour.hex)
    sheet.disc(centre, radius / (rings + 1), palette.shade(0.52, 1.1).hex)


def _horizon(sheet: Sheet, centre: Point, radius: float, brief: CoverBrief) -> None:
    """Draws half a disc above a line, and its reflection in bars that get thinner below."""
    palette, numbers = brief.palette, brief.numbers
    x, y = centre
    sheet.pie(centre, radius * 0.86, 180, 360, palette.shade(0.60, 1.1).hex)
    bars = numbers.whole(6, 9)
    for bar in range(bars):
        down = radius * 0.86 * (bar + 0.5) / bars
        half = (max(0.0, (radius * 0.86) ** 2 - down**2)) ** 0.5
        thick = radius * 0.86 / bars * (0.62 - 0.5 * bar / bars)
        sheet.rectangle(x - half, y + down, x + half, y + down + thick, palette.shade(0.66 + 0.02 * bar, 0.9).hex)


def _grid(sheet: Sheet, centre: Point, radius: float, brief: CoverBrief) -> None:
    """Draws a square of discs, one of them in another colour."""
    palette, numbers = brief.palette, brief.numbers
    side = 6
    other = (numbers.whole(0, side - 1), numbers.whole(0, side - 1))
    gap = 2 * radius / side
    for row in range(side):
        for place in range(side):
            at = (centre[0] - radius + gap * (place + 0.5), centre[1] - radius + gap * (row + 0.5))
            strong = (row, place) == other
            colour = palette.shade(0.62, 1.2, 160) if strong else palette.shade(0.55 + 0.06 * row, 1.0)
            sheet.disc(at, gap * 0.36, colour.hex)


_FIGURES = (_eclipse, _rings, _horizon, _grid)
