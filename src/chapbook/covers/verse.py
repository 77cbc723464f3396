"""The verse cover: a sky with a disc over hills or waves, and the title in italics."""

from __future__ import annotations

from math import pi, sin

from PIL import Image

from chapbook.covers.cover import Column, CoverBrief, small_capitals
from chapbook.covers.lettering import Style
from chapbook.covers.sheet import HEIGHT, WIDTH, SeededNumbers, Sheet
from chapbook.covers.typefaces import Cut

__all__ = ["verse"]

_CENTRE = WIDTH / 2
_TEXT = WIDTH - 2 * 150
_TITLE = Style(cut=Cut("serif", 500, italic=True), largest=276, smallest=64, leading=0.98)
_SUBTITLE = Style(cut=Cut("serif", 500), largest=124, smallest=44)
_AUTHORS = Style(cut=Cut("serif", 500), largest=132, smallest=48, leading=1.14)
_SHORE = 1300
"""The highest y at which the land begins; long words push it down."""
_LAYERS = 7
_SERIES_TOP = 175


def verse(brief: CoverBrief) -> Image.Image:
    """Draws the cover."""
    palette, numbers = brief.palette, brief.numbers
    sky, dawn = palette.shade(0.955, 0.25), palette.shade(0.87, 0.6, 40)
    series = brief.series(small_capitals("serif", 110, 600), _TEXT, 230)
    title = brief.title(_TITLE, _TEXT, 900)
    subtitle = brief.subtitle(_SUBTITLE, _TEXT, 400)
    authors = brief.authors(_AUTHORS, _TEXT, 330)
    head = _SERIES_TOP + series.height + 95 if series.lines else 250
    below = head + title.height + (subtitle.height + 70 if subtitle.lines else 0)
    shore = max(_SHORE, below + 300)
    foreground = HEIGHT - 150 - authors.height - 120
    sheet = Sheet(sky.hex)
    sheet.fade(dawn.hex, (below, shore + 160))
    sheet.disc((WIDTH * numbers.between(0.2, 0.8), shore - 10), 215, palette.shade(0.985, 0.25, 40).hex)
    layers = tuple(palette.shade(0.80 - 0.09 * layer, 0.7 + 0.05 * layer) for layer in range(_LAYERS))
    _hills(sheet, (shore, foreground), numbers, tuple(layer.hex for layer in layers))
    column = Column(sheet.finished(), brief.compositor, _CENTRE, _TEXT, "center")
    ink = palette.ink_on(sky, dawn, chroma=0.9)
    column.put(series, _SERIES_TOP, ink)
    column.put(subtitle, column.put(title, head, ink) + 70, ink)
    column.put_up(authors, HEIGHT - 150, palette.ink_on(layers[-1]))
    return column.image


def _hills(sheet: Sheet, span: tuple[float, float], numbers: SeededNumbers, colours: tuple[str, ...]) -> None:
    """Draws layers of hills between the two y values of `span`."""
    start, end = span
    step = (end - start) / (len(colours) - 0.35)
    for layer, colour in enumerate(colours):
        waves = [(numbers.between(0.4, 1.5), numbers.between(0, 2 * pi), numbers.between(0.5, 1.0)) for _ in range(3)]
        swell = step * 0.62 / sum(high for _, _, high in waves) * (1 if layer < len(colours) - 1 else 0.5)
        level = start + step * layer
        crest = []
        for x in range(0, WIDTH + 12, 11):
            lift = sum(high * sin(often * 2 * pi * x / WIDTH + shift) for often, shift, high in waves)
            crest.append((float(x), level + swell * lift))
        sheet.polygon((*crest, (WIDTH, HEIGHT), (0, HEIGHT)), colour)
