"""Language tags against langcodes, which knows the registry: every registered subtag, and tags made of them."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from string import ascii_lowercase

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langcodes.data_dicts import LANGUAGE_REPLACEMENTS

from chapbook.keys import subtags
from chapbook.keys.languages import language_hint, parse_language
from support.language_registry import module, records

REGISTRY = Path(langcodes.__file__).parent / "data" / "language-subtag-registry.txt"
"""The registry of 2021; chapbook's table is newer, and IANA takes nothing out of it."""
RECORDS = list(records(REGISTRY.read_text("utf-8")))[1:]


def registered(kind: str) -> list[str]:
    return [each["Subtag"] for each in RECORDS if each["Type"] == kind and ".." not in each["Subtag"]]


def judged(tag: str) -> bool:
    try:
        return langcodes.Language.get(tag, normalize=False).is_valid()
    except ValueError:
        return False


def test_every_registered_subtag_is_known_in_its_place() -> None:
    languages, scripts, regions, variants = map(registered, ("language", "script", "region", "variant"))
    assert len(languages) > 8_000
    assert len(regions) > 300
    tags = [*languages, *(f"en-{each}" for each in (*scripts, *regions, *variants))]
    assert [each for each in tags if parse_language(each) != each] == []


def test_every_extended_language_is_known_after_its_own() -> None:
    tags = [f"{each['Prefix']}-{each['Subtag']}" for each in RECORDS if each["Type"] == "extlang"]
    assert len(tags) > 200
    assert [each for each in tags if parse_language(each) != each] == []
    assert parse_language("en-cmn") is None


def test_nothing_else_of_the_length_of_a_language_or_region_is() -> None:
    """langcodes knows less: what was registered since 2021."""
    words = ["".join(each) for size in (2, 3) for each in product(ascii_lowercase, repeat=size)]
    numbers = [f"{number:03}" for number in range(1000)]
    tags = [*words, *(f"en-{each}" for each in (*words[:676], *numbers))]
    new = {each for each in tags if parse_language(each) and not judged(each)}
    assert [each for each in tags if judged(each) and not parse_language(each)] == []
    assert len(new) < 100
    assert {"isv", "tok", "en-cq"} <= new


@pytest.mark.parametrize(
    "tag",
    [
        *("sl-rozaj-biske-1994", "de-DE-u-co-phonebk", "en-a-bb-x-a-b", "x-a", "hy-Latn-IT-arevela", "qaa-Qaaa-QM-x-a"),
        *("de-1901-1901", "en-a-bb-a-cc", "en-a", "en-x", "x", "en-US-Latn", "en-u-x-a", "a-bb", "en-latn-cyrl"),
        *("en-US-GB", "abcd", "en-u", "sgn-ase-bfi", "i-klingon", "zh-min", "en-GB-oed", "en-1901-a-b"),
    ],
)
def test_the_form_is_judged_alike(tag: str) -> None:
    assert (parse_language(tag) is not None) == judged(tag)


PARTS = st.sampled_from(
    [*registered("script"), *registered("region"), *registered("variant"), *("x", "u", "a", "bb", "1a", "zz9", "qqqqq")]
)


@given(st.sampled_from(registered("language")), st.lists(PARTS, max_size=5))
def test_any_tag_is_judged_alike(language: str, parts: list[str]) -> None:
    tag = "-".join([language, *parts])
    assert (parse_language(tag) is not None) == judged(tag)


def test_codes_of_three_letters_get_their_two() -> None:
    codes = {old: new for old, new in LANGUAGE_REPLACEMENTS.items() if len(old) == 3 and parse_language(old) is None}
    assert len(codes) > 200
    preferred = {"hbs": "sh", "mol": "ro", "tgl": "tl"}  # langcodes goes on to what replaces those
    assert [old for old, new in codes.items() if f"'{preferred.get(old, new)}'" not in language_hint(old)] == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("deu-AT", "de-AT"),
        ("eng_uk", "en-GB"),
        ("EN-UK", "en-GB"),
        ("i-klingon", "tlh"),
        ("en-gb-oed", "en-GB-oxendict"),
    ],
)
def test_what_a_tag_would_be(text: str, hint: str) -> None:
    assert parse_language(text) is None
    assert language_hint(text) == f"write '{hint}'"


def test_the_table_is_made_of_a_registry() -> None:
    made: dict[str, str] = {}
    exec(module(REGISTRY.read_text("utf-8")), made)
    for name in subtags.__all__:
        before, now = set(made[name].split()), set(getattr(subtags, name).split())
        if name == "LANGUAGES":
            before, now = ({word[:2] + end for word in words for end in word[2:]} for words in (before, now))
        assert before <= now, name
    assert "of 2021-08-06" in made["__doc__"]
