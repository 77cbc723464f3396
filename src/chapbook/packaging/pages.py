"""The cover page, title page and other pages made from metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from html import escape

from chapbook.model.hyphenation import plain
from chapbook.model.labels import date_in_words, label, phrase
from chapbook.model.metadata import Identifier, Metadata, Series, licence_name, text_direction
from chapbook.packaging.description import creators_of
from chapbook.packaging.publication import (
    COPYRIGHT_PAGE_NAME,
    COVER_PAGE_NAME,
    SERIES_PAGE_NAME,
    TITLE_PAGE_NAME,
    Resource,
)
from chapbook.packaging.xhtml import displayed, escaped, one_line, page, plain_line, reference

__all__ = ["copyright_page", "cover_page", "series_page", "title_page"]

_XHTML = "application/xhtml+xml"
_ROLES = ("ctb", "edt", "trl", "ill", "pht", "aui", "aft", "nrt", "cov")
"""MARC relators with their own label, in title-page order; all others count as contributors."""
_UNNAMED_ROLES = frozenset({"bkd", "bkp", "mrk", "pbl", "pfr", "tyd"})
"""Contributors to the edition, named on the copyright page but not on the title page."""


def cover_page(metadata: Metadata, *, image: str, stylesheets: Iterable[str] = ()) -> Resource:
    """``cover.xhtml``, which shows only the picture `image` (a resource's name).

    The picture's text says what is on it: title and authors, in the book's language. The role is on the picture,
    because EPUB's ARIA mapping doesn't allow it on the section (EPUB Type to ARIA Role, doc-cover).
    """
    title = plain_line(metadata.title) or label("untitled", metadata.language)
    names = _joined((each.name for each in creators_of(metadata)), metadata.language)
    alt = phrase("title-by", metadata.language, title=title, names=names) if names else title
    body = (
        '<section epub:type="cover" class="cover">\n'
        f'<img src="{reference(image)}" alt="{escape(plain(alt))}" role="doc-cover"/>\n</section>'
    )
    return _made_page(COVER_PAGE_NAME, "cover", body, metadata, stylesheets)


def title_page(metadata: Metadata, *, stylesheets: Iterable[str] = ()) -> Resource:
    """``title-page.xhtml``: title, subtitle, series, contributors with their roles, publisher."""
    lines = "\n".join(_lines(metadata))
    body = f'<section epub:type="titlepage" class="title-page">\n{lines}\n</section>'
    return _made_page(TITLE_PAGE_NAME, "title-page", body, metadata, stylesheets)


def _made_page(name: str, key: str, body: str, metadata: Metadata, stylesheets: Iterable[str]) -> Resource:
    """The page `name` with the markup `body`; `key` is its class, and the label for its title (see labels)."""
    content = page(
        title=label(key, metadata.language),
        language=metadata.language,
        body_class=key,
        body=body,
        stylesheets=stylesheets,
    )
    return Resource(name=name, media_type=_XHTML, data=content)


def _lines(metadata: Metadata) -> Iterator[str]:
    language = metadata.language
    title = displayed(metadata.title, language) or escaped(label("untitled", language))
    yield f'<h1 class="title">{title}</h1>'
    if subtitle := displayed(metadata.subtitle, language):
        yield f'<p class="subtitle" role="doc-subtitle">{subtitle}</p>'
    if metadata.series and (series := one_line(metadata.series.name)):
        index = one_line(metadata.series.index)
        words = phrase("series-place", language, name=series, index=index) if index else series
        yield f'<p class="series">{displayed(words, language)}</p>'
    yield from _people(metadata)
    if publisher := escaped(metadata.publisher):
        yield f'<p class="publisher">{publisher}</p>'


def _people(metadata: Metadata) -> Iterator[str]:
    """A line for each author, then a line for each other role with its contributors."""
    by_role: dict[str, list[str]] = {}
    for each in metadata.people:
        if not (name := one_line(each.name)) or each.role in _UNNAMED_ROLES:
            continue
        if each.role in {"aut", "cre"}:
            yield f'<p class="author">{displayed(name, metadata.language)}</p>'
        else:
            by_role.setdefault(each.role if each.role in _ROLES else _ROLES[0], []).append(name)
    for role in sorted(by_role, key=_ROLES.index):
        words = phrase(f"role-{role}", metadata.language, names=_joined(by_role[role], metadata.language))
        yield f'<p class="author contributor">{escape(words)}</p>'


def _joined(names: Iterable[str], language: str) -> str:
    """Several names on one line, joined by the language's comma."""
    return label("list-comma", language).join(filter(None, map(one_line, names)))


_MAKERS = {"bkd": "bkd", "tyd": "bkd", "bkp": "bkp", "mrk": "bkp", "pfr": "pfr"}
"""MARC relators that the title page leaves out, with the one whose label they use."""
_WHOLE_DATE = len("2024-10-05")
_FEWEST_VOLUMES = 2


def copyright_page(metadata: Metadata, *, stylesheets: Iterable[str] = ()) -> Resource | None:
    """``copyright-page.xhtml``: rights, licence, publisher, date, edition, contributors, the original, identifiers.

    ``None`` if it would say no more than the title page: the book has no rights, licence, publisher, imprint, edition,
    original or ISBN.
    """
    identifier = metadata.identifier
    isbn = identifier is not None and identifier.scheme == "isbn"
    own = (metadata.rights, metadata.rights_uri, metadata.edition, metadata.original_title, metadata.isbn_print)
    if not (any(map(one_line, own)) or _publishers(metadata) or isbn):
        return None
    lines = "\n".join(_imprint_lines(metadata))
    name = escaped(label("copyright-page", metadata.language))
    body = f'<section epub:type="copyright-page" class="copyright-page made" aria-label="{name}">\n{lines}\n</section>'
    return _made_page(COPYRIGHT_PAGE_NAME, "copyright-page", body, metadata, stylesheets)


def _imprint_lines(metadata: Metadata) -> Iterator[str]:
    language = metadata.language
    title = escaped(metadata.title) or escaped(label("untitled", language))
    yield f'<p class="title"><cite>{title}</cite></p>'
    if rights := escaped(metadata.rights):
        yield f'<p class="rights">{rights}</p>'
    if uri := escaped(metadata.rights_uri):
        yield f'<p class="rights"><a href="{uri}">{escaped(licence_name(metadata.rights_uri)) or uri}</a></p>'
    if publishers := _publishers(metadata):
        yield _line("publisher", phrase("published-by", language, names=_joined(publishers, language)))
    if date := one_line(metadata.date):
        yield _line("date", phrase("published-on", language, date=_day(date, language)))
    if edition := one_line(metadata.edition):
        is_number = edition.isascii() and edition.isdecimal()
        yield _line("edition", phrase("edition", language, number=edition) if is_number else edition)
    yield from _original(metadata)
    for role, names in _makers(metadata).items():
        yield _line("contributor", phrase(f"role-{role}", language, names=_joined(names, language)))
    if metadata.identifier is not None and metadata.identifier.scheme != "uuid":  # which tells a reader nothing
        yield _line("identifier", _identifier(metadata.identifier, language))
    if metadata.isbn_print:
        yield _line("identifier", phrase("isbn-print", language, value=metadata.isbn_print.removeprefix("urn:isbn:")))


def _original(metadata: Metadata) -> Iterator[str]:
    """The title of the work that the book is a translation of, in its own language."""
    if title := escaped(metadata.original_title):
        tag = escaped(metadata.original_language)
        direction = text_direction(tag)
        turned = f' dir="{direction}"' if tag and direction != text_direction(metadata.language) else ""
        own = f' lang="{tag}" xml:lang="{tag}"{turned}' if tag else ""
        words = phrase("original-title", metadata.language, title=f"<cite{own}>{title}</cite>")
        yield f'<p class="original">{words}</p>'


def _line(kind: str, words: str) -> str:
    return f'<p class="{kind}">{escape(words)}</p>'


def _publishers(metadata: Metadata) -> list[str]:
    """The imprint, the publisher, and contributors with that role."""
    names = [metadata.imprint, metadata.publisher, *(each.name for each in metadata.people if each.role == "pbl")]
    return list(dict.fromkeys(filter(None, map(one_line, names))))


def _makers(metadata: Metadata) -> dict[str, list[str]]:
    by_role: dict[str, list[str]] = {role: [] for role in dict.fromkeys(_MAKERS.values())}
    for each in metadata.people:
        if each.role in _UNNAMED_ROLES and each.role in _MAKERS and one_line(each.name):
            by_role[_MAKERS[each.role]].append(each.name)
    return {role: names for role, names in by_role.items() if names}


def _day(date: str, language: str) -> str:
    """A full date in words; a year or month as given, because a month alone may have another form in words."""
    if len(date) != _WHOLE_DATE:
        return date
    try:
        return date_in_words(dt.date.fromisoformat(date), language)
    except ValueError:
        return date


def _identifier(identifier: Identifier, language: str) -> str:
    value = one_line(identifier.value)
    if identifier.scheme == "isbn":
        return f"ISBN {one_line(identifier.written) or value.removeprefix('urn:isbn:')}"
    if identifier.scheme == "doi":
        return f"DOI {value.removeprefix('doi:')}"
    return phrase("identifier", language, value=value)


def series_page(metadata: Metadata, *, stylesheets: Iterable[str] = ()) -> Resource | None:
    """``series-page.xhtml``: the titles of the series' volumes in order, with this one marked.

    ``None`` if the volumes aren't known, or this is the only one.
    """
    series = metadata.series
    if series is None or len(series.volumes) < _FEWEST_VOLUMES or not one_line(series.name):
        return None
    language = metadata.language
    heading = f'<p class="label">{escaped(label("in-this-series", language))}</p>'
    title = f'<h1 class="title" id="series-title">{displayed(series.name, language)}</h1>'
    items = "\n".join(_volumes(series, metadata))
    body = (
        '<section epub:type="backmatter" class="series-page" aria-labelledby="series-title">\n'
        f'<header class="opening">{heading}{title}</header>\n<ol class="volumes">\n{items}\n</ol>\n</section>'
    )
    return _made_page(SERIES_PAGE_NAME, "in-this-series", body, metadata, stylesheets)


def _volumes(series: Series, metadata: Metadata) -> Iterator[str]:
    titles = [one_line(each) or label("untitled", metadata.language) for each in series.volumes]
    own = _own_place(titles, series.index, one_line(metadata.title))
    for place, title in enumerate(titles):
        if place == own:
            words = phrase("this-book", metadata.language, title=f"<cite>{escape(title)}</cite>")
            yield f'<li class="this-book">{words}</li>'
        else:
            yield f"<li><cite>{escape(title)}</cite></li>"


def _own_place(titles: list[str], index: str, own: str) -> int | None:
    """The book's position in `titles`: at its index if the title there matches, or else where its title is."""
    place = int(index) - 1 if index.isdecimal() else -1
    if 0 <= place < len(titles) and titles[place] == own:
        return place
    return titles.index(own) if own in titles else None
