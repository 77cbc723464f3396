"""What Python code gives as metadata, held to the rules that book.yaml is held to."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import get_args

from msgspec.structs import replace

from chapbook.keys.chapter_keys import chapter_type, type_hint
from chapbook.keys.dates import parse_w3c_date
from chapbook.keys.identifiers import parse_identifier
from chapbook.keys.languages import language_hint, parse_language
from chapbook.keys.relators import likely_relator, relator_code
from chapbook.keys.setting_values import IMAGE_RANGES
from chapbook.model.contents import Chapter, Item, Part
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.metadata import Contributor, Direction, Identifier
from chapbook.model.settings import ContentFile, DialectName, ExtensionSpec, FileRef, ImageLimits, Settings

__all__ = ["GivenValues", "PathOrFile", "given_extension", "given_file"]

PathOrFile = str | PathLike[str] | ContentFile
"""A path that the user gives, or a file of the book's content folder."""


class GivenValues:
    """Turns what a user of the library gives into values, and gathers what is wrong with it."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def _wrong(self, code: str, message: str, hint: str, chapter: Chapter | None = None) -> None:
        path = chapter.path or None if chapter else None
        self.diagnostics.append(Diagnostic.of(code, message, path=path, hint=hint or None))

    def language(self, tag: str) -> str:
        """A BCP 47 tag in its usual case; English where it is none."""
        parsed = parse_language(tag)
        if parsed is None:
            self._wrong("language-invalid", f"'{tag}' is no language tag", language_hint(tag) or "write en, or zh-Hant")
        return parsed or "en"

    def identifier(self, value: str | Identifier) -> Identifier | None:
        """An identifier of any kind, checked; ``None`` for none."""
        if isinstance(value, Identifier) or not value:
            return value or None
        try:
            return parse_identifier(value)
        except ValueError as error:
            self._wrong(
                "identifier-invalid",
                f"'{value}' is no identifier: {error}",
                "give an ISBN, a UUID, a DOI or a URI; without one chapbook makes a UUID",
            )
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
            self._wrong("date-invalid", f"'{value}' is no date", "write 2024, 2024-10 or 2024-10-05")
            return ""

    def modified(self, value: dt.datetime | None) -> dt.datetime | None:
        """A time with its zone."""
        if value is not None and value.tzinfo is None:
            self._wrong("date-invalid", f"'{value}' has no time zone", "give an aware datetime: tzinfo=datetime.UTC")
            return None
        try:
            return value and value.astimezone(dt.UTC)
        except OverflowError:
            self._wrong("date-invalid", f"'{value}' is no date", "in UTC it is beyond the calendar, years 1 to 9999")
            return None

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
        values: dict[str, object] = {}
        if chapter.language and (tag := self._chapter_language(chapter)) != chapter.language:
            values["language"] = tag
        if (kind := self._chapter_type(chapter)) != chapter.type:
            values["type"] = kind
        if isinstance(chapter.authors, str):
            values["authors"] = (chapter.authors,)
        return replace(chapter, **values) if values else chapter

    def _chapter_language(self, chapter: Chapter) -> str:
        tag = parse_language(chapter.language.strip())
        if tag is None and chapter.language.strip():
            message = f"'{chapter.language}' is no language tag{_of(chapter)}"
            self._wrong("language-invalid", message, language_hint(chapter.language), chapter)
        return tag or ""

    def _chapter_type(self, chapter: Chapter) -> str:
        kind = chapter_type(chapter.type)
        if kind is None:
            message = f"unknown type '{chapter.type}'{_of(chapter)}; 'chapter' is taken"
            self._wrong("type-unknown", message, type_hint(chapter.type), chapter)
        return kind or "chapter"

    def authors(self, given: str | Contributor | Iterable[str | Contributor]) -> tuple[Contributor, ...]:
        """Contributors, each role as a MARC relator; a single one needs no list."""
        given = (given,) if isinstance(given, str | Contributor) else given
        people = [Contributor(name=each) if isinstance(each, str) else each for each in given]
        return tuple(replace(each, role=self._role(each)) for each in people)

    def _role(self, person: Contributor) -> str:
        role = relator_code(person.role)
        if role is None:
            self._wrong(
                "role-unknown",
                f"the role '{person.role}' of '{person.name}' is no MARC relator",
                f"write '{near}'" if (near := likely_relator(person.role)) else "write aut, edt, trl, ill, or its word",
            )
        return role or "aut"

    def series_index(self, index: str | float) -> str:
        """A place in a series as text: ``2`` or ``2.5``."""
        text = str(index).strip().removesuffix(".0")
        if text and not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})*", text):
            self._wrong("value-invalid", f"the place '{text}' in the series is no number", "write 2, or 2.5")
            return ""
        return text

    def settings(self, given: Settings) -> Settings:
        """How the book is made: what would be refused in book.yaml is noted, and the default stands in."""
        usual = Settings()
        if given.dialect not in get_args(DialectName):
            self._wrong("value-invalid", f"there is no dialect '{given.dialect}'", "write 'markdown' or 'commonmark'")
            given = replace(given, dialect=usual.dialect)
        if given.toc_depth not in range(1, 4):
            self._wrong("value-invalid", f"'toc_depth' takes 1, 2 or 3, not {given.toc_depth!r}", "write 1, 2 or 3")
            given = replace(given, toc_depth=usual.toc_depth)
        if not given.render_seconds > 0:
            self._wrong("value-invalid", f"'render_seconds' takes a number above 0, not {given.render_seconds!r}", "")
            given = replace(given, render_seconds=usual.render_seconds)
        return replace(given, images=self._images(given.images))

    def _images(self, given: ImageLimits) -> ImageLimits:
        wrong = {name: limits for name, limits in IMAGE_RANGES.items() if not _is_within(getattr(given, name), limits)}
        for name, (least, most) in wrong.items():
            takes = f"a whole number from {least:,} to {most:,}"
            self._wrong("value-invalid", f"'images.{name}' takes {takes}, not {getattr(given, name)!r}", "")
        return replace(given, **{name: getattr(ImageLimits(), name) for name in wrong}) if wrong else given

    def direction(self, given: Direction | None) -> Direction | None:
        """Left to right, right to left, or as the language has it."""
        if given not in (None, *get_args(Direction)):
            self._wrong("value-invalid", f"there is no direction '{given}'", "write 'ltr' or 'rtl', or leave it out")
            return None
        return given


def given_file(given: PathOrFile) -> FileRef:
    """A file that the user named by its path, or one of the content folder."""
    return given if isinstance(given, ContentFile) else Path(given)


def given_extension(given: object) -> ExtensionSpec:
    """A Markdown extension that the user named, which may be any."""
    return given if isinstance(given, ExtensionSpec) else ExtensionSpec(extension=given, trusted=True)


def _of(chapter: Chapter) -> str:
    """Which chapter it is, where no path says so."""
    return f" of '{chapter.title}'" if chapter.title and not chapter.path else ""


def _is_within(value: object, limits: tuple[int, int]) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and limits[0] <= value <= limits[1]
