from __future__ import annotations

import pytest

from chapbook.markup.page import Page
from chapbook.passes.formula_widths import fit_formulas
from chapbook.passes.mathematics import set_mathematics
from support.pages import page_of, read

LONG = "y = " + " + ".join(f"a_{{{number}}} x^{{{number}}}" for number in range(12))
CASES = r"f(x) = \begin{cases} \sqrt{x^2 + 1} & \text{if the wind is against the tide} \\ 0 & \text{else} \end{cases}"


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
        (r"m_1 - m_2 = -2.5\log_{10}\frac{F_1}{F_2}", "math-display math-15"),
        (CASES, "math-display math-32"),
        (LONG, "math-display math-15"),  # broken into lines
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


MATRIX = r"\begin{pmatrix} 1000000 & 2000000 & 3000000 & 4000000 \\ 1 & 2 & 3 & 4 \end{pmatrix}"


@pytest.mark.parametrize("tex", [CASES, MATRIX, "-" * 40])
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
