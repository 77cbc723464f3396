"""A chapter's front matter: every key with a good value, a wrong type and a near miss; every kind of block."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chapbook.keys.front_matter import FrontMatter, parse_front_matter
from chapbook.keys.table import CHAPTER_KEYS
from chapbook.model.contents import CHAPTER_TYPES, Chapter
from support.counting import assert_linear

GOOD: dict[str, tuple[str, str, object]] = {
    "title": ("2024", "title", "2024"),
    "heading": ("Chapter 14b", "heading", "Chapter 14b"),
    "weight": ("010", "weight", Decimal(10)),
    "date": ("2025-10-13T10:00:00+02:00", "date", dt.date(2025, 10, 13)),
    "description": ("one\n  two", "description", "one two"),
    "accent": ('"#2f4f4f"', "accent", "#2f4f4f"),
    "c": ("darkslategray", "accent", "darkslategray"),
    "type": ("Copyright Page", "type", "copyright-page"),
    "show_title": ("no", "show_title", False),
    "in_toc": ("false", "in_toc", False),
    "draft": ("yes", "draft", True),
    "language": ("no", "language", "no"),
    "lang": ("en-us", "language", "en-US"),
    "author": ("Ann", "authors", ("Ann",)),
    "authors": ("[Ann, {name: Bo}]", "authors", ("Ann", "Bo")),
    "slug": ("a-b", "slug", "a-b"),
    "split": ("no", "split", False),
    "aliases": ("[/a/, /b/]", "aliases", ("/a/", "/b/")),
}

WRONG = {
    "title": ("[a]", "value-type"),
    "heading": ("{a: b}", "value-type"),
    "weight": ("heavy", "weight-invalid"),
    "date": ("2024-02-30", "date-invalid"),
    "description": ("[a, b]", "value-type"),
    "accent": ("[red]", "value-type"),
    "c": ("{a: b}", "value-type"),
    "type": ("[preface]", "type-unknown"),
    "show_title": ("perhaps", "value-type"),
    "in_toc": ("[]", "value-type"),
    "draft": ("perhaps", "value-type"),
    "language": ("en_US", "language-invalid"),
    "lang": ("english", "language-invalid"),
    "author": ("[[Ann]]", "value-type"),
    "authors": ("{role: aut}", "value-invalid"),
    "slug": ("[a]", "value-type"),
    "split": ("perhaps", "value-type"),
    "aliases": ("{a: b}", "value-type"),
}

SLIPS = {
    "titel": "title",
    "tilte": "title",
    "headng": "heading",
    "wieght": "weight",
    "dtae": "date",
    "descripton": "description",
    "acent": "accent",
    "tpye": "type",
    "show-title": "show_title",
    "in_tox": "in_toc",
    "drfat": "draft",
    "languge": "language",
    "auhtor": "author",
    "autors": "authors",
    "slgu": "slug",
    "alias": "aliases",
}


def read(text: str) -> FrontMatter:
    return parse_front_matter(text, "one/a.md")


def faults(text: str) -> list[tuple[str, int | None, int | None]]:
    return [(each.code, each.line, each.column) for each in read(text).diagnostics]


def test_the_tables_above_have_every_key() -> None:
    names = {name for key in CHAPTER_KEYS for name in (key.name, *key.also)}
    assert set(GOOD) == set(WRONG) == names
    assert all(key.meaning.endswith(".") and key.takes for key in CHAPTER_KEYS)
    assert {key.name for key in CHAPTER_KEYS} <= set(Chapter.__struct_fields__)


@pytest.mark.parametrize("key", GOOD)
def test_a_good_value(key: str) -> None:
    written, field, value = GOOD[key]
    result = read(f"---\nx: 1\n{key}: {written}\n---\n")
    assert getattr(result.chapter, field) == value
    assert result.diagnostics == ()
    main = next(row.name for row in CHAPTER_KEYS if key in (row.name, *row.also))
    assert result.chapter.positions[main].line == 3


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_value_is_named_with_its_place(key: str) -> None:
    written, code = WRONG[key]
    found = read(f"---\nx: 1\n{key}: {written}\n---\n").diagnostics
    assert [each.code for each in found] == [code]
    assert (found[0].path, found[0].line) == ("one/a.md", 3)
    assert found[0].column is not None
    assert found[0].column > len(key) + 1


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_warned_of_with_the_likely_key(slip: str) -> None:
    (found,) = read(f"---\nx: 1\n{slip}: y\n---\n").diagnostics
    assert (found.code, found.line, found.column) == ("key-unknown", 3, 1)
    assert found.hint == f"write '{SLIPS[slip]}'"


@pytest.mark.parametrize(
    "key",
    [
        "menu",
        "tags",
        "layout",
        "Category",
        "linkTitle",
        "subtitle",
        "updated",
        "lastmod",
        "nav_order",
        "my_own",
        "data",
    ],
)
def test_keys_of_site_generators_pass_in_silence(key: str) -> None:
    assert faults(f"---\n{key}: {{a: [b]}}\n---\n") == []


@pytest.mark.parametrize("key", ["Title", "TITLE", "title"])
def test_keys_are_taken_in_any_case(key: str) -> None:
    assert read(f"---\n{key}: A\n---\n").chapter.title == "A"


def test_a_doubled_key_in_another_case_is_doubled() -> None:
    assert faults("---\ntitle: A\nTitle: B\n---\n") == [("key-doubled", 3, 1)]


@pytest.mark.parametrize("weight", ["10", '"10"', "-1", "2.5", "'2.5'", "1_000", "1e2", "+3", ".5", "0"])
def test_weights(weight: str) -> None:
    result = read(f"---\nweight: {weight}\n---\n")
    assert result.diagnostics == ()
    assert result.chapter.weight == Decimal(weight.strip("\"'").replace("_", ""))


@pytest.mark.parametrize(
    "weight", ["heavy", ".nan", ".inf", "true", "[1]", "{a: 1}", "1:30", "0x1F", "'nan'", "1e9999", "!x 1", "9" * 99]
)
def test_what_is_no_weight(weight: str) -> None:
    result = read(f"---\nweight: {weight}\n---\n")
    assert [each.line for each in result.diagnostics] == [2]
    assert result.chapter.weight is None


@pytest.mark.parametrize("nothing", ["", "~", "null", '""', "# comment"])
def test_an_empty_value_is_none(nothing: str) -> None:
    text = "---\n" + "".join(f"{key.name}: {nothing}\n" for key in CHAPTER_KEYS) + "---\nx"
    result = read(text)
    assert result.diagnostics == ()
    assert replace(result.chapter, positions={}) == Chapter(path="one/a.md", text="x", first_line=len(CHAPTER_KEYS) + 3)


def test_a_colour_without_quotes_is_told_to_be_a_comment() -> None:
    (found,) = read("---\nc: #2f4f4f\n---\n").diagnostics
    assert (found.code, found.line, found.hint) == ("accent-invalid", 2, 'write c: "#2f4f4f"')


@pytest.mark.parametrize("kind", CHAPTER_TYPES)
def test_types(kind: str) -> None:
    assert read(f"---\ntype: {kind}\n---\n").chapter.type == kind


@pytest.mark.parametrize("kind", ["docs", "post", "page", "Book"])
def test_types_of_hugo_are_chapters_in_silence(kind: str) -> None:
    result = read(f"---\ntype: {kind}\n---\n")
    assert (result.chapter.type, result.diagnostics) == ("chapter", ())


def test_an_unknown_type_is_warned_of() -> None:
    (slip,) = read("---\ntype: prefase\n---\n").diagnostics
    assert (slip.code, slip.hint) == ("type-unknown", "write 'preface'")
    (other,) = read("---\ntype: unknown\n---\n").diagnostics
    assert other.hint is not None
    assert "copyright-page" in other.hint


def test_folded_lines_become_one_and_spaces_that_do_not_break_stay() -> None:
    assert read("---\ntitle: >\n  a\n  b\u00a0c\n---\n").chapter.title == "a b\u00a0c"


def test_characters_that_no_book_holds_are_left_out_with_a_warning() -> None:
    result = read('---\ntitle: "a\\u0007b\\uFFFE"\n---\n')
    assert result.chapter.title == "ab"
    assert [(each.code, each.line, each.column) for each in result.diagnostics] == [("control-character", 2, 8)]
    raw = read("---\ntitle: a\x0bb\ud800\n---\n")
    assert raw.chapter.title == "ab"
    assert [each.code for each in raw.diagnostics] == ["control-character"]
    escaped = read('{"title": "a\\ud800b"}\n')
    assert escaped.chapter.title == "ab"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\nweight: 3\n---\nbody\n",
        "\ufeff---\r\ntitle: A\r\nweight: 3\r\n---\r\nbody\r\n",
        "---\rtitle: A\rweight: 3\r---\rbody\r",
        "---  \ntitle: A\nweight: 3\n...\nbody\n",
        '+++\ntitle = "A"\nweight = 3\n+++\nbody\n',
        '{"title": "A",\n"weight": 3\n}\nbody\n',
        '{\n"title": "A", "weight": 3\n}\nbody\n',
    ],
)
def test_every_kind_of_block(text: str) -> None:
    result = read(text)
    assert result.diagnostics == ()
    chapter = result.chapter
    assert (chapter.title, chapter.weight, chapter.text) == ("A", 3, "body\n")
    assert chapter.first_line == result.source.split("\n").index("body") + 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "body",
        "\n---\ntitle A\n---\n",
        "\n---\n\nWords: few.\n",
        "Note: this is prose.\n",
        "Title: of a table\nand a second line\n\nText\n",
        " ---\ntitle: A\n---\n",
        "----\ntitle: A\n----\n",
        "{{< figure >}}\n",
        "{% raw %}\n",
        "{.class}\n",
        "{#id}",
        "# +++\n",
    ],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    result = read(text)
    assert (result.chapter.text, result.chapter.first_line, result.diagnostics) == (text, 1, ())


@pytest.mark.parametrize("text", ["---\n---\nbody", "---\n# only a comment\n---\nbody", "+++\n+++\nbody", "{}\nbody"])
def test_an_empty_block(text: str) -> None:
    result = read(text)
    assert (result.chapter.text, result.diagnostics) == ("body", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: A\n", ("front-matter-unclosed", 1)),
        ("---", ("front-matter-unclosed", 1)),
        ("+++\na = 1\n", ("front-matter-unclosed", 1)),
        ('{"a": 1\n', ("front-matter-unclosed", 1)),
        ("---\n- a\n---\n", ("front-matter-invalid", 2)),
        ("---\n\nsome text\n---\n", ("front-matter-invalid", 3)),
        ("---\ntitle: A: B\n---\n", ("front-matter-invalid", 2)),
        ("+++\na = 1\nb = [\n+++\n", ("front-matter-invalid", 4)),
        ('{"a": 1} text\n', ("front-matter-invalid", 1)),
        ('{"a": 1,\n"b": x}\n', ("front-matter-invalid", 2)),
        ("---\na: " + "[" * 50 + "]" * 50 + "\n---\n", ("too-deep", 2)),
        ("---\na: " + "x" * 1_100_000 + "\n---\n", ("file-too-large", 1)),
    ],
)
def test_a_block_that_cannot_be_read(text: str, expected: tuple[str, int]) -> None:
    found = faults(text)
    assert [each[:2] for each in found] == [expected]


def test_all_faults_of_a_file_are_named_in_its_order() -> None:
    text = "---\nwieght: 1\ndate: 2024-02-30\ntitle: [a]\nweight: x\nweight: 2\nlanguage: q\n---\n"
    codes = ["key-unknown", "date-invalid", "value-type", "weight-invalid", "key-doubled", "language-invalid"]
    assert [(code, line) for code, line, _ in faults(text)] == list(zip(codes, range(2, 8), strict=True))


pieces = st.sampled_from(
    ["---", "+++", "...", "{", "}", "\n", "\r\n", "\r", "title: ", "title = ", '"', "[", "a", "\ufeff", "\u2028"]
)


@pytest.mark.parametrize("text", ["---\n---", "+++\n+++", "{}", "---\ntitle: A\n---"])
def test_a_block_that_ends_the_file_has_its_text_on_the_line_after(text: str) -> None:
    chapter = read(text).chapter
    assert (chapter.text, chapter.first_line) == ("", text.count("\n") + 2)


@settings(max_examples=300)
@given(st.lists(pieces | st.text(max_size=4), max_size=25).map("".join))
def test_any_text_is_a_chapter(text: str) -> None:
    result = read(text)
    chapter = result.chapter
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    rest = "\n".join(lines[chapter.first_line - 1 :])
    inside = any(each.code == "front-matter-invalid" for each in result.diagnostics)
    assert chapter.text == rest or (inside and rest.endswith(chapter.text))
    assert all(each.line is None or 1 <= each.line <= len(lines) + 1 for each in result.diagnostics)


def test_what_a_site_says_of_an_author_passes_and_a_slip_does_not() -> None:
    assert faults("---\nauthor: {name: Ann, link: 'https://e.org', position: Engineer}\n---\n") == []
    assert [each[0] for each in faults("---\nauthor: {name: Ann, rloe: edt}\n---\n")] == ["key-unknown"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [('{"title": "A"} text\n', 1, 15), ('{\n"title": "A"} text\nmore\n', 2, 14), ('{\n"title": "A"\n}} text', 3, 2)],
)
def test_text_after_json_is_told_where_it_stands_and_is_kept(text: str, line: int, column: int) -> None:
    assert faults(text) == [("front-matter-invalid", line, column)]
    assert "text" in read(text).chapter.text
    assert read(text).chapter.title == "A"


def test_front_matter_below_empty_lines_is_read_and_said() -> None:
    result = read("\n \n---\ntitle: A\nweight: heavy\n---\nbody\n")
    assert (result.chapter.title, result.chapter.text, result.chapter.first_line) == ("A", "body\n", 7)
    assert [(each.code, each.line) for each in result.diagnostics] == [("front-matter-late", 3), ("weight-invalid", 5)]


def test_lines_of_multimarkdown_and_pelican() -> None:
    result = read("Title: My title\n  goes on\nDate: 2010-12-03 10:20\nAuthors: Ann, Bo\nTags: a\n\nbody\n")
    chapter = result.chapter
    assert (chapter.title, str(chapter.date), chapter.authors) == ("My title goes on", "2010-12-03", ("Ann", "Bo"))
    assert (chapter.text, chapter.first_line, result.diagnostics) == ("body\n", 7, ())


@pytest.mark.parametrize(
    ("line", "column"),
    [("title: Letter #3 (blue)", 15), ("heading: Part # one", 15), ("title: A#3", 0), ('title: "A #3"', 0)],
)
def test_a_comment_that_cuts_a_text_in_two_is_named(line: str, column: int) -> None:
    assert faults(f"---\n{line}\n---\n") == ([("value-comment", 2, column)] if column else [])


@pytest.mark.parametrize("line", ["title: a{0}x", "title: {0}# x", "title: a #{0}", "Title: a{0}x\nDate: 2020-01-01"])
def test_spaces_without_end_take_no_square(line: str) -> None:
    assert_linear(lambda size: read(f"---\n{line.format(' ' * size)}\n# c #\n---\n"), 400)
