"""Whether the accessibility metadata says what the content shows (EPUB Accessibility 1.1)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from support.opened import OPF, XHTML, Opened

__all__ = ["check_accessibility"]

_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_SVG = "{http://www.w3.org/2000/svg}"
_MODES = {"textual", "visual", "auditory", "tactile"}
_FEATURES = {
    "ARIA",
    "MathML",
    "alternativeText",
    "describedMath",
    "displayTransformability",
    "index",
    "longDescription",
    "pageBreakMarkers",
    "pageNavigation",
    "readingOrder",
    "structuralNavigation",
    "tableOfContents",
    "unlocked",
}


def check_accessibility(book: Opened) -> Iterator[str]:
    modes, features = book.metas("schema:accessMode"), book.metas("schema:accessibilityFeature")
    sufficient, hazards = book.metas("schema:accessModeSufficient"), book.metas("schema:accessibilityHazard")
    if not modes or set(modes) - _MODES or len(modes) != len(set(modes)):
        yield f"accessMode is {modes}"
    if not sufficient or "visual" in sufficient or any(set(each.split(",")) - set(modes) for each in sufficient):
        yield f"accessModeSufficient is {sufficient}, accessMode {modes}"
    if set(features) - _FEATURES or not {"tableOfContents", "readingOrder"} <= set(features):
        yield f"accessibilityFeature is {features}"
    if hazards not in (["none"], ["unknown"]):
        yield f"accessibilityHazard is {hazards}"
    if len([each for each in book.metas("schema:accessibilitySummary") if each.strip()]) != 1:
        yield "there is not one accessibilitySummary"
    claims = [*book.metas("dcterms:conformsTo"), *book.package.iterfind(f".//{OPF}link[@rel='dcterms:conformsTo']")]
    if len(claims) != len(book.metas("a11y:certifiedBy")) or len(claims) > 1:
        yield f"conformance is claimed {len(claims)} times, by {book.metas('a11y:certifiedBy')}"
    yield from _pictures(book, set(modes), set(sufficient), set(features))
    yield from _mathematics(book, set(features))


def _pictures(book: Opened, modes: set[str], sufficient: set[str], features: set[str]) -> Iterator[str]:
    pictures = [
        picture
        for name in book.spine
        for picture in book.tree(name).iter(f"{XHTML}img")
        if picture.get("role") not in {"doc-cover", "presentation", "none"}
    ]
    drawings = [each for name in book.spine for each in book.tree(name).iter(f"{_SVG}svg") if _is_outer(each)]
    missing = sum(not (each.get("alt") or "").strip() for each in pictures) + sum(map(_is_silent, drawings))
    hidden = any(each.get("aria-hidden") == "true" for each in drawings)  # for want of words, or as decoration
    claimed = "alternativeText" in features
    if (claimed and (missing or not pictures)) or (not claimed and pictures and not missing and not hidden):
        yield f"alternativeText claimed or not, against {missing} of {len(pictures)} pictures without"
    if missing and "textual" in sufficient:
        yield f"text is said to suffice, and {missing} pictures have none"
    if pictures and "visual" not in modes:
        yield "there are pictures, and no visual mode"


def _is_outer(drawing: etree._Element) -> bool:
    return next(drawing.iterancestors(f"{_SVG}svg"), None) is None


def _is_silent(drawing: etree._Element) -> bool:
    """Whether a drawing within the text shows something and says nothing of it."""
    return drawing.get("aria-hidden") != "true" and not (drawing.findtext(f"{_SVG}title") or "").strip()


def _mathematics(book: Opened, features: set[str]) -> Iterator[str]:
    formulas = [formula for name in book.spine for formula in book.tree(name).iter(_MATH)]
    if ("MathML" in features) != bool(formulas):
        yield f"MathML claimed or not, against {len(formulas)} formulas"
    if "describedMath" in features and not all(each.get("alttext") for each in formulas):
        yield "describedMath is claimed, and a formula has no alttext"
