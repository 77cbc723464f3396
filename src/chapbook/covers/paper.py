"""The cover for a user's own theme: patterned paper with a label, in the style of old small books."""

from __future__ import annotations

from math import pi, sin

from PIL import Image

from chapbook.covers.cover import Column, CoverBrief, small_capitals
from chapbook.covers.lettering import Style
from chapbook.covers.sheet import HEIGHT, WIDTH, Point, Sheet, on_circle
from chapbook.covers.typefaces import Cut

__all__ = ["patterned_paper"]

_CENTRE = WIDTH / 2
_LABEL = 1180
_TEXT = _LABEL - 2 * 90
_TOP = 340
_PADDING, _GAP = 130, 84
_TITLE = Style(cut=Cut("serif", 500), largest=176, smallest=52, leading=1.02)
_SUBTITLE = Style(cut=Cut("serif", 400, italic=True), largest=110, smallest=40)
_SERIES = Style(cut=Cut("serif", 500, italic=True), largest=104, smallest=36)


def patterned_paper(brief: CoverBrief) -> Image.Image:
    """Draws the cover."""
    palette = brief.palette
    title = brief.title(_TITLE, _TEXT, 720)
    subtitle = brief.subtitle(_SUBTITLE, _TEXT, 360)
    authors = brief.authors(small_capitals("serif", 104, 500), _TEXT, 330)
    series = brief.series(_SERIES, _TEXT, 230)
    parts = [part for part in (authors, title, subtitle, series) if part.lines]
    height = max(620.0, sum(part.height for part in parts) + _GAP * (len(parts) - 1) + 2 * _PADDING)
    sheet = Sheet(palette.shade(0.46, 0.95).hex)
    _pattern(sheet, brief)
    paper = palette.paper()
    ink, tint = palette.ink_on(paper), palette.accent_on(paper)
    for inset, colour in (
        (-18, palette.shade(0.30, 0.8)),
        (0, paper),
        (30, tint),
        (35, paper),
        (46, tint),
        (48, paper),
    ):
        half = _LABEL / 2 - inset
        sheet.rectangle(_CENTRE - half, _TOP + inset, _CENTRE + half, _TOP + height - inset, colour.hex)
    column = Column(sheet.finished(), brief.compositor, _CENTRE, _TEXT, "center")
    y = _TOP + (height - sum(part.height for part in parts) - _GAP * (len(parts) - 1)) / 2
    for part in parts:
        y = column.put(part, y, ink if part is title or part is authors else tint) + _GAP
    return column.image


def _pattern(sheet: Sheet, brief: CoverBrief) -> None:
    palette = brief.palette
    motif = _MOTIFS[brief.series_numbers.whole(0, len(_MOTIFS) - 1)]
    gap = brief.numbers.between(112, 150)
    light, dark = palette.shade(0.80, 0.6).hex, palette.shade(0.34, 0.9).hex
    for row in range(int(HEIGHT / gap) + 2):
        for place in range(int(WIDTH / gap) + 2):
            x = (place + (0.5 if row % 2 else 0)) * gap
            motif(sheet, (x, row * gap), gap * 0.29, (light, dark))
            sheet.disc((x + gap / 2, row * gap), gap * 0.035, light)


def _diamond(sheet: Sheet, centre: Point, size: float, colours: tuple[str, str]) -> None:
    x, y = centre
    sheet.polygon(((x, y - size), (x + size * 0.6, y), (x, y + size), (x - size * 0.6, y)), colours[0])
    sheet.disc(centre, size * 0.2, colours[1])


def _flower(sheet: Sheet, centre: Point, size: float, colours: tuple[str, str]) -> None:
    for petal in range(6):
        sheet.disc(on_circle(centre, size * 0.55, petal * pi / 3), size * 0.33, colours[0])
    sheet.disc(centre, size * 0.3, colours[1])


def _star(sheet: Sheet, centre: Point, size: float, colours: tuple[str, str]) -> None:
    points = [on_circle(centre, size if point % 2 == 0 else size * 0.42, point * pi / 8) for point in range(16)]
    sheet.polygon(points, colours[0])
    sheet.disc(centre, size * 0.18, colours[1])


def _leaf(sheet: Sheet, centre: Point, size: float, colours: tuple[str, str]) -> None:
    x, y = centre
    side = [(x + size * 0.55 * sin(pi * step / 12), y - size + 2 * size * step / 12) for step in range(13)]
    sheet.polygon((*side, *((2 * x - right, down) for right, down in reversed(side))), colours[0])
    sheet.line(((x, y - size * 0.7), (x, y + size * 1.1)), size * 0.1, colours[1])


def _ring(sheet: Sheet, centre: Point, size: float, colours: tuple[str, str]) -> None:
    sheet.ring(centre, size * 0.8, size * 0.16, colours[0])
    sheet.disc(centre, size * 0.3, colours[1])


_MOTIFS = (_diamond, _flower, _star, _leaf, _ring)
