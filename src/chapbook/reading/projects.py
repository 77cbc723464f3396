"""Finds which tool a content folder belongs to, and reads a navigation file named in book.yaml."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

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
from chapbook.reading.navigation import Entry, pages_of, read_book_txt, read_summary
from chapbook.reading.navigation_trees import read_bookdown, read_mkdocs, read_quarto, read_sidebar, read_toc
from chapbook.reading.project_files import Project, ProjectFiles
from chapbook.reading.site_tools import docusaurus, hugo, jekyll, mkdocs, vitepress

__all__ = ["SUFFIXES_OF_SYNTAX", "find_project", "read_navigation"]

SUFFIXES_OF_SYNTAX = {"quarto": (".qmd", ".rmd"), "docusaurus": (".mdx",)}
"""Further suffixes of chapters, by the syntax that they are in."""

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
