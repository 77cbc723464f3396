from __future__ import annotations

import re

import pytest
from lxml import etree

from chapbook.markup.page import Page
from chapbook.model.settings import DialectName
from chapbook.passes.long_words import break_addresses, widest_part
from chapbook.passes.narrow_tables import fit_tables
from chapbook.passes.tables import shape_tables
from support.counting import assert_linear
from support.pages import DIALECTS, codes, inner, page_of, read


def fitted(markup: str) -> Page:
    page = page_of(markup)
    shape_tables(page)
    break_addresses(page)
    fit_tables(page)
    return page


def table_of(columns: int, word: str, *, heads: bool = True) -> str:
    head = "".join(f"<th>h{number}</th>" for number in range(columns))
    row = f"<tr>{f'<td>{word}</td>' * columns}</tr>"
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if heads else ''}<tbody>{row}</tbody></table>"


def classes(page: Page) -> list[str]:
    return [each.get("class", "") for each in page.body.iter("table")]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_that_fits_a_narrow_page_is_left_alone(dialect: DialectName) -> None:
    page = read("| a | b | c |\n|---|---|---|\n| 1 | some words | 3 |\n", dialect)
    shape_tables(page)
    before = inner(page)
    fit_tables(page)
    assert inner(page) == before


@pytest.mark.parametrize(
    ("columns", "word", "expected"),
    [
        (2, "word", ""),
        (2, "Thursday", "fit-12"),
        (3, "Thursday", "fit-17 stacks"),
        (3, "a b c d e f g h i j k l m n", ""),
        (4, "Thursday", "fit-24 stacks"),
        (6, "Thursday", "wide fit-38 stacks"),
        (3, "東京特許許可局長今急遽休暇許可拒否", ""),  # breaks between any two signs
        (3, "Thurs\u00adday", "fit-14 stacks"),
        (3, "Donaudampf-schifffahrt", "fit-24 stacks"),
    ],
)
def test_the_longest_words_decide(columns: int, word: str, expected: str) -> None:
    assert classes(fitted(table_of(columns, word))) == [expected]


def test_older_readers_get_parts_of_the_page_for_the_columns() -> None:
    page = fitted("<table><caption>x</caption><tr><td>Wednes</td><td>Thursdays</td></tr></table>")
    first, second = page.body.iter("col")
    assert inner(page).startswith(
        '<div class="table-fit"><table class="fit-12"><caption>x</caption><colgroup><col class="w-'
    )
    parts = [int(str(each.get("class"))[2:]) for each in (first, second)]
    assert 90 <= sum(parts) <= 105
    assert parts[0] < parts[1]


def test_cells_carry_their_heads_and_the_table_its_roles() -> None:
    page = fitted(
        "<table><thead><tr><th colspan='2'>Both</th><th/></tr><tr><th>First of them</th><th>Second of them</th>"
        "<th>Responsible</th></tr></thead><tbody><tr><th>a</th><td rowspan='2'>b</td><td>c</td></tr>"
        "<tr><td>d</td><td>e</td></tr></tbody></table>"
    )
    cells = [(each.text, each.get("data-label"), each.get("role")) for each in page.body.iterfind(".//tbody/tr/*")]
    assert cells == [
        ("a", "Both First of them", "rowheader"),
        ("b", "Both Second of them", "cell"),
        ("c", "Responsible", "cell"),
        ("d", "Both First of them", "cell"),
        ("e", "Responsible", "cell"),
    ]
    assert page.body.find(".//thead/tr/th[@data-label]") is None
    assert {each.get("role") for each in page.body.iter("thead", "tbody")} == {"rowgroup"}


def test_a_table_that_is_read_again_is_the_same() -> None:
    page = fitted(table_of(4, "Thursday"))
    once = inner(page)
    fit_tables(page)
    assert inner(page) == once


def test_the_class_cards_makes_two_columns_of_a_table() -> None:
    page = fitted(
        '<table class="cards small" id="t"><thead><tr><th>Lamp</th><th>Oil</th><th/></tr></thead><tbody>'
        "<tr><td>North</td><td class='right'>4 <b>p</b></td><td>x</td></tr><tr><td>South</td><td> </td></tr></tbody>"
        "</table>"
    )
    assert inner(page) == (
        '<table class="small cards" id="t"><tbody><tr><th scope="row">Lamp</th><td>North</td></tr>'
        '<tr><th scope="row">Oil</th><td>4 <b>p</b></td></tr><tr><td/><td>x</td></tr></tbody>'
        '<tbody><tr><th scope="row">Lamp</th><td>South</td></tr></tbody></table>'
    )


def test_notes_and_ids_of_a_head_stand_in_the_first_card_alone() -> None:
    head = (
        '<th>Oil<sup><a epub:type="noteref" href="#n1" id="r1">1</a></sup> used</th><th><span id="x">Lamp</span></th>'
    )
    rows = "<tr><td>1</td><td>2</td></tr>" * 3
    page = fitted(f'<table class="cards"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>')
    ids = page.body.xpath(".//@id")
    assert sorted(map(str, ids)) == ["r1", "x"]
    assert ["".join(map(str, each.itertext())) for each in page.body.iter("th")] == [
        "Oil1 used",
        "Lamp",
        *["Oil used", "Lamp"] * 2,
    ]


def test_what_no_reader_shows_as_a_table_becomes_cards_by_itself() -> None:
    page = fitted(table_of(14, "Thursdays"))
    assert classes(page) == ["cards"]
    assert page.diagnostics == []


@pytest.mark.parametrize(
    "markup",
    [
        table_of(5, "Responsibility", heads=False),
        table_of(5, "Responsibility").replace("<td>", '<td colspan="2">', 1),
        table_of(5, "Responsibility").replace("<td>", "<td><table><tr><td>x</td></tr></table>", 1),
    ],
    ids=["no heads", "merged", "nested"],
)
def test_what_no_phone_shows_is_named(markup: str) -> None:
    page = fitted(markup)
    assert [code for code, _, _ in codes(page)] == ["table-too-wide"]


def test_a_table_without_words_is_named_where_it_stands() -> None:
    (said,) = fitted(table_of(9, '<img src="a.png" alt=""/>', heads=False)).diagnostics
    assert (said.code, said.line) == ("table-too-wide", 1)
    assert said.message == "a table without words has 9 columns, too wide for a phone"


def test_a_row_that_may_be_longer_than_a_page_breaks() -> None:
    page = fitted(f"<table><tr><td>{'word ' * 40}</td></tr><tr><td>word</td></tr></table>")
    assert [each.get("class") for each in page.body.iter("tr")] == ["long-row", None]


def broken(markup: str) -> str:
    page = page_of(markup)
    break_addresses(page)
    return inner(page).replace("<wbr/>", "|")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://www.example.org/a-b/c_d?e=12", "see https://|www.|example.|org/a-b/|c_d?e=|12"),
        ("mail ann.example@example.org, now", "mail ann.|example@|example.|org, now"),
        ("home/ann/photographs/pier.png", "home/|ann/|photographs/|pier.|png"),
        ("mother-in-law's, and/or, 1,234,567.89-12", "mother-in-law's, and/or, 1,234,567.89-12"),
        ("<a href='x'>https://example.org/one</a> x", '<a href="x">https://|example.|org/|one</a> x'),
        ("<b>a</b> https://example.org/one <b>c</b>", "<b>a</b> https://|example.|org/|one <b>c</b>"),
    ],
)
def test_addresses_break_after_their_signs(text: str, expected: str) -> None:
    assert broken(f"<p>{text}</p>") == f"<p>{expected}</p>"


def test_in_cells_every_long_word_with_signs_breaks() -> None:
    assert broken("<table><tr><td>snake_case_names_of_things</td></tr></table>").count("|") == 4
    assert broken("<table><tr><td><code>readTheWholeOfTheFile</code></td></tr></table>").count("|") == 4
    assert broken("<table><tr><td>2025-01-02T12:30:00 1,234,567,890.12</td></tr></table>").count("|") == 0
    assert "|" not in broken("<p>snake_case_names_of_things</p>")


@pytest.mark.parametrize("tag", ["h1", "h3", "pre"])
def test_headings_and_blocks_of_code_stay_whole(tag: str) -> None:
    assert "|" not in broken(f"<{tag}>https://example.org/one/two</{tag}>")


@pytest.mark.parametrize(
    ("markup", "least", "most"),
    [
        ("", 0, 0),
        ("word", 1.8, 2.6),
        ("a much longer incomprehensibility", 7.5, 10),
        ("un<b>believ</b>able", 5, 6.5),
        ("one<br/>two", 1.2, 2),
        ("<p>one</p><p>two</p>", 1.2, 2),
        ("ทดสอบภาษาไทยที่ยาวมาก", 0, 1),
        ("漢字", 1, 1),
        ("10\u00a0000", 2, 3.2),
        ('<img alt=""/>', 4, 4),
        ('<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>a</mi><mo>=</mo><mi>b</mi></math>', 1.5, 3),
    ],
)
def test_the_widest_part_is_measured_rather_too_wide(markup: str, least: float, most: float) -> None:
    cell = etree.fromstring(f"<td>{markup}</td>")
    assert least <= widest_part(cell) <= most


def test_many_cells_take_the_time_of_their_number() -> None:
    row = "<tr><td>Responsibility</td><td rowspan='2'>https://example.org/a/b/c/d</td><td>x</td></tr>"

    def work(rows: int) -> None:
        page = page_of(f"<table>{row * rows}</table>")
        break_addresses(page)
        fit_tables(page)

    assert_linear(work, 150)


def test_absurd_spans_are_bounded() -> None:
    cell = '<td colspan="1000" rowspan="65534">Responsibility</td>'
    page = fitted(f"<table>{f'<tr>{cell * 3}</tr>' * 20}</table>")
    assert re.search("fit-|cards", inner(page)) or page.diagnostics == []
