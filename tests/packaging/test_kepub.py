"""KEPUB as kepubify documents it. The documents are read back by a parser of our own, on another library's events."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chapbook import Book
from chapbook.packaging.kepub import kepub_document

ROOT = Path(__file__).parents[2]
XHTML = "{http://www.w3.org/1999/xhtml}"
BLOCKS = {"p", "ol", "ul", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
WHOLE = {"script", "style", "pre", "audio", "video", "svg", "math"}
SENTENCE = re.compile(r".*?[.!?]['\"”’“…]?\s+", re.DOTALL | re.ASCII)


def document(body: str) -> bytes:
    head = "<head><title>A</title></head>"
    return f'<html xmlns="http://www.w3.org/1999/xhtml">{head}<body>{body}</body></html>'.encode()


def kepub(body: str) -> str:
    made = kepub_document(document(body)).decode()
    return made.partition('<div id="book-inner">')[2].partition("</div></div></body>")[0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<p>One. Two.</p><p>Three.</p>", "<p>[1.1|One. ][1.2|Two.]</p><p>[2.1|Three.]</p>"),
        (
            "<ul><li>A</li><li>B<ul><li>C</li></ul></li></ul> D",
            "<ul><li>[1.1|A]</li><li>[1.2|B]<ul><li>[2.1|C]</li></ul></li></ul>[2.2| D]",
        ),
        (
            '<p>One.</p><img src="a.jpg" alt=""/><p>Two.</p>',
            '<p>[1.1|One.]</p>[2.1|<img src="a.jpg" alt=""/>]<p>[3.1|Two.]</p>',
        ),
        (
            "<p>Sen<b>tence 1. Sen<i>tence</i></b> <u>2</u>.</p>",
            "<p>[1.1|Sen]<b>[1.2|tence 1. ][1.3|Sen]<i>[1.4|tence]</i></b>[1.5| ]<u>[1.6|2]</u>[1.7|.]</p>",
        ),
        (
            "<p>One.</p><pre>Not. This.</pre><p></p><p>Two.</p>",
            "<p>[1.1|One.]</p><pre>Not. This.</pre><p></p><p>[2.1|Two.]</p>",
        ),
        ("<p>“Why?” he said… No!” Yes.</p>", "<p>[1.1|“Why?” ][1.2|he said… No!” ][1.3|Yes.]</p>"),
        ("<section>\n<p>A</p>\n</section>", "<section>\n<p>[1.1|A]</p>\n</section>"),
        ("<p><!-- a --></p><p>A<!-- b -->B</p>", "<p><!-- a --></p><p>[1.1|A]<!-- b -->[1.2|B]</p>"),
    ],
)
def test_the_spans_are_those_of_kepubify(given: str, expected: str) -> None:
    """In what is expected, ``[1.2|words]`` stands for a span."""
    assert kepub(given) == re.sub(r"\[([\d.]+)\|(.*?)\]", r'<span class="koboSpan" id="kobo.\1">\2</span>', expected)


def test_the_body_is_in_kobos_divisions_and_the_head_has_their_sheet() -> None:
    root = ET.fromstring(kepub_document(document("<p>A</p>")))
    body = root.find(f"{XHTML}body")
    assert body is not None
    assert [each.get("id") for each in body.iter(f"{XHTML}div")] == ["book-columns", "book-inner"]
    assert len(body) == 1
    style = root.find(f"{XHTML}head/{XHTML}style")
    assert style is not None
    assert (style.get("class"), style.get("type")) == ("kobostylehacks", "text/css")
    assert style.text == "div#book-inner { margin-top: 0; margin-bottom: 0;}"


class Spans:
    """The spans that a document should have, by kepubify's rules, from the one without them."""

    def __init__(self, root: ET.Element) -> None:
        self.found: list[tuple[str, str]] = []
        self.block = self.sentence = 0
        self.begins = False
        body = root.find(f"{XHTML}body")
        assert body is not None
        self.enter(body)

    def enter(self, element: ET.Element) -> None:
        name = element.tag.rpartition("}")[2]
        if name == "img":
            self.block, self.sentence, self.begins = self.block + 1, 1, False
            self.found.append((f"kobo.{self.block}.1", f"img {element.get('src')}"))
        elif name not in WHOLE:
            self.begins = self.begins or name in BLOCKS
            self.read(element.text, name)
            for child in element:
                self.enter(child)
                self.read(child.tail, name)

    def read(self, text: str | None, parent: str) -> None:
        ends = [match.end() for match in SENTENCE.finditer(text or "")]
        for start, end in zip([0, *ends], [*ends, len(text or "")], strict=True):
            piece = (text or "")[start:end]
            if piece and (parent == "p" or piece.strip(" \t\n\r\f\v\N{NO-BREAK SPACE}")):
                if self.begins:
                    self.block, self.sentence, self.begins = self.block + 1, 0, False
                self.sentence += 1
                self.found.append((f"kobo.{self.block}.{self.sentence}", piece))


def spans(root: ET.Element) -> list[tuple[str, str]]:
    found = []
    for span in root.iter(f"{XHTML}span"):
        if span.get("class") == "koboSpan":
            picture = span.find(f"{XHTML}img")
            found.append((span.get("id", ""), span.text or "" if picture is None else f"img {picture.get('src')}"))
            assert len(span) == (picture is not None)
    return found


def documents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".xhtml")}


@pytest.mark.parametrize("source", ["examples/harbour-year", "tests/readers/audit-book", "tests/cases/torture/in"])
def test_a_whole_book_has_the_spans_and_the_same_text(
    source: str, tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    plain, kobo = tmp_path / "book.epub", tmp_path / "book.kepub.epub"
    book = Book.from_folder(ROOT / source)
    book.write(plain)
    book.target = "kobo"
    book.write(kobo)
    before, after = documents(plain), documents(kobo)
    assert before.keys() == after.keys()
    for name, data in before.items():
        old, new = ET.fromstring(data), ET.fromstring(after[name])
        assert spans(new) == Spans(old).found, name
        text = ["".join(root.find(f"{XHTML}body").itertext()) for root in (old, new)]  # type: ignore[union-attr]
        assert text[0] == text[1], name
    assert_clean(kobo)
