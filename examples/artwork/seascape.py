"""A sea at dusk, as a photograph would have it."""

from __future__ import annotations

import random
from itertools import pairwise
from math import exp

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

__all__ = ["seascape"]

WIDTH, HEIGHT, HORIZON = 1400, 900, 500
SUN = (880, 452)
SKY = ((0, (38, 52, 92)), (190, (92, 96, 140)), (340, (206, 140, 132)), (430, (246, 186, 128)), (500, (253, 220, 160)))
SEA = ((500, (214, 158, 120)), (560, (126, 104, 120)), (690, (52, 66, 96)), (900, (18, 30, 56)))

Colour = tuple[int, int, int]


def seascape() -> Image.Image:
    """Draws it."""
    chance = random.Random(1834)  # noqa: S311 - waves are no secret
    image = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    for stops, top, bottom in ((SKY, 0, HORIZON), (SEA, HORIZON, HEIGHT)):
        for y in range(top, bottom):
            pen.line([(0, y), (WIDTH, y)], fill=_shade(stops, y))
    image = _lit(image, 560, 0.75)
    image = _clouds(image, chance)
    image = _lit(image, 90, 1.0)
    _land(image, chance)
    image = _waves(image, chance)
    grain = _grain(chance).convert("RGB")
    image = Image.blend(image, ImageChops.soft_light(image, grain), 0.14)
    return ImageEnhance.Color(image).enhance(1.08)


def _shade(stops: tuple[tuple[int, Colour], ...], y: float) -> Colour:
    for (start, one), (end, other) in pairwise(stops):
        if start <= y <= end:
            share = (y - start) / (end - start)
            red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
            return (red, green, blue)
    return stops[-1][1]


def _lit(image: Image.Image, reach: int, strength: float) -> Image.Image:
    """`image` with light around the sun, down to the horizon."""
    glow = ImageChops.invert(Image.radial_gradient("L")).resize((2 * reach, 2 * reach))
    glow = glow.point(lambda value: 255 * strength * (max(0, value - 74) / 181) ** 1.6)
    mask = Image.new("L", image.size)
    mask.paste(glow, (SUN[0] - reach, SUN[1] - reach))
    mask.paste(0, (0, HORIZON, WIDTH, HEIGHT))
    return Image.composite(Image.new("RGB", image.size, (255, 238, 200)), image, mask)


def _clouds(image: Image.Image, chance: random.Random) -> Image.Image:
    """Long banks of cloud, lit from below near the sun."""
    for dark in (True, False):
        mask = Image.new("L", image.size)
        pen = ImageDraw.Draw(mask)
        for _ in range(26):
            x, y = chance.uniform(-200, WIDTH), chance.uniform(110, HORIZON - 60)
            wide, high = chance.uniform(160, 560), chance.uniform(4, 16) * (0.4 + (HORIZON - y) / 400)
            for puff in range(14):
                shift = puff / 13
                left = x + wide * shift + chance.uniform(-20, 20)
                pen.ellipse((left, y - high * chance.uniform(0.3, 1), left + wide / 6, y + high * 0.6), fill=150)
        mask = mask.filter(ImageFilter.GaussianBlur(9 if dark else 5))
        if not dark:
            mask = ImageChops.offset(mask, 0, 7).point(lambda value: value * 0.28)
        colour = (86, 74, 108) if dark else (255, 196, 150)
        mask.paste(0, (0, HORIZON - 8, WIDTH, HEIGHT))
        image = Image.composite(Image.new("RGB", image.size, colour), image, mask)
    return image


def _land(image: Image.Image, chance: random.Random) -> None:
    """A headland with a lighthouse, small against the light."""
    pen = ImageDraw.Draw(image)
    for width, height, colour in ((560, 46, (104, 88, 108)), (400, 30, (58, 54, 76))):
        ridge: list[tuple[float, float]] = [(0, HORIZON)]
        for x in range(0, width + 1, 4):
            slope = (1 - (x / width) ** 2.2) * height
            ridge.append((x, HORIZON - slope + chance.uniform(-1.2, 1.2)))
        pen.polygon([*ridge, (width, HORIZON)], fill=colour)
    x, y = 356, HORIZON - 6
    pen.polygon([(x - 5, y), (x + 5, y), (x + 3.4, y - 52), (x - 3.4, y - 52)], fill=(46, 44, 64))
    pen.rectangle((x - 5, y - 55, x + 5, y - 52), fill=(46, 44, 64))
    pen.rectangle((x - 3, y - 63, x + 3, y - 55), fill=(255, 226, 150))
    pen.polygon([(x - 4, y - 63), (x + 4, y - 63), (x, y - 69)], fill=(46, 44, 64))


def _waves(image: Image.Image, chance: random.Random) -> Image.Image:
    """Waves that grow towards the eye; those below the sun carry its light."""
    for light in (False, True):
        mask = Image.new("L", image.size)
        pen = ImageDraw.Draw(mask)
        for _ in range(9000):
            near = chance.random() ** 1.7
            y = HORIZON + 3 + near * (HEIGHT - HORIZON)
            x = chance.uniform(-60, WIDTH + 60)
            path = exp(-(((x - SUN[0]) / (40 + 150 * near)) ** 2))
            if light and chance.random() > path * 0.9 + 0.03:
                continue
            long, thick = 4 + 44 * near * chance.uniform(0.3, 1.3), 0.6 + 2.9 * near * chance.uniform(0.4, 1)
            strength = round((40 + 200 * path) * chance.uniform(0.35, 1)) if light else chance.randint(30, 105)
            pen.ellipse((x - long, y - thick, x + long, y + thick), fill=strength)
        mask = mask.filter(ImageFilter.GaussianBlur(1.1))
        colour = (255, 214, 150) if light else (14, 24, 48)
        image = Image.composite(Image.new("RGB", image.size, colour), image, mask)
    return image


def _grain(chance: random.Random) -> Image.Image:
    """The grain of a film, the same each time (Pillow's own noise is not)."""
    small = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), chance.randbytes(WIDTH // 2 * (HEIGHT // 2)))
    return small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.8))
