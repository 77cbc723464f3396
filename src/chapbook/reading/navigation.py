"""The order that an author's own tool gives: ``SUMMARY.md`` of mdBook, GitBook and HonKit, the ``nav`` of MkDocs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import normpath
from urllib.parse import unquote

from msgspec import Struct

from chapbook.keys.languages import parse_language
from chapbook.keys.tree import MappingNode, Node, ScalarNode, SequenceNode
from chapbook.keys.yaml_tree import parse_yaml
from chapbook.model.metadata import Contributor

__all__ = ["Entry", "Project", "find_project"]


class Entry(Struct, frozen=True, kw_only=True):
    """A line of a navigation file: a chapter, with what is below it, or the title of a part."""

    title: str
    path: str = ""
    """Relative to the content folder; empty for a part without a page."""
    line: int = 1
    children: tuple[Entry, ...] = ()


class Project(Struct, frozen=True, kw_only=True):
    """What a tool's own files say of a book."""

    folder: str = ""
    """Where its pages lie, relative to the content folder."""
    file: str = ""
    """The navigation file; empty where the tool orders pages by their names."""
    entries: tuple[Entry, ...] = ()
    values: Mapping[str, object] = {}
    """Fields of the book: ``title``, ``authors``, ``language``."""
    settings_file: str = ""
    """What they were read from."""


def find_project(paths: frozenset[str], read: Callable[[str], str]) -> Project | None:
    """The project that a content folder is the root, or the folder of pages, of. `read` gives a file's text."""
    if "mkdocs.yml" in paths:
        return _mkdocs(paths, read("mkdocs.yml"))
    for name in _OF_HUGO:
        if name in paths and any(path.startswith("content/") for path in paths):
            return Project(folder="content", values=_hugo(name, read(name)), settings_file=name)
    values: Mapping[str, object] = {}
    folder = ""
    if "book.toml" in paths:
        values, folder = _book_toml(read("book.toml"))
        folder = folder if any(path.startswith(f"{folder}/") for path in paths) else ""
    for name in (f"{folder}/SUMMARY.md", "SUMMARY.md", "docs/SUMMARY.md") if folder else ("SUMMARY.md",):
        if name in paths:
            folder = name.rpartition("/")[0]
            entries = tuple(_summary(read(name), folder))
            file = name if any(_pages(entries)) else ""
            return Project(folder=folder, file=file, entries=entries, values=values, settings_file="book.toml")
    return Project(folder=folder, values=values, settings_file="book.toml") if values else None


def _pages(entries: Iterable[Entry]) -> Iterator[str]:
    for each in entries:
        if each.path:
            yield each.path
        yield from _pages(each.children)


_LINK = re.compile(
    r"^([ \t]*)(?:[-*+][ \t]+|\d+[.)][ \t]+)?\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(<?([^()<>]*(?:\([^()]*\)[^()<>]*)?)>?\)[ \t]*$"
)
_IN_LIST = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
_PART = re.compile(r"^#{1,6}[ \t]+(.*)$")
_TAB = 4
_DEEPEST = 32
"""Levels of a list; an entry below stands beside the one above it."""


class _Open(Struct):
    """An entry while what is below it is read."""

    indent: int
    title: str
    path: str
    line: int
    children: list[_Open]

    def entry(self) -> Entry:
        children = tuple(each.entry() for each in self.children)
        return Entry(title=self.title, path=self.path, line=self.line, children=children)


def _summary(text: str, folder: str) -> Iterator[Entry]:
    """The entries of a ``SUMMARY.md``: links in lists as they nest, headings as the titles of parts."""
    top = _Open(-1, "", "", 0, [])
    part, open_ = top, [top]
    is_first = True
    for number, line in enumerate(text.split("\n"), 1):
        heading = _PART.match(line)
        link = _LINK.match(line)
        if heading:
            if not is_first or not line.startswith("# "):  # the first is the title of the file itself
                part = _Open(-1, _plain(heading[1].rstrip(" \t#")), "", number, [])
                top.children.append(part)
                open_ = [part]
            is_first = False
        elif link:
            is_first = False
            is_apart = not _IN_LIST.match(line)  # as the chapters before and after the numbered ones are
            if is_apart and part is not top and part.children:
                part, open_ = top, [top]
            indent = len(link[1].expandtabs(_TAB))
            while open_[-1].indent >= indent or len(open_) > _DEEPEST:
                open_.pop()
            each = _Open(indent, _plain(link[2]), _page(link[3], folder), number, [])
            open_[-1].children.append(each)
            open_.append(each)
    return (each.entry() for each in top.children if each.children or each.path)


def _plain(title: str) -> str:
    return re.sub(r"\\(.)|[*_`]", r"\1", title).strip()


def _page(target: str, folder: str) -> str:
    """The file that a link of a navigation file means; empty for a draft and an address."""
    path = unquote(target.partition("#")[0].strip())
    if not path or "://" in path or path.startswith(("mailto:", "//")):
        return ""
    if not path.lower().endswith((".md", ".markdown")):
        return ""
    return normpath(f"{folder}/{path}".lstrip("/"))


def _mkdocs(paths: frozenset[str], text: str) -> Project:
    root, _ = parse_yaml(text, code="settings-invalid")
    keys = _keys(root)
    folder = normpath(_word(keys.get("docs_dir")) or "docs")
    folder = folder if any(path.startswith(f"{folder}/") for path in paths) else ""
    entries = tuple(_nav(keys.get("nav"), folder))
    author = _word(keys.get("site_author"))
    values: dict[str, object] = {"title": _word(keys.get("site_name"))}
    values["description"] = _word(keys.get("site_description"))
    values["authors"] = (Contributor(name=author),) if author else ()
    theme = _keys(keys.get("theme"))
    values["language"] = _word(theme.get("language"))
    said = {name: value for name, value in values.items() if value}
    file = "mkdocs.yml" if entries else ""
    return Project(folder=folder, file=file, entries=entries, values=said, settings_file="mkdocs.yml")


def _nav(node: Node | None, folder: str) -> Iterator[Entry]:
    for item in node.items if isinstance(node, SequenceNode) else ():
        if isinstance(item, ScalarNode):
            path = _page(item.text, folder)
            if path:
                yield Entry(title="", path=path, line=item.at.line)
            continue
        for pair in item if isinstance(item, MappingNode) else ():
            title = pair.key.text.strip()
            if isinstance(pair.value, ScalarNode):
                path = _page(pair.value.text, folder)
                if path:
                    yield Entry(title=title, path=path, line=pair.key.at.line)
            else:
                children = tuple(_nav(pair.value, folder))
                if children:
                    yield Entry(title=title, line=pair.key.at.line, children=children)


def _book_toml(text: str) -> tuple[Mapping[str, object], str]:
    from chapbook.keys.toml_tree import parse_toml  # noqa: PLC0415 - few books have TOML

    root, _ = parse_toml(text)
    book = _keys(_keys(root).get("book"))
    authors = book.get("authors")
    names = [_word(each) for each in authors.items] if isinstance(authors, SequenceNode) else [_word(authors)]
    values: dict[str, object] = {name: _word(book.get(name)) for name in ("title", "language", "description")}
    values["authors"] = tuple(Contributor(name=name) for name in names if name)
    return {name: value for name, value in values.items() if value}, normpath(_word(book.get("src")) or "src")


_OF_HUGO = ("hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml")


def _hugo(name: str, text: str) -> Mapping[str, object]:
    root: Node | None
    if name.endswith(".toml"):
        from chapbook.keys.toml_tree import parse_toml  # noqa: PLC0415 - as above

        root, _ = parse_toml(text)
    else:
        root, _ = parse_yaml(text, code="settings-invalid")
    keys = {key.lower(): value for key, value in _keys(root).items()}
    language = _word(keys.get("locale")) or _word(keys.get("languagecode"))
    values = {"title": _word(keys.get("title")), "language": parse_language(language.replace("_", "-")) or ""}
    return {field: value for field, value in values.items() if value}


def _keys(node: Node | None) -> dict[str, Node]:
    return {pair.key.text: pair.value for pair in node} if isinstance(node, MappingNode) else {}


def _word(node: Node | None) -> str:
    return " ".join(node.text.split()) if isinstance(node, ScalarNode) and not node.is_null else ""
