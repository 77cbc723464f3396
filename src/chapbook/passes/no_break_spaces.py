"""Spaces and dashes at which lines must not break, by the language of the text."""

from __future__ import annotations

import re

from chapbook.passes.typographic_marks import NO_BREAK, Marks

__all__ = ["bind"]

_WORD_JOINER = "\u2060"
_AFTER_SPACE = re.compile(r"[–—](?<=[ \n][–—])(?=\s|\x01|$)")
"""A dash with a space on both sides."""
_IN_WORD = r"[^\s\x01\u2060—–―\-(\[{¿¡“„‚«‹]"
_JOINED_DASH = re.compile(rf"—(?:(?<={_IN_WORD}—)|(?<={_IN_WORD}\x01—))")
"""A dash directly after a word, where lines would break without a joiner.

Both patterns begin with the dash: beginning with what is before it, they would be tried at each character or space.
"""
_GAP = re.compile(r"([\d§¶№.°º])[ \n]+(?=\x01?[\w%‰°€£$¥])")
_GAP_BEFORE_FIGURE = re.compile(
    r"([\d§¶№.°º])(?:(?<=[\d§¶№])|(?=[ \n]+\x01?\d))[ \n]+(?=\x01?[\w%‰°€£$¥])"  # one set in front: fast to search
)
"""In a language without two-part abbreviations, ends of sentences aren't matched."""
_MAY_BE_FIGURES = bytes(
    0x78 if byte in b"0123456789\xa7\xb6\x84" or byte in range(0xD9, 0xE2) or byte > 0xE2 else 0x20  # noqa: PLR2004
    for byte in range(256)
)
"""Bytes of UTF-8 that a digit or one of §¶№ has, as ``x``. Signs such as “ begin with E2, most letters below D9."""
_SIGNS = frozenset("%‰°€£$¥")
_THREE_DIGITS = re.compile(r"\d{3}(?!\d)")
_ONE_TO_THREE = re.compile(r"(?<![\d.,])\d{1,3}$")
_UNIT = re.compile(
    r"(?:[kcmdn]?m|[kmµ]?g|[mcdh]?l|ha|min|[kMG]?Hz|[kMG]?W|[kMGT]B|px|pt|kWh|km/h|m²|m³|km²)(?![\w.]\w|\w)"
)
_ABBREVIATION = re.compile(r"[^\W\d_]+\.?[.°º]$")
_SECOND_PART = re.compile(r"[^\W\d_]{1,3}\.")
_LONGEST = 12


def bind(text: str, marks: Marks) -> str:
    """`text` with no-break spaces where `marks` need them, and no dash that could start a line.

    ``50 %``, ``§ 5``, ``Fig. 3``, ``10 000`` and ``z. B.`` stay together, and a dash stays with the word before it. In
    languages without spaces, such as Chinese, dashes are left alone. A second run changes nothing.
    """
    if marks.words_apart and ("—" in text or "–" in text):
        text = _bound_dashes(text)
        text = _JOINED_DASH.sub(f"{_WORD_JOINER}—", text)
    if not marks.pairs and b"x" not in text.encode("utf-8", "replace").translate(_MAY_BE_FIGURES):
        return text  # most texts; a search for figures takes five times as long
    gap = _GAP if marks.pairs else _GAP_BEFORE_FIGURE

    def bound(found: re.Match[str]) -> str:
        sign = found[0][0]
        space = _space(text, sign, found.start(), found.end(), marks)
        return f"{sign}{space}" if space else found[0]

    return gap.sub(bound, text)


def _bound_dashes(text: str) -> str:
    """`text` with a no-break space for the spaces between a word and a dash."""
    parts, at = [], 0
    for found in _AFTER_SPACE.finditer(text):
        end = found.start()
        while end > at and text[end - 1] in " \n":
            end -= 1
        if end > 0 and not text[end - 1].isspace():
            parts += [text[at:end], NO_BREAK]
            at = found.start()
    return "".join([*parts, text[at:]])


def _space(text: str, sign: str, at: int, end: int, marks: Marks) -> str:
    """What replaces the gap that ends before `end`, after the `sign` at `at`; empty to leave it unchanged."""
    end += text[end] == "\x01"
    following = text[end]
    if sign.isdigit():
        if following in _SIGNS or _UNIT.match(text, end):
            return NO_BREAK
        grouped = _THREE_DIGITS.match(text, end) and _ONE_TO_THREE.search(text, max(0, at - _LONGEST), at + 1)
        return marks.groups if grouped else ""
    if sign in "§¶№":
        return NO_BREAK if following.isdigit() else ""
    word = _ABBREVIATION.search(text, max(0, at - _LONGEST), at + 1)
    if word is None:
        return ""
    if following.isdigit():
        return NO_BREAK if word[0] in marks.numbered else ""
    second = _SECOND_PART.match(text, end) if marks.pairs else None
    return NO_BREAK if second and f"{word[0]} {second[0]}" in marks.pairs else ""
