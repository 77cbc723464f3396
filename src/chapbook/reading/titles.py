"""The title of a book before the book is read: what its file is called depends on it."""

from __future__ import annotations

import os
from pathlib import Path

from chapbook.diagnostics import ChapbookError
from chapbook.reading.content_folder import MOST_TEXT_BYTES, read_bytes
from chapbook.reading.folder import read_source
from chapbook.reading.settings import BookFields, parse_settings
from chapbook.reading.text_file import decode_text

__all__ = ["read_title"]


def read_title(source: str, shared: BookFields | None = None) -> str:
    """The title that the book of `source` will have; that of its name where it cannot be read."""
    title = _title_in_settings(source)
    if title:
        return title
    try:
        return read_source(source, shared=shared).metadata.title
    except ChapbookError:
        return Path(source).name


def _title_in_settings(source: str) -> str:
    """What book.yaml says, without a look at any chapter."""
    root = Path(os.path.abspath(source))  # noqa: PTH100 - resolve() would follow a link that the user gave
    if not (root / "book.yaml").is_file():
        return ""
    try:
        text = decode_text(read_bytes(root, "book.yaml", MOST_TEXT_BYTES), "book.yaml")
    except ChapbookError:
        return ""
    return str(parse_settings(text).values.get("title", ""))
