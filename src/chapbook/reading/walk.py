"""Lists a content folder, respecting links and limits; opens no file."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from msgspec import Struct, field

from chapbook.model.diagnostics import Diagnostic
from chapbook.model.xml_text import CONTROLS, EXCLUDED, NONCHARACTERS
from chapbook.opening import open_folder

__all__ = [
    "MOST_FILES",
    "MOST_LEVELS",
    "FolderListing",
    "Walk",
    "is_markdown",
    "is_sound",
    "shown",
    "walk",
    "without_folders",
]

MOST_FILES = 50_000
"""Files and folders in one content folder."""
MOST_LEVELS = 64
"""The most nested folders; programs that show a table of contents give up much earlier."""
_SKIPPED = frozenset({"node_modules"})


class FolderListing(Struct):
    """One folder: the sorted names of its files and folders, and what is wrong in it."""

    path: str
    """Relative to the root, with slashes; empty for the root."""
    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def inside(self, name: str) -> str:
        """The path of `name` in this folder."""
        return f"{self.path}/{name}" if self.path else name


class Walk(Struct, frozen=True, kw_only=True):
    """All folders by path."""

    folders: Mapping[str, FolderListing]
    paths: frozenset[str]
    """Every regular file that may be read."""
    hidden: frozenset[str] = frozenset()
    """Names at the root that begin with a point: they show which tool the folder belongs to, but aren't read."""


def is_markdown(name: str, also: tuple[str, ...] = ()) -> bool:
    """Whether a file's suffix is that of a chapter, in either case; `also` are further suffixes."""
    return name.lower().endswith((".md", ".markdown", ".mkd", ".mdown", *also))


class FilesInMemory(Protocol):
    """A folder in memory."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """By their paths relative to it, with slashes."""


def walk(root: Path | FilesInMemory) -> Walk:
    """Lists `root` and everything below it.

    Leaves out names that begin with a point, ``node_modules``, anything but regular files and folders, and links that
    lead outside the folder or in a circle. Errors are in the listing of their folder: ``file-unreadable`` if a folder
    can't be listed, ``too-many-files`` or ``too-deep`` beyond the limits.
    """
    if not isinstance(root, Path):
        return _in_memory(root.files)
    base = os.path.realpath(root)
    folders: dict[str, FolderListing] = {}
    count = 0
    hidden: frozenset[str] = frozenset()
    open_: list[tuple[str, str, tuple[str, ...]]] = [("", base, (base,))]
    while open_:
        path, real, above = open_.pop()
        listing = folders[path] = FolderListing(path)
        entries = _entries(base, listing)
        count += len(entries)
        hidden = hidden if path else frozenset(each.name for each in entries if each.name.startswith("."))
        if count > MOST_FILES:
            listing.diagnostics.append(_too_many())
            break
        for name, child, is_folder in _kept(entries, listing, base, real, above):
            if not is_folder:
                listing.files.append(name)
            elif len(above) > MOST_LEVELS:
                listing.diagnostics.append(_too_deep(listing.inside(name)))
            else:
                listing.folders.append(name)
                open_.append((listing.inside(name), child, (*above, child)))
    paths = frozenset(listing.inside(name) for listing in folders.values() for name in listing.files)
    return Walk(folders=folders, paths=paths, hidden=hidden)


def _in_memory(files: Mapping[str, bytes]) -> Walk:
    """Lists a folder in memory, by the same rules."""
    folders = {"": FolderListing("")}
    hidden = frozenset(each.partition("/")[0] for each in files if each.startswith("."))
    for path in sorted(files):
        *above, name = path.split("/")
        if any(each.startswith(".") or each in _SKIPPED for each in (*above, name)):
            continue
        here = folders[""]
        for each in above:
            if each not in here.folders:
                here.folders.append(each)
                folders[here.inside(each)] = FolderListing(here.inside(each))
            here = folders[here.inside(each)]
        if all(map(is_sound, (*above, name))):
            here.files.append(name)
        elif is_markdown(name):
            here.diagnostics.append(_unsound(path))
    for listing in folders.values():
        listing.folders.sort()
        listing.files.sort()
    paths = frozenset(listing.inside(name) for listing in folders.values() for name in listing.files)
    return Walk(folders=folders, paths=paths, hidden=hidden)


def without_folders(folders: Mapping[str, FolderListing], gone: tuple[str, ...]) -> Mapping[str, FolderListing]:
    """The folders without those in `gone` and everything below them."""
    if not gone:
        return folders
    below = tuple(f"{each}/" for each in gone)
    return {path: each for path, each in folders.items() if path not in gone and not path.startswith(below)}


class _Entry(NamedTuple):
    """What a folder has under a name."""

    name: str
    is_link: bool
    is_folder: bool
    is_file: bool


def _entries(base: str, listing: FolderListing) -> list[_Entry]:
    """What is in the folder of `listing`, by name; the folder is opened as files are."""
    try:
        descriptor = open_folder(base, listing.path)
        try:
            with os.scandir(descriptor if _LISTS_OPEN else os.path.join(base, listing.path)) as entries:  # noqa: PTH118 - as scandir has it
                return sorted(map(_entry, entries))
        finally:
            os.close(descriptor)
    except OSError as error:
        words = (error.strerror or "chapbook can't open it").lower()
        where = shown(listing.path) or None
        listing.diagnostics.append(
            Diagnostic.of("file-unreadable", f"chapbook can't list the folder: {words}", path=where)
        )
        return []


_LISTS_OPEN = os.scandir in os.supports_fd


def _entry(found: os.DirEntry[str]) -> _Entry:
    try:
        return _Entry(found.name, found.is_symlink(), found.is_dir(), found.is_file())
    except OSError:  # a link to itself
        return _Entry(found.name, is_link=True, is_folder=False, is_file=False)


def _kept(
    entries: list[_Entry], listing: FolderListing, base: str, real: str, above: tuple[str, ...]
) -> Iterator[tuple[str, str, bool]]:
    """For each entry that belongs to the content: name, real path, and whether it is a folder."""
    for entry in entries:
        name, path = entry.name, listing.inside(entry.name)
        if name.startswith(".") or name in _SKIPPED:
            continue
        child = os.path.realpath(f"{real}/{name}") if entry.is_link else f"{real}/{name}"
        if not is_sound(name):
            if entry.is_folder or is_markdown(name):
                listing.diagnostics.append(_unsound(path))
        elif entry.is_link and (why := _why_not(child, base, above)):
            listing.diagnostics.append(_not_followed(path, why))
        elif entry.is_folder or entry.is_file:
            yield name, child, entry.is_folder


def _why_not(real: str, base: str, above: tuple[str, ...]) -> str:
    """Why a link to `real` isn't followed; empty if it is."""
    if real in above:
        return "back to a folder that contains it"
    if not real.startswith(base.rstrip(os.sep) + os.sep):
        return "out of the content folder"
    return "" if os.path.exists(real) and not os.path.islink(real) else "nowhere"  # noqa: PTH110, PTH114 - strings


def _too_many() -> Diagnostic:
    message = f"more than {MOST_FILES:,} files"
    return Diagnostic.of("too-many-files", message, hint="give the folder of the book alone")


def _too_deep(path: str) -> Diagnostic:
    return Diagnostic.of("too-deep", f"folders nest more than {MOST_LEVELS} deep", path=path)


def _not_followed(path: str, why: str) -> Diagnostic:
    message = f"chapbook doesn't follow a symbolic link that leads {why}"
    return Diagnostic.of("file-outside", message, path=path, hint="replace it by what it leads to, or delete it")


def _unsound(path: str) -> Diagnostic:
    message, hint = "the name has characters that aren't text, so chapbook skips it", "rename it"
    if (encoding := sys.getfilesystemencoding()) != "utf-8":
        message = f"Python reads this name as '{encoding}', but chapbook needs UTF-8"
        hint = "start Python with -X utf8, or set PYTHONUTF8=1"
    return Diagnostic.of("file-unreadable", message, path=shown(path), hint=hint)


_UNSOUND = re.compile(f"[{EXCLUDED}{CONTROLS}{NONCHARACTERS}\t\n\r\x85]")
"""Control characters, bytes that aren't UTF-8 (surrogates in Python), and noncharacters."""

_IS_UTF8 = sys.getfilesystemencoding() == "utf-8"
"""Whether Python decodes file names as UTF-8, as in its UTF-8 mode. The same folder must give the same book in all
locales.
"""


def is_sound(name: str) -> bool:
    """Whether `name` is the file's real name, and XML can contain it and a terminal show it."""
    if not (name.isascii() or _IS_UTF8):
        return False
    return name.isalnum() or not _UNSOUND.search(name)


def shown(name: str) -> str:
    r"""`name`, with unprintable characters as escapes: ``caf\xe9.md``."""
    return _UNSOUND.sub(lambda match: _escape(match[0]), name)


def _escape(letter: str) -> str:
    byte = ord(letter) - 0xDC00
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else letter.encode("unicode_escape", "backslashreplace").decode()  # noqa: PLR2004 - the bytes that surrogateescape stands for
