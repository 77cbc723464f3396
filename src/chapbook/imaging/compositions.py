"""The compositions of drawn covers: one for each theme, and one for themes that chapbook does not know."""

from __future__ import annotations

from types import MappingProxyType

from PIL import Image

from chapbook.imaging.commission import Column, Commission, Composition
from chapbook.imaging.sheet import HEIGHT, WIDTH, Sheet
from chapbook.imaging.fonts import Cut
from chapbook.imaging.lettering import Style
from chapbook.imaging.ornaments import contours, corner_scrolls, hills, rosette, rule_with_diamond, small_motif, tile
from chapbook.styling.colour import Colour

__all__ = ["COMPOSITIONS", "patterned_paper"]

_GILT = Colour(0xE6, 0xCF, 0x9C)
_CENTRE = WIDTH / 2


def classic(commission: Commission) -> Image.Image:
    """Dark cloth with gilt: a double frame, the title above a guilloche, the author at the foot."""
    palette, wording = commission.palette, commission.wording
    cloth = palette.shade(0.30, 0.85)
    sheet = Sheet(cloth.hex)
    sheet.frame(64, 5, _GILT.hex)
    sheet.frame(84, 2, _GILT.hex)
    corner_scrolls(sheet, 84, _GILT.hex)
    column = Column(sheet.finished(), commission.compositor, _CENTRE, WIDTH - 2 * 190, "center")
    title = column.fit(wording.title, Style(cut=Cut("serif", 500), largest=270, smallest=64, leading=1.02), 900)
    subtitle = column.fit(wording.subtitle, Style(cut=Cut("serif", 400, italic=True), largest=88, smallest=44), 300)
    authors = column.fit(wording.authors, _small_capitals("serif", 92, 500), 330)
    series = column.fit(wording.series, _small_capitals("serif", 54, 500), 150)
    foot = HEIGHT - 210 - authors.height
    head = 330 if series.lines else 290
    below_title = head + title.height + 90
    below = below_title + (subtitle.height + 110 if subtitle.lines else 20)
    rule_with_diamond(sheet, (_CENTRE, below_title - 14), 520, _GILT.hex)
    space = foot - 110 - below
    radius = min(380.0, space / 2)
    if radius > 90:
        rosette(sheet, (_CENTRE, below + space / 2 + 10), radius, commission.chance, _GILT.hex)
    column.image = sheet.finished()
    column.put(series, 205, _GILT)
    column.put(title, head, palette.ink_on(cloth))
    column.put(subtitle, below_title + 50, _GILT)
    column.put(authors, foot, palette.ink_on(cloth))
    return column.image


def modern(commission: Commission) -> Image.Image:
    """A field of large geometric tiles over a block of colour with a bold title."""
    palette, wording = commission.palette, commission.wording
    ground = palette.shade(0.27, 0.8)
    margin = 120
    blank = Column(Image.new("RGB", (1, 1)), commission.compositor, margin, WIDTH - 2 * margin, "left")
    authors = blank.fit(wording.authors, Style(cut=Cut("sans", 500), largest=82, smallest=44, leading=1.25), 300)
    subtitle = blank.fit(wording.subtitle, Style(cut=Cut("sans", 400), largest=76, smallest=42, leading=1.25), 300)
    series = blank.fit(wording.series, _small_capitals("sans", 44, 600), 120)
    around = sum(part.height + 70 for part in (authors, subtitle, series) if part.lines) + 190
    side = WIDTH / 4
    bold = Style(cut=Cut("sans", 800), largest=236, smallest=60, leading=1.04, comfortable=130)
    rows = next(
        (
            count
            for count in (4, 3)
            if (found := blank.fit(wording.title, bold, HEIGHT - count * side - around)).size >= (150, 110)[4 - count]
            and found.lines
        ),
        2,
    )
    title = blank.fit(wording.title, bold, HEIGHT - rows * side - around)
    sheet = Sheet(ground.hex)
    colours = tuple(
        shade.hex
        for shade in (
            palette.shade(0.62, 1.1),
            palette.shade(0.90, 0.35),
            palette.shade(0.42, 1.0),
            palette.shade(0.76, 1.1, 165),
            ground,
        )
    )
    for row in range(rows):
        for place in range(4):
            tile(sheet, (place * side, row * side), side, commission.chance, colours)
    column = Column(sheet.finished(), commission.compositor, margin, WIDTH - 2 * margin, "left")
    ink = palette.ink_on(ground)
    top = rows * side + 100
    if series.lines:
        top = column.put(series, top, palette.shade(0.84, 0.6)) + 62
    below = column.put(title, top, ink)
    column.put(subtitle, below + 66, palette.shade(0.88, 0.4))
    column.put_up(authors, HEIGHT - 110, ink)
    return column.image


def academic(commission: Commission) -> Image.Image:
    """A university press's: author and title on paper, a field of fine lines below, the series on a strip."""
    palette, wording = commission.palette, commission.wording
    paper, deep = palette.paper(), palette.shade(0.36, 0.95)
    margin = 140
    blank = Column(Image.new("RGB", (1, 1)), commission.compositor, margin, WIDTH - 2 * margin, "left")
    series = blank.fit(wording.series, _small_capitals("sans", 46, 600), 84)
    authors = blank.fit(wording.authors, Style(cut=Cut("sans", 500), largest=78, smallest=42, leading=1.28), 330)
    serif = Style(cut=Cut("serif", 600), largest=216, smallest=60, leading=1.0)
    title = blank.fit(wording.title, serif, 880)
    subtitle = blank.fit(wording.subtitle, Style(cut=Cut("serif", 400), largest=92, smallest=44, leading=1.14), 300)
    strip = 150
    height = strip + 130 + authors.height + 80 + title.height + (subtitle.height + 70 if subtitle.lines else 0) + 140
    edge = max(1240.0, height)
    sheet = Sheet(deep.hex)
    contours(sheet, edge, HEIGHT, commission.chance, palette.shade(0.60, 0.75).hex)
    sheet.rectangle(0, 0, WIDTH, edge, paper.hex)
    sheet.rectangle(0, 0, WIDTH, strip, deep.hex)
    sheet.rectangle(0, edge, WIDTH, edge + 16, palette.shade(0.66, 1.0).hex)
    column = Column(sheet.finished(), commission.compositor, margin, WIDTH - 2 * margin, "left")
    column.put(series, (strip - series.height) / 2, palette.ink_on(deep))
    top = column.put(authors, strip + 130, palette.accent_on(paper)) + 80 if authors.lines else strip + 170
    below = column.put(title, top, palette.ink_on(paper))
    column.put(subtitle, below + 70, palette.ink_on(paper, chroma=0.9))
    return column.image


def minimal(commission: Commission) -> Image.Image:
    """White space, a quiet title and one figure."""
    palette, wording = commission.palette, commission.wording
    paper = palette.shade(0.975, 0.06)
    margin = 170
    blank = Column(Image.new("RGB", (1, 1)), commission.compositor, margin, WIDTH - 2 * margin, "left")
    light = Style(cut=Cut("sans", 500), largest=168, smallest=52, leading=1.1)
    title = blank.fit(wording.title, light, 760)
    subtitle = blank.fit(wording.subtitle, Style(cut=Cut("sans", 300), largest=70, smallest=40, leading=1.28), 260)
    authors = blank.fit(wording.authors, Style(cut=Cut("sans", 400), largest=66, smallest=38, leading=1.3), 260)
    series = blank.fit(wording.series, Style(cut=Cut("sans", 400), largest=48, smallest=34), 110)
    below = 250 + title.height + (subtitle.height + 64 if subtitle.lines else 0)
    foot = HEIGHT - 190 - authors.height - (series.height + 40 if series.lines else 0)
    sheet = Sheet(paper.hex)
    _figure(sheet, commission, below + 130, foot - 130)
    column = Column(sheet.finished(), commission.compositor, margin, WIDTH - 2 * margin, "left")
    ink = palette.ink_on(paper, chroma=0.35)
    end = column.put(title, 250, ink)
    column.put(subtitle, end + 64, ink)
    column.put(series, foot, palette.accent_on(paper))
    column.put_up(authors, HEIGHT - 190, ink)
    return column.image


def _figure(sheet: Sheet, commission: Commission, top: float, bottom: float) -> None:
    """One of four figures between `top` and `bottom`, on the right."""
    palette, chance = commission.palette, commission.chance
    room = bottom - top
    radius = min(430.0, room / 2)
    if radius < 60:
        return
    centre = (WIDTH - 170 - radius, top + room / 2)
    strong, soft = palette.shade(0.58, 1.1).hex, palette.shade(0.88, 0.45).hex
    kind = chance.whole(0, 3)
    if kind == 0:
        sheet.disc(centre, radius, strong)
    elif kind == 1:
        sheet.disc((centre[0] - radius * 0.42, centre[1]), radius * 0.72, soft)
        sheet.pie((centre[0] + radius * 0.2, centre[1]), radius * 0.8, 180, 360, strong)
    elif kind == 2:
        for ring in range(5):
            sheet.ring(centre, radius * (1 - ring * 0.2), radius * 0.055, strong if ring % 2 == 0 else soft)
    else:
        sheet.rectangle(centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius, soft)
        sheet.pie((centre[0] - radius, centre[1] + radius), 2 * radius, 270, 360, strong)


def verse(commission: Commission) -> Image.Image:
    """A sky with a disc over layers of hills or waves; the title in italics in the sky."""
    palette, wording = commission.palette, commission.wording
    sky, dawn = palette.shade(0.955, 0.25), palette.shade(0.86, 0.6, 40)
    blank = Column(Image.new("RGB", (1, 1)), commission.compositor, _CENTRE, WIDTH - 2 * 150, "center")
    italic = Style(cut=Cut("serif", 500, italic=True), largest=276, smallest=64, leading=0.98)
    series = blank.fit(wording.series, _small_capitals("serif", 50, 600), 120)
    title = blank.fit(wording.title, italic, 940)
    subtitle = blank.fit(wording.subtitle, Style(cut=Cut("serif", 500), largest=82, smallest=44), 260)
    authors = blank.fit(wording.authors, Style(cut=Cut("serif", 500), largest=104, smallest=48, leading=1.14), 330)
    head = 300 if series.lines else 240
    below = head + title.height + (subtitle.height + 70 if subtitle.lines else 0)
    shore = max(1320.0, below + 330)
    sheet = Sheet(sky.hex)
    sheet.fade(dawn.hex, (below, shore + 200))
    x = WIDTH * commission.chance.number(0.2, 0.8)
    sheet.disc((x, shore - 20), 210, palette.shade(0.985, 0.2, 40).hex)
    layers = [palette.shade(0.78 - 0.1 * layer, 0.75 + 0.05 * layer) for layer in range(6)]
    hills(sheet, shore, commission.chance, tuple(layer.hex for layer in layers))
    ground = layers[-1]
    sheet.fade(ground.hex, (HEIGHT - 560, HEIGHT - 470))
    column = Column(sheet.finished(), commission.compositor, _CENTRE, WIDTH - 2 * 150, "center")
    ink = palette.ink_on(sky, dawn, chroma=0.9)
    column.put(series, 170, ink)
    end = column.put(title, head, ink)
    column.put(subtitle, end + 70, ink)
    column.put_up(authors, HEIGHT - 150, palette.ink_on(ground))
    return column.image


def patterned_paper(commission: Commission) -> Image.Image:
    """A patterned paper with a label, as small books of poems and essays have worn it for a century."""
    palette, wording = commission.palette, commission.wording
    sheet = Sheet(palette.shade(0.46, 0.95).hex)
    _pattern(sheet, commission)
    width, top = 1040, 330
    blank = Column(Image.new("RGB", (1, 1)), commission.compositor, _CENTRE, width - 2 * 90, "center")
    title = blank.fit(wording.title, Style(cut=Cut("serif", 500), largest=176, smallest=52, leading=1.02), 800)
    subtitle = blank.fit(wording.subtitle, Style(cut=Cut("serif", 400, italic=True), largest=72, smallest=40), 260)
    authors = blank.fit(wording.authors, _small_capitals("serif", 68, 500), 280)
    series = blank.fit(wording.series, Style(cut=Cut("serif", 400, italic=True), largest=52, smallest=36), 120)
    parts = [part for part in (authors, title, subtitle, series) if part.lines]
    height = sum(part.height for part in parts) + 84 * (len(parts) - 1) + 2 * 130
    paper = palette.paper()
    left, right = _CENTRE - width / 2, _CENTRE + width / 2
    sheet.rectangle(left - 16, top - 16, right + 16, top + height + 16, palette.shade(0.30, 0.8).hex)
    sheet.rectangle(left, top, right, top + height, paper.hex)
    ink, tint = palette.ink_on(paper), palette.accent_on(paper)
    for inset, weight in ((30, 5), (44, 2)):
        _box(sheet, (left + inset, top + inset, right - inset, top + height - inset), weight, tint.hex)
    column = Column(sheet.finished(), commission.compositor, _CENTRE, width - 2 * 90, "center")
    y = top + 130
    for part in parts:
        y = column.put(part, y, ink if part is title or part is authors else tint) + 84
    return column.image


def _box(sheet: Sheet, box: tuple[float, float, float, float], weight: float, colour: str) -> None:
    left, top, right, bottom = box
    for x in (left, right - weight):
        sheet.rectangle(x, top, x + weight, bottom, colour)
    for y in (top, bottom - weight):
        sheet.rectangle(left, y, right, y + weight, colour)


def _pattern(sheet: Sheet, commission: Commission) -> None:
    palette, chance = commission.palette, commission.chance
    kind = commission.family_chance.whole(0, 4)
    gap = chance.number(112, 150)
    light, dark = palette.shade(0.80, 0.6).hex, palette.shade(0.36, 0.9).hex
    rows, places = int(HEIGHT / gap) + 2, int(WIDTH / gap) + 2
    for row in range(rows):
        for place in range(places):
            x = (place + (0.5 if row % 2 else 0)) * gap
            small_motif(sheet, (x, row * gap), gap * 0.27, kind, (light, dark))
            sheet.disc((x + gap / 2, row * gap), gap * 0.035, light)


def _small_capitals(family: str, largest: int, weight: int) -> Style:
    """Capitals set wide, for names and series."""
    return Style(
        cut=Cut(family, weight), largest=largest, smallest=largest // 2, capitals=True, tracking=0.11, leading=1.42
    )


COMPOSITIONS: MappingProxyType[str, Composition] = MappingProxyType(
    {"classic": classic, "modern": modern, "academic": academic, "minimal": minimal, "verse": verse}
)
