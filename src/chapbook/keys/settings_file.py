"""book.yaml: the book's metadata and settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.keys.front_matter import normal_lines
from chapbook.keys.rows import OWN_KEY, Key, extra_of, note_unknown, read_keys
from chapbook.keys.table import BOOK_KEYS, METADATA_KEYS, OTHER_NAMES, SETTINGS_KEYS
from chapbook.keys.tree import FileFinder, Findings, MappingNode, mapping_of
from chapbook.keys.yaml_tree import cut_by_comments, parse_yaml
from chapbook.model.diagnostics import Diagnostic, Position, has_errors
from chapbook.model.metadata import Metadata
from chapbook.model.settings import Settings

__all__ = ["BookFields", "parse_settings", "read_book_fields", "settings_mapping"]

_MOST = 1_048_576


class BookFields(Struct, frozen=True, kw_only=True):
    """What a settings file sets, by the fields of Metadata and Settings; it has no entry for what isn't set."""

    source: str = "book.yaml"
    """The file, relative to the content folder."""
    values: Mapping[str, object] = field(default_factory=dict)
    positions: Mapping[str, Position] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    """Keys that chapbook doesn't know."""

    @property
    def unread(self) -> bool:
        """Whether the file exists but none of its keys could be read."""
        return not self.positions and has_errors(self.diagnostics)

    def over(self, shared: BookFields) -> BookFields:
        """These fields, with missing ones taken from `shared`. Positions remain those of this file."""
        return replace(self, values={**shared.values, **self.values}, extra={**shared.extra, **self.extra})

    def metadata(self, *, title: str) -> Metadata:
        """The metadata, with `title` as the default title."""
        return Metadata(**{"title": title, **self._said(METADATA_KEYS)})

    def settings(self) -> Settings:
        """The settings, with defaults for those that aren't set."""
        return Settings(positions=self.positions, source=self.source, **self._said(SETTINGS_KEYS))

    def _said(self, table: Iterable[Key]) -> dict[str, Any]:
        """The values for the keys of `table`; empty ones count as not set."""
        return {key.name: self.values[key.name] for key in table if self.values.get(key.name, "") != ""}


def parse_settings(text: str, path: str = "book.yaml", files: FileFinder | None = None) -> BookFields:
    """Parses the settings file `text`; `files` finds the files it names (``None``: don't look for them)."""
    found = Findings(path=path, source=normal_lines(text), files=files)
    mapping = settings_mapping(found)
    return read_book_fields(mapping, found)


def settings_mapping(found: Findings) -> MappingNode:
    """The file's content as a mapping; reports a file that isn't one and returns an empty mapping."""
    empty = MappingNode((), Position(1))
    if len(found.source) > _MOST:
        found.add("file-too-large", f"longer than {_MOST:,} characters", None, "keep it to what the book needs")
        return empty
    root, diagnostics = parse_yaml(found.source, code="settings-invalid")
    diagnostics = (*diagnostics, *cut_by_comments(found.source))
    found.diagnostics.extend(each.in_file(found.path) for each in diagnostics)
    return mapping_of(root, found, "settings-invalid", "file", "write 'key: value' lines") or empty


def read_book_fields(
    mapping: MappingNode, found: Findings, *, unknown_pass: bool = False, known: tuple[Key, ...] = BOOK_KEYS
) -> BookFields:
    """The book's fields in `mapping`. Warns about keys that aren't in `known`, unless `unknown_pass` is set."""
    values, unknown = read_keys(mapping, BOOK_KEYS, found)
    if not unknown_pass:
        for key in (each.key for each in unknown if not each.key.text.startswith(OWN_KEY)):
            meant = OTHER_NAMES.get(key.text.lower(), "")
            note_unknown(key, known, found, inside="", meant=meant)
    extra = extra_of(unknown, found)
    return BookFields(
        source=found.path, values=values, positions=found.positions, diagnostics=found.in_order(), extra=extra
    )
