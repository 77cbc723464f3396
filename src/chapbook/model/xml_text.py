"""The characters that an XML document can't hold, and those that it had better not (XML 1.0, section 2.2)."""

from __future__ import annotations

import re

__all__ = ["CONTROLS", "EXCLUDED", "NONCHARACTERS", "xml_text"]

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
