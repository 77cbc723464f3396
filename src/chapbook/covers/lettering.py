"""Sets words in lines for a cover: as large as the space allows, and never over its edge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import ceil
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace
from PIL import ImageDraw, ImageFont, features

from chapbook.covers.breaking import Piece, Run, balance, clusters, is_right_to_left, pieces, runs_of
from chapbook.covers.typefaces import Cut, Face, FontCase
from chapbook.model.hyphenation import SOFT_HYPHEN, plain, soft_hyphened

__all__ = ["Align", "Compositor", "SetText", "Style"]

Align = Literal["left", "center", "right"]
_REFERENCE = 200
"""Pixels per em for measuring text; other sizes are proportional."""
_STEP = 0.955
_CLEARANCE = 0.06
"""The least distance between the ink of two lines, in ems."""
_ELLIPSIS = "…"
_LONG = 8
"""Words of at least this many letters can be hyphenated."""


class Style(Struct, frozen=True, kw_only=True):
    """How words are set. Sizes are pixels per em, the rest is in ems."""

    cut: Cut
    largest: int
    smallest: int
    comfortable: int = 0
    """The size down to which words stay whole; 0: half of the largest."""
    leading: float = 1.12
    tracking: float = 0.0
    capitals: bool = False
    most_lines: int = 6


class SetLine(Struct, frozen=True):
    """A line: its runs from left to right, its width, and its ink above and below the baseline, in pixels."""

    runs: tuple[Run, ...]
    width: float
    above: float
    below: float


class SetText(Struct, frozen=True):
    """Lines at `size`; `baselines` are measured from the top of the ink, `height` is that of all ink."""

    lines: tuple[SetLine, ...]
    baselines: tuple[float, ...]
    size: int
    height: float
    tracking: float
    right_to_left: bool = False

    @property
    def width(self) -> float:
        return max((line.width for line in self.lines), default=0.0)


class Compositor(Struct):
    """Sets text with the faces of `case` for one cover; remembers its measurements."""

    case: FontCase
    _fonts: dict[tuple[Face, int], ImageFont.FreeTypeFont] = field(default_factory=dict)
    _lengths: dict[tuple[str, Cut, float], float] = field(default_factory=dict)

    def fit(self, text: str, style: Style, width: float, height: float) -> SetText:
        """Sets `text` in `width` × `height` pixels: words stay whole down to a comfortable size, and break below it.

        They break at soft hyphens, or where their language allows it. Otherwise the text gets smaller and, at the
        smallest size, words are cut. Text that still doesn't fit ends in an ellipsis. Empty text has no lines.
        """
        comfortable = replace(style, smallest=max(style.smallest, style.comfortable or style.largest // 2))
        found = self.fit_whole(text, comfortable, width, height)
        if found is not None:
            return found
        text = self._capitals(text) if style.capitals else text
        parts = pieces(text)
        for broken in (self._hyphened, self._cut):
            for size in _sizes(comfortable.smallest, style.smallest):
                found = self._at(broken(parts, style, size, width), style, size, width, height)
                if found is not None:
                    return found
        return self._cut_off(plain(text), style, width, height)

    def fit_whole(self, text: str, style: Style, width: float, height: float) -> SetText | None:
        """Sets `text` with whole words; ``None`` if that doesn't fit at the smallest size."""
        text = plain(self._capitals(text) if style.capitals else text)
        if not text:
            return SetText((), (), style.smallest, 0.0, 0.0)
        parts = pieces(text)
        found = (self._at(parts, style, size, width, height) for size in _sizes(style.largest, style.smallest))
        return next((made for made in found if made is not None), None)

    def draw(self, draw: ImageDraw.ImageDraw, text: SetText, at: tuple[float, float], fill: str, align: Align) -> None:
        """Draws `text`: the top of its ink at `at`'s y, and its left edge, middle or right edge at `at`'s x."""
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        for line, baseline in zip(text.lines, text.baselines, strict=True):
            x = at[0] - share * line.width
            for run in line.runs:
                x = self._draw_run(draw, run, (x, at[1] + baseline), text, fill)

    def _draw_run(
        self, draw: ImageDraw.ImageDraw, run: Run, at: tuple[float, float], text: SetText, fill: str
    ) -> float:
        font = self._font(run.face, text.size)
        x, y = at
        for part in clusters(run.text) if text.tracking else (run.text,):
            draw.text(
                (x, y), part, fill=fill, font=font, anchor="ls", direction=_direction(part), language=self._language
            )
            x += self._advance(run.face, part, text.size) + text.tracking * text.size
        return x

    def _at(self, parts: tuple[Piece, ...], style: Style, size: int, width: float, height: float) -> SetText | None:
        text = "".join(part.text for part in parts)
        tracking = self._tracking(text, style)
        lengths = [(self._length(part.text, style.cut, tracking) + tracking) * size for part in parts]
        space = (self._length(" ", style.cut, 0.0) + tracking) * size
        lines = balance(parts, lengths, space, width, style.most_lines)
        if lines is None:
            return None
        shown = (plain(line) + ("-" if line.endswith(SOFT_HYPHEN) else "") for line in lines)
        made = self._placed(tuple(self._line(line, style.cut, tracking, size) for line in shown), style, size, tracking)
        fits = made.height <= height and all(line.width <= width for line in made.lines)
        return replace(made, right_to_left=is_right_to_left(text)) if fits else None

    def _placed(self, lines: tuple[SetLine, ...], style: Style, size: int, tracking: float) -> SetText:
        baselines = [lines[0].above]
        for before, line in pairwise(lines):
            needed = before.below + line.above + _CLEARANCE * size
            baselines.append(baselines[-1] + max(style.leading * size, needed))
        return SetText(lines, tuple(baselines), size, baselines[-1] + lines[-1].below, tracking)

    def _line(self, text: str, cut: Cut, tracking: float, size: int) -> SetLine:
        runs = runs_of(text, cut, self.case)
        boxes = [
            self._font(run.face, size).getbbox(
                run.text, anchor="ls", direction=_direction(run.text), language=self._language
            )
            for run in runs
        ]
        above, below = max(-box[1] for box in boxes), max(box[3] for box in boxes)
        return SetLine(runs, self._width(runs, tracking, size), above, below)

    def _width(self, runs: tuple[Run, ...], tracking: float, size: int) -> float:
        if not tracking:
            return sum(self._advance(run.face, run.text, size) for run in runs)
        parts = [(run.face, part) for run in runs for part in clusters(run.text)]
        letters = sum(self._advance(face, part, size) for face, part in parts)
        return letters + tracking * size * (len(parts) - 1)

    def _advance(self, face: Face, text: str, size: int) -> float:
        """The length of `text` in one face, in pixels."""
        return self._font(face, size).getlength(text, direction=_direction(text), language=self._language)

    def _length(self, text: str, cut: Cut, tracking: float) -> float:
        """The length of `text` in ems."""
        key = (text, cut, tracking)
        if key not in self._lengths:
            runs = runs_of(text.replace(SOFT_HYPHEN, "-"), cut, self.case)
            self._lengths[key] = self._width(runs, tracking, _REFERENCE) / _REFERENCE
        return self._lengths[key]

    def _hyphened(self, parts: tuple[Piece, ...], style: Style, size: int, width: float) -> tuple[Piece, ...]:
        """`parts`, with those wider than a line broken evenly between syllables if they then fit."""
        found: list[Piece] = []
        tracking = self._tracking("".join(part.text for part in parts), style)
        for part in parts:
            whole = plain(part.text)
            chunks: tuple[str, ...] = (whole,)
            if self._length(whole, style.cut, tracking) * size > width:
                syllables = soft_hyphened(part.text, self.case.language, _LONG).split(SOFT_HYPHEN)
                for count in range(2, len(syllables) + 1):
                    split = _grouped(syllables, count)
                    if all(self._length(chunk, style.cut, tracking) * size <= width for chunk in split):
                        chunks = split
                        break
            found += (Piece(chunk) for chunk in chunks[:-1])
            found.append(Piece(chunks[-1], part.glue))
        return tuple(found)

    def _cut(self, parts: tuple[Piece, ...], style: Style, size: int, width: float) -> tuple[Piece, ...]:
        """`parts`, with those wider than a line cut evenly, with hyphens if the script uses them."""
        found: list[Piece] = []
        tracking = self._tracking("".join(part.text for part in parts), style)
        for part in self._hyphened(parts, style, size, width):
            length = self._length(part.text, style.cut, tracking) * size
            if length <= width:
                found.append(part)
                continue
            letters = clusters(part.text)
            count = min(len(letters), ceil(length / (0.94 * width)))
            cuts = [round(len(letters) * cut / count) for cut in range(count + 1)]
            chunks = ["".join(letters[start:end]) for start, end in pairwise(cuts)]
            found.extend(Piece(chunk + _hyphen(chunk, after)) for chunk, after in pairwise(chunks))
            found.append(Piece(chunks[-1], part.glue))
        return tuple(found)

    def _cut_off(self, text: str, style: Style, width: float, height: float) -> SetText:
        """As much of `text` as fits at the smallest size, with an ellipsis."""
        letters = clusters(text)
        least, most = 0, len(letters)
        made = SetText((), (), style.smallest, 0.0, 0.0)
        while least < most:
            middle = (least + most + 1) // 2
            shorter = "".join(letters[:middle]).rstrip() + _ELLIPSIS
            parts = self._cut(pieces(shorter), style, style.smallest, width)
            found = self._at(parts, style, style.smallest, width, height)
            least, most = (middle, most) if found else (least, middle - 1)
            made = found or made
        return made

    def _tracking(self, text: str, style: Style) -> float:
        """The letter-spacing of `style`; 0 for scripts whose letters join or stack."""
        single = all(len(each) == 1 and _is_alphabetic(each) for each in clusters(text))
        return style.tracking if single else 0.0

    def _capitals(self, text: str) -> str:
        """`text` in capitals by the rules of its language; unchanged in scripts without capitals."""
        language = self.case.language.lower()
        if language.startswith(("tr", "az")):
            text = text.replace("i", "İ")
        if language.startswith("el"):
            text = text.translate(_GREEK)
        return text.upper()

    def _font(self, face: Face, size: int) -> ImageFont.FreeTypeFont:
        key = (face, size)
        if key not in self._fonts:
            self._fonts[key] = face.at(size)
        return self._fonts[key]

    @property
    def _language(self) -> str | None:
        """The language, for Raqm to choose letter forms."""
        return self.case.language if features.check("raqm") else None


def _grouped(syllables: Sequence[str], count: int) -> tuple[str, ...]:
    """The syllables of a word in `count` groups of even length, with a soft hyphen after all but the last."""
    ends = list(accumulate(map(len, syllables)))
    cuts = [0]
    for part in range(1, count):
        free = range(cuts[-1] + 1, len(syllables) - (count - part) + 1)
        cuts.append(min(free, key=lambda cut: abs(ends[cut - 1] - ends[-1] * part / count)))
    return (
        *("".join(syllables[start:end]) + SOFT_HYPHEN for start, end in pairwise(cuts)),
        "".join(syllables[cuts[-1] :]),
    )


def _sizes(largest: int, smallest: int) -> Iterator[int]:
    size = largest
    while size > smallest:
        yield size
        size = min(size - 1, int(size * _STEP))
    yield smallest


def _direction(text: str) -> str | None:
    if not features.check("raqm"):
        return None
    return "rtl" if is_right_to_left(text) else "ltr"


_GREEK = str.maketrans("άέήίόύώΐΰΆΈΉΊΌΎΏ", "αεηιουωϊϋΑΕΗΙΟΥΩ")
"""Greek capitals are written without accents."""


def _is_alphabetic(character: str) -> bool:
    return ord(character) < 0x0530 or 0x1E00 <= ord(character) < 0x2100  # noqa: PLR2004 - Latin, Greek, Cyrillic


def _hyphen(before: str, after: str) -> str:
    return "-" if before[-1].isalpha() and after[0].isalpha() and _is_alphabetic(before[-1]) else ""
