"""Renders chapters: from the cache if possible, otherwise in several processes if that is faster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

from msgspec import Struct
from msgspec.structs import replace

from chapbook.building.cache_entries import entry_of, value_of
from chapbook.building.cache_versions import tool_versions
from chapbook.building.inputs import BookValues, BuildContext, BuildOptions
from chapbook.building.plan import PlannedDocument
from chapbook.building.spool import Spool
from chapbook.building.style import Style
from chapbook.building.workers import Lost, available_processors, is_worker
from chapbook.cache import Cache, key_of
from chapbook.markup.page import ContentDocument, Known, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.deflated import PutAside
from chapbook.model.hooks import HOOKS, Hooks
from chapbook.model.limits import DEFAULTS, Limits
from chapbook.model.settings import ExtensionSpec, VolumeSettings

__all__ = [
    "Rendering",
    "is_known_extension",
    "kept_documents",
    "pays_workers",
    "prepare_workers",
    "processes_allowed",
    "render_all",
    "rendering_of",
]

_WORTH_WORKERS = {"markdown": 150_000, "commonmark": 300_000, "html": 300_000}
"""The number of characters from which worker processes save time (measured)."""
_WORTH_OTHERS = 300_000
"""The same for other dialects."""
_CHUNK = 16
"""Chapters sent to a worker at once."""


class Rendering(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A chapter to render, in the form sent to a worker."""

    chapter: Chapter
    name: str
    settings: RenderSettings
    known: Known = Known()
    hooks: Hooks = HOOKS
    """Part of the cache key if they aren't chapbook's own, whose files already are."""
    memory: int = DEFAULTS.chapter_memory
    """Bytes that a worker may take for it."""


def rendering_of(
    plan: PlannedDocument, book: BookValues, style: Style, own: VolumeSettings, limits: Limits = DEFAULTS
) -> Rendering:
    """The rendering for the chapter of `plan`; `own` are its volume's settings."""
    settings = own.settings
    dialect = plan.chapter.dialect or settings.dialect
    if dialect == "html":  # punctuation in HTML stays as typed
        settings = replace(settings, extensions=(), syntax=(), smart=False)
    return Rendering(
        chapter=plan.chapter,
        name=plan.name,
        settings=RenderSettings(
            dialect=dialect,
            extensions=settings.extensions,
            syntax=settings.syntax,
            smart=settings.smart,
            language=book.metadata.language,
            book_title=book.metadata.title,
            stylesheets=style.sheet_names,
            level=plan.level,
            kind=plan.kind,
            render_seconds=settings.render_seconds,
            root=own.folder,
            addresses=tuple(each for each in settings.link_prefix if "://" in each),
            definitions=plan.definitions,
            piece_mark=plan.piece_mark,
            target=book.settings.target,
        ),
        hooks=book.hooks,
        memory=limits.chapter_memory,
    )


def render_in_worker(rendering: Rendering) -> ContentDocument:
    """Renders one chapter in a worker process, which a deadline may end."""
    from chapbook.rendering.deadline import (  # noqa: PLC0415 - what is in the cache needs none of it
        memory_bound,
        worker_deadline,
    )

    with memory_bound(rendering.memory):
        return _rendered(rendering, worker_deadline)


def render_to_send(rendering: Rendering) -> bytes | ContentDocument:
    """Renders one chapter in a worker process and returns it as a cache entry, which is faster to send."""
    from chapbook.rendering.failures import exhausted_document  # noqa: PLC0415 - as above

    document = render_in_worker(rendering)
    try:
        return entry_of(document) or document
    except MemoryError:
        return exhausted_document(rendering.chapter, rendering.name)


def render_here(rendering: Rendering) -> ContentDocument:
    """Renders one chapter in this process, which belongs to the caller."""
    from chapbook.rendering.deadline import deadline  # noqa: PLC0415 - as above

    return _rendered(rendering, deadline)


def _rendered(rendering: Rendering, limit: Callable[[float], AbstractContextManager[None]]) -> ContentDocument:
    from chapbook.rendering.document import render_chapter  # noqa: PLC0415 - as above

    name, settings, known, hooks = rendering.name, rendering.settings, rendering.known, rendering.hooks
    return render_chapter(rendering.chapter, name=name, settings=settings, known=known, hooks=hooks, limit=limit)


def kept_documents(renderings: Sequence[Rendering], context: BuildContext) -> dict[int, ContentDocument]:
    """The documents found in the cache, by their index in `renderings`."""
    cache = context.options.cache
    if cache is None:
        return {}
    # The volumes of one book may have different extensions, so check each chapter.
    keys = {at: key for at, each in enumerate(renderings) if (key := _key(each))}
    entries = ((at, cache.read(key)) for at, key in keys.items())
    documents = ((at, value_of(entry, ContentDocument)) for at, entry in entries if entry is not None)
    found = {
        at: _held(document, context.spool)
        for at, document in documents
        if document and _is_of(document, renderings[at])
    }
    cache.touch(keys[at] for at in found)
    return found


def prepare_workers(renderings: Sequence[Rendering], kept: Mapping[int, ContentDocument]) -> None:
    """Imports the rendering code if needed, so that workers forked later have it already."""
    if len(kept) < len(renderings):
        from chapbook.rendering import document  # noqa: F401, PLC0415 - as above

        renderings[0].hooks.load_all(renderings[0].settings.dialect)


def render_all(
    renderings: Sequence[Rendering], kept: Mapping[int, ContentDocument], context: BuildContext
) -> list[ContentDocument]:
    """The documents of `renderings`, in order; those in `kept` aren't rendered again."""
    options = context.options
    documents = dict(kept)
    missing = [at for at in range(len(renderings)) if at not in documents]
    work = [renderings[at] for at in missing]
    cache = options.cache
    here = render_in_worker if is_worker() else render_here
    done: Iterator[bytes | ContentDocument | Lost]
    if options.jobs == 1 and any(_has_objects(each) for each in work):
        done = map(here, work)  # so that objects of the caller collect their results in the caller's process
    else:
        done = context.workers.map(render_to_send, work, chunk=_CHUNK, here=here)
    for at, each in zip(missing, done, strict=True):
        document = _received(each, renderings[at])
        if cache and not _is_failed(document):
            _keep(cache, renderings[at], each if isinstance(each, bytes) else entry_of(document))
        documents[at] = _held(document, context.spool)
        if options.progress:
            options.progress("chapters", len(documents), len(renderings))
    return [documents[at] for at in range(len(renderings))]


def _held(document: ContentDocument, spool: Spool) -> ContentDocument:
    """`document`, with its content put aside if memory holds enough."""
    if document.following:
        document = replace(document, following=tuple(_held(each, spool) for each in document.following))
    packed = document.packed
    if spool.reserve(len(packed.stream)):
        return document
    aside = PutAside(stream=b"", size=packed.size, crc=packed.crc, read=spool.put(packed.stream))
    return replace(document, packed=aside)


def _received(made: bytes | ContentDocument | Lost, rendering: Rendering) -> ContentDocument:
    document = value_of(made, ContentDocument) if isinstance(made, bytes) else made
    return document if isinstance(document, ContentDocument) else _lost(rendering, document or Lost(overdue=False))


def _lost(rendering: Rendering, lost: Lost) -> ContentDocument:
    """The document for a chapter whose worker process died."""
    from chapbook.rendering.failures import (  # noqa: PLC0415 - as above
        killed_document,
        overdue_document,
        unrendered_document,
    )

    chapter, name = rendering.chapter, rendering.name
    if lost.overdue:
        return overdue_document(chapter, name, rendering.settings.render_seconds)
    if lost.signal:
        return killed_document(chapter, name, lost.signal)
    return unrendered_document(chapter, name, "the worker process crashed twice")


def pays_workers(texts: Iterable[tuple[Chapter, str]], options: BuildOptions) -> bool:
    """Whether rendering these texts in other processes is faster, if the user left that open."""
    return bool(options.jobs) or _worth(texts) >= 1


def _worth(texts: Iterable[tuple[Chapter, str]]) -> float:
    return sum(len(chapter.text) / _WORTH_WORKERS.get(dialect, _WORTH_OTHERS) for chapter, dialect in texts)


def processes_allowed(options: BuildOptions, *, pays: bool) -> int:
    """How many workers a build may start.

    At least one if processes can be forked: C code that never returns can only be ended with its process.
    """
    if options.jobs > 1:
        return options.jobs
    if not options.fork:
        return 0
    return 1 if options.jobs or not pays else available_processors()


def _keep(cache: Cache, rendering: Rendering, entry: bytes | None) -> None:
    key = _key(rendering)
    if key and entry:
        cache.write(key, entry)


def _key(rendering: Rendering) -> str:
    """A hash of everything that the document depends on; empty if that can't be determined."""
    versions = rendering.hooks.versions()
    if versions is None or not all(map(is_known_extension, rendering.settings.extensions)):
        return ""
    said = entry_of(replace(rendering, hooks=HOOKS) if versions else rendering)
    return key_of("document", tool_versions(), said, *versions) if said else ""


def _is_of(document: ContentDocument, rendering: Rendering) -> bool:
    """Whether a cached document belongs to this chapter: later stages look it up by these names."""
    return (document.name, document.source) == (rendering.name, rendering.chapter.path)


def is_known_extension(spec: object) -> bool:
    """Whether a Markdown extension has a name and a version; an object or the author's own module doesn't."""
    name = spec.extension if isinstance(spec, ExtensionSpec) else spec
    return isinstance(name, str) and name.startswith(("markdown.extensions.", "pymdownx."))


def _has_objects(rendering: Rendering) -> bool:
    objects = not all(isinstance(each.extension, str) for each in rendering.settings.extensions)
    return objects or not rendering.hooks.is_own()


def _is_failed(document: ContentDocument) -> bool:
    """Whether another run might give another result: deadlines depend on the machine."""
    return any(
        each.code in {"memory-exceeded", "render-time", "render-failed", "worker-lost"} for each in document.diagnostics
    )
