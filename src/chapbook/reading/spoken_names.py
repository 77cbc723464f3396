"""Names of files that can be written in a book and in a message."""

from __future__ import annotations

import re
import sys

__all__ = ["is_sound", "shown"]

_UNSOUND = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Control characters, bytes that are no UTF-8 (Python has them as surrogates), and what is no character."""

_IS_UTF8 = sys.getfilesystemencoding() == "utf-8"
"""Whether Python reads names as they are written: in a locale of another encoding it does not, but in its UTF-8 mode.
The same folder is the same book in all of them, or none."""


def is_sound(name: str) -> bool:
    """Whether `name` is what the file is called, XML can hold it and a terminal can show it."""
    if not (name.isascii() or _IS_UTF8):
        return False
    return name.isalnum() or not _UNSOUND.search(name)


def shown(name: str) -> str:
    r"""`name` with what cannot be shown as escapes: ``caf\xe9.md``."""
    return _UNSOUND.sub(lambda match: _escape(match[0]), name)


def _escape(letter: str) -> str:
    byte = ord(letter) - 0xDC00
    return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else letter.encode("unicode_escape", "backslashreplace").decode()  # noqa: PLR2004 - the bytes that surrogateescape stands for
