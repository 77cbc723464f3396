"""Values that are files and folders, and how the content folder is read: its order and its chapters' syntax."""

from __future__ import annotations

import posixpath
import re

from chapbook.keys.tree import Findings, MappingNode, Node, SequenceNode, described
from chapbook.keys.values import text, texts, written, wrong_type
from chapbook.model.near import nearest
from chapbook.model.settings import SYNTAXES, ContentFile, FileRef

__all__ = ["assets", "file", "files", "order", "syntax"]


def file(node: Node, name: str, found: Findings) -> FileRef | None:
    """A file of the content folder; a path from its root may begin with a slash."""
    text = written(node, name, "the path of a file", found)
    if not text:
        return None
    path = posixpath.normpath(text).lstrip("/")
    if path.partition("/")[0] == "..":
        hint = "copy it into the folder; chapbook reads nothing outside"
        found.add("setting-file-missing", f"'{text}' is outside the content folder", node.at, hint)
        return None
    there = found.files.find(path) if found.files else ContentFile(path)
    if there is None:
        hint = _missing_hint(text, path, found)
        found.add("setting-file-missing", f"'{name}': there is no file {described(node)}", node.at, hint)
    return there


def _missing_hint(written: str, path: str, found: Findings) -> str:
    if re.match(r"[a-z]+://", written, re.IGNORECASE):
        return "copy it into the folder; chapbook fetches nothing from the network"
    names = sorted(found.files.names()) if found.files else []
    meant = path.replace("\\", "/").removeprefix("./").casefold()
    for name in names:
        if name.casefold() == meant:
            return f"write '{name}'"
    base = posixpath.basename(meant)
    for name in names:
        if posixpath.basename(name).casefold() == base:
            return f"there is '{name}'"
    return "give its path from the content folder, with slashes"


def files(node: Node, name: str, found: Findings) -> tuple[FileRef, ...] | None:
    """One file or several, in order."""
    items = node.items if isinstance(node, SequenceNode) else (node,)
    if isinstance(node, MappingNode):
        wrong_type(node, name, "a path or a list of paths", found)
        return None
    found.positions.update((f"{name}[{index}]", item.at) for index, item in enumerate(items))
    found_files = (file(item, name, found) for item in items)
    return tuple(each for each in found_files if each is not None)


_ORDERS = ("weight", "names")


def order(node: Node, name: str, found: Findings) -> str | None:
    """``weight``, ``names``, or the path of the author's own navigation file."""
    word = text(node, name, found)
    if not word or word.lower() in _ORDERS:
        return word.lower() if word else None
    there = file(node, name, found)
    return there.path if isinstance(there, ContentFile) else None


def assets(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """Folders of the content folder whose files chapters can refer to as if they were at its root."""
    folders = []
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        word = text(item, name, found) or ""
        folder = posixpath.normpath(word).strip("/") if word else ""
        names = found.files.names() if found.files else frozenset()
        if folder.partition("/")[0] == "..":
            hint = "chapbook reads nothing outside through book.yaml; name it on the command line with --assets"
            found.add("setting-file-missing", f"'{word}' is outside the content folder", item.at, hint)
        elif folder and names and not any(each.startswith(f"{folder}/") for each in names):
            hint = "give the folder's path from the content folder, with slashes"
            found.add("setting-file-missing", f"'{name}': there is no folder {described(item)}", item.at, hint)
        elif folder:
            folders.append(folder)
    return tuple(folders) or None


_NONE = frozenset({"none", "false", "no", "off"})


def syntax(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """The tools whose syntax chapbook reads; ``none`` for no tool's."""
    words = [each.lower() for each in texts(node, name, found) or ()]
    known = [each for each in words if each in SYNTAXES]
    for word in words:
        if word not in SYNTAXES and word not in _NONE:
            meant = nearest(word, SYNTAXES)
            hint = f"write '{meant}'" if meant else f"use {', '.join(SYNTAXES)} or none"
            found.add("value-invalid", f"unknown syntax '{word}'", node.at, hint)
    return tuple(dict.fromkeys(known)) if words else None
