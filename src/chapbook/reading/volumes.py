"""volumes.yaml: the volumes of a series in order, and what they share."""

from __future__ import annotations

import os
import posixpath
import re
from os import PathLike
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.keys.front_matter import normal_lines
from chapbook.keys.rows import likely_key
from chapbook.keys.settings_file import BookFields, read_book_fields, settings_mapping
from chapbook.keys.table import BOOK_KEYS, VOLUMES_KEYS
from chapbook.keys.tree import FileFinder, Findings, MappingNode, Node, Pair, ScalarNode, SequenceNode
from chapbook.keys.values import text as one_line
from chapbook.keys.values import wrong_type
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position, has_errors
from chapbook.model.metadata import Series
from chapbook.model.names import VOLUMES_NAME, check_pattern, folders_above
from chapbook.model.settings import FileRef
from chapbook.reading.content_folder import MOST_TEXT_BYTES, decode_text, place_of, read_bytes

__all__ = ["LibraryFiles", "ListedVolume", "Volume", "VolumesFile", "find_listed", "parse_volumes", "read_volumes"]

_NOT_SHARED = ("title", "series", "identifier", "subtitle", "isbn_print", "original_title")
"""Keys that belong to one book only: reading systems treat two books with one identifier as the same."""
_OF_THE_LIBRARY = frozenset({"output", "volumes"})


class LibraryFiles(Struct, frozen=True):
    """The files beside volumes.yaml that it names: looked up one by one, never listed."""

    root: Path

    def find(self, path: str) -> FileRef | None:
        """The file, if it is a regular file in the folder and no link leads outside."""
        try:
            real = place_of(self.root, path)
        except ChapbookError:
            return None
        return real if os.path.isfile(real) else None  # noqa: PTH113 - which raises nothing

    def names(self) -> frozenset[str]:
        """Empty: hints don't search a library for similar names."""
        return frozenset()


class Volume(Struct, frozen=True, kw_only=True):
    """A volume in the list."""

    folder: str
    """Its folder, relative to that of volumes.yaml and inside it, with slashes."""
    number: int
    """Its place in the list, from 1."""
    at: Position


class VolumesFile(Struct, frozen=True, kw_only=True):
    """The content of volumes.yaml."""

    title: str = ""
    """The series' name."""
    volumes: tuple[Volume, ...] = ()
    shared: BookFields = field(default_factory=BookFields)
    diagnostics: tuple[Diagnostic, ...] = ()
    unread: bool = False
    """Whether it couldn't be read at all, so that its volumes are unknown."""
    output: str = ""
    """The pattern for the volumes' file names; empty: their titles."""

    def fields(self, volume: Volume) -> BookFields:
        """What `volume` shares with its series; its own book.yaml takes precedence."""
        values = {name: value for name, value in self.shared.values.items() if name not in _NOT_SHARED}
        if self.title:
            values["series"] = Series(name=self.title, index=str(volume.number))
        # Leave out the positions: they are those of volumes.yaml, and would make each volume's request long.
        return replace(self.shared, values=values, positions={}, diagnostics=())


def read_volumes(folder: str | PathLike[str]) -> VolumesFile | None:
    """The volumes.yaml of `folder`; ``None`` if there is none. Errors are in its diagnostics."""
    root = Path(os.path.abspath(folder))  # noqa: PTH100 - as in read_folder
    if not os.path.isfile(root / VOLUMES_NAME):  # noqa: PTH113 - which raises nothing
        return None
    try:
        text = decode_text(read_bytes(root, VOLUMES_NAME, MOST_TEXT_BYTES), VOLUMES_NAME)
    except ChapbookError as error:
        return VolumesFile(diagnostics=error.diagnostics, unread=True)
    read = parse_volumes(text, LibraryFiles(root))
    missing = [each for each in read.volumes if not _is_folder(root, each.folder)]
    if not missing:
        return read
    notes = (_no_folder(each) for each in missing)
    kept = tuple(each for each in read.volumes if each not in missing)
    ordered = sorted((*read.diagnostics, *notes), key=lambda each: (each.line or 0, each.column or 0))
    return replace(read, volumes=kept, diagnostics=tuple(ordered))


def parse_volumes(text: str, files: FileFinder | None = None) -> VolumesFile:
    """Parses the volumes.yaml `text`; `files` finds the shared files that it names."""
    found = Findings(path=VOLUMES_NAME, source=normal_lines(text), files=files)
    mapping = settings_mapping(found)
    unread = not mapping.pairs and has_errors(found.diagnostics)
    own = tuple(pair for pair in mapping if pair.key.text.lower() not in _OF_THE_LIBRARY)
    listed = [pair for pair in mapping if pair.key.text.lower() == "volumes"]
    patterns = [_pattern(pair.value, found) for pair in mapping if pair.key.text.lower() == "output"]
    if not listed and not found.diagnostics:
        _note_no_list(mapping, found)
    volumes = _volumes(listed[0], found) if listed else ()
    shared = read_book_fields(MappingNode(own, mapping.at), found, known=VOLUMES_KEYS)
    title = shared.values.get("title")
    if not title and mapping.pairs and not any(pair.key.text.lower() == "title" for pair in own):
        found.add("title-missing", "the series has no title", None, "add 'title: …', the name of the series")
    said = found.in_order()
    return VolumesFile(
        title=str(title or ""),
        volumes=volumes,
        shared=shared,
        diagnostics=said,
        unread=unread,
        output=next(iter(patterns), ""),
    )


def _pattern(node: Node, found: Findings) -> str:
    """The pattern of the key `output`; empty if it is invalid, which is reported."""
    written = one_line(node, "output", found) or ""
    try:
        return check_pattern(written) if written else ""
    except ValueError as error:
        hint = "write for example '{series}-{index:02}-{slug}.epub', in quotes"
        found.add("value-invalid", f"'output' isn't a pattern for file names: {error}", node.at, hint)
        return ""


class ListedVolume(Struct, frozen=True, kw_only=True):
    """A content folder listed in a volumes.yaml above it."""

    library: str
    """The folder of that volumes.yaml, as the user would name it."""
    listed: VolumesFile
    volume: Volume
    up: str
    """The path from the content folder to the library: ``..``."""

    @property
    def note(self) -> Diagnostic:
        """The note that the folder is a volume."""
        series = f" of '{self.listed.title}'" if self.listed.title else ""
        message = f"this folder is volume {self.volume.number}{series}: what it leaves out comes from {VOLUMES_NAME}"
        return Diagnostic.of("volume-listed", message, path=f"{self.up}/{VOLUMES_NAME}", at=self.volume.at)

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the volumes.yaml, except missing other volumes."""
        return tuple(each for each in self.listed.diagnostics if each.code != "source-missing")

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of the volumes.yaml, with paths from the content folder."""
        faults = (replace(each, path=f"{self.up}/{each.path or VOLUMES_NAME}") for each in self.faults)
        return (*faults, self.note)


def find_listed(folder: str | PathLike[str]) -> ListedVolume | None:
    """The volume for the content folder `folder`, from the nearest volumes.yaml above that lists it.

    Only files of that name are read. Raises ChapbookError if one can't be read: the book would then differ from the
    volume without anyone noticing.
    """
    source = os.fspath(folder)
    whole = os.path.abspath(source)  # noqa: PTH100 - as in read_folder
    for level, above in enumerate(folders_above(source), 1):
        listed = read_volumes(above)
        if listed is None:
            continue
        up = "/".join([".."] * level)
        if listed.unread and has_errors(listed.diagnostics):
            raise ChapbookError(*(replace(each, path=f"{up}/{VOLUMES_NAME}") for each in listed.diagnostics))
        volume = next((each for each in listed.volumes if _is_same(f"{above}/{each.folder}", whole)), None)
        if volume is not None:
            library = os.path.normpath(os.path.join(source, up))  # noqa: PTH118 - as the user wrote it
            return ListedVolume(library=library, listed=listed, volume=volume, up=up)
    return None


def _is_same(one: str, other: str) -> bool:
    """Whether two paths are the same folder, also across case-insensitive names and links."""
    try:
        return one == other or os.path.samefile(one, other)  # noqa: PTH121 - strings are as good
    except OSError:
        return False


def _note_no_list(mapping: MappingNode, found: Findings) -> None:
    slips = [pair.key for pair in mapping if likely_key(pair.key.text, BOOK_KEYS) is None]
    meant = [key for key in slips if likely_key(key.text, VOLUMES_KEYS) == "volumes"]
    at = next((key.at for key in (*meant, *slips)), None)
    found.add(
        "settings-invalid", "the list 'volumes' is missing", at, "write 'volumes: [one, two]', the folders in order"
    )


def _volumes(pair: Pair, found: Findings) -> tuple[Volume, ...]:
    node: Node = pair.value
    if not isinstance(node, SequenceNode):
        wrong_type(node, "volumes", "a list of folders", found, "write 'volumes: [one, two]'")
        return ()
    volumes: dict[str, Volume] = {}
    for number, item in enumerate(node.items, 1):
        folder = _folder(item, found)
        if folder in volumes:
            lines = f"in lines {volumes[folder].at.line} and {item.at.line}"
            found.add(
                "value-invalid", f"the volume '{folder}' is listed twice: {lines}", item.at, "keep one of the two"
            )
        elif folder:
            volumes[folder] = Volume(folder=folder, number=number, at=item.at)
    if not node.items:
        found.add("settings-invalid", "the list 'volumes' is empty", node.at, "name the folders of the volumes")
    return tuple(volumes.values())


def _folder(node: Node, found: Findings) -> str:
    written = one_line(node, "volumes", found) if isinstance(node, ScalarNode) else None
    if not isinstance(node, ScalarNode):
        wrong_type(node, "volumes", "folders", found)
    if not written:
        return ""
    path = posixpath.normpath(written)
    if path.startswith("/") or re.match(r"\.\.(/|$)", path) or path == ".":
        hint = "put the volumes beside volumes.yaml, and give their paths from there"
        found.add("value-invalid", f"the volume '{written}' is outside the folder of volumes.yaml", node.at, hint)
        return ""
    return path


def _is_folder(root: Path, folder: str) -> bool:
    """Whether `folder` is a folder inside `root`, and no link leads outside."""
    try:
        return os.path.isdir(place_of(root, folder))  # noqa: PTH112 - which raises nothing
    except ChapbookError:
        return False


def _no_folder(volume: Volume) -> Diagnostic:
    return Diagnostic.of(
        "source-missing",
        f"there is no folder '{volume.folder}' beside volumes.yaml",
        path=VOLUMES_NAME,
        at=volume.at,
        hint="check its name, or remove it from the list",
    )
