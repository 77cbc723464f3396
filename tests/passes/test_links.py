from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.markup.page import Known, LinkUse, Page
from chapbook.model.names import document_name
from chapbook.model.settings import DialectName
from chapbook.model.urls import encoded_address, relative, resolve
from chapbook.passes.links import rewrite_links
from support.pages import DIALECTS, codes, inner, page_of, read


def rewritten(target: str, *, known: Known | None = None, path: str = "one/arrival.md", words: str = "x") -> Page:
    page = page_of(f"<p>A <a>{words}</a> b</p>", known=known, path=path)
    page.body[0][0].set("href", target)
    rewrite_links(page)
    return page


def href(page: Page) -> str | None:
    link = page.body.find(".//a")
    return None if link is None else link.get("href")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_link_to_a_chapter_leads_to_its_document(dialect: DialectName) -> None:
    page = read("See [there](../two/b.md#the-place).\n", dialect)
    rewrite_links(page)
    assert inner(page) == '<p>See <a href="../two/b.xhtml#the-place">there</a>.</p>'
    assert page.links == [LinkUse(written="../two/b.md#the-place", source="two/b.md", fragment="the-place")]
    assert page.diagnostics == []


@pytest.mark.parametrize(
    ("target", "source", "expected"),
    [
        ("b.md", "one/b.md", "b.xhtml"),
        ("./b.md?raw=1", "one/b.md", "b.xhtml"),
        ("/two/b.md", "two/b.md", "../two/b.xhtml"),
        ("..%2Ftwo%2Fb.md", "two/b.md", "../two/b.xhtml"),
        ("..\\two\\b.md", "two/b.md", "../two/b.xhtml"),
        ("sub/../b.md", "one/b.md", "b.xhtml"),
        ("sub/b.md", "one/sub/b.md", "sub/b.xhtml"),
        ("../_index.md", "_index.md", "../_index.xhtml"),
    ],
)
def test_paths_are_relative_or_from_the_root(target: str, source: str, expected: str) -> None:
    page = rewritten(target)
    assert href(page) == expected
    assert page.links[0].source == source


@pytest.mark.parametrize("target", ["A b.md", "A%20b.md", "a.MARKDOWN", "é.md"])
def test_names_are_those_of_the_documents(target: str) -> None:
    page = rewritten(target, path="x.md")
    page_source = page.links[0].source
    assert href(page) == relative(document_name(page_source), page.name)


@pytest.mark.parametrize(
    ("target", "sources"),
    [
        ("/two/", ["two.md", "two/_index.md", "two/index.md", "two/README.md"]),
        ("../two/", ["two.md", "two/_index.md", "one/two.md"]),
        ("b/", ["one/b.md", "one/b/_index.md", "one/arrival/b.md"]),
        ("b", ["one/b.md", "one/b/_index.md", "one/b"]),
        ("b.html", ["one/b.md", "one/b/_index.md", "one/arrival/b.md"]),
        ("b/index.html", ["one/b.md", "one/b/_index.md"]),
        ("../", ["_index.md", "index.md", "README.md"]),
        ("/", ["_index.md", "index.md", "README.md"]),
        ("ch-1.2", ["one/ch-1.2", "one/ch-1.2.md"]),
        ("plan.pdf", ["one/plan.pdf"]),
    ],
)
def test_addresses_of_a_site_may_mean_several_files(target: str, sources: list[str]) -> None:
    use = rewritten(target).links[0]
    found = [use.source, *use.others]
    assert found[0] == sources[0]
    assert [each for each in found if each in sources] == sources


def test_a_path_that_leaves_the_folder_says_so_and_writes_none() -> None:
    page = rewritten("../../../etc/passwd.md")
    assert page.links[0].source == "../../etc/passwd.md"
    assert "etc" not in (href(page) or "").split("/")[0]
    assert ".." not in document_name(page.links[0].source)


@pytest.mark.parametrize(
    ("target", "fragment", "expected"),
    [
        ("#a-b", "a-b", "#a-b"),
        ("#%C3%A9", "é", "#é"),
        ("#é", "é", "#é"),
        ("#a b", "a b", "#a%20b"),
        ("#a%25b", "a%b", "#a%25b"),
    ],
)
def test_a_place_in_the_chapter_itself(target: str, fragment: str, expected: str) -> None:
    page = rewritten(target)
    assert page.links == [LinkUse(written=target, source="", fragment=fragment)]
    assert href(page) == expected


def test_a_bare_hash_is_the_chapter() -> None:
    page = rewritten("#")
    assert href(page) == "arrival.xhtml"
    assert page.links == []


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ("text/two/_index.xhtml#x", "../two/_index.xhtml#x"),
        ("text/one/arrival.xhtml#x", "#x"),
        ("text/one/arrival.xhtml", "arrival.xhtml"),
    ],
)
def test_a_known_target_goes_before_the_rule(known: str, expected: str) -> None:
    assert href(rewritten("/two/#y", known=Known(links={"/two/#y": known}))) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dead_link_is_reported_at_each_use_and_keeps_its_text(dialect: DialectName) -> None:
    dead = {"gone.md": ("link-target-missing", "there is no 'gone.md'", "write it")}
    page = read("One [a *b*](gone.md).\n\nTwo [c](gone.md)\nand [d](b.md).\n", dialect, known=Known(dead=dead))
    rewrite_links(page)
    assert codes(page) == [("link-target-missing", 1, 5), ("link-target-missing", 3, 5)]
    assert inner(page) == '<p>One a <em>b</em>.</p><p>Two cand <a href="b.xhtml">d</a>.</p>'
    assert [each.written for each in page.links] == ["b.md"]
    assert page.diagnostics[0].hint == "write it"


def test_where_a_link_goes_its_id_stays() -> None:
    page = page_of('<p><a id="x" class="y" title="t" rel="z" href="javascript:alert(1)">words</a></p>')
    rewrite_links(page)
    assert inner(page) == '<p><span id="x" class="y" title="t">words</span></p>'


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("HTTPS://example.com", "https://example.com"),
        ("http://example.com/[a]|b", "http://example.com/%5Ba%5D%7Cb"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/%41%zz", "https://example.com/%41%25zz"),
        ("https://example.com/?q=[a]#b#c", "https://example.com/?q=%5Ba%5D#b%23c"),
        ("https://example.com/ü?ü#ü", "https://example.com/%C3%BC?%C3%BC#%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://user@[::1]:8080/a", "https://user@[::1]:8080/a"),
        ("//example.com/a", "https://example.com/a"),
        ("https:///example.com", "https://example.com"),
        ("https://exam\nple.com/", "https://example.com/"),
        ("mailto:a@example.com?subject=x y", "mailto:a@example.com?subject=x%20y"),
        ("tel:+1 234 56", "tel:+123456"),
    ],
)
def test_links_out_of_the_book_are_valid_addresses(target: str, expected: str) -> None:
    page = rewritten(target)
    assert href(page) == expected
    assert (page.diagnostics, page.links) == ([], [])


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("javascript:alert(1)", "link-scheme"),
        (" JaVa\tScRiPt:alert(1)", "link-scheme"),
        ("data:text/html,x", "link-scheme"),
        ("vbscript:x", "link-scheme"),
        ("file:///etc/passwd", "link-scheme"),
        ("ftp://example.com/a", "link-scheme"),
        ("C:\\a.md", "link-scheme"),
        ("", "link-invalid"),
        ("  ", "link-invalid"),
        ("?a=b", "link-invalid"),
        ("https://", "link-invalid"),
        ("http:a", "link-invalid"),
        ("https://a..b/", "link-invalid"),
        ("https://a b/", "link-invalid"),
        ("https://a%2Fb/", "link-invalid"),
        ("https://example.com:99999/", "link-invalid"),
        ("https://xn--a/", "link-invalid"),
        ("https://[zz]/", "link-invalid"),
        ("mailto:", "link-invalid"),
        ("www.example.com/a", "link-target-missing"),
    ],
)
def test_what_does_not_ship_loses_its_link_and_keeps_its_text(target: str, code: str) -> None:
    page = rewritten(target)
    assert [each.code for each in page.diagnostics] == [code]
    assert inner(page) == "<p>A x b</p>"
    assert page.links == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_warning_says_where_the_link_stands(dialect: DialectName) -> None:
    page = read("One.\n\nTwo [x](ftp://h/a) and [y](ftp://h/a)\n", dialect)
    rewrite_links(page)
    assert codes(page) == [("link-scheme", 3, 5), ("link-scheme", 3, 24)]


def test_a_link_without_text_shows_an_address_and_goes_otherwise() -> None:
    outside = rewritten("https://example.com/a", words="")
    assert inner(outside) == '<p>A <a href="https://example.com/a">https://example.com/a</a> b</p>'
    inside = rewritten("b.md", words="")
    assert inner(inside) == "<p>A  b</p>"
    assert [each.code for each in (*outside.diagnostics, *inside.diagnostics)] == ["link-no-text"] * 2


@pytest.mark.parametrize("words", ["<em>x</em>", '<img src="a" alt="x"/>', "<span><b>x</b></span>"])
def test_words_and_described_pictures_name_a_link(words: str) -> None:
    assert rewritten("b.md", words=words).diagnostics == []


def test_a_picture_without_words_in_a_link_takes_the_target_as_its_name() -> None:
    page = rewritten("https://example.com/", words='<img src="a" alt=""/>')
    assert page.body[0][0].get("aria-label") == "https://example.com/"
    assert [each.code for each in page.diagnostics] == ["link-no-text"]


def test_an_anchor_stays() -> None:
    page = page_of('<p><a id="x"/>words</p>')
    rewrite_links(page)
    assert inner(page) == '<p><a id="x"/>words</p>'
    assert page.diagnostics == []


def test_attributes_for_browsers_go() -> None:
    page = page_of('<p><a href="b.md" target="_blank" download="" ping="x" title="t">x</a></p>')
    rewrite_links(page)
    assert dict(page.body[0][0].attrib) == {"href": "b.xhtml", "title": "t"}


@pytest.mark.parametrize(
    ("cite", "kept"),
    [("https://example.com/a b", "https://example.com/a%20b"), ("b.md", None), ("javascript:x", None), ("Dante", None)],
)
def test_sources_of_quotations_are_addresses_or_go(cite: str, kept: str | None) -> None:
    page = page_of(f'<blockquote cite="{cite}"><p>x</p></blockquote>')
    rewrite_links(page)
    assert page.body[0].get("cite") == kept


def test_maps_of_pictures_go() -> None:
    page = page_of('<p>a<map name="m"><area href="x.md" alt="y"/>b</map>c</p>')
    rewrite_links(page)
    assert inner(page) == "<p>abc</p>"


def test_references_in_drawings_stay_in_the_drawing() -> None:
    page = page_of(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><path id="p"/>'
        '<use href="#p"/><use xlink:href="#gone"/><use href="http://h/#p"/><linearGradient xlink:href="http://h/x"/>'
        '<a href="javascript:alert(1)"><text>words</text></a><image xlink:href="../a.png"/></svg>'
    )
    rewrite_links(page)
    drawing = page.body[0]
    assert [etree.QName(each).localname for each in drawing] == ["path", "use", "linearGradient", "text", "image"]
    assert "javascript" not in inner(page)
    assert not drawing[2].keys()
    assert drawing[4].get("{http://www.w3.org/1999/xlink}href") == "../a.png"


@given(st.text(max_size=40))
def test_any_target_becomes_a_valid_reference_or_goes(target: str) -> None:
    page = page_of("<p><a>x</a></p>")
    try:
        page.body[0][0].set("href", target)
    except ValueError:
        return
    rewrite_links(page)
    written = href(page)
    assert "".join(str(each) for each in page.body.itertext()) == "x"
    if written is None:
        assert len(page.diagnostics) == 1
    else:
        assert re.fullmatch(r"(https?|mailto|tel):[!-~]+|[^\s\\<>\"{}|^`\[\]]*", written)
        assert not written.startswith("/")


_PARTS = st.lists(st.sampled_from(["a", "b", "..", ".", "", "c.md"]), max_size=6)


@given(_PARTS, _PARTS)
def test_a_relative_reference_leads_back_to_the_name(name: list[str], document: list[str]) -> None:
    to = resolve("/".join(["text", *(each for each in name if each != "..")]), "") + "/x.xhtml"
    here = resolve("/".join(["text", *(each for each in document if each != "..")]), "") + "/y.xhtml"
    assert resolve(relative(to, here), here.rpartition("/")[0]) == to


@given(st.text(max_size=30))
def test_encoding_an_address_twice_changes_nothing(path: str) -> None:
    once = encoded_address(f"https://example.com/{path}")
    if once is not None:
        assert encoded_address(once) == once
