"""The claims about a book's accessibility, each with its evidence (EPUB Accessibility 1.1, section 2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from chapbook.model.accessibility import AccessibilityReport, Claim
from chapbook.model.labels import has_words, label, phrase
from chapbook.model.metadata import AccessibilityStatement
from chapbook.packaging.publication import Accessibility

__all__ = ["Evidence", "accessibility_of", "accessibility_report", "doubts"]


def accessibility_of(evidence: Evidence, said: AccessibilityStatement | None = None) -> Accessibility:
    """The metadata that `evidence` supports, with the summary that a person `said`, or else chapbook's own.

    chapbook's summary is in the book's language if it has the words.
    """
    own = said.summary if said else ""
    language = evidence.language if own else _summary_language(evidence)
    claims = tuple(_claims(evidence))
    return Accessibility(
        access_modes=_made(claims, "accessMode"),
        access_modes_sufficient=_made(claims, "accessModeSufficient"),
        features=_made(claims, "accessibilityFeature"),
        hazards=_made(claims, "accessibilityHazard"),
        summary=own or _sentences(evidence, language),
        summary_language="" if language == evidence.language else language,
    )


def accessibility_report(evidence: Evidence, said: AccessibilityStatement | None = None) -> AccessibilityReport:
    """What the book claims and why, what a person `said`, and what someone must still check."""
    own = said or AccessibilityStatement()
    because = f"'{own.certified_by}' says so; chapbook can't tell"
    given = (Claim(property="conformsTo", value=own.conforms_to, because=because),) if own.conforms_to else ()
    return AccessibilityReport(
        claims=(*_claims(evidence), *given),
        summary=own.summary or _sentences(evidence, _summary_language(evidence)),
        to_check=tuple(_to_check(evidence)),
    )


def doubts(evidence: Evidence, said: AccessibilityStatement | None) -> str:
    """What in the book contradicts the conformance that a person `said`; empty if nothing is known.

    A picture without alternative text fails WCAG 1.1.1, which is of level A and so belongs to all levels.
    """
    return _undescribed(evidence) if said and said.conforms_to and evidence.images_undescribed else ""


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
    # Chinese and Japanese have no space after the full stop.
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


def _claims(evidence: Evidence) -> Iterator[Claim]:
    """All possible claims, each made or withheld according to `evidence`.

    chapbook never claims conformance or certification: a person must judge the whole book.
    """
    modes = list(_access_modes(evidence))
    yield from modes
    yield from _sufficient(evidence, [each.value for each in modes if each.made])
    yield from _features(evidence)
    yield _hazard(evidence)


def _counted(number: int, one: str, many: str = "") -> str:
    """``1 picture``, ``2 pictures``; `many` is for irregular plurals."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _access_modes(evidence: Evidence) -> Iterator[Claim]:
    yield Claim(
        property="accessMode",
        value="textual",
        because=f"there is text in {_counted(evidence.documents, 'document')}",
    )
    pictures, films = evidence.images_informative, evidence.films
    yield Claim(
        property="accessMode",
        value="visual",
        because=_seen(evidence),
        made=bool(pictures or films),
    )
    recordings = evidence.sounds + films
    yield Claim(
        property="accessMode",
        value="auditory",
        because=_counted(recordings, "recording") if recordings else "there is no recording",
        made=bool(recordings),
    )


def _seen(evidence: Evidence) -> str:
    parts = [_counted(evidence.images_informative, "picture")] if evidence.images_informative else []
    parts += [_counted(evidence.films, "film")] if evidence.films else []
    aside = f" ({evidence.images_decorative:,} marked as decoration)" if evidence.images_decorative else ""
    if not parts:
        return f"no picture carries information{aside}"
    verb = "carries" if evidence.images_informative + evidence.films == 1 else "carry"
    return f"{' and '.join(parts)} {verb} information{aside}"


def _sufficient(evidence: Evidence, modes: list[str]) -> Iterator[Claim]:
    """The sets of senses with which the whole book can be read; nothing is known about transcripts."""
    yield Claim(
        property="accessModeSufficient",
        value="textual",
        because=_text_alone(evidence),
        made=evidence.images_undescribed == 0 and not evidence.has_recordings,
    )
    if len(modes) > 1:
        yield Claim(property="accessModeSufficient", value=",".join(modes), because="all senses that it speaks to")


def _text_alone(evidence: Evidence) -> str:
    against = []
    if evidence.images_undescribed:
        against.append(_undescribed(evidence))
    if evidence.has_recordings:
        against.append(f"nothing is known of transcripts of {_counted(evidence.sounds + evidence.films, 'recording')}")
    return ", and ".join(against) or "all content is text or has a text alternative"


def _undescribed(evidence: Evidence) -> str:
    missing, total = evidence.images_undescribed, _counted(evidence.images_informative, "picture")
    return f"{missing:,} of {total} {'has' if missing == 1 else 'have'} no description"


def _features(evidence: Evidence) -> Iterator[Claim]:
    documents = _counted(evidence.documents, "document")
    rows = {
        "tableOfContents": (True, f"it leads to {documents}"),
        "readingOrder": (True, f"the spine gives the order of {documents}, the source that of their text"),
        "structuralNavigation": (evidence.headings > 0, _counted(evidence.headings, "heading")),
        "alternativeText": (evidence.images_described > 0 and not evidence.images_undescribed, _described(evidence)),
        "MathML": (evidence.formulas > 0, _counted(evidence.formulas, "formula", "formulas")),
        "describedMath": (evidence.formulas > 0 and evidence.math_described, _described_math(evidence)),
        "displayTransformability": (not evidence.fixed_sizes, _sizes(evidence)),
        "ARIA": (True, "sections, notes and tables of contents have roles"),
        "unlocked": (True, "the file has no copy protection"),
    }
    for feature, (made, because) in rows.items():
        yield Claim(property="accessibilityFeature", value=feature, because=because, made=made)


def _described(evidence: Evidence) -> str:
    if evidence.images_undescribed:
        return _undescribed(evidence)
    if not evidence.images_described:
        return "no picture carries information"
    return f"{_counted(evidence.images_described, 'picture')}, and none without a description"


def _described_math(evidence: Evidence) -> str:
    if not evidence.formulas:
        return "0 formulas"
    return "every formula has its text" if evidence.math_described else "a formula has no text"


def _sizes(evidence: Evidence) -> str:
    if not evidence.fixed_sizes:
        return "no style sheet sets text in absolute sizes"
    return f"{_counted(evidence.fixed_sizes, 'declaration')} of your style sheets set text in absolute sizes (px, pt)"


def _hazard(evidence: Evidence) -> Claim:
    found = [
        _counted(number, word)
        for number, word in (
            (evidence.moving_images, "moving picture"),
            (evidence.moving_styles, "animation"),
            (evidence.sounds, "sound recording"),
            (evidence.films, "film"),
        )
        if number
    ]
    because = f"{', '.join(found)}: whether they flash or disturb is not known" if found else "nothing moves or sounds"
    return Claim(property="accessibilityHazard", value="unknown" if found else "none", because=because)


def _to_check(evidence: Evidence) -> Iterator[str]:
    """What a person must still check, given what is in the book."""
    if evidence.images_undescribed:
        pictures = _counted(evidence.images_undescribed, "picture")
        yield f"{pictures} without a description: describe or mark as decoration"
    if evidence.images_described:
        yield (
            f"whether the descriptions of {_counted(evidence.images_described, 'picture')} say what is to be seen,"
            " the words in them too, in the order in which they are read"
        )
    if evidence.images_decorative:
        yield f"whether {_counted(evidence.images_decorative, 'picture')} marked as decoration really carry nothing"
    if evidence.tables:
        yield f"whether {_counted(evidence.tables, 'table')} can be understood cell by cell, with the right heads"
    if evidence.formulas:
        yield f"whether {_counted(evidence.formulas, 'formula', 'formulas')} can be followed when they are read aloud"
    if evidence.own_colours:
        yield (
            f"the contrast of {_counted(evidence.own_colours, 'colour')} that your style sheets set,"
            " on light, sepia and dark pages: it is not measured"
        )
    if evidence.moves:
        yield "whether anything flashes more than three times in a second, or cannot be stopped"
    if evidence.has_recordings:
        yield f"transcripts and captions of {_counted(evidence.sounds + evidence.films, 'recording')}"
    marked = f" ({', '.join(evidence.languages)} are marked)" if evidence.languages else " (none is marked)"
    yield f"passages in another language: each needs its 'lang'{marked}"
    yield "whether headings and the words of links say what is to be found there"


class Evidence(Struct, frozen=True, kw_only=True):
    """What a book's content documents, pictures and style sheets contain. The cover doesn't count."""

    documents: int = 1
    headings: int = 1
    """Headings in all documents, including titles."""
    images_described: int = 0
    """Uses of pictures with alternative text."""
    images_decorative: int = 0
    """Uses of pictures that the author marked as decorative."""
    images_undescribed: int = 0
    """Uses of pictures without a description."""
    formulas: int = 0
    """MathML formulas."""
    math_described: bool = False
    """Whether all formulas have ``alttext``."""
    moving_images: int = 0
    """Animated pictures and drawings."""
    moving_styles: int = 0
    """Declarations in the author's sheets that move something."""
    fixed_sizes: int = 0
    """Declarations in the author's sheets that set text in absolute sizes."""
    own_colours: int = 0
    """Declarations in the author's sheets that set colours or backgrounds."""
    sounds: int = 0
    """Audio files."""
    films: int = 0
    """Video files."""
    tables: int = 0
    languages: tuple[str, ...] = ()
    """BCP 47 tags of passages and chapters marked as another language than the book's, sorted."""
    language: str = "en"
    """The book's, a BCP 47 tag."""

    @property
    def images_informative(self) -> int:
        return self.images_described + self.images_undescribed

    @property
    def has_recordings(self) -> bool:
        return bool(self.sounds or self.films)

    @property
    def moves(self) -> bool:
        return bool(self.moving_images or self.moving_styles)
