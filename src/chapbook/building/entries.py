"""Content documents and pictures as cache entries: bytes that are data, never code."""

from __future__ import annotations

import json
import os
import re
import sys
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from chapbook._version import __version__
from chapbook.cache import key_of
from chapbook.codes import Severity
from chapbook.deflated import Deflated
from chapbook.diagnostics import Diagnostic
from chapbook.rendering.page import ContentDocument, Heading, ImageUse, LinkUse, Marked

__all__ = ["diagnostics_of", "document_entry", "document_of", "joined_entry", "split_entry", "tool_versions"]

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


def joined_entry(values: Mapping[str, object], data: bytes) -> bytes:
    """Plain `values` and `data` as one entry."""
    return json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode() + b"\n" + data


def split_entry(entry: bytes) -> tuple[dict[str, object], bytes]:
    """The values and the data of an entry. Raises ValueError for what is none."""
    head, _, data = entry.partition(b"\n")
    values = json.loads(head)
    if not isinstance(values, dict):
        raise ValueError("no mapping")
    return values, data


def document_entry(document: ContentDocument) -> bytes:
    """A content document as an entry."""
    values = asdict(document)
    packed = values.pop("packed")
    values |= {"size": packed["size"], "crc": packed["crc"], "ids": sorted(values["ids"])}
    return joined_entry(values, packed["stream"])


def document_of(entry: bytes) -> ContentDocument | None:
    """The content document of an entry; ``None`` where it is none."""
    try:
        values, stream = split_entry(entry)
        packed = Deflated(stream=stream, size=values.pop("size"), crc=values.pop("crc"))  # type: ignore[arg-type]  # as below
        return ContentDocument(**_typed(values), packed=packed)  # type: ignore[arg-type]  # as document_entry wrote them
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _typed(values: Mapping[str, object]) -> dict[str, object]:
    """The lists of JSON as the tuples and values that they were."""
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    rows: dict[str, list[dict[str, object]]] = {}
    for name in ("headings", "links", "images", "diagnostics"):
        found = values[name]
        rows[name] = [dict(row) for row in found] if isinstance(found, list) else []
    plain["marked"] = Marked(**_tuples(values["marked"]))  # type: ignore[arg-type]  # as above
    plain["ids"] = frozenset(plain["ids"])  # type: ignore[call-overload]  # a list of texts, as it was written
    plain["headings"] = tuple(Heading(**row) for row in rows["headings"])  # type: ignore[arg-type]  # as above
    plain["links"] = tuple(LinkUse(**_tuples(row)) for row in rows["links"])  # type: ignore[arg-type]  # as above
    plain["images"] = tuple(ImageUse(**_tuples(row)) for row in rows["images"])  # type: ignore[arg-type]  # as above
    plain["diagnostics"] = diagnostics_of(rows["diagnostics"])
    return plain


def diagnostics_of(rows: object) -> tuple[Diagnostic, ...]:
    """The diagnostics of an entry. Raises TypeError, KeyError or ValueError for what is none."""
    if not isinstance(rows, list):
        raise TypeError("no list")
    return tuple(Diagnostic(**{**row, "severity": Severity(row["severity"])}) for row in rows)


def _tuples(row: dict[str, object]) -> dict[str, object]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
