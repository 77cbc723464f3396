"""What holds for any text, in both dialects: every word stays, nothing runs, every document is sound."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from chapbook.settings import DialectName
from dialects.laws import hold, shown_words
from dialects.strategies import Marked, any_text, harsh_text, marked_text
from support.pages import DIALECTS

both = pytest.mark.parametrize("dialect", DIALECTS)
_MARKS = frozenset("[]<>&{}`~!:|$\\#^()")
"""Signs that may make what stands beside them something else than text: targets, names, attributes."""


@both
@given(any_text)
@settings(max_examples=400)
def test_any_text(dialect: DialectName, text: str) -> None:
    document = hold(text, dialect)
    if not _MARKS & set(text):
        letters = Counter(filter(str.isalpha, text))
        assert letters <= Counter(filter(str.isalpha, shown_words(document)))


@both
@given(marked_text)
@settings(max_examples=500)
def test_every_word_stays(dialect: DialectName, marked: Marked) -> None:
    shown = shown_words(hold(marked.text, dialect))
    assert not [word for word in marked.words if word not in shown]


@both
@given(harsh_text)
@settings(max_examples=500)
def test_harsh_text(dialect: DialectName, text: str) -> None:
    hold(text, dialect)
