"""How large the source is: `make measure` prints its files, its lines of code, and modules that are hardly one."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Measure", "measure"]

SOURCE = Path(__file__).parents[2] / "src" / "chapbook"
FEW_LINES = 60
_NOT_CODE = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """The size of the package."""

    files: int
    lines: int
    """Of code: without comments, blank lines, and texts that stand alone (docstrings)."""
    tiny: tuple[str, ...]
    """Modules of fewer than FEW_LINES that one other module imports."""


def measure(source: Path = SOURCE) -> Measure:
    """Measures the package in the folder `source`."""
    texts = {_module(path, source): path.read_text("utf-8") for path in sorted(source.rglob("*.py"))}
    importers: dict[str, set[str]] = {name: set() for name in texts}
    for name, text in texts.items():
        for imported in _imported(text):
            if imported in importers:
                importers[imported].add(name)
    tiny = [
        name
        for name, text in texts.items()
        if text.count("\n") < FEW_LINES and len(importers[name]) == 1 and not name.endswith(("__init__", "__main__"))
    ]
    return Measure(files=len(texts), lines=sum(map(_lines, texts.values())), tiny=tuple(tiny))


def _module(path: Path, source: Path) -> str:
    return ".".join(("chapbook", *path.relative_to(source).with_suffix("").parts))


def _imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _lines(text: str) -> int:
    told = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = {line for each in tokens if each.type not in _NOT_CODE for line in range(each.start[0], each.end[0] + 1)}
    return len(code - told)


if __name__ == "__main__":
    found = measure()
    print(f"{found.files} files, {found.lines} lines of code")  # noqa: T201 - what it is for
    print("tiny modules:", ", ".join(found.tiny) or "none")  # noqa: T201 - as above
