"""Hints for what is not there: the likely file, or none, and never for the price of the square of the book."""

from __future__ import annotations

import pytest

from chapbook.model.near import NearNames

PATHS = ("one/arrival.md", "one/_index.md", "two/b.md", "two/long-way-home.md", "Maps/Île.md", "x/A.md", "x/a.md")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("One/Arrival.md", "'one/arrival.md' exists: upper and lower case matter"),
        ("two/arrival.md", "there is 'one/arrival.md' in another folder"),
        ("one/arival.md", "did you mean 'one/arrival.md'?"),
        ("two/g.md", ""),
        ("two/_index.md", ""),
        ("nowhere/else.md", ""),
    ],
)
def test_hints(path: str, hint: str) -> None:
    assert NearNames(PATHS).hint([path]) == hint


def test_a_long_folder_makes_no_two_names_alike() -> None:
    paths = ("a/very/long/folder/name/pages.md",)
    assert NearNames(paths).hint(["a/very/long/folder/name/g.md"]) == ""


def test_two_files_that_differ_in_case_are_none_of_them_meant() -> None:
    assert NearNames(PATHS).in_other_case("X/A.md") == ""
    assert NearNames(PATHS).in_other_case("maps/île.md") == "Maps/Île.md"


def test_a_large_folder_names_the_one_that_is_meant_for_each_of_many_wrong_names() -> None:
    near = NearNames([f"all/chapter-{number}.md" for number in range(1_000)])
    for number in range(0, 1_000, 10):
        assert near.hint([f"all/chaptre-{number}x.md"]) == f"did you mean 'all/chapter-{number}.md'?"


def test_names_at_the_top_have_no_folder() -> None:
    assert NearNames(["arrival.md"]).hint(["arival.md"]) == "did you mean 'arrival.md'?"


@pytest.mark.parametrize(
    ("path", "paths", "hint"),
    [
        ("docs/zz/near/a.md", ["aa/a.md", "zz/near/a.md"], "there is 'zz/near/a.md' in another folder"),
        ("docs/a.md", ["aa/a.md", "zz/a.md"], ""),
        ("v3.8/api.md", ["v2.3/api.md"], ""),
        ("notes/ts-1.6.md", ["notes/ts-4.0.md"], ""),
    ],
)
def test_the_longest_common_end_is_meant_or_nothing(path: str, paths: list[str], hint: str) -> None:
    assert NearNames(paths).hint([path]) == hint
