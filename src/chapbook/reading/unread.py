"""Files that look like chapters of other tools, and that chapbook doesn't read: named once, by their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from chapbook.model.diagnostics import Diagnostic

__all__ = ["unread_files"]

_TEXTS = ("qmd", "rmd", "mdx", "adoc", "asciidoc", "rst", "docx", "odt", "html", "htm", "tex", "org", "typ", "ipynb")
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
"""Folders of site generators in which no chapters lie."""


def unread_files(paths: Iterable[str]) -> Iterator[Diagnostic]:
    """A note where such files are among `paths`."""
    found: Counter[str] = Counter()
    for path in sorted(paths):
        folders, _, name = path.rpartition("/")
        suffix = name.rpartition(".")[2]
        if suffix.lower() in _TEXTS and _NOT_OF_THE_TEXT.isdisjoint(folders.split("/")):
            found[suffix] += 1
    if found:
        number = sum(found.values())
        kinds = ", ".join(f"{count} .{suffix}" for suffix, count in found.most_common())
        yield Diagnostic.of(
            "files-unread",
            f"chapbook reads Markdown alone and leaves out {number} other file{'s' if number > 1 else ''}: {kinds}",
            hint="save what belongs to the book as Markdown (.md)",
        )
