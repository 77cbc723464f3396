"""Content documents and pictures as cache entries: bytes that are data, never code."""

from __future__ import annotations

import os
import re
import sys
import zlib
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from msgspec import DecodeError, Struct, msgpack

from chapbook._version import __version__
from chapbook.cache import key_of

__all__ = ["entry_of", "tool_versions", "value_of"]

Value = TypeVar("Value", bound=Struct)

_DISTRIBUTION = re.compile(
    r"(ebooklib|ftfy|latex2mathml|lxml|markdown|pillow|pygments|pymdown_extensions|pyromark|selectolax|tinycss2"
    r"|fontpkg_\w+)-[^-]+\.dist-info",
    re.IGNORECASE,
)
"""The metadata of the libraries that the bytes of a book depend on."""


@lru_cache(maxsize=1)
def tool_versions() -> str:
    """What the content of an entry depends on besides its input: chapbook and the libraries it works with.

    chapbook's own files count by size and time too, so that a working copy never meets yesterday's entries.
    """
    # The folder of a package's metadata is named after its version; importlib.metadata takes 15 ms to load.
    named = [name for folder in sys.path for name in _names_in(folder) if _DISTRIBUTION.fullmatch(name)]
    root = Path(__file__).parent.parent
    files = sorted(path for folder in ("rendering", "imaging", "styling") for path in (root / folder).rglob("*.py"))
    stamps = [f"{path.name} {status.st_size} {status.st_mtime_ns}" for path in files for status in [path.stat()]]
    return key_of(__version__, zlib.ZLIB_RUNTIME_VERSION, *sorted(named), *stamps)


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names alone are wanted, and sys.path is of strings
    except OSError:
        return []


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
