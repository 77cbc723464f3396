"""Characters that XML documents can't contain, and those they shouldn't (XML 1.0, section 2.2)."""

from __future__ import annotations

import re

__all__ = ["CONTROLS", "EXCLUDED", "NONCHARACTERS", "single_spaced", "xml_text"]

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


_WHITE = re.compile(r"[\t-\r\x1c-\x20\x85\u2028\u2029]+")


def single_spaced(text: str) -> str:
    """`text` on one line, each run of white space as one space; no-break, narrow and wide spaces stay."""
    return _WHITE.sub(" ", text).strip()
