"""Finds which tool a content folder belongs to, and reads its chapters in the order of that tool's navigation file.

Files of other kinds that look like chapters are reported, as a number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from chapbook.model.contents import Chapter, Item, Part
from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.reading.book_tools import (
    bookdown,
    gitbook,
    jupyter_book,
    leanpub,
    mdbook,
    obsidian,
    parts_of_bookdown,
    quarto,
    readme,
)
from chapbook.reading.navigation_lists import Entry, pages_of, read_book_txt, read_summary
from chapbook.reading.navigation_settings import read_bookdown, read_mkdocs, read_quarto, read_sidebar, read_toc
from chapbook.reading.parts import FolderItems, PartReader
from chapbook.reading.project import Project, ProjectFiles
from chapbook.reading.site_tools import docusaurus, hugo, jekyll, mkdocs, vitepress

__all__ = ["SUFFIXES_OF_SYNTAX", "find_project", "navigated_items", "read_navigation", "unread_files"]

SUFFIXES_OF_SYNTAX = {"quarto": (".qmd", ".rmd"), "docusaurus": (".mdx",)}
"""Further suffixes of chapters, by the syntax that they are in."""
_SYNTAXES = {suffix: syntax for syntax, suffixes in SUFFIXES_OF_SYNTAX.items() for suffix in suffixes}

_TOOLS: tuple[Callable[[ProjectFiles], Project | None], ...] = (
    mkdocs,
    hugo,
    mdbook,
    quarto,
    bookdown,
    jupyter_book,
    docusaurus,
    vitepress,
    jekyll,
    leanpub,
    gitbook,
    obsidian,
)
"""In this order: the first tool whose files exist is the author's."""


def find_project(files: ProjectFiles) -> Project:
    """The project whose root, or folder of pages, is the content folder; an empty one if there is none.

    A README at the root is tried last for the order.
    """
    found = next(filter(None, (find(files) for find in _TOOLS)), Project())
    listed = readme(files) if not (found.file or found.folder or found.position_key) else None
    if listed is not None:
        found = replace(found, file=listed.file, entries=listed.entries)
    said = {name: value for name, value in found.values.items() if value}
    return replace(found, values=said, addresses=tuple(filter(None, found.addresses)))


def read_navigation(files: ProjectFiles, project: Project, name: str) -> tuple[Entry, ...]:
    """The entries of the navigation file `name`, whichever tool it belongs to."""
    folder, _, own = name.rpartition("/")
    text = files.read(name)
    stem, _, suffix = own.lower().rpartition(".")
    readers: dict[str, Callable[[], tuple[Entry, ...]]] = {
        "mkdocs": lambda: read_mkdocs(text, project.folder),
        "_quarto": lambda: read_quarto(text, files.paths),
        "_bookdown": lambda: parts_of_bookdown(read_bookdown(text, files.paths), files.read),
        "_toc": lambda: read_toc(text, folder, files.paths),
    }
    if stem in readers:
        return readers[stem]()
    if suffix == "txt":
        return read_book_txt(text, folder)
    if suffix in {"js", "ts", "mjs", "mts", "cjs", "json"}:
        return read_sidebar(text, project.folder, files.paths, ("sidebar", "docs", "module.exports"))
    entries = read_summary(text, folder)
    return entries if any(pages_of(entries)) else read_summary(text, folder, is_readme=True)


_IS_APART = re.compile(r"(?:^|/)_")
"""Files whose name begins with an underscore aren't content."""
_TITLE = re.compile(r"\n(?: {0,3}#[ \t]+\S|[^\n]+\n=+[ \t]*\n)")
"""A first-level heading, or what looks like one."""


def navigated_items(reader: PartReader, project: Project, *, weights_win: bool = True) -> FolderItems | None:
    """The chapters that the project's navigation file lists, in its order.

    ``None`` if none of them exists, or (with `weights_win`) if one has a weight, which takes precedence.
    """
    navigated = _Navigated(reader, project)
    items = navigated.items(project.entries)
    if (navigated.has_weight and weights_win) or not items:
        return None
    return FolderItems(items=items, diagnostics=(*navigated.diagnostics, *navigated.left_out()))


class _Navigated:
    """Reads the chapters of one navigation file."""

    def __init__(self, reader: PartReader, project: Project) -> None:
        self._reader = reader
        self._project = project
        self._paths = reader.page_paths()
        self._seen: set[str] = set()
        self.has_weight = False
        self.diagnostics: list[Diagnostic] = []

    def items(self, entries: Iterable[Entry]) -> tuple[Item, ...]:
        """The chapters and parts of `entries`, with weights that keep their order."""
        items: list[Item] = []
        for number, entry in enumerate(entries, 1):
            chapter = self._chapter(entry) if entry.path else None
            contents = self.items(entry.children)
            if contents:
                opening = chapter or Chapter(title=entry.title)
                items.append(Part(opening=replace(opening, weight=number), contents=contents))
            elif chapter is not None:
                items.append(replace(chapter, weight=number))
        return tuple(items)

    def _chapter(self, entry: Entry) -> Chapter | None:
        if entry.path not in self._paths:
            self.diagnostics.append(self._missing(entry))
            return None
        if entry.path in self._seen:
            return None
        self._seen.add(entry.path)
        read = self._reader.chapter(entry.path)
        self.diagnostics += read.diagnostics
        self.has_weight = self.has_weight or read.opening.weight is not None
        if not read.kept:
            return None
        chapter = replace(read.opening, contents_title=entry.title)
        has_title = chapter.title or _TITLE.search(f"\n{chapter.text}")
        return chapter if has_title or not entry.title else replace(chapter, title=entry.title)

    def _missing(self, entry: Entry) -> Diagnostic:
        message, hint = f"'{entry.path}' is listed but doesn't exist", "correct the path, or delete the line"
        if entry.path in self._reader.paths:
            message = f"'{entry.path}' is listed, but chapbook doesn't read files of its kind"
            hint = "save it as Markdown (.md)"
        return Diagnostic.of("navigation-missing", message, path=self._project.file, at=Position(entry.line), hint=hint)

    def left_out(self) -> Iterator[Diagnostic]:
        """Reports how many files the navigation file doesn't list."""
        folder = f"{self._project.folder}/" if self._project.folder else ""
        taken = self._seen | {self._project.file} | {self._reader.rendered(path) for path in self._seen}
        others = sorted(path for path in self._paths - taken if path.startswith(folder) and not _IS_APART.search(path))
        if others:
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            message = f"'{self._project.file}' doesn't list '{others[0]}'{more}: left out of the book"
            yield Diagnostic.of("left-out", message, path=self._project.file, hint="add what belongs to the book")


_TEXTS = ("adoc", "asciidoc", "rst", "docx", "odt", "html", "htm", "tex", "org", "typ", "ipynb")
_NOT_OF_THE_TEXT = frozenset(
    {
        "_site",
        "archetypes",
        "assets",
        "dist",
        "i18n",
        "layouts",
        "node_modules",
        "public",
        "static",
        "templates",
        "themes",
    }
)
"""Folders of site generators that contain no chapters."""


def unread_files(paths: Iterable[str], suffixes: tuple[str, ...] = ()) -> Iterator[Diagnostic]:
    """A note if files of other kinds that look like chapters are among `paths`; those with `suffixes` are read."""
    found: Counter[str] = Counter()
    first = ""
    for path in sorted(paths):
        folders, _, name = path.rpartition("/")
        suffix = name.rpartition(".")[2]
        kind = suffix.lower()
        is_text = kind in _TEXTS or (f".{kind}" in _SYNTAXES and f".{kind}" not in suffixes)
        if is_text and _NOT_OF_THE_TEXT.isdisjoint(folders.split("/")):
            found[suffix] += 1
            first = first or path
    if found:
        number = sum(found.values())
        files = f"{number} file{'s' if number > 1 else ''}"
        kinds = ", ".join(f"{count} .{suffix}" for suffix, count in found.most_common())
        tools = sorted({_SYNTAXES[f".{each.lower()}"] for each in found if f".{each.lower()}" in _SYNTAXES})
        way = f"; with 'syntax: [{', '.join(tools)}]' in book.yaml chapbook reads that tool's" if tools else ""
        yield Diagnostic.of(
            "files-unread",
            f"chapbook reads only Markdown, and leaves out {files} of other kinds: {kinds}",
            path=first,
            hint=f"save what belongs to the book as Markdown (.md){way}",
        )
