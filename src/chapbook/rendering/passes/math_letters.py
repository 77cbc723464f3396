"""The letters that Unicode has for mathematical styles (Mathematical Alphanumeric Symbols, U+1D400)."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

__all__ = ["STYLES", "styled"]

_STARTS = MappingProxyType(
    {
        # capitals, small letters, digits, Greek capitals, Greek small letters
        "bold": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2),
        "italic": (0x1D434, 0x1D44E, 0, 0x1D6E2, 0x1D6FC),
        "bold-italic": (0x1D468, 0x1D482, 0, 0x1D71C, 0x1D736),
        "script": (0x1D49C, 0x1D4B6, 0, 0, 0),
        "bold-script": (0x1D4D0, 0x1D4EA, 0, 0, 0),
        "fraktur": (0x1D504, 0x1D51E, 0, 0, 0),
        "bold-fraktur": (0x1D56C, 0x1D586, 0, 0, 0),
        "double-struck": (0x1D538, 0x1D552, 0x1D7D8, 0, 0),
        "sans-serif": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0),
        "bold-sans-serif": (0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D756, 0x1D770),
        "sans-serif-italic": (0x1D608, 0x1D622, 0, 0, 0),
        "sans-serif-bold-italic": (0x1D63C, 0x1D656, 0, 0x1D790, 0x1D7AA),
        "monospace": (0x1D670, 0x1D68A, 0x1D7F6, 0, 0),
    }
)
STYLES = frozenset(_STARTS)
"""The values of MathML's ``mathvariant`` that have letters of their own."""
_OLDER = MappingProxyType(
    {
        "italic": {"h": "ℎ"},
        "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
        "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
        "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    }
)
"""Letters that Unicode had before the block, whose places in it are empty."""
_RANGES = (("A", 26), ("a", 26), ("0", 10), ("Α", 25), ("α", 25))


@lru_cache(maxsize=32)
def _table(variant: str) -> dict[int, str]:
    table: dict[int, str] = {}
    for start, (first, count) in zip(_STARTS.get(variant, ()), _RANGES, strict=False):
        if start:
            table |= {ord(first) + n: chr(start + n) for n in range(count)}
    if _STARTS.get(variant, (0,) * 5)[3]:
        del table[0x3A2]  # no letter: Greek capitals have a gap where small ones have the final sigma
    return table | {ord(letter): older for letter, older in _OLDER.get(variant, {}).items()}


def styled(text: str, variant: str) -> str:
    """`text` in a style, named as MathML's ``mathvariant`` has it; letters without that style stay."""
    return text.translate(_table(variant))
