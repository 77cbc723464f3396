"""The keys of front matter and settings as table rows, which parsing, messages and the schema all use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from chapbook.keys.tree import Findings, MappingNode, Node, Pair, ScalarNode
from chapbook.keys.values import plain_value, wrong_type
from chapbook.model.diagnostics import Edit
from chapbook.model.near import all_nearest, nearest

__all__ = ["OWN_KEY", "Key", "Reader", "by_name", "extra_of", "likely_key", "note_unknown", "read_keys", "read_nested"]

OWN_KEY = "x-"
"""The prefix of an author's own keys, which cause no warning."""
Reader = Callable[[Node, str, Findings], Any]
"""Returns the value for a key, or ``None`` for nothing; reports problems."""


class Key(Struct, frozen=True):
    """A key that chapbook knows.

    It sets the field with its name (``Chapter.accent``). The field's annotation says what Python code may give, and the
    default.
    """

    name: str
    read: Reader
    takes: str
    """The type in words: ``text``, ``a date``, ``a list of texts``."""
    meaning: str
    """In one line, for the docs and the schema."""
    also: tuple[str, ...] = ()
    """Other names; if several are given, the main name wins, then these in order."""
    keys: tuple[Key, ...] = ()
    """The keys inside the mapping that this key takes."""


@lru_cache(maxsize=32)
def by_name(table: tuple[Key, ...]) -> Mapping[str, Key]:
    """The rows of `table`, by each of their names. (Cached, because it is constant.)"""
    return {name: key for key in table for name in (key.name, *key.also)}


@lru_cache(maxsize=1024)
def likely_key(word: str, table: tuple[Key, ...]) -> str | None:
    """The key of `table` that `word` is probably a misspelling of. (Cached, because chapters tend to have the same
    keys.)
    """
    return nearest(word, by_name(table))


def read_keys(
    mapping: MappingNode, table: tuple[Key, ...], found: Findings, *, prefix: str = ""
) -> tuple[dict[str, object], list[Pair]]:
    """The values for `table`'s keys by name, and the pairs of `mapping` whose keys aren't in `table`.

    Case doesn't matter. `found` gets the position of each key, under its main name.
    """
    rows = by_name(table)
    given: dict[str, tuple[ScalarNode, Node]] = {}
    unknown: list[Pair] = []
    for pair in mapping:
        name = pair.key.text if pair.key.text in rows else pair.key.text.lower()
        if name not in rows:
            unknown.append(pair)
        elif name in given:
            lines = f"in lines {given[name][0].at.line} and {pair.key.at.line}"
            found.add("key-doubled", f"'{name}' appears twice: {lines}", pair.key.at, "keep one of the two")
        else:
            given[name] = (pair.key, pair.value)
    _note_two_names([key for key, _ in given.values()], rows, found)
    values: dict[str, object] = {}
    for key in dict.fromkeys(rows[name] for name in given):
        written = next(name for name in (key.name, *key.also) if name in given)
        place, node = given[written]
        found.positions[prefix + key.name] = place.at
        value = key.read(node, prefix + written, found)
        if value is not None:
            values[key.name] = value
    return values, unknown


def _note_two_names(given: Iterable[ScalarNode], rows: Mapping[str, Key], found: Findings) -> None:
    """Reports a key that is given under two of its names (author and authors): chapbook reads only one."""
    first: dict[str, ScalarNode] = {}
    for key in given:
        main = (rows.get(key.text) or rows[key.text.lower()]).name
        other = first.setdefault(main, key)
        if other is not key:
            lines = f"in lines {other.at.line} and {key.at.line}"
            message = f"'{other.text}' and '{key.text}' are the same key: {lines}"
            found.add("key-doubled", message, key.at, f"put everything under '{main}'")


def read_nested(
    node: Node,
    name: str,
    table: tuple[Key, ...],
    found: Findings,
    *,
    takes: str,
    hint: str | None = None,
    passing: Collection[str] = (),
) -> dict[str, object] | None:
    """The values of a mapping under the key `name`; warns about its unknown keys, except those in `passing`."""
    if isinstance(node, ScalarNode) and node.is_null:
        return None
    if not isinstance(node, MappingNode):
        wrong_type(node, name, takes, found, hint)
        return None
    values, unknown = read_keys(node, table, found, prefix=f"{name}.")
    for each in unknown:
        if each.key.text.lower() not in passing:
            note_unknown(each.key, table, found, inside=name)
    return values


def note_unknown(key: ScalarNode, table: tuple[Key, ...], found: Findings, *, inside: str, meant: str = "") -> None:
    """Warns about a key that isn't in `table`, and suggests the one that was probably meant."""
    meant = meant or likely_key(key.text, table) or ""
    hint = f"write '{meant}'" if meant else "known are " + ", ".join(f"'{row.name}'" for row in table)
    where = f" in '{inside}'" if inside else ""
    fix = _renamed(key, table, found, inside=inside)
    found.add("key-unknown", f"unknown key '{key.text[:60]}'{where}", key.at, hint, fix)


def _renamed(key: ScalarNode, table: tuple[Key, ...], found: Findings, *, inside: str) -> tuple[Edit, ...]:
    """The change that writes a slip as the key that it must be, where that isn't in the file already."""
    meant = all_nearest(key.text, by_name(table))
    names = {by_name(table)[each].name for each in meant}
    if len(names) != 1 or f"{inside}.{names.pop()}".lstrip(".") in found.positions:
        return ()
    for at, each in enumerate(found.diagnostics):
        if any(edit.new in meant for edit in each.fix):  # of two slips, nobody knows which is the key
            found.diagnostics[at] = each.replace(fix=())
            return ()
    return found.writing(key, meant[0])


def extra_of(unknown: Iterable[Pair], found: Findings) -> dict[str, object]:
    """The values of unknown keys as Python objects; `found` gets their positions."""
    for each in unknown:
        found.positions.setdefault(each.key.text, each.key.at)
    return {each.key.text: plain_value(each.value) for each in unknown}
