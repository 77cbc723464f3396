"""How fast people read: the speeds that reading times assume."""

from __future__ import annotations

import math
import re

__all__ = ["CHARACTERS_A_MINUTE", "CHINESE_OR_JAPANESE", "WORDS_A_MINUTE", "seconds_for", "words_and_seconds"]

WORDS_A_MINUTE = 230
"""For silent reading: 238 in English (Brysbaert 2019), slightly fewer in most other languages."""
CHARACTERS_A_MINUTE = 500
"""For Chinese and Japanese."""
CHINESE_OR_JAPANESE = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""The characters that are counted one by one, for a class of a pattern."""
_BEFORE_U3000 = bytes(range(0xE3))
"""Bytes of UTF-8 that characters up to U+2FFF have."""


def words_and_seconds(text: str) -> tuple[int, int]:
    """The number of words in `text`, split at white space, and the seconds that reading it takes: 230 words a minute,
    500 characters of Chinese and Japanese.
    """
    words = text.split()
    number = len(words)
    if text.isascii() or not text.encode("utf-8", "replace").translate(None, _BEFORE_U3000):
        return number, seconds_for(number, 0)  # most texts; a search takes five times as long
    rest, characters = re.subn(f"[{CHINESE_OR_JAPANESE}]", " ", text)
    if characters:  # between those, punctuation is a word by itself; don't count it
        words = [word for word in rest.split() if any(map(str.isalnum, word))]
    return number, seconds_for(len(words), characters)


def seconds_for(words: int, characters: int) -> int:
    """How long it takes to read so many words, and so many characters of Chinese and Japanese beside them."""
    return math.ceil(words * 60 / WORDS_A_MINUTE + characters * 60 / CHARACTERS_A_MINUTE)
