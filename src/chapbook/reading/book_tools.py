"""Recognises projects of tools that make books: mdBook, GitBook and HonKit, Quarto, bookdown, Jupyter Book, Leanpub;
also Obsidian vaults, and a README that lists the chapters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from posixpath import normpath

from msgspec.structs import replace

from chapbook.keys.front_matter import parse_front_matter
from chapbook.keys.tree import keys_of, word_of
from chapbook.reading.navigation_lists import Entry, pages_of, read_book_txt, read_summary
from chapbook.reading.navigation_settings import read_bookdown, read_quarto, read_toc, yaml_of
from chapbook.reading.project import Project, ProjectFiles, people_of, tag_of, toml_of

__all__ = [
    "bookdown",
    "gitbook",
    "jupyter_book",
    "leanpub",
    "mdbook",
    "obsidian",
    "parts_of_bookdown",
    "quarto",
    "readme",
]


def mdbook(files: ProjectFiles) -> Project | None:
    """The project of a ``book.toml``, with the ``SUMMARY.md`` among its pages."""
    if "book.toml" not in files.paths:
        return None
    root = keys_of(toml_of(files.read("book.toml")))
    book, html = keys_of(root.get("book")), keys_of(keys_of(root.get("output")).get("html"))
    folder = normpath(word_of(book.get("src")) or "src")
    folder = folder if files.has_pages_in(folder) else ""
    values = {name: word_of(book.get(name)) for name in ("title", "description")}
    project = Project(
        syntax=("mdbook",),
        dialect="commonmark",
        folder=folder,
        values={**values, "authors": people_of(book.get("authors")), "language": tag_of(book.get("language"))},
        settings_file="book.toml",
        addresses=(word_of(html.get("git-repository-url")),),
    )
    return _with_summary(files, project, (f"{folder}/SUMMARY.md", "SUMMARY.md"))


def _with_summary(files: ProjectFiles, project: Project, names: Iterable[str]) -> Project:
    """The project, ordered by the first of the files `names` that exists and lists pages."""
    for name in names:
        entries = read_summary(files.read(name), name.rpartition("/")[0]) if name in files.paths else ()
        if any(pages_of(entries)):
            return replace(project, folder=name.rpartition("/")[0], file=name, entries=entries)
    return project


def gitbook(files: ProjectFiles) -> Project | None:
    """The project of GitBook, HonKit or another tool with a ``SUMMARY.md``."""
    book, structure = keys_of(None), keys_of(None)
    settings = ""
    if "book.json" in files.paths:
        settings, book = "book.json", keys_of(yaml_of(files.read("book.json")))
    elif ".gitbook.yaml" in files.hidden:
        settings, book = ".gitbook.yaml", keys_of(yaml_of(files.read(".gitbook.yaml")))
        structure = keys_of(book.get("structure"))
    root = normpath(word_of(book.get("root")) or ".").strip("./")
    own = word_of(structure.get("summary"))
    names = [f"{root}/{name}".lstrip("/") for name in ([own] if own else []) + ["SUMMARY.md"]]
    values: dict[str, object] = {name: word_of(book.get(name)) for name in ("title", "description")}
    values |= {"authors": people_of(book.get("author")), "language": tag_of(book.get("language"))}
    syntax = ("gitbook",) if settings else ("gitbook", "mdbook")
    project = Project(syntax=syntax, dialect="commonmark", folder=root, values=values, settings_file=settings)
    found = _with_summary(files, project, [*names, "docs/SUMMARY.md", "src/SUMMARY.md"])
    return found if found.file or settings == ".gitbook.yaml" else None


def quarto(files: ProjectFiles) -> Project | None:
    """The project of a ``_quarto.yml`` for a book or website."""
    name = files.first("_quarto.yml", "_quarto.yaml")
    if not name:
        return None
    text = files.read(name)
    keys = keys_of(yaml_of(text))
    said = keys_of(keys.get("book")) or keys_of(keys.get("website"))
    entries = read_quarto(text, files.paths)
    return Project(
        syntax=("quarto",),
        dialect="commonmark",
        file=name if entries else "",
        entries=entries,
        suffixes=(".qmd", ".rmd"),
        values={
            **{field: word_of(said.get(field)) for field in ("title", "subtitle", "description")},
            "authors": people_of(said.get("author")) or people_of(keys.get("author")),
            "language": tag_of(keys.get("lang")),
        },
        settings_file=name,
        addresses=(word_of(said.get("site-url")), word_of(said.get("repo-url"))),
    )


def bookdown(files: ProjectFiles) -> Project | None:
    """The project of a ``_bookdown.yml``; its metadata is in the first file of the book."""
    if "_bookdown.yml" not in files.paths:
        return None
    listed = read_bookdown(files.read("_bookdown.yml"), files.paths)
    first = next((each for each in listed if each.lower().rpartition("/")[2] in {"index.rmd", "index.md"}), "")
    said = keys_of(parse_front_matter(files.read(first)).mapping) if first else {}
    entries = parts_of_bookdown(listed, files.read)
    return Project(
        syntax=("quarto",),
        dialect="commonmark",
        file="_bookdown.yml" if entries else "",
        entries=entries,
        suffixes=(".rmd", ".qmd"),
        values={
            **{field: word_of(said.get(field)) for field in ("title", "subtitle", "description")},
            "authors": people_of(said.get("author")),
            "language": tag_of(said.get("lang")),
        },
        settings_file=first,
    )


_PART = re.compile(r"^# \((PART|APPENDIX)\\?\*?\)[ \t]*(.*?)[ \t]*(?:\{[^}\n]*\})?[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^# (?!\()", re.MULTILINE)


def parts_of_bookdown(listed: Iterable[str], read: Callable[[str], str]) -> tuple[Entry, ...]:
    """Entries for the files of a bookdown book; ``# (PART) Title`` above a file's first heading begins a part."""
    entries: list[Entry] = []
    part: Entry | None = None
    for path in listed:
        text = read(path)
        marker, heading = _PART.search(text), _HEADING.search(text)
        if marker is not None and (heading is None or marker.start() < heading.start()):
            entries += [part] if part is not None else []
            part = Entry(title=marker[2])
        entry = Entry(title="", path=path)
        if part is None:
            entries.append(entry)
        else:
            part = replace(part, children=(*part.children, entry))
    return (*entries, part) if part is not None else tuple(entries)


def jupyter_book(files: ProjectFiles) -> Project | None:
    """The project of a ``_toc.yml``."""
    name = files.first("_toc.yml", "_toc.yaml", "docs/_toc.yml", "book/_toc.yml")
    if not name:
        return None
    folder = name.rpartition("/")[0]
    settings = f"{folder}/_config.yml".lstrip("/")
    keys = keys_of(yaml_of(files.read(settings))) if settings in files.paths else {}
    entries = read_toc(files.read(name), folder, files.paths)
    return Project(
        dialect="commonmark",
        folder=folder,
        file=name if entries else "",
        entries=entries,
        values={"title": word_of(keys.get("title")), "authors": people_of(keys.get("author"))},
        settings_file=settings,
        addresses=(word_of(keys_of(keys.get("repository")).get("url")),),
    )


def leanpub(files: ProjectFiles) -> Project | None:
    """The project of a ``Book.txt``."""
    name = files.first("Book.txt", "manuscript/Book.txt")
    entries = read_book_txt(files.read(name), name.rpartition("/")[0]) if name else ()
    if not entries:
        return None
    return Project(folder=name.rpartition("/")[0], file=name, entries=entries, suffixes=(".txt",))


def obsidian(files: ProjectFiles) -> Project | None:
    """The project of a vault; notes in its template folder aren't chapters."""
    if ".obsidian" not in files.hidden:
        return None
    folder = word_of(keys_of(yaml_of(files.read(".obsidian/templates.json"))).get("folder")).strip("/")
    return Project(syntax=("obsidian",), dialect="commonmark", left_out=(folder,) if folder else ())


_LEAST_LISTED = 3
_NOT_CHAPTERS = re.compile(
    r"(?:^|/)(?:readme|summary|license|changelog|contributing|code_of_conduct|security|authors|todo)(?:[._-][^/]*)?\Z|^_",
    re.IGNORECASE,
)


def readme(files: ProjectFiles) -> Project | None:
    """The project of a README at the root that links to most of the chapters; tried last."""
    name = files.first("README.md", "readme.md", "Readme.md")
    entries = read_summary(files.read(name), is_readme=True) if name else ()
    listed = {page for page in pages_of(entries) if page in files.paths}
    chapters = {each for each in files.paths if each.lower().endswith(".md") and not _NOT_CHAPTERS.search(each)}
    if len(listed) < _LEAST_LISTED or len(listed & chapters) * 2 <= len(chapters):
        return None
    return Project(file=name, entries=_without_missing(entries, files.paths))


def _without_missing(entries: Iterable[Entry], paths: frozenset[str]) -> tuple[Entry, ...]:
    """The entries of a README, limited to pages that exist: a README links to other things too."""
    kept = []
    for each in entries:
        children = _without_missing(each.children, paths)
        path = each.path if each.path in paths else ""
        if path or children:
            kept.append(replace(each, path=path, children=children))
    return tuple(kept)
