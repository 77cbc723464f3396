# ruff: noqa: INP001 - a script to run, no module of a package
"""Draws docs/pictures/pages.png: the cover of one example book and pages of both, as Chromium shows them.

    python docs/pictures/make_pictures.py

Needs Chromium (CHROMIUM names another one). The letters are those of the machine's fonts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from PIL import Image, ImageFilter

from chapbook import Book

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
BOOKS = ("harbour-year", "winter-sky")
COVER = "harbour-year"
PAGES = (
    ("harbour-year", "text/preface.xhtml"),
    ("harbour-year", "text/year/winter/gale.xhtml"),
    ("winter-sky", "text/skies/captain/giant.xhtml"),
)

WINDOW = (600, 1200)
"""In CSS pixels; taller than a page, since what is below Chromium's own view is not always drawn."""
SHOWN = (420, 672)
"""Of a page in the picture: the shape of the covers."""
GAP = 28
GROUND = "#dcd8d0"
COLOURS = 64
"""Of each page; a PNG has 256."""
MARGIN = "<style>html { padding: 40px 48px; background: white }</style>"
"""The margin, which a reading system would add."""


def main() -> None:
    """Writes the picture anew."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in BOOKS:
            unpack(name, folder)
        pictures = [Image.open(folder / COVER / "EPUB" / "cover.jpg").convert("RGB")]
        pictures += [photographed(folder / name / "EPUB" / page, folder) for name, page in PAGES]
        of_few_colours(composed(pictures)).save(HERE / "pages.png", optimize=True)


def unpack(name: str, folder: Path) -> None:
    """Builds an example book and unpacks it into `folder`."""
    target = folder / f"{name}.epub"
    report = Book.from_folder(EXAMPLES / name).write(target)
    if not report.ok:
        sys.exit(f"{name}: {report.errors[0].message}")
    with zipfile.ZipFile(target) as archive:
        archive.extractall(folder / name)


def photographed(page: Path, folder: Path) -> Image.Image:
    """A page as Chromium shows it, with the margin of a reading system."""
    page.write_text(page.read_text("utf-8").replace("</head>", f"{MARGIN}</head>"), "utf-8")
    target = folder / "page.png"
    words = [
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
        *("--disable-component-update", "--disable-sync", "--hide-scrollbars"),
        *(f"--user-data-dir={folder / 'profile'}", f"--window-size={WINDOW[0]},{WINDOW[1]}"),
        *(f"--screenshot={target}", page.as_uri()),
    ]
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or sys.exit("there is no Chromium")
    subprocess.run([chromium, *words], check=True, capture_output=True, timeout=60)  # noqa: S603 - all ours
    with Image.open(target) as picture:
        return picture.convert("RGB")


def composed(pictures: list[Image.Image]) -> Image.Image:
    """The pictures side by side, each with a soft shadow."""
    width, height = SHOWN
    size = (GAP + len(pictures) * (width + GAP), height + 2 * GAP)
    shadows = Image.new("L", size, 0)
    places = [(GAP + at * (width + GAP), GAP) for at in range(len(pictures))]
    for left, top in places:
        shadows.paste(120, (left, top + 6, left + width, top + height + 6))
    sheet = Image.new("RGB", size, GROUND)
    sheet.paste("#5a5548", (0, 0), shadows.filter(ImageFilter.GaussianBlur(8)))
    for picture, place in zip(pictures, places, strict=True):
        sheet.paste(fitted(picture), place)
    return sheet


def of_few_colours(sheet: Image.Image) -> Image.Image:
    """`sheet` with a palette in which each of its pages has a share, so that a heading keeps its colour."""
    left = GAP // 2
    colours: list[int] = []
    while left < sheet.width - GAP:
        part = sheet.crop((left, 0, left + SHOWN[0] + GAP, sheet.height))
        found = part.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).getpalette() or []
        colours += found[: 3 * COLOURS]
        left += SHOWN[0] + GAP
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours)
    return sheet.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def fitted(picture: Image.Image) -> Image.Image:
    """A picture on a page of its own, filling it from the top."""
    scale = max(SHOWN[0] / picture.width, SHOWN[1] / picture.height)
    whole = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    left = (whole.width - SHOWN[0]) // 2
    return whole.crop((left, 0, left + SHOWN[0], SHOWN[1]))


if __name__ == "__main__":
    main()
