"""The sheets of the accents."""

from __future__ import annotations

import re

import pytest

from chapbook.colour.colour import BLACK_PAGE, DARK_PAGE, SEPIA_PAGE, WHITE_PAGE, contrast, parse_colour
from chapbook.colour.colour_spaces import srgb_to_oklch
from chapbook.styling.book_sheets import accents_by_page_css, accents_css

GIVEN = ["yellow", "#000", "#fff", "pink", "navy", "teal", "oklch(0.9 0.3 150)"]


def test_an_accent_that_can_be_read_is_written_as_it_was_given() -> None:
    css = accents_by_page_css(["darkslategray"])
    assert ".accent-2f4f4f .opening .label, .accent-2f4f4f .opening .title { color: #2f4f4f; }" in css
    assert ".accent-2f4f4f .opening { border-color: #2f4f4f; }" in css


def test_a_pale_accent_keeps_its_class_and_gets_a_darker_shade() -> None:
    light, dark, _ = re.split("@media.*dark.*|@supports.*", accents_by_page_css(["yellow"]))
    assert ".accent-ffff00 .opening .title { color: #" in light
    assert "color: #ffff00" not in light
    assert "color: #ffff00" in dark


def test_order_and_number_of_mentions_do_not_matter() -> None:
    assert accents_css(["red", "teal", "#f00", ""]) == accents_css(["teal", "red"])
    assert accents_by_page_css(["red", "teal", "#f00"]) == accents_by_page_css(["teal", "red"])


def test_the_books_accent_weighs_less_than_a_chapters() -> None:
    css = accents_css(["red"], "teal")
    assert css.index("\n.opening .title") < css.index(".accent-ff0000")
    assert ".title-page .title { color: #007879; }" in accents_by_page_css(["red"], "teal")


def test_what_is_no_colour_leaves_no_trace() -> None:
    css = accents_css(["red;} body{display:none", "</style>"], "url(x)")
    assert css == accents_css([])
    assert "{" not in css
    assert accents_by_page_css(["red;} body{"], "no") == ""


def test_what_asks_for_the_page_stands_in_the_second_sheet_alone() -> None:
    assert "@" not in accents_css(["red"], "teal")
    assert re.findall("@.*", accents_by_page_css(["red"])) == [
        "@media (prefers-color-scheme: light) {",
        "@media (prefers-color-scheme: dark) {",
        "@supports (-webkit-text-fill-color: rgb(from currentColor g g g)) {",
    ]


@pytest.mark.parametrize("given", GIVEN)
def test_every_colour_in_the_sheets_can_be_read(given: str) -> None:
    """Where nothing tells the page's colour, on white and on black, and as large type on sepia and dark grey too."""
    light, dark, _ = re.split("@media.*dark.*|@supports.*", accents_by_page_css([given]))
    shown = (
        (accents_css([given]), {WHITE_PAGE: 4.5, BLACK_PAGE: 4.5, SEPIA_PAGE: 3.8, DARK_PAGE: 3.6}),
        (light, {WHITE_PAGE: 4.5, SEPIA_PAGE: 4.5}),
        (dark, {BLACK_PAGE: 4.5, DARK_PAGE: 4.5}),
    )
    for css, pages in shown:
        colours = [parse_colour(part) for part in re.findall("color: (#[0-9a-f]{6})", css)]
        assert len(colours) == 2
        assert all(colour and contrast(colour, page) >= least for colour in colours for page, least in pages.items())


@pytest.mark.parametrize("given", ["yellow", "firebrick", "navy", "teal", "darkgreen", "orange"])
def test_an_accent_keeps_its_hue(given: str) -> None:
    wanted = parse_colour(given)
    assert wanted is not None
    for css in (accents_css([given]), accents_by_page_css([given])):
        for written in re.findall("color: (#[0-9a-f]{6})", css):
            shade = parse_colour(written)
            assert shade is not None
            hues = [srgb_to_oklch((each.red / 255, each.green / 255, each.blue / 255))[2] for each in (wanted, shade)]
            assert abs((hues[0] - hues[1] + 180) % 360 - 180) < 6, f"{given}: {written}"


def test_small_type_has_the_readers_colour_where_the_page_is_unknown() -> None:
    assert ".label" not in accents_css(["red"], "teal")
    assert accents_by_page_css(["red"], "teal").count(".label") == 6
