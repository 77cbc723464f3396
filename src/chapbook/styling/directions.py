"""Adapts themes to other text directions. Themes are written for left-to-right text and mirrored by rules that begin
with ``[dir="rtl"]``; this module makes the sides of vertical text, and logical properties for engines that know them.

Adobe's and Amazon's engines know only physical sides, so those stay in the plain sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["VERTICAL", "by_direction", "turned"]

VERTICAL = """\
/* Lines run from top to bottom, the first at the right; digits in a span.tcy stand beside one another. */
html { -epub-writing-mode: vertical-rl; -webkit-writing-mode: vertical-rl; writing-mode: vertical-rl; }
img, svg { max-width: 100%; }
.tcy { -epub-text-combine: horizontal; -webkit-text-combine: horizontal; text-combine-upright: all; }
"""
"""The comment before the theme in a book with vertical text."""

_BLOCK = re.compile(r"([^{}]*)\{([^{}]*)\}")
_OF_SIDES = re.compile(
    r"(?<![\w-])(margin|padding|border-width|border-style|border-color)(\s*:\s*)([^;{}()]+)"
    r"|(?<![\w-])((?:margin|padding|border)-)(top|right|bottom|left)(?![a-z])"
    r"|(?<![\w-])((?:max-|min-)?)(width|height)(?=\s*:)|(?<=\d)(vh|vw)\b"
)
_WIDTH = re.compile(r"(?<![\w-])width: [^;]*; ")
_NEXT = {"top": "right", "right": "bottom", "bottom": "left", "left": "top", "width": "height", "vh": "vw"}
_NEXT |= {"height": "width", "vw": "vh"}


def turned(css: str, own: Sequence[str] = ()) -> str:
    """A theme's rules with the sides of vertical text: top becomes right, left becomes top, heights become widths.

    The author's own rules, at the end, stay unchanged; so do formulas, whose lines stay horizontal and need their
    width.
    """
    last = next((each for each in own if each and css.endswith(each)), "")
    return _BLOCK.sub(_turned_block, css[: len(css) - len(last)]) + last


def _turned_block(found: re.Match[str]) -> str:
    if "mtable" in found[1] or "mtd" in found[1]:
        return f"{found[1]}{{{_WIDTH.sub('', found[2])}}}"
    return f"{found[1]}{{{_OF_SIDES.sub(_turn, found[2])}}}"


def _turn(found: re.Match[str]) -> str:
    if found[1]:
        values = found[3].split()
        if values[1:]:
            top, right, bottom, left = (values + values[-2:])[:4]  # of two or three, those left out are the opposite's
            values = [left, top, right, bottom]
        return f"{found[1]}{found[2]}{' '.join(values)}"
    return f"{found[4]}{_NEXT[found[5]]}" if found[4] else f"{found[6] or ''}{_NEXT[found[7] or found[8]]}"


_MIRRORED = '[dir="rtl"] '
_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_RIGHT_TO_LEFT = {"right": "start", "left": "end"}


def by_direction(css: str) -> str:
    """The rules for right-to-left text, repeated with logical properties, which follow each passage's own direction:
    for a left-to-right passage inside right-to-left text.
    """
    made = []
    for found in _BLOCK.finditer(_COMMENT.sub("", css)):
        parts = [each.strip() for each in found[1].split(",")]
        selectors = [f"[dir] {each.removeprefix(_MIRRORED)}" for each in parts if _goes_by_direction(each)]
        if selectors and not found[1].lstrip().startswith("@"):
            made.append(f"{', '.join(selectors)} {{ {' '.join(_logical(found[2]))} }}\n")
    return "/* Text goes by the direction of the passage that it is in. */\n" + "".join(made) if made else ""


def _goes_by_direction(selector: str) -> bool:
    """Whether a rule for right-to-left text means the start; the classes ``left`` and ``right`` mean sides."""
    rest = selector.removeprefix(_MIRRORED)
    return rest != selector and "[dir" not in rest and not rest.endswith((".left", ".right"))


def _logical(declarations: str) -> Iterator[str]:
    for each in declarations.split(";"):
        name, _, value = (part.strip() for part in each.partition(":"))
        sides = value.split()
        if name in {"margin", "padding"} and len(sides) == 4:  # noqa: PLR2004 - one value a side
            top, right, bottom, left = sides
            yield f"{name}-block: {top} {bottom}; {name}-inline: {right} {left};"
        elif name in {"text-align", "float"} and value in _RIGHT_TO_LEFT:
            yield f"{name}: {'inline-' if name == 'float' else ''}{_RIGHT_TO_LEFT[value]};"
        elif name:
            logical = re.sub("-(right|left)(?=-|$)", lambda side: f"-inline-{_RIGHT_TO_LEFT[side[1]]}", name)
            yield f"{logical}: {value};"
