"""Vertical text, and pages that turn to the left, as Chromium lays them out."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chapbook import Book, Chapter
from support.browser import run_script

SCRIPT = Path(__file__).with_name("measured.cjs")
THEMES = ("academic", "classic", "minimal", "modern", "verse")
TEXT = """港には時計がいらない。「来たよ」と祖母が言う。港には時計がいらない。「来たよ」と祖母が言う。

## 二つ目の見出し

> 引用の言葉

- 一つ
- 二つ

![港](data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7 "港の絵")

| 列 | 値 |
|---|---|
| あ | 一 |

```
code
```

$$ y = 1 \\tag{1} $$
"""
MEASURED = """
(() => {
  const box = (each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return { left, right, top, bottom };
  };
  const of = (selector) => box(document.querySelector(selector));
  const text = document.querySelector("section > p").firstChild;
  const characters = [...text.data].map((_, at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return box(range);
  });
  return {
    mode: getComputedStyle(document.documentElement).writingMode,
    direction: getComputedStyle(document.documentElement).direction,
    characters,
    blocks: [...document.querySelectorAll("section > *")].map(box),
    mark: getComputedStyle(document.querySelector("li")).display,
    quotation: of("blockquote"),
    words: of("blockquote p"),
    list: of("ul"),
    item: of("li"),
    number: of("mtd:last-child"),
  };
})()
"""


def measured(tmp_path: Path, *books: Book) -> list[dict[str, Any]]:
    asked = []
    for number, book in enumerate(books):
        file = BytesIO()
        report = book.write(file)
        assert report.ok
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path / str(number))
            name = next(each for each in archive.namelist() if each.startswith("EPUB/text/"))
        asked.append({"file": str(tmp_path / str(number) / name), "width": 700, "height": 260, "script": MEASURED})
    return run_script(SCRIPT, json.dumps(asked), seconds=90)


def japanese(**settings: object) -> Book:
    book = Book(title="港", language="ja", authors="A", cover=None, **settings)  # type: ignore[arg-type]
    book.add(Chapter(title="港", text=TEXT))
    return book


@pytest.mark.parametrize("theme", THEMES)
def test_lines_run_from_the_top_and_follow_one_another_from_the_right(theme: str, tmp_path: Path) -> None:
    [page] = measured(tmp_path, japanese(writing_mode="vertical-rl", theme=theme))
    assert page["mode"] == "vertical-rl"
    first, second = page["characters"][0], page["characters"][1]
    assert abs(first["left"] - second["left"]) <= 1
    assert first["top"] < second["top"]
    ends = [each for each in page["characters"] if each["right"] < first["left"] + 1]
    assert ends, "there is a second line, and it is on the left"
    assert min(each["top"] for each in ends) <= first["top"] + 1
    blocks = page["blocks"]
    assert len(blocks) >= 8
    for before, after in pairwise(blocks):
        assert after["right"] <= before["left"] + 1
    assert all(block["top"] >= -1 and block["bottom"] <= 261 for block in blocks)
    assert page["words"]["top"] >= page["quotation"]["top"]
    assert page["item"]["top"] - page["list"]["top"] >= 10, "there is room for the mark above"
    assert page["number"]["right"] - page["number"]["left"] < 100


def test_pages_that_turn_to_the_left_leave_the_text_as_its_language_has_it(tmp_path: Path) -> None:
    turned, plain = measured(tmp_path, japanese(direction="rtl"), japanese())
    assert turned == plain
    assert (turned["mode"], turned["direction"]) == ("horizontal-tb", "ltr")
    assert turned["characters"][0]["left"] < turned["characters"][1]["left"] < 100


PASSAGE = """
<h2>Words</h2><p>Words</p><blockquote><p>Words</p></blockquote><ul><li>Words</li></ul><dl><dt>Words</dt><dd>Words</dd></dl>
<table><caption>Words</caption><tr><th>W</th><td>W</td></tr></table><aside class="alert alert-note"><p>Words</p></aside>
<div class="poem"><p>Words</p></div><figure><p>Words</p><figcaption>Words</figcaption></figure>
"""
LEANING = """
[...document.querySelectorAll("section > div")].map((passage) => {
  const right = getComputedStyle(passage).direction === "rtl";
  const [start, end] = right ? ["Right", "Left"] : ["Left", "Right"];
  const sides = { [start.toLowerCase()]: "start", [end.toLowerCase()]: "end" };
  return [...passage.querySelectorAll("*")].map((each) => {
    const style = getComputedStyle(each);
    const width = (name) => Math.round(parseFloat(style[name]));
    const both = (name, what) => [width(`${name}${start}${what}`), width(`${name}${end}${what}`)];
    const align = sides[style.textAlign] ?? style.textAlign;
    return [each.localName, align, both("padding", ""), both("margin", ""), both("border", "Width")];
  });
})
"""


@pytest.mark.parametrize("theme", THEMES)
def test_a_passage_leans_the_same_way_in_a_book_of_the_other_direction(theme: str, tmp_path: Path) -> None:
    asked = []
    for language in ("en", "he"):
        book = Book(title="T", language=language, authors="A", theme=theme)
        text = f'<div>{PASSAGE}</div><div dir="ltr">{PASSAGE}</div><div dir="rtl">{PASSAGE}</div>'
        book.add(Chapter(title="A", text=text, dialect="html"))
        assert book.write(tmp_path / f"{language}.epub").ok
        with zipfile.ZipFile(tmp_path / f"{language}.epub") as archive:
            archive.extractall(tmp_path / language)
            name = next(each for each in archive.namelist() if each.startswith("EPUB/text/"))
        asked.append({"file": str(tmp_path / language / name), "width": 600, "height": 800, "script": LEANING})
    passages = [passage for page in run_script(SCRIPT, json.dumps(asked), seconds=60) for passage in page]
    assert len(passages) == 6
    assert len(passages[0]) > 15
    for passage in passages:
        assert passage == passages[0]
