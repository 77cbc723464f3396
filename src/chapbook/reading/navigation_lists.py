"""Reads the order from lists in other tools' files: links (``SUMMARY.md`` of mdBook, GitBook and HonKit, a README) or
names (Leanpub's ``Book.txt``). `navigation_settings` reads it from settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import normpath
from urllib.parse import unquote

from msgspec import Struct

__all__ = [
    "Entry",
    "page_of",
    "pages_of",
    "plain_title",
    "read_book_txt",
    "read_summary",
]


class Entry(Struct, frozen=True, kw_only=True):
    """A line of a navigation file: a chapter with its subentries, or the title of a part."""

    title: str
    path: str = ""
    """Relative to the content folder; empty for a part without a page."""
    line: int = 1
    children: tuple[Entry, ...] = ()


def pages_of(entries: Iterable[Entry]) -> Iterator[str]:
    """The paths in `entries`, in order."""
    for each in entries:
        if each.path:
            yield each.path
        yield from pages_of(each.children)


_LINK = re.compile(
    r"^([ \t]*)(?:[-*+][ \t]+|\d+[.)][ \t]+)?\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(<?([^()<>]*(?:\([^()]*\)[^()<>]*)?)>?\)(.*)$"
)
_IN_LIST = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
_PART = re.compile(r"^#{1,6}[ \t]+(.*)$")
_TAB = 4
_DEEPEST = 32
"""The most levels of a list; deeper entries move up to this level."""
_TITLE_OF_LINK = re.compile(r"""[ \t]+(?:"[^"]*"|'[^']*')\Z""")


class _Open(Struct):
    """An entry while its subentries are read."""

    indent: int
    title: str
    path: str
    line: int
    children: list[_Open]

    def entry(self) -> Entry:
        children = tuple(each.entry() for each in self.children)
        return Entry(title=self.title, path=self.path, line=self.line, children=children)


def read_summary(text: str, folder: str = "", *, is_readme: bool = False) -> tuple[Entry, ...]:
    """The entries of a ``SUMMARY.md`` in `folder`: links in nested lists, with headings as titles of parts.

    In a README (`is_readme`) only links that begin an item and lead to a page count, whatever follows them.
    """
    top = _Open(-1, "", "", 0, [])
    part, open_ = top, [top]
    is_first = True
    for number, line in enumerate(text.split("\n"), 1):
        heading = _PART.match(line)
        link = _LINK.match(line)
        if heading:
            if not is_first or not line.startswith("# "):  # the first is the title of the file itself
                part = _Open(-1, plain_title(heading[1].rstrip(" \t#")), "", number, [])
                top.children.append(part)
                open_ = [part]
            is_first = False
        elif link and _is_entry(line, link, is_readme=is_readme):
            is_first = False
            is_apart = not _IN_LIST.match(line)  # like the chapters before and after the numbered ones
            if is_apart and part is not top and part.children:
                part, open_ = top, [top]
            indent = len(link[1].expandtabs(_TAB))
            while open_[-1].indent >= indent or len(open_) > _DEEPEST:
                open_.pop()
            each = _Open(indent, plain_title(link[2]), page_of(link[3], folder), number, [])
            open_[-1].children.append(each)
            open_.append(each)
    return tuple(each.entry() for each in top.children if each.children or each.path)


def _is_entry(line: str, link: re.Match[str], *, is_readme: bool) -> bool:
    if is_readme:
        return _IN_LIST.match(line) is not None and bool(page_of(link[3], ""))
    return not link[4].strip()


def plain_title(title: str) -> str:
    """A title without Markdown."""
    return re.sub(r"\\(.)|[*_`]", r"\1", title).strip()


_PAGE = re.compile(r"\.(?:md|markdown|mkd|mdown|mdx|qmd|rmd|ipynb|rst|txt)\Z", re.IGNORECASE)


def page_of(target: str, folder: str) -> str:
    """The file that a link in a navigation file in `folder` means; empty for a draft or an address."""
    path = unquote(_TITLE_OF_LINK.sub("", target.partition("#")[0].strip()))
    if "://" in path or path.startswith(("mailto:", "//")) or not _PAGE.search(path):
        return ""
    return normpath(f"{folder}/{path}".lstrip("/"))


def read_book_txt(text: str, folder: str) -> tuple[Entry, ...]:
    """The entries of a ``Book.txt`` in `folder`: a file name on each line."""
    entries = []
    for number, line in enumerate(text.split("\n"), 1):
        path = page_of(line.partition(" #")[0], folder) if not line.lstrip().startswith("#") else ""
        if path:
            entries.append(Entry(title="", path=path, line=number))
    return tuple(entries)
