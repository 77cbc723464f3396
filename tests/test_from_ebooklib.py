"""What docs/from-ebooklib.md says: its programs do what programs for ebooklib do, in fewer lines where it says so."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ebooklib_programs
from ebooklib_programs import PROGRAMS
from support.gate import check_epub
from support.opened import DC, EPUB, XHTML, Opened
from test_docs import ROOT, blocks, opened, run_python

PAGE = "docs/from-ebooklib.md"
READING = {"An EPUB as Markdown", "Reading an EPUB"}
WORKED_AROUND = {"Media overlays"}
"""Those in which chapbook needs the more lines, as the page says."""
SEEN_BY_THE_GATE = ("that does not stand beside it", "listed as application/smil+xml")
"""What books of chapbook's own never have."""


def sections() -> Iterator[tuple[str, str]]:
    headings = [each.text_content() for each in opened(PAGE).iter("h3")]
    programs = [each.text for each in blocks(PAGE) if each.language == "python"]
    yield from zip(headings, programs, strict=True)


OURS = dict(sections())


def counted(program: str) -> int:
    """Lines that are neither empty nor a comment."""
    return sum(1 for line in program.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def theirs(heading: str) -> str:
    """A program for ebooklib as it would stand in a file of its own: what it imports, and its body."""
    body = textwrap.dedent(inspect.getsource(PROGRAMS[heading]).partition("\n")[2])
    tree = ast.parse(inspect.getsource(PROGRAMS[heading]))
    used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    source = Path(ebooklib_programs.__file__).read_text("utf-8")
    imports = [
        ast.unparse(each)
        for each in ast.parse(source).body
        if isinstance(each, ast.Import | ast.ImportFrom) and used & {name.name for name in each.names}
    ]
    return "\n".join([*imports, body])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the programs use."""
    monkeypatch.chdir(tmp_path)
    run_python(OURS["The files"], PAGE, {"__name__": "docs"})
    return tmp_path


def text_of(book: Opened, name: str) -> str:
    (body,) = book.tree(name).iter(f"{XHTML}body")
    return re.sub(r"[\s\xad]+", "", "".join(body.itertext()))


def chapters(path: Path) -> list[str]:
    """The text of each document of the spine but for the navigation, the title page and the cover's page."""
    book = Opened(path)
    items = {item.id: item for item in book.items}
    names = [items[each.get("idref", "")].name for each in book.package.iter("{*}itemref")]
    apart = {item.name for item in items.values() if "nav" in item.properties}
    return [text_of(book, name) for name in names if name not in apart and not re.search(r"cover|title-page", name)]


def described(path: Path) -> list[str]:
    """Title, author, language and identifier, and what the table of contents lists."""
    book = Opened(path)
    found = [
        str(each.text)
        for name in ("title", "creator", "language", "identifier")
        for each in book.package.iter(DC + name)
    ]
    (nav,) = (item.name for item in book.items if "nav" in item.properties)
    (toc,) = (each for each in book.tree(nav).iter(f"{XHTML}nav") if each.get(f"{EPUB}type") == "toc")
    return found + ["".join(entry[0].itertext()) for entry in toc.iter(f"{XHTML}li")]


def media(path: Path) -> dict[str, bytes]:
    files = Opened(path).files
    return {Path(name).name: data for name, data in files.items() if name.endswith((".gif", ".mp3", ".smil"))}


@pytest.mark.parametrize("heading", sorted(PROGRAMS.keys() - READING))
def test_a_program_writes_the_book_that_ebooklib_writes(
    heading: str, place: Path, assert_valid: Callable[[Path], None]
) -> None:
    run_python(OURS[heading], PAGE, {"__name__": "docs"})
    PROGRAMS[heading]()
    made, old = place / "the-harbour-year.epub", place / "ebooklib.epub"
    assert_valid(made)
    assert [each for each in check_epub(made) if not each.endswith(SEEN_BY_THE_GATE)] == []
    assert described(made) == described(old)
    assert [text for text in chapters(made) if text != "TheTides"] == chapters(old)
    assert media(made) == media(old)


def test_documents_become_markdown(place: Path) -> None:
    run_python(OURS["An EPUB as Markdown"], PAGE, {"__name__": "docs"})
    PROGRAMS["An EPUB as Markdown"]()
    made, old = (
        {path.name: re.findall(r"[\w.*]+", path.read_text("utf-8")) for path in (place / name / "text").iterdir()}
        for name in ("chapbook", "ebooklib")
    )
    assert set(made) == {"orion.md", "the-plough.md"}
    assert "*south*" in made["orion.md"]
    assert made == old


@pytest.mark.usefixtures("place")
def test_what_is_read_is_the_same() -> None:
    names: dict[str, object] = {"__name__": "docs"}
    run_python(OURS["Reading an EPUB"], PAGE, names)
    assert names["found"] == PROGRAMS["Reading an EPUB"]()


@pytest.mark.parametrize(
    ("heading", "markup", "times"),
    [
        ("A first book", "color: navy", 1),
        ("A cover", 'alt="The cover: dark water"', 1),
        ("Languages and style sheets", '<html [^>]*lang="gd"', 1),
        ("Languages and style sheets", 'class="song"', 1),
        ("Code of your own", 'href="https://example.org/places/Wick"', 1),
        ("Page numbers of the printed book", ' id="page[23]"', 2),
        ("A recording", "<audio ", 1),
        ("Media overlays", 'media-overlay="', 1),
        ("Media overlays", "<meta [^>]*media:duration[^>]*>0:00:01<", 2),
        ("Media overlays", "<meta [^>]*media:narrator", 1),
    ],
)
def test_what_matters_of_a_program_is_in_both_books(heading: str, markup: str, times: int, place: Path) -> None:
    run_python(OURS[heading], PAGE, {"__name__": "docs"})
    PROGRAMS[heading]()
    for name in ("the-harbour-year.epub", "ebooklib.epub"):
        files = Opened(place / name).files.items()
        texts = [data.decode() for each, data in files if each.endswith((".xhtml", ".opf", ".css"))]
        assert sum(len(re.findall(markup, text)) for text in texts) == times, name


def test_the_page_has_all_the_programs_and_counts_their_lines() -> None:
    assert set(OURS) == {"The files", *PROGRAMS}
    table = re.findall(r"^\| \[(.*?)\]\(.*?\) \| (\d+) \| (\d+) \|$", Path(ROOT, PAGE).read_text("utf-8"), re.MULTILINE)
    assert [(each[0], int(each[1]), int(each[2])) for each in table] == [
        (heading, counted(theirs(heading)), counted(program))
        for heading, program in OURS.items()
        if heading != "The files"
    ]
    assert {heading for heading, old, new in table if int(new) >= int(old)} == WORKED_AROUND
    assert [line for program in OURS.values() for line in program.splitlines() if len(line) > 120] == []
