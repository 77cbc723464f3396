"""``dialect: commonmark`` shows what the CommonMark Specification 0.31.2 says, example for example.

The examples are John MacFarlane's, under CC BY-SA 4.0: see README.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialects.comparing import render, shown_by_browser, shown_in_document
from dialects.differences import COMMONMARK


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example of the specification."""

    example: int
    section: str
    markdown: str
    html: str


EXAMPLES = [
    Example(**row) for row in json.loads((Path(__file__).parent / "commonmark-0.31.2.json").read_text(encoding="utf-8"))
]


def test_the_examples_are_all_there() -> None:
    assert [each.example for each in EXAMPLES] == list(range(1, 653))
    assert set(COMMONMARK) <= {each.example for each in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.example}-{each.section.replace(' ', '-')}")
def test_an_example(example: Example) -> None:
    document = render(example.markdown, "commonmark")
    assert document.data, document.diagnostics
    ours, theirs = shown_in_document(document), shown_by_browser(example.html)
    row = COMMONMARK.get(example.example)
    if row is None:
        assert ours == theirs
    else:
        assert ours != theirs, f"no longer differs: {row.why}"
        assert (ours.words != theirs.words) is row.words


def test_the_whole_specification_at_once() -> None:
    """All examples in one chapter: no construct of one leaks through the end of another's block quotation."""
    text = "\n\n".join(
        "> " + example.markdown.rstrip("\n").replace("\n", "\n> ")
        for example in EXAMPLES
        if example.section in {"Paragraphs", "Emphasis and strong emphasis", "Code spans", "Textual content", "Lists"}
    )
    document = render(text, "commonmark")
    assert document.data, document.diagnostics
    assert shown_in_document(document).words
