from __future__ import annotations

import pytest
from lxml import etree

from chapbook.markup.page import Page, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.settings import DialectName
from chapbook.passes.block_signs import label_alerts
from chapbook.rendering.document import render_chapter
from support.pages import DIALECTS, inner, page_of, read


def labelled(text: str, dialect: DialectName) -> str:
    page = read(text, dialect)
    label_alerts(page)
    return inner(page)


def asides(page: Page) -> list[str]:
    """The classes of the asides, in the order of the document."""
    return [each.get("class", "") for each in page.body.iter("aside")]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("kind", "label"),
    [("NOTE", "Note"), ("IMPORTANT", "Important"), ("WARNING", "Warning"), ("CAUTION", "Caution"), ("note", "Note")],
)
def test_an_alert_is_an_aside_with_a_label(kind: str, label: str, dialect: DialectName) -> None:
    assert labelled(f"> [!{kind}]\n> Words *here*.\n", dialect) == (
        f'<aside role="note" class="alert alert-{kind.lower()}"><p class="alert-label"><strong>{label}</strong></p>'
        "<p>Words <em>here</em>.</p></aside>"
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_tip_has_the_role_that_there_is_for_it(dialect: DialectName) -> None:
    assert labelled("> [!TIP]\n> Words.\n", dialect) == (
        '<aside role="doc-tip" epub:type="tip" class="alert alert-tip"><p class="alert-label"><strong>Tip</strong></p>'
        "<p>Words.</p></aside>"
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_blank_line_may_follow_the_mark(dialect: DialectName) -> None:
    assert "<strong>Note</strong></p><p>Words.</p></aside>" in labelled("> [!NOTE]\n>\n> Words.\n", dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("sign", ["", "-", "+"])
def test_words_on_the_line_of_the_mark_are_its_title(sign: str, dialect: DialectName) -> None:
    written = labelled(f"> [!NOTE]{sign} Mind *the* gap\n> Words `here`.\n", dialect)
    assert "<strong>Note: Mind <em>the</em> gap</strong></p><p>Words <code>here</code>.</p></aside>" in written


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_alert_may_be_all_title(dialect: DialectName) -> None:
    assert labelled("> [!NOTE] Mind the gap\n", dialect).endswith("<strong>Note: Mind the gap</strong></p></aside>")


def test_a_line_break_ends_the_title() -> None:
    page = page_of("<blockquote><p>[!NOTE] A <b>b</b><br/>c <i>d</i></p></blockquote>")
    label_alerts(page)
    assert "<strong>Note: A <b>b</b></strong></p><p>c <i>d</i></p>" in inner(page)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_alerts_one_after_the_other_stay_apart(dialect: DialectName) -> None:
    page = read("> [!NOTE]\n> One.\n\n> [!TIP]\n> Two.\n\n> [!CAUTION]\n> Three.\n", dialect)
    label_alerts(page)
    assert asides(page) == ["alert alert-note", "alert alert-tip", "alert alert-caution"]
    assert [each.tag for each in page.body] == ["aside", "aside", "aside"]


def test_what_a_quotation_says_before_an_alert_stays_a_quotation() -> None:
    page = page_of('<blockquote id="q"><p>Before.</p><p>[!NOTE]\nWords.</p><p>More.</p></blockquote><p>After.</p>')
    label_alerts(page)
    assert [each.tag for each in page.body] == ["blockquote", "aside", "p"]
    assert "<p>Words.</p><p>More.</p></aside><p>After.</p>" in inner(page)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_alerts_nest(dialect: DialectName) -> None:
    page = read("> [!NOTE]\n> Outer.\n>\n> > [!WARNING]\n> > Inner.\n", dialect)
    label_alerts(page)
    assert asides(page) == ["alert alert-note", "alert alert-warning"]
    assert page.body.find("aside/aside") is not None


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "text", ["> [!1st]\n> Words.\n", "> \\[!NOTE]\n> Words.\n", "> Words [!NOTE] here.\n", "> [!NOTE]s are alerts.\n"]
)
def test_any_other_quotation_stays_one(text: str, dialect: DialectName) -> None:
    page = read(text, dialect)
    before = inner(page)
    label_alerts(page)
    assert inner(page) == before


def test_the_label_is_in_the_language_of_the_book() -> None:
    text = "> [!NOTE]\n> Worte.\n"
    page = page_of(
        '<blockquote class="markdown-alert-note"><p>Worte.</p></blockquote>',
        text=text,
        settings=RenderSettings(language="de-AT"),
    )
    label_alerts(page)
    assert "<strong>Hinweis</strong>" in inner(page)


def test_language_direction_and_id_of_the_quotation_stay() -> None:
    page = page_of('<blockquote id="x" lang="ar" dir="rtl"><p>[!NOTE]\nWords.</p></blockquote>')
    label_alerts(page)
    assert dict(page.body[0].attrib) == {
        "role": "note",
        "lang": "ar",
        "dir": "rtl",
        "id": "x",
        "class": "alert alert-note",
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_quotation_beside_an_alert_is_no_part_of_it(dialect: DialectName) -> None:
    page = read("> Before.\n\n> [!NOTE]\n> Words.\n>\n> More.\n\n> After.\n\n> [!TIP] So\n> A tip.\n", dialect)
    label_alerts(page)
    kinds = [each.tag for each in page.body]
    assert kinds == ["blockquote", "aside", "blockquote", "aside"]
    assert ["".join(each.itertext()).split()[-1] for each in page.body] == ["Before.", "More.", "After.", "tip."]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("first", ["<!--x--> Words.", "</details>\n> Words.", "<x-y>\n> Words.\n> </x-y>"])
def test_an_alert_that_begins_with_html_keeps_its_words(first: str, dialect: DialectName) -> None:
    chapter = Chapter(title="T", text=f"> [!NOTE]\n> {first}\n", path="a.md")
    document = render_chapter(chapter, name="text/a.xhtml", settings=RenderSettings(dialect=dialect))
    (aside,) = etree.fromstring(document.data).iter("{*}aside")
    assert "".join("".join(map(str, aside.itertext())).split()) == "NoteWords."
