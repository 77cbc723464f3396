# ruff: noqa: INP001 - a script to run, no module of a package
"""Draws typography.png: two pages on a telephone as any converter sets them, and as chapbook does.

    PYTHONPATH=tests python docs/pictures/make_typography.py

Needs what ``make pages`` needs.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image

from support.layout_pages import BOOKS, job, row, sheet, unpacked

HERE = Path(__file__).resolve().parent
SHOWN = ("text/german.xhtml", "text/tables.xhtml")
OURS = re.compile(r'\u00ad| class="(?:table-fit|fit-[^"]*|long-word)"|<colgroup>.*?</colgroup>')


def main() -> None:
    """Writes the picture anew."""
    phone = replace(row("phone", 150, True, "columns"), name="phone")  # noqa: FBT003 - with modern.css
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        book = unpacked(BOOKS["audit-book"], "classic", folder)
        pages = []
        for plain in (False, True):
            for name in SHOWN:
                if plain:
                    path = book / name
                    path.write_text(OURS.sub("", path.read_text("utf-8")), "utf-8")
                drawn = folder / f"{plain}-{Path(name).stem}"
                drawn.mkdir()
                line = sheet([job("shown", book, [phone], documents=name)], drawn)
                pages.append(line.crop((0, 0, phone.width * 2 + 8, phone.height)))
        after, before = pages[:2], pages[2:]
        width, height = pages[0].size
        made = Image.new("RGB", (2 * width + 32, 2 * height + 8), "#dcd8d0")
        for at, (old, new) in enumerate(zip(before, after, strict=True)):
            made.paste(old, (0, at * (height + 8)))
            made.paste(new, (width + 32, at * (height + 8)))
        made = made.resize((made.width // 2, made.height // 2), Image.Resampling.LANCZOS)
        made.quantize(32).save(HERE / "typography.png", optimize=True)


if __name__ == "__main__":
    main()
