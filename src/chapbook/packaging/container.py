"""The OCF ZIP container (EPUB 3.3, section 4.3): the same entries always give the same bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable
from typing import IO

from msgspec import Struct

from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.limits import DEFAULTS
from chapbook.packaging.publication import FOLDER, PACKAGE_NAME

__all__ = ["Entry", "write_archive"]

_MEDIA_TYPE = b"application/epub+zip"
_CONTAINER = f"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="{FOLDER}/{PACKAGE_NAME}" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
""".encode()
_VERSION = 20
"""The features a reader needs: folders and DEFLATE (APPNOTE 6.3.10, section 4.4.3)."""
_STORED, _DEFLATED = 0, 8
_TIME, _DATE = 0, 1 << 5 | 1
"""1 January 1980, the earliest time in a ZIP; fixed, so that each build gives the same bytes."""
_UNIX = 3
_REGULAR_FILE = 0o100644 << 16
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
"""The records of APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16."""
_MOST_FILES = 0xFFFF
_MOST_BYTES = 0xFFFFFFFF
"""The most that a ZIP without ZIP64 can hold; old reading systems can't read ZIP64."""
_ROOM = 1 << 16
"""Bytes reserved for an entry's records and names, and for the end."""
_COMPRESSED = frozenset(
    {
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "font/woff",
        "font/woff2",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "video/mp4",
    }
)
"""Media types that are compressed already; deflating them again saves nothing."""


class Entry(Struct, frozen=True, kw_only=True):
    """A file in the archive. `name` is its path from the archive's root, in portable ASCII."""

    name: str
    media_type: str
    content: bytes | Deflated | Callable[[], bytes]
    """The bytes, plain or compressed, or a function that returns them when its entry is written."""


def write_archive(entries: Iterable[Entry], file: IO[bytes], *, most: int = DEFAULTS.output_bytes) -> None:
    """Writes the container files and `entries`, in this order, at the start of a binary file.

    The first entry is ``mimetype``, stored and without extra field. No entry has a data descriptor, which streamed ZIPs
    need and old reading systems can't read. Raises ValueError for two entries of one name, ignoring case; ChapbookError
    for a book that no ZIP holds (``output-unwritable``), for one of more than `most` bytes (``book-too-large``), and
    where a function can't read its file (``file-unreadable``); and whatever else such a function raises.
    """
    seen: set[str] = set()
    archive = _Archive(file, most)
    archive.add("mimetype", _MEDIA_TYPE)
    archive.add("META-INF/container.xml", Deflated.of(_CONTAINER))
    for entry in entries:
        if entry.name.casefold() in seen:
            raise ValueError(f"two files of the publication are named '{entry.name}'")
        seen.add(entry.name.casefold())
        content = _content(entry)
        if isinstance(content, bytes) and entry.media_type not in _COMPRESSED:
            content = Deflated.of(content)
        archive.add(entry.name, content)
    archive.end()


def _content(entry: Entry) -> bytes | Deflated:
    if isinstance(entry.content, bytes | Deflated):
        return entry.content
    try:
        return entry.content()
    except OSError as error:  # otherwise it would look as if the book couldn't be written
        message = f"'{entry.name}' cannot be read: {error.strerror or error}"
        raise ChapbookError(Diagnostic.of("file-unreadable", message)) from error


class _Archive:
    """The ZIP while it is written; collects the directory that comes after the entries."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most
        self._at = 0
        self._directory: list[bytes] = []
        self._listed = 0

    def add(self, name: str, content: bytes | Deflated) -> None:
        """Writes an entry, either as it is or already compressed."""
        if isinstance(content, Deflated):
            method, data, size, crc = _DEFLATED, content.compressed(), content.size, content.crc
        else:
            method, data, size, crc = _STORED, content, len(content), zlib.crc32(content)
        path = name.encode("ascii")
        self._check(len(data), size)
        said = (_VERSION, 0, method, _TIME, _DATE, crc, len(data), size, len(path), 0)
        at = self._at
        self._write(_LOCAL.pack(b"PK\3\4", *said) + path)
        self._write(data)
        made_by = _UNIX << 8 | _VERSION
        record = _CENTRAL.pack(b"PK\1\2", made_by, *said, 0, 0, 0, _REGULAR_FILE, at)
        self._directory.append(record + path)
        self._listed += len(record) + len(path)

    def end(self) -> None:
        """Writes the directory."""
        directory = b"".join(self._directory)
        count = len(self._directory)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), self._at, 0)
        self._write(directory + end)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)

    def _check(self, length: int, size: int) -> None:
        """Raises ChapbookError if an entry of `length` bytes, unpacked `size`, doesn't fit any more."""
        whole = self._at + self._listed + length + _ROOM
        if self._most < whole and self._most < _MOST_BYTES:
            message = f"the book is larger than {self._most:,} bytes, the limit here"
            raise ChapbookError(Diagnostic.of("book-too-large", message, hint="make its pictures smaller"))
        full = whole > _MOST_BYTES or size > _MOST_BYTES
        if full or len(self._directory) == _MOST_FILES:
            message = f"the book has more than {_MOST_FILES:,} files or 4 GB, the most that an EPUB can hold"
            raise ChapbookError(Diagnostic.of("output-unwritable", message, hint="split it into volumes"))
