"""Recognises projects of tools that make sites: MkDocs, Hugo, Docusaurus, VitePress, Jekyll."""

from __future__ import annotations

import re
from posixpath import normpath

from msgspec import Struct

from chapbook.keys.front_matter import parse_front_matter
from chapbook.keys.languages import parse_language
from chapbook.keys.tree import SequenceNode, keys_of, word_of
from chapbook.reading.navigation_lists import Entry, pages_of
from chapbook.reading.navigation_settings import read_mkdocs, read_sidebar, yaml_of
from chapbook.reading.project import Project, ProjectFiles, people_of, tag_of, toml_of

__all__ = ["docusaurus", "hugo", "jekyll", "mkdocs", "vitepress"]


def mkdocs(files: ProjectFiles) -> Project | None:
    """The project of a ``mkdocs.yml`` at the root, with its ``nav``."""
    name = files.first("mkdocs.yml", "mkdocs.yaml")
    if not name:
        return None
    text = files.read(name)
    keys = keys_of(yaml_of(text))
    said = normpath(word_of(keys.get("docs_dir")) or "docs")
    folder = next((each for each in (said, "docs") if files.has_pages_in(each)), "")
    entries = read_mkdocs(text, folder)
    return Project(
        syntax=("mkdocs",),
        folder=folder,
        file=name if entries else "",
        entries=entries,
        values={
            "title": word_of(keys.get("site_name")),
            "description": word_of(keys.get("site_description")),
            "authors": people_of(keys.get("site_author")),
            "language": tag_of(keys_of(keys.get("theme")).get("language")),
        },
        settings_file=name,
        addresses=(word_of(keys.get("site_url")), word_of(keys.get("repo_url"))),
    )


_OF_HUGO = ("hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml")


def hugo(files: ProjectFiles) -> Project | None:
    """The project of a site's configuration beside ``content/``."""
    name = files.first(*_OF_HUGO)
    if not name or not files.has_pages_in("content"):
        return None
    text = files.read(name)
    root = toml_of(text) if name.endswith(".toml") else yaml_of(text)
    keys = {key.lower(): value for key, value in keys_of(root).items()}
    values = {
        "title": word_of(keys.get("title")),
        "language": tag_of(keys.get("locale")) or tag_of(keys.get("languagecode")),
    }
    # If a site has several languages, the book is the default one's.
    default = word_of(keys.get("defaultcontentlanguage")) or "en"
    own = {key.lower(): value for key, value in keys_of(keys_of(keys.get("languages")).get(default)).items()}
    mounts = keys_of(keys.get("module")).get("mounts")
    mounted = (keys_of(each) for each in (mounts.items if isinstance(mounts, SequenceNode) else ()))
    sources = (word_of(each.get("source")) for each in mounted if word_of(each.get("target")) == "content")
    folder = normpath(word_of(own.get("contentdir")) or next(filter(None, sources), "content"))
    return Project(
        syntax=("hugo",),
        dialect="commonmark",
        folder=folder if files.has_pages_in(folder) else "content",
        values={
            "title": word_of(own.get("title")) or values["title"],
            "language": values["language"] or tag_of(own.get("locale")) or parse_language(default) or "",
        },
        settings_file=name,
        addresses=(word_of(keys.get("baseurl")),),
    )


def docusaurus(files: ProjectFiles) -> Project | None:
    """The project of a ``docusaurus.config.js``, with its sidebar if that is plain data."""
    places = ("", "website/")  # many have docs/ and website/ beside each other
    names = [f"{place}docusaurus.config.{suffix}" for place in places for suffix in ("js", "ts", "mjs", "cjs")]
    name = files.first(*names)
    if not name:
        return None
    code, place = files.read(name), "website/" if name.startswith("website/") else ""
    folder = next((each for each in (f"{place}docs", "docs") if files.has_pages_in(each)), "")
    file, entries = "", tuple[Entry, ...]()
    own = (f"{place}sidebars.{suffix}" for suffix in ("js", "ts", "json"))
    for sidebars in (each for each in own if each in files.paths):
        found = read_sidebar(files.read(sidebars), folder, files.paths, ("docs", "tutorialSidebar", "module.exports"))
        if found and all(page in files.paths for page in pages_of(found)):
            file, entries = sidebars, found
    return Project(
        syntax=("docusaurus",),
        dialect="commonmark",
        folder=folder,
        file=file,
        entries=entries,
        position_key="sidebar_position",
        assets=(f"{place}static",),
        suffixes=(".mdx",),
        values={
            "title": _string(code, "title"),
            "description": _string(code, "tagline"),
            "language": parse_language(_string(code, "defaultLocale")) or "",
        },
        settings_file=name,
        addresses=(_string(code, "url").rstrip("/") + (_string(code, "baseUrl") or "/"),),
    )


def _string(code: str, key: str) -> str:
    """The text of a key in JavaScript, where it first occurs in this form."""
    found = re.search(rf"""(?<![\w.])['"]?{key}['"]?\s*[:=]\s*(['"`])((?:(?!\1)[^\\\n$]|\\.)*)\1""", code)
    return re.sub(r"\\(.)", r"\1", found[2]) if found else ""


def vitepress(files: ProjectFiles) -> Project | None:
    """The project of a ``.vitepress/config.ts``, with its sidebar if that is plain data."""
    folders = ([""] if ".vitepress" in files.hidden else []) + (["docs"] if "docs/index.md" in files.paths else [])
    names = [
        f"{folder}/.vitepress/config.{suffix}".lstrip("/")
        for folder in folders
        for suffix in ("ts", "mts", "js", "mjs")
    ]
    name, code = next(((each, code) for each in names if (code := files.read(each))), ("", ""))
    if not name:
        return None
    folder = normpath(f"{name.partition('.vitepress')[0]}/{_string(code, 'srcDir')}".strip("/")).removeprefix(".")
    entries = read_sidebar(code, folder, files.paths, ("sidebar",))
    language = parse_language(_string(code, "lang")) or ""
    values = {"title": _string(code, "title"), "description": _string(code, "description"), "language": language}
    return Project(
        syntax=("docusaurus",),
        dialect="commonmark",
        folder=folder,
        file=name if entries else "",
        entries=entries,
        assets=(f"{folder}/public".lstrip("/"),),
        values=values,
        settings_file=name,
    )


def jekyll(files: ProjectFiles) -> Project | None:
    """The project of a ``_config.yml``, in the order of Just the Docs if its pages use that."""
    if "_config.yml" not in files.paths:
        return None
    keys = keys_of(yaml_of(files.read("_config.yml")))
    if not {"theme", "remote_theme", "plugins", "markdown", "kramdown", "baseurl", "permalink"}.intersection(keys):
        return None
    base = word_of(keys.get("url")).rstrip("/")
    entries = _by_nav_order(files)
    return Project(
        syntax=("jekyll",),
        file="_config.yml" if entries else "",
        entries=entries,
        values={
            **{field: word_of(keys.get(field)) for field in ("title", "description")},
            "authors": people_of(keys.get("author")),
            "language": tag_of(keys.get("lang")),
        },
        settings_file="_config.yml",
        addresses=(base + (word_of(keys.get("baseurl")) or "") + "/" if base else "",),
    )


class _Page(Struct, frozen=True, kw_only=True):
    """What Just the Docs, a theme for Jekyll, reads from a page."""

    path: str
    title: str
    order: tuple[int, float, str]
    parent: str


def _by_nav_order(files: ProjectFiles) -> tuple[Entry, ...]:
    """Entries by ``nav_order`` and ``parent`` in front matter; empty if no page has a ``nav_order``."""
    pages, is_ordered = [], False
    for path in sorted(each for each in files.paths if each.endswith((".md", ".markdown"))):
        text = files.read(path) if not path.startswith("_") or path.startswith("_docs/") else ""
        keys = keys_of(parse_front_matter(text).mapping) if text.startswith("---") else {}
        title, order = word_of(keys.get("title")), word_of(keys.get("nav_order"))
        is_ordered = is_ordered or bool(order)
        if title and word_of(keys.get("nav_exclude")) != "true":
            is_number = re.fullmatch(r"-?\d+(?:\.\d+)?", order) is not None
            key = (0, float(order), "") if is_number else (1, 0.0, order) if order else (2, 0.0, title.casefold())
            pages.append(_Page(path=path, title=title, order=key, parent=word_of(keys.get("parent"))))
    return _below("", sorted(pages, key=lambda each: each.order), 0) if is_ordered else ()


_DEEPEST = 8


def _below(parent: str, pages: list[_Page], level: int) -> tuple[Entry, ...]:
    titles = {each.title for each in pages}
    return tuple(
        Entry(
            title="",
            path=each.path,
            children=_below(each.title, pages, level + 1) if level < _DEEPEST else (),
        )
        for each in pages
        if each.parent == parent or (not parent and each.parent not in titles)
    )
