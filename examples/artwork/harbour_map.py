"""The map of the harbour, in the manner of an engraved chart."""

from __future__ import annotations

import random
from math import cos, pi, radians, sin

from PIL import Image
from plate import Plate, Point, letters, rough

__all__ = ["harbour_map"]

PAPER, LAND, INK = "#f7f1e1", "#efe3c4", "#2b3440"
WIDTH, HEIGHT = 1200, 900
WEST: tuple[Point, ...] = ((-60, 345), (110, 305), (260, 362), (390, 335), (500, 398))
EAST: tuple[Point, ...] = (
    (622, 390),
    (730, 362),
    (835, 405),
    (905, 490),
    (985, 560),
    (1052, 478),
    (1120, 405),
    (1260, 375),
)
WEST_BANK: tuple[Point, ...] = ((500, 398), (492, 330), (440, 262), (462, 175), (520, 105), (502, -60))
EAST_BANK: tuple[Point, ...] = ((536, -60), (556, 112), (508, 182), (498, 246), (580, 318), (622, 390))
CALF: Point = (985, 668)
WATERLINES = (5, 11, 18, 26, 35, 45, 56, 68, 81)


def harbour_map() -> Image.Image:
    """Draws it: land above and around the basin, the sea below, lined along the coast."""
    chance = random.Random(1848)  # noqa: S311 - a coast is no secret
    plate = Plate(WIDTH, HEIGHT, PAPER)
    west = [*rough(WEST, chance), *rough(WEST_BANK, chance, times=4, force=0.1)[1:]]
    east = [*rough(EAST_BANK, chance, times=4, force=0.1)[:-1], *rough(EAST, chance)]
    rock = rough([_round(CALF, angle) for angle in range(0, 361, 60)], chance, times=3)
    shores = (west, east, rock)
    for away in reversed(WATERLINES):
        for shore in shores:
            plate.line(shore, 2 * away + 1.7, _between(PAPER, INK, 0.85 - away / 130))
        for shore in shores:
            plate.line(shore, 2 * away, PAPER)
    plate.area([*west, (-60, -60)], LAND)
    plate.area([*east, (WIDTH + 60, -60)], LAND)
    plate.area(rock, LAND)
    for shore in shores:
        plate.line(shore, 2.6, INK)
    _hills(plate, chance)
    _fields_and_woods(plate, chance)
    _town(plate, chance)
    _moles_and_lights(plate)
    _soundings(plate, chance)
    _names(plate)
    _compass(plate, (160, 690), 78)
    _border(plate)
    return plate.finished().quantize(32, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _round(centre: Point, degrees: float) -> Point:
    return (centre[0] + 30 * cos(radians(degrees)), centre[1] + 19 * sin(radians(degrees)))


def _between(one: str, other: str, share: float) -> str:
    pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _hills(plate: Plate, chance: random.Random) -> None:
    """Rounded hills, those behind first, with strokes down their shaded side."""
    for x, y, wide, high in (
        (250, 150, 150, 74),
        (150, 190, 130, 60),
        (330, 205, 120, 52),
        (1010, 165, 150, 72),
        (920, 205, 116, 50),
        (1075, 218, 110, 46),
    ):
        ridge = [(x + wide * (t / 40 - 0.5), y - high * sin(pi * t / 40) ** 1.3) for t in range(41)]
        plate.area(ridge, LAND)
        plate.line(ridge, 2, INK)
        for stroke in range(19, 40):
            top_x, top_y = ridge[stroke]
            length = (y - top_y) * chance.uniform(0.55, 0.8)
            plate.line([(top_x, top_y), (top_x - length * 0.28, top_y + length)], 1.2, INK)
        for stroke in range(3, 17, 3):
            top_x, top_y = ridge[stroke]
            plate.line([(top_x + 4, top_y + 3), (top_x + 7, top_y + 3 + (y - top_y) * 0.25)], 1.1, INK)


def _fields_and_woods(plate: Plate, chance: random.Random) -> None:
    """Round trees, the nearest last."""
    trees = []
    while len(trees) < 42:
        x, y = chance.uniform(620, 820), chance.uniform(95, 190)
        near = any((x - other_x) ** 2 + (y - other_y) ** 2 < 15**2 for other_y, other_x in trees)
        if ((x - 720) / 100) ** 2 + ((y - 142) / 48) ** 2 <= 1 and not near:
            trees.append((y, x))
    for y, x in sorted(trees):
        plate.line([(x, y + 6), (x, y + 13)], 1.6, INK)
        plate.disc((x, y), 8.5, INK)
        plate.disc((x - 0.7, y - 0.7), 7, LAND)
        for shade in range(3):
            plate.line([(x + 1 + shade * 2.2, y + 5 - shade * 3.4), (x + 5.6, y + 1 - shade * 3)], 1.2, INK)


def _town(plate: Plate, chance: random.Random) -> None:
    """Houses in rows above the Strand, and a church."""
    for row in range(4):
        for house in range(10):
            x, y = 650 + house * 19 - row * 14, 338 - row * 21 + house * 0.5
            if chance.random() < 0.14:
                continue
            wide, deep = chance.uniform(9, 14), chance.uniform(8, 11)
            plate.area([(x, y), (x + wide, y), (x + wide, y - deep), (x, y - deep)], INK)
    x, y = 735, 250
    plate.area([(x - 9, y), (x + 13, y), (x + 13, y - 11), (x - 9, y - 11)], INK)
    plate.area([(x - 13, y), (x - 5, y), (x - 5, y - 20), (x - 9, y - 34), (x - 13, y - 20)], INK)


def _moles_and_lights(plate: Plate) -> None:
    for pier in (((500, 396), (515, 450), (538, 486)), ((622, 389), (612, 440), (590, 474))):
        plate.line(pier, 9, INK)
        plate.line(pier, 5.5, LAND)
    for step in range(60):
        angle, reach = step * 2.4, (step / 60) ** 0.5
        plate.disc((566 + 92 * reach * cos(angle), 560 + 26 * reach * sin(angle)), 1.3, INK)
    for (x, y), reach in (((538, 486), 15), ((590, 474), 15), (CALF, 32)):
        for ray in range(12):
            angle = radians(ray * 30)
            outer = reach if ray % 2 == 0 else reach * 0.62
            plate.line([(x + r * cos(angle), y + r * sin(angle)) for r in (7, outer)], 1.5, INK)
        plate.disc((x, y), 5.5, INK)
        plate.disc((x, y), 2.6, PAPER)


def _soundings(plate: Plate, chance: random.Random) -> None:
    """Depths in fathoms, growing away from the shore."""
    figures = letters(17, italic=True)
    for row in range(6):
        for place in range(13):
            x, y = 80 + place * 88 + (row % 2) * 40 + chance.uniform(-10, 10), 490 + row * 62 + chance.uniform(-8, 8)
            compass, title = x < 285 and y > 565, y > 690 and 320 < x < 900
            mouth, calf = 385 < x < 740 and y < 620, 800 < x < 1120 and y < 760
            if compass or title or mouth or calf or x > WIDTH - 62 or y > HEIGHT - 70:
                continue
            plate.words((x, y), str(round(1 + row * 2.1 + abs(x - 600) / 220 + chance.uniform(0, 2))), figures, INK)


def _names(plate: Plate) -> None:
    capitals, small, italic = letters(46, weight=500), letters(20), letters(23, italic=True)
    plate.words((605, 752), "BRENNICK", capitals, INK, spread=9)
    plate.words((605, 797), "and its approaches, with the depths in fathoms", italic, INK)
    plate.line([(470, 828), (740, 828)], 1.4, INK)
    plate.line([(530, 834), (680, 834)], 1.4, INK)
    for at, text in (
        ((985, 722), "The Calf"),
        ((985, 450), "Ward Head"),
        ((566, 602), "The Bar"),
        ((720, 64), "Long Wood"),
        ((245, 240), "The Downs"),
        ((448, 478), "West Pier"),
        ((664, 470), "East Pier"),
    ):
        plate.words(at, text, italic, INK, halo=LAND if at[1] < 300 or text == "Ward Head" else PAPER)
    plate.words((985, 750), "Fl(2) 15s 36m 18M", letters(17, italic=True), INK, halo=PAPER)
    plate.words((902, 300), "Brennick", small, INK)


def _compass(plate: Plate, centre: Point, radius: float) -> None:
    x, y = centre
    plate.ring(centre, radius, 1.6, INK)
    plate.ring(centre, radius * 0.92, 1.1, INK)
    for tick in range(72):
        angle, inner = radians(tick * 5), 0.86 if tick % 6 == 0 else 0.92
        plate.line([(x + radius * r * cos(angle), y + radius * r * sin(angle)) for r in (inner, 1.0)], 1.1, INK)
    for point in sorted(range(16), key=lambda number: (number % 4 == 0, number % 2 == 0)):
        reach = radius * (1.22 if point % 4 == 0 else 0.80 if point % 2 == 0 else 0.5)
        angle, turn = radians(point * 22.5 - 90), radians(22.5)
        tip = (x + reach * cos(angle), y + reach * sin(angle))
        waist = radius * 0.2
        for side, fill in ((-1, INK), (1, PAPER)):
            hip = (x + waist * cos(angle + side * turn), y + waist * sin(angle + side * turn))
            plate.area([centre, tip, hip], fill)
            plate.line([centre, tip, hip], 1.2, INK)
    plate.words((x, y - radius * 1.38), "N", letters(27, weight=600), INK)


def _border(plate: Plate) -> None:
    for box in ((0, 0, WIDTH, 40), (0, HEIGHT - 40, WIDTH, HEIGHT), (0, 0, 40, HEIGHT), (WIDTH - 40, 0, WIDTH, HEIGHT)):
        left, top, right, bottom = box
        plate.area([(left, top), (right, top), (right, bottom), (left, bottom)], PAPER)
    for inset, weight in ((16, 2.4), (24, 1.2), (34, 1.2), (40, 3.0)):
        plate.frame(inset, weight, INK)
    for step in range(38):
        x = 40 + step * (WIDTH - 80) / 38
        if step % 2:
            for y in (24, HEIGHT - 34):
                plate.area([(x, y), (x + (WIDTH - 80) / 38, y), (x + (WIDTH - 80) / 38, y + 10), (x, y + 10)], INK)
    for step in range(28):
        y = 40 + step * (HEIGHT - 80) / 28
        if step % 2:
            for x in (24, WIDTH - 34):
                plate.area([(x, y), (x + 10, y), (x + 10, y + (HEIGHT - 80) / 28), (x, y + (HEIGHT - 80) / 28)], INK)
