"""Small libraries to build: folders with a volumes.yaml and volumes of a few chapters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_files", "write_library", "write_volume"]


def write_files(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes each of `files`, a path and what is in it, below `root`."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def write_volume(folder: Path, title: str, *, chapters: int = 2, text: str = "") -> Path:
    """A content folder whose chapters lead to each other; `text` stands at the end of each."""
    book = {"book.yaml": f"title: {title}\nauthor: Ann\nlanguage: en\n"}
    for number in range(1, chapters + 1):
        to = number % chapters + 1
        words = f"# Chapter {number}\n\nSee [another](c{to}.md) of {title}.\n\n{text}\n"
        book[f"c{number}.md"] = f"---\nweight: {number}\n---\n{words}"
    return write_files(folder, book)


def write_library(root: Path, volumes: int, *, chapters: int = 2) -> Path:
    """A folder with a volumes.yaml and that many volumes, ``v001`` and so on."""
    names = [f"v{number:03}" for number in range(1, volumes + 1)]
    for number, name in enumerate(names, 1):
        write_volume(root / name, f"Volume {number}", chapters=chapters)
    listed = "".join(f"  - {name}\n" for name in names)
    return write_files(root, {"volumes.yaml": f"title: The Series\nauthor: Ann\nlanguage: en\nvolumes:\n{listed}"})
