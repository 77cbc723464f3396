"""The project of another tool: its files, before chapters are read, and what they say about a book."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from chapbook.keys.languages import parse_language
from chapbook.keys.tree import Node, SequenceNode, keys_of, word_of
from chapbook.model.metadata import Contributor
from chapbook.reading.navigation_lists import Entry

__all__ = ["Project", "ProjectFiles", "people_of", "tag_of", "toml_of"]


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
