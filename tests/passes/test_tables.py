from __future__ import annotations

import pytest

from chapbook.model.settings import DialectName
from chapbook.passes.tables import shape_tables
from support.pages import DIALECTS, inner, page_of, read


def shaped(markup: str) -> str:
    page = page_of(markup)
    shape_tables(page)
    return inner(page)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_headers_have_scope_and_alignment_is_a_class(dialect: DialectName) -> None:
    page = read("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n", dialect)
    shape_tables(page)
    assert inner(page) == (
        '<table><thead><tr><th class="left" scope="col">a</th><th class="center" scope="col">b</th>'
        '<th class="right" scope="col">c</th></tr></thead>'
        '<tbody><tr><td class="left">1</td><td class="center">2</td><td class="right">3</td></tr></tbody></table>'
    )


def test_an_empty_corner_is_no_header() -> None:
    assert shaped('<table><thead><tr><th scope="col" abbr="x"> </th><th>b</th></tr></thead></table>') == (
        '<table><thead><tr><td> </td><th scope="col">b</th></tr></thead></table>'
    )


def test_a_header_may_be_a_picture() -> None:
    assert '<th scope="col"><img alt="x"/></th>' in shaped('<table><tr><th><img alt="x"/></th></tr></table>')


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("written", ["{.cards #lamps}", "{: .cards #lamps }"])
def test_braces_below_a_table_are_its_attributes(dialect: DialectName, written: str) -> None:
    page = read(f"| a | b |\n|---|---|\n| 1 | 2 |\n{written}\n", dialect)
    shape_tables(page)
    assert (page.body[0].get("class"), page.body[0].get("id")) == ("cards", "lamps")
    assert [each.text for each in page.body.iter("td")] == ["1", "2"]


@pytest.mark.parametrize("row", ["{.cards} | x", "{cards}", "words {.cards}", "{.cards} more"])
def test_other_braces_stay(row: str) -> None:
    page = read(f"| a | b |\n|---|---|\n| 1 | 2 |\n| {row} |\n", "markdown")
    shape_tables(page)
    assert page.body[0].get("class") is None
    assert len(list(page.body.iter("tr"))) == 3


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_row_of_empty_headers_goes(dialect: DialectName) -> None:
    page = read("|   |   |\n|---|---|\n| 1 | 2 |\n", dialect)
    shape_tables(page)
    assert inner(page) == "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"


def test_headers_of_a_body_head_their_row() -> None:
    markup = "<table><tbody><tr><th>a</th><td>1</td></tr></tbody></table>"
    assert '<tr><th scope="row">a</th><td>1</td></tr>' in shaped(markup)


def test_a_row_of_headers_in_a_table_without_head_heads_the_columns() -> None:
    assert shaped("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>") == (
        '<table><tr><th scope="col">a</th><th scope="col">b</th></tr><tr><td>1</td><td>2</td></tr></table>'
    )


def test_what_the_author_says_of_a_header_stays() -> None:
    markup = '<table><tbody><tr><th scope="rowgroup">a</th><td>1</td></tr></tbody></table>'
    assert shaped(markup) == markup
    assert 'scope="row"' in shaped(markup.replace("rowgroup", "nonsense"))


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ('style="text-align: RIGHT; color: red"', 'class="right"'),
        ('align="center"', 'class="center"'),
        ('class="x" style="text-align:justify"', 'class="x justify"'),
        ('style="text-align: -moz-center"', ""),
        ('align="char"', ""),
    ],
)
def test_alignment_is_a_class_and_never_a_style(attribute: str, expected: str) -> None:
    written = shaped(f"<table><tr><td {attribute}>1</td></tr></table>")
    assert written == f"<table><tr><td{' ' + expected if expected else ''}>1</td></tr></table>"


@pytest.mark.parametrize(
    ("written", "kept"), [("2", "2"), ("002", "2"), ("0", None), ("-1", None), ("x", None), ("2000", "1000")]
)
def test_spans_are_numbers(written: str, kept: str | None) -> None:
    page = page_of(f'<table><tr><td colspan="{written}">1</td></tr></table>')
    shape_tables(page)
    cell = page.body.find(".//td")
    assert cell is not None
    assert cell.get("colspan") == kept


@pytest.mark.parametrize(("cells", "wide"), [(4, False), (5, True)])
def test_more_than_four_columns_are_wide(cells: int, *, wide: bool) -> None:
    page = page_of(f"<table><tr>{'<td>1</td>' * cells}</tr></table>")
    shape_tables(page)
    assert (page.body[0].get("class") == "wide") is wide


def test_columns_are_counted_by_their_spans() -> None:
    page = page_of('<table class="x"><tr><td colspan="3">1</td><td colspan="2">1</td></tr></table>')
    shape_tables(page)
    assert page.body[0].get("class") == "x wide"


def test_a_table_within_a_table_is_shaped_by_itself() -> None:
    inside = f"<table><tr>{'<td>1</td>' * 5}</tr></table>"
    page = page_of(f"<table><tr><td>{inside}</td></tr></table>")
    shape_tables(page)
    assert [each.get("class") for each in page.body.iter("table")] == [None, "wide"]


def test_a_caption_stays() -> None:
    markup = "<table><caption>Figures</caption><tr><td>1</td></tr></table>"
    assert shaped(markup) == markup
