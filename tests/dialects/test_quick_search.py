"""What chapbook's quicker search for markup finds in the ``markdown`` dialect: all that Python-Markdown's own finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import DelimiterProcessor, SimpleTagInlineProcessor
from markdown.treeprocessors import InlineProcessor

from chapbook.dialects.python_markdown import make_markdown
from chapbook.dialects.quick_search import QuickInline
from chapbook.model.settings import ExtensionSpec
from dialects.strategies import any_text, harsh_text, marked_text
from dialects.test_python_markdown import EXAMPLES

_HERE = Path(__file__).parent
TEXTS = [
    *(each.text for each in EXAMPLES),
    *(row["markdown"] for row in json.loads((_HERE / "commonmark-0.31.2.json").read_text(encoding="utf-8"))),
]


class Shouting(Extension):
    """Signs that chapbook knows nothing of."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(!!)(.+?)!!", "strong"), "shouting", 70)
        md.inlinePatterns.register(DelimiterProcessor("+", "ins,mark", md), "inserted", 61)


def made(*, quick: bool, extension: Extension | None = None) -> Markdown:
    """An instance as chapbook has it, or one that asks every pattern and processor as Python-Markdown does."""
    markdown = make_markdown((ExtensionSpec(extension=extension, trusted=True),) if extension else ())
    assert isinstance(markdown.treeprocessors["inline"], QuickInline)
    if not quick:
        markdown.treeprocessors.register(InlineProcessor(markdown), "inline", 20)
        for processor in markdown.parser.blockprocessors:
            vars(processor).pop("test", None)
    return markdown


@pytest.fixture(scope="module", params=[None, Shouting()], ids=["plain", "with an extension"])
def pair(request: pytest.FixtureRequest) -> tuple[Markdown, Markdown]:
    return made(quick=True, extension=request.param), made(quick=False, extension=request.param)


def test_the_loop_that_is_replaced_has_its_name_still() -> None:
    assert hasattr(InlineProcessor, "_InlineProcessor__handleInline")
    assert hasattr(InlineProcessor, "_InlineProcessor__applyPattern")


def test_all_examples(pair: tuple[Markdown, Markdown]) -> None:
    quick, slow = pair
    assert len(TEXTS) > 800
    for text in TEXTS:
        assert quick.reset().convert(text) == slow.reset().convert(text), text


@pytest.mark.parametrize("text", ["!!a!! and ++b+", "*a !!b!!* +c+ `!!d!!`", "plain words", "a  \nb\\*c"])
def test_what_an_extension_adds(text: str) -> None:
    quick, slow = made(quick=True, extension=Shouting()), made(quick=False, extension=Shouting())
    assert quick.convert(text) == slow.convert(text)


PLAIN = made(quick=True), made(quick=False)


@given(st.one_of(marked_text.map(lambda marked: marked.text), harsh_text, any_text))
def test_any_text(text: str) -> None:
    quick, slow = PLAIN
    try:
        expected = slow.reset().convert(text)
    except RecursionError:
        return
    assert quick.reset().convert(text) == expected
