"""The unique identifier of a publication (EPUB 3.3, section 5.3.3)."""

from __future__ import annotations

import json
import unicodedata
import uuid

from chapbook.metadata import Identifier, Metadata

__all__ = ["NAMESPACE", "identifier_of"]

NAMESPACE = uuid.UUID("1f3f6c0e-6f0b-5b57-9f0e-8f6d3c1d7a52")
"""Of the identifiers that chapbook makes. It never changes: readers' notes hang on what comes of it."""


def identifier_of(metadata: Metadata) -> Identifier:
    """The author's identifier, else a version 5 UUID (RFC 9562) of what makes the book this book.

    That is its title, the names of those who made it, its language and its place in a series: the next edition
    keeps the identifier, and with it the reader's place and notes. Case, white space and the way in which
    accents are encoded make no difference, so that all of it may be typed again.
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
    # JSON keeps the parts apart whatever is in them, and its escapes hold lone surrogates, which UTF-8 cannot.
    return Identifier(scheme="uuid", value=f"urn:uuid:{uuid.uuid5(NAMESPACE, json.dumps(parts))}")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()
