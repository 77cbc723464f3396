"""The stages of a build, one after the other: plan, render, join, assemble."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chapbook.building.assemble import document_resource, landmarks_of, modified_of, toc_of
from chapbook.building.evidence import evidence_of
from chapbook.building.front import FrontPages, front_pages_of
from chapbook.building.joining import aliases_of, known_of, used_pictures
from chapbook.building.link_targets import LinkIndex
from chapbook.building.near_names import NearNames
from chapbook.building.pictures import Picture, fit_pictures
from chapbook.building.plan import PlannedDocument, plan_documents, walk
from chapbook.building.render import Rendering, render_all
from chapbook.building.style import Style, style_of
from chapbook.building.values import BookValues, BuildOptions
from chapbook.diagnostics import Diagnostic, has_errors
from chapbook.packaging.accessibility import accessibility_of
from chapbook.packaging.direction import page_direction
from chapbook.packaging.identifiers import identifier_of
from chapbook.packaging.publication import NAV_NAME, Publication
from chapbook.rendering.dialects import check_extensions
from chapbook.rendering.page import ContentDocument, Known, RenderSettings

__all__ = ["Built", "build_publication"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of a build: the publication where nothing stopped it, and all there is to say."""

    publication: Publication | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What a publication is assembled from."""

    planned: Sequence[PlannedDocument]
    documents: Sequence[ContentDocument]
    pictures: Mapping[str, Picture]
    style: Style
    front: FrontPages


def build_publication(book: BookValues, options: BuildOptions) -> Built:
    """Builds `book` in memory. Faults of the content are diagnostics; nothing is raised for them."""
    planned = plan_documents(book.items)
    order = tuple(walk(planned))
    style = style_of(book)
    before = [*book.diagnostics, *_extension_faults(book), *style.diagnostics]
    if not order:
        return Built(publication=None, diagnostics=(*before, *_no_chapters(book)))
    if any(each.code.startswith("extension-") for each in before):
        return Built(publication=None, diagnostics=tuple(before))
    documents, pictures = _documents(order, book, style, options)
    front = front_pages_of(book, style.sheet_names)
    diagnostics = (*before, *front.diagnostics, *_said(documents, pictures))
    if has_errors(diagnostics):
        return Built(publication=None, diagnostics=diagnostics)
    parts = _Parts(planned=planned, documents=documents, pictures=pictures, style=style, front=front)
    return Built(publication=_publication(book, options, parts), diagnostics=diagnostics)


def _extension_faults(book: BookValues) -> tuple[Diagnostic, ...]:
    settings = book.settings
    return check_extensions(settings.extensions, settings.positions, settings.source)


def _no_chapters(book: BookValues) -> Iterator[Diagnostic]:
    """The fault of an empty book, where reading has not said it or something worse."""
    if not has_errors(book.diagnostics):
        yield Diagnostic.of("no-chapters", "the book has no chapter", hint="add a Markdown file or a Chapter")


def _documents(
    order: Sequence[PlannedDocument], book: BookValues, style: Style, options: BuildOptions
) -> tuple[list[ContentDocument], Mapping[str, Picture]]:
    """Every content document, and the pictures that they show."""
    renderings = [_rendering(plan, book, style) for plan in order]
    names = book.files.names()
    documents = render_all(renderings, options)
    paths = used_pictures(documents, names)
    pictures = fit_pictures(paths, book.files, book.settings.images, options)
    index = LinkIndex(
        documents,
        names=names,
        left_out=book.left_out,
        broken=book.broken,
        aliases=aliases_of(order),
    )
    near = NearNames(names)
    again = []
    for at, document in enumerate(documents):
        known = known_of(document, index, pictures, names, near)
        if known != Known():
            again.append((at, replace(renderings[at], known=known)))
    quiet = replace(options, progress=None)
    for (at, _), document in zip(again, render_all([each for _, each in again], quiet), strict=True):
        documents[at] = document
    return documents, pictures


def _rendering(plan: PlannedDocument, book: BookValues, style: Style) -> Rendering:
    settings = book.settings
    return Rendering(
        chapter=plan.chapter,
        name=plan.name,
        settings=RenderSettings(
            dialect=settings.dialect,
            extensions=settings.extensions,
            smart=settings.smart,
            language=book.metadata.language,
            direction=page_direction(book.metadata),
            book_title=book.metadata.title,
            stylesheets=style.sheet_names,
            level=plan.level,
            kind=plan.kind,
            render_seconds=settings.render_seconds,
        ),
    )


def _said(documents: Iterable[ContentDocument], pictures: Mapping[str, Picture]) -> Iterator[Diagnostic]:
    for document in documents:
        yield from sorted(document.diagnostics, key=lambda each: (each.line or 0, each.column or 0))
    for picture in pictures.values():
        yield from picture.warnings


def _publication(book: BookValues, options: BuildOptions, parts: _Parts) -> Publication:
    planned, documents, style, front = parts.planned, parts.documents, parts.style, parts.front
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
            *(document_resource(each) for each in documents),
            *style.resources(document.accent for document in documents),
            *(picture.resource(book.files) for picture in packed),
        ),
        spine=(front.cover_page, front.title_page, NAV_NAME, *by_name),
        toc=toc_of(planned, by_name, book.settings.toc_depth),
        landmarks=landmarks_of(
            planned,
            by_name,
            cover_page=front.cover_page,
            title_page=front.title_page,
            nav=NAV_NAME,
            language=book.metadata.language,
        ),
        accessibility=accessibility_of(evidence_of(documents, packed, language=book.metadata.language)),
        stylesheets=style.sheet_names,
        cover_image=front.cover_image,
        cover_page=front.cover_page,
    )
