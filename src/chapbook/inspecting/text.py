"""The text of a content document, as values: words, and what stands between them."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from chapbook.model.reading_speed import CHINESE_OR_JAPANESE

__all__ = ["Kind", "Text", "Token"]

_ALONE = re.compile(f"[{CHINESE_OR_JAPANESE}]")
Kind = Literal["word", "picture", "formula", "note"]


class Token(Struct, frozen=True, kw_only=True):
    """A word, or a character of a script without spaces; or what stands in a line for a picture, formula or note."""

    text: str
    marks: tuple[tuple[str, ...], ...] = ()
    """The elements that it stands in, of each of its parts those that differ."""
    links: tuple[str, ...] = ()
    """Where it leads, within the book as a path."""
    begins: tuple[str, ...] = ()
    """What begins with it: a block (``¶``), a line (``br``), what stands below a rule (``hr``); in code the space
    before it where that is more than one."""
    description: str = ""
    """The alternative text of a picture."""
    language: str = ""
    """The BCP 47 tag of the passage; empty: the book's."""
    kind: Kind = "word"

    @property
    def is_character(self) -> bool:
        """Whether it is a Chinese or Japanese character, which is counted as such."""
        return self.kind == "word" and bool(_ALONE.match(self.text))

    @property
    def is_word(self) -> bool:
        """Whether it counts as a word: punctuation that stands alone doesn't."""
        return self.kind == "formula" or (self.kind == "word" and any(map(str.isalnum, self.text)))


class Text(Struct, frozen=True, kw_only=True):
    """What a document says."""

    title: tuple[Token, ...] = ()
    """The heading, and its label, that stands above the chapter."""
    says_title: bool = False
    """Whether that heading is the chapter's title as the table of contents has it."""
    words: tuple[Token, ...] = ()
    links: tuple[str, ...] = ()
    """The addresses that it links, within the book as paths, in order."""

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All of it, the title first."""
        return (*self.title, *self.words)

    @property
    def count(self) -> int:
        """How many words it has, with each Chinese or Japanese character one."""
        return sum(each.is_word for each in self.tokens)
