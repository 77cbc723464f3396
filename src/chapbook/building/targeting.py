"""What a target changes of the whole book, by its row of model/targets.py; what it changes of a chapter, passes do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from chapbook.building.inputs import BookValues
from chapbook.markup.page import ContentDocument
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.metadata import Metadata
from chapbook.model.targets import CHANGES, TARGETS, Target
from chapbook.packaging.description import ibooks_version
from chapbook.packaging.publication import Publication, TocEntry

__all__ = ["for_target", "targeted"]


def for_target(book: BookValues) -> BookValues:
    """The book with the limits of its target beside its own."""
    target, limits = TARGETS[book.settings.target], book.settings.images
    images = replace(
        limits,
        max_side=min(limits.max_side, target.max_side or limits.max_side),
        svg=limits.svg and target.svg,
        animations=limits.animations and target.animations,
    )
    return book if images == limits else replace(book, settings=replace(book.settings, images=images))


def targeted(
    publication: Publication, documents: Sequence[ContentDocument]
) -> tuple[Publication, tuple[Diagnostic, ...]]:
    """The publication of `documents` as its target takes it, and what there is to say of that and of them."""
    target = TARGETS[publication.target]
    said = [*_changes(target, documents), *_version(target, publication.metadata)]
    toc, moved = publication.toc, 0
    if target.toc_levels:
        toc, moved = flattened(publication.toc, target.toc_levels)
    if moved:
        entries = "1 entry of the contents moves" if moved == 1 else f"{moved:,} entries of the contents move"
        message = f"{entries} up to level {target.toc_levels}, for {target.title}"
        said.append(Diagnostic.of("target-change", message, hint="set 'toc_depth' to list fewer headings"))
    if target.has_spans:
        message = f"each sentence stands in a span of its own, for {target.title}"
        said.append(Diagnostic.of("target-change", message))
    return replace(publication, toc=toc), tuple(said)


def _changes(target: Target, documents: Sequence[ContentDocument]) -> Iterator[Diagnostic]:
    """What was changed in the documents, counted over the whole book; a single one is named."""
    for name, words in CHANGES.items():
        changed = [each for each in documents if each.changes.get(name)]
        if changed:
            count = sum(each.changes[name] for each in changed)
            where = f" in {len(changed):,} chapters" if len(changed) > 1 else ""
            message = f"{count:,} {words[count > 1]}{where}, for {target.title}"
            path = changed[0].source if len(changed) == 1 else ""
            yield Diagnostic.of("target-change", message, path=path or None)


def _version(target: Target, metadata: Metadata) -> Iterator[Diagnostic]:
    edition = " ".join(metadata.edition.split())
    if not target.needs_version or not edition:
        return
    if version := ibooks_version(edition):
        yield Diagnostic.of("target-change", f"the edition is also given as version {version}, for {target.title}")
    else:
        message = f"the edition '{edition}' isn't a number, so {target.title} can't tell it from the one before"
        yield Diagnostic.of("target-doubtful", message, hint="write 'edition: 2', or '1.2'")


def flattened(toc: Iterable[TocEntry], levels: int) -> tuple[tuple[TocEntry, ...], int]:
    """The table of contents with so many `levels`, deeper entries after the one they belong to; how many moved."""
    entries: list[TocEntry] = []
    moved = 0
    for entry in toc:
        children, deeper = flattened(entry.children, max(levels - 1, 1))
        moved += deeper
        if levels > 1:
            entries.append(replace(entry, children=children))
        else:
            entries += [replace(entry, children=()), *children]
            moved += len(entry.children)
    return tuple(entries), moved
