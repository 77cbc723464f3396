"""The words of chapbook's own, in every language."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

import chapbook.model.labels
from chapbook.model.labels import date_in_words, has_words, label, phrase

FOLDER = Path(chapbook.model.labels.__file__).parent.parent / "words"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.json"))
ENGLISH = json.loads((FOLDER / "en.json").read_text("utf-8"))
PROMISED = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "ru",
    "pl",
    "cs",
    "sv",
    "da",
    "ja",
    "zh",
    "zh-tw",
    "ko",
    "ar",
    "he",
    "tr",
    "uk",
]


def test_the_promised_languages_are_there() -> None:
    assert set(PROMISED) <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_word_with_the_places_that_english_has(language: str) -> None:
    words = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    assert list(words) == list(ENGLISH)
    places = re.compile(r"\{\w+\}")
    for key, text in words.items():
        assert set(places.findall(text)) == set(places.findall(ENGLISH[key])), key
        assert key == "list-comma" or text.strip() == text != "", key


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "Contents"),
        ("EN-us", "Contents"),
        ("de-CH-1996", "Inhalt"),
        ("zh", "目录"),
        ("zh-TW", "目錄"),
        ("zh-Hant-TW", "目錄"),
        ("zh-HK", "目錄"),
        ("zh-Hans-CN", "目录"),
        ("no", "Innhold"),
        ("nn-NO", "Innhold"),
        ("fi", "Contents"),
        ("", "Contents"),
        ("../words/de", "Contents"),
        ("de/../fr", "Contents"),
    ],
)
def test_the_nearest_language_speaks(tag: str, words: str) -> None:
    assert label("contents", tag) == words


def test_whether_it_is_english_for_want_of_better_can_be_asked() -> None:
    assert [has_words(each) for each in ("en", "pt-BR", "fi")] == [True, True, False]


def test_a_word_that_is_none_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        label("no such word", "de")


def test_parts_are_put_in_as_they_are() -> None:
    assert phrase("title-by", "en", title="{names}", names="{title} \\1") == "{names}, by {title} \\1"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "3 February 2025"),
        ("en-US", "3 February 2025"),
        ("de-AT", "3. Februar 2025"),
        ("fr", "3 février 2025"),
        ("es", "3 de febrero de 2025"),
        ("it", "3 febbraio 2025"),
        ("pl", "3 lutego 2025"),
        ("ru", "3 февраля 2025 г."),
        ("he", "3 בפברואר 2025"),
        ("ja", "2025年2月3日"),
        ("ko", "2025년 2월 3일"),
        ("fi", "2025-02-03"),
        ("", "2025-02-03"),
    ],
)
def test_a_date_is_written_as_the_language_has_it(language: str, written: str) -> None:
    assert date_in_words(date(2025, 2, 3), language) == written


def test_the_first_day_of_a_month_has_its_own_sign_where_the_language_has_one() -> None:
    first = date(987, 12, 1)
    assert [date_in_words(first, each) for each in ("en", "fr", "it")] == [
        "1 December 987",
        "1er décembre 987",
        "1º dicembre 987",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_twelve_months(language: str) -> None:
    dates = {date_in_words(date(2025, month, 3), language) for month in range(1, 13)}
    assert len(dates) == 12
    assert "2025-02-03" not in dates
