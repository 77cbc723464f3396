"""Lines and columns of what messages are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.diagnostics import Position
from chapbook.source.positions import Locator
from support.counting import assert_constant, assert_linear

TEXT = """\
Größe [a](x.md "t") and [b][r] and ![i](p%20q.png).

`[code](x.md)` then [again](x.md) <a href="y.md">raw</a>

A note[^n] and [^missing].

[^n]: Words of the note.

## Heading

```
<script>
[^n]
```

<div onclick="x">
<script>1</script>
</div>

$x^2$ and <!-- <b> --> words that
go on {#own} <p id="own">

[r]: z.md
"""


@pytest.fixture
def locator() -> Locator:
    return Locator(TEXT, first_line=11)


def at(word: str, nth: int = 0) -> Position:
    """Where `word` stands in TEXT, by counting."""
    index = -1
    for _ in range(nth + 1):
        index = TEXT.index(word, index + 1)
    return Position(11 + TEXT.count("\n", 0, index), index - TEXT.rfind("\n", 0, index))


def test_links(locator: Locator) -> None:
    assert locator.link("x.md") == at("[a](x.md")
    assert locator.link("x.md", 1) == at("[again](x.md)")
    assert locator.link("y.md") == at("<a href")
    assert locator.link("z.md") == at("[b][r]")


def test_pictures(locator: Locator) -> None:
    assert locator.image("p%20q.png") == at("![i]")
    assert locator.image("p q.png") == at("![i]")


def test_notes(locator: Locator) -> None:
    assert locator.note_reference("n") == at("[^n]")
    assert locator.note_reference("missing") == at("[^missing]")
    assert locator.note_definition("n") == at("[^n]", 1)


def test_raw_html_outside_code(locator: Locator) -> None:
    assert locator.element("script") == at("<script>", 1)
    assert locator.element("SCRIPT", 5) == at("<script>", 1)
    assert locator.attribute("onclick") == at("onclick")


def test_the_rest(locator: Locator) -> None:
    assert locator.heading() == at("## Heading")
    assert locator.formula("x^2") == at("$x^2$")
    assert locator.text("words that go on") == at("words that")
    assert locator.identifier("own", 1) == at('id="own"')
    assert locator.identifier("own") == at("{#own")
    assert locator.offset(0) == Position(11, 1)


def test_what_is_not_there_is_at_the_first_line(locator: Locator) -> None:
    first = Position(11, 1)
    found = (
        locator.link("nowhere"),
        locator.image("nowhere"),
        locator.note_reference("nowhere"),
        locator.note_definition("nowhere"),
        locator.element("nowhere"),
        locator.attribute("nowhere"),
        locator.formula("nowhere"),
        locator.text("nowhere"),
        locator.text(""),
        Locator("", 11).heading(),
    )
    assert set(found) == {first}


def test_a_target_that_only_the_other_dialect_sees_is_found_as_it_was_written() -> None:
    locator = Locator("First.\n\nA [link](Ä b.md), ![picture](Ä c.png) and [more](Ä b.md).\n")
    assert locator.link("%C3%84%20b.md") == Position(3, 10)
    assert locator.link("%C3%84%20b.md", 1) == Position(3, 50)
    assert locator.image("%C3%84%20c.png") == Position(3, 30)


def test_a_picture_without_a_target_is_found_by_its_tag() -> None:
    assert Locator("First.\n\nA `<img>` and <img alt='x'>.\n").image("") == Position(3, 15)


def test_nothing_is_parsed_before_it_is_asked() -> None:
    assert_constant(lambda size: Locator("[a](b)\n" * size), 100)


def test_many_questions_take_no_square() -> None:
    def ask(size: int) -> None:
        locator = Locator("[a](b) <x> [^n]\n" * size)
        for nth in range(size):
            assert locator.link("b", nth).line == nth + 1
            assert locator.element("x", nth).line == nth + 1
            assert locator.note_reference("n", nth).line == nth + 1

    assert_linear(ask, 100)


@given(st.text(alphabet="aé漢\n\r\u2028 []()^`<>$\ud800", max_size=60), st.integers(1, 50))
def test_every_answer_lies_within_the_text(text: str, first: int) -> None:
    locator = Locator(text, first)
    lines = text.split("\n")
    found = (
        locator.link("a"),
        locator.note_reference("a"),
        locator.element("a"),
        locator.heading(),
        locator.text("a"),
        locator.offset(len(text)),
    )
    for each in found:
        assert first <= each.line < first + len(lines)
        assert 1 <= each.column <= len(lines[each.line - first]) + 1
