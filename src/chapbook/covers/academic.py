"""The academic cover, in the style of university presses: text on paper, a figure below, a strip above."""

from __future__ import annotations

from math import atan2, cos, exp, hypot, pi, sin

from PIL import Image

from chapbook.colour.colour import Palette
from chapbook.covers.cover import Column, CoverBrief, small_capitals
from chapbook.covers.lettering import Style
from chapbook.covers.sheet import HEIGHT, WIDTH, SeededNumbers, Sheet
from chapbook.covers.typefaces import Cut

__all__ = ["academic"]

_MARGIN = 140
_TEXT = WIDTH - 2 * _MARGIN
_STRIP = 150
"""The least height of the strip; it grows with the series' name."""
_EDGE = 1240
"""The least y at which the field begins; long words push it down."""
_TITLE = Style(cut=Cut("serif", 600), largest=256, smallest=60, leading=1.0)
_SUBTITLE = Style(cut=Cut("serif", 400), largest=124, smallest=44, leading=1.14)
_AUTHORS = Style(cut=Cut("sans", 500), largest=124, smallest=42, leading=1.28)
_STEPS = 64
_SHARES = tuple(step / _STEPS for step in range(_STEPS + 1))
"""The strengths of a stroke or disc; each has its own shade."""


def academic(brief: CoverBrief) -> Image.Image:
    """Draws the cover."""
    palette = brief.palette
    paper, deep = palette.paper(), palette.shade(0.34, 0.95)
    series = brief.series(small_capitals("sans", 104, 600), _TEXT, 230)
    strip = max(_STRIP, series.height + 90)
    authors = brief.authors(_AUTHORS, _TEXT, 330)
    title = brief.title(_TITLE, _TEXT, 880)
    subtitle = brief.subtitle(_SUBTITLE, _TEXT, 420)
    head = strip + 130 + (authors.height + 80 if authors.lines else 40)
    edge = max(_EDGE, head + title.height + (subtitle.height + 70 if subtitle.lines else 0) + 150)
    sheet = Sheet(deep.hex)
    field = _FIELDS[brief.series_numbers.whole(0, len(_FIELDS) - 1)]
    field(sheet, edge, brief.numbers, palette)
    sheet.rectangle(0, 0, WIDTH, edge, paper.hex)
    sheet.rectangle(0, 0, WIDTH, strip, deep.hex)
    sheet.rectangle(0, edge, WIDTH, edge + 18, palette.shade(0.70, 1.0).hex)
    column = Column(sheet.finished(), brief.compositor, _MARGIN, _TEXT, "left")
    column.put(series, (strip - series.height) / 2, palette.ink_on(deep))
    column.put(authors, strip + 130, palette.accent_on(paper))
    below = column.put(title, head, palette.ink_on(paper))
    column.put(subtitle, below + 70, palette.ink_on(paper, chroma=0.9))
    return column.image


def _contours(sheet: Sheet, top: float, numbers: SeededNumbers, palette: Palette) -> None:
    """Draws overlapping wavy lines like a map of the sea floor, lighter towards the top."""
    waves = [(numbers.between(0.6, 2.4), numbers.between(0, 2 * pi), numbers.between(0.25, 1.0)) for _ in range(4)]
    peak, spread = numbers.between(0.25, 0.75), numbers.between(0.16, 0.30)
    lines = 40
    gap = (HEIGHT - top) / lines
    for number in range(-8, lines + 12):
        depth = number / lines
        points = []
        for x in range(-10, WIDTH + 11, 10):
            lift = sum(high * sin(often * 2 * pi * x / WIDTH + shift + depth * 3.1) for often, shift, high in waves)
            bulge = exp(-(((x / WIDTH - peak) / spread) ** 2)) * 7 * sin(pi * min(1, max(0, depth)))
            points.append((float(x), top + (number + lift * (0.8 + 1.6 * depth) - bulge) * gap))
        light = 0.78 - 0.3 * min(1, max(0, depth))
        sheet.line(points, 2.4 if number % 5 else 5.0, palette.shade(light, 0.8).hex)


def _vectors(sheet: Sheet, top: float, numbers: SeededNumbers, palette: Palette) -> None:
    """Draws strokes along the flow around a few whirls."""
    whirls = [
        (numbers.between(0, WIDTH), numbers.between(top, HEIGHT), numbers.between(0.5, 1.2) * (1 if number % 2 else -1))
        for number in range(4)
    ]
    shades = [palette.shade(0.52 + 0.36 * share, 0.9, -25 * share).hex for share in _SHARES]
    gap = 44
    for row in range(int((HEIGHT - top) / gap) + 2):
        for place in range(WIDTH // gap + 2):
            x, y = place * gap + (row % 2) * gap / 2, top + row * gap
            across, down = 0.35, 0.1
            for centre_x, centre_y, force in whirls:
                away = hypot(x - centre_x, y - centre_y) + 60
                across += -(y - centre_y) / away * force * 260 / away
                down += (x - centre_x) / away * force * 260 / away
            angle, speed = atan2(down, across), min(1.0, hypot(across, down) / 1.6)
            reach = gap * (0.22 + 0.32 * speed)
            ends = [(x + side * reach * cos(angle), y + side * reach * sin(angle)) for side in (-1, 1)]
            sheet.line(ends, 3.2 + 5 * speed, shades[round(speed * _STEPS)])


def _halftone(sheet: Sheet, top: float, numbers: SeededNumbers, palette: Palette) -> None:
    """Draws a grid of discs whose sizes vary in waves from two centres."""
    places = [(numbers.between(-0.1, 1.1) * WIDTH, numbers.between(top, HEIGHT + 200)) for _ in range(2)]
    length = numbers.between(240, 420)
    shades = [palette.shade(0.44 + 0.42 * share, 0.9, 20 * share).hex for share in _SHARES]
    gap = 46
    for row in range(int((HEIGHT - top) / gap / 0.87) + 2):
        for place in range(WIDTH // gap + 2):
            x, y = place * gap + (row % 2) * gap / 2, top + row * gap * 0.87
            waves = [sin(2 * pi * hypot(x - centre_x, y - centre_y) / length) for centre_x, centre_y in places]
            strength = (sum(waves) + 2) / 4
            sheet.disc((x, y), gap * (0.06 + 0.38 * strength), shades[round(strength * _STEPS)])


_FIELDS = (_contours, _vectors, _halftone)
