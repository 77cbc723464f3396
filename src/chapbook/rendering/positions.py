"""Where in the Markdown source a thing stands; looked up only when there is something to say of it."""

from __future__ import annotations

from chapbook.diagnostics import Position

__all__ = ["Locator"]


class Locator:
    """Finds the lines and columns of a chapter's links, pictures, notes, raw HTML and words."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._text = text
        self._first_line = first_line

    def offset(self, index: int) -> Position:
        """The position of the character at `index` of the text."""
        line = self._text.count("\n", 0, index)
        start = self._text.rfind("\n", 0, index) + 1
        return Position(self._first_line + line, index - start + 1)
