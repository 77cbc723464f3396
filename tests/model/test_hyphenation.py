"""Where long words may break."""

from __future__ import annotations

import subprocess
import sys

import pyphen  # type: ignore[import-untyped]
import pytest

from chapbook.model.hyphenation import long_words, plain, soft_hyphened, softened_text, syllables
from chapbook.model.names import file_name


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("Acknowledgements", "en", "Acknowl|edge|ments"),
        ("Acknowledgements", "en-GB", "Acknow|ledge|ments"),
        ("Rechtsschutzversicherung", "de", "Rechts|schutz|ver|si|che|rung"),
        ("Rechtsschutzversicherung", "de-AT-1996", "Rechts|schutz|ver|si|che|rung"),
        ("anticonstitutionnellement", "fr", "anti|cons|ti|tu|tion|nel|le|ment"),
        ("достопримечательность", "ru", "досто|при|ме|ча|тель|ность"),
        ("menneskerettigheter", "no", "menneske|ret|tig|heter"),
        ("epäjärjestelmällisyys", "fi", "epäjärjestelmällisyys"),
        ("Donau\u00addampfschiff", "de", "Donau|dampfschiff"),
        ("\u00adDonau\u00ad", "xx", "Donau"),
    ],
)
def test_words_are_cut_as_their_language_has_it(word: str, language: str, expected: str) -> None:
    assert "|".join(syllables(word, language)) == expected


WORDS = [
    "Rechtsschutzversicherungsgesellschaften",
    "Acknowledgements",
    "incomprehensibilities",
    "desenvolvimento",
    "nejneobhospodařovávatelnějšími",
    "verantwoordelijkheidsgevoel",
    "flygplansbesättningen",
    "przeciwsłonecznymi",
]


@pytest.mark.parametrize(
    "tag", ["de_DE", "en_US", "en_GB", "fr", "es", "it_IT", "nl_NL", "pl_PL", "cs_CZ", "hu_HU", "sv"]
)
def test_the_patterns_are_read_as_pyphen_reads_them(tag: str) -> None:
    """Where the word stays the same as it breaks: pyphen knows spellings that change, which no soft hyphen can say."""
    reader = pyphen.Pyphen(lang=tag, left=4, right=4)
    for word in WORDS:
        cuts = [at for at in reader.positions(word) if at.data is None]
        parts = syllables(word, tag.replace("_", "-"))
        assert parts == tuple(word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True))


@pytest.mark.parametrize("tag", sorted(pyphen.LANGUAGES))
def test_every_dictionary_can_be_read(tag: str) -> None:
    assert "".join(syllables("Unverständlichkeiten", tag)) == "Unverständlichkeiten"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Acknowledgements, all", [("The ", False), ("Acknowl|edge|ments,", True), (" all", False)]),
        ("short words only", [("short words only", False)]),
        ("“Acknowledgements”", [("“Acknowl|edge|ments”", True)]),
        ("Sea\u00adside", [("Sea|side", False)]),
        ("本のAcknowledgementsです", [("本のAcknowl|edge|mentsです", False)]),
        ("xxxxxxxxxxxxxxxx", [("xxxxxxxxxxxxxxxx", False)]),
    ],
)
def test_a_long_word_of_a_title_is_told_with_what_stands_beside_it(text: str, expected: list[tuple[str, bool]]) -> None:
    found = [(part.replace("\u00ad", "|"), is_long) for part, is_long in long_words(text, "en")]
    assert found == expected
    assert plain("".join(part for part, _ in found)).replace("|", "") == plain(text)


def test_only_long_words_have_soft_hyphens() -> None:
    assert soft_hyphened("wonderful Acknowledgements", "en", 12) == "wonderful Acknowl\u00adedge\u00adments"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("the unmistakeably so", "en", "the unmis|take|ably so"),
        ("“Navigation,” a repetition’s", "en-GB", "“Navig|ation,” a repe|ti|tion’s"),  # no line of a single letter
        ("l’inconstitutionnelle", "fr", "l’incons|ti|tu|tion|nelle"),
        ("a well-remembered", "en", "a well-remem|bered"),
        ("Unmiss\u00adtakeableness", "en", "Unmiss|takeableness"),  # the author's
        ("https://a.example/correspondences www.correspondence.example", "en", None),
        ("correspondence@stations.example correspondences.txt a_correspondence x=correspondence", "en", None),
        ("nine letters", "en", None),
        ("xxxxxxxxxxxxxxxxxxxx", "en", "xxxxxxxx|xxxxxxxx|xxxx"),  # of no language
        ("الاستفسارات والمراسلات", "ar", None),
        ("東京特許許可局長今急遽休暇許可拒否", "ja", None),
    ],
)
def test_words_of_the_text_that_a_small_page_may_not_hold(text: str, language: str, expected: str | None) -> None:
    made = softened_text(text, language, 10)
    assert made.replace("\u00ad", "|") == (text if expected is None else expected)
    assert softened_text(made, language, 10) == made


def test_a_files_name_has_no_trace_of_a_soft_hyphen() -> None:
    assert file_name("Donau\u00addampf\u00adschiff") == "donaudampfschiff"


def test_a_book_without_long_words_reads_no_dictionary() -> None:
    script = (
        "import sys; from chapbook import Book, Chapter;"
        "book = Book(title='Emma', authors=['Jane Austen'], language='en');"
        "book.add(Chapter(title='The Party', text='Incomprehension, www.incomprehensibilities.example')); book.check();"
        "assert 'pyphen' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
