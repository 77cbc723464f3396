"""Characters that XML cannot hold, and encoding damage."""

import pickle
import re
from pathlib import Path

import pytest
from ftfy.badness import is_bad
from hypothesis import given
from hypothesis import strategies as st

from chapbook.markup.page import RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.settings import DialectName
from chapbook.rendering.document import render_chapter
from chapbook.source import mojibake
from chapbook.source.characters import check_text
from chapbook.source.positions import SourceText
from support.counting import assert_linear


def check(text: str, first_line: int = 1) -> tuple[str, tuple[Diagnostic, ...]]:
    return check_text(SourceText(text=text, path="one/a.md", first_line=first_line))


DAMAGED = {
    "the rule of law.‚Äù In": ("‚Äù", "”"),
    "donâ€™t": ("â€™", "’"),
    "cafÃ© au lait": ("Ã©", "é"),
    "MÃœLLER": ("Ãœ", "Ü"),
    "РїСЂРёРІРµС‚": ("РїСЂРёРІРµС‚", "привет"),
    "вЂњРґР°": ("вЂњРґР°", "“да"),
    "вЂ™ alone": ("вЂ™", "’"),
    "ΓÇÖ it": ("ΓÇÖ", "’"),
    "ÔÇÖ it": ("ÔÇÖ", "’"),
    "the end â€ he said": ("â€", "”"),
    "siÄ™ nie": ("Ä™", "ę"),
    "√©cole": ("√©", "é"),
    "o√π est": ("√π", "ù"),
    "Tráº§n": ("áº§", "ầ"),
    "×©×œ×•×": ("×©×œ×•", "שלו"),
    "Ã¢â‚¬â„¢ twice": ("Ã¢â‚¬â„¢", "’"),
    "5 Â°C": ("Â°", "°"),
    "cafĂ©": ("Ă©", "é"),
    "Ã‰tat": ("Ã‰", "É"),
    "Ã€ la carte": ("Ã€", "À"),
    "grÃ¶ÃŸe": ("Ã¶ÃŸ", "öß"),
    "costs â‚¬5": ("â‚¬", "€"),
    "Î±Î²": ("Î±Î²", "αβ"),
    "Â«Bonjour": ("Â«", "«"),
    "caf‚àö¬©": ("‚àö¬©", "é"),
    "— Ð¸ —": ("Ð¸", "и"),
    "Î® alone": ("Î®", "ή"),
    "que Ă© isto": ("Ă©", "é"),
    "table\tÅ¡": ("Å¡", "š"),
    "≈© alone": ("≈©", "ũ"),
    "the sign ─⌐": ("─⌐", "ĩ"),
}


@pytest.mark.parametrize(("text", "expected"), DAMAGED.items(), ids=DAMAGED)
def test_damage_is_named_with_what_it_was(text: str, expected: tuple[str, str]) -> None:
    kept, (warning, *rest) = check(text)
    assert kept == text
    assert (warning.code, warning.message) == ("encoding-damage", f"'{expected[0]}' is probably '{expected[1]}'")
    assert (warning.path, warning.line, warning.column) == ("one/a.md", 1, text.index(expected[0]) + 1)
    assert not rest


SOUND = [
    "à la carte à Paris : «\xa0oui\xa0», « Â », l’Île, œuvre, Œuvre — « Œ », —étrange, “école”",
    "Größe „Über“ ‚Öl‘ „Ä“ ist; JÄ… nein; ‚Ärger‘; straße",
    "Tôi là người Việt Nam ở Đà Nẵng",
    "ΚΑΛΗΜΕΡΑ «Ελλάδα» «Î»",
    "Жил-был «царь»… С… вас «В» «О…»",
    "Різдво ВІДІЙТИ ДІЇ «Її» РІСІВ",
    "Zażółć gęślą jaźń „cytat” – tak",
    "中文“引号”，日本語「引用」、한국어",
    "£5, €10, ¥100, 20°C, ≈£5 million, 2√π, 5 ± 2 × 3, ½, r²",
    "5 Å² area; »Å« er; »Ærø« »Øl« Å”",
    "┌─┬┐├│┤└┴┘ ├── x",
    "São João, MANHÃ», IRMÃ\xa0», GONÇALVES, Nº 5",
    "niño “ñ”. ¿Qué? ¡Ya! «Ñ»",
    "MĂŞTI, în, şi, Čapek «Ž» Č…",
    "עברית “מירכאות”, العربية «علامة»",
    "† ‡ § ¶ © ® ™ ¬∃x",
    *("Å® is a trade name", "(Ä© 2020)", "the vowel Ä¹ and", "Å• one • two", "the sign Å´ is"),
    *("a length of 5 Å†", "12\xa0Å§ long", "of 3Å¶ and"),
    *("─©─", "──®", "├──© x"),
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_is_left_alone(text: str) -> None:
    assert check(text) == (text, ())


def test_damage_counts_in_code_and_once_a_line() -> None:
    text = 'first\n\n    print("donâ€™t, canâ€™t")\n\nsound\n'
    _, (warning,) = check(text, first_line=7)
    assert (warning.line, warning.column) == (9, 15)
    assert warning.message == "'â€™' is probably '’', and 1 more on this line"
    assert warning.hint
    assert "Windows-1252" in warning.hint


def test_lost_characters_are_said_to_be_lost() -> None:
    _, (warning,) = check("a \ufffd\ufffd b")
    assert warning.message == "'\ufffd\ufffd' marks a lost character"
    assert warning.column == 3


def test_control_characters_are_dropped_and_counted() -> None:
    kept, (warning,) = check("one\nt\x00w\x00o\x0b \x93x\x94\n", first_line=5)
    assert kept == "one\ntwo x\n"
    assert (warning.code, warning.line, warning.column) == ("control-character", 6, 2)
    assert warning.message == "dropped U+0000 (2 times), U+000B, U+0093 (probably '“'), U+0094 (probably '”')"


@pytest.mark.parametrize("character", ["\x01", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_goes(character: str) -> None:
    kept, diagnostics = check(f"a{character}b")
    assert kept == "ab"
    assert [each.code for each in diagnostics] == ["control-character"]


def test_damage_with_control_characters_is_said_once() -> None:
    kept, (warning,) = check("Ã\x89tat")
    assert kept == "Ãtat"
    assert warning.message == r"'\xc3\x89' is probably 'É'"


def test_line_ends_become_one() -> None:
    assert check("a\r\nb\rc\n") == ("a\nb\nc\n", ())


def test_a_bad_file_gives_few_messages() -> None:
    _, diagnostics = check("\x00 donâ€™t\n" * 5000)
    assert len(diagnostics) == 42
    assert {each.message for each in diagnostics if each.line == 21} == {
        "chapbook dropped control characters on 4980 more lines",
        "encoding damage on 4980 more lines",
    }


def test_diagnostics_pickle() -> None:
    _, diagnostics = check("\x00â€™")
    assert pickle.loads(pickle.dumps(diagnostics)) == diagnostics


@given(st.text())
def test_only_what_xml_cannot_hold_is_dropped(text: str) -> None:
    kept, _ = check(text)
    unfit = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
    assert kept == unfit.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert check(kept)[0] == kept


def test_a_damaged_character_alone_is_seen_where_ftfy_sees_it() -> None:
    """Of a word, the letters around a pair tell; alone it is judged by itself. Two may be a capital and a footnote."""
    unseen: set[str] = set()
    more: set[str] = set()
    for name, leads in mojibake._LEADS.items():
        characters = {byte: character for character, byte in mojibake._tables()[name].items()}
        pairs = {chr(code): chr(code).encode() for code in range(0x80, 0x800)}
        for meant, (lead, trail) in pairs.items():
            if name == "cp1251" or lead not in leads or not {lead, trail} <= characters.keys():
                continue
            text = f"Abc {characters[lead]}{characters[trail]} def"
            found = bool(mojibake.find_damage(text))
            if mojibake._LATIN.fullmatch(meant) and found != is_bad(text):
                (more if found else unseen).add(text[4:6])
    assert {each for each in unseen if each[1] not in mojibake._UNSURE and not each[1].isalpha()} == {"Ä¹", "Å¹"}
    assert {"Å¡", "Ă©", "─½", "≈™"} <= more


WORDS = {path.stem: path for path in (Path(mojibake.__file__).parents[1] / "words").glob("*.json")}


@pytest.mark.parametrize("language", sorted(WORDS))
def test_words_of_many_languages_are_sound_and_seen_when_damaged(language: str) -> None:
    text = WORDS[language].read_text("utf-8")
    assert mojibake.find_damage(text) == ()
    lines = [line for line in text.split("\n") if not line.isascii()]
    damaged = [line.encode().decode("latin-1") for line in lines]
    assert sum(bool(mojibake.find_damage(line)) for line in damaged) >= 0.75 * len(lines)


@given(st.text(alphabet="abcßéäñœÉ’“”–… «»€™", min_size=1))
def test_every_damaged_form_of_a_character_is_found(text: str) -> None:
    """Except where a damaged byte is a space in disguise, every non-ASCII run read as Latin-1 is seen."""
    damaged = text.encode().decode("latin-1")
    found = [each for each in check(damaged)[1] if each.code == "encoding-damage"]
    assert bool(found) or not re.search("[’“”–…€™œÉ]", text)


@pytest.mark.parametrize("unit", ["Ã", "â€", "Ã¢â‚¬â„¢", "Â\xa0", "√", "вЂ", "\ufffd ", "ä½", "\x80", "Â\x81"])
def test_hostile_text_takes_no_square(unit: str) -> None:
    assert_linear(lambda size: check(unit * size), 250)


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
def test_both_dialects(dialect: DialectName) -> None:
    chapter = Chapter(text="a\x00b donâ€™t\n\n    code Ã©\n", path="a.md", first_line=4)
    document = render_chapter(chapter, name="text/a.xhtml", settings=RenderSettings(dialect=dialect))
    assert "<p>ab donâ€™t</p>" in document.data.decode()
    assert [(each.code, each.line) for each in document.diagnostics] == [
        ("control-character", 4),
        ("encoding-damage", 4),
        ("encoding-damage", 6),
    ]


def test_of_many_characters_on_a_line_some_are_named_and_the_rest_counted() -> None:
    _, (found,) = check("a\x01b\x02c\x03d\x04e\x05f\x06")
    assert found.message == "dropped U+0001, U+0002, U+0003, U+0004 and 2 more"


def test_a_reference_to_what_no_book_holds_is_told_outside_code() -> None:
    text, found = check_text(
        SourceText(text="a &#1; b &#xFFFE; c\n\n`&#1;` &#65; &#x110000;\n", path="a.md", first_line=3)
    )
    assert text.startswith("a &#1;")
    assert [(each.code, each.line, each.column) for each in found] == [
        ("control-character", 3, 3),
        ("control-character", 3, 10),
        ("control-character", 5, 14),
    ]


def test_two_letters_that_are_one_more_damaged_are_two() -> None:
    (found,) = check("É«".encode().decode("latin-1"))[1]
    assert (found.code, "'É«'" in found.message) == ("encoding-damage", True)
