"""What the files of an author's own tool say about a book: its metadata and settings, and the order of its chapters.

Here are the lists of links (``SUMMARY.md`` of mdBook, GitBook and HonKit, a README) and of names (Leanpub's
``Book.txt``); `navigation_trees` reads the order from settings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import normpath
from urllib.parse import unquote

from msgspec import Struct

from chapbook.keys.languages import parse_language
from chapbook.keys.tree import Node, SequenceNode, keys_of, word_of
from chapbook.model.metadata import Contributor

__all__ = [
    "Entry",
    "Project",
    "ProjectFiles",
    "page_of",
    "pages_of",
    "people_of",
    "plain_title",
    "read_book_txt",
    "read_summary",
    "tag_of",
    "toml_of",
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


class ProjectFiles(Struct, frozen=True, kw_only=True):
    """What can be known about a content folder before its chapters are read."""

    paths: frozenset[str]
    hidden: frozenset[str] = frozenset()
    """Names at the root that begin with a point."""
    read: Callable[[str], str]
    """Returns a file's text; empty if it doesn't exist or can't be read."""

    def first(self, *names: str) -> str:
        """The first of `names` that exists; empty if there is none."""
        return next((each for each in names if each in self.paths), "")

    def has_pages_in(self, folder: str) -> bool:
        """Whether any page is in `folder`."""
        return any(path.startswith(f"{folder}/") for path in self.paths)


class Project(Struct, frozen=True, kw_only=True):
    """What a tool's own files say about a book."""

    syntax: tuple[str, ...] = ()
    """The syntax of its chapters, as names of the key ``syntax``."""
    dialect: str = ""
    """chapbook's dialect that is closest to the tool's; empty for the default."""
    left_out: tuple[str, ...] = ()
    """Folders without chapters, such as a vault's templates."""
    assets: tuple[str, ...] = ()
    """Folders whose files pages refer to from the root."""
    folder: str = ""
    """The folder of its pages, relative to the content folder."""
    file: str = ""
    """The navigation file; empty if the tool orders pages by name or front matter."""
    entries: tuple[Entry, ...] = ()
    position_key: str = ""
    """The front matter key that orders siblings like ``weight``."""
    suffixes: tuple[str, ...] = ()
    """Suffixes that are chapters only in such a project: ``.qmd``."""
    values: Mapping[str, object] = {}
    """Fields of the book: ``title``, ``subtitle``, ``authors``, ``language``, ``description``."""
    settings_file: str = ""
    """The file they were read from."""
    addresses: tuple[str, ...] = ()
    """The web addresses of the project's site and repository."""


def people_of(node: Node | None) -> tuple[Contributor, ...]:
    """The names of one or several authors, each a text or a mapping with a ``name``."""
    items = node.items if isinstance(node, SequenceNode) else (node,)
    names = (word_of(each) or _name_of(each) for each in items)
    return tuple(Contributor(name=name) for name in names if name)


def _name_of(node: Node | None) -> str:
    name = keys_of(node).get("name")
    parts = keys_of(name)
    return word_of(name) or " ".join(filter(None, (word_of(parts.get("given")), word_of(parts.get("family")))))


def tag_of(node: Node | None) -> str:
    """A language as a BCP 47 tag; empty if it isn't one."""
    return parse_language(word_of(node).replace("_", "-")) or ""


def toml_of(text: str) -> Node | None:
    """The tree of a tool's TOML settings; ``None`` if unreadable."""
    from chapbook.keys.toml_json_tree import parse_toml  # noqa: PLC0415 - few books have TOML

    return parse_toml(text)[0]
