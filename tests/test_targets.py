"""Whole books for one store or reading system each: what changes, what doesn't, and what is said."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace
from PIL import Image

from chapbook import Book, ChapbookError, Chapter, Choices, Report, build_many
from chapbook.building.targeting import flattened
from chapbook.command.build import build
from chapbook.model.targets import TARGETS, TargetName
from chapbook.packaging.publication import TocEntry
from chapbook.series import one_book
from chapbook.series.planning import plan_books
from support.command import run
from support.extras import need_kindle
from support.libraries import write_files, write_library

ROOT = Path(__file__).parents[1]
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
BOOK = "title: Tides\nlanguage: en\nauthor: Ann\n"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="6400" height="3200"><text x="9" y="99">Sea</text></svg>'
TEXT = """# One

A root, $\\sqrt{2}$, and $x_1$.

***

![The sea](sea.svg)

| a | b |
|---|---|
| 1 | 2 |

## Two

### Three

Words.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "tides", {"book.yaml": f"{BOOK}toc_depth: 3\n", "one.md": TEXT, "sea.svg": DRAWING})


def written(folder: Path, target: TargetName, **fields: object) -> tuple[zipfile.ZipFile, Report]:
    book = Book.from_folder(folder)
    book.target = target
    for name, value in fields.items():
        setattr(book, name, value)
    data = io.BytesIO()
    report = book.write(data)
    return zipfile.ZipFile(data), report


def messages(report: Report, code: str = "target-change") -> list[str]:
    return [each.message for each in report.diagnostics if each.code == code]


SOURCES = ("examples/harbour-year", "examples/winter-sky", "tests/readers/audit-book", "tests/cases/torture/in")


@pytest.mark.parametrize("target", [name for name in TARGETS if name not in {"generic", "kobo"}])  # see test_kepub
@pytest.mark.parametrize("source", SOURCES)
def test_books_for_each_target_are_clean(
    source: str, target: TargetName, tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    if target == "kindle":
        need_kindle()
    book = Book.from_folder(ROOT / source)
    book.target = target
    book.write(tmp_path / "book.epub")
    assert_clean(tmp_path / "book.epub")


def test_a_book_for_kindle_has_nothing_that_kindle_breaks_on(folder: Path) -> None:
    need_kindle()
    archive, report = written(folder, "kindle")
    page = archive.read("EPUB/text/one.xhtml").decode()
    for mark in ("<math", "<svg", "<hr", ".svg"):
        assert mark not in page
    assert not [name for name in archive.namelist() if name.endswith(".svg")]
    assert "table-fit" not in page
    assert "1</sub>" in page
    pictures = [name for name in archive.namelist() if name.endswith(".png")]
    assert len(pictures) == 2
    assert messages(report) == [
        "1 scene break as text ('* * *'), for Kindle",
        "1 formula as text, for Kindle",
        "1 formula as a picture, for Kindle",
        "1 entry of the contents moves up to level 2, for Kindle",
    ]
    assert report.ok


def test_changes_are_counted_over_the_whole_book(folder: Path) -> None:
    need_kindle()
    (folder / "two.md").write_text(TEXT)
    _, report = written(folder, "kindle")
    assert messages(report)[:3] == [
        "2 scene breaks as text ('* * *') in 2 chapters, for Kindle",
        "2 formulas as text in 2 chapters, for Kindle",
        "2 formulas as pictures in 2 chapters, for Kindle",
    ]


def test_the_option_has_every_target() -> None:
    option = next(each for each in build.params if each.name == "targets")
    assert tuple(option.type.choices) == tuple(TARGETS)  # type: ignore[attr-defined]


def test_kindles_contents_have_two_levels_and_all_entries(folder: Path) -> None:
    need_kindle()
    tables = [etree.fromstring(written(folder, target)[0].read("EPUB/toc.ncx")) for target in ("generic", "kindle")]
    labels = [["".join(each.itertext()) for each in table.iter(f"{NCX}text")] for table in tables]
    assert labels[0] == labels[1]
    levels = [max(len(list(each.iterancestors(f"{NCX}navPoint"))) for each in t.iter(f"{NCX}navPoint")) for t in tables]
    assert levels == [2, 1]


def entry(label: str, *children: TocEntry) -> TocEntry:
    return TocEntry(label=label, href=f"{label}.xhtml", children=children)


def test_deeper_entries_follow_the_one_that_they_belong_to() -> None:
    toc = (entry("a", entry("b", entry("c", entry("d"))), entry("e", entry("f"))), entry("g"))
    made, moved = flattened(toc, 2)
    names = {each.label: "".join(child.label for child in each.children) for each in made}
    assert names == {"a": "bcdef", "g": ""}
    assert moved == 3
    assert flattened(toc, 4) == (toc, 0)


def test_without_the_extra_the_error_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.assets.raster.find_spec", lambda _: None)
    with pytest.raises(ChapbookError) as error:
        written(folder, "kindle")
    assert error.value.report is not None
    found = [each for each in error.value.report.diagnostics if each.code == "extra-missing"]
    assert found
    assert all(each.hint and "pip install 'chapbook[kindle]'" in each.hint for each in found)


def test_a_book_without_formulas_and_drawings_needs_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.assets.raster.find_spec", lambda _: None)
    book = Book(title="A", target="kindle", contents=[Chapter(title="One", text="Words.\n\n***\n\nMore.")])
    assert book.check().ok


@pytest.mark.parametrize(
    ("edition", "version", "code"),
    [
        ("2", "2", "target-change"),
        ("1.2.10", "1.2.10", "target-change"),
        ("Second edition", "", "target-doubtful"),
        ("1.2.3.4", "", "target-doubtful"),
        ("12345", "", "target-doubtful"),
        ("", "", ""),
    ],
)
def test_apples_version_is_the_edition(edition: str, version: str, code: str) -> None:
    book = Book(title="A", target="apple", edition=edition, contents=[Chapter(title="One", text="Words.")])
    data = io.BytesIO()
    report = book.write(data)
    package = zipfile.ZipFile(data).read("EPUB/package.opf").decode()
    assert (f'<meta property="ibooks:version">{version}</meta>' in package) == bool(version)
    assert ("prefix=" in package) == bool(version)
    assert [each.code for each in report.diagnostics if each.code.startswith("target-")] == ([code] if code else [])


def test_google_gets_pictures_of_3200_pixels_a_side_at_most(folder: Path) -> None:
    Image.new("RGB", (3300, 100), "teal").save(folder / "wide.png")
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("teal", "white")]
    frames[0].save(folder / "two.gif", save_all=True, append_images=frames[1:])
    (folder / "one.md").write_text("# One\n\n![a](wide.png) ![b](two.gif) ![c](sea.svg)\n")
    archive, report = written(folder, "google")
    sizes = {}
    for name in archive.namelist():
        if name.startswith("EPUB/images/") and not name.endswith(".svg"):
            image = Image.open(io.BytesIO(archive.read(name)))
            sizes[name.rpartition("/")[2].partition(".")[0].partition("-")[0]] = (
                image.size,
                getattr(image, "n_frames", 1),
            )
    assert sizes == {"wide": ((3200, 96), 1), "two": ((9, 9), 1)}
    assert messages(report, "image-still")
    (drawing,) = [name for name in archive.namelist() if name.endswith(".svg")]
    root = etree.fromstring(archive.read(drawing))
    assert [root.get(name) for name in ("width", "height", "viewBox")] == ["3200", "1600", "0 0 6400 3200"]


TARGETS_IN_TURN: tuple[TargetName, ...] = ("generic", "kindle", "generic", "kobo", "kindle")


def test_the_cache_keeps_the_targets_apart(folder: Path, tmp_path: Path) -> None:
    need_kindle()
    found: dict[TargetName, bytes] = {}
    for cache in (None, tmp_path / "cache"):
        for target in TARGETS_IN_TURN:
            book = Book.from_folder(folder)
            book.target = target
            data = io.BytesIO()
            book.write(data, cache=cache)
            assert found.setdefault(target, data.getvalue()) == data.getvalue()
    assert len(set(found.values())) == 3


def test_a_sheets_negative_margin_is_named() -> None:
    for css, doubts in (
        ("p { margin: 0 -1em }", 1),
        ("p { margin-left:-2% }", 1),
        ("p { margin: 0; text-indent: -1em }", 0),
    ):
        book = Book(title="A", target="kindle", css=css.encode(), contents=[Chapter(title="One", text="Words.")])
        assert len(messages(book.check(), "target-doubtful")) == doubts, css


def test_a_file_that_is_too_large_is_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_book, "TARGETS", {"apple": replace(TARGETS["apple"], most_bytes=1000)})
    (report,) = build_many([folder], tmp_path / "out", choices=Choices(targets="apple"))
    assert messages(report, "target-doubtful") == ["the file has 0 MB; Apple Books takes 0"]
    assert report.ok


def test_each_target_has_a_file_of_its_own(folder: Path, tmp_path: Path) -> None:
    done = run(
        "build", folder, "-o", f"{tmp_path}/out/", "--for", "kobo", "--for", "generic", "--for", "apple", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "tides-apple.epub",
        "tides.epub",
        "tides.kepub.epub",
    ]
    one = run("build", folder, "-o", tmp_path / "one.epub", "--for", "kobo", "--for", "apple", cwd=tmp_path)
    assert one.returncode == 2
    assert "there are 2 books" in one.stderr
    wrong = run("check", folder, "--for", "nook", cwd=tmp_path)
    assert wrong.returncode == 2


def test_a_kepub_has_to_be_named_so(folder: Path, tmp_path: Path) -> None:
    done = run("build", folder, "-o", tmp_path / "one.epub", "--for", "kobo", cwd=tmp_path)
    assert done.returncode == 2
    assert "one.kepub.epub" in done.stderr


def test_a_library_is_planned_once_for_each_target(tmp_path: Path) -> None:
    library = write_library(tmp_path / "lib", 2)
    choices = Choices(targets=("apple", "generic"))
    planned = plan_books([library], tmp_path / "out", choices=choices)
    plain = plan_books([library], tmp_path / "out")
    assert [each.output for each in planned if each.choices.targets == ("generic",)] == [each.output for each in plain]
    assert len(planned) == 2 * len(plain)
    assert not any(each.said for each in planned)


def test_a_wrong_target_is_refused() -> None:
    with pytest.raises(ChapbookError, match="nook"):
        Book(title="A", target="nook")  # type: ignore[arg-type]
    with pytest.raises(ChapbookError, match="nook"):
        Choices(targets="nook")
