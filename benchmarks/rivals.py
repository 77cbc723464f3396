"""Other tools on the same folder: each a command that makes an EPUB of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

__all__ = ["epub_gen_memory", "pandoc"]

_SCRIPT = Path(__file__).with_name("epub_gen_memory.mjs")


def pandoc(folder: Path, target: Path) -> list[str] | None:
    """pandoc, from the PyPI package that carries it; each file its own scope, as footnotes need it."""
    try:
        import pypandoc  # noqa: PLC0415 - a rival may be missing
    except ImportError:
        return None
    chapters = [str(path) for path in sorted(folder.glob("*.md"))]
    return [pypandoc.get_pandoc_path(), "--file-scope", "--metadata", "title=Corpus", *chapters, "-o", str(target)]


def epub_gen_memory(folder: Path, target: Path, tools: Path) -> list[str] | None:
    """epub-gen-memory with markdown-it, from npm, installed into `tools` when it is first asked for."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    if not (tools / "node_modules" / "epub-gen-memory").is_dir():
        packages = ["epub-gen-memory@1", "markdown-it@14"]
        words = [npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(tools), *packages]
        if subprocess.run(words, check=False).returncode:  # noqa: S603 - fixed words
            return None
    script = tools / _SCRIPT.name
    shutil.copyfile(_SCRIPT, script)
    return [node, str(script), str(folder), str(target)]
