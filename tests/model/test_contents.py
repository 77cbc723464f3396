"""The order by weight."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.contents import Chapter, Part, parse_weight
from chapbook.model.diagnostics import Position
from chapbook.model.order import check_weights, in_order, iter_chapters


def titles(chapters: list[Chapter]) -> list[str]:
    return [chapter.title for chapter in iter_chapters(chapters)]


@pytest.mark.parametrize(
    ("value", "weight"),
    [
        (10, Decimal(10)),
        (-2, Decimal(-2)),
        (1.5, Decimal("1.5")),
        ("3", Decimal(3)),
        (" -0.25 ", Decimal("-0.25")),
        ("010", Decimal(10)),
        ("1e3", Decimal(1000)),
        (Decimal("2.50"), Decimal("2.5")),
        (None, None),
        ("", None),
    ],
)
def test_numbers_and_numbers_as_text_are_weights(value: object, weight: Decimal | None) -> None:
    assert parse_weight(value) == weight


@pytest.mark.parametrize("value", ["heavy", float("nan"), float("inf"), ".inf", True, [1], {}, "1_000", "٣", "0x10"])
def test_anything_else_is_no_weight(value: object) -> None:
    with pytest.raises(ValueError, match="no number"):
        parse_weight(value)


def test_weights_ascend_and_those_without_come_last() -> None:
    chapters = [
        Chapter(title="none"),
        Chapter(title="ten", weight=10),
        Chapter(title="half", weight="0.5"),
        Chapter(title="minus", weight=-3),
    ]
    assert titles(chapters) == ["minus", "half", "ten", "none"]


def test_ties_go_by_natural_order_of_the_path() -> None:
    paths = ["ch10.md", "ch2.md", "Ch1.md", "ch2a.md"]
    chapters = [Chapter(title=path, path=path, weight=1) for path in paths]
    assert titles(chapters) == ["Ch1.md", "ch2.md", "ch2a.md", "ch10.md"]


def test_chapters_made_in_python_keep_their_order_where_weights_tie() -> None:
    assert titles([Chapter(title="b"), Chapter(title="a"), Chapter(title="c", weight=1)]) == ["c", "b", "a"]


def test_a_part_stands_among_chapters_by_the_weight_of_its_opening() -> None:
    part = Part(opening=Chapter(title="Part", weight=2), contents=(Chapter(title="inside", weight=99),))
    assert [each.title for each in iter_chapters([Chapter(title="last", weight=3), part])] == ["inside", "last"]


WEIGHT = st.one_of(st.none(), st.integers(-50, 50), st.decimals(-50, 50, places=2), st.integers(-50, 50).map(str))


@given(st.lists(WEIGHT, max_size=12), st.randoms())
def test_the_order_does_not_depend_on_how_the_files_came(weights: list[object], shuffled: random.Random) -> None:
    chapters = [Chapter(path=f"c{at}.md", weight=weight) for at, weight in enumerate(weights)]  # type: ignore[arg-type]
    expected = in_order(chapters)
    mixed = list(chapters)
    shuffled.shuffle(mixed)
    assert in_order(mixed) == expected
    keys = [parse_weight(chapter.weight) for chapter in iter_chapters(chapters)]
    with_weight = [key for key in keys if key is not None]
    assert with_weight == sorted(with_weight)
    assert keys[: len(with_weight)] == with_weight


def test_equal_weights_are_warned_of_with_every_file() -> None:
    chapters = [
        Chapter(path="b.md", weight="5", positions={"weight": Position(3, 9)}),
        Chapter(path="a.md", weight=5),
        Chapter(path="c.md", weight=5.0),
        Chapter(path="d.md", weight=6),
        Chapter(path="e.md"),
        Chapter(path="f.md"),
    ]
    (warning,) = check_weights(chapters)
    assert warning.code == "weight-equal"
    assert (warning.path, warning.line, warning.column) == ("b.md", 3, 9)
    assert all(f"'{name}'" in warning.message for name in ("a.md", "b.md", "c.md"))
    assert "d.md" not in warning.message


def test_a_suffix_is_no_part_of_the_name_that_is_compared() -> None:
    paths = ["intro2.md", "one/b.md", "intro10.md", "intro.markdown", "ch10.md", "ch2-b.md", "ch2.md", "maps/index.md"]
    folders = [Part(opening=Chapter(path=f"{name}/_index.md"), path=name) for name in ("map2", "map10", "map")]
    found = [item.path for item in in_order([*(Chapter(path=path) for path in paths), *folders])]
    assert found == [
        *("ch2.md", "ch2-b.md", "ch10.md", "intro.markdown", "intro2.md", "intro10.md"),
        *("map", "map2", "map10", "maps/index.md", "one/b.md"),
    ]


def test_the_natural_order_has_no_regard_to_case() -> None:
    paths = ["b.md", "Z.md", "a.md", "B2.md", "Part/x.md", "One/B/y.md", "one/a/z.md"]
    found = [item.path for item in in_order([Chapter(path=path) for path in paths])]
    assert found == ["a.md", "b.md", "B2.md", "one/a/z.md", "One/B/y.md", "Part/x.md", "Z.md"]
    parts = [Part(opening=Chapter(), path=name) for name in ("two", "Three", "one")]
    assert [item.path for item in in_order(parts)] == ["one", "Three", "two"]


@pytest.mark.parametrize(
    "names",
    [
        ["فصل ١", "فصل ٢", "فصل ١٠"],
        ["第１章", "第２章", "第１０章"],
        ["第一章", "第二章", "第十章", "第十一章", "第二十章", "第九十九章", "第百章"],
        ["一〇", "二〇"],
        ["Chapter I", "Chapter II", "Chapter IV", "Chapter IX", "Chapter XL"],
        ["book-i", "book-v", "book-ix"],
        ["I. Home", "II. Away", "IX. Back"],
        ["mix", "note-c", "note-d", "note-x"],  # letters are no numerals where they stand beside others
    ],
)
def test_numbers_of_every_script_count(names: list[str]) -> None:
    shuffled = random.Random(1).sample(names, len(names))
    ordered = in_order(Chapter(path=f"{name}.md") for name in shuffled)
    assert [item.path.removesuffix(".md") for item in ordered] == names
