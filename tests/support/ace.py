"""Ace by DAISY for tests: every violation as a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from support.browser import run_script

__all__ = ["Violation", "ace_violations"]

_SCRIPT = Path(__file__).parents[1] / "readers" / "ace.cjs"
_SECONDS_A_BOOK = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One violation. `impact` is minor, moderate, serious or critical; `place` a CSS selector or empty."""

    rule: str
    impact: str
    file: str
    place: str
    html: str
    words: str

    def __str__(self) -> str:
        return f"{self.rule}({self.impact}) {self.file} {self.place}: {self.words}\n    {self.html}"


def ace_violations(books: Sequence[Path]) -> list[list[Violation]]:
    """What Ace finds in each of `books`, EPUB files, in one browser for all of them."""
    answers = run_script(_SCRIPT, *books, seconds=60 + _SECONDS_A_BOOK * len(books))
    assert [each["book"] for each in answers] == [str(each) for each in books]
    return [[Violation(**found) for found in each["findings"]] for each in answers]
