"""The folders that are built: generated, the same each time."""

from __future__ import annotations

import io
import random
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.corpus import write_corpus  # noqa: E402 - the tests' own generator

__all__ = ["ROOT", "change", "chapters", "library", "pictures"]

_NOISE = 64
"""Pixels of a patch of noise, which is laid out as tiles: a photograph neither packs to nothing nor not at all."""


def chapters(folder: Path, *, count: int, dialect: str) -> Path:
    """A book of `count` chapters of 8 KB."""
    write_corpus(folder, chapters=count)
    with (folder / "book.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"dialect: {dialect}\n")
    return folder


def change(folder: Path, run: int) -> None:
    """Changes one chapter of a book, otherwise in each `run`."""
    chapter = folder / "chapter-0007.md"
    text = chapter.read_text(encoding="utf-8").partition("\n\nThe run number ")[0]
    chapter.write_text(f"{text}\n\nThe run number {run}.\n", encoding="utf-8")


def library(folder: Path, *, volumes: int, count: int, broken: int) -> Path:
    """A series of `volumes` of `count` chapters each, so many of them with an error."""
    for number in range(1, volumes + 1):
        volume = write_corpus(folder / f"v{number:03}", chapters=count, seed=number)
        error = "date: [2024\n" if number <= broken else ""
        text = f"title: Volume {number}\nauthor: A Generator\nlanguage: en\n{error}"
        (volume / "book.yaml").write_text(text, encoding="utf-8")
    names = "".join(f"  - v{number:03}\n" for number in range(1, volumes + 1))
    (folder / "volumes.yaml").write_text(f"title: A Generated Series\nvolumes:\n{names}", encoding="utf-8")
    return folder


def pictures(folder: Path, *, kept: int, converted: int) -> Path:
    """A book of photographs: those `kept` are within the limits, those `converted` have 12 million pixels."""
    write_corpus(folder, chapters=1)
    chance = random.Random(1)  # noqa: S311 - the same each time
    lines = []
    for number in range(kept + converted):
        size = (2400, 1800) if number < kept else (4000, 3000)
        (folder / f"photo-{number:02}.jpg").write_bytes(_photograph(size, chance))
        lines.append(f"![Photograph {number}](photo-{number:02}.jpg)\n")
    (folder / "album.md").write_text("# Album\n\n" + "\n".join(lines), encoding="utf-8")
    return folder


def _photograph(size: tuple[int, int], chance: random.Random) -> bytes:
    patch = Image.frombytes("RGB", (_NOISE, _NOISE), chance.randbytes(_NOISE * _NOISE * 3))
    smooth = patch.resize(size, Image.Resampling.BICUBIC)
    written = io.BytesIO()
    smooth.save(written, "JPEG", quality=90)
    return written.getvalue()
