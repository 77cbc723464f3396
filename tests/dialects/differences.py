"""Where chapbook differs on purpose from what it is held to. docs/dialects.md tells readers the same, with dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["COMMONMARK", "Difference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One deliberate difference, and the examples that show it."""

    why: str
    examples: frozenset[int | str]
    words: bool = False
    """Whether the words differ too, not only the elements."""


def _rows(*differences: tuple[str, bool, tuple[int | str, ...]]) -> Mapping[int | str, Difference]:
    rows: dict[int | str, Difference] = {}
    for why, words, examples in differences:
        difference = Difference(why=why, words=words, examples=frozenset(examples))
        for example in examples:
            assert example not in rows, f"example {example} stands in two rows"
            rows[example] = difference
    return MappingProxyType(rows)


COMMONMARK = _rows(
    (
        "a link without words goes, or has its address for a name: nothing could be told of it to those who hear it",
        False,
        (21, 31, 187, 344, 476, 477, 484, 630, 631, 642, 643),
    ),
    ("a link that leads nowhere goes, its words stay", False, (200, 485, 486, 487, 567)),
    ("a link ships with the schemes http, https, mailto and tel alone", False, (596, 598, 599, 601)),
    ("a link to what is no valid address goes, its words stay", False, (346, 600)),
    ("a heading without words is none: a table of contents could not show it", False, (79,)),
    ("code that holds nothing to see is none", False, (126, 129, 130, 138, 237, 334)),
    ("elements that hold nothing and mean nothing go", False, (150, 613, 614, 615, 616, 623)),
    ("what a tag without an end would swallow are words", True, (156, 157, 158, 173)),
    ("what a CDATA section holds are words", True, (182, 629)),
    (
        "a processing instruction ends at '?>', as XML has it, and not at the first '>', as a browser has it",
        True,
        (180,),
    ),
    ("an element stands where the content model has it", False, (148, 167, 191)),
    (
        "a picture with a title, alone in its paragraph, is a figure, and the title its caption",
        True,
        (572, 573, 576, 577, 584, 585, 586, 588, 589, 591),
    ),
)
"""By the number of the example in the CommonMark Specification 0.31.2."""
