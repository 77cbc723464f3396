"""The examples and a book of ordinary things, laid out as reading systems do: nothing is cut, parted or lost at night.

``make pages`` lays them out in every way; here it is a few, among which each two values of page, type, theme, style
sheets and reading system meet. ``python -m support.layout_pages --quick`` lists the same, and ``--sheet`` draws it.
"""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest

from support.layout_pages import BOOKS, LAYERS, SIZES, THEMES, TYPES, audited, listed, planned, quick_rows

SECONDS = 600
"""Far more than it takes: a browser that hangs."""


def test_nothing_goes_wrong_on_a_page(tmp_path: Path) -> None:
    found = audited(planned(BOOKS, THEMES, tmp_path, quick_rows), tmp_path, seconds=SECONDS)
    if found:
        pytest.fail(listed(found), pytrace=False)


def test_every_two_values_meet() -> None:
    rows = [
        (theme, (each.width, each.height), each.type, each.modern, each.layer)
        for theme in THEMES
        for each in quick_rows(theme)
    ]
    axes = (THEMES, tuple(SIZES.values()), TYPES, (True, False), LAYERS)
    for one, other in combinations(range(len(axes)), 2):
        assert {(row[one], row[other]) for row in rows} == set(product(axes[one], axes[other]))
