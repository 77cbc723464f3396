"""What goes into the file, as plain values: resources, reading order, navigation, identifier."""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chapbook.model.deflated import Deflated
from chapbook.model.metadata import Identifier, Metadata
from chapbook.model.targets import TargetName

__all__ = ["Accessibility", "Landmark", "OwnMeta", "OwnParts", "Publication", "Resource", "TocEntry", "identifier_of"]


class Resource(Struct, frozen=True, kw_only=True):
    """A publication resource (EPUB 3.3, section 3.3). `name` is relative to the package document's folder."""

    name: str
    media_type: str
    data: bytes | Deflated | Callable[[], bytes]
    """The bytes, plain or compressed, or a function that returns them when the file is written, so pictures needn't
    stay in memory.
    """
    properties: tuple[str, ...] = ()
    """The manifest's: ``cover-image``, ``nav``, ``mathml``, ``svg``; sorted."""


class TocEntry(Struct, frozen=True, kw_only=True):
    """An entry of the table of contents. `href` is a resource's name, optionally with a fragment."""

    label: str
    href: str
    children: tuple[TocEntry, ...] = ()


class Landmark(Struct, frozen=True, kw_only=True):
    """An entry of the landmarks: `type` is an epub:type (``bodymatter``), `href` as in TocEntry."""

    type: str
    label: str
    href: str


class Accessibility(Struct, frozen=True, kw_only=True):
    """The schema.org metadata that applies to this book (EPUB Accessibility 1.1, section 2.2)."""

    access_modes: tuple[str, ...]
    access_modes_sufficient: tuple[str, ...]
    """Each a comma-separated set (``textual,visual``)."""
    features: tuple[str, ...]
    hazards: tuple[str, ...]
    summary: str
    summary_language: str = ""
    """The summary's BCP 47 tag, if it isn't in the book's language."""


class OwnMeta(Struct, frozen=True, kw_only=True):
    """A statement that the user added: a ``meta``, or an element of Dublin Core (``dc:relation``)."""

    name: str
    value: str
    id: str
    refines: str = ""
    """The id of the statement that it refines; empty: the book."""
    language: str = ""
    scheme: str = ""


class OwnParts(Struct, frozen=True, kw_only=True):
    """What Python code adds to a publication and chapbook doesn't inspect."""

    statements: tuple[OwnMeta, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    """Prefixes of the statements that EPUB doesn't reserve, with their addresses."""
    resources: tuple[Resource, ...] = ()


class Publication(Struct, frozen=True, kw_only=True):
    """A whole book, ready for packaging. It doesn't depend on a clock, a host or a folder's location."""

    metadata: Metadata
    identifier: Identifier
    modified: datetime
    """Aware, UTC, whole seconds."""
    direction: Literal["ltr", "rtl"]
    resources: tuple[Resource, ...]
    """All resources except the package document, navigation document and NCX, which are made from these."""
    spine: tuple[str, ...]
    """Resource names in reading order; ``NAV_NAME`` marks the navigation document."""
    toc: tuple[TocEntry, ...]
    landmarks: tuple[Landmark, ...]
    accessibility: Accessibility
    stylesheets: tuple[str, ...] = ()
    """Names of the sheets that the navigation document links."""
    cover_image: str = ""
    """The cover image's name; empty if there is none."""
    own: OwnParts = OwnParts()
    target: TargetName = "generic"


NAV_NAME = "nav.xhtml"
NCX_NAME = "toc.ncx"
COVER_PAGE_NAME = "cover.xhtml"
TITLE_PAGE_NAME = "title-page.xhtml"
COPYRIGHT_PAGE_NAME = "copyright-page.xhtml"
SERIES_PAGE_NAME = "series-page.xhtml"
PACKAGE_NAME = "package.opf"
FOLDER = "EPUB"

_NAMESPACE = uuid.UUID("1f3f6c0e-6f0b-5b57-9f0e-8f6d3c1d7a52")
"""The namespace of generated identifiers. It must never change, because readers' notes depend on the result."""


def identifier_of(metadata: Metadata) -> Identifier:
    """The author's identifier, or else a version 5 UUID (RFC 9562) made from what identifies the book.

    That is its title, contributors' names, language and position in a series. So the next edition keeps the identifier,
    and reading apps keep the reader's place and notes. Case, white space and the encoding of accents don't matter, so
    the values can be typed again.
    """
    if metadata.identifier is not None:
        return metadata.identifier
    series = metadata.series
    parts = [
        _folded(metadata.title),
        [_folded(each.name) for each in metadata.authors],
        _folded(metadata.language),
        [_folded(series.name), series.index.strip()] if series else [],
    ]
    # JSON keeps the parts separate whatever they contain, and can escape lone surrogates, which UTF-8 can't encode.
    return Identifier(scheme="uuid", value=f"urn:uuid:{uuid.uuid5(_NAMESPACE, json.dumps(parts))}")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()
