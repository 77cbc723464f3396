"""What work is counted with: it sees squares and powers, and takes the steps that Python's own engine takes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from support.counted_patterns import CountedPattern
from support.counting import assert_constant, assert_linear, assert_square, steps

LINEAR = re.compile(r"a*+b")
SQUARE = re.compile(r"a*b")
POWER = re.compile(r"(?:a+)+b")
BY_NAME = {"c": (re.compile("c*d"),)}


def compiled_within(text: str) -> None:
    re.search("e*f", text)


def children(size: int) -> etree._Element:
    return etree.fromstring("<a>" + "<b/>" * size + "</a>")


@pytest.mark.parametrize(
    "work",
    [
        lambda size: [None for _ in range(size)],
        lambda size: LINEAR.match("a" * size),
        lambda size: [LINEAR.search(text) for text in ["ab"] * size],
        lambda size: list(children(size)),
    ],
)
def test_what_is_linear_is_found_to_be(work: Callable[[int], object]) -> None:
    assert_linear(work, 50, __name__)
    with pytest.raises(AssertionError):
        assert_constant(work, 50, __name__)


@pytest.mark.parametrize(
    "work",
    [
        lambda size: [None for _ in range(size) for _ in range(size)],
        lambda size: sum(1 for _ in range(size) for _ in range(size)),
        lambda size: SQUARE.search("a" * size),
        lambda size: SQUARE.findall("a" * size),
        lambda size: SQUARE.sub("", "a" * size),
        lambda size: SQUARE.split("a" * size),
        lambda size: [LINEAR.match("a" * size, at) for at in range(size)],
        lambda size: BY_NAME["c"][0].search("c" * size),
        lambda size: compiled_within("e" * size),
        lambda size: [len(parent) for parent in [children(size)] for _ in range(size)],
        lambda size: [parent[nth] for parent in [children(size)] for nth in range(size)],
        lambda size: [parent.index(child) for parent in [children(size)] for child in parent],
    ],
)
def test_a_square_is_seen(work: Callable[[int], object]) -> None:
    assert_square(work, 50, __name__)
    with pytest.raises(AssertionError, match="for twice that size"):
        assert_linear(work, 50, __name__)


def test_a_power_is_seen_and_ends() -> None:
    with pytest.raises(AssertionError, match="for twice that size"):
        assert_square(lambda size: POWER.match("a" * size), 7, __name__)
    with pytest.raises(AssertionError, match="without end"):
        steps(lambda: POWER.match("a" * 30), __name__)


def test_nothing_is_counted_afterwards() -> None:
    kept: list[re.Pattern[str]] = []
    counted = steps(lambda: kept.append(SQUARE), __name__)
    before = counted.copy()
    kept[0].search("a" * 50)
    assert counted == before
    assert type(SQUARE) is re.Pattern
    assert type(children(1)) is etree._Element


_PATTERNS = (
    r"(a|b)*?c|\bb+$", r"^(?:a(b)?|\1c){2,3}", r"(?i:A+?)(?=b|$)(?!bb)", r"(?<=a)b|(?<!b)c", r"(a{1,2}b?){0,2}?c",
    r"((a)|b)*+\n?", r"(?>a|ab)c|", r"[^ab]|(?m:^)a", r"(?P<x>a*)b(?P=x)", r"(?:|a)+b", r"(a*)*b?", r".\Z|\A.",
)  # fmt: skip


@given(st.sampled_from(_PATTERNS), st.text("abcB\n", max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_what_is_found_is_what_python_s_engine_finds(pattern: str, text: str, start: int, length: int) -> None:
    """`CountedPattern` asks that itself, of each look."""
    start, end = min(start, len(text)), min(start, len(text)) + length
    counted = CountedPattern(re.compile(pattern), lambda _pattern, _steps: True)
    counted.search(text, start, end)
    counted.match(text, start, end)
    counted.fullmatch(text, start, end)
    assert counted.sub("-", text) == re.sub(pattern, "-", text)
    assert list(counted.split(text)) == re.split(pattern, text)
    assert [each.span() for each in counted.finditer(text)] == [each.span() for each in re.finditer(pattern, text)]
