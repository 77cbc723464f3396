"""Chapters of HTML and XHTML: nothing of Markdown is read in them, and everything else holds as for others."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from chapbook import Book, ChapbookError, Chapter, Part
from chapbook.dialects.html import render_html
from chapbook.markup.page import RenderSettings
from chapbook.rendering.document import render_chapter
from support.counting import assert_linear

XHTML = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">{}</html>'


def written(book: Book, path: Path) -> dict[str, str]:
    """The bodies of the documents of `book`, by their names."""
    assert book.write(path).ok
    with zipfile.ZipFile(path) as archive:
        names = [each for each in archive.namelist() if each.startswith("EPUB/text/")]
        return {
            each.removeprefix("EPUB/text/"): archive.read(each).decode().partition("<body")[2].partition("\n")[2]
            for each in names
        }


def book_of(*chapters: Chapter | Part) -> Book:
    book = Book(title="A Book", authors=["Ann Author"])
    book.add(*chapters)
    return book


@pytest.mark.parametrize("book_dialect", ["markdown", "commonmark"])
def test_nothing_of_markdown_is_read(book_dialect: str, tmp_path: Path) -> None:
    text = (
        '<p>*a* "b" -- it\'s $x$ [^1] ^[n] {{< x >}} [TOC] https://a.it :note: ==m==</p><p>***</p><p>#</p>'
        "<p># no heading</p><blockquote><p>[!NOTE] words</p></blockquote><pre>    code</pre>"
    )
    book = book_of(Chapter(title="One", dialect="html", text=text))
    book.dialect = book_dialect  # type: ignore[assignment]
    book.extensions.append("toc")
    book.syntax.append("obsidian")
    made = written(book, tmp_path / "a.epub")["one.xhtml"]
    kept = text.replace("{{< x >}}", "{{&lt; x &gt;}}").replace("<pre>", "<pre>")
    assert made.partition("</header>")[2].partition("</section>")[0] == kept
    assert not any(each.code == "syntax-unread" for each in book.check().diagnostics)


def test_other_chapters_keep_the_book_s_dialect(tmp_path: Path) -> None:
    book = book_of(
        Chapter(title="One", dialect="html", text="<p>*a*</p>"),
        Chapter(title="Two", text="*a*"),
        Chapter(title="Three", dialect="commonmark", text="a  \nb"),
    )
    made = written(book, tmp_path / "a.epub")
    assert "<p>*a*</p>" in made["one.xhtml"]
    assert "<em>a</em>" in made["two.xhtml"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('<p>a<a id="x"/>b</p>', '<p>a<a id="x"></a>b</p>'),
        ("<p>a<br>b", "<p>a<br>b"),
        ("<p>&nbsp;&eacute;&lt;&amp;</p>", "<p>\xa0é&lt;&amp;</p>"),
        ("<p>&unknown;</p>", "<p>&unknown;</p>"),
        ('\ufeff<?xml version="1.0" encoding="utf-16"?>\n<!DOCTYPE html [<!ENTITY e "x">]>\n<p>a</p>', "\n<p>a</p>"),
        ("<!-- c --><p>a<!-- d --></p><?pi x?>", "<p>a</p>"),
        ("<p><![CDATA[a < b]]></p>", "<p>a &lt; b</p>"),
        (
            '<p xmlns:s="http://www.w3.org/2000/svg"><s:svg viewBox="0 0 1 1"><s:g/></s:svg></p>',
            '<p><svg viewBox="0 0 1 1"><g></g></svg></p>',
        ),
        (
            XHTML.format(
                '<head><title>A\n  T</title></head><body class="c" onload="x()"><p epub:type="tip">a</p></body>'
            ),
            '<section class="c" title="A T"><p epub:type="tip">a</p></section>',
        ),
        (XHTML.format("<body><p>a</p></body>"), "<p>a</p>"),
        ("<!doctype html><title>T</title><meta charset=utf-8><p>a<p>b", '<section title="T"><p>a<p>b</section>'),
        ("<html><head><title>T</title></head><body><p>a<br></body></html>", '<section title="T"><p>a<br></section>'),
        ("<html><body lang=de><p>a<br></body>b</html>", "<section lang=de><p>a<br>b</section>"),
        ("", ""),
    ],
)
def test_what_the_dialect_makes_of_a_text(text: str, html: str) -> None:
    assert render_html(text) == html


def test_an_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    text = f'<!DOCTYPE html [<!ENTITY e SYSTEM "{secret.as_uri()}">]><html xmlns="http://www.w3.org/1999/xhtml"><body><p>&e;</p></body></html>'
    made = written(book_of(Chapter(title="One", dialect="html", text=text)), tmp_path / "a.epub")
    assert "hidden" not in made["one.xhtml"]


def test_the_title_is_the_chapter_s_the_heading_s_or_the_document_s(tmp_path: Path) -> None:
    def title(chapter: Chapter) -> tuple[str, str]:
        path = tmp_path / "a.epub"
        (body,) = written(book_of(chapter), path).values()
        with zipfile.ZipFile(path) as archive:
            listed = re.search(r'<li><a href="text/[^"]*">(.*?)</a>', archive.read("EPUB/nav.xhtml").decode())
        assert listed
        return listed[1], body.partition("</section>")[0].partition(">")[2]

    whole = "<html><head><title>Of the document</title></head><body>{}</body></html>"
    html = Chapter(dialect="html")
    assert title(replace(html, title="Given", text="<p>a</p>")) == (
        "Given",
        '<header class="opening"><h1 class="title" id="given">Given</h1></header><p>a</p>',
    )
    assert title(replace(html, title="Given", text="<div><h2>Given</h2></div>")) == (
        "Given",
        '<div><h1 id="given">Given</h1></div>',
    )
    assert title(replace(html, text=whole.format("<p>b</p><h1>Heading</h1>")))[0] == "Heading"
    assert title(replace(html, text=whole.format("<p>b</p>")))[0] == "Of the document"
    assert title(replace(html, path="two/the-way.html", text="<p>b</p>"))[0] == "The way"
    hidden = replace(html, title="Given", show_title=False, text="<h2>Heading</h2><h3>Sub</h3>")
    assert title(hidden) == ("Given", '<h1 id="heading">Heading</h1><h2 id="sub">Sub</h2>')
    assert title(replace(hidden, text="<p>a</p>")) == ("Given", "<p>a</p>")
    assert title(Chapter(title="Given", show_title=False, text="# Given\n\na"))[1].strip() == "<p>a</p>"


def test_a_chapter_that_the_contents_do_not_list(tmp_path: Path) -> None:
    inner = Part(opening=Chapter(title="Part", in_toc=False), contents=(Chapter(title="In it", text="c"),))
    book = book_of(Chapter(title="One", text="a"), Chapter(title="Hidden", text="b", in_toc=False), inner)
    assert book.write(tmp_path / "a.epub").ok
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        contents = re.findall(r'<li><a href="text/[^"]*">(.*?)</a>', archive.read("EPUB/nav.xhtml").decode())
    assert contents == ["One", "In it"]
    alone = book_of(Chapter(title="Hidden", text="b", in_toc=False))
    assert alone.write(tmp_path / "b.epub").ok


def test_html_goes_through_the_same_checks(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    text = XHTML.format(
        '<head><title>T</title><script>x()</script></head><body class="body"><section epub:type="preface" id="s" '
        'class="own"><h2>One</h2><p onclick="x()">a<a epub:type="noteref" role="doc-noteref" id="r" href="#n">1</a> '
        '<a href="two.xhtml#p">to two</a> <a href="two.html">gone</a> <a href="javascript:x()">js</a></p>'
        '<aside epub:type="footnote" role="doc-footnote" id="n"><p>Note <a role="doc-backlink" href="#r">back</a></p>'
        '</aside><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math><img src="no.png" alt="words"/>'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>t</title><rect width="1" height="1"/></svg>'
        "</section></body>"
    )
    book = book_of(
        Chapter(path="text/one.xhtml", dialect="html", text=text),
        Chapter(path="text/two.xhtml", dialect="html", text='<h1>Two</h1><p id="p"><a href="one.xhtml#s">b</a></p>'),
    )
    made = written(book, tmp_path / "a.epub")
    assert_clean(tmp_path / "a.epub")
    one = made["one.xhtml"]
    assert 'class="preface body own" id="s"' in one
    assert '<a epub:type="noteref" role="doc-noteref" id="r" href="#n">1</a>' in one
    assert '<aside epub:type="footnote" role="doc-footnote" id="n">' in one
    assert '<a href="two.xhtml#p">to two</a> gone js' in one
    assert "<mi>x</mi>" in one
    assert "<rect" in one
    assert '<a href="one.xhtml#s">b</a>' in made["two.xhtml"]
    said = [(each.code, each.path, each.line) for each in book.check().diagnostics]
    assert sorted(said, key=str) == [
        ("image-missing", "text/one.xhtml", 1),
        ("link-scheme", "text/one.xhtml", 1),
        ("link-target-missing", "text/one.xhtml", 1),
        ("markup-removed", "text/one.xhtml", 1),
    ]


def test_messages_give_lines_of_the_html() -> None:
    text = (
        '<p>a</p>\n\n    <p><a href="no.xhtml">b</a></p>\n\n    <p onclick="x">c</p>\n<marquee><foo>d</foo></marquee>'
    )
    said = {each.code: each.line for each in book_of(Chapter(title="A", dialect="html", text=text)).check().diagnostics}
    assert said == {"link-target-missing": 3, "markup-removed": 5, "markup-unwrapped": 6}


def test_what_is_written_reads_as_the_same(tmp_path: Path) -> None:
    """The outer section is chapbook's own: written again and again, a chapter lies no deeper."""
    text = '<h1 id="one">One</h1><p>a</p>'
    path = tmp_path / "a.epub"
    seen = []
    for _ in range(3):
        assert book_of(Chapter(title="One", dialect="html", text=text, accent="teal", show_title=False)).write(path).ok
        with zipfile.ZipFile(path) as archive:
            text = archive.read("EPUB/text/one.xhtml").decode()
        seen.append(text)
    assert seen[0] == seen[1] == seen[2]


def test_a_section_of_another_kind_stays(tmp_path: Path) -> None:
    text = (
        '<body epub:type="backmatter"><section epub:type="endnotes" role="doc-endnotes"><h2>Notes</h2></section></body>'
    )
    made = written(book_of(Chapter(title="Notes", dialect="html", text=text)), tmp_path / "a.epub")["notes.xhtml"]
    assert '<section epub:type="endnotes" role="doc-endnotes"><h1 id="notes">Notes</h1></section>' in made


def test_the_cache_keeps_dialects_apart(tmp_path: Path) -> None:
    seen = []
    for dialect in ("html", "", "html"):
        book = book_of(Chapter(title="One", dialect=dialect, text="<p>*a*</p>\n\n*b*"))
        assert book.write(tmp_path / "a.epub", cache=tmp_path / "cache").ok
        with zipfile.ZipFile(tmp_path / "a.epub") as archive:
            seen.append(archive.read("EPUB/text/one.xhtml"))
    assert seen[0] == seen[2] != seen[1]


def test_html_is_a_dialect_of_chapters_alone() -> None:
    with pytest.raises(ChapbookError):
        Book(title="T", dialect="html")  # type: ignore[arg-type]
    with pytest.raises(ChapbookError):
        Chapter(dialect="latex")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "piece",
    ["<!--a-->", "<!--a", "<html><body ", "<title>", "<html><head><style>", "</body></html>", "<p>a", "<a b='", "&x;"],
)
def test_the_time_grows_with_the_text(piece: str) -> None:
    assert_linear(lambda size: render_html(piece * size + "x<y"), 60)


PIECES = [
    "<p>",
    "</p>",
    "<section>",
    "</section>",
    "<body>",
    "</body>",
    "<html>",
    "</html>",
    "<head>",
    "</head>",
    "<title>",
    "</title>",
    "<h1>",
    "</h1>",
    "words",
    "&nbsp;",
    "&x;",
    "&",
    "<",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE",
    "<a></a>",
    "<svg>",
    "</svg>",
    "<rect/>",
    "<math>",
    "<mi>x</mi>",
    "</math>",
    "<table>",
    "<td>",
    "<ul>",
    "<li>",
    "<br/>",
    "<script>",
    "</script>",
    "<pre>",
    "</pre>",
    "<o:p>",
    "\x0b",
    "\x00",
    '"',
    "'",
]


@given(st.lists(st.sampled_from([*PIECES, '<section id="x" class="c" title="T">', '<p epub:type="tip">']), max_size=25))
def test_any_text_becomes_a_document(pieces: list[str]) -> None:
    settings = RenderSettings(dialect="html", smart=False)
    document = render_chapter(Chapter(title="T", text="".join(pieces)), name="text/a.xhtml", settings=settings)
    assert not any(each.code == "render-failed" for each in document.diagnostics)
    etree.fromstring(document.data)
