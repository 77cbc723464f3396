"""Emphasis in the ``markdown`` dialect loses no word, however its signs are mixed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.dialects.python_markdown import make_markdown

MARKDOWN = make_markdown()
PIECES = (
    "*",
    "**",
    "***",
    "****",
    "_",
    "__",
    "___",
    " ",
    "\n",
    ", ",
    "(",
    ")",
    "`x`",
    "[y](z)",
    "~~",
    "@",
    "@",
    "@",
    "@",
)


def converted(text: str) -> str:
    return MARKDOWN.reset().convert(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*a**b*c", "*a**b*c"),
        ("*a*", "<em>a</em>"),
        ("***a** b*", "<em><strong>a</strong> b</em>"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("_a_ and __b__", "<em>a</em> and <strong>b</strong>"),
    ],
)
def test_what_becomes_of_signs(text: str, shown: str) -> None:
    assert converted(text) == f"<p>{shown}</p>"


@settings(max_examples=1_000)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_every_word_among_any_signs_stays(text: str) -> None:
    words = iter(range(1, text.count("@") + 1))
    made = re.sub("@", lambda _: f"w{next(words)}z", f"p {text} q")
    shown = re.sub("<[^>]*>", "", converted(made))
    assert re.findall(r"w\d+z", shown) == re.findall(r"w\d+z", made)


def test_signs_that_are_left_are_not_paired_with_later_ones() -> None:
    as_written, as_other_releases_pair = "*b**c*d", "<em>b</em><em>c</em>d"
    shown = {f"<p>{begun} <em>e</em>z</p>" for begun in (as_written, as_other_releases_pair)}
    assert converted("*b**c*d *e*z") in shown
