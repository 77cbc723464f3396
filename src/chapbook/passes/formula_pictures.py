"""Formulas for reading systems without MathML: simple ones as text, the others as pictures. Needs ``chapbook[kindle]``.

ziamath sets a formula in STIX Two Math, whose file comes with it, and gives outlines; resvg draws them. So a formula is
the same picture on every machine.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

from lxml import etree
from msgspec import Struct

from chapbook.assets.pixels import encode_png
from chapbook.assets.raster import draw_svg, need_drawing
from chapbook.assets.sfnt import Coverage, read_coverages
from chapbook.markup.page import Page
from chapbook.markup.parsing import MATHML
from chapbook.markup.trees import make, replace
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.passes.formula_words import formula_in_words
from chapbook.passes.kindle import embed_picture, note_change

__all__ = ["show_formulas"]

_EM = 48
"""Pixels of an em: the type of a reader with 300 dots an inch, in which the picture is as sharp as the letters."""
_MARGIN = 3.0
"""Pixels around a formula, on which the edges of letters are softened."""
_FONT = "STIXTwoMath-Regular.ttf"
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064")
_LONGEST_ALT = 140
_DEEPEST = 8
"""Roots, fractions, scripts, brackets within each other: with each, the library takes twice as long."""
_FLAT = frozenset({"math", "mrow", "mtr", "mtd"})
_DROPPED = re.compile(r"annotation(-xml)?")


class _Drawn(Struct, frozen=True):
    """A formula as a PNG, with its width and how far it reaches below the line, in em."""

    png: bytes
    width: float
    depth: float


def show_formulas(page: Page) -> None:
    """Puts text or a picture in the place of each ``math``; its ids stay places to which links lead.

    One that can't be drawn stays, with a warning.
    """
    texts = pictures = 0
    for math in [each for each in page.body.iter(f"{{{MATHML}}}math") if _is_outer(each)]:
        words = formula_in_words(math)
        if words is not None:
            _take_over(math, words)
            if page.direction == "rtl":
                words.set("dir", "ltr")
            replace(math, words)
            texts += 1
        elif (drawn := _drawn(math)) is not None:
            _place_picture(page, math, drawn)
            pictures += 1
        else:
            message = f"chapbook can't draw the formula '{_tex(math)[:60]}', and Kindle shows MathML in part"
            page.report("target-doubtful", message, hint="put a picture in its place")
    note_change(page, "formula-text", texts)
    note_change(page, "formula-picture", pictures)


def _is_outer(math: etree._Element) -> bool:
    return next(math.iterancestors(f"{{{MATHML}}}math"), None) is None


def _take_over(math: etree._Element, new: etree._Element) -> None:
    """Gives `new` the id and the classes of the formula, and every other id in it an element of its own before it."""
    for name in ("id", "class"):
        if math.get(name):
            new.set(name, math.get(name, ""))
    parent = math.getparent()
    for each in math.iterdescendants(etree.Element) if parent is not None else ():
        if each.get("id"):
            math.addprevious(make("span", id=each.get("id", "")))


def _tex(math: etree._Element) -> str:
    return " ".join((math.get("alttext", "").strip() or "".join(map(str, math.itertext()))).split())


def _place_picture(page: Page, math: etree._Element, drawn: _Drawn) -> None:
    tex = _tex(math)
    alt = tex if len(tex) <= _LONGEST_ALT else f"{tex[: _LONGEST_ALT - 1]}…"
    below = f"; vertical-align: -{drawn.depth:.3f}em" if drawn.depth > 0 and math.get("display") != "block" else ""
    picture = make("img", alt=alt, style=f"width: {drawn.width:.2f}em{below}")
    _take_over(math, picture)
    replace(math, picture)
    embed_picture(page, picture, drawn.png, "text" if alt else "missing")


def _drawn(math: etree._Element) -> _Drawn | None:
    """The formula as a picture; ``None`` where its font lacks a letter, or the library can't set it, or not in time."""
    need_drawing("formulas for Kindle")
    spec = find_spec("ziamath")
    if spec is None or spec.origin is None:
        hint = "pip install 'chapbook[kindle]'"
        raise ChapbookError(Diagnostic.of("extra-missing", "ziamath, which sets formulas, is not installed", hint=hint))
    coverage = _coverage(Path(spec.origin).parent / "fonts" / _FONT)
    plain = _plain(math)
    if _depth(plain) > _DEEPEST:
        return None
    if not all(each.isspace() or each in _INVISIBLE or coverage.has(each) for each in "".join(plain.itertext())):
        return None
    from ziamath.zmath import Math  # noqa: PLC0415 - an optional package, and slow to import

    try:
        formula = Math(plain, size=_EM, margin=_MARGIN)
        svg = formula.svgxml()
    except Exception:  # noqa: BLE001 - it raises what it likes at what it can't set
        return None
    width, height = float(svg.get("width", "1")), float(svg.get("height", "1"))
    text = ET.tostring(svg, encoding="unicode")
    image = draw_svg(text, (max(1, round(width)), max(1, round(height))), scale=1).convert("L")
    return _Drawn(encode_png(image), width / _EM, (_MARGIN - formula.getyofst()) / _EM)


def _depth(element: ET.Element, above: str = "") -> int:
    """How deep its constructs nest, rows within rows among them."""
    below = max((_depth(each, element.tag) for each in element), default=0)
    return below + (len(element) > 0 and (element.tag not in _FLAT or above == element.tag))


@lru_cache(maxsize=1)
def _coverage(font: Path) -> Coverage:
    """The characters of the font. (A memo: every formula asks.)"""
    return read_coverages(font)[0]


def _plain(math: etree._Element) -> ET.Element:
    """The formula without namespaces and annotations, as the library's own kind of tree."""
    made = ET.Element(_local(math), {name: value for name, value in math.attrib.items() if name != "alttext"})
    if made.tag == "math" and made.get("display") != "block":
        made.attrib.setdefault("displaystyle", "false")
    made.text, made.tail = math.text, None
    for child in math.iterchildren(etree.Element):
        name = _local(child)
        if name == "semantics":
            made.extend(list(_plain(child))[:1])
        elif not _DROPPED.fullmatch(name):
            made.append(_plain(child))
    return made


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
