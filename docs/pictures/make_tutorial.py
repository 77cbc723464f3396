# ruff: noqa: INP001 - a script to run, no module of a package
"""Draws docs/pictures/tutorial/: the book of docs/tutorial.md after each of its steps, as Chromium shows it.

    PYTHONPATH=tests python docs/pictures/make_tutorial.py

The script writes the tutorial's files and runs its commands. At each picture of the page it draws what is there then.
Needs Chromium (CHROMIUM names another one). The letters are those of the machine's fonts.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from types import MappingProxyType

from make_pictures import HERE, composed, of_few_colours, photographed
from PIL import Image

from support.stories import lines_of, write_file
from test_docs import Block, block_of, opened

STEPS = MappingProxyType(
    {
        "1-first": ("skerry.epub", ("cover", "01-the-lamp")),
        "2-settings": ("skerry.epub", ("cover",)),
        "3-second": ("skerry.epub", ("02-the-boat",)),
        "4-picture": ("skerry.epub", ("01-the-lamp",)),
        "5-theme": ("modern.epub", ("01-the-lamp",)),
    }
)
"""For each picture the book, and what of it is shown."""
PAGE = "docs/tutorial.md"


def main() -> None:
    """Follows the tutorial and draws its pictures."""
    (HERE / "tutorial").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.chdir(folder)
        for element in opened(PAGE):
            if element.tag == "pre":
                follow(block_of(PAGE, element[0]), folder)
            for image in element.iter("img"):
                draw(Path(image.get("src", "")).stem, folder)


def follow(block: Block, folder: Path) -> None:
    """Writes the file, or runs the commands, of a block of code."""
    if block.named:
        write_file(block, folder)
    elif block.language == "sh" and block.mark != "not":
        for line in lines_of(block):
            subprocess.run([sys.executable, "-m", *shlex.split(line)], check=True, cwd=folder, capture_output=True)  # noqa: S603 - the tutorial's own commands


def draw(name: str, folder: Path) -> None:
    """Draws one picture of the book as it is now."""
    book, shown = STEPS[name]
    target = folder / name
    with zipfile.ZipFile(folder / book) as archive:
        archive.extractall(target)
    pictures = []
    for each in shown:
        if each == "cover":
            pictures.append(Image.open(target / "EPUB/cover.jpg").convert("RGB"))
        else:
            pictures.append(photographed(target / f"EPUB/text/{each}.xhtml", folder))
    of_few_colours(composed(pictures)).save(HERE / "tutorial" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
