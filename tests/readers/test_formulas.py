"""Formulas as Chromium sets them: columns that line up, brackets that grow, numbers at the edge."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chapbook import Book, Chapter
from support.browser import run_script

SCRIPT = Path(__file__).with_name("measured.cjs")
TEXT = r"""
$$
\begin{aligned}
p &= q + r + s + t \\
p + q + r &= s \\
 &= 2
\end{aligned}
$$

$$
f(n) = \begin{cases} n/2 & \text{where it is even} \\ 3n+1 & \text{else} \end{cases}
$$

$$
\begin{array}{l|r} 1 & 20000 \\ \hline 30000 & 4 \end{array}
$$

$$
\left( \frac{\frac12}{\frac34} \right) \begin{vmatrix} 1 \\ 2 \\ 3 \end{vmatrix}
$$

$$
x = 1 \tag{1}
$$

$$
\begin{align} a &= b \label{b} \\ a + b + c &= d \label{c} \end{align}
$$
"""
MEASURED = """
(() => {
  const boxes = (elements) => [...elements].map((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return { text: each.textContent, left, right, top, bottom };
  });
  return [...document.querySelectorAll("math")].map((math) => ({
    cells: [...math.querySelectorAll("mtd:not(.math-line)")].map((cell) => {
      const box = (each) => boxes([each])[0];
      const signs = [...cell.querySelectorAll("mi, mn, mo, mtext")].filter((each) => each.textContent);
      const inner = signs.length ? { left: box(signs[0]).left, right: box(signs.at(-1)).right } : null;
      return { ...box(cell), inner };
    }),
    marks: boxes(math.querySelectorAll("mo")),
    tables: boxes(math.querySelectorAll("mtable, mfrac")),
    lines: [...math.querySelectorAll("mtd")].map((cell) => {
      const style = getComputedStyle(cell);
      return [style.borderTopWidth, style.borderLeftWidth];
    }),
    page: document.querySelector("section").getBoundingClientRect().right,
  }));
})()
"""


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("formulas")
    book = Book(title="Sums", language="en", authors="Ada")
    book.add(Chapter(title="A", text=TEXT))
    assert book.write(folder / "a.epub").ok
    with zipfile.ZipFile(folder / "a.epub") as archive:
        archive.extractall(folder / "a")
        name = next(each for each in archive.namelist() if each.startswith("EPUB/text/a"))
    asked = [{"file": str(folder / "a" / name), "width": 600, "height": 800, "script": MEASURED}]
    [measured] = run_script(SCRIPT, json.dumps(asked), seconds=60)
    assert len(measured) == 6
    return list(measured)


def inner(formula: dict[str, Any], side: str, columns: int, column: int) -> list[float]:
    """The left or right edges of what stands in the cells of a column."""
    cells = formula["cells"][column::columns]
    return [cell["inner"][side] for cell in cells if cell["inner"]]


def spread(edges: list[float]) -> float:
    assert len(edges) > 1
    return max(edges) - min(edges)


def test_the_signs_of_aligned_rows_stand_below_one_another(formulas: list[dict[str, Any]]) -> None:
    signs = [mark["left"] for mark in formulas[0]["marks"] if mark["text"] == "="]
    assert len(signs) == 3
    assert spread(signs) <= 1
    assert spread(inner(formulas[0], "right", 2, 0)) <= 3  # italics lean by different widths


def test_the_conditions_of_cases_begin_on_one_line(formulas: list[dict[str, Any]]) -> None:
    assert spread(inner(formulas[1], "left", 2, 1)) <= 1
    assert spread(inner(formulas[1], "left", 2, 0)) <= 1


def test_the_columns_of_an_array_are_aligned_as_it_says_with_its_lines(formulas: list[dict[str, Any]]) -> None:
    assert spread(inner(formulas[2], "left", 2, 0)) <= 1
    assert spread(inner(formulas[2], "right", 2, 1)) <= 1
    assert formulas[2]["lines"] == [["0px", "0px"], ["0px", "1px"], ["1px", "0px"], ["1px", "1px"]]


@pytest.mark.parametrize(("formula", "sign"), [(1, "{"), (3, "("), (3, "|")])
def test_brackets_are_as_tall_as_what_they_hold(formulas: list[dict[str, Any]], formula: int, sign: str) -> None:
    held = formulas[formula]["tables"][-1 if sign == "|" else 0]
    brackets = [mark for mark in formulas[formula]["marks"] if mark["text"] == sign]
    assert brackets
    for bracket in brackets:
        assert bracket["bottom"] - bracket["top"] >= 0.9 * (held["bottom"] - held["top"])


def test_numbers_stand_at_the_edge_of_the_page_and_the_formula_in_its_middle(formulas: list[dict[str, Any]]) -> None:
    for formula, columns in ((formulas[4], 3), (formulas[5], 4)):
        edges = inner(formula, "right", columns, columns - 1)
        assert edges
        assert all(abs(edge - formula["page"]) <= 1 for edge in edges)
        first, last = formula["cells"][1], formula["cells"][columns - 2]
        middle = (first["left"] + last["right"]) / 2
        assert abs(middle - 300) <= 20
    signs = [mark["left"] for mark in formulas[5]["marks"] if mark["text"] == "="]
    assert spread(signs) <= 1
