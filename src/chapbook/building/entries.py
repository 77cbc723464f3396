"""Content documents and pictures as cache entries: bytes that are data, never code."""

from __future__ import annotations

from typing import TypeVar

from msgspec import DecodeError, Struct, msgpack

__all__ = ["entry_of", "value_of"]

Value = TypeVar("Value", bound=Struct)


def entry_of(value: Struct) -> bytes | None:
    """A value as an entry: the same bytes for the same value; ``None`` where it holds what is no plain data."""
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError):  # an object, a lone surrogate, a number too large
        return None


def value_of(entry: bytes, kind: type[Value]) -> Value | None:
    """The value of an entry, which is of that `kind`; ``None`` where it is none."""
    try:
        return msgpack.decode(entry, type=kind)
    except (DecodeError, RecursionError):
        return None


_ENCODER = msgpack.Encoder(order="deterministic")
