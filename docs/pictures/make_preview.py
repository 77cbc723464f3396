# ruff: noqa: INP001 - a script to run, no module of a package
"""Draws docs/pictures/preview.png: the preview of an example book that has a fault.

    python docs/pictures/make_preview.py

Needs the extra ``chapbook[preview]``, Chromium, Node and puppeteer (CHAPBOOK_NODE_MODULES names the folder that has
it). The letters are those of the machine's fonts.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BOOK = ROOT / "examples" / "harbour-year"
CHAPTER, RIGHT, WRONG = "preface.md", "](glossary.md)", "](glossry.md)"
COLOURS = 128


def main() -> None:
    """Writes the picture anew."""
    with tempfile.TemporaryDirectory() as scratch:
        book = Path(shutil.copytree(BOOK, Path(scratch) / BOOK.name))
        chapter = book / CHAPTER
        text = chapter.read_text("utf-8")
        if RIGHT not in text:
            sys.exit(f"{CHAPTER} has no link that could be broken")
        chapter.write_text(text.replace(RIGHT, WRONG, 1), "utf-8")
        target = Path(scratch) / "preview.png"
        photograph(book, target)
        with Image.open(target) as picture:
            picture.convert("RGB").quantize(COLOURS).save(HERE / "preview.png", optimize=True)


def photograph(book: Path, target: Path) -> None:
    """Runs the command and shows its page to Chromium."""
    words = [sys.executable, "-u", "-m", "chapbook", "preview", str(book), "--editor", "vscode", "--no-cache"]
    modules = os.environ.get("CHAPBOOK_NODE_MODULES") or str(ROOT / ".tools" / "node_modules")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or sys.exit("there is no Chromium")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:  # noqa: S603
        try:
            if running.stdout is None:
                sys.exit("the preview says nothing")
            address = running.stdout.readline().strip()
            script = [shutil.which("node") or "node", str(HERE / "preview.cjs"), modules, address, str(target)]
            environment = os.environ | {"PUPPETEER_EXECUTABLE_PATH": chromium}
            subprocess.run(script, check=True, timeout=120, env=environment)  # noqa: S603 - all ours
        finally:
            running.terminate()


if __name__ == "__main__":
    main()
