from __future__ import annotations

import io
import re

import pytest
from lxml import etree
from PIL import Image

from chapbook.markup.page import Page
from chapbook.passes.formula_pictures import show_formulas
from chapbook.passes.formula_words import formula_in_words
from chapbook.passes.kindle import check_pictures, check_tables, draw_drawings, write_scene_breaks
from chapbook.passes.mathematics import set_mathematics
from support.extras import need_kindle
from support.pages import read

MATH = "{http://www.w3.org/1998/Math/MathML}math"


def words(tex: str) -> str | None:
    page = read(f"${tex}$\n", "commonmark")
    set_mathematics(page)
    span = formula_in_words(next(page.body.iter(MATH)))
    if span is None:
        return None
    span.tail = None
    return etree.tostring(span, encoding="unicode").removeprefix("<span>").removesuffix("</span>").replace("\xa0", "_")


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("x", "<i>x</i>"),
        ("E = mc^2", "<i>E</i>_=_<i>mc</i><sup>2</sup>"),
        ("x_i^2", "<i>x</i><sub><i>i</i></sub><sup>2</sup>"),
        ("-x + 1", "−<i>x</i>_+_1"),
        ("a = -1", "<i>a</i>_=_−1"),
        ("f'(x)", "<i>f</i>′(<i>x</i>)"),
        (r"\frac12", "1/2"),
        (r"y = \frac{a}{b}", "<i>y</i>_=_<i>a</i>/<i>b</i>"),
        (r"x^{1/2}", "<i>x</i><sup>1/2</sup>"),
        (r"x \leq 3", "<i>x</i>_≤_3"),
        (r"\alpha", "<i>α</i>"),
        (r"2\sin x", "2_sin_<i>x</i>"),
        (r"\log_2 n", "log<sub>2</sub>_<i>n</i>"),
        (r"x \in \mathbb{R}", "<i>x</i>_∈_ℝ"),
        (r"10\%", "10%"),
        ("f: A", "<i>f</i>:_<i>A</i>"),
        ("a_{ij}^{k+1}", "<i>a</i><sub><i>ij</i></sub><sup><i>k</i>+1</sup>"),
        (r"\frac{a}{b}c", None),  # a/b c could be read another way
        (r"2\frac{1}{2}", None),
        (r"\frac{a + b}{c}", None),
        (r"\sqrt{2}", None),
        (r"\sum_{i=0}^n i", None),
        (r"x_{i_j}", None),
        (r"\mathbf{x}", None),  # letters outside of Unicode's first plane
        (r"\begin{pmatrix} 1 & 2 \end{pmatrix}", None),
        (r"\binom{n}{k}", None),
        (r"\hat{x}", None),
    ],
)
def test_simple_formulas_are_text(tex: str, expected: str | None) -> None:
    assert words(tex) == expected


def shown(text: str) -> Page:
    need_kindle()
    page = read(text, "commonmark")
    set_mathematics(page)
    show_formulas(page)
    return page


def test_other_formulas_are_pictures_with_their_tex() -> None:
    page = shown("$\\sqrt{2}$ and\n\n$$\\sum_{i=0}^n i^2$$\n")
    first, second = page.body.iter("img")
    assert (first.get("alt"), second.get("alt")) == (r"\sqrt{2}", r"\sum_{i=0}^n i^2")
    assert "vertical-align: -" in first.get("style", "")
    assert "vertical-align" not in second.get("style", "")
    assert next(page.body.iter(MATH), None) is None
    for data, use in zip(page.embedded.values(), page.images, strict=True):
        assert use.alt == "text"
        image = Image.open(io.BytesIO(data))
        assert image.getextrema() == (0, 255)
        assert image.getpixel((0, 0)) == 255  # black on white
    assert page.changes == {"formula-picture": 2}
    assert not page.diagnostics


def test_a_formulas_picture_is_as_wide_as_it_says() -> None:
    page = shown(r"$$\sqrt{a + b + c}$$")
    picture = next(page.body.iter("img"))
    (data,) = page.embedded.values()
    width = re.fullmatch(r"width: ([\d.]+)em", picture.get("style", ""))
    assert width is not None
    assert abs(Image.open(io.BytesIO(data)).width / 48 - float(width[1])) < 0.05


def test_the_same_formula_is_the_same_picture() -> None:
    page = shown(r"$\sqrt{2}$ and $\sqrt{2}$")
    first, second = page.body.iter("img")
    assert first.get("src") == second.get("src")
    assert len(page.embedded) == 1


def test_places_in_a_formula_stay() -> None:
    page = shown("$$\\begin{equation}\\label{a} \\sqrt{x} \\end{equation}$$\n\nSee \\eqref{a}.\n")
    link = next(page.body.iter("a"))
    assert page.body.xpath(f"//*[@id='{link.get('href', '')[1:]}']")


def test_a_formula_with_letters_that_no_font_has_stays() -> None:
    page = shown(r"$$\sqrt{x} \text{ 速度}$$")
    assert next(page.body.iter(MATH), None) is not None
    assert [each.code for each in page.diagnostics] == ["target-doubtful"]


@pytest.mark.parametrize(("opens", "closes"), [(r"\sqrt{", "}"), (r"\left(\frac12", r"\right)")])
@pytest.mark.parametrize(("depth", "pictures"), [(7, 1), (10, 0), (40, 0)])
def test_a_formula_that_nests_deep_stays(depth: int, pictures: int, opens: str, closes: str) -> None:
    page = shown("$" + opens * depth + "x" + closes * depth + "$")
    assert len(list(page.body.iter("img"))) == pictures
    assert [each.code for each in page.diagnostics] == ["target-doubtful"] * (1 - pictures)


def test_long_tex_is_cut_in_the_alt_text() -> None:
    page = shown("$$" + " + ".join(rf"\sqrt{{x_{{{number}}}}}" for number in range(40)) + "$$")
    alt = next(page.body.iter("img")).get("alt", "")
    assert len(alt) == 140
    assert alt.endswith("…")


def test_scene_breaks_are_text() -> None:
    page = read("One.\n\n***\n\nTwo.\n", "commonmark")
    write_scene_breaks(page)
    line = page.body[1]
    assert (line.tag, line.get("role"), line.get("class")) == ("p", "separator", "center")
    assert (line.text or "").split("\xa0") == ["*", "*", "*"]
    assert page.changes == {"scene-break": 1}


def test_page_breaks_of_a_printed_edition_stay() -> None:
    page = read("A\n\n***\n", "commonmark")
    rule = next(page.body.iter("hr"))
    rule.set("{http://www.idpf.org/2007/ops}type", "pagebreak")
    write_scene_breaks(page)
    assert next(page.body.iter("hr"), None) is rule
    assert not page.changes


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20">{}</svg>'
IMAGE = '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="../a.jpg" width="9" height="9"/>'


def drawn(*drawings: str) -> Page:
    need_kindle()
    page = read("Words.\n", "commonmark")
    for each in drawings:
        page.body.append(etree.fromstring(SVG.format(each)))
    draw_drawings(page)
    return page


def test_drawings_are_pictures() -> None:
    page = drawn('<title>A box</title><rect width="40" height="20"/><text x="1" y="9">Hi</text>')
    picture = next(page.body.iter("img"))
    assert (picture.get("alt"), picture.get("width")) == ("A box", "40")
    (data,) = page.embedded.values()
    assert Image.open(io.BytesIO(data)).size == (80, 40)
    assert page.changes == {"drawing": 1}


@pytest.mark.parametrize(
    ("size", "shown", "pixels"),
    [("", "width: 100%", 1200), ('width="50%"', "width: 50%", 1200), ('width="30" height="15"', "30", 60)],
)
def test_a_drawing_is_as_wide_as_it_was(size: str, shown: str, pixels: int) -> None:
    need_kindle()
    page = read("Words.\n", "commonmark")
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" {size}><path d="M0 0H9V9Z"/></svg>'
    page.body.append(etree.fromstring(drawing))
    draw_drawings(page)
    picture = next(page.body.iter("img"))
    assert picture.get("style", picture.get("width")) == shown
    (data,) = page.embedded.values()
    assert Image.open(io.BytesIO(data)).width == pixels


def test_a_drawing_without_words_counts_as_one() -> None:
    need_kindle()
    page = read("Words.\n", "commonmark")
    page.undescribed_drawings = 1
    for more in ('aria-hidden="true"', 'aria-hidden="true" class="decorative"'):
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1" {more}><path d="M0 0H9V9Z"/></svg>'
        page.body.append(etree.fromstring(drawing))
    draw_drawings(page)
    assert page.undescribed_drawings == 0
    assert [use.alt for use in page.images] == ["missing", "decorative"]
    assert [each.get("role") for each in page.body.iter("img")] == [None, "presentation"]


def test_a_drawing_takes_what_another_one_defines() -> None:
    page = drawn('<defs><rect id="box" width="40" height="20"/></defs>', '<use href="#box"/>')
    (data,) = page.embedded.values()
    assert Image.open(io.BytesIO(data)).convert("L").getextrema() == (0, 0)
    assert len(list(page.body.iter("img"))) == 1
    assert next(page.body.iter("{http://www.w3.org/2000/svg}svg"), None) is None


def test_a_drawing_around_a_picture_is_that_picture() -> None:
    page = drawn(f"<title>Sea</title>{IMAGE}")
    picture = next(page.body.iter("img"))
    assert (picture.get("src"), picture.get("alt")) == ("../a.jpg", "Sea")


def test_one_that_shows_a_file_among_shapes_stays() -> None:
    page = drawn(f'{IMAGE}<path d="M0 0"/>')
    assert [each.code for each in page.diagnostics] == ["target-doubtful"]
    assert next(page.body.iter("{http://www.w3.org/2000/svg}svg"), None) is not None


def test_long_alt_text_and_recordings_are_named() -> None:
    page = read(f"![{'a' * 141}](a.jpg) ![{'b' * 140}](b.jpg)\n\n<audio src='a.mp3'></audio>\n", "commonmark")
    check_pictures(page)
    assert [(each.code, each.line) for each in page.diagnostics] == [("target-doubtful", 1), ("target-doubtful", 3)]


@pytest.mark.parametrize(("rows", "columns", "doubts"), [(99, 10, 0), (100, 10, 1), (3, 11, 1)])
def test_large_tables_are_named(rows: int, columns: int, doubts: int) -> None:
    line = "|" + "a|" * columns
    page = read("\n".join([line, "|" + "-|" * columns, *([line] * rows)]) + "\n", "commonmark")
    check_tables(page)
    assert len(page.diagnostics) == doubts
