"""Makes the publication from the rendered documents: contents, landmarks, dates, and evidence of accessibility."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from chapbook.building.pictures import Picture
from chapbook.building.plan import PlannedDocument, walk
from chapbook.markup.page import ContentDocument, Heading
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.labels import label, labelled
from chapbook.model.metadata import AccessibilityStatement
from chapbook.model.settings import Settings
from chapbook.packaging.claims import Evidence, doubts
from chapbook.packaging.publication import Landmark, Resource, TocEntry

__all__ = ["claim_doubts", "document_resource", "evidence_of", "landmarks_of", "modified_of", "toc_of"]


_NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The modification date for a book without dates; fixed, so that the bytes are, too."""


def document_resource(document: ContentDocument) -> Resource:
    """A content document as a publication resource."""
    return Resource(
        name=document.name,
        media_type="application/xhtml+xml",
        data=document.packed,
        properties=document.properties,
    )


def toc_of(
    planned: Iterable[PlannedDocument], documents: Mapping[str, ContentDocument], depth: int, language: str
) -> tuple[TocEntry, ...]:
    """The table of contents: parts and chapters as they nest, and headings down to `depth` (1: no headings).

    Chapters that shouldn't be listed are listed only if the table would be empty without them.
    """
    given = tuple(planned)
    listed = _listed(given, documents, depth, language)
    return listed or tuple(_entry(plan, documents, depth, language) for plan in given)


def _listed(
    planned: Iterable[PlannedDocument], documents: Mapping[str, ContentDocument], depth: int, language: str
) -> tuple[TocEntry, ...]:
    entries: list[TocEntry] = []
    for plan in planned:
        if plan.chapter.in_toc:
            entries.append(_entry(plan, documents, depth, language))
        else:
            entries += _listed(plan.children, documents, depth, language)
    return tuple(entries)


def _entry(plan: PlannedDocument, documents: Mapping[str, ContentDocument], depth: int, language: str) -> TocEntry:
    document = documents[plan.name]
    headings = _nested([each for each in document.headings if each.level < depth], document)
    children = (*headings, *_listed(plan.children, documents, depth, language))
    return TocEntry(
        label=entry_label(document, plan.chapter.language or language), href=document.name, children=children
    )


def entry_label(document: ContentDocument, language: str) -> str:
    """``Chapter 14b: The title``; only the label if the title just repeats it."""
    if document.contents_title:
        return document.contents_title
    if not document.label or document.label == document.title:
        return document.title
    return labelled(document.label, document.title, language)


def _nested(headings: Sequence[Heading], document: ContentDocument) -> tuple[TocEntry, ...]:
    entries = []
    start = 0
    while start < len(headings):
        first = headings[start]
        end = start + 1
        while end < len(headings) and headings[end].level > first.level:
            end += 1
        children = _nested(headings[start + 1 : end], document)
        entries.append(TocEntry(label=first.text, href=f"{document.place_of(first.id)}#{first.id}", children=children))
        start = end
    return tuple(entries)


def landmarks_of(
    planned: Sequence[PlannedDocument],
    documents: Mapping[str, ContentDocument],
    *,
    cover_page: str,
    title_page: str,
    copyright_page: str = "",
    nav: str,
    language: str,
) -> tuple[Landmark, ...]:
    """The landmarks: cover, title page, copyright page (if any), contents, start of the text, and the first document of
    each other type.
    """
    landmarks = [
        Landmark(type="cover", label=label("cover", language), href=cover_page),
        Landmark(type="titlepage", label=label("title-page", language), href=title_page),
        Landmark(type="toc", label=label("contents", language), href=f"{nav}#toc"),
    ]
    if copyright_page:
        landmarks.insert(
            2, Landmark(type="copyright-page", label=label("copyright-page", language), href=copyright_page)
        )
    order = [(plan, documents[plan.name]) for plan in walk(planned)]
    start = next((doc for plan, doc in order if plan.kind == "part" or doc.type == "chapter"), order[0][1])
    landmarks.append(Landmark(type="bodymatter", label=label("start", language), href=start.name))
    return (*landmarks, *_typed(((plan, document) for plan, document in order if plan.kind == "chapter"), language))


def _typed(order: Iterable[tuple[PlannedDocument, ContentDocument]], language: str) -> Iterator[Landmark]:
    seen = {"chapter"}
    for plan, document in order:
        if document.type not in seen:
            seen.add(document.type)
            words = entry_label(document, plan.chapter.language or language)
            yield Landmark(type=document.type, label=words, href=document.name)


def modified_of(
    own: dt.datetime | None, given: dt.datetime | None, book_date: str, dates: Iterable[dt.date | None]
) -> dt.datetime:
    """When the book was last modified: its `own` date, else the `given` one, else the newest date; never the clock."""
    if own or given:
        moment = own or given or _NO_DATE
        return moment.astimezone(dt.UTC).replace(microsecond=0)
    known = [each for each in dates if each is not None]
    known += _whole_date(book_date)
    if not known:
        return _NO_DATE
    newest = max(dt.date(each.year, each.month, each.day) for each in known)
    return dt.datetime(newest.year, newest.month, newest.day, tzinfo=dt.UTC)


def _whole_date(text: str) -> list[dt.date]:
    """The first day of a W3C-DTF date, which may be just a year or a month; empty if there is none."""
    parts = text[:10].split("-")
    try:
        return [dt.date(*(int(part) for part in [*parts, "1", "1"][:3]))]
    except ValueError:
        return []


def evidence_of(
    documents: Sequence[ContentDocument], pictures: Iterable[Picture], sheets: Iterable[str], *, language: str
) -> Evidence:
    """Counts what accessibility claims depend on. Each use of a picture counts; files left out of the book don't.

    `sheets` are the author's own style sheets, as they ship; chapbook's own sheets are known to follow the rules.
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


def claim_doubts(said: AccessibilityStatement | None, evidence: Evidence, settings: Settings) -> Iterator[Diagnostic]:
    """Yields a warning if the conformance that a person claims (`said`) contradicts what is in the book."""
    if why := doubts(evidence, said):
        at = settings.positions.get("accessibility")
        claim = said.conforms_to if said else ""
        yield Diagnostic.of(
            "claim-doubtful",
            f"the book claims to conform to '{claim}', but {why}",
            path=settings.source if at else None,
            at=at,
            hint="describe the pictures, or remove 'conforms_to'",
        )


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
    """The languages marked on passages or whole chapters, without the book's own."""
    found = {tag.lower(): tag for document in documents for tag in document.marked.languages}
    return tuple(sorted(tag for lower, tag in found.items() if lower != own.lower()))
