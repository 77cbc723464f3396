"""Parses dates as authors and site generators write them."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

__all__ = ["likely_date", "parse_date", "parse_moment", "parse_w3c_date"]

_MOMENT = re.compile(
    r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"[ \t]*(?P<zone>[Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?",
    re.ASCII,
)
_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)


def parse_date(text: str) -> dt.date:
    """The day of ``2024-02-29``, or of a time in its own time zone. Raises ValueError."""
    return _parts(text)[0].date()


def parse_moment(text: str) -> dt.datetime:
    """A day or time as an aware time in UTC, in whole seconds; UTC if it has no time zone. Raises ValueError."""
    moment, zone = _parts(text)
    try:
        return moment.replace(tzinfo=zone or dt.UTC).astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error


def parse_w3c_date(text: str) -> str:
    """``2024``, ``2024-10`` or ``2024-10-05`` (W3C-DTF, without a time). Raises ValueError."""
    match = _YEAR_OR_MONTH.fullmatch(text.strip())
    if match is None:
        return parse_date(text).isoformat()
    dt.date(int(match[1]), int(match[2] or 1), 1)
    return match[0]


_SLASHES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[ ]+(\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


def likely_date(text: str) -> str:
    """``2021-02-28`` for ``02/28/2021``, ``28/02/2021`` or ``20210228``; empty where that may be another day."""
    if (found := _DIGITS.fullmatch(text.strip())) is not None:
        return _if_there_is(f"{found[1]}-{found[2]}-{found[3]}")
    found = _SLASHES.fullmatch(text.strip())
    if found is None:
        return ""
    one, two, time = int(found[1]), int(found[3]), f" {found[5]}" if found[5] else ""
    dates = {f"{found[4]}-{month:02}-{day:02}{time}" for month, day in ((one, two), (two, one))}
    possible = list(filter(None, map(_if_there_is, sorted(dates))))
    return possible[0] if len(possible) == 1 else ""


def _if_there_is(date: str) -> str:
    try:
        parse_moment(date)
    except ValueError:
        return ""
    return date


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - reads better
_WORD = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?", re.ASCII)
"""Seconds since 1970, as in Hugo and Unix: from 1973 to 2286."""


@cache
def _in_words() -> tuple[re.Pattern[str], ...]:
    """Patterns for ``28 Feb 2021``, ``Sun, 28 Feb 2021 20:57:11 +0100``, ``February 28, 2021``, ``28.02.2021``.

    These are the forms of RFC 1123 and of Ruby's ``Time.parse``, which Jekyll uses. Days and months with slashes aren't
    accepted, because the order of day and month is unclear.
    """
    return tuple(
        re.compile(rf"(?:[a-z]{{3,9}},?[ ]+)?{day}(?:,?[ ]+(?P<rest>\d.*))?", re.ASCII | re.IGNORECASE)
        for day in (
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -]{_WORD}[ ,-]+(?P<year>\d{{4}})",
            rf"{_WORD}[ ]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[ ]+(?P<year>\d{{4}})",
            r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        )
    )


def _plain(text: str) -> str:
    """A date in ISO 8601 form, converted if it is written in another form."""
    if _SECONDS.fullmatch(text):
        return dt.datetime.fromtimestamp(int(text.partition(".")[0]), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for form in _in_words():
        if (match := form.fullmatch(text)) is not None:
            month = match["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
            return f"{match['year']}-{number:02}-{int(match['day']):02} {match['rest'] or ''}".strip()
    return text


def _parts(text: str) -> tuple[dt.datetime, dt.timezone | None]:
    match = _MOMENT.fullmatch(text.strip()) or _MOMENT.fullmatch(_plain(text.strip()))
    if match is None:
        raise ValueError("no date")
    names = ("year", "month", "day", "hour", "minute", "second")
    moment = dt.datetime(*(int(match[name] or 0) for name in names))  # type: ignore[arg-type]  # noqa: DTZ001 - see below
    return moment, _zone(match["zone"])


def _zone(text: str | None) -> dt.timezone | None:
    if not text:
        return None
    if text in ("Z", "z", "UTC", "GMT"):
        return dt.UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)  # noqa: PLR2004 - HH
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-offset if text[0] == "-" else offset)
