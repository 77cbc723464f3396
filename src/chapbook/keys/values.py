"""Typed getters: read a value of the tree as text, boolean, number, date or language, as its key requires.

A getter receives the value, the key's name for messages, and where to report problems. It returns ``None`` if the value
is empty or wrong (wrong values are reported with line and column). The key decides the type, not the rules of YAML 1.1:
``language: no`` is Norwegian and ``weight: 010`` is ten.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from chapbook.keys.languages import language_hint, parse_language
from chapbook.keys.tree import Findings, MappingNode, Node, ScalarNode, SequenceNode, described
from chapbook.model.contents import parse_weight
from chapbook.model.dates import likely_date, parse_date, parse_moment, parse_w3c_date
from chapbook.model.fields import Kind, kinds_of
from chapbook.model.near import all_nearest, nearest
from chapbook.model.xml_text import CONTROLS, EXCLUDED, NONCHARACTERS

__all__ = [
    "boolean",
    "choice",
    "date",
    "integer",
    "is_empty",
    "language",
    "moment",
    "number",
    "paragraphs",
    "plain_value",
    "scalar",
    "text",
    "texts",
    "w3c_date",
    "weight",
    "written",
    "wrong_type",
]

_T = TypeVar("_T")
_BOOLEANS = MappingProxyType(
    {"true": True, "yes": True, "on": True, "y": True, "false": False, "no": False, "off": False, "n": False}
)
_UNFIT = re.compile(f"[{EXCLUDED}{CONTROLS}{NONCHARACTERS}\ufeff]")
"""Characters that XML 1.0, section 2.2, excludes or discourages, and byte order marks."""
_SPACES = re.compile("[ \t\n\r\x85\u2028\u2029]+")
_LONGEST_NUMBER = 60
_GROUPED = re.compile(r"(?<=[0-9])_(?=[0-9])")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE][+-]?[0-9]{1,2})?")
_STANDARD_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp"))


def wrong_type(node: Node, name: str, takes: str, found: Findings, hint: str | None = None) -> None:
    """Reports that `name` needs another kind of value than `node`."""
    found.add("value-type", f"'{name}' takes {takes}, not {described(node)}", node.at, hint)


def scalar(node: Node, name: str, takes: str, found: Findings) -> ScalarNode | None:
    """`node` if it is a single, non-empty value."""
    if not isinstance(node, ScalarNode):
        wrong_type(node, name, takes, found)
        return None
    if node.tag and node.tag not in _STANDARD_TAGS:
        found.add("value-invalid", f"chapbook ignores the tag '{node.tag}' of '{name}'", node.at, "remove the tag")
        return None
    return None if node.is_null else node


def text(node: Node, name: str, found: Findings) -> str | None:
    """One line of text: numbers and dates keep their text, line breaks become spaces."""
    value = scalar(node, name, "text", found)
    return None if value is None else _SPACES.sub(" ", _clean(value, name, found)).strip(" ")


def paragraphs(node: Node, name: str, found: Findings) -> str | None:
    """Text that keeps its line breaks."""
    value = scalar(node, name, "text", found)
    return None if value is None else _clean(value, name, found).strip("\n \t")


def _clean(node: ScalarNode, name: str, found: Findings) -> str:
    if node.text.isascii() and node.text.isprintable():
        return node.text
    clean, count = _UNFIT.subn("", node.text)
    if count:
        message = f"'{name}' holds {'a character' if count == 1 else f'{count} characters'} that a book cannot hold"
        found.add("control-character", message, node.at, "chapbook leaves it out; delete it from the file")
    return clean if clean.strip() else ""


def texts(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """A list of texts; a single text is a list of one."""
    if not isinstance(node, SequenceNode):
        if isinstance(node, MappingNode):
            wrong_type(node, name, "text or a list of texts", found)
            return None
        one = text(node, name, found)
        return (one,) if one else None
    found.positions.update((f"{name}[{index}]", item.at) for index, item in enumerate(node.items))
    each = (text(item, name, found) for item in node.items)
    return tuple(item for item in each if item)


def written(node: Node, name: str, takes: str, found: Findings) -> str:
    """The text of a single value, stripped; empty if the value is empty or not a single one."""
    value = scalar(node, name, takes, found)
    return "" if value is None else value.text.strip()


def is_empty(node: Node) -> bool:
    """Whether the value is empty."""
    return isinstance(node, ScalarNode) and not node.text.strip()


def boolean(node: Node, name: str, found: Findings) -> bool | None:
    """Yes or no, in the spellings of YAML 1.1 and 1.2."""
    word = written(node, name, "true or false", found)
    truth = _BOOLEANS.get(word.lower())
    if word and truth is None:
        wrong_type(node, name, "true or false", found)
    return truth


def integer(node: Node, name: str, found: Findings, *, of: type) -> int | None:
    """A whole number within the bounds of the field `name` in the class `of`; ``5_600_000`` is allowed."""
    return _within(node, name, found, kinds_of(of)[name.rpartition(".")[2]], int)


def number(node: Node, name: str, found: Findings, *, of: type) -> float | None:
    """A number within the bounds of the field `name` in the class `of`."""
    return _within(node, name, found, kinds_of(of)[name], float)


def _within(node: Node, name: str, found: Findings, kind: Kind, read: Callable[[str], _T]) -> _T | None:
    digits = _GROUPED.sub("", written(node, name, kind.takes, found))
    if not digits:
        return None
    if not (_INTEGER if read is int else _NUMBER).fullmatch(digits):
        wrong_type(node, name, kind.takes, found)
        return None
    try:
        kind.check(read(digits))
    except ValueError:
        found.add("value-invalid", f"'{name}' takes {kind.takes}, not {described(node)}", node.at)
        return None
    return read(digits)


def weight(node: Node, name: str, found: Findings) -> Decimal | None:
    """A position among siblings. Reports ``weight-invalid`` for anything but a number."""
    hint = "write a number: 10, 2.5, -1"
    if not isinstance(node, ScalarNode):
        found.add("weight-invalid", f"'{name}' takes a number, not {described(node)}", node.at, hint)
        return None
    value = scalar(node, name, "a number", found)
    if value is None:
        return None
    digits = value.text if len(value.text) <= _LONGEST_NUMBER else "beyond counting"
    try:
        return parse_weight(_GROUPED.sub("", digits))
    except ValueError:
        found.add("weight-invalid", f"the weight {described(node)} isn't a number", node.at, hint)
        return None


def date(node: Node, name: str, found: Findings) -> dt.date | None:
    """A day, or the day of a time (``2025-10-13T10:00:00+02:00``) in its own time zone."""
    return _dated(node, name, found, parse_date, "write year-month-day: 2024-10-05")


def w3c_date(node: Node, name: str, found: Findings) -> str | None:
    """A year, month or day in W3C-DTF."""
    return _dated(node, name, found, parse_w3c_date, "write 2024, 2024-10 or 2024-10-05")


def moment(node: Node, name: str, found: Findings) -> dt.datetime | None:
    """A day or time, in UTC."""
    return _dated(node, name, found, parse_moment, "write 2024-10-05 or 2024-10-05T12:00:00Z")


def _dated(node: Node, name: str, found: Findings, parse: Callable[[str], _T], hint: str) -> _T | None:
    text = written(node, name, "a date", found)
    try:
        return parse(text) if text else None
    except ValueError:
        likely = likely_date(text)
        hint, fix = (f"write {likely}", found.writing(node, likely)) if likely else (hint, ())
        message = f"chapbook cannot read {described(node)} as a date and leaves it out"
        found.add("date-invalid", message, node.at, hint, fix)
        return None


def language(node: Node, name: str, found: Findings) -> str | None:
    """A BCP 47 tag in its usual case."""
    text = written(node, name, "a language tag", found)
    tag = parse_language(text)
    if text and tag is None:
        hint = language_hint(text)
        meant = re.fullmatch("write '(.*)'", hint)
        fix = found.writing(node, meant[1]) if meant and parse_language(re.sub("[ _]", "-", text)) == meant[1] else ()
        found.add("language-invalid", f"{described(node)} isn't a language tag", node.at, hint, fix)
    return tag


def choice(node: Node, name: str, found: Findings, *, of: type) -> str | None:
    """One of the words allowed for the field `name` in the class `of`."""
    kind = kinds_of(of)[name]
    word = written(node, name, kind.takes, found).lower()
    if not word or word in kind.words:
        return word or None
    meant = nearest(word, kind.words)
    found.add(
        "value-invalid",
        f"'{name}' has no {described(node)}",
        node.at,
        f"write '{meant}'" if meant else f"write {kind.takes}",
        found.writing(node, meant) if meant and len(all_nearest(word, kind.words)) == 1 else (),
    )
    return None


def plain_value(node: Node) -> object:  # noqa: PLR0911 - one for each kind of value
    """A value as a Python object, for an extension's options: numbers and booleans by YAML 1.2's core schema."""
    if isinstance(node, SequenceNode):
        return [plain_value(each) for each in node.items]
    if isinstance(node, MappingNode):
        return {pair.key.text: plain_value(pair.value) for pair in node}
    if node.is_null:
        return None
    if node.style == "quoted" or node.tag == "tag:yaml.org,2002:str":
        return node.text
    if node.text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return node.text.lower() == "true"
    if _INTEGER.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if _NUMBER.fullmatch(node.text) else node.text
