"""Chapters rendered: from the cache where they were before, in as many processes as pay where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chapbook.building.entries import document_entry, document_of, tool_versions
from chapbook.building.values import BuildOptions
from chapbook.building.workers import available_processors, map_in_order
from chapbook.cache import Cache, key_of
from chapbook.contents import Chapter
from chapbook.rendering.document import render_chapter
from chapbook.rendering.page import ContentDocument, Known, RenderSettings

__all__ = ["Rendering", "render_all"]

_WORTH_WORKERS = {"markdown": 150_000, "commonmark": 600_000}
"""Characters of Markdown from which on worker processes gain more than starting them costs (measured)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """One chapter to be rendered, as it is sent to a worker."""

    chapter: Chapter
    name: str
    settings: RenderSettings
    known: Known = field(default_factory=Known)


def render(rendering: Rendering) -> ContentDocument:
    """Renders one chapter: what a worker process is given to do."""
    return render_chapter(rendering.chapter, name=rendering.name, settings=rendering.settings, known=rendering.known)


def _jobs_that_pay(renderings: Sequence[Rendering]) -> int:
    """As many processes as there are processors where the text is long enough to be worth starting them."""
    size = sum(len(each.chapter.text) for each in renderings)
    worth = bool(renderings) and size >= _WORTH_WORKERS[renderings[0].settings.dialect]
    return available_processors() if worth else 1


def render_all(renderings: Sequence[Rendering], options: BuildOptions) -> list[ContentDocument]:
    """The documents of `renderings`, in their order."""
    cache = options.cache if renderings and _may_be_kept(renderings[0].settings) else None
    documents: dict[int, ContentDocument] = {}
    keys = [_key(each) for each in renderings] if cache else []
    if cache:
        documents = _kept(cache, keys)
    missing = [at for at in range(len(renderings)) if at not in documents]
    work = [renderings[at] for at in missing]
    jobs = options.jobs or _jobs_that_pay(work)
    for at, document in zip(missing, map_in_order(render, work, jobs=jobs, fork=options.fork), strict=True):
        documents[at] = document
        if cache and not _is_failed(document):
            cache.write(keys[at], document_entry(document))
        if options.progress:
            options.progress("chapters", len(documents), len(renderings))
    return [documents[at] for at in range(len(renderings))]


def _kept(cache: Cache, keys: Sequence[str]) -> dict[int, ContentDocument]:
    """The documents that the cache holds, by their place in `keys`."""
    found = {}
    for at, key in enumerate(keys):
        entry = cache.read(key)
        document = document_of(entry) if entry is not None else None
        if document is not None:
            found[at] = document
    cache.touch(keys[at] for at in found)
    return found


def _key(rendering: Rendering) -> str:
    """Everything that a document depends on. (The values are frozen, of tuples and mappings in fixed order.)"""
    return key_of("document", tool_versions(), repr(rendering))


def _may_be_kept(settings: RenderSettings) -> bool:
    """Whether all that the rendering depends on has a name and a version; any other's extension has none."""
    names = [each.extension for each in settings.extensions]
    return all(isinstance(name, str) and name.startswith(("markdown.extensions.", "pymdownx.")) for name in names)


def _is_failed(document: ContentDocument) -> bool:
    """Whether the next run may come to another result: a deadline depends on the machine."""
    return any(each.code in {"render-time", "render-failed"} for each in document.diagnostics)
