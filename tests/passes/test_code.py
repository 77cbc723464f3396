"""Highlighted code: the same text, in spans."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.markup.page import Known, Page, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.settings import DialectName
from chapbook.passes.code import highlight_code
from chapbook.rendering.document import render_chapter
from chapbook.source.positions import Locator
from support.counting import assert_constant


def page_of(body: etree._Element, direction: Literal["ltr", "rtl"] = "ltr") -> Page:
    return Page(
        chapter=Chapter(path="a.md"),
        settings=RenderSettings(language="ar" if direction == "rtl" else "en"),
        known=Known(),
        name="text/a.xhtml",
        body=body,
        locator=Locator(""),
    )


def block(text: str, class_: str) -> etree._Element:
    body = etree.Element("section")
    code = etree.SubElement(etree.SubElement(body, "pre"), "code")
    code.set("class", class_)
    code.text = text
    return body


def highlighted(text: str, class_: str) -> str:
    body = block(text, class_)
    highlight_code(page_of(body))
    return etree.tostring(body[0], encoding="unicode")


def test_python() -> None:
    assert highlighted("def f(x):\n    return x + 1  # sum\n", "language-python") == (
        '<pre class="highlight"><code class="language-python"><span class="k">def</span> '
        '<span class="nf">f</span><span class="p">(</span><span class="n">x</span><span class="p">):</span>\n    '
        '<span class="k">return</span> <span class="n">x</span> <span class="o">+</span> <span class="mi">1</span>  '
        '<span class="c1"># sum</span>\n</code></pre>'
    )


@pytest.mark.parametrize(
    ("class_", "language"),
    [
        ("language-py", "py"),
        ("lang-python", "python"),
        ("language-rust,ignore", "rust"),
        ("language-{.python", "python"),
        ("language-Python", "Python"),
        ("language-c++", "c++"),
        ("language-python:main.py", "python"),
    ],
)
def test_names_of_languages(class_: str, language: str) -> None:
    xml = highlighted("x = 1\n", class_)
    assert f'<code class="language-{language}">' in xml
    assert "<span" in xml


@pytest.mark.parametrize("class_", ["language-nonsense", "language-text", "", "poem", "language-"])
def test_unknown_languages_stay_plain(class_: str) -> None:
    body = block("x = <1>\n", class_)
    page = page_of(body)
    highlight_code(page)
    assert len(body[0][0]) == 0
    assert body[0].get("class") == "highlight"
    assert not page.diagnostics


def test_code_with_elements_and_other_preformatted_text_stays() -> None:
    body = etree.fromstring(
        '<section><pre>a <b>b</b></pre><pre><code class="language-py">x <b>=</b> 1</code></pre>'
        "<p><code>x = 1</code></p></section>"
    )
    highlight_code(page_of(body))
    assert body.findall(".//span") == []
    assert body[0].get("class") is None


def test_direction_in_a_right_to_left_book() -> None:
    body = etree.fromstring('<section><pre><code>x</code></pre><p><code>y</code><code dir="rtl">z</code></p></section>')
    highlight_code(page_of(body, "rtl"))
    assert [code.get("dir") for code in body.iter("pre", "code")] == ["ltr", "ltr", "ltr", "rtl"]
    assert len(body.findall("p/bdi/code")) == 2


def test_code_goes_by_the_passage_that_it_is_in() -> None:
    text = '<section><p dir="rtl">a <code>b</code> c <bdi><kbd>d</kbd></bdi></p><p><code>e</code></p></section>'
    body = etree.fromstring(text)
    highlight_code(page_of(body))
    shown = text.replace("<code>b</code>", '<bdi><code dir="ltr">b</code></bdi>').replace("<kbd>", '<kbd dir="ltr">')
    assert etree.tostring(body, encoding="unicode") == shown


def test_a_huge_block_stays_plain() -> None:
    assert "<span" not in highlighted("x = 1\n" * 20_000, "language-python")


def test_no_blank_spans_and_no_line_end_is_added() -> None:
    xml = highlighted("x = 1", "language-python")
    assert xml.endswith('<span class="mi">1</span></code></pre>')


LANGUAGES = (
    "python",
    "js",
    "html",
    "bash",
    "c++",
    "console",
    "json",
    "diff",
    "rust",
    "css",
    "yaml",
    "html+jinja",
    "tex",
    "pycon",
)


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=80),
    st.sampled_from(LANGUAGES),
)
def test_the_text_stays_letter_by_letter(text: str, language: str) -> None:
    body = block(text, f"language-{language}")
    before = "".join(body.itertext())
    highlight_code(page_of(body))
    assert "".join(body.itertext()) == before
    for span in body.iter("span"):
        assert span.text
        assert span.get("class")


@given(st.text(alphabet="{}<>\"'`#/*\\\n\t abc=()0", max_size=60), st.sampled_from(LANGUAGES))
def test_code_like_text_stays_letter_by_letter(text: str, language: str) -> None:
    body = block(text, f"language-{language}")
    before = "".join(body.itertext())
    highlight_code(page_of(body))
    highlight_code(page_of(body))
    assert "".join(body.itertext()) == before


def test_a_chapter_without_code_costs_nothing() -> None:
    assert_constant(
        lambda size: highlight_code(page_of(etree.fromstring("<section>" + "<p>words</p>" * size + "</section>"))), 500
    )


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
def test_both_dialects(dialect: DialectName) -> None:
    text = 'a\n\n```python\nx = "<b>"\n```\n\n    plain = 1\n\n`x = 1`\n'
    document = render_chapter(Chapter(text=text), name="text/a.xhtml", settings=RenderSettings(dialect=dialect))
    made = document.data.decode()
    assert '<code class="language-python"><span class="n">x</span> <span class="o">=</span>' in made
    assert '<pre class="highlight"><code>plain = 1\n</code></pre>' in made
    assert "<p><code>x = 1</code></p>" in made


def test_the_line_end_that_lexers_want_leaves_no_empty_run() -> None:
    body = block("$", "language-tex")
    highlight_code(page_of(body))
    assert [span.text for span in body.iter("span")] == ["$"]
