"""A row with more cells than its table: both dialects leave the excess out, here its words join the last cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.settings import DialectName
from chapbook.source.mended_text import join_long_rows
from dialects.comparing import render, shown_in_document
from support.counting import assert_linear
from support.pages import DIALECTS

both = pytest.mark.parametrize("dialect", DIALECTS)
TABLE = "| a | b |\n|---|---|\n"


@both
@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        (TABLE + "| 1 | 2 | 3 |", "a b 1 2 | 3", 3),
        (TABLE + "| 1 | 2 |\n| 3 | 4 | *5* | 6", "a b 1 2 3 4 | 5 | 6", 4),
        ("a | b\n- | -\n1 | 2 | 3", "a b 1 2 | 3", 3),
        ("> | a |\n> |---|\n> | 1 | 2 |", "a 1 | 2", 3),
        ("- x\n\n    | a |\n    |---|\n    | 1 | 2 |", "x a 1 | 2", 5),
        ("x\n\n" + TABLE + "| `1` | <b>2|3</b> |", "x a b 1 2|3", 5),
    ],
)
def test_the_words_join_the_last_cell(dialect: DialectName, text: str, words: str, line: int) -> None:
    document = render(text, dialect)
    assert shown_in_document(document).words == words
    assert [(each.code, each.line) for each in document.diagnostics] == [("table-cells", line)]


@both
@pytest.mark.parametrize(
    "text",
    [
        TABLE + "| 1 | 2 | |",
        TABLE + "| 1 | 2 ||",
        TABLE + "| 1 |",
        TABLE + r"| 1 \| 2 | 3 |",
        TABLE + "\n1 | 2 | 3",
        "```\n" + TABLE + "| 1 | 2 | 3 |\n```",
        "x\n\n    | a |\n    |---|\n    | 1 | 2 |",
        "|---|---|\n| 1 | 2 | 3 |",
        "| a |\n|---|---|\n| 1 | 2 | 3 |",
        "a | b\n---\nc | d | e",
        "a | b | c",
    ],
)
def test_what_loses_nothing_stays(dialect: DialectName, text: str) -> None:
    assert join_long_rows(text, dialect) == (text, ())


def test_code_parts_no_cells_in_python_markdown_alone() -> None:
    text = TABLE + "| `1|2` | 3 |"
    assert join_long_rows(text, "markdown") == (text, ())
    assert shown_in_document(render(text, "commonmark")).words == "a b `1 2` | 3"


def test_a_table_without_a_frame_counts_the_bars_at_its_ends_in_python_markdown() -> None:
    assert shown_in_document(render("a | b\n- | -\n|1|2", "markdown")).words == "a b 1|2"
    assert shown_in_document(render("a | b\n- | -\n|1|2", "commonmark")).words == "a b 1 2"


_CELLS = st.lists(st.sampled_from(("x", "", " y ", "*z*", "`c`", r"\|")), max_size=6)


@both
@given(st.integers(1, 3), st.lists(_CELLS, max_size=4))
def test_every_cell_is_there(dialect: DialectName, columns: int, rows: list[list[str]]) -> None:
    head = "".join("| h " for _ in range(columns)) + "|\n" + "|---" * columns + "|\n"
    text = head + "".join("|" + "|".join(cells or ["x"]) + "|\n" for cells in rows)
    shown = shown_in_document(render(text, dialect)).words
    assert [shown.count(letter) for letter in "xyzc"] == [text.count(letter) for letter in "xyzc"]


@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        ("", "|-", ""),
        (TABLE, "|", ""),
        (TABLE, "` `` ", "|1|2|3"),
        (TABLE, "|1|2|3\n" + TABLE, ""),
        (TABLE, "|1|2|3\n", ""),
        ("", "> ", "|\n"),
        ("", " ", "|-x"),
    ],
    ids=["delimiters", "bars", "code", "tables", "rows", "quotations", "spaces"],
)
@both
def test_hostile_rows_take_no_square(dialect: DialectName, before: str, unit: str, after: str) -> None:
    assert_linear(lambda size: join_long_rows(before + unit * size + after, dialect), 150)
