"""The chapter's title and opening, and the headings below: levels, ids, table of contents.

Ids follow GitHub's rule, so that links written for GitHub, Hugo or mdBook work: lower case, no punctuation, a hyphen
for each space, and ``-1``, ``-2`` for repeated ids.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from lxml import etree

from chapbook.markup.page import Heading, Page
from chapbook.markup.trees import EPUB_TYPE, IDS, add_class, make, remove, unwrap
from chapbook.model.hyphenation import plain
from chapbook.model.labels import date_in_words, label
from chapbook.model.names import readable
from chapbook.model.xml_text import single_spaced, xml_text

__all__ = ["note_headings", "plain_text", "shape_headings", "slug", "take_title"]

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LOWEST = 6
_NO_WORDS = frozenset({"rt", "rp", "script", "style"})
_NOTE = re.compile(r"\[\^([^\[\]\s][^\[\]\n]{0,200})\]")
_DEFINITION = "footnote-definition"
_PERMALINKS = frozenset({"", "#", "¶", "§", "🔗", "⚓", "∞", "link"})
_NOT_KEPT = re.compile(r"[^\w\- ]")
_NOT_COMPARED = re.compile(r"[\W_]+")
_NOT_LISTED = ("blockquote", "aside", "table", "li", "figure", "dl")
"""Headings inside these aren't listed in the contents."""
_UNDATED = frozenset({"dedication", "epigraph", "copyright-page", "colophon"})
"""Chapter types whose date is only in the metadata, like that of a part's opening."""


def plain_text(element: etree._Element) -> str:
    """The words of `element`, without note references and ruby readings, with its pictures' alternative text."""
    return " ".join(_words(element).split())


def _words(element: etree._Element) -> str:
    parts: list[str] = []
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if each is not element and (each.tag in _NO_WORDS or _is_note_sign(each)):
                continue
            parts.append(each.get("alt", "") if each.tag == "img" else each.text or "")
        elif each is not element:
            parts.append(each.tail or "")
    return "".join(parts)


def _is_note_sign(element: etree._Element) -> bool:
    parent = element.getparent()
    return (
        element.get(EPUB_TYPE) == "noteref"
        or element.get("class") == "footnote-reference"
        or (parent is not None and parent.get("class") == "footnote-reference")
    )


def take_title(page: Page) -> None:
    """Finds the title, and puts the opening (label, title, standfirst, author, date) at the start of the chapter.

    The title is the front matter's, or the first ``h1``, or the file's name made readable. A first heading that repeats
    the title moves into the opening. In a chapter of HTML it stays in its place.
    """
    _drop_permalinks(page)
    if page.settings.dialect == "html" and _stays(page):
        return
    chapter, first = page.chapter, next(page.body.iter(*_HEADINGS), None)
    page.label = _line(chapter.heading)
    pieces = _parted_at_notes(page, _line(chapter.title) or page.title)
    page.title = _line("".join(pieces[::2]))
    heading: etree._Element | None = None
    if not page.title:
        heading = next((each for each in page.body.iter("h1") if plain_text(each)), None)
    elif first is not None and _repeats(plain_text(first), page.title, page.label):
        heading = first
    if heading is not None:
        page.title = page.title or plain_text(heading)
        if chapter.prints_title or chapter.show_title is not None or _names_kind(page, heading):
            remove(heading)
        else:  # the first line of a dedication may be written as a heading
            heading.tag = "p"
    page.title = page.title or _named_by_file(page) or page.label or _line(page.settings.book_title) or "…"
    opening = _opening(page, heading, pieces)
    if len(opening):
        page.body.insert(0, opening)
        opening.tail, page.body.text = page.body.text, None


def _named_by_file(page: Page) -> str:
    """The file's name made readable; for a dedication in ``01.md`` or ``dedication.md``, the word in the book's
    language.
    """
    chapter, name = page.chapter, _line(readable(page.chapter.path))
    if chapter.prints_title or chapter.show_title is not None:
        return name
    says_kind = name.casefold() == chapter.type or not any(map(str.isalpha, name))
    return label(chapter.type, page.language) if says_kind else name


def _stays(page: Page) -> bool:
    """Whether the heading with the title of an HTML chapter stays in its place, or the chapter shows no title.

    If the title isn't printed above the text, the first heading is the title. If the front matter has words for an
    opening, the heading moves there.
    """
    chapter, of_document = page.chapter, _line(page.title)
    headings = [each for each in page.body.iter(*_HEADINGS) if plain_text(each)]
    title, page.label = _line(chapter.title), _line(chapter.heading)
    own = headings[0] if headings else None
    if chapter.prints_title and title:
        own = own if own is not None and _repeats(plain_text(own), title, page.label) else None
    elif chapter.prints_title:
        own = next((each for each in headings if each.tag == "h1"), None)
    page.title = ""
    if own is None and chapter.prints_title:
        page.title = "" if title else of_document
        return False
    if page.label or chapter.description or chapter.authors or chapter.date:
        return False
    page.heading = own
    page.title = title or (plain_text(own) if own is not None else of_document) or _line(readable(chapter.path)) or "…"
    return True


def _drop_permalinks(page: Page) -> None:
    """Removes the permalinks that extensions and sites add to headings; they are for the web."""
    for heading in page.body.iter(*_HEADINGS) if "<" in page.chapter.text or page.settings.extensions else ():
        for link in [each for each in heading.iter("a") if (each.get("href") or "").startswith("#")]:
            words = "".join(map(str, link.itertext())).strip()
            if words in _PERMALINKS or "headerlink" in link.get("class", "").split():
                link[:] = []
                remove(link)
            elif "toclink" in link.get("class", "").split():
                unwrap(link)


def _line(text: str) -> str:
    """`text` on one line, without what XML can't contain: a chapter made in Python wasn't checked before."""
    return single_spaced(xml_text(text))


def _repeats(heading: str, title: str, label: str) -> bool:
    told = _compared(heading)
    return bool(told) and told in {_compared(title), _compared(f"{label} {title}"), _compared(f"{title} {label}")}


def _compared(text: str) -> str:
    return _NOT_COMPARED.sub("", unicodedata.normalize("NFKD", text).casefold()) or text.casefold()


def _names_kind(page: Page, heading: etree._Element) -> bool:
    """Whether the words only name the chapter's type, as "Dedication" does, or repeat the front matter."""
    chapter, kind = page.chapter, page.chapter.type
    names = (chapter.title, kind, label(kind, page.language), label(kind, "en"), readable(chapter.path))
    return _compared(plain_text(heading)) in {_compared(each) for each in names if each}


def _parted_at_notes(page: Page, title: str) -> list[str]:
    """Alternately the title's words and the labels of its notes. A label without a note stays part of the words."""
    pieces = _NOTE.split(title)
    if len(pieces) == 1:
        return pieces
    notes = {each.get("id", "").casefold() for each in page.body.iter("div") if each.get("class") == _DEFINITION}
    return pieces if notes.issuperset(label.casefold() for label in pieces[1::2]) else [title]


def _opening(page: Page, heading: etree._Element | None, pieces: Sequence[str]) -> etree._Element:
    chapter = page.chapter
    opening = make("header", class_="opening")
    if page.label:
        opening.append(make("p", class_="label", text=page.label))
    if chapter.prints_title:
        opening.append(_title(page, heading, pieces))
    for name, text in (
        ("description", _line(chapter.description)),
        ("author", _line(label("list-comma", page.language).join(chapter.authors))),
    ):
        if text:
            opening.append(make("p", class_=name, text=text))
    if chapter.date and page.settings.kind != "part" and chapter.type not in _UNDATED:
        written = make("time", datetime=chapter.date.isoformat(), text=date_in_words(chapter.date, page.language))
        opening.append(make("p", class_="date"))
        opening[-1].append(written)
    return opening


def _title(page: Page, heading: etree._Element | None, pieces: Sequence[str]) -> etree._Element:
    """The heading as the author formatted it, or the front matter's words with references to their notes."""
    tag = f"h{min(page.settings.level, _LOWEST)}"
    same = heading is not None and _compared(plain_text(heading)) == _compared(page.title)
    if heading is None or not same:
        title = make(tag, class_="title", text=pieces[0] if len(pieces) > 1 else page.title)
        for label, words in zip(pieces[1::2], pieces[2::2], strict=True):
            title.append(make("sup", class_="footnote-reference"))
            title[-1].append(make("a", href=f"#{label}", text="1"))
            title[-1].tail = words
        if heading is not None and heading.get("id"):
            title.set("id", heading.get("id", ""))
    else:
        title = heading
        title.tag = tag
        add_class(title, "title")
    return title


def slug(text: str) -> str:
    """GitHub's id for a heading of these words, before it is made unique; ``section`` if no words are left."""
    lowered = text.strip().lower()
    if lowered.isascii():
        kept = _NOT_KEPT.sub("", lowered)
    else:
        kept = "".join(each for each in lowered if each in "-_ " or unicodedata.category(each)[0] in "LMN")
    return kept.replace(" ", "-") or "section"


def shape_headings(page: Page) -> None:
    """Sets the headings' levels and ids.

    The first level below the title is one lower than the title's; no level is skipped, and none is below ``h6``. In a
    part, where the title is an ``h2`` or lower, the classes ``section-1`` to ``section-5`` keep a heading's rank. An
    author's id stays. A heading without words isn't a heading.
    """
    taken = set(IDS(page.body))
    used: dict[str, int] = {}
    open_levels: list[int] = []
    base = min(page.settings.level, _LOWEST)
    for heading in list(page.body.iter(*_HEADINGS)):
        words = plain_text(heading)
        parent = heading.getparent()
        if heading is page.heading or (
            parent is not None and parent.get("class") == "opening" and page.heading is None
        ):
            heading.tag = f"h{base}"
            _identify(heading, words, taken, used)
            continue
        if parent is not None and parent.get(EPUB_TYPE) == "endnotes":
            continue
        if not words:
            _become_no_heading(heading)
            continue
        own = int(str(heading.tag)[1])
        while open_levels and open_levels[-1] >= own:
            open_levels.pop()
        open_levels.append(own)
        rank = min(len(open_levels), _LOWEST - 1)
        heading.tag = f"h{min(base + rank, _LOWEST)}"
        if base > 1:
            add_class(heading, f"section-{rank}")
        _identify(heading, words, taken, used)
        if not any(True for _ in heading.iterancestors(*_NOT_LISTED)):
            page.listed.append((len(open_levels), heading))


def _become_no_heading(heading: etree._Element) -> None:
    """Turns a heading without words into a paragraph if it shows something; otherwise removes it."""
    if len(heading) and any(each.tag not in {"br", "a", "span"} for each in heading.iterdescendants()):
        heading.tag = "p"
    elif heading.get("id") or heading.xpath(".//@id"):
        heading.tag = "div"
    elif len(heading):
        unwrap(heading)
    else:
        remove(heading)


def _identify(heading: etree._Element, words: str, taken: set[str], used: dict[str, int]) -> None:
    if heading.get("id", "").strip():
        return
    wanted = slug(words)
    name, count = wanted, used.get(wanted, 0)
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    used[wanted] = count
    taken.add(name)
    heading.set("id", name)


def note_headings(page: Page) -> None:
    """Records the headings for the table of contents, with their final words and ids."""
    page.headings += _noted(page.listed)


def _noted(listed: Iterable[tuple[int, etree._Element]]) -> Iterable[Heading]:
    for level, heading in listed:
        if text := plain(single_spaced(_words(heading))):
            yield Heading(level=level, text=text, id=heading.get("id", ""))
