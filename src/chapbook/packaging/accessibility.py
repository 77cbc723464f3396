"""What may be said of a book's accessibility: only what the book itself shows (EPUB Accessibility 1.1, section 2.2).

Neither conformance nor certification is ever claimed: those need a person's judgement of the whole book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chapbook.labels import has_words, label, phrase
from chapbook.packaging.publication import Accessibility

__all__ = ["Evidence", "accessibility_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found in a book's content documents and pictures. The cover counts nowhere."""

    images_described: int = 0
    """Pictures with alternative text."""
    images_decorative: int = 0
    """Pictures of which the author says that they carry nothing."""
    images_undescribed: int = 0
    """Pictures of which nothing is said: for those who cannot see them something is missing."""
    has_math: bool = False
    """Whether there is MathML."""
    math_described: bool = False
    """Whether every formula has ``alttext``."""
    has_animation: bool = False
    """Whether a picture or a style sheet moves."""
    has_audio: bool = False
    has_video: bool = False
    has_headings: bool = True
    display_transformable: bool = True
    """Whether the reader may set size, font and colour: no absolute sizes in the style sheets."""
    language: str = "en"
    """The book's, a BCP 47 tag."""

    @property
    def images_informative(self) -> int:
        return self.images_described + self.images_undescribed


def accessibility_of(evidence: Evidence) -> Accessibility:
    """The metadata that `evidence` bears out, with a summary in the book's language where chapbook has words for it."""
    language = evidence.language if has_words(evidence.language) else "en"
    return Accessibility(
        access_modes=tuple(_access_modes(evidence)),
        access_modes_sufficient=tuple(_sufficient(evidence)),
        features=tuple(_features(evidence)),
        hazards=("unknown",) if evidence.has_animation or evidence.has_audio or evidence.has_video else ("none",),
        summary=_sentences(evidence, language),
        summary_language="" if language == evidence.language else language,
    )


def _access_modes(evidence: Evidence) -> Iterator[str]:
    yield "textual"
    if evidence.images_informative or evidence.has_video:
        yield "visual"
    if evidence.has_audio or evidence.has_video:
        yield "auditory"


def _sufficient(evidence: Evidence) -> Iterator[str]:
    """The sets of senses with any of which the whole book can be read; nothing is known of transcripts."""
    modes = list(_access_modes(evidence))
    if evidence.images_undescribed == 0 and not evidence.has_audio and not evidence.has_video:
        yield "textual"
    if len(modes) > 1:
        yield ",".join(modes)


def _features(evidence: Evidence) -> Iterator[str]:
    claims = {
        "tableOfContents": True,
        "readingOrder": True,
        "structuralNavigation": evidence.has_headings,
        "alternativeText": evidence.images_described > 0 and evidence.images_undescribed == 0,
        "MathML": evidence.has_math,
        "describedMath": evidence.has_math and evidence.math_described,
        "displayTransformability": evidence.display_transformable,
        "ARIA": True,
        "unlocked": True,
    }
    return (feature for feature, true in claims.items() if true)


def _sentences(evidence: Evidence, language: str) -> str:
    facts = {
        "structure": True,
        "headings": evidence.has_headings,
        "math": evidence.has_math and not evidence.math_described,
        "math-described": evidence.has_math and evidence.math_described,
        "audio": evidence.has_audio,
        "video": evidence.has_video,
        "animation": evidence.has_animation,
    }
    sentences = [label(f"summary-{fact}", language) for fact, true in facts.items() if true]
    place = 2 if evidence.has_headings else 1
    sentences.insert(place, _sentence_on_images(evidence, language))
    # Chinese and Japanese set no space after the full stop.
    return ("" if sentences[0].endswith("。") else " ").join(sentences)


def _sentence_on_images(evidence: Evidence, language: str) -> str:
    missing, total = evidence.images_undescribed, evidence.images_informative
    if not total:
        key = "images-none"
    elif missing:
        key = "image-undescribed" if missing == 1 else "images-undescribed"
    else:
        key = "image-described" if total == 1 else "images-described"
    return phrase(f"summary-{key}", language, missing=str(missing), total=str(total))
