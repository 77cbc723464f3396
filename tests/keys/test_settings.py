"""book.yaml: every key with a good value, a wrong type and a near miss."""

import datetime as dt
import pickle
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chapbook.keys.settings_file import BookFields, parse_settings
from chapbook.keys.table import BOOK_KEYS
from chapbook.model.metadata import AccessibilityStatement, Contributor, Identifier, Metadata, Series
from chapbook.model.settings import ContentFile, ExtensionSpec, FileRef, ImageLimits, Settings


class Folder:
    """A folder that holds a few files."""

    def find(self, path: str) -> FileRef | None:
        return ContentFile(path) if path in self.names() else None

    def names(self) -> Iterable[str]:
        return ("cover.jpg", "a/b.css", "fonts/x.otf")


def read(text: str) -> BookFields:
    return parse_settings(text, "book.yaml", Folder())


GOOD: dict[str, tuple[str, str, object]] = {
    "title": ("1984", "title", "1984"),
    "subtitle": ("'A: B'", "subtitle", "A: B"),
    "author": ("Ann", "authors", (Contributor(name="Ann"),)),
    "authors": (
        "[Ann, {name: Bo, role: Translator, file_as: 'Bo, B'}]",
        "authors",
        (Contributor(name="Ann"), Contributor(name="Bo", role="trl", file_as="Bo, B")),
    ),
    "language": ("no", "language", "no"),
    "identifier": (
        "0306406152",
        "identifier",
        Identifier(scheme="isbn", value="urn:isbn:9780306406157", written="0306406152"),
    ),
    "publisher": ("P", "publisher", "P"),
    "date": ("2024-10", "date", "2024-10"),
    "modified": ("2024-01-01T01:00:00+01:00", "modified", dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
    "rights": ("|\n  a\n  b\n", "rights", "a\nb"),
    "description": ("what it is", "description", "what it is"),
    "subjects": ("[a, b]", "subjects", ("a", "b")),
    "subject": ("a", "subjects", ("a",)),
    "series": ("{name: S, index: 02}", "series", Series(name="S", index="2")),
    "direction": ("rtl", "direction", "rtl"),
    "writing_mode": ("vertical-rl", "writing_mode", "vertical-rl"),
    "contributors": (
        "{translator: Ann, illustrator: [Bo, {name: Cy, file_as: 'Y, C'}]}",
        "contributors",
        (
            Contributor(name="Ann", role="trl"),
            Contributor(name="Bo", role="ill"),
            Contributor(name="Cy", role="ill", file_as="Y, C"),
        ),
    ),
    "edition": ("2", "edition", "2"),
    "imprint": ("Hawk", "imprint", "Hawk"),
    "isbn_print": ("0-306-40615-2", "isbn_print", "urn:isbn:9780306406157"),
    "audience": ("[Adults, Teachers]", "audience", ("Adults", "Teachers")),
    "original_title": ("L'an", "original_title", "L'an"),
    "original_language": ("no", "original_language", "no"),
    "rights_uri": ("CC BY 4.0", "rights_uri", "https://creativecommons.org/licenses/by/4.0/"),
    "accessibility": (
        "{conforms_to: WCAG 2.2 aaa, certified_by: Ann}",
        "accessibility",
        AccessibilityStatement(conforms_to="EPUB Accessibility 1.1 - WCAG 2.2 Level AAA", certified_by="Ann"),
    ),
    "cover": ("./cover.jpg", "cover", ContentFile("cover.jpg")),
    "theme": ("modern", "theme", "modern"),
    "accent": ('"#123"', "accent", "#123"),
    "css": ("/a/b.css", "css", (ContentFile("a/b.css"),)),
    "fonts": ("[fonts/x.otf]", "fonts", (ContentFile("fonts/x.otf"),)),
    "dialect": ("CommonMark", "dialect", "commonmark"),
    "extensions": (
        "[toc, {smarty: {smart_quotes: false, n: 2, f: 1.5, l: ['1', no]}, meta: }]",
        "extensions",
        (
            ExtensionSpec(extension="toc"),
            ExtensionSpec(extension="smarty", options={"smart_quotes": False, "n": 2, "f": 1.5, "l": ["1", "no"]}),
            ExtensionSpec(extension="meta"),
        ),
    ),
    "smart": ("no", "smart", False),
    "toc_depth": ("3", "toc_depth", 3),
    "images": ("{max_pixels: 1_000_000, quality: 95}", "images", ImageLimits(max_pixels=1_000_000, quality=95)),
    "render_seconds": ("0.5", "render_seconds", 0.5),
    "messages": ("{image-no-alt: drawn later}", "messages", {"image-no-alt": "drawn later"}),
    "syntax": ("[Obsidian, pandoc, obsidian]", "syntax", ("obsidian", "pandoc")),
    "link_prefix": ("/guide", "link_prefix", ("/guide",)),
    "order": ("Names", "order", "names"),
    "assets": ("[/a/, fonts]", "assets", ("a", "fonts")),
}

WRONG = {
    "title": ("[a]", "value-type"),
    "subtitle": ("{a: b}", "value-type"),
    "author": ("[[a]]", "value-type"),
    "authors": ("{name: A, role: wizard}", "role-unknown"),
    "language": ("klingon", "language-invalid"),
    "identifier": ("978-3-16-148410-1", "identifier-invalid"),
    "publisher": ("[a]", "value-type"),
    "date": ("2024-02-30", "date-invalid"),
    "modified": ("yesterday", "date-invalid"),
    "rights": ("[a]", "value-type"),
    "description": ("{a: b}", "value-type"),
    "subjects": ("[{code: FIC000000}]", "value-invalid"),
    "subject": ("[[a]]", "value-type"),
    "series": ("Dune", "value-type"),
    "direction": ("up", "value-invalid"),
    "writing_mode": ("vertical", "value-invalid"),
    "contributors": ("{hero: Ann}", "role-unknown"),
    "edition": ("[2]", "value-type"),
    "imprint": ("{name: P}", "value-type"),
    "isbn_print": ("urn:uuid:5d980d71-085e-4db0-8a8b-092ffc432f09", "identifier-invalid"),
    "audience": ("{a: b}", "value-type"),
    "original_title": ("[a]", "value-type"),
    "original_language": ("klingon", "language-invalid"),
    "rights_uri": ("CC BY 9.0", "value-invalid"),
    "accessibility": ("{conforms_to: WCAG 2.1 AA}", "value-invalid"),
    "cover": ("[cover.jpg]", "value-type"),
    "theme": ("[a]", "value-type"),
    "accent": ("[a]", "value-type"),
    "css": ("{a: b}", "value-type"),
    "fonts": ("fonts/y.otf", "setting-file-missing"),
    "dialect": ("asciidoc", "value-invalid"),
    "extensions": ("{toc: 3}", "value-type"),
    "smart": ("maybe", "value-type"),
    "toc_depth": ("deep", "value-type"),
    "images": ("90", "value-type"),
    "render_seconds": ("long", "value-type"),
    "messages": ("image-no-alt", "value-type"),
    "syntax": ("word", "value-invalid"),
    "link_prefix": ("{a: b}", "value-type"),
    "order": ("gone.md", "setting-file-missing"),
    "assets": ("../static", "setting-file-missing"),
}

SLIPS = {
    "titel": "title",
    "sub_title": "subtitle",
    "autor": "author",
    "authers": "authors",
    "langauge": "language",
    "isbn": "identifier",
    "identifer": "identifier",
    "publsher": "publisher",
    "dat": "date",
    "modifed": "modified",
    "right": "rights",
    "descripton": "description",
    "keywords": "subjects",
    "serie": "series",
    "contributor": "contributors",
    "editon": "edition",
    "imprnt": "imprint",
    "print_isbn": "isbn_print",
    "audiance": "audience",
    "original-title": "original_title",
    "original-language": "original_language",
    "rights-uri": "rights_uri",
    "accessability": "accessibility",
    "dirction": "direction",
    "writing-mode": "writing_mode",
    "covr": "cover",
    "themes": "theme",
    "acent": "accent",
    "stylesheet": "css",
    "font": "fonts",
    "dialekt": "dialect",
    "extention": "extensions",
    "smrat": "smart",
    "toc-depth": "toc_depth",
    "image": "images",
    "render-seconds": "render_seconds",
}


def test_the_tables_above_have_every_key() -> None:
    names = {name for key in BOOK_KEYS for name in (key.name, *key.also)}
    assert set(GOOD) == set(WRONG) == names
    assert {key.name for key in BOOK_KEYS} == (
        set(Metadata.__struct_fields__) | set(Settings.__struct_fields__) | {"order", "assets"}
    ) - {
        "positions",
        "source",
        "target",
    }
    assert all(key.meaning.endswith(".") and key.takes for key in BOOK_KEYS)


@pytest.mark.parametrize("key", GOOD)
def test_a_good_value(key: str) -> None:
    written, field, value = GOOD[key]
    fields = read(f"testing: 1\n{key}: {written}\n")
    assert [each.code for each in fields.diagnostics] == ["key-unknown"]
    assert fields.values == {field: value}
    assert fields.positions[field].line == 2
    made = fields.metadata(title="T") if field in Metadata.__struct_fields__ else fields.settings()
    assert getattr(made, field, value) == value  # how the folder is read is no matter of the book's settings
    pickle.loads(pickle.dumps(fields))


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_value_is_named_with_its_place(key: str) -> None:
    written, code = WRONG[key]
    fields = read(f"# a comment\n{key}: {written}\n")
    assert [(each.code, each.path, each.line) for each in fields.diagnostics] == [(code, "book.yaml", 2)]
    assert (fields.diagnostics[0].column or 0) > len(key) + 1
    assert replace(fields.settings(), positions={}) == Settings()


@pytest.mark.parametrize("slip", SLIPS)
def test_an_unknown_key_is_warned_of_with_the_likely_one(slip: str) -> None:
    (found,) = read(f"# a comment\n{slip}: y\n").diagnostics
    assert (found.code, found.line, found.column) == ("key-unknown", 2, 1)
    assert found.hint == f"write '{SLIPS[slip]}'"


def test_nested_keys_are_checked_too() -> None:
    fields = read("images: {qualty: 3, quality: 96}\nseries: {nam: x}\nauthor: {name: A, rol: edt}\n")
    assert [(each.code, each.line) for each in fields.diagnostics] == [
        ("key-unknown", 1),
        ("value-invalid", 1),
        ("value-invalid", 2),
        ("key-unknown", 2),
        ("key-unknown", 3),
    ]
    assert fields.positions["images.quality"].column == 21


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("toc_depth: 4", "value-invalid"),
        ("toc_depth: 0", "value-invalid"),
        ("images: {quality: 0}", "value-invalid"),
        ("images: {max_pixels: 9_000_000_000_000}", "value-invalid"),
        ("images: {max_bytes: -1}", "value-invalid"),
        ("render_seconds: 0", "value-invalid"),
        ("render_seconds: 1e9", "value-invalid"),
        ("render_seconds: .inf", "value-type"),
        ("series: {name: S, index: two}", "value-invalid"),
        ("series: {index: 2}", "value-invalid"),
        ("series: [S]", "value-type"),
        ("cover: ../x.jpg", "setting-file-missing"),
        ("cover: /../../etc/passwd", "setting-file-missing"),
        ("css: https://example.org/a.css", "setting-file-missing"),
        ("css: [a/b.css, a/c.css]", "setting-file-missing"),
        ("cover: .", "setting-file-missing"),
        ("title: !!python/object:os.system x", "value-invalid"),
        ("author: A\nauthors: [B]", "key-doubled"),
        ("title: A\ntitle: B", "key-doubled"),
        ("- a", "settings-invalid"),
        ("just text", "settings-invalid"),
        ("a: b: c", "settings-invalid"),
        ("title: A\n---\ntitle: B", "settings-invalid"),
        ("title: " + "x" * 1_100_000, "file-too-large"),
    ],
)
def test_values_that_are_refused(text: str, code: str) -> None:
    assert [each.code for each in read(text).diagnostics] == [code]


def test_the_hint_for_a_missing_file_names_the_one_that_is_there() -> None:
    hints = [each.hint for each in read("cover: Cover.JPG\ncss: [b.css, 'a\\b.css']").diagnostics]
    assert hints == ["write 'cover.jpg'", "there is 'a/b.css'", "write 'a/b.css'"]


def test_an_identifier_is_its_written_text() -> None:
    assert read("identifier: 9783161484100").values["identifier"] == Identifier(
        scheme="isbn", value="urn:isbn:9783161484100"
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~", "\ufeff"])
def test_an_empty_file_says_nothing(text: str) -> None:
    fields = read(text)
    assert (fields.values, fields.diagnostics) == ({}, ())
    assert fields.metadata(title="T") == Metadata(title="T")


def test_empty_values_are_defaults() -> None:
    fields = read("".join(f"{key.name}:\n" for key in BOOK_KEYS) + "theme: ''\n".replace("theme", "subject"))
    assert [each.code for each in fields.diagnostics] == ["key-doubled"]
    assert fields.metadata(title="T") == Metadata(title="T")
    assert replace(fields.settings(), positions={}) == Settings()
    assert read("theme: ''").settings().theme == "classic"


@settings(max_examples=150)
@given(
    st.sampled_from([key.name for key in BOOK_KEYS]), st.text(alphabet="ab0.-[]{}:'\"!*&,/~\n x\x00\ud800", max_size=20)
)
def test_no_value_ends_in_a_traceback(key: str, value: str) -> None:
    fields = read(f"{key}: {value}")
    fields.settings()
    fields.metadata(title="T")
    assert all(each.message and each.path == "book.yaml" for each in fields.diagnostics)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("series: {index: 1}", ["value-invalid"]),
        ("series: {name: '', index: 1}", ["value-invalid"]),
        ("series: {name: , index: 1}", ["value-invalid"]),
        ("series: {name: [a], index: 1}", ["value-type"]),
        ("series: {name: '', index: }", []),
    ],
)
def test_a_series_with_a_place_has_a_name(text: str, codes: list[str]) -> None:
    assert [each.code for each in read(text).diagnostics] == codes
