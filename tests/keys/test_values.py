"""Dates, languages, identifiers, roles."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.keys.contributors import likely_relator, relator_code, relators
from chapbook.keys.identifiers import parse_identifier
from chapbook.keys.languages import language_hint, parse_language
from chapbook.model.dates import parse_date, parse_moment, parse_w3c_date


@pytest.mark.parametrize(
    "text",
    [
        "2025-10-13",
        " 2025-10-13 ",
        "2025-10-13T10:00:00+02:00",
        "2025-10-13T23:59:00-11:00",
        "2025-10-13 10:00:00 +0200",
        "2025-10-13 10:00",
        "2025-10-13T10:00:00.123Z",
        "2025-10-13 10:00:00 UTC",
        "2025/10/13",
        "2025.10.13",
        "1760349600",
        "13 Oct 2025",
        "Mon, 13 Oct 2025 10:00:00 +0200",
        "Monday, 13-Oct-2025 10:00:00 GMT",
        "October 13, 2025",
        "Oct 13th 2025 10:00",
        "13.10.2025",
    ],
)
def test_a_day_is_read_as_it_is_written(text: str) -> None:
    assert parse_date(text) == dt.date(2025, 10, 13)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2024", "2024-10", "0000-01-01", "10/13/2025", "2025-10-13T25:00", "x", ""]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(text)


@pytest.mark.parametrize("text", ["2024", "2024-10", "2024-10-05"])
def test_w3c_dates(text: str) -> None:
    assert parse_w3c_date(text) == text


@pytest.mark.parametrize("text", ["2024-13", "0000", "24", "2024-02-30", "²024", "2024-1"])
def test_what_is_no_w3c_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_w3c_date(text)


def test_a_moment_is_in_utc() -> None:
    assert parse_moment("2024-01-01T00:30:00+02:00") == dt.datetime(2023, 12, 31, 22, 30, tzinfo=dt.UTC)
    assert parse_moment("2024-01-01") == dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(ValueError, match="calendar"):
        parse_moment("0001-01-01T00:00:00+05:00")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("no", "no"),
        ("EN-us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        ("sr-Latn", "sr-Latn"),
        ("grc", "grc"),
        ("x-mine", "x-mine"),
        ("de-DE-u-co-phonebk", "de-DE-u-co-phonebk"),
    ],
)
def test_language_tags(text: str, tag: str) -> None:
    assert parse_language(text) == tag


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("en_US", "'en-US'"),
        ("english", "'en'"),
        ("eng", "'en'"),
        ("de_DE.UTF-8", "'de-DE'"),
        ("klingon", "BCP 47"),
        ("xx", "BCP 47"),
        ("en-en", "BCP 47"),
        ("a" * 5000, "BCP 47"),
    ],
)
def test_what_is_no_language(text: str, hint: str) -> None:
    assert parse_language(text) is None
    assert hint in language_hint(text)


@given(st.text(max_size=30))
def test_any_text_is_a_language_or_none(text: str) -> None:
    tag = parse_language(text)
    assert tag is None or tag.lower() == text.lower()
    assert language_hint(text)


@pytest.mark.parametrize(
    ("text", "scheme", "value"),
    [
        ("9783161484100", "isbn", "urn:isbn:9783161484100"),
        ("978-3-16-148410-0", "isbn", "urn:isbn:9783161484100"),
        ("978\u20113\u201316 148410-0", "isbn", "urn:isbn:9783161484100"),
        ("0-306-40615-2", "isbn", "urn:isbn:9780306406157"),
        ("0-8044-2957-x", "isbn", "urn:isbn:9780804429573"),
        ("ISBN 0-306-40615-2", "isbn", "urn:isbn:9780306406157"),
        ("ISBN-13: 978-3-16-148410-0", "isbn", "urn:isbn:9783161484100"),
        ("urn:isbn:9783161484100", "isbn", "urn:isbn:9783161484100"),
        ("6F9619FF-8B86-D011-B42D-00C04FC964FF", "uuid", "urn:uuid:6F9619FF-8B86-D011-B42D-00C04FC964FF"),
        ("urn:uuid:6f9619ff-8b86-d011-b42d-00c04fc964ff", "uuid", "urn:uuid:6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("10.1000/182", "doi", "doi:10.1000/182"),
        ("https://doi.org/10.1000/182", "doi", "doi:10.1000/182"),
        ("doi:10.1000/182", "doi", "doi:10.1000/182"),
        ("https://example.org/book?a=1", "uri", "https://example.org/book?a=1"),
        ("tag:example.org,2024:book", "uri", "tag:example.org,2024:book"),
    ],
)
def test_identifiers(text: str, scheme: str, value: str) -> None:
    identifier = parse_identifier(text)
    assert (identifier.scheme, identifier.value) == (scheme, value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9783161484101", "0 would be right"),
        ("0-306-40615-3", "2 would be right"),
        ("978-3-16-14841", "10 or 13"),
        ("1234567890128", "978 or 979"),
        ("isbn:abc", "10 or 13"),
        ("urn:uuid:123", "not an ISBN"),
        ("my book", "not an ISBN"),
        ("x" * 5000, "too long"),
        ("javascript:alert(1)", "not an ISBN"),
    ],
)
def test_what_is_no_identifier(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_identifier(text)


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_every_isbn_10_has_one_right_check_digit(stem: str) -> None:
    right = []
    for digit in "0123456789X":
        try:
            right.append(parse_identifier(stem + digit).value)
        except ValueError:
            continue
    assert len(right) == 1
    assert parse_identifier(right[0]).value == right[0]
    assert right[0].startswith("urn:isbn:978" + stem)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("aut", "aut"),
        ("Editor", "edt"),
        ("TRL", "trl"),
        ("book_designer", "bkd"),
        ("cover artist", "cov"),
        ("foreword", "aui"),
    ],
)
def test_roles(text: str, code: str) -> None:
    assert relator_code(text) == code


def test_unknown_roles_have_their_likely_word() -> None:
    assert relator_code("translater") is None
    assert likely_relator("translater") == "translator"
    assert likely_relator("wizard") is None


def test_the_table_of_roles_is_whole() -> None:
    assert len(relators()) == 295
    assert all(len(code) == 3 and code.isalpha() and words for code, words in relators().items())


@pytest.mark.parametrize(
    ("zone", "hour", "minute"),
    [("+02:00", 10, 30), ("+0200", 10, 30), ("+02", 10, 30), ("+2", 10, 30), ("-0130", 14, 0), ("+05:45", 6, 45)],
)
def test_a_time_zone_is_read_as_it_is_written(zone: str, hour: int, minute: int) -> None:
    assert parse_moment(f"2024-01-02T12:30{zone}") == dt.datetime(2024, 1, 2, hour, minute, tzinfo=dt.UTC)
