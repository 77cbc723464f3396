"""What holds for any text in any dialect, each law by itself; `hold` asks them all."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

from lxml import etree

from chapbook.dialects import render_markdown
from chapbook.markup.allowlist import ELEMENTS, Fate
from chapbook.markup.page import ContentDocument
from chapbook.model.names import document_name
from chapbook.model.settings import DialectName
from chapbook.model.urls import relative
from chapbook.source.characters import check_text
from chapbook.source.hugo import expand_shortcodes
from chapbook.source.positions import SourceText
from dialects.comparing import XHTML, local, render, shown_by_browser, strict
from support.css_addresses import css_addresses
from support.gate_content import OWN_STYLE

__all__ = ["browser_words", "hold", "hold_document", "shown_words", "told_words"]

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_FRAME = {"html", "head", "meta", "title", "link", "body"}
_SHIPPED = _FRAME | {name for name, row in ELEMENTS.items() if row.fate is Fate.KEPT and not row.name} - {"input"}
_SCHEME = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")
_LINKED = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_HEADING = re.compile(r"h[1-6]")


def hold(text: str, dialect: DialectName) -> ContentDocument:
    """Renders `text`, asks every law, and gives the document."""
    document = render(text, dialect)
    assert document.data, document.diagnostics
    hold_document(document, text)
    _it_is_the_same_again(document, text, dialect)
    return document


def hold_document(document: ContentDocument, text: str) -> None:
    """Asks of the `document` of `text` what holds for any."""
    root = strict(document)
    elements = list(root.iter(etree.Element))
    _nothing_unknown_ships(elements)
    _nothing_runs(elements)
    _nothing_is_remote(elements)
    _ids_are_unique(document, elements)
    _no_heading_is_skipped(document, elements)
    _links_are_recorded(document, elements)
    _pictures_are_recorded(document, elements)
    _every_fault_has_a_place(document, text)


def shown_words(document: ContentDocument) -> str:
    """All that a reader sees or hears of the document: text, and the names of pictures and formulas."""
    root = strict(document)
    told = ["".join(str(part) for part in root.itertext())]
    told += [value for each in root.iter(etree.Element) for name, value in each.attrib.items() if name in _READ]
    return "\n".join(told)


def told_words(document: ContentDocument) -> str:
    """What is shown, and what the author is told."""
    return "\n".join([shown_words(document), *(each.message for each in document.diagnostics)])


def browser_words(text: str, dialect: DialectName) -> str:
    """What a browser shows of the HTML that the dialect makes of `text`, before chapbook does anything to it."""
    checked, _ = check_text(SourceText(text=text, path="a.md"))
    expanded, _ = expand_shortcodes(SourceText(text=checked, dialect=dialect, path="a.md"))
    return shown_by_browser(render_markdown(expanded, dialect)).words


_READ = frozenset({"alt", "title", "aria-label", "alttext"})


def _nothing_unknown_ships(elements: list[etree._Element]) -> None:
    strangers = {local(each) for each in elements if str(each.tag).startswith(XHTML)} - _SHIPPED
    assert not strangers, strangers


def _nothing_runs(elements: list[etree._Element]) -> None:
    for each in elements:
        assert local(each).lower() not in {"script", "style", "iframe", "object", "embed", "form", "foreignobject"}
        for name, value in each.attrib.items():
            assert not name.lower().startswith("on"), name
            assert name != "style" or OWN_STYLE.fullmatch(value), value
            assert name in _READ or not "".join(value.split()).lower().startswith("javascript:"), value


def _nothing_is_remote(elements: list[etree._Element]) -> None:
    for each in elements:
        for name, value in each.attrib.items():
            plain = name.rpartition("}")[2]
            if plain in {"src", "poster", "data", "srcset"} or (plain == "href" and local(each) != "a"):
                assert not _SCHEME.match(value), (local(each), name, value)
            elif plain == "href" and _SCHEME.match(value):
                assert _LINKED.match(value), value
            elif str(each.tag).startswith("{http://www.w3.org/2000/svg}") and name not in _READ:
                assert all(address.startswith("#") for address in css_addresses(value)), value


def _ids_are_unique(document: ContentDocument, elements: list[etree._Element]) -> None:
    ids = Counter(each.get("id", "") for each in elements if "id" in each.attrib)
    assert all(count == 1 and name and not re.search(r"\s", name) for name, count in ids.items()), ids
    assert document.ids == set(ids)
    for each in elements:
        assert set(each.get("aria-labelledby", "").split()) <= set(ids)


def _no_heading_is_skipped(document: ContentDocument, elements: list[etree._Element]) -> None:
    headings = [each for each in elements if _HEADING.fullmatch(local(each))]
    levels = [int(local(each)[1]) for each in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert all(each.get("id") for each in headings)
    listed = [each.id for each in document.headings]
    assert listed == [name for name in (each.get("id") for each in headings) if name in set(listed)]
    assert all(each.text for each in document.headings)


def _links_are_recorded(document: ContentDocument, elements: list[etree._Element]) -> None:
    written = Counter(_inner_targets(elements))
    recorded = Counter(
        unquote((relative(document_name(link.source), document.name) if link.source else "") + "#" + link.fragment)
        for link in document.links
    )
    own = relative(document.name, document.name)
    for target, count in written.items():
        alike = {target, own + target, target.removeprefix(own)}
        assert sum(recorded[each] for each in alike) >= count, (target, written, recorded)


def _inner_targets(elements: list[etree._Element]) -> Iterator[str]:
    for each in elements:
        href = each.get("href")
        if local(each) != "a" or href is None or _SCHEME.match(href):
            continue
        if any("chapter-contents" in above.get("class", "").split() for above in each.iterancestors()):
            assert unquote(href[1:]) in {other.get("id") for other in elements}
            continue
        if each.get(_EPUB_TYPE) == "noteref" or each.get("role") == "doc-backlink":
            assert unquote(href[1:]) in {other.get("id") for other in elements}
            continue
        path, _, fragment = href.partition("#")
        yield unquote(f"{path}#{fragment}")


def _pictures_are_recorded(document: ContentDocument, elements: list[etree._Element]) -> None:
    shown = [each for each in elements if local(each) in {"img", "audio", "video", "source"} and "src" in each.attrib]
    shown += [each for each in elements if "poster" in each.attrib]
    assert len(document.images) >= len(shown)
    for each in shown:
        assert local(each) != "img" or "alt" in each.attrib


def _every_fault_has_a_place(document: ContentDocument, text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for each in document.diagnostics:
        assert each.path == "a.md", each
        assert each.line is not None, each
        assert 1 <= each.line <= lines, (each, lines)


def _it_is_the_same_again(document: ContentDocument, text: str, dialect: DialectName) -> None:
    assert render(text, dialect) == document
    assert pickle.loads(pickle.dumps(document)) == document
