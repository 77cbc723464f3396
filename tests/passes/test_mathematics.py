"""Formulas become MathML that EPUB takes; what cannot be read stays as TeX."""

from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.markup.page import Known, Page, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.settings import DialectName
from chapbook.passes.mathematics import set_mathematics
from chapbook.passes.mathml import MATHML, formula
from chapbook.passes.tex import TexError
from chapbook.rendering.document import render_chapter
from chapbook.source.positions import Locator
from support.counting import assert_linear, assert_square

FORMULAS = [
    line
    for line in (Path(__file__).parent / "formulas.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]
CHILDREN = {
    **dict.fromkeys(("mi", "mn", "mo", "mtext", "mspace"), 0),
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "mover", "munder"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
    **dict.fromkeys(
        ("math", "mrow", "msqrt", "mstyle", "mpadded", "mphantom", "menclose", "mtable", "mtr", "mtd"), None
    ),
}


def page_of(xml: str, text: str = "", direction: Literal["ltr", "rtl"] = "ltr") -> Page:
    return Page(
        chapter=Chapter(path="a.md", text=text, first_line=3),
        settings=RenderSettings(language="ar" if direction == "rtl" else "en"),
        known=Known(),
        name="text/a.xhtml",
        body=etree.fromstring(f"<section>{xml}</section>"),
        locator=Locator(text, 3),
    )


def shown(page: Page) -> str:
    return etree.tostring(page.body, encoding="unicode").removeprefix("<section>").removesuffix("</section>")


def check_valid(math: etree._Element) -> None:
    again = etree.fromstring(etree.tostring(math))
    for element in again.iter():
        name = etree.QName(element)
        assert name.namespace == MATHML
        assert name.localname in CHILDREN
        assert CHILDREN[name.localname] in {None, len(element)}
        assert "\\" not in (element.text or "") or element.text == "\\"
        assert not (set(element.attrib) & {"href", "style", "mathcolor", "mathbackground", "xlink:href"})
        assert set(element.get("class", "").split()) <= {"numbered", "after-line", "below-line"}


def outline(element: etree._Element) -> str:
    """A formula as ``name(children)``, rows without a name."""
    name, text = etree.QName(element).localname, element.text or ""
    if name in {"mi", "mn", "mo", "mtext"}:
        return text
    inner = " ".join(outline(child) for child in element)
    return inner if name in {"math", "mrow"} else f"{name}({inner})"


def test_there_are_enough_formulas() -> None:
    assert len(set(FORMULAS)) > 250


@pytest.mark.parametrize("tex", FORMULAS)
@pytest.mark.parametrize("display", [False, True])
def test_textbook_formulas_are_read(tex: str, display: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    math = formula(tex, display=display)
    check_valid(math)
    assert math.get("alttext") == " ".join(tex.split())
    assert math.get("display") == ("block" if display else None)


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("x^2", "msup(x 2)"),
        (r"\dfrac{1}{2}", "mstyle(mfrac(1 2))"),
        (r"\mathrm{KL}", "KL"),
        (r"\mathscr{L}", "ℒ"),
        (r"\boldsymbol{\beta}", "𝜷"),
        (r"\mathbb{1}", "𝟙"),
        (r"\text{50\% of {a} < $x^2$}", "50% of a <\u00a0 msup(x 2)"),
        (r"a \sim b \setminus c", "a ∼ b ∖ c"),
        (r"x \not< y", "x ≮ y"),
        (r"\bigl\{ x \bigr\}", "{ x }"),
        (r"\begin{aligned} x &= 3 \\ y &= 1 \end{aligned}", "mtable(mtr(mtd(x) mtd( = 3)) mtr(mtd(y) mtd( = 1)))"),
        (r"\begin{gather} a \\ b \end{gather}", "mtable(mtr(mtd(a)) mtr(mtd(b)))"),
        (r"a \\ b", "mtable(mtr(mtd(a)) mtr(mtd(b)))"),
        (r"\begin{eqnarray} a &=& b \end{eqnarray}", "mtable(mtr(mtd(a) mtd(=) mtd(b)))"),
        (r"x \tag{1} \label{eq:a}", "mtable(mtr(mtd() mtd(x) mtd((1))))"),
        (r"\arg\max x", "arg\u2009max x"),
        (r"\mathop{\mathrm{Res}}_{z}", "munder(Res z)"),
        (r"\lim_{x \to 0} x", "munder(lim x → 0) x"),
        (r"\bigcup_i A", "munder(⋃ i) A"),
        (r"\overline{AB}", "mover(A B ¯)"),
        (r"a % comment", "a"),
        (r"\binom{n}{i}^2", "msup(( mfrac(n i) ) 2)"),
        (r"\begin{bmatrix}1\end{bmatrix}_2^3", "msubsup([ mtable(mtr(mtd(1))) ] 2 3)"),
        (r"\begin{cases}a\\P_i\end{cases}", "{ mtable(mtr(mtd(a)) mtr(mtd(msub(P i))))"),
        ("a,\\\nb", "a , \u00a0 b"),
        (r"\begin{aligned}[t] x &= 3 \end{aligned}", "mtable(mtr(mtd(x) mtd( = 3)))"),
        (
            r"\begin{array}{|@{}l@{\quad}|*{2}{c}|} a & b & c \\[2pt] d & e & f \end{array}",
            "mtable(mtr(mtd(a) mtd(b) mtd(c)) mtr(mtd(d) mtd(e) mtd(f)))",
        ),
        (r"\begin{bmatrix*}[r] a \\ b \end{bmatrix*}", "[ mtable(mtr(mtd(a)) mtr(mtd(b))) ]"),
        (r"\big\|x\big\|_2", "‖ x msub(‖ 2)"),
        (r"\Bigl\lfloor x \Bigr\rfloor", "⌊ x ⌋"),
    ],
)
def test_what_formulas_become(tex: str, expected: str) -> None:
    assert outline(formula(tex, display=True)) == expected


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\foo{x}", r"the command '\foo' is unknown"),
        (r"\frac{1}", "something is missing in it"),
        (r"a_b_c", "double subscripts"),
        ("{x", "a brace does not close"),
        ("x}", "a brace closes that did not open"),
        (r"\begin{matrix} a", "missing end"),
        (r"\def\a{x}\a", "it defines commands, which chapbook does not read"),
        (r"\unicode{x1}", "no document holds the character 1"),
        (r"\unicode{xD800}", "no document holds the character D800"),
        ("x" * 10_001, "it is longer than 10,000 characters"),
        ("{" * 61 + "}" * 61, "its braces nest deeper than 60"),
        (r"\sqrt" * 1500, "it nests too deep"),
        ("   ", "something is missing in it"),
        (r"\text{a $ b}", "a dollar sign in its text does not close"),
    ],
)
def test_what_cannot_be_read_says_why(tex: str, why: str) -> None:
    with pytest.raises(TexError) as caught:
        formula(tex, display=False)
    assert str(caught.value) == why


def test_a_table_of_one_column_has_no_empty_spacing() -> None:
    math = formula(r"\begin{aligned} f(x) \end{aligned}", display=True)
    assert [each.get("columnspacing") for each in math.iter(f"{{{MATHML}}}mtable")] == [None]


def test_links_styles_and_colours_do_not_ship() -> None:
    for tex in (r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\class{a}{x}", r"\color{red} x"):
        check_valid(formula(tex, display=False))


def test_inline_formula_in_its_sentence() -> None:
    page = page_of('<p>If <span class="math math-inline">x</span>, then.</p>')
    set_mathematics(page)
    assert shown(page) == (f'<p>If <math xmlns="{MATHML}" alttext="x"><mrow><mi>x</mi></mrow></math>, then.</p>')


def test_displayed_formula_alone_in_its_paragraph() -> None:
    page = page_of('<p>\n<span class="math math-display">x</span>\n</p>')
    set_mathematics(page)
    assert shown(page) == (
        f'<div class="math-display"><math xmlns="{MATHML}" display="block" alttext="x">'
        "<mrow><mi>x</mi></mrow></math></div>"
    )


def test_displayed_formula_in_a_sentence_stays_in_its_paragraph() -> None:
    page = page_of('<p>So <span class="math math-display">x</span> holds.</p>')
    set_mathematics(page)
    assert page.body[0].tag == "p"
    assert page.body[0][0].tail == " holds."


def test_a_bad_formula_stays_and_is_named_with_its_line() -> None:
    text = "one\n\nsee $\\foo$ and `$\\foo$`\n"
    page = page_of('<p>see <span class="math math-inline">\\foo</span> and</p>', text, "rtl")
    set_mathematics(page)
    assert shown(page) == '<p>see <span class="math-inline" dir="ltr">$\\foo$</span> and</p>'
    (warning,) = page.diagnostics
    assert (warning.code, warning.path, warning.line) == ("math-invalid", "a.md", 5)
    assert warning.message == r"the formula '\foo' cannot be read: the command '\foo' is unknown"


def test_equal_formulas_have_their_own_lines() -> None:
    text = "$\\foo$\n\n$\\foo$\n"
    span = '<span class="math math-inline">\\foo</span>'
    page = page_of(f"<p>{span}</p><p>{span}</p>", text)
    set_mathematics(page)
    assert [each.line for each in page.diagnostics] == [3, 5]


@given(st.text(alphabet="\\{}^_&$%'abfrac12 leftrightsqrtbegin()[]|<>\u00e9\ue000", max_size=60))
def test_any_text_is_a_valid_formula_or_a_tex_error(tex: str) -> None:
    try:
        math = formula(tex, display=True)
    except TexError:
        return
    check_valid(math)


@given(st.lists(st.sampled_from(FORMULAS), max_size=3), st.sampled_from(["", "^", "_", "}", "\\", "&", "\\frac"]))
def test_joined_formulas_are_valid_or_a_tex_error(parts: list[str], joint: str) -> None:
    try:
        math = formula(joint.join(parts), display=False)
    except TexError:
        return
    for element in math.iter():
        assert CHILDREN[etree.QName(element).localname] in {None, len(element)}


HOSTILE = (
    "'", r"\frac", "a_", r"\left(", r"\begin{matrix}", "x+", r"\text{", r"\verb", "%", r"\over", r"\mathrm{a", "$"
)  # fmt: skip


def read(tex: str) -> None:
    with suppress(TexError):
        formula(tex, display=True)


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_formulas_take_no_square(unit: str) -> None:
    assert_linear(lambda size: read(unit * size), 100, "latex2mathml")


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_formulas_that_nest_take_no_more_than_a_square(unit: str) -> None:
    assert_square(lambda depth: read(unit * depth + "x" + "}" * depth), 10, "latex2mathml")


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
def test_both_dialects(dialect: DialectName) -> None:
    text = "If $a_1*b*<c$ and \\$5 for $10, then\n\n$$\n\\sum_{i} x_i\n$$\n\n`$x$` and $\\foo$\n"
    document = render_chapter(
        Chapter(text=text, path="a.md", first_line=3), name="text/a.xhtml", settings=RenderSettings(dialect=dialect)
    )
    made = document.data.decode()
    assert 'If <math xmlns="http://www.w3.org/1998/Math/MathML" alttext="a_1*b*&lt;c">' in made
    assert 'div class="math-display"' in made
    assert "<code>$x$</code>" in made
    assert document.properties == ("mathml",)
    assert [(each.code, each.line) for each in document.diagnostics] == [("math-invalid", 9)]


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
@pytest.mark.parametrize("element", ["code", "kbd", "samp", "pre"])
def test_a_formula_in_code_of_raw_html_is_code(dialect: DialectName, element: str) -> None:
    text = f"a <{element}>$x$ $$y$$ $a &lt; b$</{element}> and $z$"
    document = render_chapter(
        Chapter(text=text, path="a.md"), name="text/a.xhtml", settings=RenderSettings(dialect=dialect)
    )
    made = document.data.decode()
    assert f"<{element}>$x$ $$y$$ $a &lt; b$</{element}>" in made
    assert made.count("<math") == 1
