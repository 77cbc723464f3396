"""Numbers of formulas, of their rows, and references to them."""

import pytest
from lxml import etree

from chapbook.markup.page import ContentDocument, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.settings import DialectName
from chapbook.passes.mathml import MATHML
from chapbook.rendering.document import render_chapter

XHTML = "{http://www.w3.org/1999/xhtml}"
M = f"{{{MATHML}}}"
BOTH = pytest.mark.parametrize("dialect", ["markdown", "commonmark"])


def rendered(text: str, dialect: DialectName = "markdown", syntax: tuple[str, ...] = ()) -> ContentDocument:
    settings = RenderSettings(dialect=dialect, syntax=syntax)
    return render_chapter(Chapter(path="a.md", title="A", text=text), name="text/a.xhtml", settings=settings)


def numbers(document: ContentDocument) -> list[tuple[str | None, str]]:
    """Of every row of a table of numbers its id, and what stands in its last cell."""
    root = etree.fromstring(document.data)
    rows = [row for table in root.iter(f"{M}mtable") if table.get("class") == "numbered" for row in table]
    return [(row.get("id"), "".join(map(str, row[-1].itertext()))) for row in rows]


def links(document: ContentDocument) -> list[tuple[str, str]]:
    root = etree.fromstring(document.data)
    return [(each.get("href", ""), each.text or "") for each in root.iter(f"{XHTML}a")]


@BOTH
def test_a_tag_stands_at_the_end_of_its_row_and_is_referred_to(dialect: DialectName) -> None:
    document = rendered(
        "$$\nE = mc^2 \\tag{7} \\label{eq:mass}\n$$\n\nBy \\eqref{eq:mass}, and \\ref{eq:mass}.\n", dialect
    )
    assert numbers(document) == [("eq-mass", "(7)")]
    assert links(document) == [("#eq-mass", "(7)"), ("#eq-mass", "7")]
    assert document.diagnostics == ()
    assert document.numbered == {"eq-mass": "Equation\N{NO-BREAK SPACE}7"}


def test_what_has_a_label_is_counted_and_passes_over_the_tags_of_the_chapter() -> None:
    text = r"""
$$a \label{one}$$

$$b \tag{2}$$

$$\begin{align} c &= d \label{two} \\ e &= f \\ g &= h \tag*{H} \label{h} \end{align}$$

From \eqref{one}, \eqref{two} and \eqref{h}.
"""
    document = rendered(text)
    assert numbers(document) == [("eq-one", "(1)"), (None, "(2)"), ("eq-two", "(3)"), (None, ""), ("eq-h", "H")]
    assert links(document) == [("#eq-one", "(1)"), ("#eq-two", "(3)"), ("#eq-h", "H")]


def test_a_reference_may_come_first_and_stand_in_a_formula() -> None:
    text = r"""
See $\eqref{b}$ and $x \overset{\eqref{b}}{=} y \text{ by \ref{b}}$.

$$\begin{equation}\label{b} \begin{aligned} a &= b \\ &= c \end{aligned} \end{equation}$$
"""
    document = rendered(text)
    assert links(document) == [("#eq-b", "(1)")]
    assert numbers(document) == [("eq-b", "(1)")]
    words = [each.text for each in etree.fromstring(document.data).iter(f"{M}mtext")]
    assert words == ["(1)", "\u00a0by 1", "(1)"]
    assert document.diagnostics == ()


def test_what_no_formula_is_called_is_named_where_it_stands() -> None:
    document = rendered("$a \\eqref{no}$\n\n$$b \\label{b}$$\n")
    assert [(each.code, each.line) for each in document.diagnostics] == [("link-target-missing", 1)]
    assert "(no)" in document.data.decode()


def test_a_reference_in_code_and_one_to_no_formula_stay_text() -> None:
    document = rendered("`\\eqref{a}` and \\ref{fig:a}.\n\n$$a \\label{a}$$\n")
    assert links(document) == []
    assert "\\ref{fig:a}" in document.data.decode()


@BOTH
def test_an_id_after_a_formula_numbers_it(dialect: DialectName) -> None:
    document = rendered("$$x$$ {#eq-x}\n\n$$y$$ {#y}\n\nBy @eq-x.\n", dialect, ("quarto",))
    assert numbers(document) == [("eq-x", "(1)")]
    assert links(document) == [("#eq-x", "Equation\N{NO-BREAK SPACE}1")]
    assert b'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block" alttext="y" id="y">' in document.data


def test_a_tag_within_a_line_stays_in_it() -> None:
    document = rendered("$x \\tag{1} \\label{x}$\n")
    assert numbers(document) == []
    assert b"<mtext>(1)</mtext>" in document.data
