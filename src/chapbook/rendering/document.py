"""A chapter becomes its content document: each construct in its place, and what is noted of the result."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from traceback import format_exception, walk_tb

from lxml import etree
from msgspec.structs import replace

from chapbook.dialects.dialect import render_markdown
from chapbook.markup.page import ContentDocument, Known, Marked, Page, RenderSettings
from chapbook.markup.parsing import DEEPEST, MATHML, SVG, has_raw_html, parse_markup
from chapbook.markup.raw_html import report_faults
from chapbook.markup.trees import IDS
from chapbook.model.contents import Chapter, Origin
from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.hooks import HOOKS, Hooks, OwnCode, has_any, load
from chapbook.model.hyphenation import plain
from chapbook.passes.punctuation import set_text
from chapbook.rendering.deadline import Overdue, deadline
from chapbook.rendering.frame import accent_of, piece_name, type_of, write_documents
from chapbook.source.characters import check_text
from chapbook.source.comments import EMPTY_COMMENT
from chapbook.source.positions import Locator, SourceText

__all__ = ["overdue_document", "render_chapter", "unrendered_document"]


def render_chapter(
    chapter: Chapter,
    *,
    name: str,
    settings: RenderSettings,
    known: Known | None = None,
    hooks: Hooks = HOOKS,
    limit: Callable[[float], AbstractContextManager[None]] = deadline,
) -> ContentDocument:
    """The content document of `chapter`, as `name` in the publication.

    Depends on its arguments alone, in any process. Nothing is raised for what is wrong with the content: it is in the
    document's diagnostics, and where one of them is an error, the document is empty. `limit` is `deadline`, or
    `worker_deadline` in a worker process.
    """
    known = Known() if known is None else known
    try:
        with limit(settings.render_seconds):
            return _rendered(chapter, name, settings, known, hooks)
    except Overdue:
        return overdue_document(chapter, name, settings.render_seconds)
    except ChapbookError as error:
        return _failed(chapter, name, error.diagnostics)
    except Exception as error:  # noqa: BLE001 - a fault of one chapter is told with its name and stops no other
        return _failed(chapter, name, (_fault(chapter, error, settings, hooks),))


def overdue_document(chapter: Chapter, name: str, seconds: float) -> ContentDocument:
    """The empty document of a chapter that took more than so many `seconds` of processor time."""
    message = f"'{_named(chapter)}' took more than {seconds:g} seconds to render, so chapbook stopped"
    hint = "split the chapter, look for markup that repeats without end, or raise 'render_seconds'"
    return _empty(chapter, name, "render-time", message, hint)


def unrendered_document(chapter: Chapter, name: str, reason: str) -> ContentDocument:
    """The empty document of a chapter whose worker process was lost, for that `reason`."""
    message = f"chapbook couldn't render '{_named(chapter)}': {reason}"
    hint = "this is a bug in chapbook or in an extension; please report it with the chapter"
    return _empty(chapter, name, "render-failed", message, hint)


def _fault(chapter: Chapter, error: Exception, settings: RenderSettings, hooks: Hooks) -> Diagnostic:
    """What to say of an `error` that nobody foresaw: the extension's in whose code it came up, else chapbook's own."""
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
"""Characters of a traceback that are kept, the last ones."""


def _extensions(settings: RenderSettings, hooks: Hooks) -> dict[object, str]:
    """The modules and functions that aren't chapbook's, each with the name of what it extends."""
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
    return _failed(chapter, name, (Diagnostic.of(code, message, at=Position(chapter.first_line), hint=hint),))


def _named(chapter: Chapter) -> str:
    return chapter.path or chapter.title or "without a name"


def _failed(chapter: Chapter, name: str, faults: tuple[Diagnostic, ...]) -> ContentDocument:
    named = (each.in_file(chapter.path) if chapter.path else each for each in faults)
    diagnostics = tuple(_where_they_are(chapter, named))
    title = chapter.title or _named(chapter)
    return ContentDocument(
        name=name, source=chapter.path, packed=Deflated.of(b""), title=title, type=chapter.type, diagnostics=diagnostics
    )


def _rendered(chapter: Chapter, name: str, settings: RenderSettings, known: Known, hooks: Hooks) -> ContentDocument:
    shown, text, faults = _prepared(chapter, settings, hooks)
    page = Page(
        chapter=replace(chapter, text=shown),
        settings=settings,
        known=known,
        name=name,
        body=etree.Element("section"),
        locator=Locator(shown, chapter.first_line, html=settings.dialect == "html"),
        diagnostics=[*_damaged_words(chapter), *faults],
    )
    page.body = _parsed(page, text, hooks)
    accent = accent_of(page)
    for each in hooks.at("tree", settings.dialect, settings.syntax):
        load(each.code)(page)
    return _noted(page, accent)


def _prepared(chapter: Chapter, settings: RenderSettings, hooks: Hooks) -> tuple[str, str, list[Diagnostic]]:
    """The text in which messages give places, the text for the dialect, and what the constructs of the text say."""
    text, faults = chapter.text, list[Diagnostic]()
    shown = text
    for each in hooks.at("text", settings.dialect, settings.syntax):
        if each.signs and not has_any(text, each.signs):
            continue
        source = SourceText(
            text=text,
            dialect=settings.dialect,
            path=chapter.path,
            first_line=chapter.first_line,
            syntax=settings.syntax,
            shortcodes=hooks.shortcodes,
        )
        text, found = load(each.code)(source)
        faults += found
        shown = shown if each.for_dialect else text
    return shown, text, faults


def _damaged_words(chapter: Chapter) -> Iterator[Diagnostic]:
    """What looks damaged in the front matter's words, where each of them is written."""
    for key, text in (("title", chapter.title), ("heading", chapter.heading), ("description", chapter.description)):
        if not text.isascii():
            at = chapter.positions.get(key)
            for each in check_text(SourceText(text=text, path=chapter.path))[1]:
                yield replace(each, line=at.line if at else None, column=at.column if at else None)


def _parsed(page: Page, text: str, hooks: Hooks) -> etree._Element:
    """The tree of `text`, in the chapter's dialect."""
    raw = has_raw_html(text.replace(EMPTY_COMMENT, ""))
    try:
        if page.settings.definitions:
            text = f"{text.rstrip()}\n\n{page.settings.definitions}\n"
            raw = raw or has_raw_html(page.settings.definitions)
        html = render_markdown(text, page.settings.dialect, page.settings.extensions, hooks=hooks)
        raw = raw or bool(page.settings.extensions) or isinstance(hooks.dialects[page.settings.dialect], OwnCode)
    except RecursionError:
        html = render_markdown(text, "commonmark", hooks=hooks)
        page.report(
            "nesting-deep",
            "markup nests too deep for the dialect",
            at=page.locator.offset(0),
            hint="chapbook reads the chapter as CommonMark; nest less deeply",
        )
    parsed = parse_markup(html, plain=not raw)
    if parsed.too_deep:
        page.report(
            "nesting-deep",
            f"markup nests more than {DEEPEST} levels deep",
            at=page.locator.offset(0),
            hint="its text stays, without the deeper levels",
        )
    report_faults(page, parsed.faults)
    return parsed.section


def _noted(page: Page, accent: str) -> ContentDocument:
    body = page.body
    text = str(_TEXT(body))
    words = map(plain, (page.title, page.label, page.chapter.contents_title))
    title, label, listed = (set_text(each, page.language) if page.settings.smart else each for each in words)
    formulas, ids = list(body.iter(f"{{{MATHML}}}math")), frozenset((*IDS(body), *filter(None, (body.get("id"),))))
    described = bool(formulas) and all(each.get("alttext") for each in formulas)
    (first, data), *others = write_documents(page, accent, title=title, label=label)
    data_of_all = data + b"".join(more for _, more in others)
    return ContentDocument(
        name=page.name,
        source=page.chapter.path,
        packed=Deflated.of(data),
        title=title,
        label=label,
        contents_title=listed,
        type=type_of(page),
        properties=_properties(first),
        headings=tuple(page.headings),
        ids=ids,
        links=tuple(page.links),
        images=tuple(page.images),
        undescribed_drawings=page.undescribed_drawings,
        accent=accent,
        words=len(text.split()),
        reading_seconds=reading_seconds(text),
        marked=_marked(data_of_all, len(formulas)),
        described_math=described,
        diagnostics=tuple(_where_they_are(page.chapter, page.diagnostics)),
        embedded=page.embedded,
        divided=page.divided,
        numbered=page.numbered,
        following=tuple(_following(page, title, each, number) for number, each in enumerate(others, 2)),
    )


_WORDS_A_MINUTE = 230
"""Of silent readers of English: 238 (Brysbaert 2019), a little fewer in most other languages."""
_CHARACTERS_A_MINUTE = 500
"""Of Chinese and Japanese."""
_CHARACTERS = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def reading_seconds(text: str) -> int:
    """How long it takes to read `text`: 230 words a minute, 500 characters of Chinese and Japanese."""
    rest, characters = _CHARACTERS.subn(" ", text) if not text.isascii() else (text, 0)
    # Between Chinese and Japanese characters punctuation stands alone.
    words = sum(not characters or any(map(str.isalnum, word)) for word in rest.split())
    return math.ceil(words * 60 / _WORDS_A_MINUTE + characters * 60 / _CHARACTERS_A_MINUTE)


def _where_they_are(chapter: Chapter, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The diagnostics, those of what the chapter takes from other files at their places there."""
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
            yield replace(each, path=origins[at].path, line=origins[at].first_line + each.line - origins[at].line)


def _following(page: Page, title: str, piece: tuple[etree._Element, bytes], number: int) -> ContentDocument:
    """A further document of a long chapter."""
    return ContentDocument(
        name=piece_name(page, number),
        source=page.chapter.path,
        packed=Deflated.of(piece[1]),
        title=title,
        properties=_properties(piece[0]),
    )


def _properties(section: etree._Element) -> tuple[str, ...]:
    names = (("mathml", f"{{{MATHML}}}math"), ("svg", f"{{{SVG}}}svg"))
    return tuple(name for name, tag in names if next(section.iter(tag), None) is not None)


def _marked(data: bytes, formulas: int) -> Marked:
    languages = dict.fromkeys(after.partition(b'"')[0].decode() for after in data.split(b' lang="')[1:])
    return Marked(
        headings=sum(data.count(b"</h%d>" % level) for level in range(1, 7)),
        tables=data.count(b"<table"),
        formulas=formulas,
        languages=tuple(languages),
    )


_TEXT = etree.XPath("string()", smart_strings=False)
