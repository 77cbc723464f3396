"""What Python code gives as a book's attributes: checked as it comes, then held to the rules of book.yaml."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from chapbook.keys.book_keys import METADATA_KEYS, SETTINGS_KEYS
from chapbook.keys.chapter_keys import chapter_type, type_hint
from chapbook.keys.identifiers import parse_identifier
from chapbook.keys.keys import Key
from chapbook.keys.languages import language_hint, parse_language
from chapbook.keys.relators import likely_relator, relator_code
from chapbook.model.contents import CONTENTS, Chapter, Item, Part
from chapbook.model.dates import parse_w3c_date
from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.fields import PATH, Kind, checked, kinds_of, optional
from chapbook.model.metadata import Contributor, Identifier, Metadata, Series
from chapbook.model.settings import ContentFile, ExtensionSpec, FontFile, Settings

__all__ = ["GivenValues", "book_value", "values_of"]


@cache
def _book_kinds() -> Mapping[str, Kind]:
    """(A memo of a constant.)"""
    own = {"root": optional(PATH), "contents": CONTENTS}
    return {**kinds_of(Metadata), **kinds_of(Settings), **own}


def book_value(name: str, value: object) -> object:
    """`value` as a Book holds it in its attribute `name`: several in a list, which is the caller's own if it is one.

    Raises FieldTypeError or FieldValueError for a value that the attribute doesn't take.
    """
    kind = _book_kinds()[name]
    held = checked(kind, f"Book.{name}", value)
    return value if isinstance(value, list) else list(held) if kind.listed else held


def values_of(owner: object, table: Iterable[Key]) -> dict[str, Any]:
    """The values that `owner` has for the keys of `table`, by their names."""
    return {key.name: getattr(owner, key.name) for key in table}


class GivenValues:
    """Turns what a user of the library gives into values, and gathers what is wrong with it."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def metadata(self, book: object) -> Metadata:
        """The metadata of `book`, which has an attribute for each key."""
        return Metadata(**self._values(book, METADATA_KEYS))

    def settings(self, book: object, *, positions: Mapping[str, Position], source: str) -> Settings:
        """The settings of `book`, as `metadata`; `positions` are of the file `source`."""
        return Settings(positions=positions, source=source, **self._values(book, SETTINGS_KEYS))

    def _values(self, book: object, table: Iterable[Key]) -> dict[str, Any]:
        """The values of `book` as a build takes them. Its lists may have been changed since they were checked."""
        held = {name: book_value(name, value) for name, value in values_of(book, table).items()}
        plain = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
        return {name: _RULES[name](self, value) if name in _RULES else value for name, value in plain.items()}

    def _wrong(self, code: str, message: str, hint: str, chapter: Chapter | None = None) -> None:
        path = chapter.path or None if chapter else None
        self.diagnostics.append(Diagnostic.of(code, message, path=path, hint=hint or None))

    def language(self, tag: str) -> str:
        """A BCP 47 tag in its usual case; English where it is none."""
        parsed = parse_language(tag)
        if parsed is None:
            hint = language_hint(tag) or "write en, or zh-Hant"
            self._wrong("language-invalid", f"'{tag}' isn't a language tag", hint)
        return parsed or "en"

    def identifier(self, value: str | Identifier | None) -> Identifier | None:
        """An identifier of any kind, checked; ``None`` for none."""
        if isinstance(value, Identifier) or not value:
            return value or None
        try:
            return parse_identifier(value)
        except ValueError as error:
            hint = "give an ISBN, a UUID, a DOI or a URI; without one chapbook makes a UUID"
            self._wrong("identifier-invalid", f"'{value}' isn't an identifier: {error}", hint)
            return None

    def date(self, value: str | dt.date) -> str:
        """A date of publication in W3C-DTF; empty for none."""
        if isinstance(value, dt.date):
            return dt.date(value.year, value.month, value.day).isoformat()
        if not value:
            return ""
        try:
            return parse_w3c_date(value)
        except ValueError:
            self._wrong("date-invalid", f"'{value}' isn't a valid date", "write 2024, 2024-10 or 2024-10-05")
            return ""

    def modified(self, value: dt.datetime | None) -> dt.datetime | None:
        """A time with its zone."""
        if value is not None and value.tzinfo is None:
            self._wrong("date-invalid", f"'{value}' has no time zone", "give an aware datetime: tzinfo=datetime.UTC")
            return None
        try:
            return value and value.astimezone(dt.UTC)
        except OverflowError:
            hint = "in UTC it is beyond the calendar, years 1 to 9999"
            self._wrong("date-invalid", f"'{value}' isn't a valid date", hint)
            return None

    def authors(self, given: Iterable[str | Contributor]) -> tuple[Contributor, ...]:
        """Contributors, each role as a MARC relator."""
        people = [Contributor(name=each) if isinstance(each, str) else each for each in given]
        return tuple(replace(each, role=self._role(each)) for each in people)

    def _role(self, person: Contributor) -> str:
        role = relator_code(person.role)
        if role is None:
            self._wrong(
                "role-unknown",
                f"the role '{person.role}' of '{person.name}' isn't a MARC relator",
                f"write '{near}'" if (near := likely_relator(person.role)) else "write aut, edt, trl, ill, or its word",
            )
        return role or "aut"

    def series(self, series: Series | None) -> Series | None:
        """A series with the place as text: ``2`` or ``2.5``."""
        if series is None:
            return None
        text = series.index.strip().removesuffix(".0")
        if text and not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})*", text):
            self._wrong("value-invalid", f"the place '{text}' in the series isn't a number", "write 2, or 2.5")
            text = ""
        return replace(series, index=text)

    def items(self, given: Iterable[Item]) -> tuple[Item, ...]:
        """Chapters and parts, each chapter's type and language as its front matter would have them."""
        return tuple(self._item(each) for each in given)

    def _item(self, item: Item) -> Item:
        if isinstance(item, Chapter):
            return self._chapter(item)
        opening, contents = self._chapter(item.opening), self.items(item.contents)
        same = opening is item.opening and all(map(operator.is_, contents, item.contents))
        return item if same else Part(opening=opening, contents=contents, path=item.path)

    def _chapter(self, chapter: Chapter) -> Chapter:
        values: dict[str, Any] = {}
        if chapter.language and (tag := self._chapter_language(chapter)) != chapter.language:
            values["language"] = tag
        if (kind := self._chapter_type(chapter)) != chapter.type:
            values["type"] = kind
        return replace(chapter, **values) if values else chapter

    def _chapter_language(self, chapter: Chapter) -> str:
        tag = parse_language(chapter.language.strip())
        if tag is None and chapter.language.strip():
            message = f"'{chapter.language}' isn't a language tag{_of(chapter)}"
            self._wrong("language-invalid", message, language_hint(chapter.language), chapter)
        return tag or ""

    def _chapter_type(self, chapter: Chapter) -> str:
        kind = chapter_type(chapter.type)
        if kind is None:
            message = f"unknown type '{chapter.type}'{_of(chapter)}, treated as 'chapter'"
            self._wrong("type-unknown", message, type_hint(chapter.type), chapter)
        return kind or "chapter"


def _file(given: Any) -> Any:  # noqa: ANN401 - a path, or what is none: a theme's name is kept by its own rule
    """A file that the user named by its path, or one of the content folder."""
    return given if isinstance(given, ContentFile | FontFile | None) else Path(given)


def _extension(given: object) -> ExtensionSpec:
    """A Markdown extension that the user named, which may be any."""
    return given if isinstance(given, ExtensionSpec) else ExtensionSpec(extension=given, trusted=True)


def _of(chapter: Chapter) -> str:
    """Which chapter it is, where no path says so."""
    return f" of '{chapter.title}'" if chapter.title and not chapter.path else ""


_RULES: Mapping[str, Callable[[GivenValues, Any], object]] = MappingProxyType(
    {
        "language": GivenValues.language,
        "authors": GivenValues.authors,
        "identifier": GivenValues.identifier,
        "date": GivenValues.date,
        "modified": GivenValues.modified,
        "series": GivenValues.series,
        "theme": lambda _, theme: theme if isinstance(theme, str) else _file(theme),
        "css": lambda _, files: tuple(map(_file, files)),
        "fonts": lambda _, files: tuple(map(_file, files)),
        "cover": lambda _, file: _file(file),
        "extensions": lambda _, extensions: tuple(map(_extension, extensions)),
    }
)
"""How the values of those keys that Python code gives in another form become those of a book."""
