"""What is found wrong while one file is read, and where its keys stand: gathered, never raised one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct, field

from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.settings import FileRef

__all__ = ["FileFinder", "Findings"]


class FileFinder(Protocol):
    """Finds the files that settings name (cover, style sheets, fonts)."""

    def find(self, path: str) -> FileRef | None:
        """The file of a clean relative path with slashes; ``None`` where there is none that may be read."""

    def names(self) -> Iterable[str]:
        """Paths that could have been meant, for a hint."""


class Findings(Struct):
    """The diagnostics and key positions of one file while it is read."""

    path: str
    source: str = ""
    """The file's text, its line ends made ``\\n``; for messages that need the line."""
    files: FileFinder | None = None
    """``None``: whether files are there is not asked."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)

    def add(self, code: str, message: str, at: Position | None = None, hint: str | None = None) -> None:
        """Notes a diagnostic of this file."""
        self.diagnostics.append(Diagnostic.of(code, message, path=self.path, at=at, hint=hint))

    def in_order(self) -> tuple[Diagnostic, ...]:
        """The diagnostics by line and column."""
        return tuple(sorted(self.diagnostics, key=lambda each: (each.line or 0, each.column or 0)))

    def line(self, number: int) -> str:
        """The line of the file, 1-based; empty where there is none."""
        lines = self.source.split("\n", number)
        return lines[number - 1] if number <= len(lines) else ""
