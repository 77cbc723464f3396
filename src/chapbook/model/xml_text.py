"""The characters that an XML document can't hold, or had better not (XML 1.0, section 2.2), and a terminal neither."""

from __future__ import annotations

import re

__all__ = ["CONTROLS", "EXCLUDED", "NONCHARACTERS", "printable", "single_spaced", "xml_text"]

EXCLUDED = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
"""What no XML document holds: most control characters, surrogates and two noncharacters, for a class of a pattern."""
CONTROLS = "\x7f-\x84\x86-\x9f"
"""Further control characters, which XML only discourages; the one in the middle is a line end."""
NONCHARACTERS = "\ufdd0-\ufdef"
"""Those of the first plane that XML only discourages."""

_EXCLUDED = re.compile(f"[{EXCLUDED}]")


def xml_text(text: str) -> str:
    """`text` without the characters that no XML document holds."""
    return _EXCLUDED.sub("", text)


def printable(text: str) -> str:
    """`text` on one line, what isn't seen as escapes: content must neither command a terminal nor turn words around."""
    return text if text.isprintable() else "".join(each if each.isprintable() else _escape(each) for each in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


_WHITE = re.compile(r"[\t-\r\x1c-\x20\x85\u2028\u2029]+")


def single_spaced(text: str) -> str:
    """`text` on one line, every run of white space one space; no-break, narrow and wide spaces stay."""
    return _WHITE.sub(" ", text).strip()
