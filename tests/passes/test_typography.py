"""Typographic punctuation by language."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.markup.page import Known, Page, RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.settings import DialectName
from chapbook.passes.punctuation import set_text
from chapbook.passes.typographic_marks import marks_of
from chapbook.passes.typography import break_long_words, set_punctuation
from chapbook.rendering.document import render_chapter
from chapbook.source.positions import Locator
from support.counting import assert_linear

NARROW = "\u202f"


def page_of(xml: str, language: str = "en", chapter_language: str = "", *, smart: bool = True) -> Page:
    return Page(
        chapter=Chapter(path="a.md", language=chapter_language),
        settings=RenderSettings(language=language, smart=smart),
        known=Known(),
        name="text/a.xhtml",
        body=etree.fromstring(f"<section>{xml}</section>"),
        locator=Locator(""),
    )


def set_xml(xml: str, language: str = "en") -> str:
    page = page_of(xml, language)
    set_punctuation(page)
    return etree.tostring(page.body, encoding="unicode").removeprefix("<section>").removesuffix("</section>")


QUOTED = {
    "en": "“Yes,” it’s ‘so’",
    "de": "„Yes,“ it’s ‚so‘",
    "de-AT": "„Yes,“ it’s ‚so‘",
    "de-CH": "«Yes,» it’s ‹so›",
    "fr": "«\u202fYes,\u202f» it’s “so”",
    "es": "«Yes,» it’s “so”",
    "es-MX": "“Yes,” it’s ‘so’",
    "it": "«Yes,» it’s “so”",
    "pt": "“Yes,” it’s ‘so’",
    "pt-PT": "«Yes,» it’s “so”",
    "nl": "“Yes,” it’s ‘so’",
    "ru": "«Yes,» it’s „so“",
    "uk": "«Yes,» it’s „so“",
    "pl": "„Yes,” it’s «so»",
    "ro": "„Yes,” it’s «so»",
    "cs": "„Yes,“ it’s ‚so‘",
    "sk": "„Yes,“ it’s ‚so‘",
    "bg": "„Yes,“ it’s ‚so‘",
    "hu": "„Yes,” it’s »so«",
    "sv": "”Yes,” it’s ’so’",
    "fi": "”Yes,” it’s ’so’",
    "da": "»Yes,« it’s ›so‹",
    "no": "«Yes,» it’s ‘so’",
    "nb": "«Yes,» it’s ‘so’",
    "el": "«Yes,» it’s “so”",
    "tr": "“Yes,” it’s ‘so’",
    "ja": "「Yes,」 it’s 『so』",
    "zh": "“Yes,” it’s ‘so’",
    "zh-Hant-TW": "「Yes,」 it’s 『so』",
    "ko": "“Yes,” it’s ‘so’",
    "ar": "«Yes,» it’s ‹so›",
    "he": "\"Yes,\" it's 'so'",
    "tlh": "“Yes,” it’s ‘so’",
}


@pytest.mark.parametrize(("language", "expected"), QUOTED.items(), ids=QUOTED)
def test_quotation_marks_of_languages(language: str, expected: str) -> None:
    assert set_text("\"Yes,\" it's 'so'", language) == expected


ENGLISH = {
    'the core."1 To this end': "the core.”1 To this end",
    '"the core."1 To this end': "“the core.”1 To this end",
    "He said, \"She said 'no.'\"": "He said, “She said ‘no.’”",
    '"\'Tis so," he said': "“’Tis so,” he said",
    "'Twas in the '90s and '68": "’Twas in the ’90s and ’68",
    "rock 'n' roll": "rock ’n’ roll",
    "'ere we go": "’ere we go",
    "the dogs' bones": "the dogs’ bones",
    "1990's": "1990’s",
    "he is 6'2\" tall, 5' wide, 3\" deep": "he is 6′2″ tall, 5′ wide, 3″ deep",
    'he is 5\'10" and says "no"': "he is 5′10″ and says “no”",
    '("so") ["so"] --- "so"': "(“so”) [“so”]\u00a0— “so”",
    'word--"so"': "word–“so”",
    '"I was--" he began': "“I was–” he began",
    "a -- b, pages 3--5, he---she": "a\u00a0– b, pages 3–5, he\u2060—she",
    "run it with --help": "run it with --help",
    "a ---- b ----- c": "a ---- b ----- c",
    "So... and then.... but .....": "So… and then…. but .....",
    'see https://a.example/b--c...d "e"': "see https://a.example/b--c...d “e”",
    "already “so” and ‘so’ … – —": "already “so” and ‘so’ …\u00a0–\u00a0—",
    '"Open only, in an old text': "“Open only, in an old text",
    'closes only" here': "closes only” here",
    'is weak. "Win-win': "is weak. “Win-win",
    'the "x"-ray and non-"x"': "the “x”-ray and non-“x”",
    "'Nested \"inner\" marks'": "‘Nested “inner” marks’",
    "O'Neill's": "O’Neill’s",
    "it is ' alone": "it is ' alone",
}


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items(), ids=ENGLISH)
def test_english(text: str, expected: str) -> None:
    assert set_text(text, "en-GB") == expected


FRENCH = {
    'Il dit: "Oui!"': f"Il dit{NARROW}: «{NARROW}Oui{NARROW}!{NARROW}»",
    "Quoi ? Non ; si : là !": f"Quoi{NARROW}? Non{NARROW}; si{NARROW}: là{NARROW}!",
    "Quoi\u00a0? déjà\u202f!": f"Quoi{NARROW}? déjà{NARROW}!",
    "« a » et «b»": f"«{NARROW}a{NARROW}» et «{NARROW}b{NARROW}»",
    "à 10:30, http://a.example/b?c:d": "à 10:30, http://a.example/b?c:d",
    "Quoi ?! Ah...": f"Quoi{NARROW}?! Ah…",
    "l'été": "l’été",
    '" mot "': f"«{NARROW}mot{NARROW}»",
}


@pytest.mark.parametrize(("text", "expected"), FRENCH.items(), ids=FRENCH)
def test_french(text: str, expected: str) -> None:
    assert set_text(text, "fr-FR") == expected


BOUND = {
    "de": {
        "z. B. und d. h., i. d. R.": "z.~B. und d.~h., i.~d.~R.",
        "50 % von 10 000 km, § 5 und §§ 6 f.": "50~% von 10~000~km, §~5 und §§~6 f.",
        "Abb. 3, Nr. 5, S. 17; im Buch. 5 davon": "Abb.~3, Nr.~5, S.~17; im Buch. 5 davon",
        "44 v. Chr. und so weiter": "44 v.~Chr. und so weiter",
        "im Jahr 2010 300 Leute": "im Jahr 2010 300 Leute",
        "So -- und so -- und": "So~– und so~– und",
    },
    "en": {
        "Fig. 3 and No. 5, p. 7": "Fig.~3 and No.~5, p.~7",
        "I say no. 5 men": "I say no. 5 men",
        "well---I see. A man": "well^—I see. A man",
        '"But I---" he said': "“But I^—” he said",
        '("---a")': "(“—a”)",
        "20 °C, 5 km, 3 minutes": "20~°C, 5~km, 3 minutes",
        "1 2345 and 12.5 000": "1 2345 and 12.5 000",
        "Mr. B. went": "Mr. B. went",
    },
    "fr": {"n° 5, 10 000 € -- oui": "n°~5, 10_000~€~– oui"},
    "es": {"—Hola —dijo él—. EE. UU.": "—Hola —dijo él^—. EE.~UU."},
    "ru": {"т. е. рис. 3, № 5": "т.~е. рис.~3, №~5"},
    "pl": {"rys. 3, 10 000": "rys.~3, 10_000"},
    "ja": {"東京——大阪、50 %": "東京——大阪、50~%"},
    "xx": {"Fig. 3, z. B., 50 %": "Fig. 3, z. B., 50~%"},
}


def seen(text: str) -> str:
    return text.replace("\u00a0", "~").replace(NARROW, "_").replace("\u2060", "^")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [(language, *pair) for language, pairs in BOUND.items() for pair in pairs.items()],
)
def test_no_line_begins_with_what_belongs_to_the_one_before(language: str, text: str, expected: str) -> None:
    made = set_text(text, language)
    assert seen(made) == expected
    assert set_text(made, language) == made


def test_what_stays_together_does_so_across_elements_and_lines() -> None:
    assert seen(set_xml("<p>siehe Abb.\n<b>3</b>, 50\n% <i>so</i>\n– <i>a</i>—b</p>", "de")) == (
        "<p>siehe Abb.~<b>3</b>, 50~% <i>so</i>~– <i>a</i>^—b</p>"
    )


def test_code_keeps_its_spaces() -> None:
    assert seen(set_xml("<p><code>50 % – z. B.</code> z. B.</p>", "de")) == "<p><code>50 % – z. B.</code> z.~B.</p>"


def test_other_languages() -> None:
    assert set_text('Quoi ? Si: "oui"', "fr-CA") == f"Quoi ? Si{NARROW}: «{NARROW}oui{NARROW}»"
    assert set_text("1'000'000", "de-CH") == "1’000’000"
    assert set_text("Wie geht's? 's ist 'n 'Wort'", "de") == "Wie geht’s? ’s ist ’n ‚Wort‘"
    assert set_text("'s ochtends 'goed'", "nl") == "’s ochtends ‘goed’"
    assert set_text('他说"你好。"她说"再见"...', "zh-CN") == "他说“你好。”她说“再见”……"
    assert set_text('彼は"はい"と', "ja") == "彼は「はい」と"
    assert set_text('צה"ל -- ...', "he") == 'צה"ל\u00a0– …'
    assert set_text("п'ять", "uk") == "п’ять"


def test_marks_across_elements() -> None:
    assert set_xml('<p>"<em>word</em>" and <b>"a</b> b", <em>it</em>\'s</p>') == (
        "<p>“<em>word</em>” and <b>“a</b> b”, <em>it</em>’s</p>"
    )
    assert set_xml('<p>"so"<sup><a href="#n">1</a></sup>, "x" <code>a"b</code>"</p>') == (
        '<p>“so”<sup><a href="#n">1</a></sup>, “x” <code>a"b</code>”</p>'
    )
    assert set_xml('<p>one<br/>"two"</p>') == "<p>one<br/>“two”</p>"


def test_a_block_begins_anew() -> None:
    assert set_xml('<p>"one</p><p>"two</p><ul><li>"three" x<p>"four"</p></li></ul>') == (
        "<p>“one</p><p>“two</p><ul><li>“three” x<p>“four”</p></li></ul>"
    )


@pytest.mark.parametrize("name", ["code", "pre", "kbd", "samp", "tt", "var", "script", "style"])
def test_never_in_code(name: str) -> None:
    xml = f"<div>x <{name}>\"a\" -- 'b'...</{name}> y</div>"
    assert set_xml(xml) == xml


def test_never_in_mathematics_drawings_or_attributes() -> None:
    xml = (
        '<p title="&quot;a&quot; -- b">'
        '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="f\'"><mi>f\'</mi></math>'
        ' <svg xmlns="http://www.w3.org/2000/svg"><text>"a"</text></svg> <span class="math-inline">f\'--"g"</span></p>'
    )
    assert set_xml(xml) == xml


def test_other_languages_in_the_page() -> None:
    assert set_xml('<p>"a" <em lang="de">"b"</em> "c"</p><p lang="fr">"d" ?</p><p>"e"</p>') == (
        f'<p>“a” <em lang="de">„b“</em> “c”</p><p lang="fr">«{NARROW}d{NARROW}»{NARROW}?</p><p>“e”</p>'
    )


def test_the_chapters_language_goes_before_the_books() -> None:
    page = page_of('<p>"a"</p>', "en", "de")
    set_punctuation(page)
    assert page.body[0].text == "„a“"


def test_not_smart() -> None:
    page = page_of('<p>"a" -- b</p>', smart=False)
    set_punctuation(page)
    assert page.body[0].text == '"a" -- b'


def test_comments_pass() -> None:
    assert set_xml('<p>"a<!-- "x" -->"</p>') == '<p>“a<!-- "x" -->”</p>'


LANGUAGES = st.sampled_from(sorted(QUOTED))
ANY_TEXT = st.text(alphabet=st.sampled_from(list("\"'\"'-. \u00a0\n?!;:«»“”aé1あ()…—”")), max_size=40)


@given(ANY_TEXT, LANGUAGES)
def test_letters_and_digits_stay(text: str, language: str) -> None:
    made = set_text(text, language)
    assert [each for each in made if each.isalnum()] == [each for each in text if each.isalnum()]
    assert "\u202f" not in made or language == "fr"


@given(ANY_TEXT, LANGUAGES)
def test_twice_is_as_once(text: str, language: str) -> None:
    made = set_text(text, language)
    assert set_text(made, language) == made


@given(st.lists(ANY_TEXT, min_size=1, max_size=6), LANGUAGES)
def test_element_borders_change_no_letter_and_twice_is_as_once(texts: list[str], language: str) -> None:
    names: tuple[Literal["em", "p", "sup"], ...] = ("em", "p", "sup")
    body = etree.Element("section")
    for nth, text in enumerate(texts):
        child = etree.SubElement(body, names[nth % 3])
        child.text = child.tail = text
    page = page_of("", language)
    page.body = body
    before = "".join(body.itertext())
    set_punctuation(page)
    once = etree.tostring(body, encoding="unicode")
    assert [c for c in "".join(body.itertext()) if c.isalnum()] == [c for c in before if c.isalnum()]
    set_punctuation(page)
    assert etree.tostring(body, encoding="unicode") == once


def test_every_language_has_its_own_pairs() -> None:
    for language in QUOTED:
        marks = marks_of(language)
        assert marks.double is None or marks.double != marks.single


@pytest.mark.parametrize(
    "unit", ["'a ", '"', "' ", "'90s", '"a', "--", "a.", "« ", " »", " ?", "«", "6'2\"", "https://"]
)
@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_hostile_text_takes_no_square(language: str, unit: str) -> None:
    assert_linear(lambda size: set_text(unit * size, language), 100)


def test_many_elements_take_no_square() -> None:
    assert_linear(lambda size: set_punctuation(page_of("<p>" + "<b>'</b>" * size + "</p>")), 200)


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
def test_both_dialects(dialect: DialectName) -> None:
    text = '"One *two*," `a"b`, $f\'$ -- it\'s\n\n> "three..." <b title="&quot;">"x"</b>\n'
    document = render_chapter(
        Chapter(text=text, title='A "title"'), name="text/a.xhtml", settings=RenderSettings(dialect=dialect)
    )
    made = document.data.decode()
    assert '<p>“One <em>two</em>,” <code>a"b</code>, <math' in made
    assert "</math>\u00a0– it’s</p>" in made
    assert "<p>“three…” <b" in made
    assert ">“x”</b>" in made
    assert document.title == "A “title”"


def test_empty_guillemets_have_one_space_however_often_they_are_set() -> None:
    once = set_text("«»", "fr")
    assert once == "«\u202f»"
    assert set_text(once, "fr") == once


LONG = "Verantwortungsbewusstsein"
CUT = "Verant|wor|tungs|be|wusst|sein"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (f"<h2>Das {LONG}, so</h2>", f'<h2>Das <span class="long-word">{CUT},</span> so</h2>'),
        (f"<h2>a <b>{LONG}</b> {LONG}<sup>1</sup></h2>", f"<h2>a <b>{CUT}</b> {CUT}<sup>1</sup></h2>"),
        (f"<h2><b>a</b> {LONG} c</h2>", f'<h2><b>a</b> <span class="long-word">{CUT}</span> c</h2>'),
        (f"<h2><code>{LONG}</code></h2>", f"<h2><code>{LONG}</code></h2>"),
        (f'<h2><i lang="xx">{LONG}</i></h2>', f'<h2><i lang="xx">{LONG}</i></h2>'),
        (f"<p>{LONG} a <b>{LONG}.</b></p>", f"<p>{CUT} a <b>{CUT}.</b></p>"),
        ("<p>Unterscheide</p><ul><li>Unterscheide</li></ul>", "<p>Unterscheide</p><ul><li>Unter|scheide</li></ul>"),
        (f"<p><code>{LONG}</code> {LONG}</p>", f"<p><code>{LONG}</code> {CUT}</p>"),
        (
            f'<p lang="fr">l’inconstitutionnelle <i lang="de">{LONG}</i></p>',
            f'<p lang="fr">l’incons|ti|tu|tion|nelle <i lang="de">{CUT}</i></p>',
        ),
        ("<h2>Schiff\u00adfahrtsamt</h2>", '<h2><span class="long-word">Schiff|fahrtsamt</span></h2>'),
    ],
)
def test_long_words_may_break(xml: str, expected: str) -> None:
    page = page_of(xml, "de")
    break_long_words(page)
    made = etree.tostring(page.body, encoding="unicode").replace("\u00ad", "|")
    assert made == f"<section>{expected}</section>"


def test_without_smart_punctuation_no_word_gets_soft_hyphens() -> None:
    page = page_of(f"<h2>{LONG}</h2>", "de", smart=False)
    break_long_words(page)
    assert page.body[0].text == LONG


def test_ids_and_names_keep_plain_words() -> None:
    chapter = Chapter(text=f"# {LONG}\n\n## Donau\u00addampf\u00adschiff---{LONG}\n\n[TOC]\n", path="a.md")
    made = render_chapter(chapter, name="text/a.xhtml", settings=RenderSettings(language="de"))
    assert made.title == LONG
    (heading,) = made.headings
    assert heading.text == f"Donaudampfschiff—{LONG}"
    xhtml = made.packed.content().decode()
    assert f"<title>{LONG}</title>" in xhtml
    assert f'aria-labelledby="{LONG.lower()}"' in xhtml
    assert f'<a href="#donaudampfschiff---{LONG.lower()}">Donau|dampf|schiff—{CUT}</a>' in xhtml.replace("\u00ad", "|")
