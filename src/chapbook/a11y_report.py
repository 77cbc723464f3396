"""``chapbook check --a11y``: what a book claims of its accessibility, why, and what a person must still look at."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from chapbook.accessibility import Claim
from chapbook.console import printable
from chapbook.diagnostics import Diagnostic, Report

__all__ = ["accessibility_json", "accessibility_text"]

_WIDTH = 110
_COLUMN = 48
_UNDESCRIBED = "image-no-alt"


def accessibility_text(report: Report, base: str) -> str:
    """The lines to print of `report`, whose paths lie under `base`; control characters are shown as escapes."""
    return "".join(f"{printable(line)}\n" for line in _lines(report, base))


def _lines(report: Report, base: str) -> Iterator[str]:
    found = report.accessibility
    name = report.title or report.source
    if found is None:
        yield f"{name}: nothing is claimed of a book with errors"
        return
    yield f"{name}: what it claims of its accessibility, and why"
    yield from _claims(found.made)
    yield from _wrapped("accessibilitySummary", f"“{found.summary}”")
    yield "not claimed:"
    yield from _claims(found.kept_back)
    yield from _wrapped("conformsTo, certifiedBy", "never by a program: a person must have judged the whole book")
    yield "what a person must still look at:"
    for each in found.to_check:
        yield from textwrap.wrap(each, _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    places = [each for each in report.diagnostics if each.code == _UNDESCRIBED]
    if places:
        yield "pictures without a description:"
        yield from (f"  {_place(each, base)}" for each in places)


def _claims(claims: Iterable[Claim]) -> Iterator[str]:
    for claim in claims:
        yield from _wrapped(f"{claim.property}: {claim.value}", claim.because)


def _wrapped(head: str, because: str) -> Iterator[str]:
    start = f"  {head:{_COLUMN}}  "
    return iter(textwrap.wrap(because, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start)))


def _place(diagnostic: Diagnostic, base: str) -> str:
    shown = os.path.join(base, diagnostic.path or "")  # noqa: PTH118 - as the user wrote it
    place = ":".join(str(part) for part in (shown, diagnostic.line, diagnostic.column) if part is not None)
    return f"{place}: {diagnostic.message}"


def accessibility_json(report: Report) -> dict[str, Any]:
    """The same as a member of the JSON document: ``null`` for a book with errors."""
    found = report.accessibility
    if found is None:
        return {"accessibility": None}
    return {
        "accessibility": {
            "claimed": [_claim(each) for each in found.made],
            "not_claimed": [_claim(each) for each in found.kept_back],
            "summary": found.summary,
            "to_check": list(found.to_check),
        }
    }


def _claim(claim: Claim) -> dict[str, str]:
    return {"property": claim.property, "value": claim.value, "because": claim.because}
