# ruff: noqa: INP001 - a script to run, no module of a package
"""Draws docs/pictures/themes/NAME.png: pages of the example books in each theme, on four devices.

    python docs/pictures/make_theme_sheets.py [NAME…]

Needs Chromium, Node and puppeteer (``npm install --prefix .tools puppeteer``, or CHAPBOOK_NODE_MODULES names the
folder that has it). The letters are those of the machine's fonts.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import fontpkg_inter
from PIL import Image, ImageColor, ImageDraw, ImageFont, ImageOps

from chapbook import Book
from chapbook.styling.themes import theme_names

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
WIDTH = 270
"""Of each page in the sheet, in pixels."""
GAP, HEAD = 22, 34
GROUND, INK = "#dcd8d0", "#3c3830"
COLOURS, SHADES = 32, 5
LETTERS = Path(fontpkg_inter.__file__).parent / "files"


@dataclass(frozen=True, kw_only=True)
class Device:
    """What a page is read on: its size in CSS pixels, its margins and colours, which are the reading system's."""

    name: str
    width: int
    height: int
    margin: str
    page: str = "#ffffff"
    text: str = "#111111"
    dark: bool = False
    grey: bool = False

    @property
    def style(self) -> str:
        return (
            f"html {{ padding: {self.margin}; background: {self.page}; color: {self.text};"
            f" color-scheme: {'dark' if self.dark else 'light'} }} body {{ margin: 0 }}"
        )


DEVICES = (
    Device(name="Phone, light", width=390, height=640, margin="22px 26px"),
    Device(name="Phone, dark", width=390, height=640, margin="22px 26px", page="#16161a", text="#e6e3dc", dark=True),
    Device(name="E-ink, without colour", width=430, height=573, margin="30px 34px", page="#f1f1ee", grey=True),
    Device(name="Tablet", width=768, height=980, margin="70px 110px", page="#fbf7ee", text="#221d16"),
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of an example book, and what of it to show."""

    book: str
    name: str
    show: str = ""


OPENING = Page(book="harbour-year", name="text/year/winter/gale.xhtml")
TABLE = Page(book="harbour-year", name="text/water/reckoning.xhtml", show="pre")
POEM = Page(book="harbour-year", name="text/year/spring/herring.xhtml", show=".poem, .verse")
CONTENTS = Page(book="winter-sky", name="nav.xhtml")
TITLE = Page(book="winter-sky", name="title-page.xhtml")


def pages(theme: str) -> tuple[Page, ...]:
    """The four pages of a sheet: a theme for poetry shows a poem, the others code and tables."""
    return (TITLE, CONTENTS, OPENING, POEM if theme == "verse" else TABLE)


def main() -> None:
    """Writes the sheets of the themes that are named, or of all."""
    wanted = sys.argv[1:] or [name for name, _ in theme_names()]
    (HERE / "themes").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        jobs = [job for theme in wanted for job in planned(theme, Path(scratch))]
        photograph(jobs, Path(scratch))
        for theme in wanted:
            save(sheet(theme, Path(scratch)), HERE / "themes" / f"{theme}.png")


def planned(theme: str, folder: Path) -> list[dict[str, object]]:
    """Builds the books in `theme` and gives the pictures to take of them."""
    for name in {page.book for page in pages(theme)}:
        book = Book.from_folder(ROOT / "examples" / name)
        book.theme = theme
        target = folder / f"{theme}-{name}.epub"
        report = book.write(target)
        if not report.ok:
            sys.exit(f"{name}: {report.errors[0].message}")
        with zipfile.ZipFile(target) as archive:
            archive.extractall(folder / theme / name)
    return [
        {
            "page": str(folder / theme / page.book / "EPUB" / page.name),
            "target": str(picture(folder, theme, row, column)),
            "width": device.width,
            "height": device.height,
            "scale": 2 * WIDTH / device.width,
            "dark": device.dark,
            "style": device.style,
            "show": page.show,
        }
        for row, device in enumerate(DEVICES)
        for column, page in enumerate(pages(theme))
    ]


def picture(folder: Path, theme: str, row: int, column: int) -> Path:
    """Where the picture of a page lies until it is in its sheet."""
    return folder / f"{theme}-{row}-{column}.png"


def photograph(jobs: list[dict[str, object]], folder: Path) -> None:
    """Takes all the pictures in one browser."""
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(jobs), "utf-8")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None) or sys.exit("there is no Chromium")
    node = shutil.which("node") or sys.exit("there is no Node")
    modules = os.environ.get("CHAPBOOK_NODE_MODULES") or str(ROOT / ".tools" / "node_modules")
    environment = {"PUPPETEER_EXECUTABLE_PATH": browser, **os.environ}
    subprocess.run([node, HERE / "photograph.cjs", modules, listed], check=True, env=environment)  # noqa: S603 - all ours


def sheet(theme: str, folder: Path) -> Image.Image:
    """The pictures of a theme, a row for each device."""
    heights = [round(WIDTH * device.height / device.width) for device in DEVICES]
    columns = len(pages(theme))
    made = Image.new("RGB", (GAP + columns * (WIDTH + GAP), sum(heights) + len(heights) * (HEAD + GAP)), GROUND)
    pen = ImageDraw.Draw(made)
    font = ImageFont.truetype(next(LETTERS.glob("Inter[[]*.ttf")), 17)
    top = 0
    for row, (device, height) in enumerate(zip(DEVICES, heights, strict=True)):
        pen.text((GAP, top + HEAD / 2 + 2), device.name, fill=INK, font=font, anchor="lm")
        top += HEAD
        for column in range(columns):
            with Image.open(picture(folder, theme, row, column)) as taken:
                shown = taken.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
            made.paste(without_colour(shown) if device.grey else shown, (GAP + column * (WIDTH + GAP), top))
        top += height + GAP
    return made


def without_colour(shown: Image.Image) -> Image.Image:
    """A page in the sixteen greys of an e-ink screen."""
    return ImageOps.posterize(ImageOps.grayscale(shown), 4).convert("RGB")


def save(made: Image.Image, target: Path) -> None:
    """Writes a sheet with few colours: the shades of each device, and the commonest others."""
    palette = [ImageColor.getrgb(GROUND), ImageColor.getrgb(INK)]
    palette += [shade for device in DEVICES for shade in shades(device)]
    others = made.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).getpalette() or []
    chart = Image.new("P", (1, 1))
    chart.putpalette([*(value for colour in palette for value in colour), *others[: 3 * COLOURS]])
    made.quantize(palette=chart, dither=Image.Dither.NONE).save(target, optimize=True)
    sys.stdout.write(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes\n")


def shades(device: Device) -> list[tuple[int, ...]]:
    """From the colour of a device's page to that of its text."""
    page, text = ImageColor.getrgb(device.page), ImageColor.getrgb(device.text)
    steps = [step / (SHADES - 1) for step in range(SHADES)]
    return [tuple(round(a + (b - a) * step) for a, b in zip(page, text, strict=True)) for step in steps]


if __name__ == "__main__":
    main()
