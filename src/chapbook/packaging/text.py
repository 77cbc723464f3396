"""Text that XML can hold: the last door before the package document and the pages that chapbook writes."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["clean", "one_line"]

_PLAIN = re.compile("[\t\n\r -~\xa0-\u2027]*")
"""What most text is made of, and nothing to be taken out."""


def clean(text: str) -> str:
    """`text` without control characters, lone surrogates and noncharacters, and without space around it."""
    return (text if _PLAIN.fullmatch(text) else _forbidden().sub("", text)).strip()


@cache
def _forbidden() -> re.Pattern[str]:
    """Everything outside XML 1.0's Char, and the control characters and noncharacters that it only discourages.

    Made where it is needed: a class of so many characters takes 3 ms to compile.
    """
    planes = "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 17))
    return re.compile(f"[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{planes}]")


def one_line(text: str) -> str:
    """`text` as `clean` gives it, every run of white space one space."""
    return " ".join(clean(text).split())
