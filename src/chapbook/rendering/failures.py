"""The empty document and the messages for chapters that couldn't be rendered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from traceback import format_exception, walk_tb

from msgspec.structs import replace

from chapbook.markup.page import ContentDocument, RenderSettings
from chapbook.model.contents import Chapter, Origin
from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.hooks import Hooks, OwnCode

__all__ = [
    "exhausted_document",
    "failed_document",
    "killed_document",
    "overdue_document",
    "unforeseen",
    "unrendered_document",
    "where_they_are",
]


def overdue_document(chapter: Chapter, name: str, seconds: float) -> ContentDocument:
    """The empty document for a chapter that took more than `seconds` of processor time."""
    message = f"'{_named(chapter)}' took more than {seconds:g} seconds to render, so chapbook stopped"
    hint = "split the chapter, look for markup that repeats without end, or raise 'render_seconds'"
    return _empty(chapter, name, "render-time", message, hint)


def exhausted_document(chapter: Chapter, name: str) -> ContentDocument:
    """The empty document for a chapter that needs more memory than its process may use."""
    message = f"'{_named(chapter)}' needs more memory than chapbook may use"
    hint = "split the chapter, or look for markup that repeats without end"
    return _empty(chapter, name, "memory-exceeded", message, hint)


def killed_document(chapter: Chapter, name: str, signal: str) -> ContentDocument:
    """The empty document of a chapter whose worker process a `signal` ended twice: nobody knows who sent it, or why."""
    message = f"the process that rendered '{_named(chapter)}' was ended twice ({signal}), perhaps for want of memory"
    return _empty(chapter, name, "worker-lost", message, "build with fewer jobs (-j), or split the chapter")


def unrendered_document(chapter: Chapter, name: str, reason: str) -> ContentDocument:
    """The empty document for a chapter whose worker process died, for that `reason`."""
    message = f"chapbook couldn't render '{_named(chapter)}': {reason}"
    hint = "this is a bug in chapbook or in an extension; please report it with the chapter"
    return _empty(chapter, name, "render-failed", message, hint)


def unforeseen(chapter: Chapter, error: Exception, settings: RenderSettings, hooks: Hooks) -> Diagnostic:
    """The diagnostic for an unexpected `error`: blames the extension whose code raised it, or else chapbook."""
    trace = "".join(format_exception(error))[-_LONGEST_TRACE:]
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    at = Position(chapter.first_line)
    theirs = _extensions(settings, hooks)
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    places = [place for each in frames for place in (each.f_globals.get("__name__", ""), each.f_code)]
    failed = next((theirs[place] for place in reversed(places) if place in theirs), "")
    if failed:
        message = f"'{failed}' failed in the chapter '{_named(chapter)}': {said}"
        hint = "correct it, or remove it"
        return replace(Diagnostic.of("extension-failed", message, at=at, hint=hint), trace=trace)
    message = f"chapbook couldn't render '{_named(chapter)}': {type(error).__name__}"
    hint = "this is a bug in chapbook; please report it with the chapter"
    return replace(Diagnostic.of("render-failed", message, at=at, hint=hint), trace=trace)


_LONGEST_TRACE = 10_000
"""The last characters of a traceback that are kept."""


def _extensions(settings: RenderSettings, hooks: Hooks) -> dict[object, str]:
    """Modules and functions that aren't chapbook's, each with the name of what it extends."""
    found: dict[object, str] = {}
    for each in hooks.codes():
        if isinstance(each, OwnCode):
            found[getattr(each.call, "__code__", getattr(each.call, "__module__", ""))] = each.name
        elif not each.startswith("chapbook."):
            found[each.partition(":")[0]] = each
    for spec in settings.extensions:
        name = spec.extension if isinstance(spec.extension, str) else type(spec.extension).__qualname__
        found[name if isinstance(spec.extension, str) else type(spec.extension).__module__] = name
    return found


def _empty(chapter: Chapter, name: str, code: str, message: str, hint: str) -> ContentDocument:
    return failed_document(chapter, name, (Diagnostic.of(code, message, at=Position(chapter.first_line), hint=hint),))


def _named(chapter: Chapter) -> str:
    return chapter.path or chapter.title or "without a name"


def failed_document(chapter: Chapter, name: str, faults: tuple[Diagnostic, ...]) -> ContentDocument:
    """The empty document for a chapter with those `faults`."""
    named = (each.in_file(chapter.path) if chapter.path else each for each in faults)
    diagnostics = tuple(where_they_are(chapter, named))
    title = chapter.title or _named(chapter)
    return ContentDocument(
        name=name, source=chapter.path, packed=Deflated.of(b""), title=title, type=chapter.type, diagnostics=diagnostics
    )


def where_they_are(chapter: Chapter, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The diagnostics, with those about included files placed in those files."""
    origins = chapter.origins
    if chapter.source and not chapter.path:
        path, line = chapter.source
        origins = (Origin(line=chapter.first_line, path=path, first_line=line),)
    starts = [each.line for each in origins]
    for each in diagnostics:
        at = bisect_right(starts, each.line) - 1 if each.line and origins else -1
        if at < 0 or each.line is None:
            yield each
        else:
            line = origins[at].first_line + each.line - origins[at].line
            yield replace(each, path=origins[at].path, line=line, fix=())
