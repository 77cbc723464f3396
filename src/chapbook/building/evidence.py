"""What a book's documents, pictures and own style sheets show of its accessibility."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from chapbook.building.pictures import Picture
from chapbook.markup.page import ContentDocument
from chapbook.packaging.claims import Evidence

__all__ = ["evidence_of"]


def evidence_of(
    documents: Sequence[ContentDocument], pictures: Iterable[Picture], sheets: Iterable[str], *, language: str
) -> Evidence:
    """Counts what may be claimed: every use of a picture counts, and each that was left out counts nowhere.

    `sheets` are the texts of the author's own style sheets, as they ship; chapbook's own hold to the rules.
    """
    packed = tuple(pictures)
    media = Counter(picture.media_type.partition("/")[0] for picture in packed)
    alts = Counter(use.alt for document in documents for use in document.images if use.kind == "image")
    with_math = [document for document in documents if "mathml" in document.properties]
    evidence = Evidence(
        documents=len(documents),
        headings=sum(document.marked.headings for document in documents),
        images_described=alts["text"],
        images_decorative=alts["decorative"],
        images_undescribed=alts["missing"] + sum(document.undescribed_drawings for document in documents),
        formulas=sum(document.marked.formulas for document in documents),
        math_described=all(document.described_math for document in with_math),
        moving_images=sum(picture.animated for picture in packed),
        sounds=media["audio"],
        films=media["video"],
        tables=sum(document.marked.tables for document in documents),
        languages=_languages(documents, language),
        language=language,
    )
    return _with_effects(evidence, sheets)


def _with_effects(evidence: Evidence, sheets: Iterable[str]) -> Evidence:
    texts = [text for text in sheets if text.strip()]
    if not texts:
        return evidence
    from chapbook.styling.effects import sheet_effects  # noqa: PLC0415 - few books have sheets of their own

    effects = sheet_effects(texts)
    return replace(
        evidence, moving_styles=effects.animations, fixed_sizes=effects.fixed_sizes, own_colours=effects.colours
    )


def _languages(documents: Iterable[ContentDocument], own: str) -> tuple[str, ...]:
    """The languages beside the book's that are marked, on passages or on a whole chapter's root."""
    found = {tag.lower(): tag for document in documents for tag in document.marked.languages}
    return tuple(sorted(tag for lower, tag in found.items() if lower != own.lower()))
