"""The metadata of a publication, as values (EPUB 3.3, section 5.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

__all__ = ["Contributor", "Identifier", "Metadata", "Series", "page_direction", "text_direction"]

Direction = Literal["ltr", "rtl"]


class Contributor(Struct, frozen=True, kw_only=True):
    """Somebody who made the book. `role` is a MARC relator code (``aut``); `file_as` the name for sorting."""

    name: str
    role: str = "aut"
    file_as: str = ""


class Series(Struct, frozen=True, kw_only=True):
    """The series that the book belongs to. `index` is its place as text: ``2`` or ``2.5``; empty if none."""

    name: str
    index: str = ""
    volumes: tuple[str, ...] = ()
    """The titles of all its volumes in order, the book's own too, where they are known: for a page at the end."""


class Identifier(Struct, frozen=True, kw_only=True):
    """The publication's unique identifier. `value` is a URI: ``urn:isbn:…`` (13 digits), ``urn:uuid:…``,
    ``https://doi.org/…`` for a DOI is kept as ``doi:10.…``, or the author's own.
    """

    scheme: Literal["isbn", "uuid", "doi", "uri"]
    value: str


class Metadata(Struct, frozen=True, kw_only=True):
    """What is said of the whole book. Text is plain, not markup; absent is empty or None."""

    title: str
    language: str = "en"
    """A BCP 47 tag."""
    subtitle: str = ""
    authors: tuple[Contributor, ...] = ()
    identifier: Identifier | None = None
    """``None``: one is made from title, authors, language and place in the series."""
    publisher: str = ""
    date: str = ""
    """Of publication, in W3C-DTF: ``2024``, ``2024-10`` or ``2024-10-05``."""
    modified: datetime | None = None
    """Aware; ``None``: SOURCE_DATE_EPOCH, else the newest date in the book, else a fixed date."""
    rights: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    series: Series | None = None
    direction: Direction | None = None
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
