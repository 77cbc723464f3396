"""The cover page and the title page: content documents made from the metadata alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from chapbook.labels import label, phrase
from chapbook.metadata import Metadata
from chapbook.packaging.description import creators_of
from chapbook.packaging.publication import COVER_PAGE_NAME, TITLE_PAGE_NAME, Resource
from chapbook.packaging.text import one_line
from chapbook.packaging.xhtml import escaped, page, reference

__all__ = ["UNNAMED_ROLES", "cover_page", "joined", "made_page", "title_page"]

_XHTML = "application/xhtml+xml"
_ROLES = ("ctb", "edt", "trl", "ill", "pht", "aui", "aft", "nrt", "cov")
"""MARC relators for which there are words, in the order of a title page; all others count as contributors."""
UNNAMED_ROLES = frozenset({"bkd", "bkp", "mrk", "pbl", "pfr", "tyd"})
"""Those who made the edition; the copyright page names them, a title page does not."""


def cover_page(metadata: Metadata, *, image: str, stylesheets: Iterable[str] = ()) -> Resource:
    """``cover.xhtml``, which shows the picture `image` (a resource's name) and nothing else.

    The picture says in words what is on it: title and authors, in the book's language. The role stands on
    it and not on the section, where EPUB's ARIA mapping does not allow it (EPUB Type to ARIA Role, doc-cover).
    """
    title = one_line(metadata.title) or label("untitled", metadata.language)
    names = joined((each.name for each in creators_of(metadata)), metadata.language)
    alt = phrase("title-by", metadata.language, title=title, names=names) if names else title
    body = (
        '<section epub:type="cover" class="cover">\n'
        f'<img src="{reference(image)}" alt="{escape(alt)}" role="doc-cover"/>\n</section>'
    )
    return made_page(COVER_PAGE_NAME, "cover", body, metadata, stylesheets)


def title_page(metadata: Metadata, *, stylesheets: Iterable[str] = ()) -> Resource:
    """``title-page.xhtml``: title, subtitle, series, who made the book and by what, publisher."""
    lines = "\n".join(_lines(metadata))
    body = f'<section epub:type="titlepage" class="title-page">\n{lines}\n</section>'
    return made_page(TITLE_PAGE_NAME, "title-page", body, metadata, stylesheets)


def made_page(name: str, key: str, body: str, metadata: Metadata, stylesheets: Iterable[str]) -> Resource:
    """The page `name` with the markup `body`; `key` is its class, and the word for its title (see labels)."""
    content = page(
        title=label(key, metadata.language),
        language=metadata.language,
        body_class=key,
        body=body,
        stylesheets=stylesheets,
    )
    return Resource(name=name, media_type=_XHTML, data=content)


def _lines(metadata: Metadata) -> Iterator[str]:
    title = escaped(metadata.title) or escaped(label("untitled", metadata.language))
    yield f'<h1 class="title">{title}</h1>'
    if subtitle := escaped(metadata.subtitle):
        yield f'<p class="subtitle" role="doc-subtitle">{subtitle}</p>'
    if metadata.series and (series := one_line(metadata.series.name)):
        index = one_line(metadata.series.index)
        words = phrase("series-place", metadata.language, name=series, index=index) if index else series
        yield f'<p class="series">{escape(words)}</p>'
    yield from _people(metadata)
    if publisher := escaped(metadata.publisher):
        yield f'<p class="publisher">{publisher}</p>'


def _people(metadata: Metadata) -> Iterator[str]:
    """A line for each author, then one for each other role with all who had it."""
    by_role: dict[str, list[str]] = {}
    for each in metadata.authors:
        if not (name := one_line(each.name)) or each.role in UNNAMED_ROLES:
            continue
        if each.role in {"aut", "cre"}:
            yield f'<p class="author">{escape(name)}</p>'
        else:
            by_role.setdefault(each.role if each.role in _ROLES else _ROLES[0], []).append(name)
    for role in sorted(by_role, key=_ROLES.index):
        words = phrase(f"role-{role}", metadata.language, names=joined(by_role[role], metadata.language))
        yield f'<p class="author contributor">{escape(words)}</p>'


def joined(names: Iterable[str], language: str) -> str:
    """Several names on one line, with the language's comma between them."""
    return label("list-comma", language).join(filter(None, map(one_line, names)))
