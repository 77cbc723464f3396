"""What is said of a book's accessibility is what is in the book."""

from __future__ import annotations

import pytest

from chapbook.packaging.claims import Evidence, accessibility_of

EVERY_BOOK = {"tableOfContents", "readingOrder", "ARIA", "unlocked"}


def test_a_book_of_text_alone() -> None:
    made = accessibility_of(Evidence(images_decorative=4))
    assert (made.access_modes, made.access_modes_sufficient) == (("textual",), ("textual",))
    assert set(made.features) == EVERY_BOOK | {"structuralNavigation", "displayTransformability"}
    assert made.hazards == ("none",)
    assert made.summary_language == ""


def test_pictures_that_are_all_described_are_an_alternative() -> None:
    made = accessibility_of(Evidence(images_described=3))
    assert made.access_modes == ("textual", "visual")
    assert made.access_modes_sufficient == ("textual", "textual,visual")
    assert "alternativeText" in made.features
    assert "All 3 images have descriptions." in made.summary


def test_one_picture_without_words_takes_every_claim_away() -> None:
    made = accessibility_of(Evidence(images_described=9, images_undescribed=3))
    assert made.access_modes_sufficient == ("textual,visual",)
    assert "alternativeText" not in made.features
    assert "3 of 12 images have no description." in made.summary


def test_mathematics_is_claimed_described_only_where_all_of_it_is() -> None:
    features = [
        set(accessibility_of(Evidence(formulas=int(math), math_described=described)).features)
        for math, described in ((False, True), (True, False), (True, True))
    ]
    wanted = {"MathML", "describedMath"}
    assert [each & wanted for each in features] == [set(), {"MathML"}, wanted]


def test_headings_and_sizes_are_claimed_on_evidence() -> None:
    made = accessibility_of(Evidence(headings=0, fixed_sizes=2))
    assert set(made.features) == EVERY_BOOK
    assert "Headings" not in made.summary


@pytest.mark.parametrize(
    ("evidence", "modes"),
    [
        (Evidence(moving_images=1), ("textual",)),
        (Evidence(sounds=1), ("textual", "auditory")),
        (Evidence(films=1), ("textual", "visual", "auditory")),
    ],
)
def test_what_moves_or_sounds_is_no_safe_book(evidence: Evidence, modes: tuple[str, ...]) -> None:
    made = accessibility_of(evidence)
    assert made.hazards == ("unknown",)
    assert made.access_modes == modes
    assert ("textual" in made.access_modes_sufficient) == (len(modes) == 1)


@pytest.mark.parametrize(
    ("language", "words", "tag"),
    [
        ("de", "3 von 12 Bildern haben keine Beschreibung.", ""),
        ("fr-CA", "3 images sur 12 n’ont pas de description.", ""),
        ("es", "3 de 12 imágenes no tienen descripción.", ""),
        ("ja", "。12点の画像のうち3点に説明がありません。", ""),
        ("fi", "3 of 12 images have no description.", "en"),
    ],
)
def test_the_summary_is_in_the_books_language_or_says_that_it_is_not(language: str, words: str, tag: str) -> None:
    made = accessibility_of(Evidence(images_described=9, images_undescribed=3, language=language))
    assert words in made.summary
    assert made.summary_language == tag
