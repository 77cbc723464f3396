"""The copyright page and the page of the series: what readers may want to know of the edition, from its metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from html import escape

from chapbook.labels import date_in_words, label, phrase
from chapbook.metadata import Identifier, Metadata, Series
from chapbook.packaging.pages import UNNAMED_ROLES, joined, made_page
from chapbook.packaging.publication import COPYRIGHT_PAGE_NAME, SERIES_PAGE_NAME, Resource
from chapbook.packaging.text import one_line
from chapbook.packaging.xhtml import escaped

__all__ = ["copyright_page", "series_page"]

_ROLES = {"bkd": "bkd", "tyd": "bkd", "bkp": "bkp", "mrk": "bkp", "pfr": "pfr"}
"""MARC relators of those whom the title page leaves out, with those for which there are words."""
_WHOLE_DATE = len("2024-10-05")
_FEWEST_VOLUMES = 2


def copyright_page(metadata: Metadata, *, stylesheets: Iterable[str] = ()) -> Resource | None:
    """``copyright-page.xhtml``: rights, publisher, date, who made the edition, identifier.

    ``None`` for a book of which there is no more to say than its title page does: one without rights,
    publisher and ISBN.
    """
    identifier = metadata.identifier
    isbn = identifier is not None and identifier.scheme == "isbn"
    if not (one_line(metadata.rights) or _publishers(metadata) or isbn):
        return None
    lines = "\n".join(_lines(metadata))
    name = escaped(label("copyright-page", metadata.language))
    body = f'<section epub:type="copyright-page" class="copyright-page made" aria-label="{name}">\n{lines}\n</section>'
    return made_page(COPYRIGHT_PAGE_NAME, "copyright-page", body, metadata, stylesheets)


def _lines(metadata: Metadata) -> Iterator[str]:
    language = metadata.language
    title = escaped(metadata.title) or escaped(label("untitled", language))
    yield f'<p class="title"><cite>{title}</cite></p>'
    if rights := escaped(metadata.rights):
        yield f'<p class="rights">{rights}</p>'
    if publishers := _publishers(metadata):
        yield _line("publisher", phrase("published-by", language, names=joined(publishers, language)))
    if date := one_line(metadata.date):
        yield _line("date", phrase("published-on", language, date=_day(date, language)))
    for role, names in _makers(metadata).items():
        yield _line("contributor", phrase(f"role-{role}", language, names=joined(names, language)))
    if metadata.identifier is not None:
        yield _line("identifier", _identifier(metadata.identifier, language))


def _line(kind: str, words: str) -> str:
    return f'<p class="{kind}">{escape(words)}</p>'


def _publishers(metadata: Metadata) -> list[str]:
    """The publisher, and whoever has its role among the contributors."""
    names = [metadata.publisher, *(each.name for each in metadata.authors if each.role == "pbl")]
    return list(dict.fromkeys(filter(None, map(one_line, names))))


def _makers(metadata: Metadata) -> dict[str, list[str]]:
    by_role: dict[str, list[str]] = {role: [] for role in dict.fromkeys(_ROLES.values())}
    for each in metadata.authors:
        if each.role in UNNAMED_ROLES and each.role in _ROLES and one_line(each.name):
            by_role[_ROLES[each.role]].append(each.name)
    return {role: names for role, names in by_role.items() if names}


def _day(date: str, language: str) -> str:
    """A whole date in words; a year or a month as it was given, since a month alone has other forms in words."""
    if len(date) != _WHOLE_DATE:
        return date
    try:
        return date_in_words(dt.date.fromisoformat(date), language)
    except ValueError:
        return date


def _identifier(identifier: Identifier, language: str) -> str:
    value = one_line(identifier.value)
    if identifier.scheme == "isbn":
        return f"ISBN {value.removeprefix('urn:isbn:')}"
    if identifier.scheme == "doi":
        return f"DOI {value.removeprefix('doi:')}"
    return phrase("identifier", language, value=value)


def series_page(metadata: Metadata, *, stylesheets: Iterable[str] = ()) -> Resource | None:
    """``series-page.xhtml``: the titles of the series' volumes in order, this one marked.

    ``None`` where the volumes are not known, or there is only this one.
    """
    series = metadata.series
    if series is None or len(series.volumes) < _FEWEST_VOLUMES or not one_line(series.name):
        return None
    language = metadata.language
    heading = f'<p class="label">{escaped(label("in-this-series", language))}</p>'
    title = f'<h1 class="title" id="series-title">{escaped(series.name)}</h1>'
    items = "\n".join(_volumes(series, metadata))
    body = (
        '<section epub:type="backmatter" class="series-page" aria-labelledby="series-title">\n'
        f'<header class="opening">{heading}{title}</header>\n<ol class="volumes">\n{items}\n</ol>\n</section>'
    )
    return made_page(SERIES_PAGE_NAME, "in-this-series", body, metadata, stylesheets)


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
    """Where the book stands among `titles`: at its index where that is it, else where its title is."""
    place = int(index) - 1 if index.isdecimal() else -1
    if 0 <= place < len(titles) and titles[place] == own:
        return place
    return titles.index(own) if own in titles else None
