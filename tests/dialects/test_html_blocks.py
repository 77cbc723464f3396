"""Raw HTML that leaves out what HTML lets it leave out, and texts that it leaves without paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.dialects.mended_blocks import close_paragraphs
from chapbook.markup.page import RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.settings import DialectName
from chapbook.rendering.document import render_chapter
from support.pages import DIALECTS


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("<p>a\n\n## b\n", "<p>a</p>\n\n## b\n"),
        ("<p>a\n<p>b\n\nc", "<p>a</p>\n<p>b</p>\n\nc"),
        ("a\n \t\n<P class='x'>b", "a\n \t\n<P class='x'>b</p>"),
        ("<p>a\n\n<p>b</p>", "<p>a</p>\n\n<p>b</p>"),
        ("<p>a\n\nb</p>\n\nc", None),
        ("<p>a</p>\n\nb", None),
        ("<pre>a\n\nb", None),
        ("a <p>b\n", None),
        ("a\n<p>b\n", None),
        ("<div>\n<p>a\n\nb\n</div>", None),
    ],
)
def test_a_paragraph_without_an_end_tag(text: str, closed: str | None) -> None:
    assert close_paragraphs(text) == (text if closed is None else closed)


@given(st.text(alphabet="<p>/ab\n ", max_size=80))
def test_nothing_but_end_tags_is_added(text: str) -> None:
    assert close_paragraphs(text).replace("</p>", "") == text.replace("</p>", "")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_markdown_goes_on_after_an_open_paragraph(dialect: DialectName) -> None:
    assert body("<p>One.\n\n## Two\n\n*Three*.\n", dialect) == (
        '<p>One.</p><h2 id="two">Two</h2><p><em>Three</em>.</p>'
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_texts_with_empty_lines_between_them_are_paragraphs(dialect: DialectName) -> None:
    text = "<object>One</object>\n\n<object>Two</object>\n\n<p>Three</p>\n"
    assert body(text, dialect) == "<p>One</p><p>Two</p><p>Three</p>"
    assert body("<textarea>\nOne\n\nTwo\n\n</textarea>\n", dialect) == "<p>One</p><p>Two</p>"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_words_of_a_form_stand_apart_as_it_did(dialect: DialectName) -> None:
    text = "<p>One</p>\n<form><label>Two</label></form>\n<p>Three</p>\n"
    assert body(text, dialect) == "<p>One</p><div>Two</div><p>Three</p>"


def test_anchors_and_line_breaks_between_texts_are_no_paragraphs() -> None:
    text = '<object>One</object>\n\n<div>Two</div>\n<a id="here"></a><br>\n\n<div>Three</div>\n'
    assert body(text, "commonmark") == '<p>One</p><div>Two</div><a id="here"></a><br/><div>Three</div>'


def body(text: str, dialect: DialectName) -> str:
    chapter = Chapter(title="T", text=text)
    data = render_chapter(chapter, name="text/a.xhtml", settings=RenderSettings(dialect=dialect)).data.decode()
    return data.partition("</header>")[2].partition("</section>")[0].replace("\n", "")


def test_what_is_no_reference_moves_nothing() -> None:
    text = "A &# b.\n\n&amp;c\n\n<svg><foreignObject><p>one</p></foreignObject></svg>\n\n<a href='b.md'>two</a> `&#`\n"
    shown = body(text, "markdown")
    assert "<p>A &amp;# b.</p>" in shown
    assert "<p> one</p>" in shown
    assert shown.endswith(">two</a> <code>&amp;#</code></p>")


def test_what_is_no_reference_stays_in_blocks_and_attributes() -> None:
    text = '<div title="&#" markdown="1">\n*one* &#x; two\n</div>\n\n<div>&#zz;</div>\n'
    assert body(text, "markdown") == ('<div title="&amp;#"><p><em>one</em> &amp;#x; two</p></div><div>&amp;#zz;</div>')
