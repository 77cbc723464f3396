"""docs/dialects.md tells every deliberate difference, and what it says of the two dialects is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dialects.comparing import render, shown_in_document
from dialects.differences import COMMONMARK, PYTHON_MARKDOWN

PAGE = (Path(__file__).parents[2] / "docs" / "dialects.md").read_text("utf-8")
ROWS = [
    row.replace("\\|", "|")
    for row in re.findall(r"^\| `(.+)` \| [^|]+ \| [^|]+ \|$", PAGE.partition("## Differences from")[0], re.MULTILINE)
    if "⏎" in row or row in {"##One", "[a](b c)", "~one~", "**one:**two"}
]

DIFFERENT = {
    "one\\⏎two": ("br", "commonmark"),
    "- one⏎  - two": ("ul/ul", "commonmark"),
    "1. one⏎⏎   two": ("li/p", "commonmark"),
    "1) one⏎2) two": ("ol", "commonmark"),
    "text⏎- one": ("ul", "commonmark"),
    "* one⏎+ two": ("ul+ul", "commonmark"),
    "##One": ("h", "markdown"),
    "> one⏎⏎> two": ("blockquote+blockquote", "commonmark"),
    "text⏎⏎```⏎one": ("pre", "commonmark"),
    "text⏎| A |⏎|---|": ("table", "commonmark"),
    "<div>⏎⏎*one*⏎⏎</div>": ("em", "commonmark"),
    "A⏎⏎*[A]: one": ("abbr", "markdown"),
    "one⏎{: .c }": ("{: .c }", "commonmark"),
    "[a] [b]⏎⏎[b]: c": ("[a]", "commonmark"),
    "[a](b c)": ("a", "markdown"),
    "~one~": ("del", "commonmark"),
    "**one:**two": ("strong", "markdown"),
    "**「重要」**です": ("strong", "markdown"),
}
"""By what is written: a sign of one dialect's reading (elements, one in or after another, or words), and which."""


def has(text: str, sign: str, dialect: str) -> bool:
    shown = shown_in_document(render(text.replace("⏎", "\n"), "markdown" if dialect == "markdown" else "commonmark"))
    blocks = " ".join(shown.blocks)
    if not sign[0].isalpha():
        return sign in shown.words
    if "/" in sign:
        outer, inner = sign.split("/")
        return re.search(rf"(?<!\S){outer}(?: (?!/{outer}\b)\S+)* {inner}\b", blocks) is not None
    if "+" in sign:
        return shown.blocks.count(sign.split("+", maxsplit=1)[0]) == 2
    return sign in shown.blocks


def test_every_row_is_tried() -> None:
    assert len(ROWS) == len(DIFFERENT) - 1
    assert set(ROWS) < set(DIFFERENT)


@pytest.mark.parametrize("text", DIFFERENT)
def test_a_row(text: str) -> None:
    sign, dialect = DIFFERENT[text]
    assert has(text, sign, dialect)
    assert not has(text, sign, "commonmark" if dialect == "markdown" else "markdown")


def test_every_difference_is_told_with_its_date() -> None:
    told = dict(re.findall(r"^\| \d{4}-\d\d-\d\d \| (.+?) \| (.*?)\|$", PAGE, re.MULTILINE))
    reasons = {each.why for each in (*COMMONMARK.values(), *PYTHON_MARKDOWN.values())}
    assert reasons <= set(told), reasons - set(told)
