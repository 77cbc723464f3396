"""The values that say how a content folder is read: its order, its folders of pictures, the syntax of its chapters."""

from __future__ import annotations

import posixpath

from chapbook.keys.setting_values import file
from chapbook.keys.tree import Findings, Node, SequenceNode, described
from chapbook.keys.values import text, texts
from chapbook.model.near import nearest
from chapbook.model.settings import SYNTAXES, ContentFile

__all__ = ["assets", "order", "syntax"]

_ORDERS = ("weight", "names")


def order(node: Node, name: str, found: Findings) -> str | None:
    """``weight``, ``names``, or the path of the author's own navigation file."""
    word = text(node, name, found)
    if not word or word.lower() in _ORDERS:
        return word.lower() if word else None
    there = file(node, name, found)
    return there.path if isinstance(there, ContentFile) else None


def assets(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """Folders of the content folder whose files chapters refer to from the root."""
    folders = []
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        word = text(item, name, found) or ""
        folder = posixpath.normpath(word).strip("/") if word else ""
        names = found.files.names() if found.files else frozenset()
        if folder.partition("/")[0] == "..":
            hint = "chapbook reads nothing outside through book.yaml; name it on the command line with --assets"
            found.add("setting-file-missing", f"'{word}' lies outside the content folder", item.at, hint)
        elif folder and names and not any(each.startswith(f"{folder}/") for each in names):
            hint = "give the folder's path from the content folder, with slashes"
            found.add("setting-file-missing", f"there is no folder {described(item)} for '{name}'", item.at, hint)
        elif folder:
            folders.append(folder)
    return tuple(folders) or None


_NONE = frozenset({"none", "false", "no", "off"})


def syntax(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """The tools whose syntax is read; ``none`` for no one's."""
    words = [each.lower() for each in texts(node, name, found) or ()]
    known = [each for each in words if each in SYNTAXES]
    for word in words:
        if word not in SYNTAXES and word not in _NONE:
            meant = nearest(word, SYNTAXES)
            hint = f"write '{meant}'" if meant else f"known are {', '.join(SYNTAXES)}, and 'none'"
            found.add("value-invalid", f"chapbook knows no syntax '{word}'", node.at, hint)
    return tuple(dict.fromkeys(known)) if words else None
