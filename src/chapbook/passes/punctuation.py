"""Typographic punctuation: replaces straight quotation marks, hyphens and full stops in a piece of text.

The characters beside a mark, and whether a quotation is open, decide its side. `BREAK` between two text nodes is
ignored, so that emphasis in a quotation makes no difference.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from chapbook.model.metadata import Contributor, Metadata
from chapbook.passes.no_break_spaces import bind
from chapbook.passes.typographic_marks import NARROW, Marks, marks_of

__all__ = ["BREAK", "NOTE", "OPAQUE", "has_candidates", "punctuate", "set_metadata", "set_text"]

BREAK = "\x01"
"""Separates two text nodes; XML can't contain this character."""
OPAQUE = "\x02"
"""Replaces a formula, code or picture in a sentence; it counts as a word."""
NOTE = "\x03"
"""Comes before raised text: a note's number ends a word like punctuation does."""

_SIGN = re.compile(r""""|'|--+|\.\.\.+""")
_SIGN_OR_ADDRESS = re.compile(r""""|'|--+|\.\.\.+|https?://[^\s\x01"'<>]+|mailto:[^\s\x01"'<>]+""")
_BEFORE_OPENING = frozenset("([{<¿¡—–«“‘„‚‹「『\u2015\u00ab\x03")
_AFTER_SENTENCE = frozenset(".,!?;…")
_EM, _EN, _APOSTROPHE, _PRIME, _DOUBLE_PRIME = "—", "–", "’", "′", "″"
_FEET = re.compile(r"\d'\d{1,2}$")
_THOUSANDS = re.compile(r"\d{3}(?!\d)")
_YEARS = re.compile(r"\d\d(?:s|er|ers)?(?![\w'])")
_WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile("[;:!?«»]")
_ENDS_WORD = re.compile(r"[;:!?]*(?:[\s\x01\x03»”’\"')\]…]|$)")
_BEFORE_SPACED = frozenset("»”’)]…%\x02")
_SPACES = " \u00a0\u202f"


def set_text(text: str, language: str) -> str:
    """Plain text, such as a title, with the typographic punctuation of `language` (a BCP 47 tag)."""
    marks = marks_of(language)
    return bind(punctuate(text, marks) if has_candidates(text, marks) else text, marks)


def set_metadata(metadata: Metadata) -> Metadata:
    """`metadata` for readers to see, with the punctuation that chapters have. Software gets the original."""
    language = metadata.language

    def people(given: tuple[Contributor, ...]) -> tuple[Contributor, ...]:
        return tuple(replace(each, name=set_text(each.name, language)) for each in given)

    series = metadata.series
    return replace(
        metadata,
        **{name: set_text(getattr(metadata, name), language) for name in _SHOWN},
        original_title=set_text(metadata.original_title, metadata.original_language or language),
        authors=people(metadata.authors),
        contributors=people(metadata.contributors),
        series=series
        and replace(
            series,
            name=set_text(series.name, language),
            volumes=tuple(set_text(each, language) for each in series.volumes),
        ),
    )


_SHOWN = ("title", "subtitle", "publisher", "imprint", "rights", "edition")


def has_candidates(text: str, marks: Marks) -> bool:
    """Whether anything in `text` may change; most text nodes have nothing to change."""
    # A single search for all of them takes ten times as long.
    if "'" in text or '"' in text or "--" in text or "..." in text:
        return True
    return bool(marks.spaced) and _SPACED.search(text) is not None


def punctuate(text: str, marks: Marks) -> str:
    """`text` with typographic punctuation; letters, digits and breaks stay. A second run changes nothing."""
    text = (_SIGN_OR_ADDRESS if "://" in text or "mailto:" in text else _SIGN).sub(_Reading(text, marks).sign, text)
    return _spaced(text, marks.spaced) if marks.spaced else text


def _spaced(text: str, signs: str) -> str:
    """Adds French narrow no-break spaces, but not before the colons of times and addresses."""
    parts, start = [], 0
    for found in _SPACED.finditer(text):
        at, sign = found.start(), found[0]
        if sign == "«":
            end = at + 1
            while text[end : end + 1] and text[end] in _SPACES:
                end += 1
            if end < len(text) and text[end] != "»" and not text[end].isspace():
                parts += [text[start : at + 1], NARROW]
                start = end
        elif sign == "»" or (sign in signs and _ENDS_WORD.match(text, at + 1)):
            word_end = at
            while word_end > start and text[word_end - 1] in _SPACES:
                word_end -= 1
            if _takes_space(text, word_end, spaced=word_end < at or sign == "»"):
                parts += [text[start:word_end], NARROW]
                start = at
    return "".join([*parts, text[start:]])


def _takes_space(text: str, end: int, *, spaced: bool) -> bool:
    """Whether what ends at `end` gets the space after it; with `spaced`, anything but white space does."""
    if text[end - 1 : end] == BREAK:
        end -= 1
    before = text[end - 1 : end]
    if not before or before.isspace() or before == BREAK:
        return False
    return spaced or before.isalnum() or before in _BEFORE_SPACED


class _Reading:
    """One reading of a text from left to right: which marks are open, and where the last one opened."""

    def __init__(self, text: str, marks: Marks) -> None:
        self._text = text
        self._marks = marks
        self._double_open = False
        self._single_open = False
        self._opened_at = -1
        self._last_closing: int | None = None

    def sign(self, found: re.Match[str]) -> str:
        """The replacement for a straight sign."""
        sign, at = found[0], found.start()
        if sign == '"':
            return self._double(at)
        if sign == "'":
            return self._single(at)
        if sign[0] == "-":
            return self._dash(sign, at)
        if sign[0] == ".":
            return self._marks.ellipsis + sign[3:] if len(sign) <= 4 else sign  # noqa: PLR2004 - a stop may follow
        return sign

    def _dash(self, sign: str, at: int) -> str:
        if len(sign) == 3:  # noqa: PLR2004 - a hyphen a part of an em
            return _EM
        option = self._before(at)[0].isspace() and self._after(at + 1).isalpha()
        return sign if option or len(sign) > 3 else _EN  # noqa: PLR2004 - a drawn line

    def _before(self, at: int) -> tuple[str, int]:
        """The character before `at`, and its position; a space at the start of the text."""
        at -= 1
        while at >= 0 and self._text[at] == BREAK:
            at -= 1
        return (self._text[at], at) if at >= 0 else (" ", -1)

    def _after(self, at: int) -> str:
        at += 1
        while at < len(self._text) and self._text[at] == BREAK:
            at += 1
        return self._text[at] if at < len(self._text) else " "

    def _double(self, at: int) -> str:
        double = self._marks.double
        if double is None:
            return '"'
        before, place = self._before(at)
        if before.isdigit() and _FEET.search(self._text, max(0, at - 4), at):
            return _DOUBLE_PRIME
        opens = self._opens(before, place, self._after(at), is_open=self._double_open)
        if not opens and before.isdigit() and not self._double_open:
            return _DOUBLE_PRIME
        self._double_open = opens
        if opens:
            self._opened_at = at
        return double[0] if opens else double[1]

    def _opens(self, before: str, place: int, after: str, *, is_open: bool) -> bool:
        if before in {'"', "'"}:
            after_article = before == "'" and not is_open and self._elides(place) and not after.isspace()
            return after_article or (place == self._opened_at and place >= 0)
        if before.isspace():
            return not after.isspace() or not is_open
        if before in _BEFORE_OPENING:
            return not (after.isspace() and is_open) and before != NOTE
        if not self._marks.words_apart:
            return not is_open
        if after.isspace() or not (after.isalnum() or after in {OPAQUE, "'"}):
            return False
        return before in {"-", ":", "=", "/"} and not is_open

    def _elides(self, at: int) -> bool:
        """Whether the mark at `at` is the apostrophe of an article before a quotation (``l'"histoire"``)."""
        return self._before(at)[0].isalpha() and not self._single_open

    def _single(self, at: int) -> str:
        if self._marks.double is None:
            return "'"
        (before, place), after = self._before(at), self._after(at)
        if before.isalnum() or before == OPAQUE:
            return self._after_word(before, after, at)
        if before.isspace() and after.isspace():
            return "'"
        if self._opens(before, place, after, is_open=self._single_open):
            if self._is_elision(at) or not self._closes_later(at):
                return _APOSTROPHE
            self._single_open = True
            self._opened_at = at
            return self._marks.single[0]
        self._single_open = False
        return self._marks.single[1]

    def _after_word(self, before: str, after: str, at: int) -> str:
        if before.isdigit() and after.isdigit():
            return _APOSTROPHE if _THOUSANDS.match(self._text, at + 1) else _PRIME
        if after.isalnum():
            return _APOSTROPHE
        if self._single_open:
            self._single_open = False
            return self._marks.single[1]
        return _PRIME if before.isdigit() else _APOSTROPHE

    def _is_elision(self, at: int) -> bool:
        """Whether a word or year begins with its apostrophe here (’tis, ’90s)."""
        if _YEARS.match(self._text, at + 1):
            return True
        word = _WORD.match(self._text, at + 1)
        if word is None or word[0].lower() not in self._marks.elisions:
            return False
        return self._after(word.end() - 1) != "'" or word[0].lower() == "n"

    def _closes_later(self, at: int) -> bool:
        """Whether a single mark that could close comes somewhere after `at`."""
        if self._last_closing is None:
            self._last_closing = self._text.rfind("'")
            while self._last_closing >= 0 and not self._may_close(self._last_closing):
                self._last_closing = self._text.rfind("'", 0, self._last_closing)
        return self._last_closing > at

    def _may_close(self, at: int) -> bool:
        return not self._before(at)[0].isspace() and not self._after(at).isalnum()
