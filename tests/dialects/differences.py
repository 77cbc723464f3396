"""Where chapbook differs on purpose from what it is held to. docs/dialects.md tells readers the same, with dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["COMMONMARK", "PYTHON_MARKDOWN", "Difference"]


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
    ("elements that hold nothing and mean nothing go", False, (614, 615, 616)),
    ("what a tag or comment without an end would swallow are words", True, (156, 157, 158, 173)),
    ("words after a comment that begins their line are Markdown, not raw HTML", True, (177,)),
    (
        "what looks like a tag, and is no element, never closes or has words for attributes, are words",
        True,
        (150, 201, 491, 494, 613, 623),
    ),
    ("what a CDATA section holds are words", True, (182, 629)),
    (
        "a processing instruction ends at '?>', as XML has it, and not at the first '>', as a browser has it",
        True,
        (180,),
    ),
    ("an element stands where the content model has it", False, (148, 167, 191)),
    ("texts that raw HTML leaves without paragraphs get some where an empty line parts them", False, (155, 171)),
    ("a bare address of the web is a link, as GitHub has it", False, (602, 608, 611)),
    (
        "a picture with a title, alone in its paragraph, is a figure, and the title its caption",
        True,
        (572, 573, 576, 577, 584, 585, 586, 588, 589, 591),
    ),
)
"""By the number of the example in the CommonMark Specification 0.31.2."""

PYTHON_MARKDOWN = _rows(
    (
        "what looks like a tag, and is no element, never closes or has words for attributes, are words",
        True,
        ("heading with a code span",),
    ),
    ("a link that leads nowhere goes, its words stay", False, ("link without a target",)),
    ("attributes on the line below a table are the table's", True, ("table with classes",)),
    ("a bare address of the web is a link, as GitHub has it", False, ("bare address",)),
    ("a link ships with the schemes http, https, mailto and tel alone", False, ("script in an address",)),
    ("a picture from the network does not ship, its words stay", False, ("remote image",)),
    (
        "a picture with a title, alone in its paragraph, is a figure, and the title its caption",
        True,
        ("image with a title",),
    ),
    ("a heading without words is none: a table of contents could not show it", False, ("empty heading",)),
    (
        "an element stands where the content model has it",
        False,
        ("HTML in a paragraph that a block begins", "paragraph in emphasis by HTML", "list without items by HTML"),
    ),
    (
        "what a tag or comment without an end would swallow are words",
        True,
        ("element that swallows the rest", "comment without an end"),
    ),
    (
        "a paragraph of raw HTML whose end tag is left out ends at the next empty line",
        False,
        ("HTML that is not closed",),
    ),
    ("the signs that close a heading have a space before them, as in CommonMark", True, ("hash in a heading",)),
    ("tags and addresses hold no markup, as in CommonMark: what begins first wins", True, ("link in an attribute",)),
    ("dollars are the signs of formulas, and an escaped one is a dollar", True, ("formula", "escaped sign of dollars")),
    ("a backslash before an angle bracket makes it one, as in CommonMark", True, ("escaped angle bracket",)),
    (
        "a fence may be indented, in a list too",
        False,
        (
            "fence in a list by four spaces",
            "fence in a list by two spaces",
            "fence that is indented",
            "indented fence in a longer fence",
        ),
    ),
    (
        "a list may follow a line of text, where two items or more follow or the text ends in a colon",
        True,
        ("list right after a paragraph",),
    ),
    ("a fence may begin a list item", True, ("fence that begins a list item",)),
    ("a fence may stand in a quotation", False, ("code in a quotation",)),
    ("notes are numbered in the order of their first references", True, ("footnotes out of order",)),
    ("the second way back is told apart", True, ("footnote used twice",)),
    (
        "a note that nothing leads to has no number and no way back; the first of two is the one",
        True,
        ("footnote without a reference", "two footnotes of one name"),
    ),
    ("cells that no column is for join the last one, as text", True, ("table with a long row",)),
    ("GitHub's alerts are alerts in both dialects", True, ("alert",)),
)
"""By the name of the example in python_markdown.txt."""
