"""The title of a book before the book is read: what its file is called depends on it.

Nothing is opened but what may say the title, so that a library of thousands is planned without being read.
"""

from __future__ import annotations

import os
from pathlib import Path

from chapbook.diagnostics import ChapbookError
from chapbook.names import readable
from chapbook.reading.content_folder import MOST_TEXT_BYTES, read_bytes
from chapbook.reading.folder import settings_files
from chapbook.reading.front_matter import parse_front_matter
from chapbook.reading.roles import roles_of
from chapbook.reading.settings import BookFields, parse_settings
from chapbook.reading.spoken_names import shown
from chapbook.reading.text_file import decode_text
from chapbook.reading.walk import FolderListing

__all__ = ["read_title"]


def read_title(source: str, shared: BookFields | None = None, *, drafts: bool = False) -> str:
    """The title that the book of `source` will have; that of its name where it cannot be read."""
    root = Path(os.path.abspath(source))  # noqa: PTH100 - resolve() would follow a link that the user gave
    if not os.path.isdir(root):  # noqa: PTH112 - which raises nothing
        return _title_of_chapter(root.parent, root.name, drafts=True) or readable(shown(root.name))
    try:
        names = sorted(os.listdir(root))  # noqa: PTH208 - names are wanted
    except OSError:
        names = []
    said = _title_in_settings(root, names) or (str(shared.values.get("title", "")) if shared else "")
    opening = roles_of(FolderListing("", files=names)).opening
    return said or _title_of_chapter(root, opening, drafts=drafts) or readable(shown(root.name)) or "Book"


def _title_in_settings(root: Path, names: list[str]) -> str:
    """What book.yaml says."""
    text = _text(root, next(iter(settings_files(names)), ""))
    return str(parse_settings(text).values.get("title", "")) if text else ""


def _title_of_chapter(root: Path, name: str, *, drafts: bool) -> str:
    """What the front matter of a Markdown file says, a draft's only with `drafts`."""
    text = _text(root, name)
    chapter = parse_front_matter(text, shown(name)).chapter if text else None
    return chapter.title if chapter and (drafts or not chapter.draft) else ""


def _text(root: Path, name: str) -> str:
    """The text of a file of the folder; empty where it cannot be read, which its build will say."""
    try:
        return decode_text(read_bytes(root, name, MOST_TEXT_BYTES), shown(name)) if name else ""
    except ChapbookError:
        return ""
