"""The OCF ZIP container (EPUB 3.3, section 4.3): the same entries give the same bytes, anywhere and anytime."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

from chapbook.diagnostics import ChapbookError, Diagnostic
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
_DATE = (1980, 1, 1, 0, 0, 0)
"""The first that a ZIP can hold; fixed, so that building again gives the same bytes."""
_UNIX = 3
_REGULAR_FILE = 0o100644 << 16
_LEVEL = 6
"""Level 9 takes a quarter longer on chapters of prose and saves three parts in a thousand."""
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
"""Media types whose files are compressed in themselves: deflating them again takes time and saves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of the archive. `name` is its path from the archive's root, in portable ASCII."""

    name: str
    media_type: str
    content: bytes | Callable[[], bytes]
    """The bytes, or a function that gives them; it is called when they are written, one entry at a time."""


def write_archive(entries: Iterable[Entry], file: IO[bytes]) -> None:
    """Writes the container files and `entries`, in the order given, to a seekable binary file at its start.

    The first entry is ``mimetype``, stored and without extra field. No entry has a data descriptor, which a
    ZIP that is streamed would have and old reading systems do not read. Raises ValueError for two entries of
    one name, without regard to case; ChapbookError (``file-unreadable``) where a content's function finds its file
    gone; and what else such a function raises.
    """
    seen: set[str] = set()
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, "mimetype", _MEDIA_TYPE, stored=True)
        _add(archive, "META-INF/container.xml", _CONTAINER)
        for entry in entries:
            if entry.name.casefold() in seen:
                raise ValueError(f"two files of the publication are named '{entry.name}'")
            seen.add(entry.name.casefold())
            _add(archive, entry.name, _content(entry), stored=entry.media_type in _COMPRESSED)


def _content(entry: Entry) -> bytes:
    if isinstance(entry.content, bytes):
        return entry.content
    try:
        return entry.content()
    except OSError as error:  # or it would look as if the book could not be written
        message = f"'{entry.name}' cannot be read: {error.strerror or error}"
        raise ChapbookError(Diagnostic.of("file-unreadable", message)) from error


def _add(archive: zipfile.ZipFile, name: str, content: bytes, *, stored: bool = False) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.create_system = _UNIX  # else the host's
    info.external_attr = _REGULAR_FILE
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    archive.writestr(info, content, compresslevel=_LEVEL)
