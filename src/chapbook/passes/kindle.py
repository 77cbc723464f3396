"""What Kindle breaks on in a chapter: long alt text, recordings, wide tables, rules between scenes, SVG.

Each pass is a row in model/hooks.py that works for the target ``kindle`` alone; model/targets.py says why.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy

from lxml import etree

from chapbook.assets.pixels import encode_png
from chapbook.assets.raster import draw_svg, need_drawing
from chapbook.assets.svg_appearance import svg_size
from chapbook.markup.page import Page
from chapbook.markup.parsing import SVG, XLINK
from chapbook.markup.trees import EPUB_TYPE, add_class, make, remove, replace
from chapbook.passes.narrow_tables import make_cards, may_be_cards
from chapbook.passes.resources import Alt, place_resource

__all__ = ["check_pictures", "check_tables", "draw_drawings", "embed_picture", "note_change", "write_scene_breaks"]

_LONGEST_ALT = 140
_MOST_ROWS, _MOST_COLUMNS = 100, 10
_BREAK = "*\N{NO-BREAK SPACE}*\N{NO-BREAK SPACE}*"
_DRAWING = f"{{{SVG}}}svg"
_SHAPES = tuple(
    f"{{{SVG}}}{name}"
    for name in ("circle", "ellipse", "image", "line", "path", "polygon", "polyline", "rect", "text", "use")
)
_UNDRAWN = tuple(f"{{{SVG}}}{name}" for name in ("clipPath", "defs", "marker", "mask", "pattern", "symbol"))
_PERCENT = re.compile(r"[1-9][0-9]?%|100%")
_POINTER = re.compile(r"#([^\s)'\"]+)")


def check_pictures(page: Page) -> None:
    """Warns of alt text that Kindle cuts off, and of recordings, which it doesn't play; both as they were written."""
    nth: Counter[str] = Counter()
    for picture in page.body.iter("img"):
        written, alt = picture.get("src", ""), picture.get("alt", "")
        if len(alt) > _LONGEST_ALT:
            page.report(
                "target-doubtful",
                f"the alt text of image '{written[:80]}' has {len(alt):,} characters; Kindle takes {_LONGEST_ALT}",
                at=page.locator.image(written, nth[written]),
                hint="say the most important in the alt text, and the rest in the text",
            )
        nth[written] += 1
    for number, recording in enumerate(page.body.iter("audio", "video")):
        kind = str(recording.tag)
        page.report(
            "target-doubtful",
            f"Kindle doesn't play the {kind} of a book with flowing text",
            at=page.locator.element(kind, number),
            hint="link to it on the web, or describe what it shows",
        )


def check_tables(page: Page) -> None:
    """Makes cards of the tables that ask for it, and warns of those that are more than Kindle shows well."""
    for table in list(page.body.iter("table")):
        if "cards" in table.get("class", "").split() and may_be_cards(table):
            make_cards(table)
        rows = list(table.iter("tr"))
        columns = max((len(row) for row in rows), default=0)
        if next(table.iterancestors("table"), None) is not None:
            _doubt(page, "a table stands within a table, which Kindle doesn't show as one", "take it out of the cell")
        elif len(rows) > _MOST_ROWS or columns > _MOST_COLUMNS:
            message = f"a table has {len(rows):,} rows and {columns:,} columns; Kindle advises {_MOST_ROWS} and"
            _doubt(page, f"{message} {_MOST_COLUMNS} at most", "split the table")


def _doubt(page: Page, message: str, hint: str) -> None:
    page.report("target-doubtful", message, hint=hint)


def write_scene_breaks(page: Page) -> None:
    """Writes scene breaks as text. A page break that is marked as such stays."""
    found = [each for each in page.body.iter("hr") if EPUB_TYPE not in each.attrib]
    for rule in found:
        line = make("p", text=_BREAK, role="separator", style="margin: 1.2em 0")
        for name in ("id", "class"):
            if name in rule.attrib:
                line.set(name, rule.get(name, ""))
        add_class(line, "center")
        replace(rule, line)
    note_change(page, "scene-break", len(found))


def note_change(page: Page, name: str, count: int) -> None:
    """Notes that so many things were changed, by the name that model/targets.py has for it."""
    if count:
        page.changes[name] = page.changes.get(name, 0) + count


def draw_drawings(page: Page) -> None:
    """Draws each ``svg`` of the text as a PNG. One that shows a picture's file stays, or is that picture alone."""
    count = 0
    drawings = [each for each in page.body.iter(_DRAWING) if not _is_inner(each)]
    for drawing in [each for each in drawings if _shapes(each)]:
        images = list(drawing.iter(f"{{{SVG}}}image"))
        if images and len(_shapes(drawing)) > 1:
            _doubt(page, "a drawing shows a picture's file, so it stays SVG for Kindle", "save it all as one picture")
            continue
        count += 1
        if images:
            picture = make("img", src=images[0].get(f"{{{XLINK}}}href", ""))
            replace(drawing, _described(picture, drawing))
        else:
            _draw(page, drawing)
    if not any(_shapes(each) for each in drawings if each.getparent() is not None):
        for drawing in [each for each in drawings if not _shapes(each)]:
            remove(drawing)  # definitions, of which each of the others has its own now
    note_change(page, "drawing", count)


def _shapes(drawing: etree._Element) -> list[etree._Element]:
    """What is drawn, but for what is only defined."""
    return [each for each in drawing.iter(*_SHAPES) if next(each.iterancestors(*_UNDRAWN), None) is None]


def _is_inner(drawing: etree._Element) -> bool:
    parent = drawing.getparent()
    return parent is not None and str(parent.tag).startswith(f"{{{SVG}}}")


def _draw(page: Page, drawing: etree._Element) -> None:
    need_drawing("SVG for Kindle")
    size = svg_size(drawing)
    whole = deepcopy(drawing)
    whole.tail = None
    defined = list(_defined_elsewhere(page.body, whole))
    whole.extend(defined)
    svg = etree.tostring(whole, encoding="unicode")
    picture = _described(make("img"), drawing)
    width = drawing.get("width", "100%").strip()
    is_fluid = width.endswith("%") or min(size) <= 0
    if is_fluid:
        picture.set("style", f"width: {width if _PERCENT.fullmatch(width) else '100%'}")
    else:
        picture.set("width", str(size[0]))
    alt: Alt = "text" if picture.get("alt") else "decorative"
    if alt == "decorative" and page.undescribed_drawings and "decorative" not in drawing.get("class", "").split():
        page.undescribed_drawings -= 1
        alt = "missing"
    if alt == "decorative":
        picture.set("role", "presentation")
    replace(drawing, picture)
    embed_picture(page, picture, encode_png(draw_svg(svg, size, is_fluid=is_fluid)), alt)


def _defined_elsewhere(body: etree._Element, drawing: etree._Element) -> Iterator[etree._Element]:
    """What a drawing uses of the chapter's other drawings."""
    own = {each.get("id") for each in drawing.iter()}
    waiting, seen = list(_pointers(drawing.iter())), set(own)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = next((each for svg in body.iter(_DRAWING) for each in svg.iter() if each.get("id") == name), None)
        if found is not None:
            copy = deepcopy(found)
            copy.tail = None
            waiting += _pointers(copy.iter())
            holder = etree.Element(f"{{{SVG}}}defs")
            holder.append(copy)
            yield holder


def _pointers(elements: Iterable[etree._Element]) -> Iterator[str]:
    for element in elements:
        for value in element.attrib.values():
            if "#" in value:
                yield from _POINTER.findall(value)


def _described(picture: etree._Element, drawing: etree._Element) -> etree._Element:
    """The `picture` with the words, the id and the classes of the drawing."""
    title = drawing.find(f"{{{SVG}}}title")
    hidden = drawing.get("aria-hidden") == "true"
    words = "" if title is None or hidden else " ".join("".join(map(str, title.itertext())).split())
    picture.set("alt", words)
    for name in ("id", "class"):
        if drawing.get(name):
            picture.set(name, drawing.get(name, ""))
    return picture


def embed_picture(page: Page, picture: etree._Element, data: bytes, alt: Alt) -> None:
    """Makes the PNG `data` the file of `picture`, an ``img`` in its place, which keeps its classes."""
    classes = picture.get("class")
    picture.set("src", f"data:image/png;base64,{base64.b64encode(data).decode()}")
    place_resource(page, picture, "src", Counter(), alt=alt)
    if classes is None:
        picture.attrib.pop("class", None)
    else:
        picture.set("class", classes)
