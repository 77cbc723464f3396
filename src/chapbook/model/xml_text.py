"""The characters that an XML document can't hold, or had better not (XML 1.0, section 2.2), and a terminal neither."""

from __future__ import annotations

import re

__all__ = ["CONTROLS", "EXCLUDED", "NONCHARACTERS", "printable", "single_spaced", "xml_text"]

EXCLUDED = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
"""Characters that XML excludes: most control characters, surrogates and two noncharacters; for a character class."""
CONTROLS = "\x7f-\x84\x86-\x9f"
"""Further control characters, which XML discourages; the gap in the middle is a line break."""
NONCHARACTERS = "\ufdd0-\ufdef"
"""Noncharacters of the first plane, which XML discourages."""

_EXCLUDED = re.compile(f"[{EXCLUDED}]")


def xml_text(text: str) -> str:
    """`text` without the characters that XML can't contain."""
    return _EXCLUDED.sub("", text)


def printable(text: str) -> str:
    """`text` on one line, what isn't seen as escapes: content must neither command a terminal nor turn words around."""
    return text if text.isprintable() else "".join(each if each.isprintable() else _escape(each) for each in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


_WHITE = re.compile(r"[\t-\r\x1c-\x20\x85\u2028\u2029]+")


def single_spaced(text: str) -> str:
    """`text` on one line, each run of white space as one space; no-break, narrow and wide spaces stay."""
    return _WHITE.sub(" ", text).strip()
