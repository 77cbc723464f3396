"""What can be known about a content folder before its chapters are read, and about its book from a tool's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from chapbook.keys.languages import parse_language
from chapbook.keys.tree import Node, SequenceNode
from chapbook.model.metadata import Contributor
from chapbook.reading.navigation import Entry
from chapbook.reading.navigation_trees import keys_of, word_of

__all__ = ["Project", "ProjectFiles", "people_of", "tag_of", "toml_of"]


class ProjectFiles(Struct, frozen=True, kw_only=True):
    """What can be known about a content folder before its chapters are read."""

    paths: frozenset[str]
    hidden: frozenset[str] = frozenset()
    """Names at the root that begin with a point."""
    read: Callable[[str], str]
    """Gives a file's text; empty for one that isn't there or can't be read."""

    def has_pages_in(self, folder: str) -> bool:
        """Whether any page is in `folder`."""
        return any(path.startswith(f"{folder}/") for path in self.paths)


class Project(Struct, frozen=True, kw_only=True):
    """What a tool's own files say about a book."""

    syntax: tuple[str, ...] = ()
    """Which syntax its chapters are written in, by the names of the key ``syntax``."""
    dialect: str = ""
    """The one of chapbook's dialects that shows what the tool shows; empty for the default one."""
    left_out: tuple[str, ...] = ()
    """Folders of the content folder that hold no chapters: a vault's templates."""
    assets: tuple[str, ...] = ()
    """Folders whose files pages refer to from the root."""
    folder: str = ""
    """Where its pages lie, relative to the content folder."""
    file: str = ""
    """The navigation file; empty where the tool orders pages by their names or their front matter."""
    entries: tuple[Entry, ...] = ()
    position_key: str = ""
    """The key of front matter that orders siblings as ``weight`` does."""
    suffixes: tuple[str, ...] = ()
    """Of files that are chapters in such a project and nowhere else: ``.qmd``."""
    values: Mapping[str, object] = {}
    """Fields of the book: ``title``, ``subtitle``, ``authors``, ``language``, ``description``."""
    settings_file: str = ""
    """What they were read from."""
    addresses: tuple[str, ...] = ()
    """Where the project's site and its repository are on the web."""


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
    from chapbook.keys.toml_tree import parse_toml  # noqa: PLC0415 - few books have TOML

    return parse_toml(text)[0]
