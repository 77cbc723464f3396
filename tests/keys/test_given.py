"""Values that Python gives: held to what a file would be held to, and what is right stays as it was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from chapbook.keys.given import GivenValues, given_extension, given_file
from chapbook.model.contents import Chapter, Part
from chapbook.model.metadata import Contributor, Identifier
from chapbook.model.settings import ContentFile, ExtensionSpec, ImageLimits, Settings


def test_what_is_right_is_the_same_object() -> None:
    chapter = Chapter(title="A", language="en-GB", type="preface", path="p/a.md")
    part = Part(opening=Chapter(title="P"), contents=(chapter,), path="p")
    given = GivenValues()
    items = given.items([part, chapter])
    assert items[0] is part
    assert items[1] is chapter
    assert given.settings(Settings()) == Settings()
    assert given.diagnostics == []


def test_a_part_keeps_its_place_where_something_in_it_was_put_right() -> None:
    chapter = Chapter(title="A", language="EN-gb", authors="Ann", path="p/a.md")  # type: ignore[arg-type]
    given = GivenValues()
    opened, made = given.items(
        [
            Part(opening=Chapter(title="P", language="FR"), path="o"),
            Part(opening=Chapter(title="P"), contents=(Chapter(title="B"), chapter), path="p"),
        ]
    )
    assert isinstance(opened, Part)
    assert isinstance(made, Part)
    assert (opened.path, opened.opening.language, made.path) == ("o", "fr", "p")
    inner = made.contents[1]
    assert isinstance(inner, Chapter)
    assert (inner.language, inner.authors, inner.path, inner.title) == ("en-GB", ("Ann",), "p/a.md", "A")
    assert given.diagnostics == []


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Ann", (Contributor(name="Ann"),)),
        (Contributor(name="Tr", role="translator"), (Contributor(name="Tr", role="trl"),)),
        (["Ann", Contributor(name="Ill", role="ill")], (Contributor(name="Ann"), Contributor(name="Ill", role="ill"))),
    ],
)
def test_people_have_the_code_of_their_role(authors: object, expected: tuple[Contributor, ...]) -> None:
    given = GivenValues()
    assert given.authors(authors) == expected  # type: ignore[arg-type]
    assert given.diagnostics == []


def test_a_role_that_there_is_not_is_an_author_s() -> None:
    given = GivenValues()
    (person,) = given.authors([Contributor(name="Ann", role="zzz")])
    assert person.role == "aut"
    assert [each.code for each in given.diagnostics] == ["role-unknown"]


def test_an_identifier_is_read_as_in_a_file() -> None:
    given = GivenValues()
    own = Identifier(scheme="uri", value="tag:example.org,2024:book")
    assert given.identifier(own) is own
    assert given.identifier("978-3-16-148410-0") == Identifier(scheme="isbn", value="urn:isbn:9783161484100")
    assert given.identifier("") is None
    assert given.diagnostics == []
    assert given.identifier("978-3-16-148410-1") is None
    assert [each.code for each in given.diagnostics] == ["identifier-invalid"]


def test_a_limit_that_is_wrong_is_the_usual_one_and_the_others_stay() -> None:
    given = GivenValues()
    settings = Settings(images=ImageLimits(max_pixels=-1, max_bytes=12_345, quality=True))
    made = given.settings(settings).images
    assert made == ImageLimits(max_bytes=12_345)
    assert len(given.diagnostics) == 2


@pytest.mark.parametrize("values", [{"dialect": "x"}, {"toc_depth": 0}, {"toc_depth": 4}, {"render_seconds": 0.0}])
def test_a_setting_that_is_wrong_is_the_usual_one(values: dict[str, object]) -> None:
    given = GivenValues()
    assert given.settings(Settings(**values)) == Settings()  # type: ignore[arg-type]
    assert [each.code for each in given.diagnostics] == ["value-invalid"]


@pytest.mark.parametrize(
    ("index", "text"), [(2, "2"), (2.0, "2"), (2.5, "2.5"), (" 3 ", "3"), ("1.2.3", "1.2.3"), ("", "")]
)
def test_a_place_in_a_series_is_text(index: str | float, text: str) -> None:
    given = GivenValues()
    assert given.series_index(index) == text
    assert given.diagnostics == []


@pytest.mark.parametrize("index", ["two", "-1", "1.", ".5", "1" * 10, "1e3"])
def test_what_is_no_place_in_a_series(index: str) -> None:
    given = GivenValues()
    assert given.series_index(index) == ""
    assert [each.code for each in given.diagnostics] == ["value-invalid"]


def test_dates_and_moments() -> None:
    given = GivenValues()
    moment = dt.datetime(2024, 1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert given.date(dt.date(2024, 2, 29)) == given.date(dt.datetime(2024, 2, 29, 5, tzinfo=dt.UTC)) == "2024-02-29"
    assert (given.date("2024-02"), given.date("")) == ("2024-02", "")
    assert given.modified(moment) == dt.datetime(2023, 12, 31, 23, tzinfo=dt.UTC)
    assert given.modified(None) is None
    assert given.diagnostics == []
    assert given.date("2024-13") == ""
    assert given.modified(moment.replace(tzinfo=None)) is None
    assert given.modified(moment.replace(year=1)) is None
    assert [each.code for each in given.diagnostics] == ["date-invalid"] * 3


def test_files_and_extensions() -> None:
    inside = ContentFile("a.css")
    assert given_file(inside) is inside
    assert given_file("a.css") == Path("a.css")
    spec = ExtensionSpec(extension="pymdownx.mark")
    assert given_extension(spec) is spec
    assert given_extension("pymdownx.mark") == ExtensionSpec(extension="pymdownx.mark", trusted=True)


def test_a_direction_is_one_of_two() -> None:
    given = GivenValues()
    assert [given.direction(each) for each in (None, "ltr", "rtl")] == [None, "ltr", "rtl"]
    assert given.direction("up") is None  # type: ignore[arg-type]
    assert [each.message for each in given.diagnostics] == ["there is no direction 'up'"]
