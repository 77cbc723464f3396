"""What two books of one run must not share: a file, an identifier, a position in a series."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from chapbook.model.diagnostics import Diagnostic
from chapbook.model.metadata import Identifier, Series

if TYPE_CHECKING:
    from chapbook.keys.settings_file import BookFields

__all__ = ["BookHead", "clashes"]


class BookHead(Struct, frozen=True, kw_only=True):
    """What is known about a book before it is read."""

    source: str
    """As it was given."""
    fields: BookFields
    output: Path


def clashes(books: Sequence[BookHead]) -> list[tuple[Diagnostic, ...]]:
    """The conflicts between the `books` of a run: for each book, an error for each thing it shares."""
    found: list[list[Diagnostic]] = [[] for _ in books]
    checks = ((_file, _one_file), (_identifier, _one_identifier), (_made, _one_made), (_place, _one_place))
    for key, fault in checks:
        groups: dict[Hashable, list[int]] = {}
        for at, book in enumerate(books):
            shared = key(book)
            if shared is not None:
                groups.setdefault(shared, []).append(at)
        for group in groups.values():
            for at in group if len(group) > 1 else ():
                said = fault(books[at], [books[other] for other in group if other != at])
                found[at] += [said] if said else []
    return [tuple(each) for each in found]


def _file(book: BookHead) -> Hashable:
    return str(book.output).casefold()


def _one_file(book: BookHead, rivals: Sequence[BookHead]) -> Diagnostic:
    return Diagnostic.of(
        "output-clash",
        f"the book would be written to '{book.output}', and so would {_listed([each.source for each in rivals])}",
        hint="give the books different titles, or build each one with its own -o",
    )


def _identifier(book: BookHead) -> Hashable:
    """The identifier that the book sets."""
    given = book.fields.values.get("identifier")
    if not isinstance(given, Identifier):
        return None
    return given.value if given.scheme == "uri" else given.value.casefold()


def _one_identifier(book: BookHead, rivals: Sequence[BookHead]) -> Diagnostic:
    given = book.fields.values["identifier"]
    value = given.value if isinstance(given, Identifier) else ""
    return Diagnostic.of(
        "identifier-doubled",
        f"the identifier '{value}' is also that of {_places(rivals, 'identifier')}",
        path=_path(book, "identifier"),
        at=book.fields.positions.get("identifier"),
        hint="give each book its own identifier: an ISBN belongs to one edition of one book",
    )


def _made(book: BookHead) -> Hashable:
    """What chapbook would make an identifier from, if the book doesn't set one but sets all of that."""
    values = book.fields.values
    authors, language, series = values.get("authors"), values.get("language"), values.get("series")
    if not isinstance(authors, tuple) or not authors or not language or _identifier(book) is not None:
        return None
    place = (_folded(series.name), series.index.strip()) if isinstance(series, Series) else ()
    return (_folded(str(values["title"])), tuple(_folded(each.name) for each in authors), _folded(str(language)), place)


def _folded(text: str) -> str:
    """The text as `identifier_of` compares it."""
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def _one_made(book: BookHead, rivals: Sequence[BookHead]) -> Diagnostic | None:
    """The error for books with one generated identifier; ``None`` if they share a file, which was reported."""
    others = [each for each in rivals if _file(each) != _file(book)]
    if not others:
        return None
    named = _listed([each.source for each in others])
    return Diagnostic.of(
        "identifier-doubled",
        f"title, authors, language and place in a series are also those of {named}, and so would be the identifier",
        hint="give each book an 'identifier' in book.yaml",
    )


def _place(book: BookHead) -> Hashable:
    """The position in a series; a translation may have its original's."""
    series = book.fields.values.get("series")
    if not isinstance(series, Series) or not series.index.strip():
        return None
    try:
        index: object = Decimal(series.index.strip()).normalize()
    except InvalidOperation:
        index = series.index.strip()
    language = str(book.fields.values.get("language") or "").casefold()
    return (" ".join(series.name.split()).casefold(), str(index), language)


def _one_place(book: BookHead, rivals: Sequence[BookHead]) -> Diagnostic:
    series = book.fields.values["series"]
    index, name = (series.index, series.name) if isinstance(series, Series) else ("", "")
    return Diagnostic.of(
        "series-place-doubled",
        f"place {index} in the series '{name}' is also that of {_places(rivals, 'series')}",
        path=_path(book, "series"),
        at=book.fields.positions.get("series"),
        hint="give each volume an 'index' of its own",
    )


def _path(book: BookHead, key: str) -> str | None:
    return book.fields.source if key in book.fields.positions else None


def _places(books: Sequence[BookHead], key: str) -> str:
    return _listed(list(_sources(books, key)))


def _sources(books: Sequence[BookHead], key: str) -> Iterator[str]:
    """Where each of `books` sets the `key`, if it does."""
    for book in books:
        at = book.fields.positions.get(key)
        source = Path(book.source)
        file = source if source.name == book.fields.source else source / book.fields.source
        yield f"{file}:{at.line}" if at else book.source


_MOST_NAMED = 5
"""Books that a message names; thousands without a title would clash with each other."""


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(f"'{each}'" for each in names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
