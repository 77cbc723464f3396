"""The kinds of values that fields of the library's classes accept, named in each field's annotation.

A wrong value is the caller's mistake, so it raises FieldTypeError or FieldValueError at once, with the field's name and
what it accepts.
"""

from __future__ import annotations

import datetime as dt
import io
import operator
import reprlib
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from os import PathLike
from typing import Annotated, Any, SupportsIndex, get_type_hints

from msgspec import Struct
from msgspec.structs import fields as struct_fields
from msgspec.structs import force_setattr, replace

from chapbook.model.dates import parse_date
from chapbook.model.diagnostics import ChapbookError, Diagnostic, FieldTypeError, FieldValueError
from chapbook.model.near import nearest
from chapbook.model.value import Given, Value

__all__ = [
    "CONTENT",
    "PATH",
    "TEXT",
    "Checked",
    "Colour",
    "Day",
    "Flag",
    "Kind",
    "Language",
    "Text",
    "Texts",
    "above",
    "checked",
    "content_of",
    "instance",
    "kinds_of",
    "list_of",
    "no_such_field",
    "one_of",
    "optional",
    "several",
    "several_of",
    "whole",
]


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of value: described in words, and as a check."""

    takes: str
    """In words, for messages and the docs: ``text``, ``a whole number from 1 to 3``."""
    check: Callable[[Any], object]
    """Returns the value in the field's form. Raises TypeError or ValueError for a wrong one."""
    plain: type | None = None
    """The type whose values need no check."""
    least: float = 0
    most: float = 0
    words: tuple[str, ...] = ()
    """All allowed values, if there are few."""
    code: str = "value-invalid"
    """The code for a value that has the right type but isn't allowed."""
    hint: str | None = None


def instance(*types: type, takes: str) -> Kind:
    """Instances of `types`."""

    def check(value: object) -> object:
        if isinstance(value, types):
            return value
        raise TypeError

    return Kind(takes=takes, check=check, plain=types[0])


def optional(kind: Kind) -> Kind:
    """Values of `kind`, and ``None``."""
    return replace(kind, check=lambda value: None if value is None else kind.check(value), plain=type(None))


def several(*types: type, takes: str) -> Kind:
    """A tuple of instances of `types`, made from any iterable; a single instance becomes a tuple of one."""

    def check(value: object) -> tuple[object, ...]:
        if isinstance(value, types):
            return (value,)
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            raise TypeError
        items = tuple(value)
        for each in items:
            if not isinstance(each, types):
                raise TypeError(f"a list with {type(each).__name__}")
        return items

    return Kind(takes=takes, check=check)


def list_of(kind: Kind, takes: str) -> Kind:
    """A tuple of values of `kind`, made from any iterable; a single value becomes a tuple of one."""

    def check(value: object) -> tuple[object, ...]:
        try:
            return (kind.check(value),)
        except TypeError:
            if isinstance(value, Mapping) or not isinstance(value, Iterable):
                raise
        return tuple(_item(kind, each) for each in value)

    return Kind(takes=takes, check=check)


def _item(kind: Kind, value: object) -> object:
    try:
        return kind.check(value)
    except TypeError:
        raise TypeError(f"a list with {type(value).__name__}") from None


def whole(least: int, most: int | None = None) -> Kind:
    """Whole numbers from `least` to `most`."""
    beyond = float("inf") if most is None else most

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, SupportsIndex):
            raise TypeError
        number = operator.index(value)
        if least <= number <= beyond:
            return number
        raise ValueError

    takes = f"a whole number from {least:,}" + ("" if most is None else f" to {most:,}")
    return Kind(takes=takes, check=check, least=least, most=beyond)


def above(bound: float, most: float) -> Kind:
    """Numbers above `bound`, at most `most`."""

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        if bound < value <= most:
            return float(value)
        raise ValueError

    return Kind(takes=f"a number above {bound:g}, at most {most:,g}", check=check, least=bound, most=most)


def one_of(*words: str) -> Kind:
    """One of a few words."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            raise TypeError
        if value in words:
            return value
        raise ValueError

    *before, last = (f"'{each}'" for each in words)
    return Kind(takes=f"{', '.join(before)} or {last}", check=check, words=words)


def several_of(*words: str, takes: str) -> Kind:
    """A tuple of a few words, each at most once."""

    def check(value: object) -> tuple[object, ...]:
        items = several(str, takes=takes).check(value)
        for each in items:  # type: ignore[attr-defined]  # a tuple
            if each not in words:
                raise ValueError(f"a list with '{each}'")
        return tuple(dict.fromkeys(items))  # type: ignore[call-overload]  # as above

    return Kind(takes=takes, check=check, words=words)


def _flag(value: object) -> bool:
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    raise TypeError


def _day(value: object) -> dt.date:
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    raise TypeError


def content_of(value: object) -> bytes | None:
    """`value` as bytes: from bytes of any kind, a Pillow image (as PNG), or a binary file open for reading.

    ``None`` for anything else.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    pillow = sys.modules.get("PIL.Image")  # if it isn't loaded, the value can't be its image
    if pillow and isinstance(value, pillow.Image):
        held = io.BytesIO()
        mode = "I;16" if value.mode == "I" else "RGB"
        plain = value.mode in {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}
        (value if plain else value.convert(mode)).save(held, "PNG", compress_level=1)
        return held.getvalue()
    read = getattr(value, "read", None)
    data = read() if callable(read) else None
    return data if isinstance(data, bytes) else None


def _content(value: object) -> bytes:
    data = content_of(value)
    if data is None:
        raise TypeError
    return data


TEXT = instance(str, takes="text")
PATH = instance(str, PathLike, takes="a path")
CONTENT = Kind(takes="bytes, a Pillow image or a binary file", check=_content, plain=bytes)

Text = Annotated[str, TEXT]
Language = Annotated[str, replace(TEXT, takes="a language tag")]
Colour = Annotated[str, replace(TEXT, takes="a CSS colour")]
Flag = Annotated[bool, Kind(takes="True or False", check=_flag, plain=bool)]
Texts = Annotated[Given[tuple[str, ...], Iterable[str] | str], several(str, takes="text or a list of texts")]
Day = Annotated[
    Given[dt.date | None, dt.date | str | None],
    optional(
        Kind(takes="a date", check=_day, plain=dt.date, code="date-invalid", hint="write year-month-day: 2024-10-05")
    ),
]


@lru_cache(maxsize=32)
def kinds_of(owner: type) -> Mapping[str, Kind]:
    """The kind of each field of `owner` whose annotation has one. (Cached, because it is constant.)"""
    hints = get_type_hints(owner, include_extras=True)
    found = {name: getattr(hint, "__metadata__", (None,))[0] for name, hint in hints.items()}
    return {name: kind for name, kind in found.items() if isinstance(kind, Kind)}


@lru_cache(maxsize=32)
def _rows_of(owner: type) -> tuple[tuple[str, Kind, type | None, object], ...]:
    """For each field of `owner`: name, kind, a type that needs no check, and the default. (Cached, as above.)"""
    defaults = {each.name: each.default for each in struct_fields(owner)}
    return tuple((name, kind, kind.plain, defaults.get(name)) for name, kind in kinds_of(owner).items())


def checked(kind: Kind, name: str, value: object) -> Any:  # noqa: ANN401 - what the kind's check gives
    """`value` in the form that a field of `kind` stores. Raises FieldTypeError or FieldValueError, naming the field."""
    try:
        return kind.check(value)
    except (TypeError, ValueError) as error:
        raise _wrong(kind, name, value, error) from error


def _wrong(kind: Kind, name: str, value: object, error: Exception, *, path: str = "") -> ChapbookError:
    takes = f"{name} takes {kind.takes}"
    if isinstance(error, TypeError):
        given = str(error) or type(value).__name__
        return FieldTypeError(Diagnostic.of("value-type", f"{takes}, not {given}", path=path, hint=kind.hint))
    given = " ".join(reprlib.repr(value).split())
    return FieldValueError(Diagnostic.of(kind.code, f"{takes}, not {given}", path=path, hint=kind.hint))


def no_such_field(owner: str, name: str, known: Iterable[str]) -> AttributeError:
    """The error for an attribute that `owner` doesn't have; suggests the one that was probably meant."""
    meant = nearest(name, known)
    return AttributeError(f"{owner} has no attribute '{name}'" + (f"; did you mean '{meant}'?" if meant else ""))


class Checked(Value, frozen=True, kw_only=True):
    """A value whose fields are checked when it is created."""

    def __post_init__(self) -> None:
        """Raises FieldTypeError or FieldValueError for a value that its field doesn't accept."""
        for name, kind, plain, default in _rows_of(type(self)):
            value = getattr(self, name)
            if type(value) is plain or value is default:
                continue
            try:
                held = kind.check(value)
            except (TypeError, ValueError) as error:
                raise self._named(kind, name, value, error) from error
            if held is not value:
                force_setattr(self, name, held)

    def _named(self, kind: Kind, name: str, value: object, error: Exception) -> ChapbookError:
        title, path = getattr(self, "title", ""), getattr(self, "path", "")
        of = f" of '{title}'" if title and isinstance(title, str) else ""
        path = path if isinstance(path, str) else ""
        return _wrong(kind, f"{type(self).__name__}.{name}{of}", value, error, path=path)
