"""Pages for tests of one pass: from markup in the common form, or from Markdown through a dialect."""

from __future__ import annotations

from lxml import etree

from chapbook.dialects import render_markdown
from chapbook.markup.page import Known, Page, RenderSettings
from chapbook.markup.parsing import has_raw_html, parse_markup
from chapbook.model.contents import Chapter
from chapbook.model.settings import DialectName
from chapbook.source.positions import Locator

__all__ = ["DIALECTS", "codes", "inner", "page_of", "read"]

DIALECTS: tuple[DialectName, ...] = ("markdown", "commonmark")


def page_of(
    markup: str,
    *,
    text: str = "",
    known: Known | None = None,
    path: str = "one/arrival.md",
    name: str = "text/one/arrival.xhtml",
    settings: RenderSettings | None = None,
) -> Page:
    """A page whose tree is `markup` (XML in the common form); `text` is the Markdown that it came from."""
    return Page(
        chapter=Chapter(text=text or markup, path=path),
        settings=settings or RenderSettings(),
        known=known or Known(),
        name=name,
        body=etree.fromstring(f'<section xmlns:epub="http://www.idpf.org/2007/ops">{markup}</section>'),
        locator=Locator(text or markup),
    )


def read(text: str, dialect: DialectName, *, known: Known | None = None, path: str = "one/arrival.md") -> Page:
    """A page as a dialect gives it, before the first pass."""
    settings = RenderSettings(dialect=dialect)
    page = page_of("", text=text, known=known, path=path, settings=settings)
    page.body = parse_markup(render_markdown(text, dialect), plain=not has_raw_html(text)).section
    return page


def inner(page: Page) -> str:
    """The markup within the page's section, without the lines between its elements."""
    etree.cleanup_namespaces(page.body, keep_ns_prefixes=["epub"])
    parts = (etree.tostring(each, encoding="unicode") for each in page.body)
    written = (page.body.text or "") + "".join(parts)
    return written.replace(' xmlns:epub="http://www.idpf.org/2007/ops"', "").replace("\n", "")


def codes(page: Page) -> list[tuple[str, int | None, int | None]]:
    """The diagnostics, each as its code, line and column."""
    return [(each.code, each.line, each.column) for each in page.diagnostics]
