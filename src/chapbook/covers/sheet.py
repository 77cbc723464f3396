"""Draws shapes with smooth edges, and gives reproducible numbers to vary them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from math import cos, sin

from msgspec import Struct
from PIL import Image, ImageColor, ImageDraw

__all__ = ["HEIGHT", "WIDTH", "Point", "SeededNumbers", "Sheet", "on_circle"]

WIDTH, HEIGHT = 1562, 2500
"""The size of a drawn cover in pixels: KDP's ratio of 1.6, within the 4 million that old stores accept."""
_FINE = 2
"""Each pixel is drawn as a square of this side."""
_SHADES = 200
"""Steps of a fade; each is too small to see."""
_BAND = 100
"""Rows of the finished picture made at once."""

Point = tuple[float, float]


class SeededNumbers(Struct):
    """A sequence of numbers from a seed: the same text gives the same numbers."""

    seed: str
    _count: int = 0

    def between(self, low: float, high: float) -> float:
        """The next number, from `low` to `high`."""
        self._count += 1
        digest = hashlib.sha256(f"{self._count}:{self.seed}".encode("utf-8", "surrogatepass")).digest()
        return low + (high - low) * int.from_bytes(digest[:6], "big") / (1 << 48)

    def whole(self, low: int, high: int) -> int:
        """The next whole number, from `low` to `high`, both included."""
        return min(high, int(self.between(low, high + 1)))


class Sheet:
    """A picture drawn at twice its size and scaled down, so that edges are smooth.

    Coordinates are pixels of the finished picture; colours are ``#rrggbb``, at most 256. The large picture stores one
    byte per pixel, the number of its colour: as RGB it would take 62 MB and be slower to fill.
    """

    def __init__(self, ground: str) -> None:
        self._colours = {ground: 0}
        self._image = Image.new("P", (WIDTH * _FINE, HEIGHT * _FINE), 0)
        self._draw = ImageDraw.Draw(self._image)

    def rectangle(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        """Draws a filled rectangle."""
        self._draw.rectangle(
            (*_fine((left, top)), *(edge - 1 for edge in _fine((right, bottom)))), fill=self._number(fill)
        )

    def frame(self, inset: float, weight: float, colour: str) -> None:
        """Draws a frame of thickness `weight`, `inset` from the edges."""
        box = (*_fine((inset, inset)), *(edge - 1 for edge in _fine((WIDTH - inset, HEIGHT - inset))))
        self._draw.rectangle(box, outline=self._number(colour), width=round(weight * _FINE))

    def disc(self, centre: Point, radius: float, fill: str) -> None:
        """Draws a filled circle."""
        self._draw.ellipse(_around(centre, radius), fill=self._number(fill))

    def ring(self, centre: Point, radius: float, weight: float, colour: str) -> None:
        """Draws a circle of thickness `weight`, with its outer edge at `radius`."""
        self._draw.ellipse(_around(centre, radius), outline=self._number(colour), width=max(1, round(weight * _FINE)))

    def pie(self, centre: Point, radius: float, start: float, end: float, fill: str) -> None:
        """Draws a filled sector, with angles in degrees clockwise from three o'clock."""
        self._draw.pieslice(_around(centre, radius), start, end, fill=self._number(fill))

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        """Draws a filled polygon."""
        self._draw.polygon([_fine(point) for point in points], fill=self._number(fill))

    def line(self, points: Sequence[Point], weight: float, colour: str) -> None:
        """Draws a line through `points`; they must be close together, because joints aren't rounded."""
        fine = [_fine(point) for point in points]
        self._draw.line(fine, fill=self._number(colour), width=max(1, round(weight * _FINE)))

    def fade(self, colour: str, edges: tuple[float, float]) -> None:
        """Fades the background into `colour` between the two y values of `edges`; below, it is all `colour`.

        It overwrites what was drawn before.
        """
        width, height = self._image.size
        start, end = (edge * _FINE for edge in edges)
        ground = next(iter(self._colours))
        for step in range(_SHADES + 1):
            share = (step + 0.5) / (_SHADES + 1)
            top = round(start + (end - start) * step / (_SHADES + 1)) if step else 0
            self._draw.rectangle((0, top, width, height), fill=self._number(_between(ground, colour, share)))
        self._draw.rectangle((0, round(end), width, height), fill=self._number(colour))

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        self._image.putpalette(b"".join(bytes(ImageColor.getrgb(colour)) for colour in self._colours))
        picture = Image.new("RGB", (WIDTH, HEIGHT))
        for top in range(0, HEIGHT, _BAND):
            rows = min(_BAND, HEIGHT - top)
            band = self._image.crop((0, top * _FINE, WIDTH * _FINE, (top + rows) * _FINE))
            picture.paste(band.convert("RGB").reduce(_FINE), (0, top))
        return picture

    def _number(self, colour: str) -> int:
        return self._colours.setdefault(colour, len(self._colours))


def on_circle(centre: Point, radius: float, angle: float) -> Point:
    """The point at `angle` (radians, clockwise from three o'clock) on a circle."""
    return (centre[0] + radius * cos(angle), centre[1] + radius * sin(angle))


def _between(first: str, second: str, share: float) -> str:
    """The colour at `share` (0 to 1) between `first` and `second`."""
    pairs = zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in pairs)


def _fine(point: Point) -> Point:
    return (round(point[0] * _FINE), round(point[1] * _FINE))


def _around(centre: Point, radius: float) -> tuple[float, float, float, float]:
    x, y = _fine(centre)
    reach = round(radius * _FINE)
    return (x - reach, y - reach, x + reach, y + reach)
