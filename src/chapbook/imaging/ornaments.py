"""Ornaments and patterns, drawn from numbers that a book's own words decide."""

from __future__ import annotations

from math import cos, pi, radians, sin

from chapbook.imaging.sheet import HEIGHT, WIDTH, Chance, Sheet

__all__ = ["contours", "corner_scrolls", "hills", "rosette", "rule_with_diamond", "small_motif", "tile"]

Point = tuple[float, float]


def rosette(sheet: Sheet, centre: Point, radius: float, chance: Chance, colour: str) -> None:
    """A guilloche: a few closed curves that swing between two circles, turned against each other, in a ring."""
    petals = chance.whole(7, 13)
    turns = chance.whole(4, 6)
    depth = chance.number(0.30, 0.46)
    for turn in range(turns):
        swing = [_swing(centre, radius * 0.86, petals, depth, step, turn * 2 * pi / turns) for step in range(1081)]
        sheet.line(swing, 2.6, colour)
    sheet.ring(centre, radius, 4, colour)
    sheet.ring(centre, radius * 0.95, 1.8, colour)
    beads = petals * turns
    for bead in range(beads):
        angle = 2 * pi * bead / beads
        sheet.disc(_on(centre, radius * 0.905, angle), radius * 0.012, colour)


def _swing(centre: Point, radius: float, petals: int, depth: float, step: int, phase: float) -> Point:
    angle = radians(step / 3)
    reach = radius * (1 - depth + depth * sin(petals * angle + phase))
    return _on(centre, reach, angle)


def _on(centre: Point, radius: float, angle: float) -> Point:
    return (centre[0] + radius * cos(angle), centre[1] + radius * sin(angle))


def rule_with_diamond(sheet: Sheet, centre: Point, length: float, colour: str) -> None:
    """A short rule that thins out on both sides of a diamond."""
    x, y = centre
    for side in (-1, 1):
        sheet.polygon(((x + side * 34, y - 2.5), (x + side * length / 2, y), (x + side * 34, y + 2.5)), colour)
    sheet.polygon(((x, y - 13), (x + 13, y), (x, y + 13), (x - 13, y)), colour)


def corner_scrolls(sheet: Sheet, inset: float, colour: str) -> None:
    """A quarter circle with a bead in each corner of a frame at `inset`."""
    for x, start_x in ((inset, 0), (WIDTH - inset, 90)):
        for y in (inset, HEIGHT - inset):
            start = start_x if y == inset else (270 if start_x == 0 else 180)
            _arc(sheet, (x, y), 96, start, 4, colour)
            _arc(sheet, (x, y), 78, start, 2, colour)
            towards = radians(start + 45)
            sheet.disc((x + 40 * cos(towards), y + 40 * sin(towards)), 9, colour)


def _arc(sheet: Sheet, centre: Point, radius: float, start: float, weight: float, colour: str) -> None:
    sheet.line([_on(centre, radius, radians(start + step * 2)) for step in range(46)], weight, colour)


def tile(sheet: Sheet, corner: Point, side: float, chance: Chance, colours: tuple[str, ...]) -> None:
    """A square of a geometric pattern: quarter, half or whole circles or a triangle on a ground."""
    x, y = corner
    ground = chance.whole(0, len(colours) - 1)
    figure = (ground + chance.whole(1, len(colours) - 1)) % len(colours)
    third = (figure + chance.whole(1, len(colours) - 1)) % len(colours)
    sheet.rectangle(x, y, x + side, y + side, colours[ground])
    kind, turn = chance.whole(0, 6), chance.whole(0, 3)
    corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side))
    if kind <= 1:
        sheet.pie(corners[turn], side, 90 * turn, 90 * turn + 90, colours[figure])
        if kind:
            sheet.pie(corners[turn], side / 2, 90 * turn, 90 * turn + 90, colours[third])
    elif kind == 2:  # noqa: PLR2004 - the kinds are numbered
        sheet.disc((x + side / 2, y + side / 2), side / 2, colours[figure])
        sheet.disc((x + side / 2, y + side / 2), side / 4, colours[third])
    elif kind == 3:  # noqa: PLR2004 - see above
        for half in (0, 1):
            middle = (x + side * half, y + side / 2) if turn % 2 else (x + side / 2, y + side * half)
            start = (270 if half == 0 else 90) if turn % 2 else (0 if half == 0 else 180)
            sheet.pie(middle, side / 2, start, start + 180, colours[(figure, third)[half]])
    elif kind == 4:  # noqa: PLR2004 - see above
        sheet.polygon((corners[turn], corners[(turn + 1) % 4], corners[(turn + 2) % 4]), colours[figure])
    elif kind == 5:  # noqa: PLR2004 - see above
        for opposite in (turn, (turn + 2) % 4):
            sheet.pie(corners[opposite], side / 2, 90 * opposite, 90 * opposite + 90, colours[figure])
    else:
        sheet.pie(corners[turn], side, 90 * turn, 90 * turn + 90, colours[figure])
        opposite = (turn + 2) % 4
        sheet.pie(corners[opposite], side * 0.32, 90 * opposite, 90 * opposite + 90, colours[third])


def contours(sheet: Sheet, top: float, bottom: float, chance: Chance, colour: str) -> None:
    """Lines across the sheet that swell over each other, as on a map of the sea floor."""
    waves = [(chance.number(0.6, 2.4), chance.number(0, 2 * pi), chance.number(0.25, 1.0)) for _ in range(4)]
    peak, spread = chance.number(0.25, 0.75), chance.number(0.16, 0.30)
    lines = 44
    gap = (bottom - top) / lines
    for number in range(-6, lines + 8):
        depth = number / lines
        points = []
        for x in range(-10, WIDTH + 11, 10):
            along = x / WIDTH
            lift = sum(high * sin(often * 2 * pi * along + shift + depth * 3.1) for often, shift, high in waves)
            bulge = 2.718281828 ** (-(((along - peak) / spread) ** 2)) * 7 * sin(pi * min(1, max(0, depth)))
            points.append((float(x), top + (number + lift * (0.8 + 1.6 * depth) - bulge) * gap))
        sheet.line(points, 2.2 if number % 5 else 4.4, colour)


def hills(sheet: Sheet, top: float, chance: Chance, colours: tuple[str, ...]) -> None:
    """Layers of waves from `top` to the foot of the sheet, one colour each, the nearest last."""
    step = (HEIGHT - top) / (len(colours) + 0.6)
    for layer, colour in enumerate(colours):
        waves = [(chance.number(0.5, 1.6), chance.number(0, 2 * pi), chance.number(0.2, 0.5)) for _ in range(3)]
        level = top + step * layer
        crest = [
            (
                float(x),
                level + step * sum(high * sin(often * 2 * pi * x / WIDTH + shift) for often, shift, high in waves),
            )
            for x in range(0, WIDTH + 12, 11)
        ]
        sheet.polygon((*crest, (WIDTH, HEIGHT), (0, HEIGHT)), colour)


def small_motif(sheet: Sheet, centre: Point, size: float, kind: int, colours: tuple[str, str]) -> None:
    """One figure of a patterned paper: a diamond, a flower, a star, a leaf or a ring."""
    x, y = centre
    if kind == 0:
        sheet.polygon(((x, y - size), (x + size * 0.6, y), (x, y + size), (x - size * 0.6, y)), colours[0])
        sheet.disc(centre, size * 0.2, colours[1])
    elif kind == 1:
        for petal in range(6):
            sheet.disc(_on(centre, size * 0.55, petal * pi / 3), size * 0.33, colours[0])
        sheet.disc(centre, size * 0.3, colours[1])
    elif kind == 2:  # noqa: PLR2004 - the kinds are numbered
        points = [_on(centre, size if point % 2 == 0 else size * 0.42, point * pi / 8) for point in range(16)]
        sheet.polygon(points, colours[0])
        sheet.disc(centre, size * 0.18, colours[1])
    elif kind == 3:  # noqa: PLR2004 - see above
        side = [(x + size * 0.55 * sin(pi * step / 12), y - size + 2 * size * step / 12) for step in range(13)]
        sheet.polygon((*side, *((2 * x - px, py) for px, py in reversed(side))), colours[0])
        sheet.line(((x, y - size * 0.7), (x, y + size * 1.1)), size * 0.08, colours[1])
    else:
        sheet.ring(centre, size * 0.8, size * 0.16, colours[0])
        sheet.disc(centre, size * 0.3, colours[1])
