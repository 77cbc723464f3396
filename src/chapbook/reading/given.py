"""What Python code gives as metadata, held to the rules that book.yaml is held to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import get_args

from msgspec.structs import replace

from chapbook.diagnostics import Diagnostic
from chapbook.metadata import Contributor, Direction, Identifier
from chapbook.reading.dates import parse_w3c_date
from chapbook.reading.identifiers import parse_identifier
from chapbook.reading.languages import language_hint, parse_language
from chapbook.reading.relators import likely_relator, relator_code
from chapbook.settings import DialectName, Settings

__all__ = ["GivenValues"]


class GivenValues:
    """Turns what a user of the library gives into values, and gathers what is wrong with it."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def _wrong(self, code: str, message: str, hint: str) -> None:
        self.diagnostics.append(Diagnostic.of(code, message, hint=hint or None))

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
        return value

    def authors(self, given: Iterable[str | Contributor]) -> tuple[Contributor, ...]:
        """Contributors, each role as a MARC relator."""
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
        return given

    def direction(self, given: Direction | None) -> Direction | None:
        """Left to right, right to left, or as the language has it."""
        if given not in (None, *get_args(Direction)):
            self._wrong("value-invalid", f"there is no direction '{given}'", "write 'ltr' or 'rtl', or leave it out")
            return None
        return given
