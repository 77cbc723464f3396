"""Checks the attributes that Python code sets on a book: at once when set, then by the rules of book.yaml.

The attributes that matter to publishers are declared here; `Book` has them besides its own.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace

from chapbook.keys import publishing
from chapbook.keys.contributors import CONTRIBUTOR_KEYS
from chapbook.keys.rows import Key, by_name
from chapbook.keys.table import BOOK_KEYS, CHAPTER_KEYS, METADATA_KEYS, SETTINGS_KEYS
from chapbook.keys.tree import Findings, ScalarNode
from chapbook.model.contents import CONTENTS, Chapter, Item, Part
from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.fields import PATH, Kind, checked, kinds_of, optional
from chapbook.model.metadata import AccessibilityStatement, Contributor, Metadata, Series, Subject, WritingMode
from chapbook.model.settings import OWN_DIALECT, ContentFile, ExtensionSpec, FileRef, FontFile, Settings
from chapbook.model.value import LIST, Several
from chapbook.model.xml_text import CONTROLS, EXCLUDED, NONCHARACTERS

_Given = TypeVar("_Given")
_Parsed = TypeVar("_Parsed")
__all__ = ["GivenValues", "PublishersData", "book_value", "values_of"]


@dataclass(kw_only=True)
class PublishersData:
    """The attributes of `Book` for publishers' data; each is empty unless set."""

    subjects: Several[str | Subject] = field(default_factory=LIST)
    """What the book is about, in words, or as Subjects by a code of BISAC, Thema or LCSH."""
    contributors: Several[str | Contributor] = field(default_factory=LIST)
    """Other contributors, with their roles; a plain name has no role."""
    edition: str | int = ""
    """``2``, or ``Second edition``."""
    imprint: str = ""
    isbn_print: str = ""
    """The ISBN of the printed edition."""
    audience: Several[str] = field(default_factory=LIST)
    writing_mode: WritingMode = "horizontal-tb"
    """``vertical-rl``: lines run from top to bottom, the first at the right, as in Japanese and Chinese."""
    original_title: str = ""
    """The title of the work that this book translates."""
    original_language: str = ""
    rights_uri: str = ""
    """The address of the licence, or the short name of one of Creative Commons': ``CC BY 4.0``."""
    accessibility: AccessibilityStatement | None = None
    """A person's findings about accessibility, printed beside chapbook's own claims."""


@cache
def _book_kinds() -> Mapping[str, Kind]:
    """(Cached, because it is constant.)"""
    own = {"root": optional(PATH), "contents": CONTENTS}
    return {**kinds_of(Metadata), **kinds_of(Settings), **own}


def book_value(name: str, value: object) -> Any:  # noqa: ANN401 - as the attribute has it
    """`value` in the form that Book keeps it in `name`: lists for several, the caller's own object if nothing changes.

    Raises FieldTypeError or FieldValueError for a value that the attribute doesn't accept.
    """
    kind = _book_kinds()[name]
    held = checked(kind, f"Book.{name}", value)
    if isinstance(value, list) and all(map(operator.is_, value, held)):
        return value
    return list(held) if isinstance(held, tuple) else held


def values_of(owner: object, table: Iterable[Key]) -> dict[str, Any]:
    """The values of `owner` for the keys of `table`, by name."""
    return {key.name: getattr(owner, key.name) for key in table}


class GivenValues:
    """Turns values given by Python code into a build's values, and collects what is wrong with them."""

    def __init__(self) -> None:
        self.dialects: dict[str, Callable[[str], str]] = {}
        """The user's own dialects, by generated names."""
        self.diagnostics: list[Diagnostic] = []
        self.content: dict[str, bytes] = {}
        """Content given as bytes or text instead of a file, by a generated name (``book.css[0]``)."""

    def metadata(self, book: object) -> Metadata:
        """The metadata of `book`, which has an attribute for each key."""
        return Metadata(**self._values(book, METADATA_KEYS))

    def settings(self, book: object, *, positions: Mapping[str, Position], source: str) -> Settings:
        """The settings of `book`, like `metadata`; `positions` are those in the file `source`."""
        return Settings(positions=positions, source=source, **self._values(book, SETTINGS_KEYS))

    def said(self, metadata: Metadata, settings: Settings) -> tuple[Diagnostic, ...]:
        """What is wrong with the values, and what contradicts between two of them."""
        return (*self.diagnostics, *publishing.disagreements(metadata, settings))

    def _values(self, book: object, table: Iterable[Key]) -> dict[str, Any]:
        """The values of `book` for a build. Its lists may have changed since they were checked."""
        held = {name: book_value(name, value) for name, value in values_of(book, table).items()}
        for name, value in held.items():
            if name != "identifier":  # with them it would be invalid
                self._characters(f"'{name}'", value)
        plain = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
        return {name: _RULES[name](self, value) if name in _RULES else value for name, value in plain.items()}

    def _characters(self, what: str, value: object) -> bool:
        """Whether `value` has characters that XML can't hold; they are reported here and dropped when written."""
        found = dict.fromkeys(each for words in _texts(value) for each in _UNFIT.findall(words))
        if found:
            names = [f"U+{ord(each):04X}" for each in found]
            listed = ", ".join(names[:_MOST_NAMES]) + (" and others" if len(names) > _MOST_NAMES else "")
            message = f"{what} holds {listed}, which no book can hold, so chapbook leaves that out"
            self.diagnostics.append(Diagnostic.of("control-character", message, hint="delete it from the text"))
        return bool(found)

    def _read(self, row: Key, written: str, *, within: str = "", path: str = "") -> Any:  # noqa: ANN401
        """Reads the text `written` as a key's value, like in a file; ``None`` if it is empty or wrong."""
        found = Findings(path=path)
        value = row.read(ScalarNode(written, Position(1)), row.name, found)
        where = f" (in '{within}')" if within and not path else ""
        for each in found.diagnostics:
            if each.code == "date-invalid":  # a date in a file can be ignored; one from Python code is an error
                each = Diagnostic.of("value-invalid", f"'{written}' isn't a date", hint=each.hint)  # noqa: PLW2901
            self.diagnostics.append(replace(each, message=f"{each.message}{where}", line=None, column=None))
        return value

    def dialect(self, given: str | Callable[[str], str]) -> str:
        """The name of a dialect; `given` may be a function too."""
        if isinstance(given, str):
            return given
        name = f"{OWN_DIALECT}{getattr(given, '__name__', type(given).__name__)}"
        while self.dialects.setdefault(name, given) is not given:
            name += "-x"
        return name

    def text(self, name: str, written: str) -> Any:  # noqa: ANN401 - as above
        """Reads a text as the value of the book's key `name`."""
        return self._read(_ROWS[name], written)

    def date(self, value: str | dt.date) -> str:
        """A date of publication in W3C-DTF; empty for none."""
        if isinstance(value, dt.date):
            return dt.date(value.year, value.month, value.day).isoformat()
        return self.text("date", value) or ""

    def modified(self, value: dt.datetime | None) -> dt.datetime | None:
        """A time with its time zone."""
        message, hint = f"'{value}' has no time zone", "give an aware datetime: tzinfo=datetime.UTC"
        try:
            if value is None or value.tzinfo is not None:
                return value and value.astimezone(dt.UTC)
        except OverflowError:
            message, hint = f"'{value}' isn't a valid date", "in UTC it is beyond the calendar, years 1 to 9999"
        self.diagnostics.append(Diagnostic.of("value-invalid", message, hint=hint))
        return None

    def authors(self, given: Iterable[str | Contributor]) -> tuple[Contributor, ...]:
        """Contributors, with each role as a MARC relator."""
        people = [Contributor(name=each) if isinstance(each, str) else each for each in given]
        rows = by_name(CONTRIBUTOR_KEYS)
        return tuple(
            replace(each, role=self._read(rows["role"], each.role, within=each.name) or "aut") for each in people
        )

    def contributors(self, given: Iterable[str | Contributor]) -> tuple[Contributor, ...]:
        """Contributors, with each role as a MARC relator; a plain name becomes a contributor."""
        return self.authors(Contributor(name=each, role="ctb") if isinstance(each, str) else each for each in given)

    def subjects(self, given: Iterable[str | Subject]) -> tuple[str | Subject, ...]:
        """Subjects, with each code in the form of its scheme."""
        return tuple(
            each
            if isinstance(each, str)
            else self._parsed(each, publishing.parse_subject, "subjects", publishing.SUBJECT_HINT) or each.name
            for each in given
        )

    def accessibility(self, said: AccessibilityStatement | None) -> AccessibilityStatement | None:
        """An accessibility statement with its claim in full."""
        return said and self._parsed(said, publishing.parse_statement, "accessibility", publishing.STATEMENT_HINT)

    def _parsed(self, given: _Given, parse: Callable[[_Given], _Parsed], name: str, hint: str) -> _Parsed | None:
        try:
            return parse(given)
        except ValueError as error:
            self.diagnostics.append(Diagnostic.of("value-invalid", f"in '{name}', {error}", hint=hint))
            return None

    def series(self, series: Series | None) -> Series | None:
        """A series with its position as text: ``2`` or ``2.5``."""
        if series is None:
            return None
        place = self._read(
            by_name(publishing.SERIES_KEYS)["index"], series.index.strip().removesuffix(".0"), within=series.name
        )
        return replace(series, index=place or "")

    def items(self, given: Iterable[Item]) -> tuple[Item, ...]:
        """Chapters and parts, with each chapter's type and language checked like in front matter."""
        return tuple(self._item(each) for each in given)

    def _item(self, item: Item) -> Item:
        if isinstance(item, Chapter):
            return self._chapter(item)
        opening, contents = self._chapter(item.opening), self.items(item.contents)
        same = opening is item.opening and all(map(operator.is_, contents, item.contents))
        return item if same else Part(opening=opening, contents=contents, path=item.path)

    def _chapter(self, chapter: Chapter) -> Chapter:
        rows, values = by_name(CHAPTER_KEYS), dict[str, Any]()
        if callable(chapter.dialect):
            values["dialect"] = self.dialect(chapter.dialect)
        for name in ("title", "heading", "description", "authors") if not chapter.path else ():  # files' are read clean
            if self._characters(f"'{name}' of a chapter", value := getattr(chapter, name)):
                clean = [_UNFIT.sub("", each) for each in _texts(value)]
                values[name] = tuple(clean) if name == "authors" else clean[0]
        for name, usual in (("language", ""), ("type", "chapter")):
            written = getattr(chapter, name)
            if written != usual:
                value = self._read(rows[name], written, within=chapter.title, path=chapter.path) or usual
                if value != written:
                    values[name] = value
        return replace(chapter, **values) if values else chapter

    def files(self, name: str, given: Iterable[Any]) -> tuple[FileRef | FontFile, ...]:
        """Files given for the key `name`: by path, by content, or from the content folder."""
        return tuple(self.file(f"{name}[{at}]", each) for at, each in enumerate(given))

    def file(self, name: str, given: Any) -> Any:  # noqa: ANN401 - as above
        """Like `files`, for a single file; a theme's name is checked by its own rule."""
        if isinstance(given, FontFile):
            return replace(given, file=self.file(name, given.file))
        if isinstance(given, ContentFile | None):
            return given
        if name.startswith("css") and isinstance(given, str) and _SHEET.search(given):
            given = given.encode("utf-8", "replace")
        if isinstance(given, bytes):
            self.content[f"book.{name}"] = given
            return ContentFile(f"book.{name}")
        return Path(given)


_SHEET = re.compile(r"[{\n]|@import\b|\A\s*\Z")
"""Matches the text of a style sheet, but hardly a path."""


def _texts(value: object) -> Iterator[str]:
    """Yields all texts in a metadata value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Struct):
        yield from (text for each in asdict(value).values() for text in _texts(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in _texts(each))


_UNFIT = re.compile(f"[{EXCLUDED}{CONTROLS}{NONCHARACTERS}]")
_MOST_NAMES = 4
_ROWS = by_name(BOOK_KEYS)
_RULES: Mapping[str, Callable[[GivenValues, Any], object]] = MappingProxyType(
    {
        "language": lambda given, tag: given.text("language", tag) or "en",
        "authors": GivenValues.authors,
        "identifier": lambda given, each: given.text("identifier", each) if isinstance(each, str) else each,
        "date": GivenValues.date,
        "contributors": GivenValues.contributors,
        "subjects": GivenValues.subjects,
        "accessibility": GivenValues.accessibility,
        "isbn_print": lambda given, each: given.text("isbn_print", each) or "",
        "rights_uri": lambda given, each: given.text("rights_uri", each) or "",
        "original_language": lambda given, tag: given.text("original_language", tag) or "",
        "modified": GivenValues.modified,
        "series": GivenValues.series,
        "theme": lambda given, theme: theme if isinstance(theme, str) else given.file("theme", theme),
        "css": lambda given, files: given.files("css", files),
        "fonts": lambda given, files: given.files("fonts", files),
        "cover": lambda given, file: given.file("cover", file),
        "dialect": GivenValues.dialect,
        "extensions": lambda _, given: tuple(
            each if isinstance(each, ExtensionSpec) else ExtensionSpec(extension=each, trusted=True) for each in given
        ),  # of those that the user names, all are allowed
    }
)
"""Conversions for keys whose Python values have another form than the book's."""
