"""``dialect: markdown`` shows what Python-Markdown itself shows, with the extensions that chapbook promises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown import Markdown

from dialects.comparing import render, shown_by_browser, shown_in_document
from dialects.differences import PYTHON_MARKDOWN

EXTENSIONS = [
    *(f"markdown.extensions.{name}" for name in ("tables", "fenced_code", "footnotes", "def_list", "abbr")),
    *(f"markdown.extensions.{name}" for name in ("attr_list", "md_in_html", "sane_lists")),
    "pymdownx.tilde",
    "pymdownx.tasklist",
]
OPTIONS = {"pymdownx.tilde": {"subscript": False}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text, and what it shows."""

    name: str
    text: str


def read_examples() -> list[Example]:
    """Each begins at a line ``%% name``."""
    content = (Path(__file__).parent / "python_markdown.txt").read_text(encoding="utf-8")
    parts = re.split(r"^%% (.+)\n", content, flags=re.MULTILINE)[1:]
    return [Example(name=name, text=text) for name, text in zip(parts[::2], parts[1::2], strict=True)]


def plain(text: str) -> str:
    """What Python-Markdown makes of `text` by itself."""
    return Markdown(extensions=EXTENSIONS, extension_configs=OPTIONS, output_format="html").convert(text)


EXAMPLES = read_examples()


def test_there_are_examples_enough_and_each_once() -> None:
    assert len(EXAMPLES) == len({each.name for each in EXAMPLES}) >= 150
    assert set(PYTHON_MARKDOWN) <= {each.name for each in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name.replace(" ", "-"))
def test_an_example(example: Example) -> None:
    document = render(example.text, "markdown")
    assert document.data, document.diagnostics
    ours, theirs = shown_in_document(document), shown_by_browser(plain(example.text))
    row = PYTHON_MARKDOWN.get(example.name)
    if row is None:
        assert ours == theirs
    else:
        assert ours != theirs, f"no longer differs: {row.why}"
        assert (ours.words != theirs.words) is row.words
