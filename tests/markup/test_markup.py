"""Raw HTML: read as a browser reads it, allowed by the table, placed as the content model wants it; no word lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.markup.allowlist import ELEMENTS, Fate
from chapbook.markup.cleaning import clean_markup
from chapbook.markup.page import ContentDocument, Page, RenderSettings
from chapbook.markup.parsing import DEEPEST, has_raw_html, parse_markup
from chapbook.markup.raw_html import report_faults
from chapbook.model.contents import Chapter
from chapbook.model.metadata import Metadata
from chapbook.model.settings import DialectName
from chapbook.packaging.package import write_publication
from chapbook.packaging.publication import Resource
from chapbook.rendering.document import render_chapter
from support.counting import assert_linear
from support.pages import DIALECTS, codes, inner, page_of
from support.publications import publication

both = pytest.mark.parametrize("dialect", DIALECTS)


def cleaned(html: str, *, told: bool = True) -> Page:
    page = page_of("", text=html)
    parsed = parse_markup(html)
    page.body = parsed.section
    report_faults(page, parsed.faults if told else ())
    clean_markup(page)
    return page


def shown(html: str) -> str:
    return inner(cleaned(html))


def render(text: str, dialect: DialectName = "commonmark", name: str = "text/a.xhtml") -> ContentDocument:
    return render_chapter(
        Chapter(text=text, title="The title", path="a.md"), name=name, settings=RenderSettings(dialect=dialect)
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<div>b</div>c</p>", "<p>a</p><div>b</div>c"),
        ("<em><p>a</p>b</em>", "<p><em>a</em></p><em>b</em>"),
        ("<span class='x'><div>a</div></span>", '<div><span class="x">a</span></div>'),
        ("<h2>a<div>b</div></h2>", "<h2>a b</h2>"),
        ("<pre>a<p>b</p></pre>", "<pre>ab</pre>"),
        ("<a href='x'><div>a <a href='y'>b</a></div></a>", '<div><a href="x">a </a><a href="y">b</a></div>'),
        ("<ul>a<ul><li>b</ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul></ul><ol></ol><dl></dl><table></table><figure></figure>", ""),
        ("<li>a</li><li>b</li>", "<ul><li>a</li><li>b</li></ul>"),
        ("<dl><dt>a</dl>", "<dl><dt>a</dt><dd/></dl>"),
        ("<dl><dd>a</dl>", "<div><div>a</div></div>"),
        ("<table><tfoot><tr><td>f</tfoot><tr><td>b<caption>c</table>", None),
        ("<figcaption>a</figcaption>", "<div>a</div>"),
        ("<details>a</details>", "<div>a</div>"),
        ("<details>a<summary>s</summary></details>", "<details><summary>s</summary>a</details>"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "<ruby>漢<rt>kan</rt></ruby>"),
        ("<ruby>漢</ruby>", "<span>漢</span>"),
        ("<center>a<font color=red>b</font></center>", '<div class="center">a<span>b</span></div>'),
        ("<big>a</big><tt>b</tt><strike>c</strike>", '<span class="big">a</span><code>b</code><s>c</s>'),
        ("<p align=RIGHT style='color:red'>a</p>", '<p class="right">a</p>'),
        ("<p style='text-align:center; margin:0'>a</p>", '<p class="center">a</p>'),
        ("<td nowrap valign=top width=50%>a</td>", "a"),
        ("<img src=a width='300px' height=50% alt=''>", '<img src="a" width="300" alt=""/>'),
        ("<a name=here>a</a>", '<a id="here">a</a>'),
        ("<ol start=x type=Z><li value=q>a</ol>", "<ol><li>a</li></ol>"),
        ("<ul><li value=3>a</ul>", "<ul><li>a</li></ul>"),
        ("<time>now</time><time datetime=2020-02-01>then</time>", 'now<time datetime="2020-02-01">then</time>'),
        ("<p id='' class='' lang='!' dir=up>a</p>", "<p>a</p>"),
        ("<p epub:type='chapter z3998:x endnote' role=button>a</p>", '<p epub:type="chapter">a</p>'),
        ("a<!-- b -->c<?php d ?>e<![CDATA[<f>]]>", "ace<f>"),
        ("<P CLASS=x>A</P>", '<p class="x">A</p>'),
        ("<div><https://e.org/?a&b></div>", '<div><a href="https://e.org/?a&amp;b">https://e.org/?a&amp;b</a></div>'),
        ("<a href='x'><audio src='y'></audio></a>", '<audio src="y"/>'),
        ("<noscript>a</noscript><template>b</template><slot>c</slot>", "abc"),
        ("<main>a</main><dialog>b</dialog>", "<div>a</div><div>b</div>"),
    ],
)
def test_what_becomes_of_markup(html: str, expected: str | None) -> None:
    if expected is None:
        expected = (
            "<table><caption>c</caption><tbody><tr><td>b</td></tr></tbody><tfoot><tr><td>f</td></tr></tfoot></table>"
        )
    assert shown(html) == expected


@pytest.mark.parametrize(
    ("html", "expected", "code"),
    [
        ("<script>x</script>a", "a", "markup-removed"),
        ("<style>p{}</style>a", "a", "markup-removed"),
        ("<p onclick='x'>a</p>", "<p>a</p>", "markup-removed"),
        ("<button>a</button>", "a", "markup-removed"),
        ("<select><option>a<option>b</select>", "a b  ", "markup-removed"),
        ("<textarea><b>a</textarea>", "<b>a ", "markup-removed"),
        ("<input type=submit value=Go>", "Go", "markup-removed"),
        ("<object data=x><p>a</p></object>", "<p>a</p>", "markup-removed"),
        ("<iframe src='https://e.org/x' title=Film></iframe>", '<a href="https://e.org/x">Film</a>', "markup-removed"),
        ("<iframe src='javascript:x'></iframe>", "", "markup-removed"),
        ("<a href='java\tscript:x'>a</a>", "a", "link-scheme"),
        ("<a href=' &#1;JavaScript&colon;x'>a</a>", "a", "link-scheme"),
        ("<a href='data:text/html,x'>a</a>", "a", "link-scheme"),
        ("<a href='vb&#8203;script:x'>a</a>", "a", "link-scheme"),
        ("<wieght>a</wieght>", "a", "markup-unwrapped"),
        ("<x-note>a</x-note>", "a", "markup-unwrapped"),
    ],
)
def test_what_does_not_ship_is_said(html: str, expected: str, code: str) -> None:
    page = cleaned(html)
    assert inner(page) == expected
    assert {each[0] for each in codes(page)} == {code}
    assert all(each[1] == 1 for each in codes(page))


def test_a_name_is_said_once_with_its_first_line_and_number() -> None:
    page = cleaned("<p>a</p>\n\n<blunk>b</blunk>\n<blunk>c</blunk>")
    (said,) = page.diagnostics
    assert (said.code, said.line, said.column) == ("markup-unwrapped", 3, 1)
    assert said.message == "'<blunk>' isn't an HTML element (2 times)"


def test_a_drawing_keeps_its_shapes_and_paint_alone() -> None:
    page = cleaned(
        '<svg viewbox="0 0 9 9" onload="x"><script>x</script><lineargradient id="g"/>'
        '<rect width="1" height="2" style="fill:url(#g);stroke:url(http://e.org/x)" onclick="x"/><circle/>'
        '<use href="http://e.org/x.svg#a"/><foreignobject><p>words</p></foreignobject></svg>'
    )
    assert inner(page) == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><linearGradient id="g"/>'
        '<rect width="1" height="2" fill="url(#g)"/><use/></svg> words'
    )


@both
@pytest.mark.parametrize(
    "attribute",
    [
        "mask='u\\72l(http://e.example/m.png)'",
        "clip-path='\\75 rl(http://e.example/c.svg#a)'",
        "filter=\"image-set('http://e.example/s.png' 1x)\"",
        "cursor=\"src('http://e.example/s.cur'), auto\"",
        'fill="url(http://e.example/a.svg#b)"',
        'fill="url(other.svg#b)"',
        "fill=\"newest('http://e.example/')\"",
    ],
)
def test_an_attribute_of_a_drawing_that_refers_to_another_file_goes(attribute: str, dialect: DialectName) -> None:
    text = f'Words.\n\n<svg viewBox="0 0 9 9"><title>t</title><rect {attribute} width="1" height="1"/></svg>\n'
    document = render(text, dialect)
    assert b'<rect width="1" height="1"/>' in document.data
    name = attribute.partition("=")[0]
    (said,) = document.diagnostics
    assert (said.code, said.line) == ("markup-removed", 3)
    assert said.message == f"chapbook removed the attribute '{name}' of a drawing, which refers to another file"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "markup", ["## Two {xmlns=x}", "## Two {xmlns='x'}", "[words]{xmlns=x}", "![a](b.png){xmlns=x}"]
)
def test_an_attribute_makes_no_other_element_of_one(markup: str, dialect: DialectName) -> None:
    document = render(f"{markup}\n\nwords\n", dialect)
    assert {etree.QName(each).namespace for each in etree.fromstring(document.data).iter(etree.Element)} == {
        "http://www.w3.org/1999/xhtml"
    }


def test_a_drawing_keeps_where_its_words_stand_and_the_colours_of_its_filters() -> None:
    paint = 'text-anchor="middle" flood-color="red" color-interpolation-filters="sRGB"'
    assert paint in shown(f'<svg><text x="1" {paint} colour="red">a</text></svg>')


@pytest.mark.parametrize("type_", ["index-legend", "topic-sentence", "learning-objective", "index-term-category"])
def test_a_type_of_several_words_stays(type_: str) -> None:
    assert f'type="{type_}"' in shown(f'<div epub:type="{type_}">a</div>')
    assert "type" not in shown(f'<div epub:type="{type_.rpartition("-")[2]}-">a</div>')


def test_mathematics_is_presentation_mathml_or_words() -> None:
    assert 'alttext="x"' in shown("<math><mi onclick=x>x</mi></math>")
    assert shown("<math><mfrac><mn>1</mn></mfrac></math>") == "<span>1</span>"
    assert "annotation-xml" not in shown(
        "<math><semantics><mi>x</mi><annotation-xml><b>y</b></annotation-xml></semantics></math>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<title>\n\nword",
        "<plaintext>\n\nword",
        "<script>\n\nword",
        "<!-- word",
        "a\n\n<!-- b\n\nword",
        '<div title="x>\n\nword "q" b',
        "<textarea>\n\nword",
        "<a href='x\n\nword",
        "<?php word",
        "<![CDATA[word",
        "<style>\n\nword\n\n<b>x</b>",
        "<xmp>\n\nword",
        "<svg><desc>\n\n</svg>word",
    ],
)
@both
def test_what_never_closes_swallows_nothing(text: str, dialect: DialectName) -> None:
    document = render(text, dialect)
    section = document.data.decode().partition("</header>")[2]
    assert "word" in re.sub(r"<[^>]*>", "", section)
    assert "<!--" not in section


@both
@pytest.mark.parametrize(
    "comment", ["<!-- x -->", "<!-->", "<!--->", "<!-- x --!>", "<!-- x -- >", "<!-- x\n\n*y* -->"]
)
def test_no_comment_ships(comment: str, dialect: DialectName) -> None:
    document = render(f"before {comment} after\n\n`<!-- kept -->`\n", dialect)
    text = " ".join("".join(etree.fromstring(document.data).itertext()).split())
    assert "before after <!-- kept -->" in text
    assert not document.diagnostics


@both
def test_letters_that_are_two_in_lower_case_move_nothing(dialect: DialectName) -> None:
    document = render("İstanbul ve İİİİİİİİ.\n\n<!-- x -->\n\nKelimeler burada.\n\n<TITLE>b</TITLE>\n\nSon.\n", dialect)
    section = next(etree.fromstring(document.data).iter("{*}section"))
    words = " ".join("".join(str(text) for text in section.itertext()).split())
    assert words.endswith("İstanbul ve İİİİİİİİ. Kelimeler burada. b Son.")


@both
def test_a_bracket_of_a_ruby_that_never_closes_keeps_its_words(dialect: DialectName) -> None:
    document = render("<div>\n<rp>lost words\n\nmore words\n</div>\n", dialect)
    assert b"lost words" in document.data


@both
def test_what_a_drawing_shows_from_elsewhere_is_told(dialect: DialectName) -> None:
    remote = '<image href="https://x.example/a.png"/><use href="https://x.example/b"/>'
    document = render(f'<svg viewBox="0 0 9 9"><title>t</title>{remote}<rect width="1" height="1"/></svg>\n', dialect)
    assert [each.message for each in document.diagnostics] == ["chapbook removed '<image>'", "chapbook removed '<use>'"]


def test_what_markdown_makes_in_a_drawing_is_told_where_the_drawing_is() -> None:
    (found,) = render("Words.\n\n<svg> ~~word~~\n").diagnostics
    assert (found.code, found.line, found.column) == ("markup-removed", 3, 1)
    assert found.hint == "Markdown or one of its extensions made it; its words stay"


def test_deep_markup_is_flattened_and_said() -> None:
    for text in ("<div>" * 5_000 + "word", "> " * 500 + "word", "<b><i>" * 3_000 + "word"):
        document = render(text)
        assert b"word" in document.data
        depth = max(sum(1 for _ in each.iterancestors()) for each in etree.fromstring(document.data).iter())
        assert depth <= DEEPEST + 5
    assert [each.code for each in render("<div>" * 500 + "word").diagnostics] == ["nesting-deep"]


@pytest.mark.parametrize(
    ("unit", "after"),
    [
        *(
            (unit, "")
            for unit in ("<div>", "<a ", '<a b="', "<!--", "<?", "<script>", "<x>", "<ul>", "<table><tr><td>")
        ),
        *((unit, ">") for unit in ("<a ", '<a b="', '<a b="\n\n')),
    ],
)
def test_hostile_markup_takes_no_square(unit: str, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for bound, small in (("tags._DEEPEST", DEEPEST + 20), ("raw_html._MANY", 5), ("raw_html._NEAR", 40)):
        monkeypatch.setattr(f"chapbook.markup.{bound}", small)
    assert_linear(lambda size: cleaned(unit * size + after, told=False), 300)  # places have tests of their own


def test_elements_that_never_close_are_copied_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.markup.tags._MOST_COPIES", 500)
    assert_linear(lambda size: cleaned("".join(f"<p><b id={n}>x" for n in range(size))), 150)


def test_the_fast_way_reads_what_the_browser_way_reads() -> None:
    html = "<p>a &amp; b&nbsp;&hellip; &bogus;<br /></p>\n<ul>\n<li>c</li>\n</ul>"
    fast, slow = parse_markup(html, plain=True).section, parse_markup(html).section
    assert etree.tostring(fast) == etree.tostring(slow)


@pytest.mark.parametrize(
    ("text", "raw"), [("a < b", False), ("a <b", True), ("<!x", True), ("</p>", True), ("3<4", False)]
)
def test_what_may_be_raw_html(text: str, raw: bool) -> None:  # noqa: FBT001 - a column of the table
    assert has_raw_html(text) is raw


_SWALLOWING = {"rp", "param"} | {name for name, row in ELEMENTS.items() if row.fate is Fate.REMOVED}
_NAMES = sorted(set(ELEMENTS) - _SWALLOWING - {"iframe", "title", "textarea", "xmp", "template", "plaintext"})
_ATTRIBUTES = (
    ' id="a"', " class=b", ' style="text-align:center"', ' onclick="x()"', ' href="javascript:x"', " href=#a",
    " lang=de",
    ' src="https://e.org/x"', " role=note", ' epub:type="chapter"', " colspan=2", " open", " hidden", " title=t",
)  # fmt: skip
_TAGS = st.builds(
    lambda name, attributes, end: f"<{name}{''.join(attributes)}{end}",
    st.sampled_from(_NAMES),
    st.lists(st.sampled_from(_ATTRIBUTES), max_size=2),
    st.sampled_from((">", "/>")),
)
_PIECES = st.lists(
    st.one_of(
        _TAGS,
        st.sampled_from(_NAMES).map(lambda name: f"</{name}>"),
        st.sampled_from(("@ ", "@", "@\n", "\n\n", "- @\n", "> @\n", "# @\n", "*@*", "`@`", "&lt;", "<!-- c -->")),
    ),
    max_size=25,
)
_MARK = re.compile("@")


@given(_PIECES, st.sampled_from(DIALECTS))
def test_every_word_among_any_tags_stays(pieces: list[str], dialect: DialectName) -> None:
    count = 0

    def word(_: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"word{count}z"

    document = render(_MARK.sub(word, "".join(pieces)), dialect)
    assert document.data, document.diagnostics
    text = "".join(str(part) for part in etree.fromstring(document.data).itertext())
    assert all(f"word{number}z" in text for number in range(1, count + 1))
    for element in etree.fromstring(document.data).iter(etree.Element):
        assert etree.QName(element).localname not in {"script", "style", "iframe"}
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not value.startswith("javascript:")
            assert name != "src" or not value.startswith("http")


@given(st.text(max_size=80), st.sampled_from(DIALECTS))
def test_any_text_makes_a_document(text: str, dialect: DialectName) -> None:
    document = render(text, dialect)
    assert document.data, document.diagnostics
    etree.fromstring(document.data)


HOSTILE = (
    "<table><caption>a<h2>b</h2><table><tr><td>c</table></caption><tr><th><h3>d</h3></th></table>",
    "<header>a<header>b</header></header><address><h2>c</h2><address>d</address></address>",
    "<ruby>a<rt>b</rt>c<rt>d</rt>e</ruby><ruby><rt>f</ruby><bdo>g</bdo><data>h</data><dfn>i<dfn>j</dfn></dfn>",
    "<details><summary>a<h2>b</h2></summary>c</details><a href='http://e.org'><details>d</details></a>",
    "<ins><p>a</p></ins><p><del datetime=2020>b<ins datetime='2020-01-01'>c</ins></del></p><q cite='http://x'>d</q>",
    "<ol reversed start=3 type=a><li value=4>a</ol><table><td colspan=0 rowspan=x>b<th scope=foo abbr=''>c</table>",
    "<svg viewBox='0 0 9 9'><title>a</title><rect/><path d='M0 0'/><image href='x'/><text>b</text></svg>",
    "<math><mi>a</mi></math><math display=block><mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable></math>",
    "<p lang=de xml:lang=fr data-Foo=1 data-xmlfoo=2 é=3 a:b=4 aria-label=x>a</p><nav epub:type='toc'>b</nav>",
    "<section epub:type='endnotes footnote-x' role='doc-endnotes' aria-labelledby='nowhere'>a</section>",
    "<div role=button tabindex=0 contenteditable>a</div><section role=doc-chapter>b</section><p role=note>c</p>",
    "<p id='a b'>a</p><p id='a b'>b</p><a href='#a b'>c</a><p id=''>d</p>",
    "<frameset><frame></frameset><applet>a</applet><marquee>b</marquee><nobr>c</nobr><hgroup><h2>d</h2></hgroup>",
    "<h1>a</h1><h4>b</h4><h2></h2><blockquote><h6>c</h6></blockquote><figure><h2>d</h2></figure>",
    "<dl><div><dt>a<dd>b</div>c<p>d</p><dt>e</dl><ul><ins><li>f</ins></ul><menu><dd>g</menu>",
)


@both
def test_epubcheck_is_silent(dialect: DialectName, tmp_path: Path, assert_valid: Callable[[Path], None]) -> None:
    documents = [render(text, dialect, f"text/c{number}.xhtml") for number, text in enumerate(HOSTILE)]
    chapters = tuple(
        Resource(name=each.name, media_type="application/xhtml+xml", data=each.data, properties=each.properties)
        for each in documents
    )
    path = tmp_path / "book.epub"
    with path.open("wb") as file:
        write_publication(publication(Metadata(title="Hostile", language="en"), chapters), file)
    assert_valid(path)


@both
def test_what_looks_like_a_tag_within_words_swallows_nothing(dialect: DialectName) -> None:
    document = render('one<a href="two<a href=" three>\n\nThe last words.\n', dialect)
    text = "".join(str(part) for part in etree.fromstring(document.data).itertext())
    assert all(word in text for word in ("one", "two", "three", "The last words."))
