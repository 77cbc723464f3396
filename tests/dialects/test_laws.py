"""What holds for any text, in both dialects: every word stays, nothing runs, every document is sound."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.model.settings import DialectName
from dialects.laws import browser_words, hold, shown_words, told_words
from dialects.strategies import Marked, any_text, harsh_text, marked_text
from support.pages import DIALECTS

both = pytest.mark.parametrize("dialect", DIALECTS)
_MARKS = frozenset("[]<>&{}`~!:|$\\#^()")
"""Signs that may make what stands beside them something else than text: targets, names, attributes."""
_SWALLOWING = re.compile(r"<(?:plaintext|textarea|title|!--|\?)")
"""What makes a browser show the markup behind it; comments and the like, whose ends are where nobody agrees."""


def alphanumeric(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text))


@both
@given(any_text)
@settings(max_examples=400)
def test_any_text(dialect: DialectName, text: str) -> None:
    document = hold(text, dialect)
    if "$" not in text:
        assert alphanumeric(browser_words(text, dialect)) <= alphanumeric(shown_words(document))
    if not _MARKS & set(text):
        assert Counter(filter(str.isalpha, text)) <= alphanumeric(shown_words(document))


@both
@given(marked_text)
@settings(max_examples=500)
def test_every_word_stays(dialect: DialectName, marked: Marked) -> None:
    shown = told_words(hold(marked.text, dialect))
    assert not [word for word in marked.words if word not in shown]


@both
@given(harsh_text)
@settings(max_examples=500)
def test_harsh_text(dialect: DialectName, text: str) -> None:
    shown = shown_words(hold(text, dialect))
    if not _SWALLOWING.search(text):
        assert browser_words(text, dialect).count("word") <= shown.count("word")


_SIGN = st.sampled_from((*"<>&*_[{$|", "<b ", "</", '<a href="', "](", "[^", "$$", "&lt", "{#", "<w ", "a<b>"))
_SPACE = st.sampled_from(("", " "))
_JOINT = st.one_of(st.just(" "), st.just("\n"), st.builds("{}{}{}".format, _SPACE, _SIGN, _SPACE))


@both
@given(st.lists(_JOINT, min_size=2, max_size=12))
@settings(max_examples=600)
def test_no_word_of_prose_with_signs_is_lost_in_silence(dialect: DialectName, joints: list[str]) -> None:
    text = "".join(f"w{number}z{joint}" for number, joint in enumerate(joints))
    document = hold(f"{text}\n\nLast endz.\n", dialect)
    shown = document.data.decode()
    lost = [number for number in range(len(joints)) if f"w{number}z" not in shown]
    assert "endz" in shown
    assert not lost or document.diagnostics
