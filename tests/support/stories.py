"""Pages of the docs that a reader follows from an empty folder: the tutorial and the how-tos.

A paragraph that is only a file's name, and the block of code after it, is a file to write. The commands in a block of
`sh` are run. A block of `text` is what the command before it prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from support.made_fonts import font
from test_docs import Block

__all__ = ["lines_of", "prepare", "write_file"]


def prepare(folder: Path) -> None:
    """Puts the files there that a reader brings along: a picture for a cover, and a font."""
    for name in ("covered/art", "printed/fonts"):
        (folder / name).mkdir(parents=True)
    Image.new("RGB", (1600, 2560), "#1f4e5f").save(folder / "covered/art/front.jpg")
    (folder / "printed/fonts/my-font.otf").write_bytes(font(cff=True))


def write_file(block: Block, folder: Path) -> None:
    """Writes the file that the block shows."""
    target = folder / block.named
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(block.text, "utf-8")


def lines_of(block: Block) -> Iterator[str]:
    """The command lines of a block, without comments."""
    for line in block.text.splitlines():
        if line.partition("#")[0].strip():
            yield line.partition(" #")[0].strip()
