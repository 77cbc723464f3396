"""What notebooks show: a book and its report as HTML, and the notebook of the docs, which is run."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest
from lxml import html
from nbclient import NotebookClient
from PIL import Image

from chapbook import Book, ChapbookError, Chapter, Contributor, Diagnostic, Part, Report
from chapbook.model.diagnostics import Position
from support.pictures import saved

ROOT = Path(__file__).parent.parent
COVER = saved(Image.new("RGB", (1600, 2400)), "PNG")
MARKUP = "<script>alert('x')</script> & \"more\""


def shown(value: Book | Report) -> html.HtmlElement:
    text = value._repr_html_()
    text.encode()  # a notebook's kernel sends it as UTF-8
    assert not re.search(r"<script|[\x00-\x08]", text)
    return html.fragment_fromstring(text)


def texts(element: html.HtmlElement, path: str) -> list[str]:
    return [each.text_content() for each in element.xpath(path)]


def report(messages: Sequence[Diagnostic]) -> Report:
    return Report(source="s", title="T", diagnostics=tuple(messages))


def test_a_book_shows_cover_title_authors_and_contents() -> None:
    book = Book(title="The Bar", authors=["Ann", Contributor(name="Ben", role="ill")], cover=COVER)
    book.add(Chapter(title="Last", weight=9), Chapter(text="Words.\n\n# First heading #\n", weight=1))
    inner = Part(opening=Chapter(title="Inner"), contents=(Chapter(title="Deep", heading="Chapter 1"),))
    book.add(Part(opening=Chapter(title="Outer", weight=5), contents=(inner,)))
    found = shown(book)
    assert texts(found, ".//p") == ["The BarAnn, Ben"]
    (listed,) = found.xpath(".//ul[not(ancestor::ul)]")
    assert texts(listed, "li[not(ul)]") == ["First heading", "Last"]
    assert texts(listed, "li/ul/li/ul/li") == ["Chapter 1: Deep"]
    (image,) = found.xpath(".//img")
    address = str(image.get("src"))
    picture = Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/jpeg;base64,"))))
    assert picture.format == "JPEG"
    assert picture.size == (160, 240)
    assert len(address) < 30_000


def test_a_drawn_cover_is_shown() -> None:
    assert len(shown(Book(title="The Bar")).xpath(".//img")) == 1


def test_a_book_shows_so_many_chapters_and_says_how_many_more() -> None:
    book = Book(title="T", cover=COVER)
    book.add(*(Chapter(title=str(number)) for number in range(1_070)))
    book.add(Part(opening=Chapter(title="P"), contents=tuple(Chapter(title=str(each)) for each in range(9))))
    found = shown(book)
    assert texts(found, ".//li") == [str(number) for number in range(60)]
    assert texts(found, ".//p")[1:] == ["and 1,020 more"]


def test_a_long_part_ends_where_the_list_does() -> None:
    below = tuple(Chapter(title=str(each)) for each in range(100))
    book = Book(title="T", contents=[Part(opening=Chapter(title="P"), contents=below), Chapter(title="Z")])
    found = shown(book)
    assert len(found.xpath(".//li")) == 60
    assert texts(found, ".//p")[1:] == ["and 42 more"]


@pytest.mark.parametrize("cover", ["no.png", b"no picture", ROOT / "README.md"])
def test_a_book_with_errors_is_shown_without_a_cover(cover: object) -> None:
    book = Book(title=MARKUP + "\ud800\x00", authors=MARKUP, language="harbourish tongue")
    book.cover = cover  # type: ignore[assignment]  # wrong on purpose
    book.contents.extend((Chapter(title=MARKUP), "no chapter"))  # type: ignore[arg-type]  # wrong on purpose
    found = shown(book)
    assert found.xpath(".//img") == []
    assert texts(found, ".//li") == [MARKUP]
    assert texts(found, ".//p") == [f"{MARKUP}\\ud800\\x00{MARKUP}"]


def test_a_report_shows_its_messages_the_errors_first() -> None:
    at = Position(3, 5)
    said = [
        Diagnostic.of("draft", MARKUP, path="a.md", at=at),
        Diagnostic.of("link-target-missing", "gone", path="b.md", hint="write another"),
        Diagnostic.of("language-invalid", "no language", hint="write one"),
    ]
    found = shown(report(said))
    assert texts(found, ".//p") == ["T: not ok, 1 error, 1 warning"]
    assert texts(found, ".//th") == ["severity", "place", "message", "hint"]
    assert [texts(row, "td") for row in found.xpath(".//tbody/tr")] == [
        ["error", "", "no language [language-invalid]", "write one"],
        ["warning", "b.md", "gone [link-target-missing]", "write another"],
        ["note", "a.md:3:5", f"{MARKUP} [draft]", ""],
    ]


def test_a_report_shows_so_many_messages_and_says_how_many_more() -> None:
    missing = [Diagnostic.of("link-target-missing", str(each), path="a.md", hint="x") for each in range(1_234)]
    found = shown(report(missing))
    assert len(found.xpath(".//tbody/tr")) == 50
    assert texts(found, ".//p") == ["T: ok, 1,234 warnings", "and 1,184 more"]
    long = shown(report([Diagnostic.of("link-target-missing", "x" * 100_000, path="a.md", hint="x")]))
    assert len(html.tostring(long)) < 2_000


def test_a_report_without_messages_has_no_table(tmp_path: Path) -> None:
    book = Book(title="T", authors="A", contents=[Chapter(title="One", text="Words.")])
    found = shown(book.write(tmp_path / "t.epub"))
    assert texts(found, ".//p") == [f"T: ok, 1 chapter, {tmp_path / 't.epub'}"]
    assert found.xpath(".//table") == []


def test_the_report_of_an_error_is_shown() -> None:
    with pytest.raises(ChapbookError) as raised:
        Book(title="T", language="harbourish tongue").write(io.BytesIO())
    assert raised.value.report
    assert "not ok" in shown(raised.value.report).text_content()


def test_a_build_imports_nothing_of_it(tmp_path: Path) -> None:
    build = "Book(title='T', contents=[Chapter(text='x')]).write(sys.argv[1])"
    script = f"import sys; from chapbook import *; {build}; print(*sys.modules)"
    words = [sys.executable, "-c", script, str(tmp_path / "t.epub")]
    done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=120)
    loaded = done.stdout.split()
    assert "chapbook.book" in loaded
    assert "chapbook.model.notebook" not in loaded


def test_the_notebook_of_the_docs_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in cells] == [([], None)] * 4, "store no outputs"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    book, checked, written, size = (cell.outputs[0].data for cell in cells)
    assert "<strong>The Harbour Year</strong><br/>Nan Corrigall" in book["text/html"]
    assert "link-target-missing" in checked["text/html"]
    assert "ok, 3 chapters" in html.fragment_fromstring(written["text/html"]).text_content()
    assert size["text/plain"] == "(1562, 2500)"
