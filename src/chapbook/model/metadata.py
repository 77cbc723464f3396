"""The metadata of a publication, as values (EPUB 3.3, section 5.5), and the addresses of licences."""

from __future__ import annotations

import re
from datetime import date as day
from datetime import datetime
from typing import Annotated, Literal, get_args

from chapbook.model.fields import Checked, Kind, Language, Text, Texts, instance, one_of, optional, several
from chapbook.model.value import EMPTY, TEXTLESS, Given, Value

__all__ = [
    "AccessibilityStatement",
    "Contributor",
    "Identifier",
    "Metadata",
    "Series",
    "Subject",
    "WritingMode",
    "licence_name",
    "licence_uri",
    "page_direction",
    "text_direction",
    "web_address",
]

Direction = Literal["ltr", "rtl"]
WritingMode = Literal["horizontal-tb", "vertical-rl"]


def _place(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    return str(value)


def _edition(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError
    return str(value)


class Contributor(Checked, frozen=True, kw_only=True):
    """A contributor to the book. `role` is a MARC relator code (``aut``); `file_as` is the name for sorting."""

    name: Text
    role: Text = "aut"
    file_as: Text = ""


class Series(Checked, frozen=True, kw_only=True):
    """The series that the book belongs to. `index` is its position as text: ``2`` or ``2.5``; empty if none."""

    name: Text
    index: Annotated[Given[str, str | int | float], Kind(takes="a number", check=_place, plain=str)] = TEXTLESS
    volumes: Texts = EMPTY
    """The titles of all volumes in order, this one included, if known; for a page at the end."""


class Identifier(Checked, frozen=True, kw_only=True):
    """The publication's unique identifier. `value` is a URI: ``urn:isbn:…`` (13 digits), ``urn:uuid:…``, ``doi:10.…``
    (also for ``https://doi.org/…``), or the author's own.
    """

    scheme: Annotated[Literal["isbn", "uuid", "doi", "uri"], one_of("isbn", "uuid", "doi", "uri")]
    value: Text
    written: Text = ""
    """The ISBN as its author wrote it (``978-3-16-148410-0``), for readers; empty: like `value`."""


class Subject(Checked, frozen=True, kw_only=True):
    """A subject, by its code in a scheme: ``BISAC``, ``Thema`` or ``LCSH`` (Library of Congress)."""

    name: Text = ""
    """The subject in words; empty: the code."""
    code: Text = ""
    scheme: Text = ""


class AccessibilityStatement(Checked, frozen=True, kw_only=True):
    """A person's statement about accessibility (EPUB Accessibility 1.1, section 4), which no program can make."""

    conforms_to: Text = ""
    """``EPUB Accessibility 1.1 - WCAG 2.1 Level AA``, in short ``WCAG 2.1 AA``, or the address of a 1.0 claim."""
    certified_by: Text = ""
    """The person or organisation that evaluated the book."""
    certifier_credential: Text = ""
    """Text, or an address on the web."""
    certifier_report: Text = ""
    """The address of a report."""
    summary: Text = ""
    """In the book's language; replaces chapbook's summary."""


class Metadata(Value, frozen=True, kw_only=True):
    """Metadata of the whole book. Text is plain, not markup; what isn't set is empty or None."""

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
    """``None``: chapbook makes one from title, authors, language and place in the series."""
    publisher: Text = ""
    date: Annotated[str, instance(str, day, takes="2024, 2024-10 or 2024-10-05 as text, or a date")] = ""
    """The date of publication in W3C-DTF: ``2024``, ``2024-10`` or ``2024-10-05``."""
    modified: Annotated[datetime | None, optional(instance(datetime, takes="a datetime with its time zone"))] = None
    """Aware; ``None``: SOURCE_DATE_EPOCH, else the newest date in the book, else a fixed date."""
    rights: Text = ""
    description: Text = ""
    subjects: Annotated[
        tuple[str | Subject, ...], several(str, Subject, takes="text, a Subject, or a list of these")
    ] = ()
    series: Annotated[Series | None, optional(instance(Series, takes="a Series"))] = None
    direction: Annotated[Direction | None, optional(one_of(*get_args(Direction)))] = None
    """The direction in which pages turn; ``None``: writing mode and language decide. The text's direction depends on
    its language.
    """
    writing_mode: Annotated[WritingMode, one_of(*get_args(WritingMode))] = "horizontal-tb"
    """How lines run: ``vertical-rl``, for Japanese and Chinese, from top to bottom, the first at the right."""
    contributors: Annotated[
        tuple[Contributor, ...],
        several(str, Contributor, takes="a name, a Contributor, or a list of these"),
    ] = ()
    """Other contributors, each with a role."""
    edition: Annotated[str, Kind(takes="text or a number", check=_edition, plain=str)] = ""
    imprint: Text = ""
    isbn_print: Text = ""
    """The printed edition's ISBN: ``urn:isbn:`` and 13 digits, with hyphens as its author wrote them."""
    audience: Texts = EMPTY
    original_title: Text = ""
    """The title of the work that this book translates."""
    original_language: Language = ""
    rights_uri: Text = ""
    """The address of the licence."""
    accessibility: Annotated[
        AccessibilityStatement | None, optional(instance(AccessibilityStatement, takes="an AccessibilityStatement"))
    ] = None

    @property
    def people(self) -> tuple[Contributor, ...]:
        """The authors, then the contributors; each once for each role."""
        authors = frozenset(self.authors)
        return (*self.authors, *(each for each in self.contributors if each not in authors))


_RTL_LANGUAGES = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ji", "ps", "sd", "syr", "ug", "ur", "yi"})
_RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})


def text_direction(language: str) -> Direction:
    """The direction of text in `language` (a BCP 47 tag), by the tag's script if it has one."""
    primary, *subtags = language.lower().replace("_", "-").split("-")
    script = next((each for each in subtags[:2] if len(each) == 4 and each.isalpha()), "")  # noqa: PLR2004 - BCP 47
    rtl = script in _RTL_SCRIPTS if script else primary in _RTL_LANGUAGES
    return "rtl" if rtl else "ltr"


def page_direction(metadata: Metadata) -> Literal["ltr", "rtl"]:
    """The direction in which pages turn: the author's setting, else that of vertical text, else the language's (EPUB
    3.3, section 5.7.1).
    """
    vertical: Direction | None = "rtl" if metadata.writing_mode == "vertical-rl" else None
    return metadata.direction or vertical or text_direction(metadata.language)


_BASE = "https://creativecommons.org"
_SHORT = re.compile(
    r"(?:cc|creative[ ]commons)[ ](?P<parts>(?:by|attribution)(?:[ ](?:nc|nd|sa))*)[ ]v?(?P<version>[1-4](?:\.[0-9])?)"
    r"(?:[ ](?P<country>[a-z]{2,4}|international|unported))?"
)
_DEDICATION = re.compile(r"(?:cc[ ]?0|cc[ ]?zero|creative[ ]commons[ ]zero)(?:[ ]v?1\.0)?(?:[ ]universal)?")
_MARK = re.compile(r"(?:cc[ ]pdm|pdm|public[ ]domain[ ]mark)(?:[ ]1\.0)?")
_KINDS = frozenset({"by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"})
_VERSIONS = frozenset({"1.0", "2.0", "2.1", "2.5", "3.0", "4.0"})
_OF_CC = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<kind>[a-z-]+)/(?P<version>[0-9]\.[0-9])(?:/(?P<country>[a-z]{2,4}))?|publicdomain/(?P<public>zero|mark)/1\.0)"
    r"(?:/(?:legalcode|deed)?(?:\.[a-z-]{2,8})?)?"
)
_WEB = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9-]+(?::[0-9]{1,5})?"
    r"(?:[/?#](?:[a-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9a-f]{2})*)?",
    re.IGNORECASE,
)
_LONGEST = 2000


def licence_uri(text: str) -> str:
    """The address of a licence: `text` itself if it is an address, or the one for ``CC BY 4.0``. Raises ValueError."""
    words = " ".join(re.sub(r"[\s_-]+", " ", text).lower().split())
    if _DEDICATION.fullmatch(words):
        return f"{_BASE}/publicdomain/zero/1.0/"
    if _MARK.fullmatch(words):
        return f"{_BASE}/publicdomain/mark/1.0/"
    if (match := _SHORT.fullmatch(words)) is None:
        return web_address(text)
    parts = match["parts"].replace("attribution", "by").split()
    kind = "-".join(sorted(set(parts), key=("by", "nc", "nd", "sa").index))
    version = match["version"] if "." in match["version"] else f"{match['version']}.0"
    if kind not in _KINDS or version not in _VERSIONS or len(parts) > len(set(parts)):
        raise ValueError("no Creative Commons licence has that name")
    country = match["country"] or ""
    own = f"{country}/" if country not in ("", "international", "unported") else ""
    return f"{_BASE}/licenses/{kind}/{version}/{own}"


def licence_name(uri: str) -> str:
    """The short name of a Creative Commons licence, by its address; empty for others."""
    match = _OF_CC.fullmatch(uri)
    if match is None:
        return ""
    if match["public"]:
        return "CC0 1.0" if match["public"] == "zero" else "Public Domain Mark 1.0"
    return " ".join(filter(None, ("CC", match["kind"].upper(), match["version"], (match["country"] or "").upper())))


def web_address(text: str) -> str:
    """`text` if it is a web address that is valid in an ``href``. Raises ValueError."""
    address = text.strip()
    if len(address) > _LONGEST or not _WEB.fullmatch(address) or address.count("#") > 1:
        raise ValueError("an address begins with https:// or http://, and holds no spaces or quotation marks")
    return address
