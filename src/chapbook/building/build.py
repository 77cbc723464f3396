"""The stages of a build, one after the other: plan, render, join, assemble."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chapbook.building.assemble import claim_doubts, document_resource, evidence_of, landmarks_of, modified_of, toc_of
from chapbook.building.generated_pages import (
    FrontPages,
    MadePages,
    cover_of,
    cover_takes_long,
    front_pages_of,
    made_cover,
    made_pages_of,
)
from chapbook.building.inputs import BookValues, BuildContext, BuildOptions, book_without_text
from chapbook.building.joining import LinkIndex, known_of, used_pictures
from chapbook.building.limiting import STOPPING, limited, too_many_links
from chapbook.building.messages import (
    document_messages,
    extension_faults,
    no_chapters,
    unused_ignores,
    unused_settings,
)
from chapbook.building.pictures import Picture, PictureFinder, fit_pictures
from chapbook.building.plan import PlannedDocument, aliases_of, own_settings, plan_documents, walk
from chapbook.building.render import (
    Rendering,
    kept_documents,
    pays_workers,
    prepare_workers,
    processes_allowed,
    render_all,
    rendering_of,
)
from chapbook.building.spool import Spool
from chapbook.building.style import Style, style_of, with_subsets
from chapbook.building.targeting import for_target, targeted
from chapbook.building.workers import WorkerPool
from chapbook.markup.page import ContentDocument, Known
from chapbook.model.accessibility import AccessibilityReport
from chapbook.model.diagnostics import (
    Diagnostic,
    IgnoredMessage,
    ListedDocument,
    MetadataEntry,
    has_errors,
    most_of,
    sifted,
)
from chapbook.model.metadata import page_direction
from chapbook.packaging.claims import Evidence, accessibility_of, accessibility_report
from chapbook.packaging.description import described
from chapbook.packaging.publication import COVER_PAGE_NAME, NAV_NAME, TITLE_PAGE_NAME, Publication, identifier_of

__all__ = ["Built", "build_publication"]


class Built(Struct, frozen=True, kw_only=True):
    """The result of a build: all diagnostics, and the publication unless errors prevented it."""

    publication: Publication | None
    diagnostics: tuple[Diagnostic, ...]
    ignored: tuple[IgnoredMessage, ...] = ()
    accessibility: AccessibilityReport | None = None
    """The book's accessibility claims and the reasons; ``None`` without a publication."""
    chapters: int = 0
    """How many chapters were rendered, without part openings."""
    order: tuple[ListedDocument, ...] = ()
    words: int = 0
    metadata: tuple[MetadataEntry, ...] = ()
    """All that the package document says; empty without a publication."""
    reading_seconds: int = 0

    def facts(self) -> dict[str, Any]:
        """What a report says about the book, by field name."""
        found = self.publication
        series = found.metadata.series if found else None
        return {
            "ignored": self.ignored,
            "chapters": self.chapters,
            "order": self.order,
            "words": self.words,
            "minutes": math.ceil(self.reading_seconds / 60),
            "accessibility": self.accessibility,
            "metadata": self.metadata,
            "identifier": found.identifier.value if found else "",
            "series": series.name if series else "",
            "place": series.index if series else "",
        }


class _Parts(Struct, frozen=True, kw_only=True):
    """What a publication is assembled from."""

    planned: Sequence[PlannedDocument]
    documents: Sequence[ContentDocument]
    pictures: Mapping[str, Picture]
    style: Style
    front: FrontPages
    made: MadePages
    evidence: Evidence


def build_publication(book: BookValues, options: BuildOptions, spool: Spool) -> Built:
    """Builds `book`. Errors in the content become diagnostics; none is raised.

    The publication may keep its pictures in `spool`, so write it before `spool` is closed.
    """
    built = _built(book, options, spool)
    kept, ignored = sifted(built.diagnostics, book.settings.messages)
    if not has_errors(kept):
        unused, more = sifted(unused_ignores(book.settings, ignored), book.settings.messages)
        kept, ignored = (*kept, *unused), (*ignored, *more)
    return replace(built, diagnostics=kept, ignored=ignored)


def _built(book: BookValues, options: BuildOptions, spool: Spool) -> Built:
    book = for_target(book)
    book = limited(book, options.limits)
    planned = plan_documents(book)
    order = tuple(walk(planned))
    style = style_of(book, options.cache)
    before = [*book.diagnostics, *extension_faults(book), *unused_settings(book), *style.diagnostics]
    if not order:
        return Built(publication=None, diagnostics=(*before, *no_chapters(book)))
    if any(each.code.startswith(STOPPING) for each in before):
        return Built(publication=None, diagnostics=tuple(before))
    documents, pictures, front = _rendered(book, order, style, options, spool)
    made = made_pages_of(book, style.sheet_names, {document.type for document in documents})
    pages = (*front.resources, *made.resources, *map(document_resource, _with_following(documents)))
    style, font_faults = with_subsets(style, pages, book.metadata, seconds=book.settings.render_seconds)
    said = (*document_messages(documents, pictures), *too_many_links(documents, options.limits))
    diagnostics = most_of((*before, *font_faults, *front.diagnostics, *said), options.limits.messages, "this book")
    chapters = sum(plan.kind == "chapter" for plan in order)
    built = Built(
        publication=None,
        diagnostics=diagnostics,
        chapters=chapters,
        order=tuple(ListedDocument(title=each.title, path=each.source) for each in documents),
        words=sum(document.words for document in documents),
        reading_seconds=sum(document.reading_seconds for document in documents),
    )
    if has_errors(diagnostics):
        return built
    shown = (picture for picture in pictures.values() if not picture.fault)
    evidence = evidence_of(documents, shown, style.own_texts, language=book.metadata.language)
    # What links and pictures needed was a third of what a long book has in memory.
    documents = [replace(each, ids=frozenset(), links=(), images=()) for each in documents]
    parts = _Parts(
        planned=planned, documents=documents, pictures=pictures, style=style, front=front, made=made, evidence=evidence
    )
    return _finished(built, book, _publication(book, options, parts), parts)


def _finished(built: Built, book: BookValues, publication: Publication, parts: _Parts) -> Built:
    publication, changes = targeted(publication, parts.documents)
    said = book.metadata.accessibility
    return replace(
        built,
        publication=publication,
        diagnostics=(*built.diagnostics, *changes, *claim_doubts(said, parts.evidence, book.settings)),
        accessibility=accessibility_report(parts.evidence, said),
        metadata=described(publication),
    )


def _rendered(
    book: BookValues, order: Sequence[PlannedDocument], style: Style, options: BuildOptions, spool: Spool
) -> tuple[Sequence[ContentDocument], Mapping[str, Picture], FrontPages]:
    """Does everything that runs in worker processes: documents in order, pictures, cover and title page."""
    own = own_settings(book)
    pays = pays_workers(((plan.chapter, own.dialect(plan.chapter)) for plan in order), options)
    with WorkerPool(processes_allowed(options, pays=pays), fork=options.fork) as workers:
        renderings = [rendering_of(plan, book, style, own.of(plan.chapter), options.limits) for plan in order]
        context = BuildContext(options=options, workers=workers, spool=spool)
        kept = kept_documents(renderings, context)
        prepare_workers(renderings, kept)
        # The cover and the chapters don't depend on each other, so start both.
        begin = workers.begin if cover_takes_long(book, options.cache) else partial
        cover = begin(cover_of, book_without_text(book), options.cache)
        documents = render_all(renderings, kept, context)
        pictures = _joined(order, renderings, documents, book, context)
        return documents, pictures, front_pages_of(book, style.sheet_names, made_cover(cover()))


def _joined(
    order: Sequence[PlannedDocument],
    renderings: Sequence[Rendering],
    documents: list[ContentDocument],
    book: BookValues,
    context: BuildContext,
) -> Mapping[str, Picture]:
    """Re-renders the documents with wrong links or pictures (changing `documents`); returns the pictures they show."""
    embedded = {path: data for document in documents for path, data in document.embedded.items()}
    names = book.files.names() | embedded.keys()
    files = PictureFinder(names, _prefixes(book))
    paths = used_pictures(documents, files)
    pictures = fit_pictures(paths, book.files, book.settings.images, context, embedded)
    index = LinkIndex(
        documents,
        names=names,
        left_out=book.left_out,
        broken=book.broken,
        made={path: _MADE[kind] for path, kind in book.made.items() if kind in _MADE},
        aliases=aliases_of(order),
        prefixes=_prefixes(book),
    )
    again = []
    for at, document in enumerate(documents):
        known = known_of(document, index, pictures, files)
        if known != Known():
            again.append((at, replace(renderings[at], known=known)))
    told = [each for _, each in again]
    quiet = replace(context, options=replace(context.options, progress=None))
    rendered = render_all(told, kept_documents(told, quiet), quiet)
    for (at, _), document in zip(again, rendered, strict=True):
        documents[at] = document
    return pictures


_MADE = {"cover": COVER_PAGE_NAME, "titlepage": TITLE_PAGE_NAME, "nav": NAV_NAME}
"""Pages that all books have."""


def _prefixes(book: BookValues) -> list[tuple[str, str]]:
    """Prefixes that site paths may begin with, and the folder each stands for: the folder's name, and ``link_prefix``.

    If a project keeps its pages in a subfolder, paths may begin with the name of that folder.
    """
    names = [each.strip("/") for each in (book.folder_name, *book.settings.link_prefix) if "://" not in each]
    found = [(f"{name}/", "") for name in names if name]
    for root in (f"{each.folder}/" for each in book.volumes):
        own = root.rstrip("/").rpartition("/")[2]
        found += [(f"{root}{name}/", root) for name in (own, *names) if name]
    return found


def _with_following(documents: Iterable[ContentDocument]) -> Iterator[ContentDocument]:
    """Yields the documents; after the first document of a long chapter come its other pieces."""
    return (each for document in documents for each in (document, *document.following))


def _publication(book: BookValues, options: BuildOptions, parts: _Parts) -> Publication:
    planned, documents, style, front, made = parts.planned, parts.documents, parts.style, parts.front, parts.made
    by_name = {document.name: document for document in documents}
    packed = [picture for picture in parts.pictures.values() if not picture.fault]
    dates = (plan.chapter.date for plan in walk(planned))
    return Publication(
        metadata=book.metadata,
        identifier=identifier_of(book.metadata),
        modified=modified_of(book.metadata.modified, options.modified, book.metadata.date, dates),
        direction=page_direction(book.metadata),
        resources=(
            *front.resources,
            *made.resources,
            *(document_resource(each) for each in _with_following(documents)),
            *style.resources(document.accent for document in documents),
            *(picture.resource(book.files) for picture in packed),
            *book.own.resources,
        ),
        spine=made.spine(
            (front.cover_page, front.title_page), NAV_NAME, (each.name for each in _with_following(documents))
        ),
        toc=(*toc_of(planned, by_name, book.settings.toc_depth, book.metadata.language), *made.toc),
        landmarks=landmarks_of(
            planned,
            by_name,
            cover_page=front.cover_page,
            title_page=front.title_page,
            copyright_page=made.copyright_name,
            nav=NAV_NAME,
            language=book.metadata.language,
        ),
        accessibility=accessibility_of(parts.evidence, book.metadata.accessibility),
        stylesheets=style.sheet_names,
        cover_image=front.cover_image,
        own=book.own,
        target=book.settings.target,
    )
