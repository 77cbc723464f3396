from __future__ import annotations

import pytest

from chapbook.markup.page import Page
from chapbook.passes.formula_widths import fit_formulas
from chapbook.passes.mathematics import set_mathematics
from support.pages import page_of, read

LONG = "y = " + " + ".join(f"a_{{{number}}} x^{{{number}}}" for number in range(12))
CASES = r"f(x) = \begin{cases} \sqrt{x^2 + 1} & \text{if the wind is against the tide} \\ 0 & \text{else} \end{cases}"
MATRIX = r"\begin{pmatrix} 1000000 & 2000000 & 3000000 & 4000000 \\ 1 & 2 & 3 & 4 \end{pmatrix}"
MATRICES = r"\begin{bmatrix} 1000 & 2000 & 3000 \end{bmatrix} \qquad \begin{bmatrix} 1000 & 2000 & 30 \end{bmatrix}"
ALIGNED = r"\begin{aligned} h(t) &= h_0 + \sum_i a_i \cos(\omega_i t + \varphi_i) \\ &= 0 \end{aligned}"


def shown(tex: str) -> Page:
    page = read(f"$$\n{tex}\n$$\n", "commonmark")
    set_mathematics(page)
    fit_formulas(page)
    return page


def classes(page: Page) -> str:
    return next(str(each.get("class")) for each in page.body.iter("div"))


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("a = b", "math-display"),
        (r"\frac{a + b + c + d}{e} = f", "math-display math-10"),
        (r"m_1 - m_2 = -2.5\log_{10}\frac{F_1}{F_2}", "math-display math-12"),  # broken into lines
        (CASES, "math-display math-19"),
        (LONG, "math-display math-12"),
        (MATRICES, "math-display math-15"),
        (ALIGNED, "math-display math-15"),
        (MATRIX, "math-display math-24"),  # which nothing breaks
    ],
)
def test_wide_formulas_have_their_width_as_a_class(tex: str, expected: str) -> None:
    assert classes(shown(tex)) == expected


def test_a_long_one_breaks_before_its_signs() -> None:
    page = shown(LONG)
    table = next(each for each in page.body.iter() if each.get("class") == "math-lines")
    lines = ["".join(map(str, row.itertext())) for row in table]
    assert len(lines) > 2
    assert lines[0].startswith("y=a0x0")
    assert all(line.startswith("+a") for line in lines[1:])
    assert "".join(lines) == "y=" + "+".join(f"a{number}x{number}" for number in range(12))


def test_conditions_stand_below_what_they_are_the_conditions_of() -> None:
    page = shown(CASES)
    table = next(each for each in page.body.iter() if str(each.tag).endswith("mtable"))
    rows = ["".join(map(str, row.itertext())) for row in table]
    assert rows == ["x2+1", "if the wind isagainst the tide", "0", "else"]


def test_formulas_break_at_wide_spaces() -> None:
    page = shown(MATRICES)
    table = next(each for each in page.body.iter() if each.get("class") == "math-lines")
    assert ["".join(map(str, row.itertext())) for row in table] == ["[100020003000]", "[1000200030]"]


def test_a_wide_one_in_the_text_has_its_class_itself() -> None:
    page = read(r"The height, $\sum_{i=1}^{n} h_i \cos(\omega_i t + \varphi_i)$, and $a = b$.", "commonmark")
    set_mathematics(page)
    fit_formulas(page)
    assert [each.get("class") for each in page.body.iter() if str(each.tag).endswith("}math")] == ["math-12", None]


@pytest.mark.parametrize("tex", [MATRIX, "-" * 40])
def test_what_breaking_does_not_help_stays_whole(tex: str) -> None:
    page = shown(tex)
    assert all(each.get("class") != "math-lines" for each in page.body.iter())


def test_formulas_in_the_text_and_hostile_ones_stay() -> None:
    deep = "<mrow>" * 200 + "<mi>x</mi>" + "</mrow>" * 200
    markup = f'<div class="math-display"><math xmlns="http://www.w3.org/1998/Math/MathML">{deep}</math></div>'
    page = page_of(markup)
    fit_formulas(page)
    assert page.body[0].get("class") == "math-display"
    empty = page_of(markup.replace(deep, "<mtable/><mfrac/><mtable><mtr/></mtable>"))
    fit_formulas(empty)
    assert empty.body[0].get("class") == "math-display"
