"""Where a line of a title can break, and how to break it into lines of even length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct
from PIL import features

from chapbook.covers.typefaces import Cut, Face, FontCase
from chapbook.model.hyphenation import SOFT_HYPHEN
from chapbook.model.xml_text import single_spaced

__all__ = ["Piece", "Run", "balance", "clusters", "is_right_to_left", "pieces", "runs_of", "shown_text"]

_IDEOGRAPHIC = re.compile(r"[⺀-〿぀-ヿㄅ-ㄯㆠ-ㆿ㇀-鿿가-힯豈-﫿︰-﹏＀-￯\U00020000-\U0003ffff]")
"""Between two of these a line may break (UAX #14, class ID and its neighbours). Hangul breaks at spaces too."""
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_HANGUL = re.compile(r"[가-힯]")
_NOT_FIRST = frozenset(
    "、。，．・：；？！゛゜´｀¨ー〜～…‥）〕］｝〉》」』】〙〗〟’”)]}»›!?,.:;%‰°″′ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〻ゝゞヽヾ"
)
"""Characters that can't begin a line (JIS X 4051, 'kinsoku')."""
_NOT_LAST = frozenset("（〔［｛〈《「『【〘〖〝‘“([{«‹¿¡$€£￥＃")
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ")
"""Thai and Lao have no spaces between words, but a syllable begins before these vowels."""
_SEAMS = frozenset(":;：；。，、—–")
"""Good places to end a line."""
_AFTER = frozenset("-‐–—/|")
"""After these a line may break inside a word."""
_SHORT, _DANGLING = 3, 0.3
"""Words of so few letters shouldn't end a line; the cost, compared with a line that is so much too short."""
_JOINER = "\u200d"


class Piece(Struct, frozen=True):
    """Text between two possible line breaks, and what comes before the next piece."""

    text: str
    glue: str = ""
    """A space or nothing; dropped at a line break."""


def pieces(text: str) -> tuple[Piece, ...]:
    """Cuts `text` at its possible line breaks; runs of white space become one space."""
    found: list[Piece] = []
    for word in text.split(" "):
        if found:
            found[-1] = Piece(found[-1].text, " ")
        found.extend(Piece(part) for part in _parts(word))
    return tuple(found)


def _parts(word: str) -> list[str]:
    parts: list[str] = []
    for cluster in clusters(word):
        if parts and not _may_break(parts[-1], cluster):
            parts[-1] += cluster
        else:
            parts.append(cluster)
    return parts


def _may_break(before: str, after: str) -> bool:
    last, first = before[-1], after[0]
    if first in _NOT_FIRST or last in _NOT_LAST:
        return False
    if first in _LEADING_VOWELS:
        return last not in _LEADING_VOWELS
    if last in _AFTER:
        return len(before) > 2 and first.isalpha()  # noqa: PLR2004 - a line needs more than a letter and a hyphen
    if _HANGUL.match(last) and _HANGUL.match(first):
        return False
    return bool(_IDEOGRAPHIC.match(last) or _IDEOGRAPHIC.match(first))


def clusters(text: str) -> tuple[str, ...]:
    """Splits text into characters as readers see them: a base with its marks, joined emoji (after UAX #29)."""
    found: list[str] = []
    for character in text:
        joins = found and (_extends(character) or found[-1].endswith(_JOINER))
        if joins:
            found[-1] += character
        else:
            found.append(character)
    return tuple(found)


def _extends(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me"}
        or character in {_JOINER, "\u200c", "ำ", "ະ"}
        or 0xFE00 <= code <= 0xFE0F  # noqa: PLR2004 - variation selectors
        or 0x1F3FB <= code <= 0x1F3FF  # noqa: PLR2004 - skin tones
    )


def balance(
    parts: Sequence[Piece], lengths: Sequence[float], space: float, width: float, most: int
) -> tuple[str, ...] | None:
    """Sets `parts` in as few lines of at most `width` as possible, of even length; ``None`` if over `most` lines.

    `lengths` are those of the parts, `space` the width between two. Minimises least squares over all breaks, like Knuth
    and Plass, without hyphens.
    """
    measure = _Measure(parts, lengths, space, width)
    fewest = measure.fewest_lines()
    if fewest is None or fewest > most:
        return None
    best: list[list[tuple[float, int]]] = [[(float("inf"), 0)] * (len(parts) + 1) for _ in range(fewest + 1)]
    best[0][0] = (0.0, 0)
    for line in range(1, fewest + 1):
        for end in range(1, len(parts) + 1):
            best[line][end] = measure.best_start(best[line - 1], end)
    lines: list[str] = []
    end = len(parts)
    for line in range(fewest, 0, -1):
        start = best[line][end][1]
        lines.append("".join(part.text + part.glue for part in parts[start:end]).rstrip(" "))
        end = start
    return tuple(reversed(lines))


class _Measure:
    """The length of a line from one part to another, spaces included, and the cost of that line."""

    def __init__(self, parts: Sequence[Piece], lengths: Sequence[float], space: float, width: float) -> None:
        self._parts, self._width = parts, width
        self._glue = [space if part.glue else 0.0 for part in parts]
        self._until = [0.0, *accumulate(length + glue for length, glue in zip(lengths, self._glue, strict=True))]

    def _length(self, start: int, end: int) -> float:
        return self._until[end] - self._until[start] - self._glue[end - 1]

    def fewest_lines(self) -> int | None:
        """The least number of lines; ``None`` if one part is wider than a line."""
        lines, start = 1, 0
        for end in range(1, len(self._parts) + 1):
            if self._length(start, end) > self._width:
                lines, start = lines + 1, end - 1
                if self._length(start, end) > self._width:
                    return None
        return lines

    def best_start(self, before: Sequence[tuple[float, int]], end: int) -> tuple[float, int]:
        """The least cost of the lines up to `end`, and where the last of them starts; `before` has the costs so far."""
        best = (float("inf"), 0)
        ending = self._ending(end) * (_DANGLING * self._width) ** 2
        for start in range(end - 1, -1, -1):
            length = self._length(start, end)
            if length > self._width:
                break
            best = min(best, (before[start][0] + (self._width - length) ** 2 + ending, start))
        return best

    def _ending(self, end: int) -> int:
        """The cost of a line break there: more after an article, less after a colon or comma.

        In Japanese a phrase ends with kana, and the next begins with a Chinese character.
        """
        last = self._parts[end - 1]
        if end == len(self._parts):
            return 0
        if last.text[-1:] in _SEAMS:
            return -2
        if _HIRAGANA.match(last.text[-1:]) and not _HIRAGANA.match(self._parts[end].text):
            return -1
        return int(bool(last.glue) and len(last.text) <= _SHORT and last.text.isalpha())


_SHAPED = re.compile(r"[\u0590-\u0dff\u0f00-\u109f\u1780-\u17ff\u1800-\u18af\ufb1d-\ufdff\ufe70-\ufefc]")
"""Scripts whose letters depend on their neighbours or run from right to left; only Raqm sets them correctly."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT = "\u200c\u200d" + SOFT_HYPHEN
"""Invisible characters that join letters or mark possible breaks."""
_THIN = "\u2009"
"""Replaces a narrow no-break space, which few fonts have; lines here break only at plain spaces."""
_COMMON = frozenset("PZNMSC")
"""First letters of the categories that belong to no script: punctuation, space, figures, marks, signs."""


class Run(Struct, frozen=True):
    """A piece of text in one face, in logical order."""

    face: Face
    text: str


def shown_text(text: str, cut: Cut, case: FontCase) -> tuple[str, str]:
    """`text` on one line, composed (NFC), without characters that no face has; and those characters."""
    plain = unicodedata.normalize("NFC", single_spaced(text)).replace("\u202f", _THIN)
    kept: list[str] = []
    missing: dict[str, None] = {}
    raqm = features.check("raqm")
    for cluster in clusters(plain):
        seen = [each for each in cluster if unicodedata.category(each) not in _UNSEEN or each in _KEPT]
        lacking = [each for each in seen if each not in _KEPT and not _showable(each, cut, case, raqm=bool(raqm))]
        missing.update(dict.fromkeys(lacking))
        if not lacking:
            kept.extend(seen)
    return single_spaced("".join(kept)), "".join(missing)


def _showable(character: str, cut: Cut, case: FontCase, *, raqm: bool) -> bool:
    if character == " " or (unicodedata.category(character) == "Mn" and character in "\ufe0e\ufe0f"):
        return True
    return (raqm or not _SHAPED.match(character)) and case.face_for(character, cut) is not None


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is written from right to left (UAX #9, rules P2 and P3)."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind in {"R", "AL"} for kind in kinds if kind in {"L", "R", "AL"}), False)


def runs_of(text: str, cut: Cut, case: FontCase) -> tuple[Run, ...]:
    """Splits `text` into runs of one face each, from left to right as on the line.

    Characters without a script go with the letters before them, or else with those after.
    """
    found: list[Run] = []
    loose = ""
    for cluster in clusters(text):
        face = _face_of(cluster, cut, case, found[-1].face if found else None)
        if face is None:
            loose += cluster
        elif found and found[-1].face == face:
            found[-1] = Run(face, found[-1].text + cluster)
        elif not found and all(face.coverage.has(each) for each in loose):
            found.append(Run(face, loose + cluster))
        else:
            found.extend(Run(case.face(cut), loose) for _ in range(bool(not found and loose)))
            found.append(Run(face, cluster))
    if not found:
        return (Run(case.face(cut), loose),) if loose else ()
    return tuple(reversed(found)) if is_right_to_left(text) else tuple(found)


def _face_of(cluster: str, cut: Cut, case: FontCase, before: Face | None) -> Face | None:
    """The face of `cluster`: for common characters, the previous face if it has them; ``None`` if there is none yet."""
    base = cluster[0]
    if unicodedata.category(base)[0] in _COMMON:
        if before is None and case.face(cut).coverage.has(base):
            return None
        if before is not None and before.coverage.has(base):
            return before
    return case.face_for(base, cut) or case.face(cut)
