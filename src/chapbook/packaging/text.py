"""Text that XML can hold: the last door before the package document and the pages that chapbook writes."""

from __future__ import annotations

import re

__all__ = ["clean", "one_line"]

_PLANES = "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 17))
_FORBIDDEN = re.compile(f"[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_PLANES}]")
"""Everything outside XML 1.0's Char, and the control characters and noncharacters that it only discourages."""


def clean(text: str) -> str:
    """`text` without control characters, lone surrogates and noncharacters, and without space around it."""
    return _FORBIDDEN.sub("", text).strip()


def one_line(text: str) -> str:
    """`text` as `clean` gives it, every run of white space one space."""
    return " ".join(clean(text).split())
