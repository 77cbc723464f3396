"""What two dollar signs enclose: a formula, or the words between two prices or quoted signs."""

from __future__ import annotations

import re

__all__ = ["is_money"]

_AMOUNT_AND_WORDS = re.compile(r"\d[\d.,]*(?:\s?[kKMmBb]n?)?(?:\s*[-–—/,;]?\s*[^\W\d_]{2,}[.,;:]?)+[^\\^_={}+<>|]*")


def is_money(tex: str) -> bool:
    """Whether `tex`, found between two dollar signs, begins with an amount that words follow (``5 and more``).

    Nor does a formula begin with the end of a quotation (``'^a$' or '^b$'``).
    """
    return tex[:1] in {"'", '"'} or (tex[:1].isdigit() and _AMOUNT_AND_WORDS.fullmatch(tex) is not None)
