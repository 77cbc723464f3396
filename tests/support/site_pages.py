"""Hooks of MkDocs: the pages of the site that are not files in docs/, and links that lead out of docs/.

The README, CONTRIBUTING, the changelog and the page of the examples become pages. Links to other files of the
repository become plain code. `all-names.md` has every public name, from its docstring.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import chapbook

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {
    "README.md": "readme.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "examples/README.md": "examples.md",
}
"""Pages that are made of files outside docs/, by the file's path in the repository."""
WEIGHTS = {"keys.md": 4, "all-names.md": 0.001}
"""How much more a page counts in a search: the page of the keys first, the pages that explain a name before its row."""
_LINK = re.compile(r"(?P<before>!?\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\])\((?P<target>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)")
_FENCED = re.compile(r"(^ *`{3,}.*?^ *`{3,}$)", re.MULTILINE | re.DOTALL)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Adds the pages that are not in docs/."""
    for source, target in OUTSIDE.items():
        files.append(File.generated(config, target, content=(ROOT / source).read_text("utf-8")))
    files.append(File.generated(config, "all-names.md", content=all_names()))
    return files


def all_names() -> str:
    """A page with every public name, which mkdocstrings fills in."""
    lines = [
        "# All names",
        "",
        "Every public name of `chapbook`, from its docstring. [The library](api.md) explains them.",
    ]
    for name in sorted(set(chapbook.__all__) - {"__version__"}, key=str.lower):
        lines += ["", f"::: chapbook.{chapbook._MODULES[name]}.{name}"]
    return "\n".join(lines) + "\n"


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Turns links into the repository into links within the site, or into their words; weighs the page for searches."""
    if page.file.src_uri in WEIGHTS:
        page.meta["search"] = {"boost": WEIGHTS[page.file.src_uri]}
    source = next(
        (each for each, target in OUTSIDE.items() if target == page.file.src_uri), f"docs/{page.file.src_uri}"
    )
    parts = _FENCED.split(markdown)  # by turns text and blocks of code
    parts[::2] = [_LINK.sub(lambda found: _link(found, source, page), text) for text in parts[::2]]
    return "".join(parts)


def _link(found: re.Match[str], source: str, page: Page) -> str:
    target, anchor = found["target"], found["anchor"] or ""
    if not target or "://" in target or target.startswith("mailto:"):
        return found[0]
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    if path in OUTSIDE:
        led = OUTSIDE[path]
    elif path.startswith("docs/") and (ROOT / path).is_file():
        led = path.removeprefix("docs/")
    else:
        return found["words"] if (ROOT / path).exists() else found[0]
    return f"{found['before']}({posixpath.relpath(led, posixpath.dirname(page.file.src_uri) or '.')}{anchor})"
