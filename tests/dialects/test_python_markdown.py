"""``dialect: markdown`` shows what Python-Markdown itself shows, with the extensions that chapbook promises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagInlineProcessor

from chapbook.model.settings import ExtensionSpec
from dialects.comparing import render, shown_by_browser, shown_in_document
from dialects.differences import PYTHON_MARKDOWN

EXTENSIONS = [
    *(f"markdown.extensions.{name}" for name in ("tables", "fenced_code", "footnotes", "def_list", "abbr")),
    *(f"markdown.extensions.{name}" for name in ("attr_list", "md_in_html", "sane_lists")),
    "pymdownx.tilde",
    "pymdownx.tasklist",
]
OPTIONS: dict[str, dict[str, object]] = {"pymdownx.tilde": {"subscript": False}}


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


class Shouting(Extension):
    """An extension of the author's own, as an object from Python: ``!!word!!`` is strong."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Called once for each instance of Markdown."""
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(!!)(.+?)!!", "strong"), "shouting", 70)


@pytest.mark.parametrize(
    ("extension", "options", "text"),
    [
        ("nl2br", {}, "one\ntwo"),
        ("markdown.extensions.nl2br", {}, "one\ntwo"),
        ("legacy_em", {}, "_one_two_"),
        ("wikilinks", {"base_url": "/w/", "end_url": ".html"}, "[[Some Page]]"),
        ("toc", {"title": "Contents"}, "[TOC]\n\n## One\n\n## Two"),
        ("meta", {}, "Key: value\n\none"),
        ("pymdownx.mark", {}, "==one== two"),
        ("pymdownx.caret", {}, "one^2^ ^^two^^"),
        ("pymdownx.tilde", {}, "H~2~O ~~one~~"),
        ("pymdownx.tilde", {"subscript": False}, "H~2~O ~~one~~"),
        ("pymdownx.keys", {}, "++ctrl+a++"),
        ("pymdownx.critic", {"mode": "accept"}, "{++one++} {--two--}"),
        ("pymdownx.smartsymbols", {}, "(c) --> 1/2"),
        ("pymdownx.magiclink", {}, "see https://example.org/a"),
        ("pymdownx.betterem", {"smart_enable": "all"}, "*one*two* __three__four__"),
        ("pymdownx.details", {}, "??? note\n    one"),
        ("pymdownx.superfences", {}, "- one\n\n    ```\n    two\n    ```\n"),
        ("pymdownx.fancylists", {}, "a. one\nb. two"),
        ("pymdownx.saneheaders", {}, "##one\n\n## two"),
        (Shouting(), {}, "one !!two!! three"),
    ],
    ids=lambda value: str(value).partition(" object")[0],
)  # fmt: skip
def test_an_extension_does_what_it_does_in_python_markdown(
    extension: str | Extension, options: dict[str, object], text: str
) -> None:
    others = [each for each in EXTENSIONS if each != extension]
    named = {extension: options} if isinstance(extension, str) else {}
    made = Markdown(extensions=[*others, extension], extension_configs={**OPTIONS, **named}, output_format="html")
    plainly = made.convert(text)
    document = render(text, "markdown", extensions=(ExtensionSpec(extension=extension, options=options),))
    assert shown_in_document(document) == shown_by_browser(plainly)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pymdownx.snippets", "extension-refused"),
        ("pymdownx.b64", "extension-refused"),
        ("pymdownx.pathconverter", "extension-refused"),
        ("os", "extension-refused"),
        ("markdown.extensions.nowhere", "extension-missing"),
        ("pymdownx.nowhere", "extension-missing"),
    ],
)
def test_a_refused_or_missing_extension_is_an_error(name: str, code: str) -> None:
    document = render("one", "markdown", extensions=(ExtensionSpec(extension=name),))
    assert not document.data
    assert [each.code for each in document.diagnostics] == [code]


def test_the_other_dialect_takes_no_extensions() -> None:
    spec = ExtensionSpec(extension="nl2br")
    assert render("one\ntwo", "commonmark", extensions=(spec,)).data == render("one\ntwo", "commonmark").data


def test_what_an_extension_makes_and_no_book_holds_is_not_laid_at_the_author_s_door() -> None:
    tabs = ExtensionSpec(extension="pymdownx.tabbed", options={"alternate_style": True})
    document = render('=== "One"\n\n    a\n\n=== "Two"\n\n    b\n', "markdown", extensions=(tabs,))
    assert {(each.line, each.hint) for each in document.diagnostics} == {
        (None, "Markdown or one of its extensions made it; its words stay")
    }
    assert ">One Two<" in document.data.decode()
