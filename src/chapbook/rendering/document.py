"""Renders a chapter as its content document: runs the constructs in order, and records the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from lxml import etree
from msgspec.structs import replace

from chapbook.dialects import render_markdown
from chapbook.markup.page import ContentDocument, Known, Marked, Page, RenderSettings
from chapbook.markup.parsing import DEEPEST, MATHML, SVG, has_raw_html, parse_markup
from chapbook.markup.raw_html import report_faults
from chapbook.markup.trees import IDS
from chapbook.model.contents import Chapter
from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import ChapbookError, Diagnostic, most_of
from chapbook.model.hooks import HOOKS, Hooks, OwnCode, has_any, load
from chapbook.model.hyphenation import plain
from chapbook.model.limits import MOST_MESSAGES
from chapbook.model.marks import EMPTY_COMMENT
from chapbook.model.reading_speed import words_and_seconds
from chapbook.passes.punctuation import set_text
from chapbook.rendering.deadline import Overdue, deadline
from chapbook.rendering.failures import (
    exhausted_document,
    failed_document,
    overdue_document,
    unforeseen,
    where_they_are,
)
from chapbook.rendering.frame import accent_of, piece_name, type_of, write_documents
from chapbook.source.characters import check_text
from chapbook.source.positions import Locator, SourceText

__all__ = ["render_chapter"]


def render_chapter(
    chapter: Chapter,
    *,
    name: str,
    settings: RenderSettings,
    known: Known | None = None,
    hooks: Hooks = HOOKS,
    limit: Callable[[float], AbstractContextManager[None]] = deadline,
) -> ContentDocument:
    """The content document of `chapter`, called `name` in the publication.

    It depends only on its arguments, in all processes. Content errors aren't raised: they are in the document's
    diagnostics, and with an error the document is empty. `limit` is `deadline`, or `worker_deadline` in a worker
    process.
    """
    known = Known() if known is None else known
    try:
        with limit(settings.render_seconds):
            return _rendered(chapter, name, settings, known, hooks)
    except Overdue:
        return overdue_document(chapter, name, settings.render_seconds)
    except MemoryError:
        return exhausted_document(chapter, name)
    except ChapbookError as error:
        return failed_document(chapter, name, error.diagnostics)
    except Exception as error:  # noqa: BLE001 - an error in one chapter is reported and must not stop the others
        return failed_document(chapter, name, (unforeseen(chapter, error, settings, hooks),))


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
    for each in hooks.at("tree", settings.dialect, settings.syntax, settings.target):
        load(each.code)(page)
    return _noted(page, accent)


def _prepared(chapter: Chapter, settings: RenderSettings, hooks: Hooks) -> tuple[str, str, list[Diagnostic]]:
    """The text that positions refer to, the text for the dialect, and the diagnostics of the text constructs."""
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
    """Reports damaged characters in the front matter, at their positions."""
    for key, text in (("title", chapter.title), ("heading", chapter.heading), ("description", chapter.description)):
        if not text.isascii():
            at = chapter.positions.get(key)
            for each in check_text(SourceText(text=text, path=chapter.path))[1]:
                yield replace(each, line=at.line if at else None, column=at.column if at else None, fix=())


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
    said = map(plain, (page.title, page.label, page.chapter.contents_title))
    title, label, listed = (set_text(each, page.language) if page.settings.smart else each for each in said)
    formulas, ids = list(body.iter(f"{{{MATHML}}}math")), frozenset((*IDS(body), *filter(None, (body.get("id"),))))
    described = bool(formulas) and all(each.get("alttext") for each in formulas)
    (first, data), *others = write_documents(page, accent, title=title, label=label)
    told = tuple(where_they_are(page.chapter, page.diagnostics))
    words, seconds = words_and_seconds(text)
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
        words=words,
        reading_seconds=seconds,
        marked=_marked([(first, data), *others], len(formulas)),
        described_math=described,
        diagnostics=most_of(told, MOST_MESSAGES, "this chapter", page.chapter.path),
        embedded=page.embedded,
        divided=page.divided,
        numbered=page.numbered,
        changes=page.changes,
        following=tuple(_following(page, title, each, number) for number, each in enumerate(others, 2)),
    )


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


def _marked(documents: list[tuple[etree._Element, bytes]], formulas: int) -> Marked:
    languages = {part.partition(b'"')[0].decode(): None for _, data in documents for part in data.split(b' lang="')[1:]}
    tables = sum(1 for section, _ in documents for _ in section.iter("table"))
    headings = sum(1 for section, _ in documents for _ in section.iter(*_HEADINGS))
    return Marked(headings=headings, tables=tables, formulas=formulas, languages=tuple(languages))


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TEXT = etree.XPath("string()", smart_strings=False)
