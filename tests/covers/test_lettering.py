from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chapbook.covers.breaking import Piece, balance, clusters, is_right_to_left, pieces, shown_text
from chapbook.covers.lettering import Compositor, Style
from chapbook.covers.typefaces import Cut, FontCase

NO_FOLDERS: tuple[Path, ...] = ()
STYLE = Style(cut=Cut("serif"), largest=120, smallest=20)


def _balance(text: str, width: float, most: int = 20) -> tuple[str, ...] | None:
    """Lines of letters one unit wide each."""
    parts = pieces(text)
    return balance(parts, [len(part.text) for part in parts], 1, width, most)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("The Harbour Year", 20, ("The Harbour Year",)),
        ("The Harbour Year", 11, ("The Harbour", "Year")),
        ("one two three four", 13, ("one two", "three four")),
        ("百年の孤独", 3, ("百年の", "孤独")),
        ("「海」、山", 4, ("「海」、", "山")),
        ("well-known author", 8, ("well-", "known", "author")),
    ],
)
def test_lines_are_even_and_break_where_they_may(text: str, width: int, lines: tuple[str, ...]) -> None:
    assert _balance(text, width) == lines


def test_a_line_does_not_end_in_an_article_where_it_need_not() -> None:
    assert _balance("A History of the World", 14) == ("A History", "of the World")


def test_a_line_ends_well_at_a_colon() -> None:
    assert _balance("Sea: tides and winds of the coast", 21) == ("Sea: tides and winds", "of the coast")
    assert _balance("The sea: tides and lights", 17) == ("The sea:", "tides and lights")


def test_what_is_too_wide_or_too_long_has_no_lines() -> None:
    assert _balance("incomprehensibility", 10) is None
    assert _balance("one two three", 5, most=2) is None


def test_no_line_begins_with_what_closes_or_ends_with_what_opens() -> None:
    parts = [part.text for part in pieces("「海」、山（河）。ー")]
    assert parts == ["「海」、", "山", "（河）。ー"]


def test_hangul_breaks_at_spaces_and_thai_before_leading_vowels() -> None:
    assert [part.text for part in pieces("바다의 기억")] == ["바다의", "기억"]
    assert [part.text for part in pieces("แผ่นดินใหญ่")] == ["แผ่นดิน", "ใหญ่"]


def test_marks_and_joined_emoji_stay_with_their_base() -> None:
    assert clusters("e\u0301x👩\u200d🚀กำ") == ("e\u0301", "x", "👩\u200d🚀", "กำ")


@given(st.text(alphabet="ab -—海。「", max_size=40).map(lambda text: " ".join(text.split())), st.integers(1, 30))
def test_no_word_is_lost_or_moved(text: str, width: int) -> None:
    made = _balance(text, width)
    if made is None:
        assert max((len(part.text) for part in pieces(text)), default=0) > width or len(text) > width
    else:
        assert "".join(made).replace(" ", "") == text.replace(" ", "")
        assert all(len(line) <= width for line in made)


@given(st.text(max_size=60), st.integers(60, 900), st.integers(40, 600))
def test_text_never_leaves_its_box(text: str, width: int, height: int) -> None:
    case = FontCase("en", NO_FOLDERS)
    made = Compositor(case).fit(shown_text(text, STYLE.cut, case)[0], STYLE, width, height)
    assert made.height <= height
    assert made.width <= width


def test_a_long_word_is_broken_with_hyphens_only_where_it_must() -> None:
    compositor = Compositor(FontCase("en", NO_FOLDERS))
    whole = compositor.fit("Middlemarch", STYLE, 900, 400)
    assert [run.text for line in whole.lines for run in line.runs] == ["Middlemarch"]
    broken = compositor.fit("x" * 80, STYLE, 900, 400)
    texts = ["".join(run.text for run in line.runs) for line in broken.lines]
    assert all(line.endswith("-") for line in texts[:-1])
    assert "".join(texts).replace("-", "") == "x" * 80


def _lines(text: str, language: str, style: Style, width: float, height: float = 900) -> list[str]:
    made = Compositor(FontCase(language, NO_FOLDERS)).fit(text, style, width, height)
    return ["".join(run.text for run in line.runs) for line in made.lines]


@pytest.mark.parametrize(
    ("text", "language", "lines"),
    [
        ("Donau\u00addampf\u00adschiff\u00adfahrt", "de", ["Donaudampf-", "schifffahrt"]),
        ("Donau\u00addampf\u00adschiff\u00adfahrt", "xx", ["Donaudampf-", "schifffahrt"]),
        ("Feuerwehrhauptmann", "de", ["Feuerwehr-", "hauptmann"]),
        ("Acknowledgements", "en", ["Acknowl-", "edgements"]),
    ],
)
def test_a_long_word_breaks_at_soft_hyphens_else_where_its_language_has_it(
    text: str, language: str, lines: list[str]
) -> None:
    style = replace(STYLE, smallest=STYLE.largest - 1, comfortable=STYLE.largest)
    width = 1.12 * max(Compositor(FontCase(language, NO_FOLDERS)).fit(line, style, 9000, 900).width for line in lines)
    assert _lines(text, language, style, width) == lines


def test_what_fits_whole_has_no_hyphen() -> None:
    assert _lines("Donau\u00addampf\u00adschiff", "de", STYLE, 9000) == ["Donaudampfschiff"]


def test_a_word_of_a_language_without_patterns_is_set_smaller_before_it_is_cut() -> None:
    style = replace(STYLE, smallest=STYLE.largest // 4, comfortable=STYLE.largest)
    assert _lines("epäjärjestelmällisyys", "fi", style, 700) == ["epäjärjestelmällisyys"]


def test_what_cannot_fit_ends_in_an_ellipsis() -> None:
    made = Compositor(FontCase("en", NO_FOLDERS)).fit("word " * 300, STYLE, 300, 100)
    assert made.lines[-1].runs[-1].text.endswith("…")


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "istanbul", "ISTANBUL"),
        ("tr", "istanbul", "İSTANBUL"),
        ("el", "Όμηρος", "ΟΜΗΡΟΣ"),
        ("de", "Straße", "STRASSE"),
    ],
)
def test_capitals_are_those_of_the_language(language: str, text: str, shown: str) -> None:
    style = Style(cut=Cut("serif"), largest=40, smallest=20, capitals=True)
    made = Compositor(FontCase(language, NO_FOLDERS)).fit(text, style, 900, 100)
    assert made.lines[0].runs[0].text == shown


def test_the_first_letter_decides_the_direction() -> None:
    assert is_right_to_left("12 שלום and")
    assert not is_right_to_left("and שלום")
    assert not is_right_to_left("12")


def test_a_piece_knows_what_follows_it() -> None:
    assert pieces("a b") == (Piece("a", " "), Piece("b"))
