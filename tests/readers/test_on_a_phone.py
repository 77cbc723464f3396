"""The book with every construct on the page of a phone, in every theme: what Chromium makes of the style sheets."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chapbook import Book
from support.browser import run_script

SCRIPT = Path(__file__).with_name("pages.cjs")
TORTURE = Path(__file__).parents[1] / "cases" / "torture" / "in"
THEMES = ("academic", "classic", "minimal", "modern", "verse")
DATED = ("academic", "modern")
LOOKS = (
    ("text/epigraph.xhtml", "p.right", "text-align", "right"),
    ("text/verse.xhtml", ".letter p.right", "text-align", "right"),
    ("text/verse.xhtml", "p.center", "text-align", "center"),
    ("text/languages.xhtml", "td[dir=rtl]", "text-align", "right"),
    ("text/languages.xhtml", "table[dir=rtl] td", "text-align", "start"),
    ("text/arabic.xhtml", "td.right", "text-align", "right"),
    ("text/blocks.xhtml", "td.right", "display", "block"),  # of a table that is too wide for a phone
    ("text/blocks.xhtml", "td.right", "text-align", "start"),
    ("text/blocks.xhtml", "table:not([class]) td", "display", "table-cell"),
    ("text/arabic.xhtml", "td", "text-align", "start"),
    ("text/code.xhtml", "pre", "white-space", "pre-wrap"),
    ("text/pictures/shown.xhtml", "p.image", "text-indent", "0px"),
)
"""Document, selector, property, and the value that every theme gives it."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What Chromium shows, by the theme."""
    folder = tmp_path_factory.mktemp("pages")
    for theme in THEMES:
        book = Book.from_folder(TORTURE)
        book.theme = theme
        assert book.write(folder / f"{theme}.epub").ok
        with zipfile.ZipFile(folder / f"{theme}.epub") as archive:
            archive.extractall(folder / theme)
    asked = [{"file": file, "selector": selector, "property": name} for file, selector, name, _ in LOOKS]
    asked.append({"file": "text/links.xhtml", "selector": ".opening .date", "property": "display"})
    answers = run_script(SCRIPT, *(folder / theme / "EPUB" for theme in THEMES), json.dumps(asked), seconds=120)
    return dict(zip(THEMES, answers, strict=True))


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_wider_than_the_page(theme: str, seen: dict[str, dict[str, Any]]) -> None:
    assert seen[theme]["wide"] == []


@pytest.mark.parametrize("theme", THEMES)
def test_what_an_author_asks_for_is_shown(theme: str, seen: dict[str, dict[str, Any]]) -> None:
    expected = [(file, selector, name, value) for file, selector, name, value in LOOKS]
    shown = [(*each[:3], value) for each, value in zip(LOOKS, seen[theme]["looks"], strict=False)]
    assert shown == expected


@pytest.mark.parametrize("theme", THEMES)
def test_dates_are_for_themes_of_articles(theme: str, seen: dict[str, dict[str, Any]]) -> None:
    assert (seen[theme]["looks"][-1] != "none") is (theme in DATED)
