"""The modern cover: a field of large geometric tiles over a block of colour with a bold title."""

from __future__ import annotations

from PIL import Image

from chapbook.colour.colour import Colour, Palette
from chapbook.covers.cover import Column, CoverBrief, small_capitals
from chapbook.covers.lettering import SetText, Style
from chapbook.covers.sheet import HEIGHT, WIDTH, Point, SeededNumbers, Sheet
from chapbook.covers.typefaces import Cut

__all__ = ["modern"]

_MARGIN = 120
_TEXT = WIDTH - 2 * _MARGIN
_SIDE = WIDTH / 4
_TITLE = Style(cut=Cut("sans", 800), largest=320, smallest=60, leading=1.04, comfortable=130)
_SUBTITLE = Style(cut=Cut("sans", 400), largest=120, smallest=42, leading=1.25)
_AUTHORS = Style(cut=Cut("sans", 600), largest=128, smallest=44, leading=1.25)
_ROWS = ((4, 150), (3, 110), (2, 0))
"""Rows of tiles, and the least title size for so many rows; otherwise the title gets more room."""


def modern(brief: CoverBrief) -> Image.Image:
    """Draws the cover."""
    palette = brief.palette
    ground = palette.shade(0.27, 0.8)
    authors = brief.authors(_AUTHORS, _TEXT, 330)
    subtitle = brief.subtitle(_SUBTITLE, _TEXT, 420)
    series = brief.series(small_capitals("sans", 108, 600), _TEXT, 230)
    beside = sum(part.height + 70 for part in (authors, subtitle, series) if part.lines) + 200
    rows, title = _fit_title(brief, beside)
    sheet = Sheet(ground.hex)
    colours = _colours(palette, ground)
    for row in range(rows):
        for place in range(4):
            _tile(sheet, (place * _SIDE, row * _SIDE), brief.numbers, colours)
    column = Column(sheet.finished(), brief.compositor, _MARGIN, _TEXT, "left")
    ink = palette.ink_on(ground)
    top = rows * _SIDE + 100
    if series.lines:
        top = column.put(series, top, ink if palette.is_sunny else palette.shade(0.84, 0.6)) + 88
    column.put(subtitle, column.put(title, top, ink) + 66, ink if palette.is_sunny else palette.shade(0.88, 0.4))
    column.put_up(authors, HEIGHT - 110, ink)
    return column.image


def _fit_title(brief: CoverBrief, beside: float) -> tuple[int, SetText]:
    """How many rows of tiles there are, and the title below them."""
    for rows, least in _ROWS:
        title = brief.title(_TITLE, _TEXT, HEIGHT - rows * _SIDE - beside)
        # No lines here means that the title didn't fit, unless it is empty.
        if not brief.wording.title or (title.lines and title.size >= least):
            break
    return rows, title


def _colours(palette: Palette, ground: Colour) -> tuple[str, ...]:
    bright, pale, deep = palette.shade(0.62, 1.1), palette.shade(0.90, 0.35), palette.shade(0.42, 1.0)
    opposite = palette.shade(0.76, 1.1, 165)
    return tuple(colour.hex for colour in (bright, pale, deep, opposite, ground))


def _tile(sheet: Sheet, corner: Point, numbers: SeededNumbers, colours: tuple[str, ...]) -> None:
    """Draws one tile: a figure in two colours on a ground, all different."""
    ground = numbers.whole(0, len(colours) - 1)
    figure = (ground + numbers.whole(1, len(colours) - 1)) % len(colours)
    third = (figure + numbers.whole(1, len(colours) - 1)) % len(colours)
    kind, turn = numbers.whole(0, len(_FIGURES) - 1), numbers.whole(0, 3)
    x, y = corner
    sheet.rectangle(x, y, x + _SIDE, y + _SIDE, colours[ground])
    _FIGURES[kind](sheet, corner, turn, (colours[figure], colours[third]))


def _corners(corner: Point) -> tuple[Point, Point, Point, Point]:
    x, y = corner
    return ((x, y), (x + _SIDE, y), (x + _SIDE, y + _SIDE), (x, y + _SIDE))


def _quarter(sheet: Sheet, centre: Point, radius: float, turn: int, colour: str) -> None:
    """Draws a quarter disc around the corner number `turn`, reaching into the tile."""
    sheet.pie(centre, radius, 90 * turn, 90 * turn + 90, colour)


def _fan(sheet: Sheet, corner: Point, turn: int, colours: tuple[str, str]) -> None:
    _quarter(sheet, _corners(corner)[turn], _SIDE, turn, colours[0])


def _rainbow(sheet: Sheet, corner: Point, turn: int, colours: tuple[str, str]) -> None:
    _quarter(sheet, _corners(corner)[turn], _SIDE, turn, colours[0])
    _quarter(sheet, _corners(corner)[turn], _SIDE / 2, turn, colours[1])


def _eye(sheet: Sheet, corner: Point, _turn: int, colours: tuple[str, str]) -> None:
    centre = (corner[0] + _SIDE / 2, corner[1] + _SIDE / 2)
    sheet.disc(centre, _SIDE / 2, colours[0])
    sheet.disc(centre, _SIDE / 4, colours[1])


def _halves(sheet: Sheet, corner: Point, turn: int, colours: tuple[str, str]) -> None:
    x, y = corner
    upright = turn % 2
    for half, colour in enumerate(colours):
        centre = (x + _SIDE * half, y + _SIDE / 2) if upright else (x + _SIDE / 2, y + _SIDE * half)
        start = (270, 90)[half] if upright else (0, 180)[half]
        sheet.pie(centre, _SIDE / 2, start, start + 180, colour)


def _sail(sheet: Sheet, corner: Point, turn: int, colours: tuple[str, str]) -> None:
    corners = _corners(corner)
    sheet.polygon((corners[turn], corners[(turn + 1) % 4], corners[(turn + 2) % 4]), colours[0])


def _leaf(sheet: Sheet, corner: Point, turn: int, colours: tuple[str, str]) -> None:
    for opposite, radius, colour in ((turn, _SIDE, colours[0]), ((turn + 2) % 4, _SIDE * 0.32, colours[1])):
        _quarter(sheet, _corners(corner)[opposite], radius, opposite, colour)


_FIGURES = (_fan, _rainbow, _eye, _halves, _sail, _leaf)
