"""The content document as a whole: its frame, what is noted of it, deadlines, faults."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from lxml import etree
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from msgspec.structs import replace

from chapbook.markup.page import ContentDocument, RenderSettings
from chapbook.model.contents import CHAPTER_TYPES, Chapter
from chapbook.model.diagnostics import Position
from chapbook.model.metadata import Metadata
from chapbook.model.settings import ExtensionSpec
from chapbook.packaging.package import write_publication
from chapbook.packaging.publication import Resource
from chapbook.rendering.document import render_chapter
from support.counting import assert_linear
from support.pages import DIALECTS
from support.publications import publication

BOTH = pytest.mark.parametrize("settings", [RenderSettings(dialect=each) for each in DIALECTS], ids=DIALECTS)


CHAPTER = Chapter(path="one/a.md", title="Title")


def render(text: str, settings: RenderSettings | None = None, chapter: Chapter = CHAPTER) -> ContentDocument:
    given = replace(chapter, text=text)
    return render_chapter(given, name="text/one/a.xhtml", settings=settings or RenderSettings())


def test_the_frame() -> None:
    settings = RenderSettings(language="ar", stylesheets=("styles/theme.css", "styles/more.css"))
    document = render("text", settings, replace(CHAPTER, accent="darkslategray", type="preface"))
    assert document.data.decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        ' lang="ar" dir="rtl" xml:lang="ar"><head><meta charset="utf-8"/><title>Title</title>'
        '<link rel="stylesheet" type="text/css" href="../../styles/theme.css"/>'
        '<link rel="stylesheet" type="text/css" href="../../styles/more.css"/></head>\n'
        '<body class="preface">\n'
        '<section epub:type="preface" role="doc-preface" aria-labelledby="title" class="preface accent-2f4f4f">'
        '<header class="opening"><h1 class="title" id="title">Title</h1></header>'
        "<p>text</p></section>\n</body>\n</html>\n"
    )
    assert (document.accent, document.type) == ("#2f4f4f", "preface")


@pytest.mark.parametrize(
    ("own", "direction"),
    [("", None), ("en", None), ("he", "rtl"), ("fa-Latn", None)],
    ids=("book", "en", "he", "latin"),
)
def test_a_chapter_may_have_its_own_language(own: str, direction: str | None) -> None:
    root = etree.fromstring(render("text", RenderSettings(language="de"), chapter=replace(CHAPTER, language=own)).data)
    assert root.get("lang") == root.get("{http://www.w3.org/XML/1998/namespace}lang") == (own or "de")
    assert root.get("dir") == direction


def test_what_is_noted() -> None:
    text = 'One two. [l](b.md#c) ![i](p.png) $x$\n\n<svg viewBox="0 0 1 1"><title>t</title></svg>\n\n## Three {#own}\n'
    document = render(text)
    assert document.properties == ("mathml", "svg")
    assert document.described_math
    assert [each.written for each in document.links] == ["b.md#c"]
    assert [each.written for each in document.images] == ["p.png"]
    assert document.ids == {"title", "own"}
    assert document.words > 4
    assert pickle.loads(pickle.dumps(document)) == document


def test_a_wrong_accent_is_said_and_does_not_ship() -> None:
    document = render("text", chapter=replace(CHAPTER, accent="red;}", positions={"c": Position(4, 4)}))
    assert document.accent == ""
    assert b"accent" not in document.data
    assert [(each.code, each.line) for each in document.diagnostics] == [("accent-invalid", 4)]


@BOTH
def test_the_same_bytes_each_time_and_in_any_process(settings: RenderSettings) -> None:
    text = "# A\n\n[^1] $x$ *b* <b>c</b> [d](e.md)\n\n[^1]: note\n"
    first = render(text, settings)
    assert render(text, settings) == first
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert pool.submit(render, text, settings).result() == first


def test_a_part_opening() -> None:
    document = render("text", RenderSettings(kind="part"))
    assert document.type == "part"
    assert b'epub:type="part" role="doc-part"' in document.data


@BOTH
def test_empty_elements_are_written_for_every_parser(settings: RenderSettings) -> None:
    data = render('a<br>b<span id="x"></span>\n\n<p class="y"></p>\n\n---\n\n![](q.png)\n', settings).data
    assert b'<span id="x"></span>' in data
    assert b'<p class="y"></p>' in data
    assert b"<hr/>" in data
    assert b"<br/>" in data
    assert data.count(b"xmlns") == 2


def test_punctuation_is_set_in_text_title_and_contents_alone() -> None:
    text = '"a" `"b"` ["c"](d.md "\\"e\\"")\n\n## "f"\n'
    document = render(text, chapter=replace(CHAPTER, title='"T"'))
    assert document.title == "“T”"
    assert [each.text for each in document.headings] == ["“f”"]
    data = document.data.decode()
    assert "<title>“T”</title>" in data
    assert "“a”" in data
    assert '<code>"b"</code>' in data
    assert render(text, RenderSettings(smart=False), replace(CHAPTER, title='"T"')).title == '"T"'


def test_every_type_of_chapter_is_valid(tmp_path: Path, assert_valid: Callable[[Path], None]) -> None:
    documents = [
        render_chapter(
            CHAPTER.replace(title=kind, text="Text[^1] with $x$.\n\n## H\n\n[^1]: Note.\n", type=kind, heading="Label"),
            name=f"text/{kind}.xhtml",
            settings=RenderSettings(level=2),
        )
        for kind in CHAPTER_TYPES
    ]
    chapters = tuple(
        Resource(name=each.name, media_type="application/xhtml+xml", data=each.data, properties=each.properties)
        for each in documents
    )
    path = tmp_path / "book.epub"
    with path.open("wb") as file:
        write_publication(publication(Metadata(title="Types", language="en"), chapters), file)
    assert_valid(path)


def test_nesting_beyond_the_dialect_is_read_all_the_same() -> None:
    for text in ("".join("    " * depth + "- a\n" for depth in range(300)) + "\nlast", "- " * 2_000 + "last"):
        document = render(text)
        assert {each.code for each in document.diagnostics} == {"nesting-deep"}
        assert all(each.line for each in document.diagnostics)
        assert b"last" in document.data


class Failing(Extension):
    """Fails in each text."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.preprocessors.register(_Broken(md), "broken", 100)


class _Broken(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        raise KeyError(lines[0])


def test_a_failing_extension_is_named_with_the_chapter() -> None:
    settings = RenderSettings(extensions=(ExtensionSpec(extension=Failing()),))
    (said,) = render("text", settings).diagnostics
    assert (said.code, said.path) == ("extension-failed", "one/a.md")
    assert "Failing" in said.message


def test_a_fault_of_ours_stops_one_chapter_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_page: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("chapbook.passes.footnotes.place_notes", broken)
    (said,) = render("text").diagnostics
    assert (said.code, said.path, said.line) == ("render-failed", "one/a.md", 1)
    assert "one/a.md" in said.message
    assert "secret" not in said.message
    assert "Traceback" not in str(said)


@BOTH
def test_each_fault_of_raw_markup_is_told_once_where_it_stands(settings: RenderSettings) -> None:
    text = (
        "Good <math><mi>x</mi></math> and\nbad <math><mfrac><mn>1</mn></mfrac></math>.\n\n"
        "![words](javascript:x) and ![none]()\n"
    )
    document = render(text, settings)
    told = [(each.code, each.line, each.column) for each in document.diagnostics]
    assert told == [("math-invalid", 2, 5), ("markup-removed", 4, 1), ("image-missing", 4, 28)]
    assert b"words</span> and" in document.data
    assert b"chapbook-lost" not in document.data


def test_damage_in_the_front_matter_is_told_where_it_stands() -> None:
    chapter = Chapter(title="Donâ€™t", text="fine", path="a.md", positions={"title": Position(2, 8)})
    (found,) = render_chapter(chapter, name="text/a.xhtml", settings=RenderSettings()).diagnostics
    assert (found.code, found.path, found.line, found.column) == ("encoding-damage", "a.md", 2, 8)


@pytest.mark.parametrize(
    "piece",
    [
        "## Heading {}\n\ntext\n\n",
        "a[^{0}]\n\n[^{0}]: b\n\n",
        "> a[^{0}]\n>\n> [^{0}]: b\n>\n",
        "![a]({}.png)\n\n",
        "[a]({}.md)<br>\n\n",
    ],
)
def test_a_chapter_of_many_pieces_takes_no_square(piece: str) -> None:
    settings = RenderSettings(dialect="commonmark", render_seconds=float("inf"))
    assert_linear(lambda size: render("".join(map(piece.format, range(size))), settings), 100)
