"""The chart of the winter sky, and Orion alone."""

from __future__ import annotations

import random
from math import cos, pi, radians, sin, sqrt

from PIL import Image
from plate import Plate, Point, letters
from stars import FIGURES, NAMED, STARS

__all__ = ["orion", "star_chart"]

SIZE = 1200
CENTRE = (5.75, 11.0)
"""Right ascension in hours and declination in degrees of the chart's middle."""
NIGHT, DEEP, LINE, GOLD, STAR = "#16233f", "#0f1930", "#5d7299", "#e3c88b", "#fdf8ea"


def project(hours: float, declination: float, centre: Point = CENTRE) -> Point:
    """The stereographic projection around `centre`; east is left, as one sees it looking up. Unit: radians."""
    away, up, middle = radians((hours - centre[0]) * 15), radians(declination), radians(centre[1])
    scale = 2 / (1 + sin(middle) * sin(up) + cos(middle) * cos(up) * cos(away))
    x = -scale * cos(up) * sin(away)
    y = -scale * (cos(middle) * sin(up) - sin(middle) * cos(up) * cos(away))
    return (x, y)


def _place(name: str) -> Point:
    x, y = project(*STARS[name][:2])
    return (SIZE / 2 + x * 545, SIZE / 2 + 6 + y * 545)


def star_chart() -> Image.Image:
    """Draws it: a round chart with a graticule, figures, stars by magnitude, and the Milky Way."""
    chance = random.Random(1603)  # noqa: S311 - the faintest stars are no secret
    plate = Plate(SIZE, SIZE, DEEP)
    middle: Point = (SIZE / 2, SIZE / 2)
    plate.disc(middle, 540, NIGHT)
    _milky_way(plate, chance)
    _graticule(plate)
    for lines in FIGURES.values():
        for line in lines:
            plate.line([_place(name) for name in line], 1.7, "#8fa3c8")
    for name, (_, _, magnitude) in STARS.items():
        plate.disc(_place(name), _radius(magnitude) + 3.2, NIGHT)
        plate.disc(_place(name), _radius(magnitude), STAR)
    _pleiades(plate)
    _names(plate)
    _rim(plate, middle)
    return plate.finished().quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _radius(magnitude: float) -> float:
    return 2.0 + 2.1 * max(0.0, 4.2 - magnitude) ** 0.9


def _milky_way(plate: Plate, chance: random.Random) -> None:
    """The faintest stars, closest together along a band from Perseus to Canis Major."""
    course = ((3.0, 58), (4.2, 48), (5.2, 36), (6.0, 22), (6.5, 8), (7.0, -6), (7.4, -20), (7.9, -36))
    way = [_at(*point) for point in course]
    for _ in range(3400):
        along = chance.random() * (len(way) - 1)
        start, end = way[int(along)], way[min(len(way) - 1, int(along) + 1)]
        share = along % 1
        x = start[0] + (end[0] - start[0]) * share + chance.gauss(0, 52)
        y = start[1] + (end[1] - start[1]) * share + chance.gauss(0, 34)
        if (x - SIZE / 2) ** 2 + (y - SIZE / 2) ** 2 < 530**2:
            plate.disc((x, y), chance.choice((0.5, 0.7, 0.9)), chance.choice(("#33456d", "#3d5180", "#4c6194")))
    for _ in range(420):
        angle, reach = chance.uniform(0, 2 * pi), 530 * sqrt(chance.random())
        at = (SIZE / 2 + reach * cos(angle), SIZE / 2 + reach * sin(angle))
        plate.disc(at, chance.uniform(0.7, 1.5), "#a9b8d6")


def _at(hours: float, declination: float) -> Point:
    x, y = project(hours, declination)
    return (SIZE / 2 + x * 545, SIZE / 2 + 6 + y * 545)


def _graticule(plate: Plate) -> None:
    for hours in range(13):
        _within(plate, [_at(hours, declination) for declination in range(-60, 82, 2)])
    for declination in range(-45, 76, 15):
        _within(plate, [_at(tenth / 10, declination) for tenth in range(-10, 130)])


def _within(plate: Plate, points: list[Point]) -> None:
    inside = [point for point in points if (point[0] - SIZE / 2) ** 2 + (point[1] - SIZE / 2) ** 2 < 538**2]
    if len(inside) > 1:
        plate.line(inside, 0.9, "#2c3d63")


def _pleiades(plate: Plate) -> None:
    x, y = _place("Alcyone")
    for across, down in ((-9, -3), (-14, 4), (-7, 9), (8, -8), (10, 2), (3, -12)):
        plate.disc((x + across, y + down), 1.9, STAR)


def _names(plate: Plate) -> None:
    star, figure = letters(23, italic=True), letters(21, weight=500)
    for name, (across, down) in NAMED.items():
        x, y = _place(name)
        plate.words((x + across, y + down), "Pleiades" if name == "Alcyone" else name, star, STAR)
    for text, hours, declination in (
        ("ORION", 5.02, 1.2),
        ("TAURUS", 4.62, 26.6),
        ("AURIGA", 5.55, 40.3),
        ("GEMINI", 6.72, 31.0),
        ("CANIS MAJOR", 6.85, -33.4),
        ("CANIS MINOR", 7.55, 11.6),
        ("LEPUS", 5.42, -25.6),
        ("PERSEUS", 3.72, 44.0),
    ):
        plate.words(_at(hours, declination), text, figure, GOLD, spread=3.4)


def _rim(plate: Plate, middle: Point) -> None:
    for radius, weight in ((556, 2.0), (548, 1.0), (590, 3.0)):
        plate.ring(middle, radius, weight, GOLD)
    for tick in range(180):
        angle, inner = radians(tick * 2), 566 if tick % 5 == 0 else 577
        plate.line([(middle[0] + r * cos(angle), middle[1] + r * sin(angle)) for r in (inner, 588)], 1.3, GOLD)


def orion() -> str:
    """Orion as an SVG: its eight bright stars and their lines, with names."""
    centre = (5.4, 0.2)
    places = {}
    for line in FIGURES["Orion"]:
        for name in line:
            x, y = project(*STARS[name][:2], centre)
            places[name] = (308 + x * 1420, 400 + y * 1420)
    lines = "\n".join(
        f'    <polyline points="{" ".join(f"{places[name][0]:.1f},{places[name][1]:.1f}" for name in line)}"/>'
        for line in FIGURES["Orion"]
    )
    stars = "\n".join(_star(name, places[name]) for name in places)
    labels = "\n".join(_label(name, places[name]) for name in ("Betelgeuse", "Bellatrix", "Rigel", "Saiph"))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 760" role="img" aria-labelledby="title">
  <title id="title">Orion, with his belt of three stars between Betelgeuse and Rigel</title>
  <defs>
    <radialGradient id="night" cx="50%" cy="45%" r="75%">
      <stop offset="0" stop-color="#22335a"/>
      <stop offset="1" stop-color="#0f1930"/>
    </radialGradient>
    <radialGradient id="glow">
      <stop offset="0" stop-color="#fdf8ea" stop-opacity="0.75"/>
      <stop offset="1" stop-color="#fdf8ea" stop-opacity="0"/>
    </radialGradient>
    <radialGradient id="ember">
      <stop offset="0" stop-color="#ffb27a" stop-opacity="0.85"/>
      <stop offset="1" stop-color="#ffb27a" stop-opacity="0"/>
    </radialGradient>
    <radialGradient id="ice">
      <stop offset="0" stop-color="#a9c8ff" stop-opacity="0.9"/>
      <stop offset="1" stop-color="#a9c8ff" stop-opacity="0"/>
    </radialGradient>
  </defs>
  <rect width="600" height="760" fill="url(#night)"/>
  <rect x="14" y="14" width="572" height="732" fill="none" stroke="#e3c88b" stroke-width="2"/>
  <rect x="21" y="21" width="558" height="718" fill="none" stroke="#e3c88b" stroke-width="0.8"/>
  <g fill="none" stroke="#8fa3c8" stroke-width="1.6" stroke-linejoin="round">
{lines}
  </g>
{stars}
  <g font-family="Georgia, 'Times New Roman', serif" font-style="italic" font-size="25" fill="#fdf8ea">
{labels}
  </g>
</svg>
"""


def _star(name: str, place: Point) -> str:
    x, y = place
    radius = 2.2 + 2.0 * max(0.0, 3.6 - STARS[name][2]) ** 0.9
    glow = {"Betelgeuse": "ember", "Rigel": "ice"}.get(name, "glow")
    colour = {"Betelgeuse": "#ffd9bd", "Rigel": "#eaf2ff"}.get(name, "#fdf8ea")
    return (
        f'  <circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * 4:.1f}" fill="url(#{glow})"/>\n'
        f'  <circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>'
    )


def _label(name: str, place: Point) -> str:
    x, y = place
    anchor, across, down = {
        "Betelgeuse": ("middle", 6, -34),
        "Bellatrix": ("start", 16, 40),
        "Rigel": ("start", 28, 24),
        "Saiph": ("middle", -4, 46),
    }[name]
    return f'    <text x="{x + across:.1f}" y="{y + down:.1f}" text-anchor="{anchor}">{name}</text>'
