"""The metadata of a publication, as values (EPUB 3.3, section 5.5)."""

from __future__ import annotations

from datetime import date as day
from datetime import datetime
from typing import Annotated, Literal, get_args

from chapbook.model.fields import Checked, Kind, Language, Text, Texts, instance, one_of, optional, several
from chapbook.model.value import EMPTY, TEXTLESS, Given, Value

__all__ = ["Contributor", "Identifier", "Metadata", "Series", "page_direction", "text_direction"]

Direction = Literal["ltr", "rtl"]


def _place(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


class Contributor(Checked, frozen=True, kw_only=True):
    """Somebody who made the book. `role` is a MARC relator code (``aut``); `file_as` the name for sorting."""

    name: Text
    role: Text = "aut"
    file_as: Text = ""


class Series(Checked, frozen=True, kw_only=True):
    """The series that the book belongs to. `index` is its place as text: ``2`` or ``2.5``; empty if none."""

    name: Text
    index: Annotated[Given[str, str | int | float], Kind(takes="a number", check=_place, plain=str)] = TEXTLESS
    volumes: Texts = EMPTY
    """The titles of all its volumes in order, the book's own too, where they are known: for a page at the end."""


class Identifier(Checked, frozen=True, kw_only=True):
    """The publication's unique identifier. `value` is a URI: ``urn:isbn:…`` (13 digits), ``urn:uuid:…``,
    ``https://doi.org/…`` for a DOI is kept as ``doi:10.…``, or the author's own.
    """

    scheme: Annotated[Literal["isbn", "uuid", "doi", "uri"], one_of("isbn", "uuid", "doi", "uri")]
    value: Text


class Metadata(Value, frozen=True, kw_only=True):
    """What is said of the whole book. Text is plain, not markup; absent is empty or None."""

    title: Text
    language: Language = "en"
    """A BCP 47 tag."""
    subtitle: Text = ""
    authors: Annotated[
        tuple[Contributor, ...],
        several(str, Contributor, takes="a name, a Contributor, or a list of these"),
    ] = ()
    identifier: Annotated[
        Identifier | None,
        optional(instance(str, Identifier, takes="an ISBN, UUID, DOI or URI as text, or an Identifier")),
    ] = None
    """``None``: one is made from title, authors, language and place in the series."""
    publisher: Text = ""
    date: Annotated[str, instance(str, day, takes="2024, 2024-10 or 2024-10-05 as text, or a date")] = ""
    """Of publication, in W3C-DTF: ``2024``, ``2024-10`` or ``2024-10-05``."""
    modified: Annotated[datetime | None, optional(instance(datetime, takes="a datetime with its time zone"))] = None
    """Aware; ``None``: SOURCE_DATE_EPOCH, else the newest date in the book, else a fixed date."""
    rights: Text = ""
    description: Text = ""
    subjects: Texts = EMPTY
    series: Annotated[Series | None, optional(instance(Series, takes="a Series"))] = None
    direction: Annotated[Direction | None, optional(one_of(*get_args(Direction)))] = None
    """Of reading; ``None``: as the language has it."""


_RTL_LANGUAGES = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ji", "ps", "sd", "syr", "ug", "ur", "yi"})
_RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def text_direction(language: str) -> Direction:
    """The direction of text in `language` (a BCP 47 tag), by its script where the tag names one."""
    primary, *subtags = language.lower().replace("_", "-").split("-")
    script = next((each for each in subtags[:2] if len(each) == 4 and each.isalpha()), "")  # noqa: PLR2004 - BCP 47
    rtl = script in _RTL_SCRIPTS if script else primary in _RTL_LANGUAGES
    return "rtl" if rtl else "ltr"


def page_direction(metadata: Metadata) -> Literal["ltr", "rtl"]:
    """The direction in which pages turn: the author's, else that of the language (EPUB 3.3, section 5.7.1)."""
    return metadata.direction or text_direction(metadata.language)
