"""Colours: every notation of CSS Color 4, nothing else, and shades that can be read."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.colour.colour import (
    DARK_PAGE,
    SEPIA_PAGE,
    WHITE_PAGE,
    Colour,
    accent_for_any,
    accent_for_dark,
    accent_for_light,
    by_text_colour,
    contrast,
    parse_colour,
)
from chapbook.colour.colour_spaces import srgb_to_oklch

BLACK = Colour(0, 0, 0)
COLOURS = st.builds(Colour, st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))


# The values of functional notations are those of the Web Platform Tests (css/css-color/parsing and rendering).
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red", "#ff0000"),
        ("  DarkSlateGray ", "#2f4f4f"),
        ("rebeccapurple", "#663399"),
        ("#abc", "#aabbcc"),
        ("#2F4F4F", "#2f4f4f"),
        ("#000000ff", "#000000"),
        ("#0008", "#777777"),
        ("#00000080", "#7f7f7f"),
        ("rgb(47, 79, 79)", "#2f4f4f"),
        ("rgb(47 79 79)", "#2f4f4f"),
        ("rgb(100% 0% 0%)", "#ff0000"),
        ("rgba(0, 0, 0, 0.5)", "#808080"),
        ("rgb(0 0 0 / 50%)", "#808080"),
        ("rgb(300 -20 0)", "#ff0000"),
        ("rgb(none 128 none)", "#008000"),
        ("hsl(120, 100%, 25%)", "#008000"),
        ("hsl(120deg 100% 25%)", "#008000"),
        ("hsl(0.3333333turn 100% 25%)", "#008000"),
        ("hsl(-240 100% 25%)", "#008000"),
        ("hsla(0, 100%, 50%, 0.5)", "#ff8080"),
        ("hsl(0 200% 50%)", "#ff0000"),
        ("hwb(120 0% 49.8039%)", "#008000"),
        ("hwb(45 40% 80%)", "#555555"),
        ("lab(46.2775% -47.5621 48.5837)", "#008000"),
        ("lab(100% 0 0)", "#ffffff"),
        ("lch(46.2775% 67.9892 134.3912)", "#008000"),
        ("oklab(51.975% -0.1403 0.10768)", "#008000"),
        ("oklch(51.975% 0.17686 142.495)", "#008000"),
        ("oklch(0 0.4 200)", "#000000"),
        ("color(srgb 0 0.50196 0)", "#008000"),
        ("color(srgb-linear 0 0.21586 0)", "#008000"),
        ("color(display-p3 0.21604 0.49418 0.13151)", "#008000"),
        ("color(a98-rgb 0.281363 0.498012 0.116746)", "#008000"),
        ("color(prophoto-rgb 0.230479 0.395789 0.129968)", "#008000"),
        ("color(rec2020 0.235202 0.431704 0.085432)", "#008000"),
        ("color(xyz 0.07719 0.15438 0.02573)", "#008000"),
        ("color(xyz-d65 0.07719 0.15438 0.02573)", "#008000"),
        ("color(xyz-d50 0.08312 0.154746 0.020961)", "#008000"),
        ("re\\64", "#ff0000"),
    ],
)
def test_every_notation_is_read(text: str, expected: str) -> None:
    colour = parse_colour(text)
    assert colour is not None
    assert colour.hex == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "reddish",
        "transparent",
        "currentColor",
        "#ff000000",
        "rgb(0 0 0 / 0)",
        "inherit",
        "Canvas",
        "#12345",
        "#ggg",
        "ff0000",
        "rgb(1 2)",
        "rgb(1, 2 3)",
        "rgb(1 2 3",
        "rgb(1 2 3 /* ",
        "red/**/",
        "rgb()",
        "color()",
        "color(nowhere 1 2 3)",
        "rgb(calc(1) 2 3)",
        "var(--x)",
        "color-mix(in srgb, red, blue)",
        "rgb(1e999 0 0)",
        "hsl(1e999 0% 0%)",
        "red blue",
        "red;",
        "red !important",
        "red;} body{",
        "red;} body{display:none",
        "#fff}*{color:red",
        "</style><script>alert(1)</script>",
        "url(javascript:alert(1))",
        "expression(alert(1))",
        "red\\;}body{",
        "rеd",  # a Cyrillic letter
        "red\0",
        "0" * 5000,
        "(" * 100,
    ],
)
def test_what_is_no_colour_is_none(text: str) -> None:
    assert parse_colour(text) is None


@given(st.text(max_size=60) | st.from_regex(r"(rgb|hsl|hwb|lab|lch|oklab|oklch|color)\([a-z0-9%. ,/-]{0,30}\)"))
def test_no_text_breaks_the_parser(text: str) -> None:
    colour = parse_colour(text)
    assert colour is None or (len(colour.hex) == 7 and parse_colour(colour.hex) == colour)


@given(
    st.sampled_from(["lab", "lch", "oklab", "oklch", "hwb", "hsl"]),
    st.tuples(*[st.floats(-1e12, 1e12, allow_nan=False)] * 3),
)
def test_absurd_coordinates_give_a_colour(space: str, coordinates: tuple[float, float, float]) -> None:
    first, second, third = (f"{coordinate:.3f}" for coordinate in coordinates)
    percent = "%" if space in {"hwb", "hsl"} else ""
    assert parse_colour(f"{space}({first} {second}{percent} {third}{percent})") is not None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    first, second = parse_colour(one), parse_colour(other)
    assert first is not None
    assert second is not None
    assert contrast(first, second) == pytest.approx(expected, abs=0.001)


def test_five_hundred_accents_can_be_read_on_every_page() -> None:
    chance = random.Random(451)
    for _ in range(500):
        colour = Colour(chance.randrange(256), chance.randrange(256), chance.randrange(256))
        light, dark = accent_for_light(colour), accent_for_dark(colour)
        assert contrast(light, WHITE_PAGE) >= 4.5, colour.hex
        assert all(contrast(dark, page) >= 4.5 for page in (DARK_PAGE, Colour(0x12, 0x12, 0x12), BLACK)), colour.hex


@given(COLOURS)
def test_a_colour_that_can_be_read_stays_as_it_is(colour: Colour) -> None:
    if contrast(colour, SEPIA_PAGE) >= 4.5:
        assert accent_for_light(colour) == colour
    else:
        assert contrast(accent_for_light(colour), SEPIA_PAGE) >= 4.5
    if contrast(colour, DARK_PAGE) >= 4.5:
        assert accent_for_dark(colour) == colour


@given(COLOURS)
def test_one_shade_can_be_read_on_white_and_on_black(colour: Colour) -> None:
    shade = accent_for_any(colour)
    assert 0.175 <= shade.luminance <= 0.1834
    assert contrast(shade, SEPIA_PAGE) >= 3.8


def test_a_relative_colour_steps_between_the_shades_of_day_and_night() -> None:
    assert by_text_colour(Colour(10, 200, 30), Colour(20, 100, 30)) == (
        "rgb(from currentColor clamp(10, (g - 128) * 999, 20) clamp(100, (128 - g) * 999, 200) "
        "clamp(30, (g - 128) * 999, 30))"
    )


@given(COLOURS)
def test_a_shade_is_no_farther_from_the_colour_than_it_must_be(colour: Colour) -> None:
    shade = accent_for_dark(colour)
    if shade != colour:
        assert contrast(shade, DARK_PAGE) < 4.7


@given(COLOURS)
def test_a_shade_keeps_the_hue(colour: Colour) -> None:
    for shade in (accent_for_any(colour), accent_for_light(colour), accent_for_dark(colour)):
        _, chroma, hue = srgb_to_oklch((colour.red / 255, colour.green / 255, colour.blue / 255))
        _, other_chroma, other_hue = srgb_to_oklch((shade.red / 255, shade.green / 255, shade.blue / 255))
        if min(chroma, other_chroma) > 0.05:
            assert abs((hue - other_hue + 180) % 360 - 180) < 5
