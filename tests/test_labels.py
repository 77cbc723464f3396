"""The words of chapbook's own, in every language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import chapbook.labels
from chapbook.labels import has_words, label, phrase

FOLDER = Path(chapbook.labels.__file__).with_name("words")
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
