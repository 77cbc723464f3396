from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.markup.page import Page, RenderSettings
from chapbook.markup.trees import EPUB_TYPE
from chapbook.model.settings import DialectName
from chapbook.passes.footnotes import place_notes
from support.pages import DIALECTS, codes, inner, page_of, read

REFERENCE = '<sup class="footnote-reference"><a href="#{0}">1</a></sup>'
DEFINITION = '<div class="footnote-definition" id="{0}"><sup class="footnote-definition-label">1</sup>\n{1}\n</div>'


def note(label: str, content: str = "<p>Words.</p>") -> str:
    return DEFINITION.format(label, content)


def reference(label: str) -> str:
    return REFERENCE.format(label)


def placed(markup: str, text: str = "[^", language: str = "en", level: int = 1) -> Page:
    page = page_of(markup, text=text, settings=RenderSettings(language=language, level=level))
    place_notes(page)
    return page


def numbers(page: Page) -> list[str]:
    """The signs of the references, in the order of the document."""
    return [each.text or "" for each in page.body.iter("a") if each.get(EPUB_TYPE) == "noteref"]


def words(page: Page) -> list[str]:
    """What the notes say, in their order, without the ways back."""
    texts = ("".join(each.itertext()) for each in page.body.iterfind("section/ol/li/div"))
    return [re.sub(r"\s*↩\d*", "", text).strip() for text in texts]


def test_the_markup_is_the_one_that_pops_up() -> None:
    page = placed(f"<p>Text{reference('a')}.</p>{note('a')}")
    assert inner(page) == (
        '<p>Text<sup><a id="note-1-ref" role="doc-noteref" href="#note-1" epub:type="noteref">1</a></sup>.</p>'
        '<section class="notes" role="doc-endnotes" aria-labelledby="note-heading" epub:type="endnotes">'
        '<h2 id="note-heading">Notes</h2><ol><li>'
        '<div class="footnote" id="note-1" role="doc-footnote" epub:type="footnote">'
        '<p>Words.\N{NO-BREAK SPACE}<a role="doc-backlink" href="#note-1-ref" aria-label="Back to reference 1">↩</a>'
        "</p></div></li></ol></section>"
    )
    assert page.diagnostics == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_notes_are_numbered_by_first_reference(dialect: DialectName) -> None:
    page = read("B[^b] a[^a] b[^b].\n\n[^a]: First.\n\n[^b]: Second.\n", dialect)
    place_notes(page)
    assert numbers(page) == ["1", "2", "1"]
    assert words(page) == ["Second.", "First."]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_references_within_notes_go_on_with_the_numbers(dialect: DialectName) -> None:
    page = read("A[^a] z[^z].\n\n[^a]: See[^deep].\n\n[^deep]: Deep.\n\n[^z]: Last in the text.\n", dialect)
    place_notes(page)
    assert numbers(page) == ["1", "2", "3"]
    assert words(page) == ["See3.", "Last in the text.", "Deep."]


def test_a_note_used_twice_has_two_ways_back() -> None:
    page = placed(f"<p>{reference('a')} and {reference('a')}</p>{note('a')}")
    ways = [each for each in page.body.iter("a") if each.get("role") == "doc-backlink"]
    assert [each.get("href") for each in ways] == ["#note-1-ref", "#note-1-ref-2"]
    assert [each.get("aria-label") for each in ways] == ["Back to reference 1", "Back to reference 1-2"]
    assert ["".join(each.itertext()) for each in ways] == ["↩", "↩2"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_unused_note_is_warned_of_and_its_words_stay_without_a_number(dialect: DialectName) -> None:
    page = read("A[^a].\n\n[^a]: Used.\n\n[^lost]: Kept words.\n", dialect)
    place_notes(page)
    assert codes(page) == [("note-unused", 5, 1)]
    unused = page.body.find("section/div[@class='note-unused']")
    assert unused is not None
    assert "".join(unused.itertext()).strip() == "Kept words."
    assert words(page) == ["Used."]


def test_a_chapter_of_unused_notes_has_no_empty_list() -> None:
    page = placed(note("a"))
    assert page.body.find(".//ol") is None
    assert "Words." in inner(page)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_reference_without_a_note_is_warned_of_where_it_stands(dialect: DialectName) -> None:
    page = read("One.\n\nTwo [^no], `[^code]`, \\[^meant].\n\n    [^block]\n\nAgain[^no].\n", dialect)
    place_notes(page)
    assert codes(page) == [("note-missing", 3, 5), ("note-missing", 7, 6)]
    assert "Two [^no]" in inner(page)


def test_notes_that_only_each_other_refer_to_are_reachable_and_warned_of() -> None:
    page = placed(note("a", f"<p>A{reference('b')}</p>") + note("b", f"<p>B{reference('a')}</p>"))
    assert [code for code, _, _ in codes(page)] == ["note-unused", "note-unused"]
    assert words(page) == ["A2", "B1"]


def test_a_note_of_an_unused_note_has_a_number() -> None:
    page = placed(note("lost", f"<p>Lost{reference('deep')}</p>") + note("deep", "<p>Deep.</p>"))
    assert words(page) == ["Deep."]
    assert "Lost<sup>" in inner(page)


def test_a_second_definition_is_warned_of_and_stays() -> None:
    text = "A[^a].\n\n[^a]: First.\n\n[^a]: Second.\n"
    page = placed(f"<p>A{reference('a')}.</p>{note('a', '<p>First.</p>')}{note('a', '<p>Second.</p>')}", text)
    assert codes(page)[0][0] == "note-unused"
    assert "defined twice" in page.diagnostics[0].message
    assert words(page) == ["First."]
    assert '<div class="note-unused"><p>Second.</p></div>' in inner(page)


@pytest.mark.parametrize(
    "content",
    ["<ul><li>one</li></ul>", "<pre><code>x = 1</code></pre>", "<table><tr><td>1</td></tr></table>", "<p>A</p>loose"],
)
def test_a_note_that_ends_in_a_block_has_its_way_back_in_a_paragraph_of_its_own(content: str) -> None:
    page = placed(f"<p>{reference('a')}</p>{note('a', content)}")
    footnote = page.body.find("section/ol/li/div")
    assert footnote is not None
    assert footnote[-1].tag == "p"
    assert [each.tag for each in footnote[-1]] == ["a"]
    assert content in inner(page)


def test_the_way_back_stands_in_the_last_of_several_paragraphs() -> None:
    page = placed(f"<p>{reference('a')}</p>{note('a', '<p>One.</p><p>Two <em>x</em></p>')}")
    assert "<p>One.</p><p>Two <em>x</em>\N{NO-BREAK SPACE}<a" in inner(page)


@pytest.mark.parametrize("holder", ["<blockquote>{0}</blockquote>", "<ul><li>{0}</li></ul>"])
def test_what_held_only_a_note_goes_with_it(holder: str) -> None:
    page = placed(f"<p>{reference('a')}</p>{holder.format(note('a'))}")
    assert [each.tag for each in page.body] == ["p", "section"]


def test_what_held_more_than_a_note_stays() -> None:
    page = placed(f"<ul><li><p>Item{reference('a')}</p>{note('a')}</li></ul>")
    assert inner(page).startswith("<ul><li><p>Item<sup>")
    assert words(page) == ["Words."]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("label", ["ü", "a.b", "x:y", "50%25", "a'b", "note-1", "1"])
def test_labels_may_have_any_characters(label: str, dialect: DialectName) -> None:
    page = read(f"A[^{label}].\n\n[^{label}]: Words.\n", dialect)
    place_notes(page)
    assert words(page) == ["Words."]
    assert page.diagnostics == []


def test_an_encoded_reference_finds_its_note() -> None:
    page = placed(f"<p>{reference('a%20b')}</p>{note('a b')}")
    assert numbers(page) == ["1"]


def test_our_ids_do_not_meet_those_of_the_author() -> None:
    page = placed(f'<p id="note-1">{reference("a")}</p>{note("a", """<p id="note-.1">x</p>""")}')
    ids = page.body.xpath("//@id")
    assert isinstance(ids, list)
    assert len(ids) == len(set(ids)) == 5


def test_a_reference_within_a_link_stands_after_it() -> None:
    page = placed(f'<p><a href="x">A <em>b{reference("a")}</em>{reference("c")} d</a> e</p>{note("a")}{note("c")}')
    assert re.match(r'<p><a href="x">A <em>b</em> d</a><sup>.*?>1</a></sup><sup>.*?>2</a></sup> e</p>', inner(page))


def test_a_reference_within_a_link_survives_raw_html_in_the_chapter() -> None:
    page = read("[A *b[^a] c*](x.md) d <b>e</b>\n\n[^a]: Words.\n", "markdown")
    place_notes(page)
    assert numbers(page) == ["1"]
    assert words(page) == ["Words."]
    assert page.diagnostics == []
    assert "".join(str(each) for each in page.body[0].itertext()) == "A b1 c d e"


def test_a_note_sign_that_leads_nowhere_is_text_again() -> None:
    page = placed(f'<p>x{reference("gone")}y<sup class="footnote-reference">z</sup></p>')
    assert inner(page) == "<p>x[^gone]yz</p>"


def test_the_heading_is_in_the_language_and_at_the_level_of_the_chapter() -> None:
    page = placed(f"<p>{reference('a')}</p>{note('a')}", language="de", level=3)
    assert '<h4 id="note-heading">Anmerkungen</h4>' in inner(page)
    assert 'aria-label="Zurück zur Stelle 1"' in inner(page)
    assert page.body.find("section/h6") is None
    assert placed(note("a"), level=6).body.find("section/h6") is not None


def test_a_chapter_without_notes_is_left_alone() -> None:
    page = placed("<p>Plain <sup>2</sup> <code>[^x]</code></p>", text="Plain")
    assert inner(page) == "<p>Plain <sup>2</sup> <code>[^x]</code></p>"


@given(
    st.lists(st.sampled_from("abcd"), max_size=8),
    st.lists(st.tuples(st.sampled_from("abcd"), st.lists(st.sampled_from("abcd"), max_size=3)), max_size=6),
)
def test_every_reference_and_every_way_back_leads_to_a_place(used: list[str], defined: list[tuple[str, str]]) -> None:
    """Whatever refers to whatever: no word is lost, no sign is dead, numbers run from 1 without gaps."""
    notes = [note(label, f"<p>w{n}{''.join(map(reference, inside))}</p>") for n, (label, inside) in enumerate(defined)]
    page = placed(f"<p>{''.join(map(reference, used))}</p>{''.join(notes)}")
    ids = [str(each.get("id")) for each in page.body.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    links = [each for each in page.body.iter("a") if each.get("role") in {"doc-noteref", "doc-backlink"}]
    assert {str(each.get("href"))[1:] for each in links} <= set(ids)
    assert [str(each.get("id")) for each in page.body.iterfind("section/ol/li/div")] == [
        f"note-{number}" for number in range(1, len(page.body.findall("section/ol/li")) + 1)
    ]
    whole = "".join(str(each) for each in page.body.itertext())
    assert all(whole.count(f"w{n}") == 1 for n in range(len(defined)))
    assert page.body.find(".//sup[@class]") is None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_note_holds_fenced_code_between_other_blocks(dialect: DialectName) -> None:
    note = "[^a]: First.\n\n    - one\n    - two\n\n    ```python\n    x = 1\n\n    y = 2\n    ```\n\n    > Q.\n"
    text = f"A[^a].\n\n{note}\nB.\n"
    page = read(text, dialect)
    place_notes(page)
    (found,) = page.body.iterfind("section/ol/li/div")
    assert [each.tag for each in found] == ["p", "ul", "pre", "blockquote", "p"]
    assert "".join(found[2].itertext()).rstrip() == "x = 1\n\ny = 2"
    assert found[2][0].get("class") == "language-python"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_sign_that_is_meant_as_text_lacks_no_note(dialect: DialectName) -> None:
    page = read("A[^a] and \\[^a], \\[^b] and `[^c]`, but [^d].\n\n[^a]: Words.\n", dialect)
    place_notes(page)
    assert codes(page) == [("note-missing", 1, 40)]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("element", ["code", "kbd", "samp", "pre"])
def test_a_reference_in_code_of_raw_html_is_code(dialect: DialectName, element: str) -> None:
    page = read(f"a <{element}>[^a b] [^c]</{element}> d[^b]\n\n[^a b]: A.\n\n[^b]: B.\n", dialect)
    place_notes(page)
    assert f"<{element}>[^a b] [^c]</{element}>" in inner(page)
    assert [each.get("href") for each in page.body.iterfind(".//sup/a")] == ["#note-1"]
    assert [code for code, _, _ in codes(page)] == ["note-unused"]


def test_a_reference_in_code_in_a_link_is_code() -> None:
    page = read("[see <code>[^a]</code>](b.md) and[^a]\n\n[^a]: A.\n", "markdown")
    place_notes(page)
    assert "see [^a] and1" in "".join(map(str, page.body.itertext()))
    assert codes(page) == []
