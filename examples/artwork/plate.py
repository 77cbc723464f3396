"""A plate to engrave on: a picture drawn at several times its size, and letters and chance for it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

__all__ = ["Plate", "Point", "letters", "rough"]

Point = tuple[float, float]
FINE = 3


def letters(size: float, *, italic: bool = False, weight: int = 400) -> ImageFont.FreeTypeFont:
    """EB Garamond at `size` pixels of the finished picture."""
    spec = find_spec("fontpkg_eb_garamond")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install fontpkg-eb-garamond")
    name = "EBGaramond-Italic[wght].ttf" if italic else "EBGaramond[wght].ttf"
    font = ImageFont.truetype(Path(spec.origin).parent / "files" / name, round(size * FINE))
    font.set_variation_by_axes([weight])
    return font


def rough(points: Sequence[Point], chance: random.Random, *, times: int = 5, force: float = 0.16) -> list[Point]:
    """The line through `points` made as rough as a coast, by moving the middle of each stretch."""
    line = list(points)
    for _ in range(times):
        rougher = [line[0]]
        for (x1, y1), (x2, y2) in pairwise(line):
            shift = chance.uniform(-force, force)
            rougher.append(((x1 + x2) / 2 - (y2 - y1) * shift, (y1 + y2) / 2 + (x2 - x1) * shift))
            rougher.append((x2, y2))
        line = rougher
    return line


class Plate:
    """A picture of `width` × `height` pixels; coordinates are those of the finished picture."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        self.size = (width, height)
        self.image = Image.new("RGB", (width * FINE, height * FINE), ground)
        self.pen = ImageDraw.Draw(self.image)

    def line(self, points: Sequence[Point], weight: float, ink: str) -> None:
        """A line with round joints and ends."""
        width = max(1, round(weight * FINE))
        self.pen.line([_fine(point) for point in points], fill=ink, width=width, joint="curve")
        if width > 3:
            for x, y in (points[0], points[-1]):
                self.disc((x, y), weight / 2, ink)

    def area(self, points: Sequence[Point], fill: str) -> None:
        """A filled polygon."""
        self.pen.polygon([_fine(point) for point in points], fill=fill)

    def disc(self, centre: Point, radius: float, fill: str) -> None:
        """A filled circle."""
        self.pen.ellipse(_around(centre, radius), fill=fill)

    def ring(self, centre: Point, radius: float, weight: float, ink: str) -> None:
        """A circle."""
        self.pen.ellipse(_around(centre, radius), outline=ink, width=max(1, round(weight * FINE)))

    def frame(self, inset: float, weight: float, ink: str) -> None:
        """A rule all around, `inset` from the edge."""
        width, height = self.size
        box = (*_fine((inset, inset)), *_fine((width - inset, height - inset)))
        self.pen.rectangle(box, outline=ink, width=max(1, round(weight * FINE)))

    def words(
        self, at: Point, text: str, font: ImageFont.FreeTypeFont, ink: str, *, spread: float = 0.0, halo: str = ""
    ) -> None:
        """`text` around `at`, its letters `spread` pixels apart, perhaps with a `halo` that covers what lies behind."""
        gap = spread * FINE
        width = sum(font.getlength(letter) + gap for letter in text) - gap if spread else font.getlength(text)
        x, y = _fine(at)
        x -= width / 2
        for part in text if spread else (text,):
            stroke = 4 * FINE if halo else 0
            self.pen.text((x, y), part, fill=ink, font=font, anchor="lm", stroke_width=stroke, stroke_fill=halo or None)
            x += font.getlength(part) + gap

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        return self.image.resize(self.size, Image.Resampling.BOX)


def _fine(point: Point) -> Point:
    return (round(point[0] * FINE), round(point[1] * FINE))


def _around(centre: Point, radius: float) -> tuple[float, float, float, float]:
    x, y = _fine(centre)
    reach = round(radius * FINE)
    return (x - reach, y - reach, x + reach, y + reach)
