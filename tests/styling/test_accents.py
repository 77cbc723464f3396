"""The sheets of the accents."""

from __future__ import annotations

from chapbook.colour.colour import DARK_PAGE, WHITE_PAGE, contrast, parse_colour
from chapbook.styling.themes import accent_class, accents_css, accents_dark_css


def test_an_accent_that_can_be_read_is_written_as_it_was_given() -> None:
    css = accents_css(["darkslategray"])
    assert ".accent-2f4f4f .opening .label, .accent-2f4f4f .opening .title { color: #2f4f4f; }" in css
    assert ".accent-2f4f4f .opening { border-color: #2f4f4f; }" in css


def test_a_pale_accent_keeps_its_class_and_gets_a_darker_shade() -> None:
    css = accents_css(["yellow"])
    assert ".accent-ffff00 .opening .title { color: #" in css
    assert "color: #ffff00" not in css
    assert "color: #ffff00" in accents_dark_css(["yellow"])


def test_order_and_number_of_mentions_do_not_matter() -> None:
    assert accents_css(["red", "teal", "#f00", ""]) == accents_css(["teal", "red"])
    assert accents_dark_css(["red", "teal", "#f00"]) == accents_dark_css(["teal", "red"])


def test_the_books_accent_weighs_less_than_a_chapters() -> None:
    css = accents_css(["red"], "teal")
    assert css.index("\n.opening .label") < css.index(".accent-ff0000")
    assert ".title-page .title { color: #008080; }" in css


def test_what_is_no_colour_leaves_no_trace() -> None:
    css = accents_css(["red;} body{display:none", "</style>"], "url(x)")
    assert css == accents_css([])
    assert "{" not in css
    assert accents_dark_css(["red;} body{"], "no") == ""


def test_dark_shades_stand_in_the_second_sheet_alone() -> None:
    assert "@" not in accents_css(["red"], "teal")
    assert accents_dark_css(["red"]).startswith("@media (prefers-color-scheme: dark) {")


def test_every_colour_in_the_sheets_can_be_read() -> None:
    given = ["yellow", "#000", "#fff", "pink", "navy", "oklch(0.9 0.3 150)"]
    for css, page in ((accents_css(given), WHITE_PAGE), (accents_dark_css(given), DARK_PAGE)):
        colours = [parse_colour(part[:7]) for part in css.split("color: ")[1:]]
        assert len(colours) == 12
        assert all(colour and contrast(colour, page) >= 4.5 for colour in colours)


def test_the_class_is_that_of_the_colour_as_given() -> None:
    assert accent_class("DarkSlateGray") == "accent-2f4f4f"
    assert accent_class("nothing") == ""
