"""Where two sequences differ: rightly, with the fewest changes where those are few, and in bounded work."""

from __future__ import annotations

import random
from collections.abc import Sequence
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.inspecting import alignment
from chapbook.inspecting.alignment import changed_runs
from support.counting import steps

ITEMS = st.lists(st.sampled_from("abcd"), max_size=14)
LONG = st.lists(st.integers(0, 3), max_size=40)


def in_common(one: Sequence[object], other: Sequence[object]) -> int:
    """The length of a longest common subsequence, by the table of the textbooks."""
    row = [0] * (len(other) + 1)
    for each in one:
        above = row
        row = [0]
        for at, item in enumerate(other):
            row.append(above[at] + 1 if each == item else max(above[at + 1], row[at]))
    return row[-1]


def assert_leads(before: Sequence[object], after: Sequence[object]) -> int:
    """Asks that the runs are all that differs, and gives how many items they take from `before`."""
    a = c = gone = 0
    for run in changed_runs(before, after):
        assert (run.a, run.c) >= (a, c)
        assert before[a : run.a] == after[c : run.c]
        assert before[run.a : run.b] != after[run.c : run.d]
        a, c, gone = run.b, run.d, gone + run.b - run.a
    assert before[a:] == after[c:]
    return gone


@given(ITEMS, ITEMS)
def test_few_changes_are_the_fewest(before: list[str], after: list[str]) -> None:
    assert len(before) - assert_leads(before, after) == in_common(before, after)


@given(LONG, LONG, st.integers(0, 30))
@settings(max_examples=30)
def test_many_changes_lead_from_one_to_the_other(before: list[int], after: list[int], at: int) -> None:
    """What is too much to be compared with the fewest changes still leads there."""
    with mock.patch.object(alignment, "_MOST_EDITS", 5):
        assert_leads(
            [*before, *range(10, 90), *after], [*after, *(-each * (each % 2) for each in range(10, 90)), *before[at:]]
        )


def test_a_word_here_and_there_in_a_long_text() -> None:
    """More words than are looked at one by one, in a text of few different words."""
    chance = random.Random(1)
    text = [chance.randrange(700) for _ in range(40_000)]
    other = list(text)
    for at in range(50, 40_000, 40):
        other[at] = -1
    runs = changed_runs(text, other)
    assert [(run.a, run.b) for run in runs] == [(at, at + 1) for at in range(50, 40_000, 40)]


def test_bad_cases_take_bounded_work() -> None:
    """Texts of one word, of two words by turns, backwards, and with nothing in common."""
    many = 2_000
    cases: list[tuple[list[int], list[int]]] = [
        ([1] * many, [1, 2] * (many // 2)),
        ([1, 2] * (many // 2), [2, 2, 1] * (many // 3)),
        (list(range(many)), list(range(many))[::-1]),
        (list(range(many)), list(range(many, 2 * many))),
        ([each % 7 for each in range(many)], [each % 11 for each in range(many)]),
    ]
    most = alignment._MOST_STEPS // 20 + alignment._STEPS_AN_ITEM * 2 * many
    for before, after in cases:
        with mock.patch.object(alignment, "_MOST_STEPS", alignment._MOST_STEPS // 20):
            taken = sum(steps(lambda: changed_runs(before, after)).values())  # noqa: B023 - called at once
        assert taken < 10 * most
