# ruff: noqa: INP001 - a script to run, no module of a package
"""Draws docs/pictures/covers.png: forty drawn covers, of all themes, short and long, in many scripts.

    python docs/pictures/make_covers.py

Scripts beside Latin, Greek and Cyrillic take the machine's fonts; where one is missing, it is said.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from chapbook.covers.cover import draw_cover
from chapbook.model.hooks import HOOKS
from chapbook.model.metadata import Contributor, Metadata, Series

HERE = Path(__file__).resolve().parent
SIZE = (150, 240)
COLUMNS, GAP, GROUND = 8, 12, "#dcd8d0"
COLOURS = 256
THEMES = (*HOOKS.covers, "of your own")


@dataclass(frozen=True, kw_only=True)
class Words:
    """What stands on a cover."""

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ("Nan Corrigall",)
    series: Series | None = None
    language: str = "en"
    accent: str = ""


SIX = ("Ann Author", "Bo Writer", "Cy Scribe", "Di Penman", "Ed Quill", "Fay Inkwell")
ALMANAC = Series(name="The Tidewater Almanac", index="2")
COVERS = (
    Words(title="Tides"),
    Words(title="The Harbour Year", subtitle="Tides, Weather and Work in a Small Port", series=ALMANAC),
    Words(title="On the Origin of Small Harbours by Means of Silt, or the Preservation of Quays"),
    Words(title="Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", language="de"),
    Words(title="البحر والسماء", authors=("سليم بحري",), language="ar"),
    Words(title="百年の潮", subtitle="小さな港の一年", authors=("港 花子",), language="ja"),
    Words(title="🌊 Waves 🐚", authors=()),
    Words(title="Proceedings", subtitle="Sixth Workshop on Silt", authors=SIX),
    Words(title="I"),
    Words(title="Winter Sky", subtitle="Three Ways of Naming the Same Stars", series=ALMANAC, accent="#3b4a8f"),
    Words(title="Война и мир", authors=("Лев Толстой",), language="ru"),
    Words(title="冬天的星空", subtitle="同一群星的三种名字", authors=("陈文龙",), language="zh"),
    Words(title="Η Οδύσσεια", authors=("Όμηρος",), language="el"),
    Words(title="An Inquiry into the Nature and Causes of the Wealth of Nations", authors=("Adam Smith",)),
    Words(title="שיר השירים", authors=("שלמה",), language="he"),
    Words(title="1984"),
    Words(title="바다의 기억", authors=("김하나",), language="ko"),
    Words(title="A/B—C–D|E", subtitle="(parentheses) [brackets] {braces}"),
    Words(title="Nắng trong vườn", authors=("Thạch Lam",), language="vi"),
    Words(title="Collected Poems", subtitle="1951–2024", accent="#7a2f8f"),
    Words(title="समुद्र की यादें", authors=("मीरा",), language="hi"),
    Words(title="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", language="cy"),
    Words(title="Emma", authors=("Jane Austen",), accent="#b8860b"),
    Words(title="ทะเลและท้องฟ้า", authors=("สมชาย",), language="th"),
    Words(title="The Complete Annotated Handbook of Everything That Floats", authors=SIX[:3], series=ALMANAC),
    Words(title="Ünder the Ëaves", subtitle="Éternité, Ångström, Čapek, Żółć"),
    Words(title="x" * 80, authors=()),
    Words(title="Middlemarch", subtitle="A Study of Provincial Life", authors=("George Eliot",), accent="teal"),
    Words(title="Letters", authors=("Nan Corrigall", "Hugh Rennison")),
    Words(title="Hundred Waves", subtitle="word " * 30),
    Words(title="كتاب الأيام الطويلة في مدينة صغيرة على البحر", authors=("كاتبة",), language="ar"),
    Words(title="青の時代", authors=("著者",), language="ja", series=Series(name="港の暦", index="3")),
    Words(title="!?", authors=("Anon.",)),
    Words(title="A Sentimental Journey Through France and Italy", authors=("Laurence Sterne",), accent="#2f4f4f"),
    Words(title="თოვლი", authors=("ნანა",), language="ka"),
    Words(title="Low Water", subtitle="Poems", accent="#8b0000"),
    Words(title="Ծովը", authors=("Անի",), language="hy"),
    Words(title="Volume Twelve", series=Series(name="A Series with Quite a Long Name of Its Own", index="12")),
    Words(title="Black", accent="black"),
    Words(title="White", accent="white"),
)


def main() -> None:
    """Writes the picture anew."""
    rows = -(-len(COVERS) // COLUMNS)
    size = (GAP + COLUMNS * (SIZE[0] + GAP), GAP + rows * (SIZE[1] + GAP))
    sheet = Image.new("RGB", size, GROUND)
    for at, words in enumerate(COVERS):
        left, top = (at % COLUMNS) * (SIZE[0] + GAP), (at // COLUMNS) * (SIZE[1] + GAP)
        sheet.paste(drawn(words, THEMES[at % len(THEMES)]), (GAP + left, GAP + top))
    target = HERE / "covers.png"
    sheet.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(target, optimize=True)
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")


def drawn(words: Words, theme: str) -> Image.Image:
    """A cover, small."""
    metadata = Metadata(
        title=words.title,
        subtitle=words.subtitle,
        authors=tuple(Contributor(name=name) for name in words.authors),
        series=words.series,
        language=words.language,
    )
    cover = draw_cover(metadata, theme=theme, accent=words.accent)
    for warning in cover.warnings:
        sys.stdout.write(f"{words.title}: {warning.message}\n")
    with Image.open(io.BytesIO(cover.data)) as picture:
        return picture.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
