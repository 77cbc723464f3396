"""Shapes on a sheet with smooth edges, and numbers drawn from a text: the same text, the same numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from math import cos, sin

from msgspec import Struct
from PIL import Image, ImageDraw

__all__ = ["HEIGHT", "WIDTH", "Chance", "Point", "Sheet", "on_circle"]

WIDTH, HEIGHT = 1562, 2500
"""Of a drawn cover, in pixels: the ratio of 1.6 that KDP asks for, within the 4 million that old stores take."""
_FINE = 2
"""Each pixel is drawn as this many squared."""

Point = tuple[float, float]


class Chance(Struct):
    """A row of numbers that only its seed decides."""

    seed: str
    _count: int = 0

    def number(self, low: float, high: float) -> float:
        """The next number, `low` to `high`."""
        self._count += 1
        digest = hashlib.sha256(f"{self._count}:{self.seed}".encode("utf-8", "surrogatepass")).digest()
        return low + (high - low) * int.from_bytes(digest[:6], "big") / (1 << 48)

    def whole(self, low: int, high: int) -> int:
        """The next whole number, `low` to `high`, both included."""
        return min(high, int(self.number(low, high + 1)))


class Sheet:
    """A picture that is drawn at twice its size and made smaller, so that edges are smooth.

    Coordinates are pixels of the finished picture; colours are ``#rrggbb``.
    """

    def __init__(self, ground: str, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.size = (width, height)
        self._image = Image.new("RGB", (width * _FINE, height * _FINE), ground)
        self._draw = ImageDraw.Draw(self._image)

    def rectangle(self, left: float, top: float, right: float, bottom: float, fill: str) -> None:
        """A filled rectangle, from edge to edge."""
        self._draw.rectangle((*_fine((left, top)), *(edge - 1 for edge in _fine((right, bottom)))), fill=fill)

    def frame(self, inset: float, weight: float, colour: str) -> None:
        """A rule of `weight` all around, `inset` from the edges."""
        width, height = self.size
        box = (*_fine((inset, inset)), *(edge - 1 for edge in _fine((width - inset, height - inset))))
        self._draw.rectangle(box, outline=colour, width=round(weight * _FINE))

    def disc(self, centre: Point, radius: float, fill: str) -> None:
        """A filled circle."""
        self._draw.ellipse(_around(centre, radius), fill=fill)

    def ring(self, centre: Point, radius: float, weight: float, colour: str) -> None:
        """A circle of `weight`, its outer edge at `radius`."""
        self._draw.ellipse(_around(centre, radius), outline=colour, width=max(1, round(weight * _FINE)))

    def pie(self, centre: Point, radius: float, start: float, end: float, fill: str) -> None:
        """A filled sector, angles in degrees clockwise from three o'clock."""
        self._draw.pieslice(_around(centre, radius), start, end, fill=fill)

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        """A filled polygon."""
        self._draw.polygon([_fine(point) for point in points], fill=fill)

    def line(self, points: Sequence[Point], weight: float, colour: str) -> None:
        """A line through `points`."""
        self._draw.line(
            [_fine(point) for point in points], fill=colour, width=max(1, round(weight * _FINE)), joint="curve"
        )

    def fade(self, colour: str, edges: tuple[float, float]) -> None:
        """Lets the sheet fade into `colour` downwards, from one y of `edges` to the other; all `colour` below."""
        width, height = self._image.size
        start, end = (edge * _FINE for edge in edges)
        column = Image.new("L", (1, height))
        column.putdata([_share(row, start, end) for row in range(height)])
        mask = column.resize((width, height))
        over = Image.new("RGB", self._image.size, colour)
        self._image.paste(over, mask=mask)

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        return self._image.resize(self.size, Image.Resampling.BOX)


def on_circle(centre: Point, radius: float, angle: float) -> Point:
    """The point at `angle` (radians, clockwise from three o'clock) on a circle."""
    return (centre[0] + radius * cos(angle), centre[1] + radius * sin(angle))


def _share(row: int, start: float, end: float) -> int:
    return round(255 * min(1.0, max(0.0, (row - start) / max(1.0, end - start))))


def _fine(point: Point) -> Point:
    return (round(point[0] * _FINE), round(point[1] * _FINE))


def _around(centre: Point, radius: float) -> tuple[float, float, float, float]:
    x, y = _fine(centre)
    reach = round(radius * _FINE)
    return (x - reach, y - reach, x + reach, y + reach)
