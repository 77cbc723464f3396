"""What a book's documents and pictures show of its accessibility."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from chapbook.building.pictures import Picture
from chapbook.packaging.accessibility import Evidence
from chapbook.rendering.page import ContentDocument

__all__ = ["evidence_of"]


def evidence_of(documents: Sequence[ContentDocument], pictures: Iterable[Picture], *, language: str) -> Evidence:
    """Counts what may be claimed: every use of a picture counts, and each that was left out counts nowhere."""
    packed = tuple(pictures)
    media = [picture.media_type.partition("/")[0] for picture in packed]
    alts = Counter(use.alt for document in documents for use in document.images if use.kind == "image")
    with_math = [document for document in documents if "mathml" in document.properties]
    return Evidence(
        images_described=alts["text"],
        images_decorative=alts["decorative"],
        images_undescribed=alts["missing"] + sum(document.undescribed_drawings for document in documents),
        has_math=bool(with_math),
        math_described=all(document.described_math for document in with_math),
        has_animation=any(picture.animated for picture in packed),
        has_audio="audio" in media,
        has_video="video" in media,
        language=language,
    )
