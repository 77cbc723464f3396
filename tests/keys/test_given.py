"""What Python code gives: a wrong value raises where it is given, by the field's name; the table has every field."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import io
import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from markdown.extensions.toc import TocExtension
from msgspec.structs import fields

from chapbook import (
    AccessibilityStatement,
    Book,
    ChapbookError,
    Chapter,
    Choices,
    Contributor,
    ExtensionSpec,
    FontFile,
    Identifier,
    ImageLimits,
    Metadata,
    Part,
    Series,
    Subject,
)
from chapbook.building.additions import ADDITION_KINDS
from chapbook.keys.contributors import CONTRIBUTOR_KEYS
from chapbook.keys.publishing import ACCESSIBILITY_KEYS, SERIES_KEYS, SUBJECT_KEYS
from chapbook.keys.rows import Key
from chapbook.keys.setting_values import FONT_KEYS, IMAGE_KEYS
from chapbook.keys.table import CHAPTER_KEYS, METADATA_KEYS, SETTINGS_KEYS
from chapbook.model.fields import kinds_of
from chapbook.model.settings import Settings


@pytest.mark.parametrize(
    ("owner", "table", "without_key"),
    [
        (Metadata, METADATA_KEYS, set()),
        (Settings, SETTINGS_KEYS, {"positions", "source", "target"}),
        (
            Chapter,
            CHAPTER_KEYS,
            {"text", "contents_title", "path", "first_line", "origins", "source", "positions", "extra"} | {"dialect"},
        ),
        (Contributor, CONTRIBUTOR_KEYS, set()),
        (Series, SERIES_KEYS, {"volumes"}),
        (Subject, SUBJECT_KEYS, set()),
        (AccessibilityStatement, ACCESSIBILITY_KEYS, set()),
        (ImageLimits, IMAGE_KEYS, {"max_side", "svg", "animations", "read_pixels"}),
        (FontFile, FONT_KEYS, set()),
    ],
)
def test_every_field_has_a_row_and_every_row_a_field(
    owner: type, table: tuple[Key, ...], without_key: set[str]
) -> None:
    names = {each.name for each in fields(owner)}
    assert [key.name for key in table] == list(dict.fromkeys(key.name for key in table))
    assert {key.name for key in table} == names - without_key
    assert names - set(kinds_of(owner)) <= {"positions", "source"}, "a field without a kind isn't checked"


def test_a_book_has_the_fields_of_its_metadata_and_settings_with_their_defaults() -> None:
    given = {each.name: each for each in dataclasses.fields(Book) if not each.name.startswith("_")}
    parts = {
        each.name: each for each in (*fields(Metadata), *fields(Settings)) if each.name not in {"positions", "source"}
    }
    assert set(given) == {*parts, *ADDITION_KINDS, "root", "contents"}
    book, metadata, settings = Book(title="T"), Metadata(title="T"), Settings()
    for name in parts:
        held = getattr(book, name)
        default = getattr(metadata if hasattr(metadata, name) else settings, name)
        assert (tuple(held) if isinstance(held, list) else held or default) == default, name


def raised(make: Callable[[], object], kind: type[Exception] = TypeError) -> str:
    with pytest.raises(kind) as caught:
        make()
    assert isinstance(caught.value, ChapbookError)
    (said,) = caught.value.diagnostics
    assert pickle.loads(pickle.dumps(caught.value)).diagnostics == (said,)
    return said.message


@pytest.mark.parametrize("value", [5, None, b"x", object, 2.5, {"a": 1}], ids=repr)
@pytest.mark.parametrize(
    "name", sorted(each.name for each in dataclasses.fields(Book) if each.init and each.name != "_read")
)
def test_a_value_of_the_wrong_type_raises_at_the_attribute(name: str, value: object) -> None:
    book = Book(title="T")
    before = getattr(book, name)
    fine = {
        "render_seconds": (5, 2.5),
        "edition": (5,),
        **dict.fromkeys(("modified", "series", "direction", "root", "identifier", "accessibility"), (None,)),
        "cover": (None, b"x"),
        "extra": ({"a": 1},),
        "prefixes": ({"a": 1},),
        **dict.fromkeys(("passes", "dialect"), (object,)),
        **dict.fromkeys(("css", "fonts"), (b"x",)),
    }
    if value in fine.get(name, ()):
        setattr(book, name, value)
        assert getattr(book, name) in ((str(value),) if name == "edition" else (value, [value]))
        return
    error = ValueError if name == "toc_depth" and value == 5 else TypeError
    assert raised(lambda: Book(**{"title": "T", name: value}), error).startswith(f"Book.{name} takes ")  # type: ignore[arg-type]
    assert raised(lambda: setattr(book, name, value), error).startswith(f"Book.{name} takes ")
    assert getattr(book, name) is before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dialect", "asciidoc"),
        ("direction", "up"),
        ("writing_mode", "vertical"),
        ("toc_depth", 7),
        ("toc_depth", 0),
        ("render_seconds", 0),
        ("render_seconds", -1),
        ("render_seconds", 3601),
        ("render_seconds", float("nan")),
    ],
)
def test_a_value_out_of_bounds_raises_at_the_attribute(name: str, value: object) -> None:
    assert raised(lambda: Book(**{"title": "T", name: value}), ValueError).startswith(f"Book.{name} takes ")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Chapter(text=None), "Chapter.text takes text, not NoneType"),  # type: ignore[arg-type]
        (lambda: Chapter(title="One", text=b"x"), "Chapter.text of 'One' takes text, not bytes"),  # type: ignore[arg-type]
        (lambda: Chapter(title=1984), "Chapter.title takes text, not int"),  # type: ignore[arg-type]
        (lambda: Chapter(authors=[1]), "Chapter.authors takes a name or a list of names, not a list with int"),  # type: ignore[list-item]
        (lambda: Chapter(draft="no"), "Chapter.draft takes True or False, not str"),  # type: ignore[arg-type]
        (lambda: Part(opening="One"), "Part.opening takes a Chapter, not str"),  # type: ignore[arg-type]
        (lambda: Contributor(name=None), "Contributor.name takes text, not NoneType"),  # type: ignore[arg-type]
        (lambda: Series(name=1), "Series.name takes text, not int"),  # type: ignore[arg-type]
        (
            lambda: ImageLimits(max_bytes=True),
            "ImageLimits.max_bytes takes a whole number from 10,000 to 200,000,000, not bool",
        ),
        (
            lambda: Book(title="T").add("text"),  # type: ignore[arg-type]
            "Book.add takes a Chapter, a Part, or a list of these, not str",
        ),
        (lambda: Book(title="T").check(jobs="2"), "jobs takes a whole number from 0, not str"),  # type: ignore[arg-type]
        (lambda: Book(title="T").write(None), "target takes a path or a binary file object, not NoneType"),  # type: ignore[arg-type]
        (lambda: Choices(cover=5), "Choices.cover takes a path, not int"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_type_is_named(make: Callable[[], object], message: str) -> None:
    assert raised(make) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Chapter(title="A", date="soon"), "Chapter.date of 'A' takes a date, not 'soon'"),
        (lambda: Chapter(weight=True), "Chapter.weight takes a number, not True"),
        (lambda: ImageLimits(quality=96), "ImageLimits.quality takes a whole number from 1 to 95, not 96"),
        (
            lambda: Identifier(scheme="isn", value="x"),  # type: ignore[arg-type]
            "Identifier.scheme takes 'isbn', 'uuid', 'doi' or 'uri', not 'isn'",
        ),
        (lambda: Book(title="T").write("x.epub", jobs=-1), "jobs takes a whole number from 0, not -1"),
        (lambda: Choices(jobs=-1), "Choices.jobs takes a whole number from 0, not -1"),
    ],
)
def test_a_wrong_value_is_named(make: Callable[[], object], message: str) -> None:
    assert raised(make, ValueError) == message


def test_a_text_file_is_not_a_target() -> None:
    assert raised(lambda: Book(title="T").write(io.StringIO())).startswith("target takes ")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["css", "contents", "authors", "fonts", "extensions", "subjects"])
def test_what_is_wrong_in_a_list_is_named_when_the_book_is_checked(name: str) -> None:
    book = Book(title="T", contents=[Chapter(title="One", text="x")])
    getattr(book, name).append(5)
    assert raised(book.check).startswith(f"Book.{name} takes ")
    assert raised(lambda: book.write("never.epub")).startswith(f"Book.{name} takes ")


def test_a_single_value_is_a_list_of_one() -> None:
    chapter = Chapter(title="One", text="x", authors="Ann", aliases="/one/")
    assert (chapter.authors, chapter.aliases) == (("Ann",), ("/one/",))
    toc = TocExtension()
    book = Book(
        title="T",
        authors="Ann",
        subjects="Tides",
        css=Path("x.css"),
        fonts="x.otf",
        extensions=toc,
        contents=chapter,
    )
    assert (book.authors, book.subjects, book.css) == (["Ann"], ["Tides"], [Path("x.css")])
    assert (book.fonts, book.extensions, book.contents) == (["x.otf"], [toc], [chapter])
    book.css = "y.css"
    book.css.append("z.css")
    assert book.css == ["y.css", "z.css"]
    assert Choices(css="x.css") == Choices(css=("x.css",))


def test_values_of_the_kinds_that_python_people_have_are_taken() -> None:
    own = ["a.css"]
    book = Book(title="T", css=own, authors=(name for name in ("Ann", "Bo")), smart=0, render_seconds=5)  # type: ignore[arg-type]
    assert book.css is own
    assert (book.authors, book.smart, book.render_seconds) == (["Ann", "Bo"], False, 5)
    assert Series(name="S", index=2).index == "2"
    assert Chapter(date="2024-01-02").date == dt.date(2024, 1, 2)
    assert type(Chapter(date=dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC)).date) is dt.date
    assert [Chapter(weight=each).weight for each in (1, 2.5, Decimal(3), " 4 ", None)] == [1, 2.5, 3, " 4 ", None]
    assert Part(opening=Chapter(), contents=[Chapter()]).contents == (Chapter(),)
    book.extensions = ["toc", TocExtension(), ExtensionSpec(extension="toc")]
    assert [each.code for each in book.check().errors] == ["css-file-missing", "no-chapters"]


def test_a_misspelt_attribute_names_the_near_one() -> None:
    book = Book(title="T")
    with pytest.raises(AttributeError, match="did you mean 'theme'"):
        book.them = "modern"  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="did you mean 'theme'"):
        _ = book.them  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"has no attribute 'colophon'$"):
        book.colophon = "x"  # type: ignore[attr-defined]
    assert "them" not in vars(book)


def test_a_book_can_be_copied_and_compared() -> None:
    book = Book(title="T", css=["a.css"], contents=[Chapter(title="One")])
    for other in (copy.copy(book), copy.deepcopy(book), pickle.loads(pickle.dumps(book)), dataclasses.replace(book)):
        assert other == book
    assert "css=['a.css']" in repr(book)


UNFIT = "a\ud83d\x00b\x1b\x7f\ufffe"
"""A lone surrogate, control characters and a noncharacter among words."""


@pytest.mark.parametrize(
    "values",
    [
        {"title": UNFIT},
        {"subtitle": UNFIT},
        {"authors": ["Ann", UNFIT]},
        {"authors": [Contributor(name="Ann", file_as=UNFIT)]},
        {"contributors": [UNFIT]},
        {"description": f"One.\n\n{UNFIT}"},
        {"publisher": UNFIT},
        {"imprint": UNFIT},
        {"edition": UNFIT},
        {"rights": UNFIT},
        {"subjects": ["sea", UNFIT]},
        {"subjects": [Subject(name=UNFIT, code="FBA", scheme="Thema")]},
        {"audience": [UNFIT]},
        {"original_title": UNFIT},
        {"series": Series(name=UNFIT, index="1")},
        {"accessibility": AccessibilityStatement(summary=UNFIT)},
    ],
    ids=lambda values: next(iter(values)),
)
def test_characters_of_metadata_that_no_book_holds_are_said_once_and_left_out(
    values: dict[str, Any], tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    book = Book(**{"title": "T", "authors": ["A"], **values})
    book.add(Chapter(title="One", text="Words."))
    report = book.write(tmp_path / "book.epub")
    (name,) = values
    (said,) = report.diagnostics
    assert (said.code, said.severity) == ("control-character", "warning")
    assert said.message.startswith(f"'{name}' holds U+D83D, U+0000, U+001B, U+007F and others")
    assert_clean(tmp_path / "book.epub")
    assert "control-character" in {each.code for each in book.check_cover().diagnostics}
    assert book.cover_image().data
    assert any("ab" in each.value or any("ab" in more.value for more in each.refinements) for each in report.metadata)


def test_a_title_of_such_characters_alone_is_no_title(tmp_path: Path) -> None:
    book = Book(title="\x00\ud800", authors=["\x01"], publisher="\ud800")
    book.add(Chapter(title="One", text="Words."))
    report = book.write(tmp_path / "book.epub")
    assert [each.code for each in report.diagnostics] == ["control-character"] * 3
    assert [each.value for each in report.metadata if each.name == "dc:title"] == ["Untitled"]


def test_characters_of_a_chapter_s_keys_are_said_too() -> None:
    book = Book(title="T")
    book.add(Chapter(title="One\ud83d", heading="\x01A", description="\x02", authors=("\x03",), text="Words."))
    found = book.check().diagnostics
    assert [each.message.partition(" of ")[0] for each in found] == [
        "'title'",
        "'heading'",
        "'description'",
        "'authors'",
    ]
    assert {each.code for each in found} == {"control-character"}
