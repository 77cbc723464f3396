"""What may be said of a book's accessibility: only what the book itself shows (EPUB Accessibility 1.1, section 2.2)."""

from __future__ import annotations

from collections.abc import Sequence

from chapbook.model.accessibility import AccessibilityReport, Claim
from chapbook.model.labels import has_words, label, phrase
from chapbook.packaging.claims import Evidence, claims_of, to_check
from chapbook.packaging.publication import Accessibility

__all__ = ["Evidence", "accessibility_of", "accessibility_report"]


def accessibility_of(evidence: Evidence) -> Accessibility:
    """The metadata that `evidence` bears out, with a summary in the book's language where chapbook has words for it."""
    language = _summary_language(evidence)
    claims = tuple(claims_of(evidence))
    return Accessibility(
        access_modes=_made(claims, "accessMode"),
        access_modes_sufficient=_made(claims, "accessModeSufficient"),
        features=_made(claims, "accessibilityFeature"),
        hazards=_made(claims, "accessibilityHazard"),
        summary=_sentences(evidence, language),
        summary_language="" if language == evidence.language else language,
    )


def accessibility_report(evidence: Evidence) -> AccessibilityReport:
    """What the book says of itself and why, and what a person must still look at."""
    return AccessibilityReport(
        claims=tuple(claims_of(evidence)),
        summary=_sentences(evidence, _summary_language(evidence)),
        to_check=tuple(to_check(evidence)),
    )


def _made(claims: Sequence[Claim], name: str) -> tuple[str, ...]:
    return tuple(claim.value for claim in claims if claim.made and claim.property == name)


def _summary_language(evidence: Evidence) -> str:
    return evidence.language if has_words(evidence.language) else "en"


def _sentences(evidence: Evidence, language: str) -> str:
    facts = {
        "structure": True,
        "headings": evidence.headings > 0,
        "math": evidence.formulas > 0 and not evidence.math_described,
        "math-described": evidence.formulas > 0 and evidence.math_described,
        "audio": evidence.sounds > 0,
        "video": evidence.films > 0,
        "animation": evidence.moves,
    }
    sentences = [label(f"summary-{fact}", language) for fact, true in facts.items() if true]
    place = 2 if evidence.headings else 1
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
