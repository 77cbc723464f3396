"""Checks that converted Markdown says the same as the original HTML: renders both and compares the results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from chapbook.markup.page import RenderSettings
from chapbook.model.contents import Chapter
from chapbook.reading.epub_archive import local_name
from chapbook.reading.epub_pages import body_of
from chapbook.rendering.document import render_chapter
from chapbook.starting.markdown import HEADINGS, as_html, as_markdown, blocks_of, joined

__all__ = ["Written", "written_chapter"]

_SAME = MappingProxyType({"i": "em", "b": "strong", "s": "del", **dict.fromkeys(HEADINGS, "h")})
_IN_LINES = frozenset({"em", "strong", "del", "code", "sub", "sup"})
_OF_BLOCKS = frozenset({"h", "pre", "li", "td", "th", "dt", "dd", "blockquote"})
_MARKED = _IN_LINES | _OF_BLOCKS
_COUNTED = frozenset({"img", "br", "hr", "a"})
_LINES = _OF_BLOCKS | {"aside", "br", "caption", "div", "figcaption", "figure", "header", "p", "section", "tr"}
"""Elements that begin and end a line."""

_SPACE = re.compile(r"[ \t\r\n]+")


class Written(Struct, frozen=True, kw_only=True):
    """A chapter's text in Markdown."""

    text: str
    kept: int = 0
    """Blocks that stay HTML."""
    is_equal: bool = True
    """Whether it reads like the old chapter."""


class _Reading(Struct, frozen=True):
    """What a reader sees of a chapter."""

    words: str
    marked: tuple[tuple[str, str], ...]
    """The marked-up texts, and their markup."""
    counted: tuple[str, ...]
    """Pictures, links, lines."""


def written_chapter(section: etree._Element, chapter: Chapter) -> Written:
    """The chapter in `section` as Markdown that reads the same; `chapter` says how its file will be read.

    A block whose Markdown would read differently stays HTML; if that isn't enough, all blocks do.
    """
    blocks = list(blocks_of(section))
    if not blocks:
        return Written(text="")
    html = [as_html(each) for each in blocks]
    whole = _reading("\n".join(html), replace(chapter, dialect="html", show_title=False))
    texts = [as_markdown(block) or html[at] for at, block in enumerate(blocks)]
    made = joined(blocks, texts)
    # The rest is slow, and few chapters need it.
    if _reading(made, chapter) != whole:
        texts = [_best(block, texts[at], html[at]) for at, block in enumerate(blocks)]
        made = joined(blocks, texts)
    if _reading(made, chapter) != whole:
        _part_neighbours(blocks, texts)
        made = joined(blocks, texts)
    is_equal = _reading(made, chapter) == whole
    return Written(text=made, kept=sum(text.startswith("<") for text in texts), is_equal=is_equal)


def _part_neighbours(blocks: Sequence[etree._Element], texts: list[str]) -> None:
    """Keeps those `texts` as HTML that Markdown reads differently after the one before, as a colon below a term."""
    plain = Chapter(title="x", show_title=False)
    html = replace(plain, dialect="html")
    for at in range(1, len(blocks)):
        pair = slice(at - 1, at + 1)
        wanted = _reading("\n".join(map(as_html, blocks[pair])), html)
        for each in (at, at - 1):
            if _reading(joined(blocks[pair], texts[pair]), plain) != wanted:
                texts[each] = as_html(blocks[each], armoured=True)


def _best(block: etree._Element, text: str, html: str) -> str:
    """The first form of a block that reads the same as the block, or else the last one."""
    plain = Chapter(title="x", show_title=False)
    wanted = _reading(html, replace(plain, dialect="html"))
    for each in (text, as_markdown(block, careful=True), html):
        if each is not None and _reading(each, plain) == wanted:
            return each
    return as_html(block, armoured=True)


def _reading(text: str, chapter: Chapter) -> _Reading:
    """What a reader sees of `chapter` with that `text`."""
    chapter = replace(chapter, text=text, path="x.md")
    settings = RenderSettings(dialect=str(chapter.dialect) or "commonmark", smart=False, render_seconds=60.0)
    document = render_chapter(chapter, name="text/x.xhtml", settings=settings)
    words: list[str] = []
    marked: list[tuple[str, str]] = []
    counted: list[str] = []
    for each in (document, *document.following):
        root = etree.fromstring(each.packed.content() or b"<body/>")
        for event, element in etree.iterwalk(body_of(root), events=("start", "end")):
            name = _SAME.get(local_name(element), local_name(element))
            words.append("\n" if name in _LINES else "")
            words.append((element.text if event == "start" else element.tail) or "")
            inside = "".join(map(str, element.itertext())) if event == "start" and name in _MARKED else ""
            if inside.strip():
                marked.append((name, inside.strip("\n") if name == "pre" else "".join(inside.split())))
            elif event == "start" and name in _COUNTED and not _is_bare(element):
                counted.append(name)
    return _Reading(_SPACE.sub(" ", "".join(words)).strip(), tuple(marked), tuple(counted))


def _is_bare(element: etree._Element) -> bool:
    """Whether it is a link that shows its own address, which chapbook makes from plain addresses."""
    words = "".join(map(str, element.itertext()))
    return bool(words) and words in element.get("href", "")
