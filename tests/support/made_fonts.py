"""Fonts for tests: of one empty glyph, and of boxes."""

from __future__ import annotations

from io import BytesIO

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.t2CharStringPen import T2CharStringPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]

__all__ = ["box_font", "font"]


def font(
    family: str = "Sample Serif",
    *,
    weight: int = 400,
    italic: bool = False,
    fs_type: int = 0,
    cff: bool = False,
    flavor: str = "",
) -> bytes:
    """A font of one empty glyph."""
    builder = FontBuilder(1000, isTTF=not cff)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    if cff:
        glyph = T2CharStringPen(500, None).getCharString()
        builder.setupCFF("Sample", {}, {".notdef": glyph}, {})
    else:
        builder.setupGlyf({".notdef": TTGlyphPen(None).glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(usWeightClass=weight, fsType=fs_type, fsSelection=1 if italic else 64, version=4)
    builder.setupPost()
    builder.font.recalcTimestamp = False
    if flavor:
        builder.font.flavor = flavor
    stream = BytesIO()
    builder.save(stream)
    return stream.getvalue()


def box_font(characters: str, family: str = "Boxes") -> bytes:
    """A font in which each of `characters` is a filled box as wide as it is high."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    builder.setupCharacterMap({ord(each): "box" for each in characters})
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 800), (950, 800), (950, 0)):
        pen.lineTo(point)
    pen.closePath()
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "box": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "box": (1000, 50)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.font.recalcTimestamp = False
    stream = BytesIO()
    builder.save(stream)
    return stream.getvalue()
