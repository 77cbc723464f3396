"""The nearest of many words, and never for the price of all words times all questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chapbook.model.near
from chapbook.model.near import NearWords, nearest


@pytest.mark.parametrize(
    ("word", "meant"),
    [("wieght", "weight"), ("Titel", "title"), ("tpye", "type"), ("subtitle", None), ("update", None), ("c", None)],
)
def test_slips(word: str, meant: str | None) -> None:
    assert nearest(word, ["title", "weight", "date", "type", "x"]) == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("arival", "arrival"),
        ("ARRIVAL_2", "arrival-2"),
        ("harbour", "the-harbour"),
        ("long-way-to-home", "long-way-home"),
        ("departure", ""),
        ("", ""),
        ("a" * 1_000, ""),
    ],
)
@pytest.mark.parametrize("others", [0, 1_000], ids=["few", "many"])
def test_likeness(word: str, meant: str, others: int) -> None:
    words = ["arrival", "arrival-2", "long-way-home", "the-harbour", *(f"{at:04}" for at in range(others))]
    assert NearWords(words).like(word) == meant


@pytest.mark.parametrize("word", ["tiitle-0123", "ittle-0123", "tixle-0123", "tile-0123"])
def test_a_slip_is_found_among_many(word: str) -> None:
    near = NearWords(f"title-{number:04}" for number in range(5_000))
    assert near.slip(word) == "title-0123"
    assert near.like(word) == "title-0123"


@given(st.lists(st.text(max_size=12), max_size=12), st.text(max_size=12))
def test_any_words_have_an_answer_among_them(words: list[str], word: str) -> None:
    near = NearWords(words)
    assert near.slip(word) in {None, *words}
    assert near.like(word) in {"", *words}
    for each in words:
        if each:
            assert near.like(each) != ""


class Counting:
    """A search that counts the words that it looks at and those that it compares."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen = self.compared = 0
        for measure in ("_in_common", "_slips"):
            monkeypatch.setattr(f"chapbook.model.near.{measure}", self._counted(getattr(chapbook.model.near, measure)))

    def _counted(self, measure: Callable[[str, str], int]) -> Callable[[str, str], int]:
        def counted(one: str, two: str) -> int:
            self.compared += 1
            return measure(one, two)

        return counted

    def words(self, words: Iterable[str]) -> NearWords:
        counting = self

        class Places(list[int]):
            def __getitem__(self, at: slice) -> list[int]:  # type: ignore[override]
                found = list(self)[at]
                counting.seen += len(found)
                return found

        near = NearWords(words)
        index = {piece: Places(places) for piece, places in near._sharing.items()}
        near.__dict__["_sharing"] = index
        return near


@pytest.mark.parametrize("question", [NearWords.like, NearWords.slip])
def test_twice_the_words_and_twice_the_questions_are_twice_the_work(
    question: Callable[[NearWords, str], str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All the words share most of their letters, and the wrong ones do too."""

    def work(count: int) -> tuple[int, int]:
        counting = Counting(monkeypatch)
        near = counting.words(f"the-chapter-{number}" for number in range(count))
        for number in range(count):
            question(near, f"the-chaptre-{number}x")
        return counting.seen, counting.compared

    once, twice = work(600), work(1_200)
    assert 0 < twice[0] <= 2.2 * once[0]
    assert 0 < twice[1] <= 2.2 * once[1]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *[("ytpe", "type"), ("tpye", "type"), ("tyep", "type")],  # neighbours changed about, wherever they stand
        *[("typ", "type"), ("types", "type"), ("tipe", "type"), ("tpe", "type"), ("tip", None), ("tpey", None)],
        *[("langauge", "language"), ("lnaguaeg", "language"), ("lnaguaegs", None), ("LANGUAGE", "language")],
        *[("toc_depht", "toc-depth"), ("y" * 41, None)],
    ],
)
def test_how_far_a_slip_may_go(word: str, meant: str | None) -> None:
    assert nearest(word, ["type", "language", "toc-depth"]) == meant
