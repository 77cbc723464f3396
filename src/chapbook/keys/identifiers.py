"""Identifiers: that of the publication (EPUB 3.3, section 5.5.3.1), the printed book's ISBN, the licence's address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from chapbook.keys.tree import Findings, Node, described
from chapbook.keys.values import written
from chapbook.model.metadata import Identifier, licence_uri

__all__ = ["Takes", "identifier", "isbn", "licence", "parse_identifier", "parse_isbn", "parsed_value"]

_ISBN_PREFIX = re.compile(r"(?:urn:)?isbn(?:[-\s]?1[03])?[:\s]*", re.IGNORECASE)
_HYPHENS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_ISBN_LIKE = re.compile(r"[0-9]{9,13}[0-9Xx]?")
_UUID = re.compile(r"(?:urn:)?(?:uuid:)?\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE)
_DOI = re.compile(
    r"(?:doi:\s*|https?://(?:dx\.|www\.)?doi\.org/)?(10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s<>\"]+)", re.IGNORECASE
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_LONGEST = 2000


def parse_identifier(text: str) -> Identifier:
    """Parses an identifier; an ISBN-10 becomes its ISBN-13, anything else stays as written.

    Raises ValueError, worded for the author, if it isn't valid or its check digit is wrong (ISO 2108).
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise ValueError("too long for an identifier")
    prefix = _ISBN_PREFIX.match(text)
    number = text[prefix.end() if prefix else 0 :]
    digits = _HYPHENS.sub("", number)
    if prefix or _ISBN_LIKE.fullmatch(digits):
        isbn = _isbn13(digits.upper())
        written = " ".join(number.split())
        return Identifier(scheme="isbn", value=f"urn:isbn:{isbn}", written="" if written == isbn else written)
    if match := _UUID.fullmatch(text):
        return Identifier(scheme="uuid", value=f"urn:uuid:{match[1]}")
    if match := _DOI.fullmatch(text):
        return Identifier(scheme="doi", value=f"doi:{match[1]}")
    if _URI.fullmatch(text) and not text.lower().startswith(("urn:uuid:", "doi:", "javascript:", "data:")):
        return Identifier(scheme="uri", value=text)
    raise ValueError("not an ISBN, UUID, DOI or URI")


def _isbn13(digits: str) -> str:
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        _check(digits, _check_digit_10(digits), 10)
        return (stem := f"978{digits[:9]}") + _check_digit_13(stem)
    if re.fullmatch(r"[0-9]{13}", digits):
        if not digits.startswith(("978", "979")):
            raise ValueError("an ISBN-13 begins with 978 or 979")
        _check(digits, _check_digit_13(digits), 13)
        return digits
    raise ValueError("an ISBN has 10 or 13 digits")


def _check(digits: str, right: str, length: Literal[10, 13]) -> None:
    if digits[-1] != right:
        raise ValueError(f"the check digit of an ISBN-{length} is wrong: {digits[-1]}, where {right} would be right")


def _check_digit_10(digits: str) -> str:
    rest = -sum(int(digit) * (10 - index) for index, digit in enumerate(digits[:9])) % 11
    return "X" if rest == 10 else str(rest)  # noqa: PLR2004 - X stands for ten


def _check_digit_13(digits: str) -> str:
    return str(-sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits[:12])) % 10)


def identifier(node: Node, name: str, found: Findings) -> Identifier | None:
    """An ISBN, UUID, DOI or URI."""
    text = written(node, name, "an ISBN, UUID, DOI or URI", found)
    try:
        return parse_identifier(text) if text else None
    except ValueError as error:
        hint = "write an ISBN, a UUID, a DOI or a URI; without one chapbook makes a UUID"
        found.add("identifier-invalid", f"{described(node)} is not a valid identifier: {error}", node.at, hint)
        return None


class Takes(Struct, frozen=True):
    """What a key accepts, and the hint for other values."""

    what: str
    hint: str
    code: str = "value-invalid"


def parsed_value(node: Node, name: str, found: Findings, parse: Callable[[str], str], takes: Takes) -> str | None:
    """What `parse` returns for a single value; its ValueError becomes a diagnostic."""
    words = written(node, name, takes.what, found)
    try:
        return parse(words) if words else None
    except ValueError as error:
        found.add(takes.code, f"'{name}' takes {takes.what}, not {described(node)}: {error}", node.at, takes.hint)
        return None


_ISBN = Takes("an ISBN", "copy the ISBN from the printed book, or remove the key", "identifier-invalid")
_LICENCE = Takes("an address or the name of a licence", "write 'CC BY 4.0', 'CC0', or the licence's https:// address")


def parse_isbn(text: str) -> str:
    """An ISBN-10 or -13 as ``urn:isbn:`` and 13 digits, with an ISBN-13's hyphens. Raises ValueError."""
    said = text.strip()
    found = parse_identifier(said if said.lower().startswith(("isbn", "urn:isbn")) else f"ISBN:{said}")
    hyphened = f"urn:isbn:{found.written}"
    return hyphened if hyphened.replace("-", "") == found.value else found.value


def isbn(node: Node, name: str, found: Findings) -> str | None:
    """The ISBN of the printed edition."""
    return parsed_value(node, name, found, parse_isbn, _ISBN)


def licence(node: Node, name: str, found: Findings) -> str | None:
    """The address of a licence, or a Creative Commons licence's short name."""
    return parsed_value(node, name, found, licence_uri, _LICENCE)
