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
        "a link without words is removed, or shows its address: a screen reader would have nothing to read",
        False,
        (21, 31, 187, 344, 476, 477, 484, 630, 631, 642, 643),
    ),
    ("broken links are removed; their words stay", False, (200, 485, 486, 487, 567)),
    ("links are kept only with the schemes http, https, mailto and tel", False, (596, 598, 599, 601)),
    ("links to invalid addresses are removed; their words stay", False, (346, 600)),
    ("a heading without words is removed: a table of contents couldn't show it", False, (79,)),
    ("code without visible characters is removed", False, (126, 129, 130, 138, 237, 334)),
    ("elements without content and meaning are removed", False, (614, 615, 616)),
    ("the text after an unclosed tag or comment stays text", True, (156, 157, 158, 173)),
    ("words after a comment at the start of a line are Markdown, not raw HTML", True, (177,)),
    (
        "something like a tag stays text if it isn't an element, is never closed or has words instead of attributes",
        True,
        (150, 201, 491, 494, 613, 623),
    ),
    ("the content of a CDATA section is text", True, (182, 629)),
    (
        "a processing instruction ends at '?>', as in XML, and not at the first '>', as in a browser",
        True,
        (180,),
    ),
    ("elements are moved to where HTML's content model allows them", False, (148, 167, 191)),
    ("texts in raw HTML that an empty line separates become paragraphs", False, (155, 171)),
    ("a plain web address becomes a link, as on GitHub", False, (602, 608, 611)),
    (
        "a picture with a title, alone in its paragraph, becomes a figure with the title as its caption",
        True,
        (572, 573, 576, 577, 584, 585, 586, 588, 589, 591),
    ),
)
"""By the number of the example in the CommonMark Specification 0.31.2."""

PYTHON_MARKDOWN = _rows(
    (
        "something like a tag stays text if it isn't an element, is never closed or has words instead of attributes",
        True,
        ("heading with a code span",),
    ),
    ("broken links are removed; their words stay", False, ("link without a target",)),
    ("attributes on the line below a table apply to the table", True, ("table with classes",)),
    ("a plain web address becomes a link, as on GitHub", False, ("bare address",)),
    ("links are kept only with the schemes http, https, mailto and tel", False, ("script in an address",)),
    ("pictures on the network are removed; their words stay", False, ("remote image",)),
    (
        "a picture with a title, alone in its paragraph, becomes a figure with the title as its caption",
        True,
        ("image with a title",),
    ),
    ("a heading without words is removed: a table of contents couldn't show it", False, ("empty heading",)),
    (
        "elements are moved to where HTML's content model allows them",
        False,
        ("HTML in a paragraph that a block begins", "paragraph in emphasis by HTML", "list without items by HTML"),
    ),
    (
        "the text after an unclosed tag or comment stays text",
        True,
        ("element that swallows the rest", "comment without an end"),
    ),
    (
        "a paragraph of raw HTML without an end tag ends at the next empty line",
        False,
        ("HTML that is not closed",),
    ),
    ("the signs that close a heading need a space before them, as in CommonMark", True, ("hash in a heading",)),
    (
        "tags and addresses contain no Markdown, as in CommonMark: what begins first wins",
        True,
        ("link in an attribute",),
    ),
    ("dollar signs mark formulas; an escaped one is a dollar sign", True, ("formula", "escaped sign of dollars")),
    ("a backslash before an angle bracket makes it text, as in CommonMark", True, ("escaped angle bracket",)),
    (
        "a fence can be indented, also in a list",
        False,
        (
            "fence in a list by four spaces",
            "fence in a list by two spaces",
            "fence that is indented",
            "indented fence in a longer fence",
        ),
    ),
    (
        "a list can follow a line of text directly if it has two or more items or the text ends in a colon",
        True,
        ("list right after a paragraph",),
    ),
    ("a fence can begin a list item", True, ("fence that begins a list item",)),
    ("a fence can be in a quotation", False, ("code in a quotation",)),
    ("notes are numbered in the order of their first references", True, ("footnotes out of order",)),
    ("a second link back from a note has another label", True, ("footnote used twice",)),
    (
        "an unused note has no number and no link back; of two notes with one name, the first counts",
        True,
        ("footnote without a reference", "two footnotes of one name"),
    ),
    ("surplus cells of a table row are joined to the last one, as text", True, ("table with a long row",)),
    ("GitHub's alerts are alerts in both dialects", True, ("alert",)),
)
"""By the name of the example in python_markdown.txt."""
