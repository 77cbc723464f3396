"""Lines of verse and large first letters."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from chapbook.passes.verse import place_drop_caps, set_verse
from support.counting import assert_linear
from support.pages import inner, page_of

LONG = "nce there was a harbour with a lamp at its end, and whoever lit it was paid in fish, and carried it home. " * 2


def verse(markup: str) -> str:
    page = page_of(markup)
    set_verse(page)
    return inner(page)


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('<p class="poem">One<br/>two</p>', '<p class="poem">[One]<br/>[two]</p>'),
        (
            '<div class="poem"><p>One<br/>\n  two<br/>\n    three<br/>\n            four</p></div>',
            '<div class="poem"><p>[One]<br/>[1:two]<br/>[2:three]<br/>[3:four]</p></div>',
        ),
        (  # what is indented as a whole is not
            '<div class="verse">\n    <p>One<br/>\n    two<br/>\n      three</p>\n</div>',
            '<div class="verse">    <p>[One]<br/>[two]<br/>[1:three]</p></div>',
        ),
        (
            '<blockquote class="poem">\n<p>\n    One<br/>\n    two</p></blockquote>',
            '<blockquote class="poem"><p>[One]<br/>[two]</p></blockquote>',
        ),
        (
            '<div class="poem"><p><span class="i2">One</span><br/>two <b>words</b></p></div>',
            '<div class="poem"><p><span class="i2 line">One</span><br/>[two <b>words</b>]</p></div>',
        ),
        (  # an element over two lines, and an empty line
            '<p class="poem">A <em id="x">b<br/>\n  c</em> d<br/><br/>e</p>',
            '<p class="poem">[A <em id="x">b</em>]<br/>[1:<em>c</em> d]<br/><br/>[e]</p>',
        ),
        ('<div class="poem">One<br/>two</div>', '<div class="poem">[One]<br/>[two]</div>'),
        ('<p class="poem">\xa0\xa0One line</p>', '<p class="poem">[\xa0\xa0One line]</p>'),
        ("<p>One<br/>two</p>", "<p>One<br/>two</p>"),
        (
            '<div class="poem"><ul><li>One<br/>two</li></ul></div>',
            '<div class="poem"><ul><li>One<br/>two</li></ul></div>',
        ),
    ],
)
def test_each_line_is_an_element(written: str, made: str) -> None:
    """In `made`, ``[1:words]`` is a line that is indented by one step."""
    expected = re.sub(r"\[(\d):", r'<span class="line i\1">', made).replace("[", '<span class="line">')
    assert verse(written) == expected.replace("]", "</span>")


def test_no_word_of_a_poem_is_lost() -> None:
    written = '<div class="poem"><p>a <a href="#x">b <i>c<br/>d</i> e</a> f<br/>g <img alt=""/> h</p>i<br/>j</div>'
    words = "".join(map(str, etree.fromstring(verse(written)).itertext()))
    assert "".join(words.split()) == "abcdefghij"


def test_long_poems_take_linear_time() -> None:
    def set_poem(lines: int) -> None:
        set_verse(page_of(f'<div class="poem"><p><em>{"line<br/>" * lines}</em></p></div>'))

    assert_linear(set_poem, 200, "chapbook")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"<p class='drop-cap'>O{LONG}</p>", True),
        (f"<p class='drop-cap'>“O{LONG}</p>", True),
        (f"<p class='drop-cap'><em>O{LONG}</em></p>", True),
        (f"<p class='drop-cap'>É{LONG}</p>", True),
        (f"<p><span class='drop-cap'>O</span>{LONG}</p>", True),
        (f"<p class='drop-cap'>1{LONG}</p>", False),
        (f"<p class='drop-cap'>— O{LONG}</p>", False),
        (f"<p class='drop-cap'>…{LONG[:0]}</p>", False),
        (f"<p class='drop-cap'><img alt='' src='a.png'/>O{LONG}</p>", False),
        ("<p class='drop-cap'>Once.</p>", False),
        ("<p class='drop-cap'>" + "海" * 60 + "</p>", True),
        (f"<p><span class='drop-cap'>7</span>{LONG}</p>", False),
    ],
)
def test_large_letters_stand_where_they_can(written: str, *, kept: bool) -> None:
    page = page_of(written)
    place_drop_caps(page)
    assert ("drop-cap" in inner(page)) is kept
    assert "class" in inner(page) or not kept


def test_other_classes_stay() -> None:
    page = page_of("<p class='left drop-cap'>Once.</p>")
    place_drop_caps(page)
    assert inner(page) == '<p class="left">Once.</p>'
